/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "packet6.h"

#include <string.h>

#define HEADER_SIZE 4
#define RELAY_HEADER_SIZE 34
#define LINK_AT 2
#define PEER_AT 18
#define OPTION_HEADER_SIZE 4
#define IA_SIZE 12    /* IAID, T1, T2 */
#define IA_TA_SIZE 4  /* IAID */
#define ADDRESS_SIZE 24
#define PREFIX_SIZE 25
#define DUID_LEAST 3  /* RFC 8415 11.1 */

static uint16_t get16(const uint8_t *b) { return (uint16_t)(b[0] << 8 | b[1]); }

static uint32_t get32(const uint8_t *b) {
  return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void put16(uint8_t *b, size_t value) {
  b[0] = (uint8_t)(value >> 8);
  b[1] = (uint8_t)value;
}

/* ---- reading ---- */

struct option6 {
  uint16_t code;
  struct option6_view value;
};

/* Step over the next option of a list: 1; 0 at its end; -1: malformed. */
static int next_option(const struct option6_view *list, size_t *at, struct option6 *option) {
  size_t left = list->len - *at;
  if (left == 0) return 0;
  if (left < OPTION_HEADER_SIZE) return -1;
  const uint8_t *b = list->bytes + *at;
  option->code = get16(b);
  option->value = (struct option6_view){ b + OPTION_HEADER_SIZE, get16(b + 2) };
  if (option->value.len > left - OPTION_HEADER_SIZE) return -1;
  *at += OPTION_HEADER_SIZE + (size_t)option->value.len;
  return 1;
}

static bool is_well_formed(const struct option6_view *list) {
  struct option6 option;
  size_t at = 0;
  int more;
  while ((more = next_option(list, &at, &option)) > 0) {
    size_t least = option.code == OPTION6_IA_ADDRESS  ? ADDRESS_SIZE
                   : option.code == OPTION6_IA_PREFIX ? PREFIX_SIZE
                                                      : 0;
    if (option.value.len < least) return false;
    if (option.code == OPTION6_IA_PREFIX && option.value.bytes[8] > 128) return false;
  }
  return more == 0;
}

static bool take_ia(struct packet6 *packet, const struct option6 *option) {
  size_t size = option->code == OPTION6_IA_TA ? IA_TA_SIZE : IA_SIZE;
  if (option->value.len < size) return false;
  struct ia6 ia = { .code = option->code, .iaid = get32(option->value.bytes),
                    .options = { option->value.bytes + size,
                                 (uint16_t)(option->value.len - size) } };
  if (!is_well_formed(&ia.options)) return false;
  if (packet->ia_count < PACKET6_IAS_MAX) packet->ias[packet->ia_count++] = ia;
  return true;
}

/* Of an option that may stand once, the first counts. */
static void take_view(struct option6_view *view, const struct option6_view *value) {
  if (view->bytes == NULL) *view = *value;
}

static bool is_duid(const struct option6_view *value) {
  return value->len >= DUID_LEAST && value->len <= PACKET6_DUID_MAX;
}

static bool take_option(struct packet6 *packet, const struct option6 *option) {
  switch (option->code) {
  case OPTION6_CLIENT_ID:
    take_view(&packet->client_id, &option->value);
    return is_duid(&option->value);
  case OPTION6_SERVER_ID:
    take_view(&packet->server_id, &option->value);
    return is_duid(&option->value);
  case OPTION6_REQUEST:
    take_view(&packet->requested, &option->value);
    return option->value.len % 2 == 0;
  case OPTION6_RAPID_COMMIT: packet->rapid_commit = true; return true;
  case OPTION6_IA_NA:
  case OPTION6_IA_TA:
  case OPTION6_IA_PD: return take_ia(packet, option);
  default: return true;
  }
}

/* What the relay sent on; false: malformed. */
static bool read_relay(struct packet6 *packet, struct option6_view *message) {
  if (message->len < RELAY_HEADER_SIZE || packet->relay_count == PACKET6_RELAYS_MAX) return false;
  const uint8_t *b = message->bytes;
  struct relay6 *relay = &packet->relays[packet->relay_count++];
  *relay = (struct relay6){ .hop_count = b[1], .link = ip_of_bytes(b + LINK_AT),
                            .peer = ip_of_bytes(b + PEER_AT) };
  struct option6_view list = { b + RELAY_HEADER_SIZE,
                               (uint16_t)(message->len - RELAY_HEADER_SIZE) };
  struct option6_view inner = { NULL, 0 };
  struct option6 option;
  size_t at = 0;
  int more;
  while ((more = next_option(&list, &at, &option)) > 0) {
    if (option.code == OPTION6_RELAY_MESSAGE) take_view(&inner, &option.value);
    if (option.code == OPTION6_INTERFACE_ID) take_view(&relay->interface_id, &option.value);
    if (option.code == OPTION6_RELAY_PORT) take_view(&relay->port, &option.value);
  }
  *message = inner;
  return more == 0 && inner.bytes != NULL;
}

bool packet6_read(struct packet6 *packet, const uint8_t *bytes, size_t len) {
  if (len > PACKET6_SIZE_MAX) return false;
  struct option6_view message = { bytes, (uint16_t)len };
  memset(packet, 0, sizeof *packet);
  while (message.len > 0 && message.bytes[0] == DHCP6_RELAY_FORW)
    if (!read_relay(packet, &message)) return false;
  if (message.len < HEADER_SIZE) return false;
  packet->type = message.bytes[0];
  packet->transaction = get32(message.bytes) & 0xffffff;
  struct option6_view list = { message.bytes + HEADER_SIZE,
                               (uint16_t)(message.len - HEADER_SIZE) };
  struct option6 option;
  size_t at = 0;
  int more;
  while ((more = next_option(&list, &at, &option)) > 0)
    if (!take_option(packet, &option)) return false;
  return more == 0 && packet->type != DHCP6_RELAY_REPL;
}

bool ia6_next(const struct ia6 *ia, size_t *at, struct hint6 *hint) {
  struct option6 option;
  while (next_option(&ia->options, at, &option) > 0) {
    const uint8_t *b = option.value.bytes;
    if (ia->code != OPTION6_IA_PD && option.code == OPTION6_IA_ADDRESS) {
      *hint = (struct hint6){ ip_of_bytes(b), 128, get32(b + 16), get32(b + 20) };
      return true;
    }
    if (ia->code == OPTION6_IA_PD && option.code == OPTION6_IA_PREFIX) {
      *hint = (struct hint6){ ip_of_bytes(b + 9), b[8], get32(b), get32(b + 4) };
      return true;
    }
  }
  return false;
}

/* ---- writing ---- */

bool writer6_reserve(const struct writer6 *writer, size_t len) {
  return len <= writer->limit - writer->len;
}

void writer6_add8(struct writer6 *writer, uint8_t value) {
  writer->bytes[writer->len++] = value;
}

void writer6_add32(struct writer6 *writer, uint32_t value) {
  put16(writer->bytes + writer->len, value >> 16);
  put16(writer->bytes + writer->len + 2, value);
  writer->len += 4;
}

void writer6_add_ip(struct writer6 *writer, struct ip ip) {
  dhcpha_address address = ip_address(6, ip);
  memcpy(writer->bytes + writer->len, address.bytes, sizeof address.bytes);
  writer->len += sizeof address.bytes;
}

size_t writer6_open(struct writer6 *writer, uint16_t code) {
  if (!writer6_reserve(writer, OPTION_HEADER_SIZE)) return 0;
  put16(writer->bytes + writer->len, code);
  writer->len += OPTION_HEADER_SIZE;
  return writer->len;
}

void writer6_close(struct writer6 *writer, size_t begin) {
  put16(writer->bytes + begin - 2, writer->len - begin);
}

bool writer6_put(struct writer6 *writer, uint16_t code, const void *bytes, size_t len) {
  if (!writer6_reserve(writer, OPTION_HEADER_SIZE + len)) return false;
  size_t begin = writer6_open(writer, code);
  if (len > 0) memcpy(writer->bytes + writer->len, bytes, len);
  writer->len += len;
  writer6_close(writer, begin);
  return true;
}

bool writer6_put_status(struct writer6 *writer, enum status6 status, const char *text) {
  uint8_t value[128];
  size_t len = strlen(text);
  if (len > sizeof value - 2) len = sizeof value - 2;
  put16(value, (size_t)status);
  memcpy(value + 2, text, len);
  return writer6_put(writer, OPTION6_STATUS, value, len + 2);
}

/* What the relay sent along for itself goes back to it. */
static bool put_back(struct writer6 *writer, uint16_t code, const struct option6_view *value) {
  return value->bytes == NULL || writer6_put(writer, code, value->bytes, value->len);
}

/* RFC 8415 19.3, RFC 8357 5.3 */
static bool put_relay(struct writer6 *writer, const struct relay6 *relay) {
  if (!writer6_reserve(writer, RELAY_HEADER_SIZE)) return false;
  writer6_add8(writer, DHCP6_RELAY_REPL);
  writer6_add8(writer, relay->hop_count);
  writer6_add_ip(writer, relay->link);
  writer6_add_ip(writer, relay->peer);
  if (!put_back(writer, OPTION6_INTERFACE_ID, &relay->interface_id) ||
      !put_back(writer, OPTION6_RELAY_PORT, &relay->port))
    return false;
  size_t begin = writer6_open(writer, OPTION6_RELAY_MESSAGE);
  writer->relays[writer->relay_count++] = begin;
  return begin != 0;
}

bool writer6_start(struct writer6 *writer, uint8_t *bytes, const struct packet6 *query,
                   uint8_t type) {
  *writer = (struct writer6){ .bytes = bytes, .limit = PACKET6_ANSWER_MAX };
  for (size_t i = 0; i < query->relay_count; i++)
    if (!put_relay(writer, &query->relays[i])) return false;
  if (!writer6_reserve(writer, HEADER_SIZE)) return false;
  writer6_add32(writer, (uint32_t)type << 24 | query->transaction);
  return true;
}

void writer6_end(struct writer6 *writer) {
  for (size_t i = 0; i < writer->relay_count; i++) writer6_close(writer, writer->relays[i]);
}
