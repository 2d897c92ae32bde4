/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * service: takes an event, gathers the facts, follows the table until it settles.
 * Floor: service.  Spec: P2 1, 3, 6.6, 6.7, 15.
 * Transitions settle at once: a state that is entered acts, and is left again
 * if its rules say so, before the event is over (P2 15.2, 15.4, 15.5).
 */
#ifndef DHCPHA_SERVICE_SERVICE_H
#define DHCPHA_SERVICE_SERVICE_H

#include "memory/service_memory.h"
#include "procedures/lease_updates.h"
#include "procedures/maintenance.h"
#include "rules/state_table.h"

/* P2 3.1, step 2d. */
void dhcpha_service_start(dhcpha_service *service);
/* When something is due. */
int64_t dhcpha_service_get_expiry(const dhcpha_service *service);
void dhcpha_service_expired(dhcpha_service *service);

/* The outcome of a command to a peer.  The exchange is a copy: it is over. */
void dhcpha_service_answered(dhcpha_service *service, const dhcpha_exchange *exchange,
                             const char *json, size_t json_len);
void dhcpha_service_failed(dhcpha_service *service, const dhcpha_exchange *exchange,
                           const char *why);
void dhcpha_service_stored(dhcpha_service *service, const dhcpha_exchange *exchange,
                           const dhcpha_stored *results, size_t count);

void dhcpha_service_judge(dhcpha_service *service, const dhcpha_query *query,
                          dhcpha_verdict *verdict);

/* A query of another scope: does its client tell that the partner failed?  P1 3.5. */
void dhcpha_service_note_unserved(dhcpha_service *service, const dhcpha_query *query);

/* On an administrator's or a peer's word. */
void dhcpha_service_reset(dhcpha_service *service); /* to waiting */
void dhcpha_service_go(dhcpha_service *service, dhcpha_state state, bool canceled);
/* Looks at the rules once more; `once` are facts of this event only. */
void dhcpha_service_settle(dhcpha_service *service, uint32_t once);
/* Sets the own prohibition of the DHCP service as the state wants it. */
void dhcpha_service_adjust(dhcpha_service *service);
/* P2 6.7, at the notified server.  `through`: see service_commands. */
void dhcpha_service_sync_completed(dhcpha_service *service, size_t through, int64_t origin);

/* All facts of now; rejected updates that are over are forgotten. */
uint32_t dhcpha_service_get_facts(dhcpha_service *service);

#endif
