/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "lease_table.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"

#define BUCKETS_MIN 1024

/* ---- by client ---- */

static struct lease_owner owner_of(const struct lease_entry *entry, enum lease_key key) {
  bool by_hardware = key == BY_HARDWARE;
  return (struct lease_owner){
    .subnet_id = entry->subnet_id, .iaid = entry->iaid, .type = entry->id.type,
    .bytes = by_hardware ? entry->bytes : entry->bytes + entry->hw_address_len,
    .len = by_hardware ? entry->hw_address_len : entry->client_id_len,
  };
}

static bool is_same_owner(const struct lease_owner *a, const struct lease_owner *b) {
  return a->subnet_id == b->subnet_id && a->iaid == b->iaid && a->type == b->type &&
         lease_same_bytes(a->bytes, a->len, b->bytes, b->len);
}

static struct lease_entry **bucket(const struct lease_index *index,
                                   const struct lease_owner *owner) {
  uint64_t tweak = (uint64_t)owner->subnet_id << 32 ^ owner->iaid ^ (uint64_t)owner->type << 60;
  return &index->buckets[hash_bytes(tweak, owner->bytes, owner->len) & index->mask];
}

static void index_grow(struct lease_index *index, enum lease_key key) {
  struct lease_index larger = { .mask = index->mask * 2 + 1, .count = index->count };
  larger.buckets = calloc(larger.mask + 1, sizeof *larger.buckets);
  if (larger.buckets == NULL) return; /* longer chains, then */
  for (size_t i = 0; i <= index->mask; i++) {
    struct lease_entry *entry = index->buckets[i];
    while (entry != NULL) {
      struct lease_entry *next = entry->next[key];
      struct lease_owner owner = owner_of(entry, key);
      struct lease_entry **head = bucket(&larger, &owner);
      entry->next[key] = *head;
      *head = entry;
      entry = next;
    }
  }
  free(index->buckets);
  *index = larger;
}

static void index_add(struct lease_table *table, struct lease_entry *entry) {
  for (int key = 0; key < LEASE_KEYS; key++) {
    struct lease_index *index = &table->index[key];
    struct lease_owner owner = owner_of(entry, (enum lease_key)key);
    if (owner.len == 0) continue;
    if (++index->count > index->mask) index_grow(index, (enum lease_key)key);
    struct lease_entry **head = bucket(index, &owner);
    entry->next[key] = *head;
    *head = entry;
  }
}

static void index_remove(struct lease_table *table, const struct lease_entry *entry) {
  for (int key = 0; key < LEASE_KEYS; key++) {
    struct lease_owner owner = owner_of(entry, (enum lease_key)key);
    if (owner.len == 0) continue;
    struct lease_entry **link = bucket(&table->index[key], &owner);
    while (*link != entry) link = &(*link)->next[key];
    *link = entry->next[key];
    table->index[key].count--;
  }
}

struct lease_entry *lease_table_of_client(const struct lease_table *table, enum lease_key key,
                                          const struct lease_owner *owner,
                                          const struct lease_entry *previous) {
  if (owner->len == 0) return NULL;
  struct lease_entry *entry =
      previous != NULL ? previous->next[key] : *bucket(&table->index[key], owner);
  for (; entry != NULL; entry = entry->next[key]) {
    struct lease_owner its = owner_of(entry, key);
    if (is_same_owner(&its, owner)) break;
  }
  return entry;
}

/* ---- by due time: a heap; leases that are never due are not in it ---- */

static void heap_set(struct lease_table *table, uint32_t turn, struct lease_entry *entry) {
  table->heap[turn] = entry;
  entry->turn = turn;
}

static void heap_sift(struct lease_table *table, struct lease_entry *entry, uint32_t turn) {
  while (turn > 0 && table->heap[(turn - 1) / 2]->due > entry->due) {
    heap_set(table, turn, table->heap[(turn - 1) / 2]);
    turn = (turn - 1) / 2;
  }
  for (uint32_t child; (child = 2 * turn + 1) < table->heap_count; turn = child) {
    if (child + 1 < table->heap_count && table->heap[child + 1]->due < table->heap[child]->due)
      child++;
    if (table->heap[child]->due >= entry->due) break;
    heap_set(table, turn, table->heap[child]);
  }
  heap_set(table, turn, entry);
}

