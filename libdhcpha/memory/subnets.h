/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * subnets: the host's subnets: is there one with this id, which holds this address, and which
 * relationship is it bound to?
 * Floor: memory.  Spec: P1 1.12, 4.8, P2 6.5.
 */
#ifndef DHCPHA_MEMORY_SUBNETS_H
#define DHCPHA_MEMORY_SUBNETS_H

#include "rules/config.h"

#include <dhcpha/lease.h>

#define DHCPHA_UNBOUND SIZE_MAX

typedef struct dhcpha_known_subnet {
  dhcpha_subnet subnet; /* its name is owned */
  size_t relationship;  /* its name's, or DHCPHA_UNBOUND */
} dhcpha_known_subnet;

typedef struct dhcpha_subnets {
  const dhcpha_allocator *allocator;
  dhcpha_known_subnet *subnets; /* by id */
  size_t count;
  bool *bound; /* for each relationship: it has a subnet */
} dhcpha_subnets;

void dhcpha_subnets_init(dhcpha_subnets *subnets, const dhcpha_allocator *allocator);
void dhcpha_subnets_free(dhcpha_subnets *subnets);
dhcpha_status dhcpha_subnets_set(dhcpha_subnets *subnets, const dhcpha_config *config,
                                 const dhcpha_subnet *given, size_t count);
const dhcpha_subnet *dhcpha_subnets_find(const dhcpha_subnets *subnets, uint32_t id);
const dhcpha_subnet *dhcpha_subnets_find_address(const dhcpha_subnets *subnets,
                                                 const dhcpha_address *address);
/* Of a subnet that is not known, too: DHCPHA_UNBOUND. */
size_t dhcpha_subnets_get_relationship(const dhcpha_subnets *subnets, uint32_t id);
/* Subnets of no relationship. */
size_t dhcpha_subnets_count_unbound(const dhcpha_subnets *subnets);
/* P2 6.5: whether any subnet is bound to a peer of the relationship. */
bool dhcpha_subnets_have_filter(const dhcpha_subnets *subnets, size_t relationship);

#endif
