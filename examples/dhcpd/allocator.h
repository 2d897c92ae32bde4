/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * allocator: the pools of all subnets at work, and what is on offer from them.
 * It follows the store, so that a pool knows which of its addresses are free.  Who gets which is
 * for allocate4 and allocate6.
 */
#ifndef DHCPD_ALLOCATOR_H
#define DHCPD_ALLOCATOR_H

#include "configuration.h"
#include "offers.h"
#include "pool.h"
#include "store.h"

/* A pool at work. */
struct live_pool {
  struct pool pool;
  const struct pool_config *config;
  const struct subnet *subnet;
};

struct allocator {
  const struct config *config;
  struct store *store;
  struct live_pool *live;  /* in the order of the configuration */
  struct live_pool **sorted; /* in the order of their addresses */
  size_t live_count;
  struct offers offers;
};

/* Take over the leases of the store, and follow its changes. */
bool allocator_init(struct allocator *allocator, const struct config *config, struct store *store);
void allocator_free(struct allocator *allocator);

/* Where an address or a prefix lies; NULL: in no pool. */
const struct live_pool *allocator_find(const struct allocator *allocator, struct lease_id id);

/* The pool of an address or a prefix; NULL: none. */
const struct pool_config *allocator_pool(const struct allocator *allocator, struct lease_id id);

/* The next address or prefix of this type for clients of this class; none: there is none. */
struct ip allocator_next(struct allocator *allocator, const struct subnet *subnet, uint8_t type,
                         const char *client_class);

/* Keep ID for a client for a while; CLIENT is what the offer is found by. */
void allocator_promise(struct allocator *allocator, uint64_t client, struct lease_id id,
                       int64_t now_ms);

/* Withdraw what is promised to a client, if anything is. */
void allocator_forget(struct allocator *allocator, uint64_t client);

#endif
