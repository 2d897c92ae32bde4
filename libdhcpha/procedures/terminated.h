/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * terminated: what can be done there: the cause is watched, and its end seen.
 * Floor: procedures.  Spec: P2 7.4, 11.8, 15.19.
 */
#ifndef DHCPHA_PROCEDURES_TERMINATED_H
#define DHCPHA_PROCEDURES_TERMINATED_H

#include "memory/service_memory.h"

/* On entry; `reason` is the rule's. */
void dhcpha_terminated_enter(dhcpha_service *service, const char *reason);
/* What was stored about the partner is old: it must not bring the service back here at once. */
void dhcpha_terminated_leave(dhcpha_service *service);
/* Something new was heard of the partner, or not. */
void dhcpha_terminated_watch(dhcpha_service *service);
/* When the service is to recover by itself; DHCPHA_NEVER: it is not. */
int64_t dhcpha_terminated_due(const dhcpha_service *service);
/* It does so now. */
void dhcpha_terminated_recovers(dhcpha_service *service);

#endif
