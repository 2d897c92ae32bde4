/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * replay: one server of a recorded scenario is played by a hub.
 * What others sent to it is given to the hub, which has to answer as Kea did.  When Kea sent a
 * heartbeat the hub gets its turn; what it sends is compared with what Kea sent, and answered with
 * what Kea was answered.  Leases that Kea told its peers of are committed at that moment.
 */
#ifndef TESTS_VECTORS_REPLAY_H
#define TESTS_VECTORS_REPLAY_H

#include "vectors/recording.h"

#include "support/store.h"

#include <dhcpha/dhcpha.h>

typedef struct replay {
  recorded_scenario *scenario;
  const recorded_server *server;
  const char *file;
  dhcpha_family family;
  dhcpha_hub *hub; /* NULL while the server does not run */
  int64_t now_ms;
  store leases;
  text answer; /* to the command just received */
  int http_status;
  bool answered;
  bool released, released_send;
  int64_t beat_ms; /* its last heartbeat */
  bool deletes_instead; /* what is sent now is a release, told to a version that knows none */
  bool left_out; /* what is sent now was left out of the recording */
  char unreachable[RECORDING_NAME_SIZE]; /* what is sent to this peer now reaches nobody */
  bool commanded; /* what is sent now follows from a command: it may take longer */
  struct sent *sent; /* to be delivered */
  size_t sent_count;
  struct sent *waiting; /* a hub's heartbeats that were recorded later */
  size_t waiting_count;
  dhcpha_allocator plain;
  dhcpha_arena arena;
} replay;

/* How many differences there were, over all replays; each has been printed. */
extern size_t replay_differences;
/* Heartbeats received in the same state as Kea's, and all. */
extern size_t replay_states_equal, replay_states;

/* Plays every server of a scenario, one after the other. */
void replay_scenario(recorded_scenario *s, const char *file);

#endif
