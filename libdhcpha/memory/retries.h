/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * retries: when updates are sent again that a peer was too busy for.
 * Floor: memory.  Spec: P1 4.8 ("ResourceBusy").
 * The waits are jittered, so that two servers that met once do not meet again and again.  The
 * jitter is a function of the server's name and of how many there were before: it is the same in
 * every run.
 */
#ifndef DHCPHA_MEMORY_RETRIES_H
#define DHCPHA_MEMORY_RETRIES_H

#include "memory/updates.h"

#define DHCPHA_RETRY_MS_MIN 50
#define DHCPHA_RETRY_MS_MAX 500
#define DHCPHA_RETRY_ATTEMPTS_MAX 10    /* the first one included */
#define DHCPHA_RETRY_PERIOD_MS 10000    /* from the first: the client gives up then, too */

/* Each of this server's names makes the jitter another one. */
void dhcpha_retries_seed(dhcpha_updates *updates, const char *name);
/* A wait; the next one is another. */
int64_t dhcpha_retries_choose_wait(dhcpha_updates *updates);

/* Puts an update off until then; DHCPHA_NEVER: not any more. */
void dhcpha_retries_set(dhcpha_updates *updates, uint32_t index, int64_t due_ms);
int64_t dhcpha_retries_get_expiry(const dhcpha_updates *updates);
/* The first that is due; DHCPHA_NO_UPDATE: none. */
uint32_t dhcpha_retries_first_due(const dhcpha_updates *updates, int64_t now_ms);

#endif
