/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/alarms.h"

#include <string.h>

#include "base/allocator.h"

void dhcpha_alarms_init(dhcpha_alarms *alarms, const dhcpha_allocator *allocator) {
  memset(alarms, 0, sizeof *alarms);
  alarms->allocator = allocator;
}

void dhcpha_alarms_free(dhcpha_alarms *alarms) {
  dhcpha_release(alarms->allocator, alarms->heap);
  dhcpha_release(alarms->allocator, alarms->places);
  dhcpha_alarms_init(alarms, alarms->allocator);
}

dhcpha_status dhcpha_alarms_reserve(dhcpha_alarms *alarms, uint32_t capacity) {
  if (capacity <= alarms->capacity) return DHCPHA_OK;
  dhcpha_alarm *heap =
      dhcpha_reallocate(alarms->allocator, alarms->heap, capacity, sizeof *heap);
  if (heap == NULL) return DHCPHA_ERR_NOMEM;
  alarms->heap = heap;
  uint32_t *places =
      dhcpha_reallocate(alarms->allocator, alarms->places, capacity, sizeof *places);
  if (places == NULL) return DHCPHA_ERR_NOMEM;
  memset(places + alarms->capacity, 0, (capacity - alarms->capacity) * sizeof *places);
  alarms->places = places;
  alarms->capacity = capacity;
  return DHCPHA_OK;
}

static bool is_before(const dhcpha_alarm *a, const dhcpha_alarm *b) {
  return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->turn < b->turn;
}

static void put(dhcpha_alarms *alarms, uint32_t place, dhcpha_alarm alarm) {
  alarms->heap[place] = alarm;
  alarms->places[alarm.number] = place + 1;
}

/* From an empty place towards the first, or away from it, to where the alarm belongs. */
static void rise(dhcpha_alarms *alarms, uint32_t place, dhcpha_alarm alarm) {
  while (place > 0 && is_before(&alarm, &alarms->heap[(place - 1) / 2])) {
    put(alarms, place, alarms->heap[(place - 1) / 2]);
    place = (place - 1) / 2;
  }
  put(alarms, place, alarm);
}

static void sink(dhcpha_alarms *alarms, uint32_t place, dhcpha_alarm alarm) {
  for (;;) {
    uint32_t child = 2 * place + 1;
    if (child >= alarms->count) break;
    if (child + 1 < alarms->count &&
        is_before(&alarms->heap[child + 1], &alarms->heap[child]))
      child++;
    if (!is_before(&alarms->heap[child], &alarm)) break;
    put(alarms, place, alarms->heap[child]);
    place = child;
  }
  put(alarms, place, alarm);
}

static void fill(dhcpha_alarms *alarms, uint32_t place, dhcpha_alarm alarm) {
  if (place > 0 && is_before(&alarm, &alarms->heap[(place - 1) / 2]))
    rise(alarms, place, alarm);
  else
    sink(alarms, place, alarm);
}

void dhcpha_alarms_set(dhcpha_alarms *alarms, uint32_t number, int64_t at_ms) {
  uint32_t place = alarms->places[number];
  if (at_ms != DHCPHA_NEVER) {
    dhcpha_alarm alarm = {at_ms, ++alarms->turns, number};
    fill(alarms, place != 0 ? place - 1 : alarms->count++, alarm);
  } else if (place != 0) {
    dhcpha_alarm last = alarms->heap[--alarms->count];
    alarms->places[number] = 0;
    if (last.number != number) fill(alarms, place - 1, last);
  }
}

uint32_t dhcpha_alarms_first(const dhcpha_alarms *alarms) {
  return alarms->count == 0 ? DHCPHA_ALARMS_NONE : alarms->heap[0].number;
}

int64_t dhcpha_alarms_get_expiry(const dhcpha_alarms *alarms) {
  return alarms->count == 0 ? DHCPHA_NEVER : alarms->heap[0].at_ms;
}
