/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * update: from a lease committed by the host, over the command made and its answer read, to the
 * query released; and what that allocates once the hub has warmed up.
 */
#include "bench/partner.h"

#include <stdio.h>
#include <string.h>

#define CLIENTS 65536
#define WARM_UP 1000
#define ROUNDS 300000
#define TARGET_US 5

static const char answer[] = "[ { \"result\": 0, \"text\": \"IPv4 lease updated.\" } ]";

static void update(bench_partner *partner, uint64_t number) {
  uint32_t i = (uint32_t)(number % CLIENTS);
  uint8_t client_id[7] = {1, 2, 0, 0, 0, (uint8_t)(i >> 8), (uint8_t)i};
  char hostname[32];
  dhcpha_query query;
  dhcpha_lease lease;
  bool parked = false;
  dhcpha_query_init(&query);
  query.type = 3; /* DHCPREQUEST */
  query.hw_address = client_id + 1;
  query.hw_address_len = 6;
  query.client_id = client_id;
  query.client_id_len = sizeof client_id;
  dhcpha_lease_init(&lease);
  lease.address.family = 4;
  memcpy(lease.address.bytes, (uint8_t[]){10, 1, (uint8_t)(i >> 8), (uint8_t)i}, 4);
  lease.subnet_id = 1;
  lease.valid_lft = 4000;
  lease.cltt = 1795355652;
  lease.hw_address = query.hw_address;
  lease.hw_address_len = query.hw_address_len;
  lease.client_id = client_id;
  lease.client_id_len = sizeof client_id;
  lease.hostname = hostname;
  lease.hostname_len = (size_t)snprintf(hostname, sizeof hostname, "host-%u.example.org", i);
  dhcpha_hub_leases_changed(partner->hub, number + 1, &query, &lease, 1, NULL, 0, &parked);
  bench_check(parked && partner->sent_id != 0, "no update was sent");
  uint64_t id = partner->sent_id;
  partner->sent_id = 0;
  dhcpha_hub_command_answered(partner->hub, id, answer, sizeof answer - 1);
}

int main(void) {
  bench_partner partner;
  bench_partner_start(&partner, DHCPHA_MODE_HOT_STANDBY);
  for (uint64_t i = 0; i < WARM_UP; i++) update(&partner, i);
  uint64_t requests = partner.memory.requests;
  uint64_t released = partner.released;
  int64_t begin = bench_now_ns();
  for (uint64_t i = 0; i < ROUNDS; i++) update(&partner, WARM_UP + i);
  double us = (double)(bench_now_ns() - begin) / ROUNDS / 1000;
  bench_check(partner.released == released + ROUNDS, "not every query was released");
  bench_print("update_core_us", us, "us", TARGET_US);
  bench_print("update_core_allocations", (double)(partner.memory.requests - requests) / ROUNDS,
              "allocations", 0);
  bench_partner_end(&partner);
  return 0;
}
