/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * hub_bench: one hub, its time, and the host's side of it, for tests of what a hub does.
 * The host keeps each command it is to send until the test answers it; everything it is told is a
 * line of the trace.  It pulls, or is called back: the trace is the same.
 */
#ifndef TESTS_UNIT_HUB_BENCH_H
#define TESTS_UNIT_HUB_BENCH_H

#include <dhcpha/dhcpha.h>

#include "support/failing_allocator.h"
#include "support/pair_config.h"
#include "support/text.h"

#define BENCH_SENT_MAX 4096
#define BENCH_UTC_S 1795305600 /* of monotonic 0: 2026-11-22 00:00:00 */

typedef struct bench_sent {
  uint64_t id;
  char peer[32];
  char command[40];
  int64_t at_ms;
  bool over;
} bench_sent;

typedef struct bench_request {
  uint64_t id;
  size_t leases; /* of a STORE_LEASES */
  bool store;
  bool over;
} bench_request;

typedef struct bench {
  failing_allocator counts;
  dhcpha_allocator allocator;
  dhcpha_hub *hub;
  dhcpha_time now;
  bool calls_back;
  text trace;
  text json;  /* of the command sent last */
  text answer; /* given last */
  int http_status;
  bench_sent sent[BENCH_SENT_MAX];
  size_t sent_count;
  bench_request requests[64];
  size_t request_count;
  uint64_t heard; /* for `on_send` */
  dhcpha_status send_status;  /* what send_command returns */
  dhcpha_status store_status; /* what leases_read and leases_store return */
  /* Called from within the callback, when not NULL. */
  void (*on_send)(struct bench *b, const bench_sent *sent);
  void (*on_release)(struct bench *b, uint64_t query_id);
} bench;

/* Server `index` of a pair "server1", "server2", started at 1000 ms; "" for no parameters, else
 * "name=value name=value". */
void bench_start(bench *b, const char *mode, size_t index, const char *parameters,
                 bool calls_back);
void bench_make(bench *b, dhcpha_family family, const char *config, bool calls_back);
void bench_end(bench *b);
void bench_pull(bench *b);
/* Handles every expiry up to this moment, and stays there.  Counts the calls it took. */
unsigned bench_run(bench *b, int64_t until_ms);
/* The first command in flight of this name; NULL when there is none. */
bench_sent *bench_find(bench *b, const char *command);
bench_sent *bench_find_to(bench *b, const char *command, const char *peer);
void bench_answer(bench *b, bench_sent *sent, const char *json);
void bench_fail(bench *b, bench_sent *sent);
/* Runs until the next heartbeat is in flight, and answers it. */
void bench_heartbeat(bench *b, const char *state);
void bench_heartbeat_answer(bench *b, bench_sent *sent, const char *state, int64_t skew_s,
                            int unsent);
/* The administrator's, or a peer's, command: gives the status; the answer is in b->answer. */
dhcpha_status bench_command(bench *b, const char *json);
/* From waiting to its normal state: the partner goes first. */
void bench_bring_up(bench *b, const char *normal);
/* A query: client number, waiting for so long. */
void bench_query(dhcpha_query *query, uint8_t hw[6], unsigned client, uint16_t secs);
dhcpha_verdict bench_ask(bench *b, unsigned client, uint16_t secs);
/* Client `number` got a lease.  Gives `parked`. */
bool bench_commit(bench *b, uint64_t query_id, unsigned client);
void bench_lease(dhcpha_lease *lease, uint8_t hw[6], unsigned client);

#endif
