/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * timers: many deadlines, the earliest first.
 * A binary heap.  Deadlines move later all the time (each received byte moves one) and are seldom
 * reached, so moving one later touches only the timer itself; its place in the heap is put right
 * when the old deadline comes up.
 */
#ifndef DHCPHA_HTTP_TIMERS_H
#define DHCPHA_HTTP_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct dhcpha_timer dhcpha_timer;
struct dhcpha_timer {
  void (*passed)(void *owner); /* Moves the timer later, or removes it. */
  void *owner;
  int64_t due;  /* Milliseconds, monotonic. */
  int64_t key;  /* Where it is sorted in: at due or earlier. */
  size_t place; /* In the heap, from 1 on; 0: not running. */
};

typedef struct dhcpha_timers {
  dhcpha_timer **heap;
  size_t count;
  size_t room;
} dhcpha_timers;

/* False: out of memory. */
bool dhcpha_timers_add(dhcpha_timers *timers, dhcpha_timer *timer, int64_t due);
/* Of a timer that runs. */
void dhcpha_timers_move(dhcpha_timers *timers, dhcpha_timer *timer, int64_t due);
/* Of one that runs or not. */
void dhcpha_timers_remove(dhcpha_timers *timers, dhcpha_timer *timer);
/* A timer whose deadline has been reached; it still runs.  NULL: none. */
dhcpha_timer *dhcpha_timers_reached(dhcpha_timers *timers, int64_t now);
/* No timer is due before this; DHCPHA_NEVER without timers. */
int64_t dhcpha_timers_earliest(const dhcpha_timers *timers);
void dhcpha_timers_free(dhcpha_timers *timers);

#endif
