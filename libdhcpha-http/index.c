/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "index.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS_AT_FIRST 32

/* FNV-1a.  Keys come from the configuration: nobody means ill with them. */
static uint32_t hash_of(const char *key) {
  uint32_t hash = 2166136261u;
  for (; *key != '\0'; key++) hash = (hash ^ (unsigned char)*key) * 16777619u;
  return hash;
}

static dhcpha_index_node **get_bucket(const dhcpha_index *index, uint32_t hash) {
  return &index->buckets[hash & (index->bucket_count - 1)];
}

void *dhcpha_index_find(const dhcpha_index *index, const char *key) {
  if (index->count == 0) return NULL;
  uint32_t hash = hash_of(key);
  for (dhcpha_index_node *node = *get_bucket(index, hash); node != NULL; node = node->next)
    if (node->hash == hash && strcmp(node->key, key) == 0) return node->thing;
  return NULL;
}

static void link_in(dhcpha_index *index, dhcpha_index_node *node) {
  dhcpha_index_node **bucket = get_bucket(index, node->hash);
  node->next = *bucket;
  *bucket = node;
}

static bool grow(dhcpha_index *index) {
  dhcpha_index larger = { NULL, index->bucket_count * 2, index->count };
  if (larger.bucket_count == 0) larger.bucket_count = BUCKETS_AT_FIRST;
  larger.buckets = calloc(larger.bucket_count, sizeof(dhcpha_index_node *));
  if (larger.buckets == NULL) return false;
  for (size_t i = 0; i < index->bucket_count; i++) {
    while (index->buckets[i] != NULL) {
      dhcpha_index_node *node = index->buckets[i];
      index->buckets[i] = node->next;
      link_in(&larger, node);
    }
  }
  free(index->buckets);
  *index = larger;
  return true;
}

bool dhcpha_index_add(dhcpha_index *index, dhcpha_index_node *node, const char *key, void *thing) {
  if (index->count >= index->bucket_count && !grow(index) && index->bucket_count == 0) return false;
  *node = (dhcpha_index_node){ NULL, key, thing, hash_of(key), true };
  link_in(index, node);
  index->count++;
  return true;
}

void dhcpha_index_remove(dhcpha_index *index, dhcpha_index_node *node) {
  if (!node->inside) return;
  dhcpha_index_node **link = get_bucket(index, node->hash);
  while (*link != node) link = &(*link)->next;
  *link = node->next;
  node->inside = false;
  index->count--;
}

void dhcpha_index_free(dhcpha_index *index) {
  free(index->buckets);
  *index = (dhcpha_index){ NULL, 0, 0 };
}
