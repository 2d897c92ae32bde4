/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * lease_pages: a peer's leaseX-get-page and -get-all: leases out of the host's store.
 * Floor: procedures.  Spec: P1 1.9, 4.8, P2 6.2, 6.3.
 * They are written as the host hands them over, and sent when it is done.
 */
#ifndef DHCPHA_PROCEDURES_LEASE_PAGES_H
#define DHCPHA_PROCEDURES_LEASE_PAGES_H

#include "memory/context.h"
#include "memory/peer_abilities.h"
#include "rules/command.h"

#define DHCPHA_GET_ALL_SUBNETS_MAX 65536 /* named in one leaseX-get-all */

/* `released`: what of leases in states 3 and 4 the asking peer can read (P2 15.8). */
void dhcpha_lease_get_page(dhcpha_context *context, const dhcpha_command *command,
                           dhcpha_action *answer, dhcpha_released_treatment released);
void dhcpha_lease_get_all(dhcpha_context *context, const dhcpha_command *command,
                          dhcpha_action *answer, dhcpha_released_treatment released);
/* What the host reads, and its end. */
dhcpha_status dhcpha_lease_read(dhcpha_context *context, dhcpha_exchange *exchange,
                                const dhcpha_lease *leases, size_t count);
void dhcpha_lease_read_done(dhcpha_context *context, dhcpha_exchange *exchange,
                            dhcpha_status status);

#endif
