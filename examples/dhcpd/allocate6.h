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

#include "allocator.h"

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

/* The lease the IA has, or had; NULL when there is none. */
const struct lease_entry *allocate6_find(const struct allocator *allocator,
                                         const struct association6 *ia);

/* Whether a lease is this IA's. */
bool association6_owns(const struct association6 *ia, const struct lease_entry *lease);

/* Choose an address or a prefix and keep it for the client for a while; none: there is none.
 * WISH may be none. */
struct ip allocate6_offer(struct allocator *allocator, const struct association6 *ia,
                          struct ip wish, int64_t now_ms);

/* Whether the IA may have this address or prefix. */
bool allocate6_may_have(const struct allocator *allocator, const struct association6 *ia,
                        struct ip address);

/* The client took an offer, of this server or another. */
void allocate6_forget_offer(struct allocator *allocator, const struct association6 *ia);

#endif
