/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "bench/leases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ADDRESS 0x0a400000u
#define CHUNK 256 /* leases handed over at a time */

void bench_leases_init(bench_leases *leases, size_t capacity) {
  leases->records = malloc((capacity == 0 ? 1 : capacity) * sizeof leases->records[0]);
  leases->count = 0;
  leases->capacity = capacity;
  bench_check(leases->records != NULL, "no memory for leases");
  memset(leases->records, 0xff, capacity * sizeof leases->records[0]);
}

void bench_leases_free(bench_leases *leases) {
  free(leases->records);
  memset(leases, 0, sizeof *leases);
}

void bench_leases_fill(bench_leases *leases, size_t count, int64_t cltt) {
  for (size_t i = 0; i < count; i++) {
    bench_record *record = &leases->records[i];
    memset(record, 0, sizeof *record);
    record->address = FIRST_ADDRESS + (uint32_t)i;
    record->subnet_id = 1;
    record->valid_lft = 4000;
    record->cltt = cltt - (int64_t)(i % 1000);
    record->hw_address[0] = 2;
    for (int j = 0; j < 4; j++) record->hw_address[2 + j] = (uint8_t)(i >> (24 - 8 * j));
    record->client_id[0] = 1;
    memcpy(record->client_id + 1, record->hw_address, sizeof record->hw_address);
    record->client_id_len = sizeof record->client_id;
    record->hostname_len = (uint8_t)snprintf(record->hostname, sizeof record->hostname,
                                             "host-%zu.example.org", i);
  }
  leases->count = count;
}

bool bench_leases_equal(const bench_leases *a, const bench_leases *b) {
  return a->count == b->count &&
         memcmp(a->records, b->records, a->count * sizeof a->records[0]) == 0;
}

static uint32_t number_of(const dhcpha_address *address) {
  const uint8_t *bytes = address->bytes;
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* The first record whose address is not below; most come in order, behind the last. */
static size_t find(const bench_leases *leases, uint32_t address) {
  size_t low = 0, high = leases->count;
  if (high != 0 && leases->records[high - 1].address < address) return high;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (leases->records[middle].address < address) low = middle + 1;
    else high = middle;
  }
  return low;
}

void bench_leases_write(dhcpha_lease *lease, const bench_record *record) {
  dhcpha_lease_init(lease);
  lease->address.family = 4;
  for (int i = 0; i < 4; i++) lease->address.bytes[i] = (uint8_t)(record->address >> (24 - 8 * i));
  lease->state = record->state;
  lease->subnet_id = record->subnet_id;
  lease->valid_lft = record->valid_lft;
  lease->cltt = record->cltt;
  lease->hw_address = record->hw_address;
  lease->hw_address_len = sizeof record->hw_address;
  lease->client_id = record->client_id;
  lease->client_id_len = record->client_id_len;
  lease->hostname = record->hostname;
  lease->hostname_len = record->hostname_len;
}

dhcpha_status bench_leases_read(const bench_leases *leases, dhcpha_hub *hub, uint64_t id,
                                const dhcpha_lease_range *range) {
  uint32_t after = number_of(&range->after);
  size_t index = after == 0 ? 0 : find(leases, after + 1);
  size_t left = leases->count - index;
  if (left > range->limit) left = range->limit;
  dhcpha_status status = DHCPHA_OK;
  while (left != 0 && status == DHCPHA_OK) {
    dhcpha_lease chunk[CHUNK];
    size_t count = left < CHUNK ? left : CHUNK;
    for (size_t i = 0; i < count; i++) bench_leases_write(&chunk[i], &leases->records[index + i]);
    status = dhcpha_hub_leases_read(hub, id, chunk, count);
    index += count;
    left -= count;
  }
  dhcpha_hub_leases_read_done(hub, id, status);
  return DHCPHA_OK;
}

static void write_record(bench_record *record, const dhcpha_lease *lease) {
  memset(record, 0, sizeof *record);
  bench_check(lease->hw_address_len == sizeof record->hw_address &&
                  lease->client_id_len <= sizeof record->client_id &&
                  lease->hostname_len <= sizeof record->hostname,
              "a lease is not as it was laid out");
  record->address = number_of(&lease->address);
  record->subnet_id = lease->subnet_id;
  record->valid_lft = lease->valid_lft;
  record->state = lease->state;
  record->cltt = lease->cltt;
  memcpy(record->hw_address, lease->hw_address, lease->hw_address_len);
  memcpy(record->client_id, lease->client_id, lease->client_id_len);
  memcpy(record->hostname, lease->hostname, lease->hostname_len);
  record->client_id_len = (uint8_t)lease->client_id_len;
  record->hostname_len = (uint8_t)lease->hostname_len;
}

static dhcpha_stored put_newer(bench_leases *leases, const dhcpha_lease *lease) {
  size_t index = find(leases, number_of(&lease->address));
  bench_record *record = &leases->records[index];
  bool found = index < leases->count && record->address == number_of(&lease->address);
  if (found && record->cltt >= lease->cltt) return DHCPHA_STORED_KEPT;
  if (!found) {
    if (leases->count == leases->capacity) return DHCPHA_STORED_FAILED;
    memmove(record + 1, record, (leases->count - index) * sizeof *record);
    leases->count++;
  }
  write_record(record, lease);
  return found ? DHCPHA_STORED_UPDATED : DHCPHA_STORED_ADDED;
}

dhcpha_status bench_leases_store(bench_leases *leases, dhcpha_hub *hub, uint64_t id,
                                 const dhcpha_lease_batch *batch) {
  size_t count = dhcpha_lease_batch_get_count(batch);
  dhcpha_stored *results = malloc((count + 1) * sizeof results[0]);
  bench_check(results != NULL, "no memory for results");
  for (size_t i = 0; i < count; i++)
    results[i] = put_newer(leases, dhcpha_lease_batch_get_lease(batch, i));
  dhcpha_hub_leases_stored(hub, id, results, count);
  free(results);
  return DHCPHA_OK;
}
