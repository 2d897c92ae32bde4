/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * bulk_apply: a peer's lease6-bulk-apply: all of one exchange's leases in one command.
 * Floor: procedures.  Spec: P1 4.8 "lease6-bulk-apply in detail".
 * Either everything in it can be read, or nothing is changed.  Then each lease is for itself: the
 * answer names those that failed.
 */
#ifndef DHCPHA_PROCEDURES_BULK_APPLY_H
#define DHCPHA_PROCEDURES_BULK_APPLY_H

#include "memory/context.h"
#include "rules/command.h"

/* In the flags of a SERVE_STORE exchange: it is a bulk. */
#define DHCPHA_SERVES_BULK 1u

/* FOREIGN, with the answer untouched, when a lease is not named by its address. */
dhcpha_status dhcpha_bulk_apply(dhcpha_context *context, const dhcpha_command *command,
                                dhcpha_action *answer);
/* The host's outcome; the exchange has been removed. */
void dhcpha_bulk_stored(dhcpha_context *context, dhcpha_action *answer, uint32_t lease_count,
                        const dhcpha_stored *results, size_t count);

#endif
