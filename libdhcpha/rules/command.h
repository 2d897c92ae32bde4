/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * command: the envelope: command, service, arguments; result, text, arguments.
 * Floor: rules.  Spec: P1 4.3 to 4.5, P2 4.5.
 */
#ifndef DHCPHA_RULES_COMMAND_H
#define DHCPHA_RULES_COMMAND_H

#include "base/json.h"

/* Result codes on the wire, P1 4.5. */
enum {
  DHCPHA_RESULT_SUCCESS = 0,
  DHCPHA_RESULT_ERROR = 1,
  DHCPHA_RESULT_UNSUPPORTED = 2,
  DHCPHA_RESULT_EMPTY = 3,
  DHCPHA_RESULT_CONFLICT = 4,
  DHCPHA_RESULT_MAINTENANCE_NOT_ALLOWED = 1001
};

#define DHCPHA_COMMAND_TEXT_SIZE 300

/* A request, read. */
typedef struct dhcpha_command {
  const char *name;
  size_t name_len;
  const dhcpha_json_value *arguments; /* NULL when there are none */
  char error[DHCPHA_COMMAND_TEXT_SIZE]; /* set when it is no command: the text to answer with */
} dhcpha_command;

/* Takes a request's tree apart.  MALFORMED when it is no command, with `error` filled in. */
dhcpha_status dhcpha_command_read(dhcpha_command *command, const dhcpha_json_value *request);
bool dhcpha_command_is(const dhcpha_command *command, const char *name);

/* Opens {"arguments":{ ; the caller writes members.  Without arguments: _write_bare(). */
void dhcpha_command_open(dhcpha_buffer *out);
/* Closes the arguments and names the command and the service. */
void dhcpha_command_close(dhcpha_buffer *out, const char *name, dhcpha_family family);

/* [{"result":N,"text":"..."}] */
void dhcpha_answer_write(dhcpha_buffer *out, int result, const char *text);
/* [{"arguments":<json>,"result":N,"text":"..."}] */
void dhcpha_answer_write_with(dhcpha_buffer *out, const char *arguments, int result,
                              const char *text);
/* The bare map of an HTTP error (P1 4.3). */
void dhcpha_answer_write_http(dhcpha_buffer *out, int http_status);

/* How an answer is to be taken (P1 4.5). */
typedef enum dhcpha_answer_kind {
  DHCPHA_ANSWER_SUCCESS,
  DHCPHA_ANSWER_UNSUPPORTED,
  DHCPHA_ANSWER_CONFLICT,
  DHCPHA_ANSWER_ERROR,     /* the peer refused it */
  DHCPHA_ANSWER_MALFORMED, /* counts as an error with code 1 */
  DHCPHA_ANSWER_NONE,      /* there was no answer: the transport failed */
  DHCPHA_ANSWER_CONTENDED  /* somebody else works on the lease just now: no more than that failed */
} dhcpha_answer_kind;

/* Kea answers with a list.  A bare map comes from its HTTP side, or from elsewhere (P1 4.3). */
typedef enum dhcpha_answer_form {
  DHCPHA_FORM_UNKNOWN, /* there was no answer, or it is neither */
  DHCPHA_FORM_LIST,
  DHCPHA_FORM_MAP
} dhcpha_answer_form;

typedef struct dhcpha_answer {
  dhcpha_answer_kind kind;
  int64_t code; /* the result; 1 where there was none */
  dhcpha_answer_form form;
  int64_t map_result; /* of a bare map, which counts as 1 all the same; 0: none */
  const dhcpha_json_value *arguments;
  char text[DHCPHA_COMMAND_TEXT_SIZE]; /* what the peer said, or what was wrong with it */
} dhcpha_answer;

/* An entry of a bulk answer's failed lists: did only contention fail it? */
bool dhcpha_answer_entry_is_contended(const dhcpha_json_value *entry);
/* The lease that an entry of a failed list names; false: it names none. */
bool dhcpha_answer_entry_get_lease(const dhcpha_json_value *entry, dhcpha_address *address,
                                   uint8_t *type);
/* Judges an answer's tree; NULL when it was no JSON. */
void dhcpha_answer_read(dhcpha_answer *answer, const dhcpha_json_value *tree);

#endif
