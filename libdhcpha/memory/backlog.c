/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/backlog.h"

#include "base/allocator.h"
#include "dhcp/lease.h"

#include <string.h>

_Static_assert(DHCPHA_BACKLOG_FLIGHTS_MAX == 64, "a flight is a bit of flights_open");

void dhcpha_backlog_init(dhcpha_backlog *backlog, const dhcpha_allocator *allocator,
                         size_t limit) {
  memset(backlog, 0, sizeof *backlog);
  backlog->allocator = allocator;
  backlog->limit = limit;
}

bool dhcpha_backlog_is_empty(const dhcpha_backlog *backlog) {
  return dhcpha_backlog_count_leases(backlog) == 0 && backlog->flight_count == 0;
}

size_t dhcpha_backlog_count_leases(const dhcpha_backlog *backlog) {
  return backlog->by_lease == NULL ? 0 : dhcpha_byte_map_count(backlog->by_lease);
}

/* ---- lists ---- */

static void append(dhcpha_backlog_list *list, dhcpha_backlog_entry *entry) {
  entry->next = NULL;
  if (list->last == NULL)
    list->first = entry;
  else
    list->last->next = entry;
  list->last = entry;
}

static dhcpha_backlog_entry *take_first(dhcpha_backlog_list *list) {
  dhcpha_backlog_entry *entry = list->first;
  if (entry == NULL) return NULL;
  list->first = entry->next;
  if (list->first == NULL) list->last = NULL;
  entry->next = NULL;
  return entry;
}

/* ---- by lease ---- */

typedef struct lease_key {
  uint8_t bytes[1 + sizeof((dhcpha_address *)NULL)->bytes];
  size_t len;
} lease_key;

/* P1 4.8: a DHCPv6 lease is found by type and address; the length of a prefix does not count. */
static lease_key key_of(const dhcpha_address *address, uint8_t type) {
  lease_key key = {.bytes = {type}, .len = 1 + (address->family == 4 ? 4u : 16u)};
  memcpy(key.bytes + 1, address->bytes, key.len - 1);
  return key;
}

dhcpha_backlog_entry *dhcpha_backlog_find(const dhcpha_backlog *backlog,
                                          const dhcpha_address *address, uint8_t type) {
  if (backlog->by_lease == NULL) return NULL;
  lease_key key = key_of(address, type);
  dhcpha_backlog_entry *const *found =
      dhcpha_byte_map_find(backlog->by_lease, key.bytes, key.len);
  return found == NULL ? NULL : *found;
}

static void free_entry(dhcpha_backlog *backlog, dhcpha_backlog_entry *entry) {
  dhcpha_release(backlog->allocator, entry->lease);
  dhcpha_release(backlog->allocator, entry);
}

static void remove_entry(dhcpha_backlog *backlog, dhcpha_backlog_entry *entry) {
  lease_key key = key_of(&entry->lease->address, entry->lease->type);
  (void)dhcpha_byte_map_remove(backlog->by_lease, key.bytes, key.len);
  free_entry(backlog, entry);
}

static dhcpha_backlog_entry *add_entry(dhcpha_backlog *backlog, const dhcpha_lease *lease) {
  lease_key key = key_of(&lease->address, lease->type);
  void *place;
  if (backlog->by_lease == NULL)
    backlog->by_lease = dhcpha_byte_map_new(backlog->allocator, sizeof(dhcpha_backlog_entry *),
                                            backlog->limit);
  if (backlog->by_lease == NULL) return NULL;
  dhcpha_backlog_entry *entry = dhcpha_allocate(backlog->allocator, 1, sizeof *entry);
  if (entry == NULL ||
      dhcpha_byte_map_insert(backlog->by_lease, key.bytes, key.len, &place, NULL) != DHCPHA_OK) {
    dhcpha_release(backlog->allocator, entry);
    return NULL;
  }
  *(dhcpha_backlog_entry **)place = entry;
  append(&backlog->waiting, entry);
  return entry;
}

/* ---- kept ---- */

