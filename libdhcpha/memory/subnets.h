/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * subnets: the host's subnets: is there one with this id, and which holds this address?
 * Floor: memory.  Spec: P1 4.8, P2 6.5.
 */
#ifndef DHCPHA_MEMORY_SUBNETS_H
#define DHCPHA_MEMORY_SUBNETS_H

#include <dhcpha/config.h>
#include <dhcpha/lease.h>

typedef struct dhcpha_subnets {
  const dhcpha_allocator *allocator;
  dhcpha_subnet *subnets; /* by id; their names are owned */
  size_t count;
} dhcpha_subnets;

void dhcpha_subnets_init(dhcpha_subnets *subnets, const dhcpha_allocator *allocator);
void dhcpha_subnets_free(dhcpha_subnets *subnets);
dhcpha_status dhcpha_subnets_set(dhcpha_subnets *subnets, const dhcpha_subnet *given,
                                 size_t count);
const dhcpha_subnet *dhcpha_subnets_find(const dhcpha_subnets *subnets, uint32_t id);
const dhcpha_subnet *dhcpha_subnets_find_address(const dhcpha_subnets *subnets,
                                                 const dhcpha_address *address);
/* P2 6.5: whether any subnet is bound to a peer of the relationship ... */
bool dhcpha_subnets_have_filter(const dhcpha_subnets *subnets,
                                const dhcpha_relationship *relationship);
/* ... and whether this one is. */
bool dhcpha_subnets_belong(const dhcpha_subnets *subnets,
                           const dhcpha_relationship *relationship, uint32_t id);

#endif
