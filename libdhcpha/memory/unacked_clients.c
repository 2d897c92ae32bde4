/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/unacked_clients.h"

#include "dhcp/query.h"

dhcpha_status dhcpha_unacked_clients_init(dhcpha_unacked_clients *clients,
                                          const dhcpha_allocator *allocator) {
  clients->unacked = 0;
  clients->analyzed = 0;
  clients->clients =
      dhcpha_byte_map_new(allocator, sizeof(uint8_t), DHCPHA_UNACKED_CLIENTS_MAX);
  return clients->clients == NULL ? DHCPHA_ERR_NOMEM : DHCPHA_OK;
}

void dhcpha_unacked_clients_free(dhcpha_unacked_clients *clients) {
  dhcpha_byte_map_free(clients->clients);
  clients->clients = NULL;
}

void dhcpha_unacked_clients_reserve(dhcpha_unacked_clients *clients) {
  (void)dhcpha_byte_map_reserve(clients->clients, DHCPHA_UNACKED_CLIENTS_RESERVED,
                                DHCPHA_UNACKED_CLIENTS_RESERVED *
                                    DHCPHA_UNACKED_CLIENT_KEY_BYTES);
}

void dhcpha_unacked_clients_clear(dhcpha_unacked_clients *clients) {
  dhcpha_byte_map_clear(clients->clients);
  clients->unacked = 0;
  clients->analyzed = 0;
}

dhcpha_client_news dhcpha_unacked_clients_note(dhcpha_unacked_clients *clients,
                                               const dhcpha_query *query, dhcpha_family family,
                                               uint32_t max_ack_delay_ms) {
  uint8_t key[DHCPHA_CLIENT_KEY_MAX];
  void *value = NULL;
  bool added = false;
  clients->analyzed++;
  size_t len = dhcpha_query_get_client_key(query, family, key);
  if (len == 0) return DHCPHA_CLIENT_KNOWN;
  if (dhcpha_byte_map_insert(clients->clients, key, len, &value, &added) != DHCPHA_OK)
    return DHCPHA_CLIENT_KNOWN;
  uint8_t *unacked = value;
  if (*unacked == 0 && dhcpha_query_is_unacked(query, family, max_ack_delay_ms)) {
    *unacked = 1;
    clients->unacked++;
    return DHCPHA_CLIENT_UNACKED;
  }
  return added ? DHCPHA_CLIENT_CONNECTING : DHCPHA_CLIENT_KNOWN;
}

size_t dhcpha_unacked_clients_count(const dhcpha_unacked_clients *clients) {
  return dhcpha_byte_map_count(clients->clients);
}

bool dhcpha_unacked_clients_show_failure(const dhcpha_unacked_clients *clients,
                                         uint32_t max_unacked_clients) {
  return max_unacked_clients == 0 || clients->unacked > max_unacked_clients;
}
