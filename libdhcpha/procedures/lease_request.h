/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * lease_request: what a peer's lease commands have in common: a lease to be stored or deleted is
 * read and checked, a refusal told, the host's store asked.
 * Floor: procedures.  Spec: P1 4.8.
 */
#ifndef DHCPHA_PROCEDURES_LEASE_REQUEST_H
#define DHCPHA_PROCEDURES_LEASE_REQUEST_H

#include "dhcp/client_id.h"
#include "dhcp/lease_json.h"
#include "memory/context.h"
#include "rules/command.h"

/* "IPv4" or "IPv6". */
const char *dhcpha_lease_kind(const dhcpha_context *context);

/* A lease to be stored: DHCPHA_RESULT_SUCCESS, or the result to refuse it with, and its text. */
int dhcpha_lease_request_read(dhcpha_context *context, const dhcpha_json_value *map,
                              dhcpha_lease_reading *reading, char text[DHCPHA_COMMAND_TEXT_SIZE]);
/* A lease to be deleted.  OK; MALFORMED, and a text; FOREIGN: it is named by its client. */
dhcpha_status dhcpha_lease_request_read_deleted(dhcpha_context *context,
                                                const dhcpha_json_value *map,
                                                dhcpha_lease *lease,
                                                char text[DHCPHA_COMMAND_TEXT_SIZE]);

void dhcpha_lease_request_refuse(dhcpha_context *context, dhcpha_action *answer, int result,
                                 const char *text);

/* What the answer has to know of a lease when the store has been asked; notes of the answer hold
 * one for each lease of the batch, each followed by its DUID where that names it. */
typedef struct dhcpha_lease_note {
  dhcpha_address address;
  uint8_t type;
  uint8_t deleted;
  uint8_t duid_len; /* 0, unless the address is :: */
} dhcpha_lease_note;

/* The action to fill for the store, with an empty batch; NULL: no memory.  *exchange is valid until
 * the next one is added. */
dhcpha_action *dhcpha_lease_request_open(dhcpha_context *context, dhcpha_exchange **exchange);
/* False: no memory. */
bool dhcpha_lease_request_add(dhcpha_action *action, dhcpha_action *answer,
                              dhcpha_lease_operation operation, const dhcpha_lease *lease);
void dhcpha_lease_request_discard(dhcpha_context *context, dhcpha_action *action);
/* The note at an offset into the answer's notes, which moves behind it. */
void dhcpha_lease_note_read(const dhcpha_action *answer, size_t *offset, dhcpha_lease_note *note,
                            uint8_t duid[DHCPHA_DUID_MAX]);
/* Why a lease was not stored: the result and the text to answer with. */
int dhcpha_lease_request_judge(const dhcpha_lease_note *note, dhcpha_stored stored,
                               char text[DHCPHA_COMMAND_TEXT_SIZE]);

#endif
