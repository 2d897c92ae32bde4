/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * ip: addresses of either family as numbers, and what a lease is known by.
 */
#ifndef DHCPD_IP_H
#define DHCPD_IP_H

#include <dhcpha/types.h>

/* An IPv4 address is a number below 2^32. */
struct ip {
  uint64_t high, low;
};

/* What is leased.  TYPE is a #dhcpha_lease_type: a prefix may begin where an address is. */
struct lease_id {
  struct ip ip;
  uint8_t type;
};

#define IP_NONE ((struct ip){ 0, 0 })

static inline struct ip ip_of_ip4(uint32_t address) { return (struct ip){ 0, address }; }

static inline struct lease_id id_of_ip4(uint32_t address) {
  return (struct lease_id){ { 0, address }, 0 };
}

static inline bool ip_is_none(struct ip ip) { return (ip.high | ip.low) == 0; }

static inline int ip_compare(struct ip a, struct ip b) {
  if (a.high != b.high) return a.high < b.high ? -1 : 1;
  return a.low < b.low ? -1 : a.low > b.low;
}

static inline bool ip_equal(struct ip a, struct ip b) { return ip_compare(a, b) == 0; }

static inline int lease_id_compare(const struct lease_id *a, const struct lease_id *b) {
  int order = ip_compare(a->ip, b->ip);
  return order != 0 ? order : (int)a->type - (int)b->type;
}

struct ip ip_add(struct ip a, struct ip b);
struct ip ip_subtract(struct ip a, struct ip b);

/* BITS of 128 and more shift everything out. */
struct ip ip_shift_left(struct ip ip, unsigned bits);
struct ip ip_shift_right(struct ip ip, unsigned bits);

/* The addresses of a prefix: all ones behind it.  FAMILY says how long an address is. */
struct ip ip_host_bits(uint8_t family, uint8_t prefix_len);
bool ip_in_prefix(struct ip ip, uint8_t family, struct ip prefix, uint8_t prefix_len);

struct ip ip_of(const dhcpha_address *address);
struct ip ip_of_bytes(const uint8_t bytes[16]);
dhcpha_address ip_address(uint8_t family, struct ip ip);

uint32_t ip4_of(const dhcpha_address *address); /* host order; 0 for other families */
dhcpha_address address_of(uint32_t ip4);

/* False: TEXT is no address of this family. */
bool ip_parse(uint8_t family, const char *text, struct ip *ip);

/* "192.0.2.0/24"; false when it is none. */
bool ip_prefix_parse(uint8_t family, const char *text, struct ip *prefix, uint8_t *prefix_len);

const char *ip_format(uint8_t family, struct ip ip, char text[DHCPHA_ADDRESS_TEXT_SIZE]);

#endif
