/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * clients: DHCP clients of the world, and what a DHCP server does with their queries.
 */
#ifndef TESTS_SUPPORT_CLIENTS_H
#define TESTS_SUPPORT_CLIENTS_H

#include "support/world.h"

#define CLIENTS_LEASES_MAX 2 /* of one query: an address and a prefix */

typedef enum client_wish {
  CLIENTS_WANT_OFFER, /* DISCOVER, SOLICIT */
  CLIENTS_WANT_LEASE, /* REQUEST */
  CLIENTS_RELEASE,
  CLIENTS_DECLINE
} client_wish;

/* One query of one client. */
typedef struct client_query {
  unsigned number; /* names the client: what it is known by and its leases follow */
  client_wish wish;
  uint8_t type; /* of its message */
  uint16_t secs;
  bool has_elapsed; /* DHCPv6 */
  uint16_t elapsed; /* hundredths of a second */
  uint8_t hw_address[20];
  size_t hw_address_len;
  uint8_t client_id[255]; /* DHCPv6: the DUID */
  size_t client_id_len;
  bool no_address;        /* DHCPv6: it wants but a prefix */
  dhcpha_address address; /* the lease it gets; family 0: by its number */
  dhcpha_address prefix;  /* DHCPv6: the prefix it gets; family 0: none */
  uint8_t prefix_len;
  uint32_t subnet_id, valid_lft;
  dhcpha_address previous; /* the lease it gives up for it; family 0: none */
  bool forgets;            /* what is released is removed: no affinity */
} client_query;

/* Client `number`: hardware address 02:00:00:00:hh:ll, lease 192.0.2.(9 + number); in DHCPv6 DUID
 * 00:03:00:01 and that address, lease 2001:db8::(9 + number). */
void client_query_init(client_query *q, dhcpha_family family, unsigned number);
/* The type of its message follows from its wish. */
void client_query_set_wish(client_query *q, dhcpha_family family, client_wish wish);
/* The address and the prefix that it has or wants, how many there are. */
size_t client_query_get_leases(const world_server *s, const client_query *q,
                               dhcpha_lease leases[CLIENTS_LEASES_MAX]);
/* The client sends its query to one server. */
void clients_send(world_server *s, const client_query *q);
/* The hub said what is to become of a parked query. */
void clients_released(world_server *s, uint64_t id, bool send);

#endif
