/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * packet6: DHCPv6 messages, bytes to fields and fields to bytes (RFC 8415 8, 9 and 21).
 */
#ifndef DHCPD_PACKET6_H
#define DHCPD_PACKET6_H

#include "ip.h"
#include "options6.h"

#define PACKET6_SIZE_MAX 4000  /* longer ones are dropped */
#define PACKET6_RELAYS_MAX 32  /* RFC 8415 7.6: HOP_COUNT_LIMIT, which was 32 in RFC 3315 */
#define PACKET6_IAS_MAX 16     /* of one message; more are left out of the answer */
#define PACKET6_DUID_MAX 130
#define PACKET6_ANSWER_MAX 2048

enum message6_type {
  DHCP6_SOLICIT = 1,
  DHCP6_ADVERTISE,
  DHCP6_REQUEST,
  DHCP6_CONFIRM,
  DHCP6_RENEW,
  DHCP6_REBIND,
  DHCP6_REPLY,
  DHCP6_RELEASE,
  DHCP6_DECLINE,
  DHCP6_RECONFIGURE,
  DHCP6_INFORMATION_REQUEST,
  DHCP6_RELAY_FORW,
  DHCP6_RELAY_REPL
};

struct option6_view {
  const uint8_t *bytes; /* NULL: not there */
  uint16_t len;
};

/* A relay that a message came through. */
struct relay6 {
  uint8_t hop_count;
  struct ip link, peer;
  struct option6_view interface_id;
  struct option6_view port; /* it wants its answers at the port it sends from (RFC 8357) */
};

/* An identity association: IA_NA, IA_TA or IA_PD. */
struct ia6 {
  uint16_t code;
  uint32_t iaid;
  struct option6_view options; /* within it */
};

/* A message as read; its pointers go into its bytes. */
struct packet6 {
  struct relay6 relays[PACKET6_RELAYS_MAX]; /* the one next to the server first */
  size_t relay_count;
  uint8_t type; /* a #message6_type */
  uint32_t transaction;
  struct option6_view client_id, server_id, requested;
  bool rapid_commit;
  struct ia6 ias[PACKET6_IAS_MAX];
  size_t ia_count;
};

/* An address or a prefix within an IA. */
struct hint6 {
  struct ip address;
  uint8_t prefix_len; /* 128 for an address */
  uint32_t preferred_lft, valid_lft;
};

/* False: malformed. */
bool packet6_read(struct packet6 *packet, const uint8_t *bytes, size_t len);

/* The next address or prefix of an IA; AT is 0 for the first.  False: there are no more. */
bool ia6_next(const struct ia6 *ia, size_t *at, struct hint6 *hint);

/* A message being written.  What has no room is left out, whole options at a time. */
struct writer6 {
  uint8_t *bytes; /* PACKET6_ANSWER_MAX of them */
  size_t len, limit;
  size_t relays[PACKET6_RELAYS_MAX]; /* where the messages of the relays begin */
  size_t relay_count;
};

/* Start an answer, within the relays' headers that lead it back.  False: there is no room. */
bool writer6_start(struct writer6 *writer, uint8_t *bytes, const struct packet6 *query,
                   uint8_t type);

/* Add an option.  False: there is no room, it is left out. */
bool writer6_put(struct writer6 *writer, uint16_t code, const void *bytes, size_t len);

/* An option whose length is known only when what is within it has been added: where it begins,
 * for writer6_close(); 0: there is no room. */
size_t writer6_open(struct writer6 *writer, uint16_t code);
void writer6_close(struct writer6 *writer, size_t begin);

/* Fields within an open option.  Room was made for them by writer6_reserve(). */
bool writer6_reserve(const struct writer6 *writer, size_t len);
void writer6_add32(struct writer6 *writer, uint32_t value);
void writer6_add8(struct writer6 *writer, uint8_t value);
void writer6_add_ip(struct writer6 *writer, struct ip ip);

bool writer6_put_status(struct writer6 *writer, enum status6 status, const char *text);
void writer6_end(struct writer6 *writer);

#endif
