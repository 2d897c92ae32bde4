/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "pool.h"

#include <string.h>

bool pool_init(struct pool *pool, uint32_t first, uint32_t last) {
  memset(pool, 0, sizeof *pool);
  pool->first = first;
  pool->last = last;
  if (last < first || last - first >= BITSET_COUNT_MAX) return false;
  size_t count = (size_t)(last - first) + 1;
  if (!bitset_init(&pool->free, count) || !bitset_init(&pool->reclaimable, count)) {
    pool_clear(pool);
    return false;
  }
  bitset_add_all(&pool->free);
  return true;
}

void pool_clear(struct pool *pool) {
  bitset_free(&pool->free);
  bitset_free(&pool->reclaimable);
}

bool pool_contains(const struct pool *pool, uint32_t address) {
  return pool->first <= address && address <= pool->last;
}

enum pool_state pool_get(const struct pool *pool, uint32_t address) {
  size_t member = address - pool->first;
  if (bitset_has(&pool->free, member)) return POOL_FREE;
  return bitset_has(&pool->reclaimable, member) ? POOL_RECLAIMABLE : POOL_TAKEN;
}

void pool_set(struct pool *pool, uint32_t address, enum pool_state state) {
  size_t member = address - pool->first;
  bitset_remove(&pool->free, member);
  bitset_remove(&pool->reclaimable, member);
  if (state == POOL_FREE) bitset_add(&pool->free, member);
  if (state == POOL_RECLAIMABLE) bitset_add(&pool->reclaimable, member);
}

static size_t next_round(const struct bitset *set, size_t from) {
  size_t member = bitset_next(set, from);
  return member != BITSET_NONE ? member : bitset_next(set, 0);
}

bool pool_next(struct pool *pool, uint32_t *address) {
  size_t member = next_round(&pool->free, pool->cursor);
  if (member == BITSET_NONE) member = next_round(&pool->reclaimable, pool->cursor);
  if (member == BITSET_NONE) return false;
  pool->cursor = member + 1;
  *address = pool->first + (uint32_t)member;
  return true;
}
