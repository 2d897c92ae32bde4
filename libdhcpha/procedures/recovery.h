/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * recovery: emptying the backlog after communication was lost, or ha-reset where it can't help.
 * Floor: procedures.  Spec: P2 5.3 to 5.6, 15.1, 15.32.
 * A lease stays in the backlog until the partner has acknowledged it.
 */
#ifndef DHCPHA_PROCEDURES_RECOVERY_H
#define DHCPHA_PROCEDURES_RECOVERY_H

#include "memory/service_memory.h"
#include "rules/command.h"

/* Nothing happens while an earlier step is on its way, or has failed and no heartbeat has come
 * since. */
void dhcpha_recovery_flush(dhcpha_service *service);
void dhcpha_recovery_reset_partner(dhcpha_service *service);
/* Takes an outcome in.  True when the partner's ha-reset succeeded. */
bool dhcpha_recovery_finish(dhcpha_service *service, const dhcpha_exchange *exchange,
                            const dhcpha_answer *answer);
/* The state was left: nothing of it may reach the next time (P2 15.32). */
void dhcpha_recovery_clear(dhcpha_service *service);

#endif
