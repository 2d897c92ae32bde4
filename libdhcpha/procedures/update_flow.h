/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * update_flow: the way of one lease to one peer: taken in, ready when its turn has come, over.
 * Floor: procedures.  Spec: P2 4.3, 4.4, 4.6, 4.7.
 * Of one address one update is under way.  What comes meanwhile waits for its turn by itself: a
 * DHCPv6 exchange whose leases are partly busy leaves in two commands.  So a command never waits
 * while it holds an address, and none can wait for another in a circle.  When its turn comes, an
 * update is treated as the state of then demands.
 */
#ifndef DHCPHA_PROCEDURES_UPDATE_FLOW_H
#define DHCPHA_PROCEDURES_UPDATE_FLOW_H

#include "memory/service_memory.h"

typedef enum dhcpha_treatment {
  DHCPHA_TREAT_SEND,
  DHCPHA_TREAT_QUEUE,   /* for the time after communication-recovery */
  DHCPHA_TREAT_LEAVE_OUT /* and count */
} dhcpha_treatment;

/* P2 4.3. */
dhcpha_treatment dhcpha_update_flow_treat(const dhcpha_service *service, const dhcpha_peer *peer);
void dhcpha_update_flow_count_unsent(dhcpha_service *service);
void dhcpha_update_flow_keep(dhcpha_service *service, bool is_delete, const dhcpha_lease *lease);

/* Takes a lease in for a peer that is sent to.  `parked`: the query that waits for it, or
 * DHCPHA_NO_INDEX. */
void dhcpha_update_flow_take(dhcpha_service *service, size_t peer, bool is_delete,
                             const dhcpha_lease *lease, uint64_t group, uint32_t parked);
/* An update that was under way is over.  True when a query waited for nothing else. */
bool dhcpha_update_flow_end(dhcpha_service *service, uint32_t index, bool drop);
/* One that waits is given up. */
void dhcpha_update_flow_lose(dhcpha_service *service, uint32_t index);
/* A backup will not have it. */
void dhcpha_update_flow_count_lost(dhcpha_service *service, size_t peer);
/* An update that was under way is to be sent again. */
void dhcpha_update_flow_put_off(dhcpha_service *service, uint32_t index, int64_t due_ms);
/* One that was put off, and all with it, are due: they are ready to be sent to the peer it gives. */
size_t dhcpha_update_flow_resume(dhcpha_service *service, uint32_t index);
/* Queries that have waited too long are dropped. */
void dhcpha_update_flow_expire_queries(dhcpha_context *context);
/* Another state: what waits for the partner may have to be kept, or left out. */
void dhcpha_update_flow_state_changed(dhcpha_service *service);

#endif
