/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * agenda: what will happen in virtual time, in order: by time, then as it was entered.
 */
#ifndef TESTS_SUPPORT_AGENDA_H
#define TESTS_SUPPORT_AGENDA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct agenda_entry {
  int64_t at_ms;
  uint64_t number;
  void (*happen)(void *subject, void *detail); /* takes both over */
  void (*forget)(void *subject, void *detail); /* instead, when the agenda is freed */
  void *subject;
  void *detail;
} agenda_entry;

typedef struct agenda {
  agenda_entry *entries; /* a heap, the next one first */
  size_t count;
  size_t capacity;
  uint64_t entered;
} agenda;

void agenda_free(agenda *a);
void agenda_add(agenda *a, int64_t at_ms, void (*happen)(void *subject, void *detail),
                void (*forget)(void *subject, void *detail), void *subject, void *detail);
int64_t agenda_next(const agenda *a); /* INT64_MAX when it is empty */
agenda_entry agenda_take(agenda *a);  /* not when it is empty */

#endif
