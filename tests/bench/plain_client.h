/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * plain_client: what a flush is compared with: bodies posted over some kept connections, one in
 * flight on each, with nothing around them but sockets.
 */
#ifndef TESTS_BENCH_PLAIN_CLIENT_H
#define TESTS_BENCH_PLAIN_CLIENT_H

#include "bench/bench.h"

#define BENCH_CONNECTIONS_MAX 64

typedef struct bench_bodies {
  char *bytes;
  size_t len, capacity;
  size_t *ends; /* of each body */
  size_t count, count_max;
} bench_bodies;

void bench_bodies_add(bench_bodies *bodies, const char *json, size_t json_len);
void bench_bodies_free(bench_bodies *bodies);

/* Posts all to a server on this machine; seconds from the first to the last answer, each of which
 * must be a success. */
double bench_plain_post(const bench_bodies *bodies, uint16_t port, unsigned connections);

#endif
