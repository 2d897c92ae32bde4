/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * partner: a hub in its normal state, whose partner is played by a few fixed answers, in a time
 * that stands still.
 */
#ifndef TESTS_BENCH_PARTNER_H
#define TESTS_BENCH_PARTNER_H

#include "bench/bench.h"

typedef struct bench_partner {
  dhcpha_hub *hub;
  bench_memory memory;
  dhcpha_time now;
  dhcpha_state normal;
  uint64_t sent_id;  /* of the command in flight; 0: none */
  size_t sent_bytes; /* all commands */
  uint64_t released; /* queries */
} bench_partner;

/* The primary of a pair of this mode, in its normal state. */
void bench_partner_start(bench_partner *partner, dhcpha_mode mode);
void bench_partner_end(bench_partner *partner);

#endif
