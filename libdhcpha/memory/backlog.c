/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/backlog.h"

#include "base/allocator.h"
#include "dhcp/lease.h"

#include <string.h>

void dhcpha_backlog_init(dhcpha_backlog *backlog, const dhcpha_allocator *allocator,
                         size_t limit) {
  memset(backlog, 0, sizeof *backlog);
  backlog->allocator = allocator;
  backlog->limit = limit;
}

static dhcpha_backlog_entry *make_entry(const dhcpha_allocator *allocator,
                                        const dhcpha_lease *lease) {
  dhcpha_backlog_entry *entry = dhcpha_allocate(allocator, 1, sizeof *entry);
  if (entry == NULL) return NULL;
  entry->lease = dhcpha_lease_copy(allocator, lease);
  if (entry->lease == NULL) {
    dhcpha_release(allocator, entry);
    return NULL;
  }
  return entry;
}

void dhcpha_backlog_push(dhcpha_backlog *backlog, bool is_delete, const dhcpha_lease *lease) {
  dhcpha_backlog_entry *entry =
      backlog->count >= backlog->limit ? NULL : make_entry(backlog->allocator, lease);
  if (entry == NULL) {
    backlog->overflowed = true;
    return;
  }
  entry->is_delete = is_delete;
  if (backlog->last == NULL)
    backlog->first = entry;
  else
    backlog->last->next = entry;
  backlog->last = entry;
  backlog->count++;
}

void dhcpha_backlog_pop(dhcpha_backlog *backlog) {
  dhcpha_backlog_entry *entry = backlog->first;
  if (entry == NULL) return;
  backlog->first = entry->next;
  if (backlog->first == NULL) backlog->last = NULL;
  backlog->count--;
  dhcpha_release(backlog->allocator, entry->lease);
  dhcpha_release(backlog->allocator, entry);
}

void dhcpha_backlog_clear(dhcpha_backlog *backlog) {
  while (backlog->first != NULL) dhcpha_backlog_pop(backlog);
  backlog->overflowed = false;
}
