/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* Any bytes as a packet for the example server: what it reads lies within the packet, and an
 * answer with its options goes back through the same relays. */
#include "examples/dhcpd/packet6.h"
#include "fuzz/fuzz.h"

#include <string.h>

static void check_within(const struct option6_view *view, const uint8_t *bytes, size_t len) {
  if (view->bytes == NULL) return;
  FUZZ_CHECK(view->bytes >= bytes && view->len <= len &&
             (size_t)(view->bytes - bytes) <= len - view->len);
}

static void check_views(const struct packet6 *packet, const uint8_t *bytes, size_t len) {
  check_within(&packet->client_id, bytes, len);
  check_within(&packet->server_id, bytes, len);
  check_within(&packet->requested, bytes, len);
  FUZZ_CHECK(packet->relay_count <= PACKET6_RELAYS_MAX && packet->ia_count <= PACKET6_IAS_MAX);
  for (size_t i = 0; i < packet->relay_count; i++) {
    check_within(&packet->relays[i].interface_id, bytes, len);
    check_within(&packet->relays[i].port, bytes, len);
  }
  for (size_t i = 0; i < packet->ia_count; i++) {
    struct hint6 hint;
    check_within(&packet->ias[i].options, bytes, len);
    for (size_t at = 0; ia6_next(&packet->ias[i], &at, &hint);) {
      FUZZ_CHECK(at <= packet->ias[i].options.len);
      FUZZ_CHECK(hint.prefix_len <= 128);
    }
  }
}

static void put_ias(struct writer6 *writer, const struct packet6 *query) {
  for (size_t i = 0; i < query->ia_count; i++) {
    struct hint6 hint;
    const struct ia6 *ia = &query->ias[i];
    if (!writer6_reserve(writer, 16)) return;
    size_t begin = writer6_open(writer, ia->code);
    writer6_add32(writer, ia->iaid);
    for (int timer = 0; timer < 2 && ia->code != OPTION6_IA_TA; timer++) writer6_add32(writer, 7);
    for (size_t at = 0; ia6_next(ia, &at, &hint) && writer6_reserve(writer, 29);) {
      bool prefix = ia->code == OPTION6_IA_PD;
      size_t inner = writer6_open(writer, prefix ? OPTION6_IA_PREFIX : OPTION6_IA_ADDRESS);
      if (!prefix) writer6_add_ip(writer, hint.address);
      writer6_add32(writer, hint.preferred_lft);
      writer6_add32(writer, hint.valid_lft);
      if (prefix) writer6_add8(writer, hint.prefix_len);
      if (prefix) writer6_add_ip(writer, hint.address);
      writer6_close(writer, inner);
    }
    writer6_close(writer, begin);
  }
}

/* As a relay does: what it gets is what it once sent. */
static void turn_back(uint8_t *bytes, const struct writer6 *writer) {
  size_t at = 0;
  for (size_t i = 0; i < writer->relay_count; i++) {
    FUZZ_CHECK(bytes[at] == DHCP6_RELAY_REPL);
    bytes[at] = DHCP6_RELAY_FORW;
    at = writer->relays[i];
  }
}

static void target(fuzz_run *run, const uint8_t *data, size_t len) {
  static struct packet6 query, again; /* large */
  static uint8_t bytes[PACKET6_ANSWER_MAX];
  struct writer6 writer;
  (void)run;
  if (!packet6_read(&query, data, len)) return;
  check_views(&query, data, len);
  if (!writer6_start(&writer, bytes, &query, DHCP6_REPLY)) return;
  bool has_client = query.client_id.bytes != NULL &&
                    writer6_put(&writer, OPTION6_CLIENT_ID, query.client_id.bytes,
                                query.client_id.len);
  put_ias(&writer, &query);
  writer6_put_status(&writer, STATUS6_SUCCESS, "fine");
  writer6_end(&writer);
  FUZZ_CHECK(writer.len <= PACKET6_ANSWER_MAX);
  turn_back(bytes, &writer);
  FUZZ_CHECK(packet6_read(&again, bytes, writer.len));
  FUZZ_CHECK(again.type == DHCP6_REPLY && again.transaction == query.transaction);
  FUZZ_CHECK(again.relay_count == query.relay_count && again.ia_count <= query.ia_count);
  for (size_t i = 0; i < query.relay_count; i++)
    FUZZ_CHECK(ip_equal(again.relays[i].link, query.relays[i].link) &&
               ip_equal(again.relays[i].peer, query.relays[i].peer) &&
               again.relays[i].interface_id.len == query.relays[i].interface_id.len);
  if (has_client)
    FUZZ_CHECK(again.client_id.len == query.client_id.len &&
               memcmp(again.client_id.bytes, query.client_id.bytes, query.client_id.len) == 0);
  for (size_t i = 0; i < again.ia_count; i++)
    FUZZ_CHECK(again.ias[i].iaid == query.ias[i].iaid && again.ias[i].code == query.ias[i].code);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  fuzz_play(target, data, len);
  return 0;
}
