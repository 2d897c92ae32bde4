/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * replay_leases: the facts a replay takes out of the recording: configuration, subnets, leases.
 */
#ifndef TESTS_VECTORS_REPLAY_LEASES_H
#define TESTS_VECTORS_REPLAY_LEASES_H

#include "vectors/replay.h"

/* The server's configuration, with heartbeats due whenever Kea sent one. */
void replay_write_config(const replay *r, text *out);
void replay_set_subnets(replay *r);
/* The server's store as it was, as far as Kea's answer tells. */
void replay_prepare_store(replay *r, const recorded_exchange *x);
/* Are all of them in the store, as far as the subnets belong to the relationship (P2 6.5)? */
bool replay_has_leases(const replay *r, const recorded_exchange *x,
                       const dhcpha_json_value *leases);
/* A client gets, or gives up, the lease of a recorded update. */
void replay_commit(replay *r, const recorded_exchange *x);

#endif
