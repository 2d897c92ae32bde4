/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * pool: which addresses, or prefixes, of a range are to be had.
 * Taking the next one costs the same however many are in use.  Of a range that is too large to be
 * remembered one by one, the first BITSET_COUNT_MAX are handed out by turns, the others to clients
 * that ask for them.
 */
#ifndef DHCPD_POOL_H
#define DHCPD_POOL_H

#include "bitset.h"
#include "ip.h"

/* How an address stands. */
enum pool_state {
  POOL_FREE,        /* nobody's */
  POOL_RECLAIMABLE, /* its lease is over; kept for its client while there are others */
  POOL_TAKEN        /* leased, declined or on offer */
};

struct pool {
  struct ip first, last;
  unsigned shift; /* bits behind a prefix of the range; 0 for addresses */
  struct bitset free, reclaimable;
  size_t cursor; /* where the search goes on, so that an address rests before its next use */
};

/* All are free.  False: no memory, or LAST is before FIRST. */
bool pool_init(struct pool *pool, struct ip first, struct ip last, unsigned shift);
void pool_clear(struct pool *pool);

bool pool_contains(const struct pool *pool, struct ip address);
enum pool_state pool_get(const struct pool *pool, struct ip address);
void pool_set(struct pool *pool, struct ip address, enum pool_state state);

/* The next free address, or else the next reclaimable one.  It stays as it is: use pool_set(). */
bool pool_next(struct pool *pool, struct ip *address);

#endif
