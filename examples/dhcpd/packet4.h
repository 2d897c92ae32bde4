/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * packet4: DHCPv4 messages, bytes to fields and fields to bytes (RFC 2131 2, RFC 3396).
 */
#ifndef DHCPD_PACKET4_H
#define DHCPD_PACKET4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options4.h"

#define PACKET4_SIZE_MAX 1500    /* longer ones are dropped */
#define PACKET4_HEADER_SIZE 240  /* with the magic cookie */
#define PACKET4_ANSWER_MIN 300   /* BOOTP's length, which some relays insist on */
#define PACKET4_ANSWER_SIZE 548  /* 576 less IP and UDP: what every client takes (RFC 2131 2) */
#define PACKET4_ANSWER_MAX 1472
#define PACKET4_BROADCAST 0x8000 /* in flags */

enum message4_type {
  DHCPDISCOVER = 1,
  DHCPOFFER,
  DHCPREQUEST,
  DHCPDECLINE,
  DHCPACK,
  DHCPNAK,
  DHCPRELEASE,
  DHCPINFORM
};

struct option4_view {
  const uint8_t *bytes; /* NULL: not there */
  uint16_t len;
};

/* A message as read; its pointers go into its bytes, or into itself.  Addresses in host order. */
struct packet4 {
  uint8_t op, htype, hlen, hops;
  uint32_t xid;
  uint16_t secs, flags;
  uint32_t ciaddr, yiaddr, siaddr, giaddr;
  const uint8_t *chaddr; /* 16 bytes */
  uint8_t type;          /* a #message4_type; 0: none */
  struct option4_view options[256];
  uint8_t joined[PACKET4_SIZE_MAX]; /* options that came in several parts */
  size_t joined_len;
};

/* False: malformed. */
bool packet4_read(struct packet4 *packet, const uint8_t *bytes, size_t len);

/* The address in an option of four bytes; 0: none. */
uint32_t packet4_get_address(const struct packet4 *packet, uint8_t code);
uint32_t packet4_get_uint32(const struct packet4 *packet, uint8_t code);

/* A message being written. */
struct writer4 {
  uint8_t *bytes; /* PACKET4_ANSWER_MAX of them */
  size_t len, limit;
};

/* Start an answer: the fields that it repeats from the query are set, the others are 0. */
void writer4_start(struct writer4 *writer, uint8_t *bytes, const struct packet4 *query,
                   uint8_t type);
void writer4_set_addresses(struct writer4 *writer, uint32_t ciaddr, uint32_t yiaddr,
                           uint32_t siaddr);
void writer4_set_files(struct writer4 *writer, const char *sname, const char *file);

/* Add an option, in parts when it is long.  False: there is no room, it is left out. */
bool writer4_put(struct writer4 *writer, uint8_t code, const void *bytes, size_t len);
bool writer4_put_uint32(struct writer4 *writer, uint8_t code, uint32_t value);
void writer4_end(struct writer4 *writer);

#endif