void dhcpha_backlog_push(dhcpha_backlog *backlog, bool is_delete, const dhcpha_lease *lease) {
  if (backlog->overflowed) return;
  dhcpha_lease *copy = backlog->count >= backlog->limit
                           ? NULL
                           : dhcpha_lease_copy(backlog->allocator, lease);
  dhcpha_backlog_entry *entry = NULL;
  if (copy != NULL) {
    entry = dhcpha_backlog_find(backlog, &lease->address, lease->type);
    if (entry == NULL) entry = add_entry(backlog, lease);
  }
  if (entry == NULL) {
    dhcpha_release(backlog->allocator, copy);
    dhcpha_backlog_overflow(backlog);
    return;
  }
  dhcpha_release(backlog->allocator, entry->lease);
  entry->lease = copy;
  entry->is_delete = is_delete;
  entry->changed = entry->in_flight;
  entry->updates++;
  backlog->count++;
}

static void free_list(dhcpha_backlog *backlog, dhcpha_backlog_list *list) {
  dhcpha_backlog_entry *entry;
  while ((entry = take_first(list)) != NULL) free_entry(backlog, entry);
}

static void give_up_entries(dhcpha_backlog *backlog) {
  free_list(backlog, &backlog->waiting);
  free_list(backlog, &backlog->put_off);
  for (unsigned i = 0; i < DHCPHA_BACKLOG_FLIGHTS_MAX; i++)
    free_list(backlog, &backlog->flights[i]);
  dhcpha_byte_map_free(backlog->by_lease);
  backlog->by_lease = NULL;
  backlog->count = 0;
}

void dhcpha_backlog_overflow(dhcpha_backlog *backlog) {
  give_up_entries(backlog);
  backlog->overflowed = true;
}

void dhcpha_backlog_clear(dhcpha_backlog *backlog) {
  give_up_entries(backlog);
  backlog->flights_open = 0;
  backlog->flight_count = 0;
  backlog->overflowed = false;
}

/* ---- sent ---- */

unsigned dhcpha_backlog_open_flight(dhcpha_backlog *backlog) {
  unsigned flight = 0;
  while ((backlog->flights_open >> flight & 1) != 0) flight++;
  backlog->flights_open |= UINT64_C(1) << flight;
  backlog->flight_count++;
  return flight;
}

dhcpha_backlog_entry *dhcpha_backlog_board(dhcpha_backlog *backlog, unsigned flight) {
  dhcpha_backlog_entry *entry = take_first(&backlog->waiting);
  if (entry == NULL) return NULL;
  entry->in_flight = true;
  entry->updates_in_flight = entry->updates;
  append(&backlog->flights[flight], entry);
  return entry;
}

void dhcpha_backlog_put_off_first(dhcpha_backlog *backlog) {
  append(&backlog->put_off, take_first(&backlog->waiting));
}

static void put_off(dhcpha_backlog *backlog, dhcpha_backlog_entry *entry) {
  if (entry->tries < UINT8_MAX) entry->tries++;
  append(&backlog->put_off, entry);
}

static void land(dhcpha_backlog *backlog, dhcpha_backlog_entry *entry, dhcpha_backlog_fate fate) {
  bool changed = entry->changed, refused = entry->put_off;
  entry->in_flight = entry->changed = entry->put_off = false;
  if (fate == DHCPHA_BACKLOG_NOT_SENT) {
    append(&backlog->waiting, entry);
  } else if (fate == DHCPHA_BACKLOG_PUT_OFF || refused) {
    put_off(backlog, entry);
  } else {
    backlog->count -= entry->updates_in_flight;
    entry->updates -= entry->updates_in_flight;
    entry->tries = 0;
    if (changed)
      append(&backlog->waiting, entry);
    else
      remove_entry(backlog, entry);
  }
}

void dhcpha_backlog_close_flight(dhcpha_backlog *backlog, unsigned flight,
                                 dhcpha_backlog_fate fate) {
  dhcpha_backlog_entry *entry;
  while ((entry = take_first(&backlog->flights[flight])) != NULL) land(backlog, entry, fate);
  backlog->flights_open &= ~(UINT64_C(1) << flight);
  backlog->flight_count--;
}

void dhcpha_backlog_resume(dhcpha_backlog *backlog) {
  dhcpha_backlog_entry *entry;
  while ((entry = take_first(&backlog->put_off)) != NULL) append(&backlog->waiting, entry);
}
