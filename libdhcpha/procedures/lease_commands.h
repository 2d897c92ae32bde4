/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * lease_commands: a peer's command about one lease, carried out on the host's store.
 * Floor: procedures.  Spec: P1 4.8.
 * Each takes the answer to be: it is sent at once, or when the store is done.
 */
#ifndef DHCPHA_PROCEDURES_LEASE_COMMANDS_H
#define DHCPHA_PROCEDURES_LEASE_COMMANDS_H

#include "memory/context.h"
#include "rules/command.h"

void dhcpha_lease_update(dhcpha_context *context, const dhcpha_command *command,
                         dhcpha_action *answer);
/* FOREIGN, with the answer untouched, when the lease is not named by its address. */
dhcpha_status dhcpha_lease_delete(dhcpha_context *context, const dhcpha_command *command,
                                  dhcpha_action *answer);
/* The host's outcome, of a bulk too. */
void dhcpha_lease_stored(dhcpha_context *context, dhcpha_exchange *exchange,
                         const dhcpha_stored *results, size_t count);

#endif
