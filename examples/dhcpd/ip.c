/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "ip.h"

#include <stdlib.h>
#include <string.h>

/* ---- arithmetic ---- */

struct ip ip_add(struct ip a, struct ip b) {
  uint64_t low = a.low + b.low;
  return (struct ip){ a.high + b.high + (low < a.low), low };
}

struct ip ip_subtract(struct ip a, struct ip b) {
  return (struct ip){ a.high - b.high - (a.low < b.low), a.low - b.low };
}

struct ip ip_shift_left(struct ip ip, unsigned bits) {
  if (bits >= 128) return IP_NONE;
  if (bits >= 64) return (struct ip){ ip.low << (bits - 64), 0 };
  if (bits == 0) return ip;
  return (struct ip){ ip.high << bits | ip.low >> (64 - bits), ip.low << bits };
}

struct ip ip_shift_right(struct ip ip, unsigned bits) {
  if (bits >= 128) return IP_NONE;
  if (bits >= 64) return (struct ip){ 0, ip.high >> (bits - 64) };
  if (bits == 0) return ip;
  return (struct ip){ ip.high >> bits, ip.low >> bits | ip.high << (64 - bits) };
}

static unsigned bits_of(uint8_t family) { return family == 4 ? 32 : 128; }

struct ip ip_host_bits(uint8_t family, uint8_t prefix_len) {
  struct ip all = { UINT64_MAX, UINT64_MAX };
  return ip_shift_right(all, 128 - bits_of(family) + prefix_len);
}

bool ip_in_prefix(struct ip ip, uint8_t family, struct ip prefix, uint8_t prefix_len) {
  struct ip host = ip_host_bits(family, prefix_len);
  return (ip.high & ~host.high) == prefix.high && (ip.low & ~host.low) == prefix.low;
}

/* ---- bytes ---- */

struct ip ip_of_bytes(const uint8_t bytes[16]) {
  struct ip ip = IP_NONE;
  for (int i = 0; i < 8; i++) {
    ip.high = ip.high << 8 | bytes[i];
    ip.low = ip.low << 8 | bytes[i + 8];
  }
  return ip;
}

struct ip ip_of(const dhcpha_address *address) {
  return address->family == 6 ? ip_of_bytes(address->bytes) : ip_of_ip4(ip4_of(address));
}

dhcpha_address ip_address(uint8_t family, struct ip ip) {
  if (family == 4) return address_of((uint32_t)ip.low);
  dhcpha_address address = { .family = family };
  for (int i = 0; i < 8; i++) {
    address.bytes[i] = (uint8_t)(ip.high >> (56 - 8 * i));
    address.bytes[i + 8] = (uint8_t)(ip.low >> (56 - 8 * i));
  }
  return address;
}

uint32_t ip4_of(const dhcpha_address *address) {
  const uint8_t *b = address->bytes;
  if (address->family != 4) return 0;
  return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

dhcpha_address address_of(uint32_t ip4) {
  dhcpha_address address = { .family = 4,
                             .bytes = { (uint8_t)(ip4 >> 24), (uint8_t)(ip4 >> 16),
                                        (uint8_t)(ip4 >> 8), (uint8_t)ip4 } };
  return address;
}

/* ---- text ---- */

bool ip_parse(uint8_t family, const char *text, struct ip *ip) {
  dhcpha_address address;
  if (dhcpha_address_parse(&address, text) != DHCPHA_OK || address.family != family) return false;
  *ip = ip_of(&address);
  return true;
}

bool ip_prefix_parse(uint8_t family, const char *text, struct ip *prefix, uint8_t *prefix_len) {
  char address[DHCPHA_ADDRESS_TEXT_SIZE];
  const char *slash = strchr(text, '/');
  if (slash == NULL || (size_t)(slash - text) >= sizeof address) return false;
  memcpy(address, text, (size_t)(slash - text));
  address[slash - text] = '\0';
  char *end;
  long bits = strtol(slash + 1, &end, 10);
  if (slash[1] < '0' || slash[1] > '9' || *end != '\0' || bits > (long)bits_of(family))
    return false;
  *prefix_len = (uint8_t)bits;
  return ip_parse(family, address, prefix);
}

const char *ip_format(uint8_t family, struct ip ip, char text[DHCPHA_ADDRESS_TEXT_SIZE]) {
  dhcpha_address address = ip_address(family, ip);
  return dhcpha_address_format(&address, text);
}
