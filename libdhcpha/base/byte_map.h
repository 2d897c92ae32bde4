/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * byte_map: a hash table keyed by bytes, with a ceiling.
 * Floor: base.
 * Keys are copied in.  A value is a fixed number of bytes, zeroed on insertion,
 * and may move with the next insertion.  Iteration is in order of insertion
 * (a removed entry's place is taken by none), so that nothing depends on the
 * hash.  dhcpha_byte_map_reserve() makes later insertions allocate nothing.
 */
#ifndef DHCPHA_BASE_BYTE_MAP_H
#define DHCPHA_BASE_BYTE_MAP_H

#include <dhcpha/types.h>

typedef struct dhcpha_byte_map dhcpha_byte_map;

dhcpha_byte_map *dhcpha_byte_map_new(const dhcpha_allocator *allocator, size_t value_size,
                                     size_t max_entries);
void dhcpha_byte_map_free(dhcpha_byte_map *map);
size_t dhcpha_byte_map_count(const dhcpha_byte_map *map);
/* Room for `entries` more entries with `key_bytes` more bytes of keys in all. */
dhcpha_status dhcpha_byte_map_reserve(dhcpha_byte_map *map, size_t entries, size_t key_bytes);
/* The value, or NULL. */
void *dhcpha_byte_map_find(const dhcpha_byte_map *map, const void *key, size_t key_len);
/* Finds or inserts.  NOMEM, or LIMIT at the ceiling.  *added tells which (may be NULL). */
dhcpha_status dhcpha_byte_map_insert(dhcpha_byte_map *map, const void *key, size_t key_len,
                                     void **value, bool *added);
bool dhcpha_byte_map_remove(dhcpha_byte_map *map, const void *key, size_t key_len);
void dhcpha_byte_map_clear(dhcpha_byte_map *map); /* memory kept */
/* Visits all, oldest first; a visitor that returns false has the entry removed. */
void dhcpha_byte_map_filter(dhcpha_byte_map *map,
                            bool (*keep)(const void *key, size_t key_len, void *value,
                                         void *user_data),
                            void *user_data);

#endif
