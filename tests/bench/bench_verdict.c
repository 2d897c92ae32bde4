/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* verdict: how long a load-balancing hub takes to decide whose a query is; what it allocates. */
#include "bench/partner.h"

#include <string.h>

#define QUERIES 65536 /* different clients */
#define ROUNDS 100
#define TARGET_NS 100

typedef struct client {
  uint8_t hw_address[6];
  uint8_t client_id[15]; /* of every second client */
} client;

static client clients[QUERIES];
static dhcpha_query queries[QUERIES];

static void make_queries(void) {
  uint64_t random = 20260101;
  for (size_t i = 0; i < QUERIES; i++) {
    dhcpha_query *query = &queries[i];
    for (size_t j = 0; j < sizeof clients[i]; j++)
      ((uint8_t *)&clients[i])[j] = (uint8_t)(bench_random(&random) >> 32);
    dhcpha_query_init(query);
    query->type = 1; /* DHCPDISCOVER */
    query->hw_address = clients[i].hw_address;
    query->hw_address_len = sizeof clients[i].hw_address;
    if (i % 2 == 0) continue;
    query->client_id = clients[i].client_id;
    query->client_id_len = sizeof clients[i].client_id;
  }
}

static uint64_t decide_all(dhcpha_hub *hub) {
  uint64_t served = 0;
  for (size_t i = 0; i < QUERIES; i++) {
    dhcpha_verdict verdict;
    dhcpha_verdict_init(&verdict);
    dhcpha_hub_query_received(hub, &queries[i], &verdict);
    served += verdict.serve;
  }
  return served;
}

int main(void) {
  bench_partner partner;
  make_queries();
  bench_partner_start(&partner, DHCPHA_MODE_LOAD_BALANCING);
  uint64_t served = decide_all(partner.hub);
  uint64_t requests = partner.memory.requests;
  int64_t begin = bench_now_ns();
  for (int i = 0; i < ROUNDS; i++) served += decide_all(partner.hub);
  double ns = (double)(bench_now_ns() - begin) / ROUNDS / QUERIES;
  double share = (double)served / (ROUNDS + 1) / QUERIES;
  bench_check(share > 0.45 && share < 0.55, "the clients are not shared evenly");
  bench_print("verdict4_ns", ns, "ns", TARGET_NS);
  bench_print("verdict4_allocations", (double)(partner.memory.requests - requests), "allocations",
              0);
  bench_partner_end(&partner);
  return 0;
}
