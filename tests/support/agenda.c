/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "support/agenda.h"

#include <stdlib.h>
#include <string.h>

static bool earlier(const agenda_entry *a, const agenda_entry *b) {
  return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->number < b->number;
}

static void swap(agenda_entry *a, agenda_entry *b) {
  agenda_entry kept = *a;
  *a = *b;
  *b = kept;
}

void agenda_free(agenda *a) {
  for (size_t i = 0; i < a->count; i++)
    a->entries[i].forget(a->entries[i].subject, a->entries[i].detail);
  free(a->entries);
  memset(a, 0, sizeof *a);
}

void agenda_add(agenda *a, int64_t at_ms, void (*happen)(void *subject, void *detail),
                void (*forget)(void *subject, void *detail), void *subject, void *detail) {
  if (a->count == a->capacity) {
    a->capacity = a->capacity == 0 ? 16 : a->capacity * 2;
    a->entries = realloc(a->entries, a->capacity * sizeof *a->entries);
    if (a->entries == NULL) abort();
  }
  size_t i = a->count++;
  a->entries[i] = (agenda_entry){at_ms, a->entered++, happen, forget, subject, detail};
  for (; i > 0 && earlier(&a->entries[i], &a->entries[(i - 1) / 2]); i = (i - 1) / 2)
    swap(&a->entries[i], &a->entries[(i - 1) / 2]);
}

int64_t agenda_next(const agenda *a) { return a->count == 0 ? INT64_MAX : a->entries[0].at_ms; }

agenda_entry agenda_take(agenda *a) {
  agenda_entry first = a->entries[0];
  a->entries[0] = a->entries[--a->count];
  for (size_t i = 0;;) {
    size_t least = i;
    for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < a->count; child++)
      if (earlier(&a->entries[child], &a->entries[least])) least = child;
    if (least == i) return first;
    swap(&a->entries[i], &a->entries[least]);
    i = least;
  }
}
