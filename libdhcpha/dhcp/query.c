/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "dhcp/query.h"

#include <string.h>

#include "dhcp/client_id.h"

#define TYPE_BIT(type) (UINT64_C(1) << (type))

/* Where a DHCPv4 message has its fields (RFC 2131 section 2). */
#define HLEN_AT 2
#define SECS_AT 8
#define CHADDR_AT 28
#define CHADDR_LEN 16
#define SNAME_AT 44
#define SNAME_LEN 64
#define FILE_AT 108
#define FILE_LEN 128
#define OPTIONS_AT 240 /* behind the magic cookie */

#define OPTION4_PAD 0
#define OPTION4_OVERLOAD 52
#define OPTION4_MESSAGE_TYPE 53
#define OPTION4_CLIENT_ID 61
#define OPTION4_END 255
#define OVERLOAD_FILE 1
#define OVERLOAD_SNAME 2

#define MESSAGE6_RELAY_FORWARD 12
#define MESSAGE6_HEADER_LEN 4
#define RELAY6_HEADER_LEN 34
#define RELAY6_MAX 32 /* HOP_COUNT_LIMIT of RFC 3315, larger than that of RFC 8415 */
#define OPTION6_CLIENT_ID 1
#define OPTION6_ELAPSED_TIME 8
#define OPTION6_RELAY_MESSAGE 9

bool dhcpha_query_is_subject(const dhcpha_query *query, dhcpha_family family) {
  /* DISCOVER, REQUEST, DECLINE, RELEASE, INFORM */
  static const uint64_t types4 =
    TYPE_BIT(1) | TYPE_BIT(3) | TYPE_BIT(4) | TYPE_BIT(7) | TYPE_BIT(8);
  /* SOLICIT, REQUEST, CONFIRM, RENEW, REBIND, RELEASE, DECLINE */
  static const uint64_t types6 = TYPE_BIT(1) | TYPE_BIT(3) | TYPE_BIT(4) | TYPE_BIT(5) |
                                 TYPE_BIT(6) | TYPE_BIT(8) | TYPE_BIT(9);
  if (query->type > 63) return false;
  return ((family == DHCPHA_DHCP4 ? types4 : types6) & TYPE_BIT(query->type)) != 0;
}

bool dhcpha_query_is_unacked(const dhcpha_query *query, dhcpha_family family,
                             uint32_t max_ack_delay_ms) {
  if (family == DHCPHA_DHCP6)
    return query->has_elapsed && (uint32_t)query->elapsed * 10 > max_ack_delay_ms;
  uint32_t secs = query->secs;
  /* Some clients write it in their own byte order. */
  if (secs > 255 && (secs & 0xff) == 0) secs >>= 8;
  return secs * 1000 > max_ack_delay_ms;
}

bool dhcpha_query_get_hash_key(const dhcpha_query *query, dhcpha_family family,
                               const uint8_t **key, size_t *len) {
  bool by_hw_address = query->client_id_len == 0 && family == DHCPHA_DHCP4;
  *key = by_hw_address ? query->hw_address : query->client_id;
  *len = by_hw_address ? query->hw_address_len : query->client_id_len;
  return *len != 0;
}

size_t dhcpha_query_get_client_key(const dhcpha_query *query, dhcpha_family family,
                                   uint8_t key[DHCPHA_CLIENT_KEY_MAX]) {
  size_t at = 0, client_id_len = query->client_id_len;
  if (family == DHCPHA_DHCP4) {
    size_t len = query->hw_address_len;
    if (len > DHCPHA_HW_ADDRESS_MAX) len = DHCPHA_HW_ADDRESS_MAX;
    key[at++] = (uint8_t)len;
    if (len != 0) memcpy(key + at, query->hw_address, len);
    at += len;
  }
  if (client_id_len > DHCPHA_CLIENT_ID_JOINED_MAX) client_id_len = DHCPHA_CLIENT_ID_JOINED_MAX;
  if (client_id_len != 0) memcpy(key + at, query->client_id, client_id_len);
  return at + client_id_len;
}

/* DHCPv4 packets. */

typedef struct options4 {
  dhcpha_query *query;
  uint8_t overload;
} options4;

/* RFC 3396: the parts of an option that came in several are one.  The second moves the first. */
static bool add_client_id(dhcpha_query *query, const uint8_t *part, size_t len) {
  if (query->client_id_len == 0) {
    query->client_id = part;
    query->client_id_len = len;
    return true;
  }
  if (query->client_id_len + len > DHCPHA_CLIENT_ID_JOINED_MAX) return false;
  if (query->client_id != query->joined)
    memcpy(query->joined, query->client_id, query->client_id_len);
  memcpy(query->joined + query->client_id_len, part, len);
  query->client_id = query->joined;
  query->client_id_len += len;
  return true;
}

static bool take_option4(options4 *options, uint8_t code, const uint8_t *data, size_t len) {
  if (len == 0) return true;
  if (code == OPTION4_MESSAGE_TYPE && options->query->type == 0) options->query->type = data[0];
  if (code == OPTION4_OVERLOAD) options->overload = data[0];
  if (code == OPTION4_CLIENT_ID) return add_client_id(options->query, data, len);
  return true;
}

