/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * index: what is found by a text, in a time that does not grow with the number of things.
 */
#ifndef DHCPHA_HTTP_INDEX_H
#define DHCPHA_HTTP_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Part of the thing that is found. */
typedef struct dhcpha_index_node {
  struct dhcpha_index_node *next;
  const char *key; /* The thing's. */
  void *thing;
  uint32_t hash;
  bool inside;
} dhcpha_index_node;

typedef struct dhcpha_index {
  dhcpha_index_node **buckets;
  size_t bucket_count; /* A power of 2, or 0. */
  size_t count;
} dhcpha_index;

/* NULL: there is none. */
void *dhcpha_index_find(const dhcpha_index *index, const char *key);
/* False: out of memory. */
bool dhcpha_index_add(dhcpha_index *index, dhcpha_index_node *node, const char *key, void *thing);
/* One that is not inside is fine. */
void dhcpha_index_remove(dhcpha_index *index, dhcpha_index_node *node);
void dhcpha_index_free(dhcpha_index *index);

#endif
