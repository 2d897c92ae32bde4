/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/updates.h"

#include "base/allocator.h"
#include "dhcp/lease.h"

#include <string.h>

#define FIRST_CAPACITY 32 /* a power of two, as all later ones */
#define NONE DHCPHA_NO_UPDATE

/* ---- places ---- */

static void enter_in_table(dhcpha_updates *updates, uint32_t index) {
  dhcpha_update *update = &updates->slots[index];
  uint32_t *head = &updates->table[update->hash & (updates->capacity - 1)];
  update->next_alike = *head;
  *head = index;
}

/* The firsts are entered anew: they are those in the old table. */
static void fill_table(dhcpha_updates *updates, uint32_t *table, uint32_t capacity) {
  uint32_t *old = updates->table;
  uint32_t old_capacity = updates->capacity;
  for (uint32_t i = 0; i < capacity; i++) table[i] = NONE;
  updates->table = table;
  updates->capacity = capacity;
  for (uint32_t i = 0; i < old_capacity; i++)
    for (uint32_t index = old[i], next; index != NONE; index = next) {
      next = updates->slots[index].next_alike;
      enter_in_table(updates, index);
    }
  dhcpha_release(updates->allocator, old);
}

static dhcpha_status grow(dhcpha_updates *updates) {
  const dhcpha_allocator *allocator = updates->allocator;
  uint32_t old = updates->capacity;
  uint32_t capacity = old == 0 ? FIRST_CAPACITY : old * 2;
  if (capacity > DHCPHA_UPDATES_MAX) return DHCPHA_ERR_LIMIT;
  if (dhcpha_alarms_reserve(&updates->alarms, capacity) != DHCPHA_OK) return DHCPHA_ERR_NOMEM;
  dhcpha_update *slots = dhcpha_reallocate(allocator, updates->slots, capacity, sizeof *slots);
  if (slots == NULL) return DHCPHA_ERR_NOMEM;
  updates->slots = slots;
  uint32_t *table = dhcpha_allocate(allocator, capacity, sizeof *table);
  if (table == NULL) return DHCPHA_ERR_NOMEM;
  memset(slots + old, 0, (capacity - old) * sizeof *slots);
  for (uint32_t i = capacity; i > old; i--) {
    slots[i - 1].after = updates->free;
    updates->free = i - 1;
  }
  fill_table(updates, table, capacity);
  return DHCPHA_OK;
}

dhcpha_status dhcpha_updates_init(dhcpha_updates *updates, const dhcpha_allocator *allocator) {
  memset(updates, 0, sizeof *updates);
  updates->allocator = allocator;
  updates->free = NONE;
  dhcpha_alarms_init(&updates->alarms, allocator);
  return grow(updates);
}

void dhcpha_updates_free(dhcpha_updates *updates) {
  for (uint32_t i = 0; i < updates->capacity; i++)
    dhcpha_release(updates->allocator, updates->slots[i].load.lease);
  dhcpha_release(updates->allocator, updates->slots);
  dhcpha_release(updates->allocator, updates->table);
  dhcpha_alarms_free(&updates->alarms);
  updates->slots = NULL;
  updates->table = NULL;
  updates->capacity = 0;
}

/* The place of a lease fits the next one of its kind too. */
static bool take_lease(const dhcpha_allocator *allocator, dhcpha_update_load *load,
                       const dhcpha_lease *lease) {
  size_t size = dhcpha_lease_copy_size(lease);
  if (size > load->capacity) {
    size = (size + 127) / 128 * 128;
    void *memory = dhcpha_reallocate(allocator, load->lease, 1, size);
    if (memory == NULL) return false;
    load->lease = memory;
    load->capacity = size;
  }
  (void)dhcpha_lease_copy_into(load->lease, lease);
  return true;
}

static uint32_t hash_of(const dhcpha_update_key *key) {
  size_t len = key->address.family == DHCPHA_DHCP4 ? 4 : 16;
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (size_t i = 0; i < len; i++)
    hash = (hash ^ key->address.bytes[i]) * UINT64_C(0x100000001b3);
  hash = (hash ^ key->type ^ (key->peer << 8) ^ (key->relationship << 24)) *
         UINT64_C(0x9e3779b97f4a7c15);
  return (uint32_t)(hash >> 32);
}