static bool read_options4(options4 *options, const uint8_t *field, size_t len) {
  size_t at = 0;
  while (at < len && field[at] != OPTION4_END) {
    if (field[at] == OPTION4_PAD) {
      at++;
      continue;
    }
    if (len - at < 2 || field[at + 1] > len - at - 2) return false;
    if (!take_option4(options, field[at], field + at + 2, field[at + 1])) return false;
    at += 2u + field[at + 1];
  }
  return true;
}

/* Kept behind the place of a joined client identifier, where chaddr is too short. */
static void take_hw_address(dhcpha_query *query, const uint8_t *chaddr, size_t len) {
  query->hw_address = chaddr;
  query->hw_address_len = len;
  if (len <= CHADDR_LEN) return;
  uint8_t *padded = query->joined + DHCPHA_CLIENT_ID_JOINED_MAX;
  memset(padded, 0, DHCPHA_HW_ADDRESS_MAX);
  memcpy(padded, chaddr, CHADDR_LEN);
  query->hw_address = padded;
}

static bool read_packet4(dhcpha_query *query, const uint8_t *packet, size_t len) {
  static const uint8_t magic_cookie[4] = { 99, 130, 83, 99 };
  options4 options = { .query = query, .overload = 0 };
  if (len < OPTIONS_AT || packet[HLEN_AT] > DHCPHA_HW_ADDRESS_MAX ||
      memcmp(packet + OPTIONS_AT - sizeof magic_cookie, magic_cookie, sizeof magic_cookie) != 0)
    return false;
  query->secs = (uint16_t)(packet[SECS_AT] << 8 | packet[SECS_AT + 1]);
  take_hw_address(query, packet + CHADDR_AT, packet[HLEN_AT]);
  if (!read_options4(&options, packet + OPTIONS_AT, len - OPTIONS_AT)) return false;
  /* RFC 2131 4.1: then `file`, then `sname`; an option 52 inside them says nothing. */
  uint8_t overload = options.overload;
  if ((overload & OVERLOAD_FILE) && !read_options4(&options, packet + FILE_AT, FILE_LEN))
    return false;
  return !(overload & OVERLOAD_SNAME) || read_options4(&options, packet + SNAME_AT, SNAME_LEN);
}

/* DHCPv6 packets. */

static unsigned number_at(const uint8_t *bytes) {
  return (unsigned)bytes[0] << 8 | bytes[1];
}

/* The next option, and past it; false at the end, with *malformed set when one runs past it. */
static bool next_option6(const uint8_t **at, size_t *left, unsigned *code, const uint8_t **data,
                         size_t *len, bool *malformed) {
  if (*left == 0) return false;
  *malformed = *left < 4 || number_at(*at + 2) > *left - 4;
  if (*malformed) return false;
  *code = number_at(*at);
  *len = number_at(*at + 2);
  *data = *at + 4;
  *at += 4 + *len;
  *left -= 4 + *len;
  return true;
}

/* From a relayed message to the one inside it. */
static bool unwrap6(const uint8_t **packet, size_t *packet_len) {
  bool malformed = false;
  unsigned code;
  const uint8_t *data;
  size_t len;
  if (*packet_len < RELAY6_HEADER_LEN) return false;
  const uint8_t *at = *packet + RELAY6_HEADER_LEN;
  size_t left = *packet_len - RELAY6_HEADER_LEN;
  while (next_option6(&at, &left, &code, &data, &len, &malformed)) {
    if (code != OPTION6_RELAY_MESSAGE) continue;
    *packet = data;
    *packet_len = len;
    return true;
  }
  return false;
}

static bool read_packet6(dhcpha_query *query, const uint8_t *packet, size_t packet_len) {
  bool malformed = false;
  unsigned code;
  const uint8_t *data;
  size_t len;
  for (int relays = 0; packet_len != 0 && packet[0] == MESSAGE6_RELAY_FORWARD; relays++)
    if (relays == RELAY6_MAX || !unwrap6(&packet, &packet_len)) return false;
  if (packet_len < MESSAGE6_HEADER_LEN) return false;
  const uint8_t *at = packet + MESSAGE6_HEADER_LEN;
  size_t left = packet_len - MESSAGE6_HEADER_LEN;
  query->type = packet[0];
  while (next_option6(&at, &left, &code, &data, &len, &malformed)) {
    if (code == OPTION6_CLIENT_ID && query->client_id_len == 0) {
      query->client_id = data;
      query->client_id_len = len;
    } else if (code == OPTION6_ELAPSED_TIME && len == 2) {
      query->has_elapsed = true;
      query->elapsed = (uint16_t)number_at(data);
    }
  }
  return !malformed;
}

dhcpha_status dhcpha_query_read(dhcpha_query *query, dhcpha_family family, const uint8_t *packet,
                                size_t packet_len) {
  if (query == NULL || packet == NULL || (family != DHCPHA_DHCP4 && family != DHCPHA_DHCP6))
    return DHCPHA_ERR_ARGUMENT;
  dhcpha_query_init(query);
  bool read = family == DHCPHA_DHCP4 ? read_packet4(query, packet, packet_len)
                                     : read_packet6(query, packet, packet_len);
  if (read) return DHCPHA_OK;
  dhcpha_query_init(query);
  return DHCPHA_ERR_MALFORMED;
}
