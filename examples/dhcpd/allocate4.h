/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * allocate4: which address a client gets.
 * The one it has, had, or was offered; else the one it asks for; else the next free one; and when
 * none is free, one whose lease is over.
 */
#ifndef DHCPD_ALLOCATE4_H
#define DHCPD_ALLOCATE4_H

#include "configuration.h"
#include "offers.h"
#include "pool.h"
#include "store.h"

/* Who asks. */
struct client4 {
  const uint8_t *client_id; /* option 61; of no length when there is none */
  size_t client_id_len;
  const uint8_t *hw_address;
  size_t hw_address_len;
  const char *client_class; /* "HA_server1", or "" */
};

/* A pool at work. */
struct place4 {
  struct pool pool;
  const struct pool_config *config;
  const struct subnet *subnet;
};

struct allocator4 {
  const struct config *config;
  struct store *store;
  struct place4 *places;  /* in the order of the configuration */
  struct place4 **sorted; /* in the order of their addresses */
  size_t place_count;
  struct offers offers;
};

/* Take over the leases of the store, and follow its changes. */
bool allocator4_init(struct allocator4 *allocator, const struct config *config,
                     struct store *store);
void allocator4_free(struct allocator4 *allocator);

/* The lease the client has in this subnet, or had; NULL when there is none. */
const struct lease_entry *allocator4_find(const struct allocator4 *allocator,
                                          const struct subnet *subnet,
                                          const struct client4 *client);

/* Whether a lease is this client's (match-client-id, as Kea has it). */
bool client4_owns(const struct client4 *client, const struct subnet *subnet,
                  const struct lease_entry *lease);

/* Choose an address and keep it for the client for a while; 0: there is none. */
uint32_t allocator4_offer(struct allocator4 *allocator, const struct subnet *subnet,
                          const struct client4 *client, uint32_t requested, int64_t now_ms);

/* Whether the client may have this address. */
bool allocator4_may_have(const struct allocator4 *allocator, const struct subnet *subnet,
                         const struct client4 *client, uint32_t address);

/* The client took an offer, of this server or another. */
void allocator4_forget_offer(struct allocator4 *allocator, const struct subnet *subnet,
                             const struct client4 *client);

/* The pool of an address; NULL: none. */
const struct pool_config *allocator4_pool(const struct allocator4 *allocator, uint32_t address);

#endif