dhcpha_status dhcpha_updates_add(dhcpha_updates *updates, const dhcpha_update_key *key,
                                 bool is_delete, const dhcpha_lease *lease, uint32_t *index) {
  dhcpha_status status = updates->free == NONE ? grow(updates) : DHCPHA_OK;
  if (status != DHCPHA_OK) return status;
  dhcpha_update *update = &updates->slots[updates->free];
  dhcpha_update_load load = update->load;
  bool taken = take_lease(updates->allocator, &load, lease);
  update->load = load;
  if (!taken) return DHCPHA_ERR_NOMEM;
  *index = updates->free;
  updates->free = update->after;
  updates->count++;
  memset(update, 0, sizeof *update);
  update->stage = DHCPHA_UPDATE_READY;
  update->key = *key;
  update->hash = hash_of(key);
  update->load = load;
  update->load.is_delete = is_delete;
  update->load.parked = NONE;
  update->behind = update->riders = update->last_rider = NONE;
  update->before = update->after = update->next_alike = NONE;
  return DHCPHA_OK;
}

dhcpha_update *dhcpha_updates_get(const dhcpha_updates *updates, uint32_t index) {
  return &updates->slots[index];
}

void dhcpha_updates_remove(dhcpha_updates *updates, uint32_t index) {
  dhcpha_update *update = &updates->slots[index];
  if (update->load.capacity > DHCPHA_UPDATE_LEASE_KEPT) {
    dhcpha_release(updates->allocator, update->load.lease);
    update->load.lease = NULL;
    update->load.capacity = 0;
  }
  update->stage = DHCPHA_UPDATE_FREE;
  update->after = updates->free;
  updates->free = index;
  updates->count--;
}

/* ---- the first of each address ---- */

static bool is_alike(const dhcpha_update_key *a, const dhcpha_update_key *b) {
  return a->type == b->type && a->peer == b->peer && a->relationship == b->relationship &&
         a->address.family == b->address.family &&
         memcmp(a->address.bytes, b->address.bytes,
                a->address.family == DHCPHA_DHCP4 ? 4 : 16) == 0;
}

uint32_t dhcpha_updates_find(const dhcpha_updates *updates, const dhcpha_update_key *key) {
  uint32_t hash = hash_of(key);
  uint32_t index = updates->table[hash & (updates->capacity - 1)];
  while (index != NONE && !(updates->slots[index].hash == hash &&
                            is_alike(&updates->slots[index].key, key)))
    index = updates->slots[index].next_alike;
  return index;
}

void dhcpha_updates_make_first(dhcpha_updates *updates, uint32_t index) {
  enter_in_table(updates, index);
}

void dhcpha_updates_unmake_first(dhcpha_updates *updates, uint32_t index) {
  uint32_t *link = &updates->table[updates->slots[index].hash & (updates->capacity - 1)];
  while (*link != index) link = &updates->slots[*link].next_alike;
  *link = updates->slots[index].next_alike;
}

/* ---- the last word wins ---- */

static void append_riders(dhcpha_updates *updates, dhcpha_update *to, uint32_t first,
                          uint32_t last) {
  if (first == NONE) return;
  if (to->riders == NONE)
    to->riders = first;
  else
    updates->slots[to->last_rider].after = first;
  to->last_rider = last;
}

void dhcpha_updates_overtake(dhcpha_updates *updates, uint32_t older, uint32_t newer) {
  dhcpha_update *place = &updates->slots[older];
  dhcpha_update *passenger = &updates->slots[newer];
  dhcpha_update_load load = place->load;
  place->load = passenger->load;
  passenger->load = load;
  uint32_t riders = passenger->riders, last = passenger->last_rider;
  passenger->riders = passenger->last_rider = passenger->after = NONE;
  passenger->stage = DHCPHA_UPDATE_RIDES;
  if (load.parked == NONE)
    dhcpha_updates_remove(updates, newer);
  else
    append_riders(updates, place, newer, newer);
  append_riders(updates, place, riders, last);
}

uint32_t dhcpha_updates_take_rider(dhcpha_updates *updates, uint32_t index) {
  dhcpha_update *update = &updates->slots[index];
  uint32_t rider = update->riders;
  if (rider == NONE) return NONE;
  update->riders = updates->slots[rider].after;
  if (update->riders == NONE) update->last_rider = NONE;
  return rider;
}

/* ---- lists ---- */

void dhcpha_update_list_init(dhcpha_update_list *list) {
  list->first = list->last = NONE;
}

void dhcpha_update_list_append(dhcpha_updates *updates, dhcpha_update_list *list,
                               uint32_t index) {
  dhcpha_update *update = &updates->slots[index];
  update->before = list->last;
  update->after = NONE;
  if (list->last == NONE)
    list->first = index;
  else
    updates->slots[list->last].after = index;
  list->last = index;
}

void dhcpha_update_list_unlink(dhcpha_updates *updates, dhcpha_update_list *list,
                               uint32_t index) {
  dhcpha_update *update = &updates->slots[index];
  if (update->before == NONE)
    list->first = update->after;
  else
    updates->slots[update->before].after = update->after;
  if (update->after == NONE)
    list->last = update->before;
  else
    updates->slots[update->after].before = update->before;
  update->before = update->after = NONE;
}
