/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/byte_map.h"

#include <string.h>

#include "base/allocator.h"

#define ENTRIES_MIN 16      /* of the first allocation */
#define KEY_BYTES_MIN 256   /* of the first allocation */
#define VALUE_ALIGNMENT 16
#define DEAD_SHARE 8        /* compacted rather than grown when one part in these is dead */

typedef struct entry {
  size_t key_at; /* in keys */
  uint32_t key_len;
  uint32_t hash;
  bool live;
} entry;

/* Entries and their values stand in order of insertion.  A removed one stays, dead, until the
 * table is compacted, which takes no memory.  A slot holds an entry's index + 1; there are at
 * least twice as many slots as entries, dead ones included, so that a search ends. */
struct dhcpha_byte_map {
  const dhcpha_allocator *allocator;
  size_t value_size; /* as asked for */
  size_t stride;     /* of values */
  size_t max_entries;
  size_t live;       /* entries */
  size_t used;       /* entries, dead ones included */
  size_t capacity;   /* of entries and values */
  size_t keys_live, keys_used, keys_capacity; /* bytes */
  size_t slot_mask;  /* count of slots - 1 */
  entry *entries;
  uint8_t *values;
  uint8_t *keys;
  uint32_t *slots;
};

/* FNV-1a: the same in every run. */
static uint32_t hash_of(const uint8_t *key, size_t len) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (size_t i = 0; i < len; i++) hash = (hash ^ key[i]) * UINT64_C(0x100000001b3);
  return (uint32_t)(hash ^ (hash >> 32));
}

dhcpha_byte_map *dhcpha_byte_map_new(const dhcpha_allocator *allocator, size_t value_size,
                                     size_t max_entries) {
  dhcpha_byte_map *map = dhcpha_allocate(allocator, 1, sizeof *map);
  if (map == NULL) return NULL;
  map->allocator = allocator;
  map->value_size = value_size;
  map->stride = (value_size + VALUE_ALIGNMENT - 1) / VALUE_ALIGNMENT * VALUE_ALIGNMENT;
  if (map->stride == 0) map->stride = VALUE_ALIGNMENT;
  /* A slot is 32 bits wide. */
  map->max_entries = max_entries < UINT32_MAX / 4 ? max_entries : UINT32_MAX / 4;
  return map;
}

void dhcpha_byte_map_free(dhcpha_byte_map *map) {
  if (map == NULL) return;
  dhcpha_release(map->allocator, map->entries);
  dhcpha_release(map->allocator, map->values);
  dhcpha_release(map->allocator, map->keys);
  dhcpha_release(map->allocator, map->slots);
  dhcpha_release(map->allocator, map);
}

size_t dhcpha_byte_map_count(const dhcpha_byte_map *map) {
  return map->live;
}

static void *value_at(const dhcpha_byte_map *map, size_t index) {
  return map->values + index * map->stride;
}

static void put_in_slot(dhcpha_byte_map *map, uint32_t hash, size_t index) {
  size_t at = hash & map->slot_mask;
  while (map->slots[at] != 0) at = (at + 1) & map->slot_mask;
  map->slots[at] = (uint32_t)(index + 1);
}

/* Closes the gaps that dead entries left. */
static void compact(dhcpha_byte_map *map) {
  size_t to = 0, key_to = 0;
  if (map->capacity == 0) return;
  memset(map->slots, 0, (map->slot_mask + 1) * sizeof *map->slots);
  for (size_t from = 0; from < map->used; from++) {
    entry moved = map->entries[from];
    if (!moved.live) continue;
    if (moved.key_len != 0) memmove(map->keys + key_to, map->keys + moved.key_at, moved.key_len);
    moved.key_at = key_to;
    key_to += moved.key_len;
    if (to != from) memcpy(value_at(map, to), value_at(map, from), map->stride);
    map->entries[to] = moved;
    put_in_slot(map, moved.hash, to++);
  }
  map->used = map->live = to;
  map->keys_used = map->keys_live = key_to;
}

/* Each part that has been enlarged stays so when a later one fails: the map remains whole. */
static bool grow_entries(dhcpha_byte_map *map, size_t capacity) {
  size_t slot_count = ENTRIES_MIN;
  if (capacity < ENTRIES_MIN) capacity = ENTRIES_MIN;
  while (slot_count < capacity * 2) slot_count *= 2;
  entry *entries = dhcpha_reallocate(map->allocator, map->entries, capacity, sizeof *entries);
  if (entries == NULL) return false;
  map->entries = entries;
  uint8_t *values = dhcpha_reallocate(map->allocator, map->values, capacity, map->stride);
  if (values == NULL) return false;
  map->values = values;
  if (map->slots == NULL || slot_count > map->slot_mask + 1) {
    uint32_t *slots = dhcpha_allocate(map->allocator, slot_count, sizeof *slots);
    if (slots == NULL) return false;
    dhcpha_release(map->allocator, map->slots);
    map->slots = slots;
    map->slot_mask = slot_count - 1;
  }
  map->capacity = capacity;
  compact(map); /* fills the new slots */
  return true;
}

