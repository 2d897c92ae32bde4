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

#include "allocator.h"

/* Who asks. */
struct client4 {
  const uint8_t *client_id; /* option 61; of no length when there is none */
  size_t client_id_len;
  const uint8_t *hw_address;
  size_t hw_address_len;
  const char *client_class; /* "HA_server1", or "" */
};

/* The lease the client has in this subnet, or had; NULL when there is none. */
const struct lease_entry *allocate4_find(const struct allocator *allocator,
                                         const struct subnet *subnet,
                                         const struct client4 *client);

/* Whether a lease is this client's (match-client-id, as Kea has it). */
bool client4_owns(const struct client4 *client, const struct subnet *subnet,
                  const struct lease_entry *lease);

/* Choose an address and keep it for the client for a while; 0: there is none. */
uint32_t allocate4_offer(struct allocator *allocator, const struct subnet *subnet,
                         const struct client4 *client, uint32_t requested, int64_t now_ms);

/* Whether the client may have this address. */
bool allocate4_may_have(const struct allocator *allocator, const struct subnet *subnet,
                        const struct client4 *client, uint32_t address);

/* The client took an offer, of this server or another. */
void allocate4_forget_offer(struct allocator *allocator, const struct subnet *subnet,
                            const struct client4 *client);

#endif
