/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "timers.h"

#include <dhcpha/types.h>

#include <stdlib.h>
#include <string.h>

static void put(dhcpha_timers *timers, size_t place, dhcpha_timer *timer) {
  timers->heap[place] = timer;
  timer->place = place;
}

static void sift_up(dhcpha_timers *timers, dhcpha_timer *timer) {
  size_t place = timer->place;
  while (place > 1 && timers->heap[place / 2]->key > timer->key) {
    put(timers, place, timers->heap[place / 2]);
    place /= 2;
  }
  put(timers, place, timer);
}

static void sift_down(dhcpha_timers *timers, dhcpha_timer *timer) {
  size_t place = timer->place;
  for (;;) {
    size_t child = place * 2;
    if (child > timers->count) break;
    if (child < timers->count && timers->heap[child + 1]->key < timers->heap[child]->key) child++;
    if (timers->heap[child]->key >= timer->key) break;
    put(timers, place, timers->heap[child]);
    place = child;
  }
  put(timers, place, timer);
}

bool dhcpha_timers_add(dhcpha_timers *timers, dhcpha_timer *timer, int64_t due) {
  if (timers->count + 1 >= timers->room) {
    size_t room = timers->room == 0 ? 64 : timers->room * 2;
    dhcpha_timer **heap = realloc(timers->heap, room * sizeof *heap);
    if (heap == NULL) return false;
    timers->heap = heap;
    timers->room = room;
  }
  timer->due = due;
  timer->key = due;
  put(timers, ++timers->count, timer);
  sift_up(timers, timer);
  return true;
}

void dhcpha_timers_move(dhcpha_timers *timers, dhcpha_timer *timer, int64_t due) {
  timer->due = due;
  if (due >= timer->key) return;
  timer->key = due;
  sift_up(timers, timer);
}

void dhcpha_timers_remove(dhcpha_timers *timers, dhcpha_timer *timer) {
  size_t place = timer->place;
  if (place == 0) return;
  timer->place = 0;
  dhcpha_timer *last = timers->heap[timers->count--];
  if (last == timer) return;
  put(timers, place, last);
  sift_up(timers, last);
  sift_down(timers, last);
}

dhcpha_timer *dhcpha_timers_reached(dhcpha_timers *timers, int64_t now) {
  while (timers->count > 0 && timers->heap[1]->key <= now) {
    dhcpha_timer *first = timers->heap[1];
    if (first->due <= now) return first;
    first->key = first->due;
    sift_down(timers, first);
  }
  return NULL;
}

int64_t dhcpha_timers_earliest(const dhcpha_timers *timers) {
  return timers->count > 0 ? timers->heap[1]->key : DHCPHA_NEVER;
}

void dhcpha_timers_free(dhcpha_timers *timers) {
  free(timers->heap);
  memset(timers, 0, sizeof *timers);
}
