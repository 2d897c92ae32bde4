/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * leases: a simple DHCPv4 lease store: an array of records in ascending order of address.
 * What it costs to keep leases in some other way is no matter of the library.
 */
#ifndef TESTS_BENCH_LEASES_H
#define TESTS_BENCH_LEASES_H

#include "bench/bench.h"

#define BENCH_HOSTNAME_MAX 32

typedef struct bench_record {
  uint32_t address;
  uint32_t subnet_id;
  uint32_t valid_lft;
  uint8_t state;
  uint8_t client_id_len;
  uint8_t hostname_len;
  uint8_t hw_address[6];
  uint8_t client_id[7];
  char hostname[BENCH_HOSTNAME_MAX];
  int64_t cltt;
} bench_record;

typedef struct bench_leases {
  bench_record *records;
  size_t count;
  size_t capacity;
} bench_leases;

/* Room for so many, in memory that is there already when it is used. */
void bench_leases_init(bench_leases *leases, size_t capacity);
void bench_leases_free(bench_leases *leases);
/* So many leases, each of a client with an identifier and a host name, from 10.64.0.0 on. */
void bench_leases_fill(bench_leases *leases, size_t count, int64_t cltt);
/* As a lease, which points into the record. */
void bench_leases_write(dhcpha_lease *lease, const bench_record *record);
bool bench_leases_equal(const bench_leases *a, const bench_leases *b);

/* Does what READ_LEASES and STORE_LEASES ask for. */
dhcpha_status bench_leases_read(const bench_leases *leases, dhcpha_hub *hub, uint64_t id,
                                const dhcpha_lease_range *range);
dhcpha_status bench_leases_store(bench_leases *leases, dhcpha_hub *hub, uint64_t id,
                                 const dhcpha_lease_batch *batch);

#endif
