/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "dhcp/address.h"

#include <string.h>

#include "base/hex.h"

#define IPV4_BYTES 4
#define IPV6_BYTES 16
#define GROUPS 8 /* of an IPv6 address, 16 bits each */

/* Four decimal numbers without leading zeros, which some readers take for octal. */
static bool read_ipv4(uint8_t bytes[IPV4_BYTES], const char *text, size_t len) {
  size_t at = 0;
  for (int i = 0; i < IPV4_BYTES; i++) {
    size_t start = at;
    unsigned value = 0;
    if (i != 0) {
      if (at == len || text[at] != '.') return false;
      start = ++at;
    }
    for (; at < len && text[at] >= '0' && text[at] <= '9' && at - start < 3; at++)
      value = value * 10 + (unsigned)(text[at] - '0');
    if (at == start || value > 255 || (text[start] == '0' && at - start > 1)) return false;
    bytes[i] = (uint8_t)value;
  }
  return at == len;
}

/* 1 to 4 digits; returns how many, 0 when there are none or too many. */
static size_t read_group(const char *text, size_t len, unsigned *value) {
  size_t at = 0;
  *value = 0;
  for (; at < len && dhcpha_hex_value(text[at]) >= 0; at++) {
    if (at == 4) return 0;
    *value = *value * 16 + (unsigned)dhcpha_hex_value(text[at]);
  }
  return at;
}

/* RFC 4291 section 2.2: groups, at most one "::", the last two perhaps as an IPv4 address. */
static bool read_ipv6(uint8_t bytes[IPV6_BYTES], const char *text, size_t len) {
  uint8_t read[IPV6_BYTES] = { 0 };
  size_t filled = 0, gap = SIZE_MAX, at = 0;
  if (len >= 2 && text[0] == ':' && text[1] == ':') {
    gap = 0;
    at = 2;
  }
  while (at < len) {
    unsigned value;
    size_t digits = read_group(text + at, len - at, &value);
    if (digits == 0) return false;
    if (at + digits < len && text[at + digits] == '.') {
      if (filled > IPV6_BYTES - IPV4_BYTES || !read_ipv4(read + filled, text + at, len - at))
        return false;
      filled += IPV4_BYTES;
      break;
    }
    if (filled == IPV6_BYTES) return false;
    read[filled++] = (uint8_t)(value >> 8);
    read[filled++] = (uint8_t)value;
    at += digits;
    if (at == len) break;
    if (text[at++] != ':' || at == len) return false;
    if (text[at] == ':') {
      if (gap != SIZE_MAX) return false;
      gap = filled;
      at++;
    }
  }
  if (gap == SIZE_MAX ? filled != IPV6_BYTES : filled > IPV6_BYTES - 2) return false;
  if (gap == SIZE_MAX) gap = filled;
  memset(bytes, 0, IPV6_BYTES);
  memcpy(bytes, read, gap);
  memcpy(bytes + IPV6_BYTES - (filled - gap), read + gap, filled - gap);
  return true;
}

bool dhcpha_address_read(dhcpha_address *address, const char *text, size_t len) {
  dhcpha_address read = { 0 };
  read.family = DHCPHA_DHCP4;
  if (!read_ipv4(read.bytes, text, len)) {
    read.family = DHCPHA_DHCP6;
    if (len >= DHCPHA_ADDRESS_TEXT_SIZE || !read_ipv6(read.bytes, text, len)) return false;
  }
  *address = read;
  return true;
}

static size_t write_ipv4(const uint8_t bytes[IPV4_BYTES], char *text) {
  char *at = text;
  for (int i = 0; i < IPV4_BYTES; i++) {
    unsigned value = bytes[i];
    if (i != 0) *at++ = '.';
    if (value >= 100) *at++ = (char)('0' + value / 100);
    if (value >= 10) *at++ = (char)('0' + value / 10 % 10);
    *at++ = (char)('0' + value % 10);
  }
  return (size_t)(at - text);
}

static unsigned group_at(const uint8_t *bytes, int group) {
  return (unsigned)bytes[2 * group] << 8 | bytes[2 * group + 1];
}

