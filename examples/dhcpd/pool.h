/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * pool: which addresses of a range are to be had.
 * Taking the next one costs the same however many are in use.
 */
#ifndef DHCPD_POOL_H
#define DHCPD_POOL_H

#include "bitset.h"

/* How an address stands. */
enum pool_state {
  POOL_FREE,        /* nobody's */
  POOL_RECLAIMABLE, /* its lease is over; kept for its client while there are others */
  POOL_TAKEN        /* leased, declined or on offer */
};

struct pool {
  uint32_t first, last; /* host order */
  struct bitset free, reclaimable;
  size_t cursor; /* where the search goes on, so that an address rests before its next use */
};

/* All addresses are free.  False: no memory, or more than BITSET_COUNT_MAX. */
bool pool_init(struct pool *pool, uint32_t first, uint32_t last);
void pool_clear(struct pool *pool);

bool pool_contains(const struct pool *pool, uint32_t address);
enum pool_state pool_get(const struct pool *pool, uint32_t address);
void pool_set(struct pool *pool, uint32_t address, enum pool_state state);

/* The next free address, or else the next reclaimable one.  It stays as it is: use pool_set(). */
bool pool_next(struct pool *pool, uint32_t *address);

#endif
