/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * unacked_clients: clients the partner left waiting: has it failed?
 * Floor: memory.  Spec: P1 3.5, 3.6.
 * Room is made when a heartbeat fails, so that a query finds it ready.
 */
#ifndef DHCPHA_MEMORY_UNACKED_CLIENTS_H
#define DHCPHA_MEMORY_UNACKED_CLIENTS_H

#include "base/byte_map.h"

#include <dhcpha/query.h>

#define DHCPHA_UNACKED_CLIENTS_MAX 65536     /* clients remembered; more are only counted */
#define DHCPHA_UNACKED_CLIENTS_RESERVED 64   /* that find room without an allocation */
#define DHCPHA_UNACKED_CLIENT_KEY_BYTES 16   /* of an average client's key */

typedef struct dhcpha_unacked_clients {
  dhcpha_byte_map *clients; /* key to a flag: unacked */
  size_t unacked;
  uint64_t analyzed; /* queries looked at since the last contact */
} dhcpha_unacked_clients;

typedef enum dhcpha_client_news {
  DHCPHA_CLIENT_KNOWN,      /* nothing new */
  DHCPHA_CLIENT_CONNECTING, /* first seen, has not waited long */
  DHCPHA_CLIENT_UNACKED     /* has now waited too long */
} dhcpha_client_news;

dhcpha_status dhcpha_unacked_clients_init(dhcpha_unacked_clients *clients,
                                          const dhcpha_allocator *allocator);
void dhcpha_unacked_clients_free(dhcpha_unacked_clients *clients);
/* Makes room for the next clients; failing is no harm yet. */
void dhcpha_unacked_clients_reserve(dhcpha_unacked_clients *clients);
/* The partner was contacted. */
void dhcpha_unacked_clients_clear(dhcpha_unacked_clients *clients);
dhcpha_client_news dhcpha_unacked_clients_note(dhcpha_unacked_clients *clients,
                                               const dhcpha_query *query, dhcpha_family family,
                                               uint32_t max_ack_delay_ms);
size_t dhcpha_unacked_clients_count(const dhcpha_unacked_clients *clients); /* all connecting */
/* P1 3.6: 0 does not look at clients at all. */
bool dhcpha_unacked_clients_show_failure(const dhcpha_unacked_clients *clients,
                                         uint32_t max_unacked_clients);

#endif