static void heap_remove(struct lease_table *table, struct lease_entry *entry) {
  if (entry->turn == LEASE_NO_TURN) return;
  struct lease_entry *last = table->heap[--table->heap_count];
  if (last != entry) heap_sift(table, last, entry->turn);
  entry->turn = LEASE_NO_TURN;
}

/* After its due time changed.  There is room: lease_table_put() saw to it. */
static void heap_update(struct lease_table *table, struct lease_entry *entry) {
  if (entry->due == INT64_MAX) heap_remove(table, entry);
  else heap_sift(table, entry, entry->turn != LEASE_NO_TURN ? entry->turn : table->heap_count++);
}

static bool heap_reserve(struct lease_table *table) {
  if (table->count < table->heap_room) return true;
  if (table->heap_room >= UINT32_MAX / 2) return false;
  uint32_t room = table->heap_room * 2 + BUCKETS_MIN;
  struct lease_entry **heap = realloc(table->heap, room * sizeof(struct lease_entry *));
  if (heap == NULL) return false;
  table->heap = heap;
  table->heap_room = room;
  return true;
}

struct lease_entry *lease_table_first_due(const struct lease_table *table) {
  return table->heap_count > 0 ? table->heap[0] : NULL;
}

void lease_table_postpone(struct lease_table *table, struct lease_entry *entry, int64_t due) {
  entry->due = due;
  heap_update(table, entry);
}

/* ---- the table ---- */

bool lease_table_init(struct lease_table *table) {
  memset(table, 0, sizeof *table);
  for (int key = 0; key < LEASE_KEYS; key++) {
    table->index[key].mask = BUCKETS_MIN - 1;
    table->index[key].buckets = calloc(BUCKETS_MIN, sizeof(struct lease_entry *));
    if (table->index[key].buckets == NULL) {
      lease_table_free(table);
      return false;
    }
  }
  return true;
}

void lease_table_free(struct lease_table *table) {
  struct lease_entry *entry = lease_table_after(table, NULL), *next;
  for (; entry != NULL; entry = next) {
    next = lease_table_after(table, &entry->id);
    free(entry);
  }
  address_tree_free(&table->tree);
  for (int key = 0; key < LEASE_KEYS; key++) free(table->index[key].buckets);
  free(table->heap);
  memset(table, 0, sizeof *table);
}

struct lease_entry *lease_table_find(const struct lease_table *table, struct lease_id id) {
  return address_tree_find(&table->tree, &id);
}

struct lease_entry *lease_table_after(const struct lease_table *table, const struct lease_id *id) {
  return address_tree_after(&table->tree, id);
}

struct lease_entry *lease_table_put(struct lease_table *table, const dhcpha_lease *lease) {
  struct lease_entry *old = lease_table_find(table, lease_id_of(lease));
  if (old != NULL && lease_entry_differs_in_numbers_only(old, lease)) {
    lease_entry_set_numbers(old, lease);
    heap_update(table, old);
    return old;
  }
  if (!heap_reserve(table)) return NULL;
  struct lease_entry *entry = lease_entry_new(lease);
  if (entry == NULL) return NULL;
  if (!address_tree_put(&table->tree, entry)) {
    free(entry);
    return NULL;
  }
  if (old != NULL) {
    index_remove(table, old);
    heap_remove(table, old);
    free(old);
    table->count--;
  }
  table->count++;
  index_add(table, entry);
  heap_update(table, entry);
  return entry;
}

bool lease_table_remove(struct lease_table *table, struct lease_id id) {
  struct lease_entry *entry = lease_table_find(table, id);
  if (entry == NULL) return false;
  index_remove(table, entry);
  heap_remove(table, entry);
  address_tree_remove(&table->tree, &id);
  free(entry);
  table->count--;
  return true;
}
