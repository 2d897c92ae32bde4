/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * serve4: what a DHCPv4 server does with a query (RFC 2131 4.3), once it is known that this
 * server is to answer it.
 */
#ifndef DHCPD_SERVE4_H
#define DHCPD_SERVE4_H

#include "allocate4.h"
#include "answers.h"
#include "packet4.h"

/* A query and what is known of it. */
struct query4 {
  const struct packet4 *packet;
  const struct subnet *subnet; /* NULL: none fits */
  struct client4 client;
  uint32_t server_id;           /* of the socket it came in by */
  int64_t now_ms;               /* monotonic */
  int64_t now;                  /* UTC, seconds */
};

/* What came of it. */
struct result4 {
  bool answer;                 /* there is an answer to send ... */
  bool nak;
  bool commit;                 /* ... when what was changed is durable */
  struct changes *changes;
  struct writer4 out;
  const char *why;             /* a short text for the log */
};

/* Where a query comes from: the subnet it is for; NULL: none fits. */
const struct subnet *serve4_subnet(const struct config *config, const struct packet4 *packet,
                                   const char *interface, uint32_t interface_address,
                                   uint32_t from);

/* BYTES receives the answer: PACKET4_ANSWER_MAX of them; CHANGES, empty before, what became of
 * leases. */
void serve4(struct allocator *allocator, const struct query4 *query, uint8_t *bytes,
            struct changes *changes, struct result4 *result);

#endif
