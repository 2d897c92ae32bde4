/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "service/timetable.h"

#include "base/allocator.h"
#include "base/deadline.h"
#include "service/service.h"

dhcpha_status dhcpha_timetable_init(dhcpha_timetable *timetable,
                                    const dhcpha_allocator *allocator, dhcpha_service *services,
                                    size_t count) {
  timetable->heap = dhcpha_allocate(allocator, count, sizeof(dhcpha_service *));
  timetable->count = timetable->heap == NULL ? 0 : count;
  for (size_t i = 0; i < timetable->count; i++) {
    timetable->heap[i] = &services[i];
    services[i].place = i;
  }
  return timetable->heap == NULL ? DHCPHA_ERR_NOMEM : DHCPHA_OK;
}

void dhcpha_timetable_free(dhcpha_timetable *timetable, const dhcpha_allocator *allocator) {
  dhcpha_release(allocator, timetable->heap);
  timetable->heap = NULL;
  timetable->count = 0;
}

static bool is_before(const dhcpha_service *a, const dhcpha_service *b) {
  if (a->expiry_ms != b->expiry_ms) return a->expiry_ms < b->expiry_ms;
  return a->index < b->index;
}

static void swap(dhcpha_timetable *timetable, size_t a, size_t b) {
  dhcpha_service *moved = timetable->heap[a];
  timetable->heap[a] = timetable->heap[b];
  timetable->heap[b] = moved;
  timetable->heap[a]->place = a;
  timetable->heap[b]->place = b;
}

static size_t rise(dhcpha_timetable *timetable, size_t place) {
  while (place > 0 && is_before(timetable->heap[place], timetable->heap[(place - 1) / 2])) {
    swap(timetable, place, (place - 1) / 2);
    place = (place - 1) / 2;
  }
  return place;
}

static void sink(dhcpha_timetable *timetable, size_t place) {
  for (;;) {
    size_t first = place;
    for (size_t child = 2 * place + 1; child <= 2 * place + 2; child++)
      if (child < timetable->count && is_before(timetable->heap[child], timetable->heap[first]))
        first = child;
    if (first == place) return;
    swap(timetable, place, first);
    place = first;
  }
}

void dhcpha_timetable_update(dhcpha_timetable *timetable, dhcpha_service *service) {
  service->expiry_ms = dhcpha_service_get_expiry(service);
  sink(timetable, rise(timetable, service->place));
}

int64_t dhcpha_timetable_get_expiry(const dhcpha_timetable *timetable) {
  return timetable->heap[0]->expiry_ms;
}

dhcpha_service *dhcpha_timetable_first_due(const dhcpha_timetable *timetable, int64_t now_ms) {
  dhcpha_service *first = timetable->heap[0];
  return dhcpha_deadline_passed(first->expiry_ms, now_ms) ? first : NULL;
}