static char *write_group(unsigned value, char *at) {
  if (value >= 0x1000) *at++ = dhcpha_hex_digits[value >> 12];
  if (value >= 0x100) *at++ = dhcpha_hex_digits[value >> 8 & 15];
  if (value >= 0x10) *at++ = dhcpha_hex_digits[value >> 4 & 15];
  *at++ = dhcpha_hex_digits[value & 15];
  return at;
}

/* RFC 5952 4.2: the first of the longest runs of at least two zero groups. */
static int longest_gap(const uint8_t *bytes, int *length) {
  int best = -1, start = 0;
  *length = 1;
  for (int i = 0; i < GROUPS; i++) {
    if (group_at(bytes, i) != 0) {
      start = i + 1;
    } else if (i + 1 - start > *length) {
      best = start;
      *length = i + 1 - start;
    }
  }
  return best;
}

static size_t write_ipv6(const uint8_t bytes[IPV6_BYTES], char *text) {
  static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
  char *at = text;
  int gap_length, gap = longest_gap(bytes, &gap_length);
  if (memcmp(bytes, mapped, sizeof mapped) == 0) { /* RFC 5952 section 5 */
    memcpy(text, "::ffff:", 7);
    return 7 + write_ipv4(bytes + sizeof mapped, text + 7);
  }
  for (int i = 0; i < GROUPS; i++) {
    if (i == gap) {
      *at++ = ':';
      *at++ = ':';
      i += gap_length - 1;
      continue;
    }
    if (at != text && at[-1] != ':') *at++ = ':';
    at = write_group(group_at(bytes, i), at);
  }
  return (size_t)(at - text);
}

size_t dhcpha_address_write(const dhcpha_address *address, char text[DHCPHA_ADDRESS_TEXT_SIZE]) {
  if (address->family == DHCPHA_DHCP4) return write_ipv4(address->bytes, text);
  if (address->family == DHCPHA_DHCP6) return write_ipv6(address->bytes, text);
  return 0;
}

int dhcpha_address_compare(const dhcpha_address *a, const dhcpha_address *b) {
  if (a->family != b->family) return a->family < b->family ? -1 : 1;
  return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

bool dhcpha_address_in_prefix(const dhcpha_address *address, const dhcpha_address *prefix,
                              unsigned prefix_len) {
  unsigned bits = prefix->family == DHCPHA_DHCP4 ? 32 : 128;
  if (address->family != prefix->family || prefix_len > bits) return false;
  size_t whole = prefix_len / 8;
  unsigned rest = prefix_len % 8;
  if (memcmp(address->bytes, prefix->bytes, whole) != 0) return false;
  return rest == 0 || (address->bytes[whole] ^ prefix->bytes[whole]) >> (8 - rest) == 0;
}

void dhcpha_address_cut(dhcpha_address *address, unsigned prefix_len) {
  for (size_t i = prefix_len / 8; i < sizeof address->bytes; i++)
    address->bytes[i] &= i == prefix_len / 8 ? (uint8_t)(0xff00 >> prefix_len % 8) : 0;
}

bool dhcpha_address_is_prefix(const dhcpha_address *prefix, unsigned prefix_len) {
  dhcpha_address first = *prefix;
  if (prefix_len > (prefix->family == DHCPHA_DHCP4 ? 32 : 128)) return false;
  dhcpha_address_cut(&first, prefix_len);
  return dhcpha_address_compare(&first, prefix) == 0;
}

dhcpha_status dhcpha_address_parse(dhcpha_address *address, const char *text) {
  if (address == NULL || text == NULL) return DHCPHA_ERR_ARGUMENT;
  return dhcpha_address_read(address, text, strlen(text)) ? DHCPHA_OK : DHCPHA_ERR_MALFORMED;
}

const char *dhcpha_address_format(const dhcpha_address *address,
                                  char text[DHCPHA_ADDRESS_TEXT_SIZE]) {
  text[dhcpha_address_write(address, text)] = '\0';
  return text;
}
