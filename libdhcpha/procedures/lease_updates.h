/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * lease_updates: whom to send to, and what the answers mean.
 * Floor: procedures.  Spec: P2 4, P1 4.8.
 * A lease that the peer is too busy for ("ResourceBusy") is neither refused nor is the peer lost:
 * it is sent again, alone.
 */
#ifndef DHCPHA_PROCEDURES_LEASE_UPDATES_H
#define DHCPHA_PROCEDURES_LEASE_UPDATES_H

#include "memory/service_memory.h"
#include "rules/command.h"

/* What a query committed. */
typedef struct dhcpha_lease_changes {
  const dhcpha_lease *leases;
  size_t lease_count;
  const dhcpha_lease *deleted;
  size_t deleted_count;
} dhcpha_lease_changes;

dhcpha_status dhcpha_lease_updates_send(dhcpha_service *service, uint64_t query_id,
                                        const dhcpha_query *query,
                                        const dhcpha_lease_changes *changes, bool *parked);
/* Takes one outcome in.  True when it was the last one a query waited for: run the rules.  Then
 * dhcpha_lease_updates_go_on(), whatever it was: what waited for its end is treated as the state
 * demands that was reached. */
bool dhcpha_lease_updates_finish(dhcpha_service *service, const dhcpha_exchange *exchange,
                                 const dhcpha_answer *answer);
void dhcpha_lease_updates_go_on(dhcpha_service *service, const dhcpha_exchange *exchange);

#endif