static bool grow_keys(dhcpha_byte_map *map, size_t capacity) {
  if (capacity < KEY_BYTES_MIN) capacity = KEY_BYTES_MIN;
  uint8_t *keys = dhcpha_reallocate(map->allocator, map->keys, capacity, 1);
  if (keys == NULL) return false;
  map->keys = keys;
  map->keys_capacity = capacity;
  return true;
}

dhcpha_status dhcpha_byte_map_reserve(dhcpha_byte_map *map, size_t entries, size_t key_bytes) {
  if (entries > map->max_entries - map->live) entries = map->max_entries - map->live;
  if (key_bytes > SIZE_MAX / 4) return DHCPHA_ERR_NOMEM;
  /* The surplus keeps the share of dead entries above DEAD_SHARE when it is full: then room is
   * made by compacting, and not after every removal. */
  size_t need = map->live + entries;
  size_t keys_need = map->keys_live + key_bytes;
  need += need / 4 + 1;
  keys_need += keys_need / 4 + 1;
  if (need > map->capacity && !grow_entries(map, need)) return DHCPHA_ERR_NOMEM;
  if (keys_need > map->keys_capacity && !grow_keys(map, keys_need)) return DHCPHA_ERR_NOMEM;
  return DHCPHA_OK;
}

/* The index of the key's entry, or SIZE_MAX. */
static size_t find(const dhcpha_byte_map *map, const void *key, size_t key_len, uint32_t hash) {
  if (map->live == 0) return SIZE_MAX;
  for (size_t at = hash & map->slot_mask; map->slots[at] != 0; at = (at + 1) & map->slot_mask) {
    const entry *found = &map->entries[map->slots[at] - 1];
    if (found->live && found->hash == hash && found->key_len == key_len &&
        (key_len == 0 || memcmp(map->keys + found->key_at, key, key_len) == 0))
      return map->slots[at] - 1;
  }
  return SIZE_MAX;
}

void *dhcpha_byte_map_find(const dhcpha_byte_map *map, const void *key, size_t key_len) {
  size_t index = find(map, key, key_len, hash_of(key, key_len));
  return index == SIZE_MAX ? NULL : value_at(map, index);
}

static bool make_room(dhcpha_byte_map *map, size_t key_len) {
  bool entries_full = map->used == map->capacity;
  bool keys_full = key_len > map->keys_capacity - map->keys_used;
  if ((entries_full && map->used - map->live >= map->capacity / DEAD_SHARE) ||
      (keys_full && map->keys_used - map->keys_live >= map->keys_capacity / DEAD_SHARE))
    compact(map);
  if (map->used == map->capacity && !grow_entries(map, map->capacity * 2)) return false;
  if (key_len <= map->keys_capacity - map->keys_used) return true;
  size_t double_capacity = map->keys_capacity * 2;
  size_t need = map->keys_used + key_len;
  return grow_keys(map, need > double_capacity ? need : double_capacity);
}

dhcpha_status dhcpha_byte_map_insert(dhcpha_byte_map *map, const void *key, size_t key_len,
                                     void **value, bool *added) {
  uint32_t hash = hash_of(key, key_len);
  size_t index = find(map, key, key_len, hash);
  if (added != NULL) *added = index == SIZE_MAX;
  if (index == SIZE_MAX) {
    if (map->live >= map->max_entries || key_len > UINT32_MAX) return DHCPHA_ERR_LIMIT;
    if (!make_room(map, key_len)) return DHCPHA_ERR_NOMEM;
    index = map->used++;
    map->entries[index] = (entry){ map->keys_used, (uint32_t)key_len, hash, true };
    if (key_len != 0) memcpy(map->keys + map->keys_used, key, key_len);
    map->keys_used += key_len;
    map->keys_live += key_len;
    map->live++;
    memset(value_at(map, index), 0, map->stride);
    put_in_slot(map, hash, index);
  }
  if (value != NULL) *value = value_at(map, index);
  return DHCPHA_OK;
}

static void bury(dhcpha_byte_map *map, size_t index) {
  map->entries[index].live = false;
  map->live--;
  map->keys_live -= map->entries[index].key_len;
}

bool dhcpha_byte_map_remove(dhcpha_byte_map *map, const void *key, size_t key_len) {
  size_t index = find(map, key, key_len, hash_of(key, key_len));
  if (index == SIZE_MAX) return false;
  bury(map, index);
  return true;
}

void dhcpha_byte_map_clear(dhcpha_byte_map *map) {
  if (map->used == 0) return; /* all slots are empty */
  map->live = map->used = 0;
  map->keys_live = map->keys_used = 0;
  if (map->slots != NULL) memset(map->slots, 0, (map->slot_mask + 1) * sizeof *map->slots);
}

void dhcpha_byte_map_filter(dhcpha_byte_map *map,
                            bool (*keep)(const void *key, size_t key_len, void *value,
                                         void *user_data),
                            void *user_data) {
  for (size_t i = 0; i < map->used; i++) {
    const entry *visited = &map->entries[i];
    if (visited->live &&
        !keep(map->keys + visited->key_at, visited->key_len, value_at(map, i), user_data))
      bury(map, i);
  }
}
