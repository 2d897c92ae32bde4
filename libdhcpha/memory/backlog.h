/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * backlog: updates kept for a partner out of reach; did it overflow?
 * Floor: memory.  Spec: P2 5.
 *
 * Kea keeps a row of updates; here is one entry for each lease (by address; DHCPv6: and type), with
 * its last word.  So different entries never depend on each other, and may be sent in any order and
 * at once.  The limit counts every update, as Kea's does, so that both overflow at the same moment.
 *
 * An entry waits, is on a flight (one command to the partner), or is put off.  It is not given up
 * before the partner has acknowledged it.  When a lease changes again while it is on a flight, its
 * entry waits once more after that: two words about one lease are never on their way together.
 */
#ifndef DHCPHA_MEMORY_BACKLOG_H
#define DHCPHA_MEMORY_BACKLOG_H

#include "base/byte_map.h"

#include <dhcpha/lease.h>

#define DHCPHA_BACKLOG_FLIGHTS_MAX 64 /* at a time */

typedef struct dhcpha_backlog_entry {
  struct dhcpha_backlog_entry *next;
  bool is_delete;
  bool in_flight;
  bool changed;  /* since it left; or it has to be sent again for another reason */
  bool put_off;  /* the partner could not take it now */
  uint8_t tries; /* times it was put off */
  uint32_t updates; /* how many have become one, those in flight included */
  uint32_t updates_in_flight;
  dhcpha_lease *lease; /* the last word */
} dhcpha_backlog_entry;

typedef struct dhcpha_backlog_list {
  dhcpha_backlog_entry *first;
  dhcpha_backlog_entry *last;
} dhcpha_backlog_list;

typedef struct dhcpha_backlog {
  const dhcpha_allocator *allocator;
  size_t limit; /* updates */
  size_t count; /* of updates, as Kea counts them */
  bool overflowed; /* or an update was lost for another reason: only a synchronization helps */
  dhcpha_byte_map *by_lease; /* to its entry; NULL before the first */
  dhcpha_backlog_list waiting;
  dhcpha_backlog_list put_off;
  dhcpha_backlog_list flights[DHCPHA_BACKLOG_FLIGHTS_MAX];
  uint64_t flights_open; /* one bit each */
  unsigned flight_count;
} dhcpha_backlog;

void dhcpha_backlog_init(dhcpha_backlog *backlog, const dhcpha_allocator *allocator,
                         size_t limit);
/* The last word about a lease.  At the limit, or out of memory, it is lost and the backlog has
 * overflowed. */
void dhcpha_backlog_push(dhcpha_backlog *backlog, bool is_delete, const dhcpha_lease *lease);
/* Something was lost, or the partner refuses it: nothing that is kept can help any more, so that it
 * is given up.  Flights are still awaited. */
void dhcpha_backlog_overflow(dhcpha_backlog *backlog);
/* Nothing is kept, and no flight awaited. */
bool dhcpha_backlog_is_empty(const dhcpha_backlog *backlog);
/* How many leases are kept. */
size_t dhcpha_backlog_count_leases(const dhcpha_backlog *backlog);
dhcpha_backlog_entry *dhcpha_backlog_find(const dhcpha_backlog *backlog,
                                          const dhcpha_address *address, uint8_t type);

/* Opens a flight; there must be fewer than DHCPHA_BACKLOG_FLIGHTS_MAX. */
unsigned dhcpha_backlog_open_flight(dhcpha_backlog *backlog);
/* Moves the first that waits to a flight; NULL: none waits. */
dhcpha_backlog_entry *dhcpha_backlog_board(dhcpha_backlog *backlog, unsigned flight);

/* The first that waits is put off; this is no try. */
void dhcpha_backlog_put_off_first(dhcpha_backlog *backlog);

typedef enum dhcpha_backlog_fate {
  DHCPHA_BACKLOG_ACKNOWLEDGED, /* given up, unless changed or put off since */
  DHCPHA_BACKLOG_NOT_SENT,     /* they wait again */
  DHCPHA_BACKLOG_PUT_OFF       /* until dhcpha_backlog_resume() */
} dhcpha_backlog_fate;

/* The outcome of a flight, which is then over. */
void dhcpha_backlog_close_flight(dhcpha_backlog *backlog, unsigned flight,
                                 dhcpha_backlog_fate fate);
/* What was put off waits again. */
void dhcpha_backlog_resume(dhcpha_backlog *backlog);
/* Empties it, flights included, and forgets that it overflowed. */
void dhcpha_backlog_clear(dhcpha_backlog *backlog);

#endif
