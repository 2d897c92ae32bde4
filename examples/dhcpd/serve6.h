/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * serve6: what a DHCPv6 server does with a query (RFC 8415 18.3), once it is known that this
 * server is to answer it.
 */
#ifndef DHCPD_SERVE6_H
#define DHCPD_SERVE6_H

#include "allocate6.h"
#include "answers.h"
#include "packet6.h"

/* A query and what is known of it. */
struct query6 {
  const struct packet6 *packet;
  const struct subnet *subnet; /* NULL: none fits */
  struct client6 client;
  int64_t now_ms;              /* monotonic */
  int64_t now;                 /* UTC, seconds */
};

/* What came of it. */
struct result6 {
  bool answer; /* there is an answer to send ... */
  bool commit; /* ... when what was changed is durable */
  struct changes *changes;
  struct writer6 out;
  const struct pool_config *pool; /* whose options count: that of the first IA */
  const char *why;                /* a short text for the log */
};

/* Where a query comes from: the subnet it is for; NULL: none fits. */
const struct subnet *serve6_subnet(const struct config *config, const struct packet6 *packet,
                                   const char *interface, struct ip from);

/* NULL when the message is to be answered; else why it is dropped (RFC 8415 16). */
const char *serve6_refusal(const struct config *config, const struct packet6 *packet,
                           bool unicast);

/* BYTES receives the answer: PACKET6_ANSWER_MAX of them; CHANGES, empty before, what became of
 * leases. */
void serve6(struct allocator *allocator, const struct query6 *query, uint8_t *bytes,
            struct changes *changes, struct result6 *result);

#endif
