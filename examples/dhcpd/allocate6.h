/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * allocate6: which address or prefix a DHCPv6 client gets for one of its identity associations.
 * The one it has, had, or was offered; else the one it asks for; else the next free one; and when
 * none is free, one whose lease is over.
 */
#ifndef DHCPD_ALLOCATE6_H
#define DHCPD_ALLOCATE6_H

#include "configuration.h"
#include "offers.h"
#include "pool.h"
#include "store.h"

/* Who asks. */
struct client6 {
  const uint8_t *duid;
  size_t duid_len;
  const char *client_class; /* "HA_server1", or "" */
};

/* What for: an identity association (IA). */
struct association6 {
  const struct subnet *subnet;
  const struct client6 *client;
  uint32_t iaid;
  uint8_t type; /* a #dhcpha_lease_type */
};

/* A pool at work. */
struct place6 {
  struct pool pool;
  const struct pool_config *config;
  const struct subnet *subnet;
};

struct allocator6 {
  const struct config *config;
  struct store *store;
  struct place6 *places;  /* in the order of the configuration */
  struct place6 **sorted; /* in the order of their addresses */
  size_t place_count;
  struct offers offers;
};

/* Take over the leases of the store, and follow its changes. */
bool allocator6_init(struct allocator6 *allocator, const struct config *config,
                     struct store *store);
void allocator6_free(struct allocator6 *allocator);

/* The lease the IA has, or had; NULL when there is none. */
const struct lease_entry *allocator6_find(const struct allocator6 *allocator,
                                          const struct association6 *ia);

/* Whether a lease is this IA's. */
bool association6_owns(const struct association6 *ia, const struct lease_entry *lease);

/* Choose an address or a prefix and keep it for the client for a while; none: there is none.
 * WISH may be none. */
struct ip allocator6_offer(struct allocator6 *allocator, const struct association6 *ia,
                           struct ip wish, int64_t now_ms);

/* Whether the IA may have this address or prefix. */
bool allocator6_may_have(const struct allocator6 *allocator, const struct association6 *ia,
                         struct ip address);

/* The client took an offer, of this server or another. */
void allocator6_forget_offer(struct allocator6 *allocator, const struct association6 *ia);

/* The pool of an address or a prefix; NULL: none. */
const struct pool_config *allocator6_pool(const struct allocator6 *allocator, struct lease_id id);

#endif
