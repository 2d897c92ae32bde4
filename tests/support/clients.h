/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * clients: DHCPv4 clients of the world, and what a DHCP server does with their queries.
 */
#ifndef TESTS_SUPPORT_CLIENTS_H
#define TESTS_SUPPORT_CLIENTS_H

#include "support/world.h"

#define CLIENTS_DISCOVER 1
#define CLIENTS_REQUEST 3
#define CLIENTS_DECLINE 4
#define CLIENTS_RELEASE 7

/* One query of one client. */
typedef struct client_query {
  unsigned number; /* names the client: its hardware address and its lease's address follow */
  uint8_t type;
  uint16_t secs;
  uint8_t hw_address[20];
  size_t hw_address_len;
  uint8_t client_id[255];
  size_t client_id_len;
  dhcpha_address address; /* the lease it gets; family 0: by its number */
  uint32_t subnet_id, valid_lft;
  dhcpha_address previous; /* the lease it gives up for it; family 0: none */
} client_query;

/* Client `number`: hardware address 02:00:00:00:hh:ll, lease 192.0.2.(9 + number). */
void client_query_init(client_query *q, unsigned number);
/* The client sends its query to one server. */
void clients_send(world_server *s, const client_query *q);
/* The hub said what is to become of a parked query. */
void clients_released(world_server *s, uint64_t id, bool send);

#endif
