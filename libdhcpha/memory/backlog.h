/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * backlog: updates kept for a partner out of reach; did it overflow?
 * Floor: memory.  Spec: P2 5.
 */
#ifndef DHCPHA_MEMORY_BACKLOG_H
#define DHCPHA_MEMORY_BACKLOG_H

#include <dhcpha/lease.h>

typedef struct dhcpha_backlog_entry {
  struct dhcpha_backlog_entry *next;
  bool is_delete;
  dhcpha_lease *lease;
} dhcpha_backlog_entry;

typedef struct dhcpha_backlog {
  const dhcpha_allocator *allocator;
  size_t limit; /* leases */
  size_t count;
  bool overflowed; /* or an entry was lost for another reason: only a synchronization helps */
  dhcpha_backlog_entry *first;
  dhcpha_backlog_entry *last;
} dhcpha_backlog;

void dhcpha_backlog_init(dhcpha_backlog *backlog, const dhcpha_allocator *allocator,
                         size_t limit);
/* At the limit, or out of memory, the lease is lost and the backlog has overflowed. */
void dhcpha_backlog_push(dhcpha_backlog *backlog, bool is_delete, const dhcpha_lease *lease);
/* Gives up the oldest entry. */
void dhcpha_backlog_pop(dhcpha_backlog *backlog);
/* Empties it, and forgets that it overflowed. */
void dhcpha_backlog_clear(dhcpha_backlog *backlog);

#endif
