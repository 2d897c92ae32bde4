/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * DHCPv6 messages for tests, written byte by byte: not by what is tested.
 */
#ifndef TESTS_MESSAGE6_H
#define TESTS_MESSAGE6_H

#include <arpa/inet.h>
#include <check.h>
#include <string.h>

#include "packet6.h"

struct message6 {
  uint8_t bytes[PACKET6_SIZE_MAX];
  size_t len;
};

static inline struct ip ip6(const char *text) {
  struct ip ip = IP_NONE;
  if (text != NULL) ck_assert_msg(ip_parse(6, text, &ip), "%s", text);
  return ip;
}

static inline void add(struct message6 *message, const void *bytes, size_t len) {
  memcpy(message->bytes + message->len, bytes, len);
  message->len += len;
}

static inline void add_number(struct message6 *message, uint32_t value, size_t bytes) {
  while (bytes-- > 0) message->bytes[message->len++] = (uint8_t)(value >> 8 * bytes);
}

static inline void add_ip6(struct message6 *message, const char *text) {
  uint8_t bytes[16];
  ck_assert_int_eq(inet_pton(AF_INET6, text, bytes), 1);
  add(message, bytes, sizeof bytes);
}

/* What begins here ends with end_option(). */
static inline size_t begin_option(struct message6 *message, uint16_t code) {
  add_number(message, code, 2);
  add_number(message, 0, 2);
  return message->len;
}

static inline void end_option(struct message6 *message, size_t begin) {
  size_t len = message->len - begin;
  message->bytes[begin - 2] = (uint8_t)(len >> 8);
  message->bytes[begin - 1] = (uint8_t)len;
}

static inline void add_option(struct message6 *message, uint16_t code, const void *bytes,
                              size_t len) {
  size_t begin = begin_option(message, code);
  add(message, bytes, len);
  end_option(message, begin);
}

/* ADDRESS may be NULL; PREFIX_LEN counts for IA_PD. */
static inline void add_ia(struct message6 *message, uint16_t code, uint32_t iaid,
                          const char *address, uint8_t prefix_len) {
  size_t ia = begin_option(message, code);
  add_number(message, iaid, 4);
  if (code != OPTION6_IA_TA) {
    add_number(message, 0, 4);
    add_number(message, 0, 4);
  }
  if (address != NULL) {
    size_t begin =
        begin_option(message, code == OPTION6_IA_PD ? OPTION6_IA_PREFIX : OPTION6_IA_ADDRESS);
    if (code != OPTION6_IA_PD) add_ip6(message, address);
    add_number(message, 0, 4);
    add_number(message, 0, 4);
    if (code == OPTION6_IA_PD) {
      add_number(message, prefix_len, 1);
      add_ip6(message, address);
    }
    end_option(message, begin);
  }
  end_option(message, ia);
}

/* The message so far becomes what a relay sends on. */
static inline void relay(struct message6 *message, uint8_t hops, const char *link,
                         const char *peer, const char *interface_id) {
  static struct message6 outer;
  outer.len = 0;
  add_number(&outer, DHCP6_RELAY_FORW, 1);
  add_number(&outer, hops, 1);
  add_ip6(&outer, link);
  add_ip6(&outer, peer);
  if (interface_id != NULL)
    add_option(&outer, OPTION6_INTERFACE_ID, interface_id, strlen(interface_id));
  add_option(&outer, OPTION6_RELAY_MESSAGE, message->bytes, message->len);
  *message = outer;
}

/* Find an option in a list; NULL: it is not there. */
static inline const uint8_t *find_option(const uint8_t *list, size_t len, uint16_t code,
                                         size_t *found_len) {
  for (size_t at = 0; at + 4 <= len;) {
    size_t value = (size_t)(list[at + 2] << 8 | list[at + 3]);
    ck_assert_uint_le(at + 4 + value, len);
    *found_len = value;
    if ((list[at] << 8 | list[at + 1]) == code) return list + at + 4;
    at += 4 + value;
  }
  *found_len = 0;
  return NULL;
}

#endif
