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

static const uint8_t *key_bytes(const struct lease_entry *entry, enum lease_key key, size_t *len) {
  *len = key == BY_HARDWARE ? entry->hw_address_len : entry->client_id_len;
  return key == BY_HARDWARE ? entry->bytes : entry->bytes + entry->hw_address_len;
}

static struct lease_entry **bucket(const struct lease_index *index, uint32_t subnet_id,
                                   const uint8_t *bytes, size_t len) {
  return &index->buckets[hash_bytes(subnet_id, bytes, len) & index->mask];
}

static void index_grow(struct lease_index *index, enum lease_key key) {
  struct lease_index larger = { .mask = index->mask * 2 + 1, .count = index->count };
  larger.buckets = calloc(larger.mask + 1, sizeof *larger.buckets);
  if (larger.buckets == NULL) return; /* longer chains, then */
  for (size_t i = 0; i <= index->mask; i++) {
    struct lease_entry *entry = index->buckets[i];
    while (entry != NULL) {
      struct lease_entry *next = entry->next[key];
      size_t len;
      const uint8_t *bytes = key_bytes(entry, key, &len);
      struct lease_entry **head = bucket(&larger, entry->subnet_id, bytes, len);
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
    size_t len;
    const uint8_t *bytes = key_bytes(entry, key, &len);
    if (len == 0) continue;
    if (++index->count > index->mask) index_grow(index, key);
    struct lease_entry **head = bucket(index, entry->subnet_id, bytes, len);
    entry->next[key] = *head;
    *head = entry;
  }
}

static void index_remove(struct lease_table *table, const struct lease_entry *entry) {
  for (int key = 0; key < LEASE_KEYS; key++) {
    size_t len;
    const uint8_t *bytes = key_bytes(entry, key, &len);
    if (len == 0) continue;
    struct lease_entry **link = bucket(&table->index[key], entry->subnet_id, bytes, len);
    while (*link != entry) link = &(*link)->next[key];
    *link = entry->next[key];
    table->index[key].count--;
  }
}

struct lease_entry *lease_table_of_client(const struct lease_table *table, enum lease_key key,
                                          uint32_t subnet_id, const uint8_t *bytes, size_t len,
                                          const struct lease_entry *previous) {
  if (len == 0) return NULL;
  struct lease_entry *entry = previous != NULL
                                  ? previous->next[key]
                                  : *bucket(&table->index[key], subnet_id, bytes, len);
  for (; entry != NULL; entry = entry->next[key]) {
    size_t entry_len;
    const uint8_t *entry_bytes = key_bytes(entry, key, &entry_len);
    if (entry->subnet_id == subnet_id && lease_same_bytes(entry_bytes, entry_len, bytes, len))
      break;
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
  struct lease_entry *entry = lease_table_next(table, 0);
  while (entry != NULL) {
    uint32_t address = entry->address;
    free(entry);
    entry = address < UINT32_MAX ? lease_table_next(table, address + 1) : NULL;
  }
  address_tree_free(&table->tree);
  for (int key = 0; key < LEASE_KEYS; key++) free(table->index[key].buckets);
  free(table->heap);
  memset(table, 0, sizeof *table);
}

struct lease_entry *lease_table_find(const struct lease_table *table, uint32_t address) {
  return address_tree_find(&table->tree, address);
}

struct lease_entry *lease_table_next(const struct lease_table *table, uint32_t from) {
  return address_tree_next(&table->tree, from);
}

struct lease_entry *lease_table_put(struct lease_table *table, const dhcpha_lease *lease) {
  struct lease_entry *old = lease_table_find(table, ip4_of(&lease->address));
  if (old != NULL && lease_entry_differs_in_numbers_only(old, lease)) {
    lease_entry_set_numbers(old, lease);
    heap_update(table, old);
    return old;
  }
  if (!heap_reserve(table)) return NULL;
  struct lease_entry *entry = lease_entry_new(lease);
  if (entry == NULL) return NULL;
  void **slot = address_tree_slot(&table->tree, entry->address);
  if (slot == NULL) {
    free(entry);
    return NULL;
  }
  if (old != NULL) {
    index_remove(table, old);
    heap_remove(table, old);
    free(old);
    table->count--;
  }
  *slot = entry;
  table->count++;
  index_add(table, entry);
  heap_update(table, entry);
  return entry;
}

bool lease_table_remove(struct lease_table *table, uint32_t address) {
  struct lease_entry *entry = lease_table_find(table, address);
  if (entry == NULL) return false;
  index_remove(table, entry);
  heap_remove(table, entry);
  address_tree_remove(&table->tree, address);
  free(entry);
  table->count--;
  return true;
}
