/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "pool.h"

#include <string.h>

bool pool_init(struct pool *pool, struct ip first, struct ip last, unsigned shift) {
  memset(pool, 0, sizeof *pool);
  pool->first = first;
  pool->last = last;
  pool->shift = shift;
  if (ip_compare(last, first) < 0) return false;
  struct ip most = ip_shift_right(ip_subtract(last, first), shift);
  bool all = most.high == 0 && most.low < BITSET_COUNT_MAX;
  size_t count = all ? (size_t)most.low + 1 : BITSET_COUNT_MAX;
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

bool pool_contains(const struct pool *pool, struct ip address) {
  return ip_compare(pool->first, address) <= 0 && ip_compare(address, pool->last) <= 0;
}

/* BITSET_NONE: it is none of those that are remembered. */
static size_t member_of(const struct pool *pool, struct ip address) {
  struct ip member = ip_shift_right(ip_subtract(address, pool->first), pool->shift);
  return member.high == 0 && member.low < pool->free.count ? (size_t)member.low : BITSET_NONE;
}

enum pool_state pool_get(const struct pool *pool, struct ip address) {
  size_t member = member_of(pool, address);
  if (bitset_has(&pool->free, member)) return POOL_FREE;
  return bitset_has(&pool->reclaimable, member) ? POOL_RECLAIMABLE : POOL_TAKEN;
}

void pool_set(struct pool *pool, struct ip address, enum pool_state state) {
  size_t member = member_of(pool, address);
  bitset_remove(&pool->free, member);
  bitset_remove(&pool->reclaimable, member);
  if (state == POOL_FREE) bitset_add(&pool->free, member);
  if (state == POOL_RECLAIMABLE) bitset_add(&pool->reclaimable, member);
}

static size_t next_round(const struct bitset *set, size_t from) {
  size_t member = bitset_next(set, from);
  return member != BITSET_NONE ? member : bitset_next(set, 0);
}

bool pool_next(struct pool *pool, struct ip *address) {
  size_t member = next_round(&pool->free, pool->cursor);
  if (member == BITSET_NONE) member = next_round(&pool->reclaimable, pool->cursor);
  if (member == BITSET_NONE) return false;
  pool->cursor = member + 1;
  *address = ip_add(pool->first, ip_shift_left((struct ip){ 0, member }, pool->shift));
  return true;
}
