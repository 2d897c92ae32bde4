/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * versions: peers are asked for their commands, which tell their version.
 * Floor: procedures.  Spec: P1 6, P2 14.
 * A peer is asked when it is reached first, and again when it was lost or may have restarted.
 * Whatever becomes of it, the state machine is not told.
 */
#ifndef DHCPHA_PROCEDURES_VERSIONS_H
#define DHCPHA_PROCEDURES_VERSIONS_H

#include "memory/service_memory.h"
#include "rules/command.h"

/* The peer has answered something well. */
void dhcpha_versions_reached(dhcpha_service *service, const dhcpha_peer *peer);
/* The outcome of list-commands. */
void dhcpha_versions_finish(dhcpha_service *service, const dhcpha_exchange *exchange,
                            const dhcpha_answer *answer);
/* Any answer: of the form that Kea's have? */
void dhcpha_versions_note_answer(dhcpha_service *service, const dhcpha_peer *peer,
                                 const dhcpha_answer *answer);
/* The outcome of a lease update: backups, which get no heartbeats, are reached by these alone. */
void dhcpha_versions_note_update(dhcpha_service *service, const dhcpha_exchange *exchange,
                                 const dhcpha_answer *answer);

#endif
