/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * recovery: emptying the backlog after communication was lost, or ha-reset where it can't help.
 * Floor: procedures.  Spec: P2 5.3 to 5.6, 15.1, 15.32.
 * Several commands are on their way at once: no two of them are about the same lease.  A lease
 * stays in the backlog until the partner has acknowledged it.
 */
#ifndef DHCPHA_PROCEDURES_RECOVERY_H
#define DHCPHA_PROCEDURES_RECOVERY_H

#include "memory/service_memory.h"
#include "rules/command.h"

#define DHCPHA_FLUSH_WINDOW 64      /* commands with one lease each, at a time */
#define DHCPHA_FLUSH_BULK_WINDOW 4  /* commands with many, at a time */
#define DHCPHA_FLUSH_BULK_LEASES 100
#define DHCPHA_FLUSH_BULK_BYTES 131072 /* of JSON, estimated; a longer lease goes alone */
#define DHCPHA_FLUSH_TRIES_MAX 5    /* of a lease the partner holds locked, a heartbeat apart */

/* Sends what may be sent.  Nothing happens while an ha-reset is on its way, or after a failure
 * before the next heartbeat. */
void dhcpha_recovery_flush(dhcpha_service *service);
/* Waits for the end of what is on its way. */
void dhcpha_recovery_reset_partner(dhcpha_service *service);
/* Takes an outcome in.  True when the partner's ha-reset succeeded. */
bool dhcpha_recovery_finish(dhcpha_service *service, const dhcpha_exchange *exchange,
                            const dhcpha_answer *answer);
/* After a heartbeat: what was kept and given up never came to a partner that has not synchronized
 * since: it took over when it was reset, or a command ended our state.  Once we both
 * serve, it is reset. */
void dhcpha_recovery_follow_up(dhcpha_service *service);
/* The state was left: nothing of it may reach the next time (P2 15.32). */
void dhcpha_recovery_clear(dhcpha_service *service);

#endif
