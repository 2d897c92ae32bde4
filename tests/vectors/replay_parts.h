/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * replay_parts: what the parts of the replay share.
 */
#ifndef TESTS_VECTORS_REPLAY_PARTS_H
#define TESTS_VECTORS_REPLAY_PARTS_H

#include "vectors/replay.h"

/* replay_tools.c */
const dhcpha_json_value *replay_read(replay *r, const char *json, size_t len);
const dhcpha_json_value *replay_argument(const dhcpha_json_value *request, const char *name);
bool replay_same_text(const dhcpha_json_value *a, const dhcpha_json_value *b);
bool replay_is_update(const char *command);
bool replay_is_version(const replay *r, const char *start);
const char *replay_peer_version(const replay *r, const char *peer); /* NULL: nobody's */
/* A released lease, told to a version that knows none: the library deletes it there (P2 15.7). */
bool replay_is_release_to_old(const replay *r, const recorded_exchange *x);
bool replay_is_hub(const replay *r); /* of several relationships */
/* Is this one of the server's own names?  A hub has one in each relationship. */
bool replay_is_self(const replay *r, const char *name);
/* The relationship with this peer; 0 where there is none. */
size_t replay_relationship(const replay *r, const char *peer);
const char *replay_state(const replay *r, const recorded_exchange *x);
void replay_set_time(replay *r, int64_t t_ms); /* never back */
void replay_differs(const replay *r, const recorded_exchange *x, const char *what,
                    const char *why, const char *wanted, const char *got);
void replay_show(const replay *r, const char *what, const char *more);

/* replay_sent.c: performs what the hub asks for; then delivers what it sends. */
void replay_pull(replay *r);
void replay_deliver(replay *r);
void replay_forget_sent(replay *r);
/* Delivers the heartbeat that waits for this exchange; false when none does. */
bool replay_deliver_waiting(replay *r, recorded_exchange *x);

/* replay_received.c */
void replay_received(replay *r, const recorded_exchange *x);

#endif
