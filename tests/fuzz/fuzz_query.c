/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* Any bytes as a packet: the facts read from it stay within it, or within the query itself. */
#include "dhcp/query.h"
#include "dhcp/rfc3074.h"
#include "fuzz/fuzz.h"

#include <string.h>

static void check_within(const uint8_t *part, size_t part_len, const dhcpha_query *query,
                         const uint8_t *packet, size_t packet_len) {
  if (part_len == 0) return;
  bool in_packet = part >= packet && part + part_len <= packet + packet_len;
  bool in_query = part >= query->joined && part + part_len <= query->joined + sizeof query->joined;
  FUZZ_CHECK(in_packet || in_query);
}

static void read_packet(dhcpha_family family, const uint8_t *packet, size_t len) {
  dhcpha_query query;
  dhcpha_query_init(&query);
  dhcpha_status status = dhcpha_query_read(&query, family, packet, len);
  FUZZ_CHECK(status == DHCPHA_OK || status == DHCPHA_ERR_MALFORMED);
  if (status != DHCPHA_OK) return;
  FUZZ_CHECK(query.hw_address_len <= 20);
  check_within(query.hw_address, query.hw_address_len, &query, packet, len);
  check_within(query.client_id, query.client_id_len, &query, packet, len);
  uint8_t key[DHCPHA_CLIENT_KEY_MAX];
  const uint8_t *hashed;
  size_t hashed_len;
  (void)dhcpha_query_is_subject(&query, family);
  (void)dhcpha_query_is_unacked(&query, family, 0);
  FUZZ_CHECK(dhcpha_query_get_client_key(&query, family, key) <= sizeof key);
  if (dhcpha_query_get_hash_key(&query, family, &hashed, &hashed_len))
    (void)dhcpha_rfc3074_hash(hashed, hashed_len);
}

static void target(fuzz_run *run, const uint8_t *data, size_t len) {
  (void)run;
  if (len == 0) return;
  read_packet(DHCPHA_DHCP4, data, len);
  read_packet(DHCPHA_DHCP6, data, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  fuzz_play(target, data, len);
  return 0;
}
