/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * scenario: a text of commands, "----", and what must appear; then a blank line, and more.
 * The commands are listed in README.md.
 */
#ifndef TESTS_SCENARIOS_SCENARIO_H
#define TESTS_SCENARIOS_SCENARIO_H

#include "support/text.h"
#include "support/world.h"

/* Runs a scenario.  `rewritten` receives its text with what did appear; it equals the script when
 * all is well.  `at_end`, which may be NULL, gets the world when the last command is done. */
void scenario_run(const char *script, const dhcpha_allocator *allocator,
                  void (*at_end)(world *w, void *user_data), void *user_data, text *rewritten);

/* The same; `at_start`, which may be NULL, gets the world before the first command. */
void scenario_run_from(const char *script, const dhcpha_allocator *allocator,
                       void (*at_start)(world *w, void *user_data),
                       void (*at_end)(world *w, void *user_data), void *user_data,
                       text *rewritten);

#define SCENARIO_WORDS_MAX 48

/* One command line in parts. */
typedef struct scenario_line {
  char *copy; /* of the line; the words point into it */
  const char *name;
  const char *words[SCENARIO_WORDS_MAX]; /* without options */
  size_t word_count;
  const char *options[SCENARIO_WORDS_MAX]; /* "key=value", the '=' replaced by a 0 byte */
  const char *values[SCENARIO_WORDS_MAX];
  size_t option_count;
  const char *json; /* the rest of the line from the first '{' or '[' on; NULL: none */
} scenario_line;

/* The state of a run. */
typedef struct scenario {
  world world;
  text *out;
  bool quiet;
  unsigned client_count; /* clients so far; the next one gets this number plus 1 */
} scenario;

/* scenario_commands.c: carries out one line; false when it is no command. */
bool scenario_perform(scenario *s, const scenario_line *line);
/* scenario_clients.c: queries of clients, of any kind; leases that appear. */
void scenario_clients(scenario *s, const scenario_line *line);
void scenario_put(scenario *s, const scenario_line *line);
/* scenario_hub.c: a hub and its spokes. */
void scenario_hub(scenario *s, const scenario_line *line);
/* scenario_liar.c: a lying partner; one that answers as a version of Kea does where there is no
 * script; the next answers to a command, "also": behind those that are there. */
void scenario_liar(scenario *s, const scenario_line *line);
void scenario_partner(scenario *s, const scenario_line *line);
void scenario_answer(scenario *s, const scenario_line *line);
/* The server that a word names; NULL, and it is said, when there is none. */
world_server *scenario_server_at(scenario *s, const scenario_line *line, size_t index);
/* Time counts from a heartbeat after which all are in their normal state. */
void scenario_settle(scenario *s, int64_t heartbeat_ms);
/* One line of output that is not a trace. */
void scenario_say(scenario *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The value of an option; NULL when it is not there. */
const char *scenario_option(const scenario_line *line, const char *key);
bool scenario_word(const scenario_line *line, const char *word); /* is it there? */
int64_t scenario_number(const scenario_line *line, const char *key, int64_t otherwise);
/* Family 0: there is none. */
dhcpha_address scenario_address(scenario *s, const scenario_line *line, const char *key);
/* "75s", "500ms", "2min", "75000": milliseconds. */
int64_t scenario_time(const char *value);

#endif
