/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* Any bytes as a packet for the example server: an answer with its options is read alike. */
#include "examples/dhcpd/packet4.h"
#include "fuzz/fuzz.h"

#include <string.h>


static void check_within(const struct option4_view *option, const struct packet4 *packet,
                         const uint8_t *bytes, size_t len) {
  const uint8_t *end = option->bytes + option->len;
  bool in_packet = option->bytes >= bytes && end <= bytes + len;
  bool in_joined = option->bytes >= packet->joined && end <= packet->joined + packet->joined_len;
  FUZZ_CHECK(option->len == 0 || in_packet || in_joined);
}

static bool is_repeated(int code) {
  return code != OPTION_PAD && code != OPTION_OVERLOAD && code != OPTION_MESSAGE_TYPE &&
         code != OPTION_END;
}

/* Writes an answer with the query's options; `taken` tells which found room. */
static size_t answer(const struct packet4 *query, uint8_t bytes[PACKET4_ANSWER_MAX],
                     bool taken[256]) {
  struct writer4 writer = {.bytes = bytes};
  writer4_start(&writer, bytes, query, DHCPACK);
  for (int code = 0; code < 256; code++) {
    const struct option4_view *option = &query->options[code];
    taken[code] = option->bytes != NULL && is_repeated(code) &&
                  writer4_put(&writer, (uint8_t)code, option->bytes, option->len);
  }
  writer4_end(&writer);
  FUZZ_CHECK(writer.len >= PACKET4_ANSWER_MIN && writer.len <= PACKET4_ANSWER_MAX);
  return writer.len;
}

static void target(fuzz_run *run, const uint8_t *data, size_t len) {
  static struct packet4 query, again; /* large */
  uint8_t bytes[PACKET4_ANSWER_MAX];
  bool taken[256];
  (void)run;
  if (!packet4_read(&query, data, len)) return;
  for (int code = 0; code < 256; code++)
    if (query.options[code].bytes != NULL) check_within(&query.options[code], &query, data, len);
  (void)packet4_get_address(&query, 50);
  (void)packet4_get_uint32(&query, 51);
  size_t answer_len = answer(&query, bytes, taken);
  FUZZ_CHECK(packet4_read(&again, bytes, answer_len));
  FUZZ_CHECK(again.type == DHCPACK && again.xid == query.xid && again.giaddr == query.giaddr);
  for (int code = 0; code < 256; code++) {
    const struct option4_view *asked = &query.options[code], *got = &again.options[code];
    if (!taken[code]) continue;
    FUZZ_CHECK(got->bytes != NULL && got->len == asked->len);
    FUZZ_CHECK(got->len == 0 || memcmp(got->bytes, asked->bytes, got->len) == 0);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  fuzz_play(target, data, len);
  return 0;
}
