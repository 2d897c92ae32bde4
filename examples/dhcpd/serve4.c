/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "serve4.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "reply4.h"

#define RELAY_LINK_SELECTION 5 /* RFC 3527 */

/* ---- the subnet ---- */

static uint32_t link_selection(const struct packet4 *packet) {
  const struct option4_view *relay = &packet->options[OPTION_RELAY_AGENT];
  for (size_t at = 0; at + 2 <= relay->len; at += 2u + relay->bytes[at + 1]) {
    const uint8_t *part = relay->bytes + at;
    if (at + 2 + part[1] > relay->len) break;
    if (part[0] == RELAY_LINK_SELECTION && part[1] == 4)
      return (uint32_t)part[2] << 24 | (uint32_t)part[3] << 16 | (uint32_t)part[4] << 8 | part[5];
  }
  return 0;
}

static const struct subnet *subnet_with(const struct config *config, uint32_t address) {
  for (size_t i = 0; address != 0 && i < config->subnet_count; i++)
    if (subnet_contains(&config->subnets[i], ip_of_ip4(address))) return &config->subnets[i];
  return NULL;
}

static const struct subnet *subnet_of_relay(const struct config *config, uint32_t giaddr) {
  for (size_t i = 0; i < config->subnet_count; i++)
    for (size_t j = 0; j < config->subnets[i].relay_count; j++)
      if (config->subnets[i].relays[j].low == giaddr) return &config->subnets[i];
  return NULL;
}

static const struct subnet *subnet_of_interface(const struct config *config, const char *name) {
  for (size_t i = 0; i < config->subnet_count; i++)
    if (config->subnets[i].interface != NULL && strcmp(config->subnets[i].interface, name) == 0)
      return &config->subnets[i];
  return NULL;
}

const struct subnet *serve4_subnet(const struct config *config, const struct packet4 *packet,
                                   const char *interface, uint32_t interface_address,
                                   uint32_t from) {
  const struct subnet *subnet;
  if (packet->giaddr != 0) {
    subnet = subnet_of_relay(config, packet->giaddr);
    if (subnet == NULL) subnet = subnet_with(config, link_selection(packet));
    return subnet != NULL ? subnet : subnet_with(config, packet->giaddr);
  }
  subnet = subnet_of_interface(config, interface);
  if (subnet == NULL) subnet = subnet_with(config, packet->ciaddr);
  if (subnet == NULL) subnet = subnet_with(config, from);
  return subnet != NULL ? subnet : subnet_with(config, interface_address);
}

/* ---- leases ---- */

#define HOSTNAME_MAX 255

/* Lower case, and nothing but letters, digits, '-', '_' and '.', as Kea stores it. */
static size_t host_name(const struct packet4 *packet, char name[HOSTNAME_MAX]) {
  const struct option4_view *option = &packet->options[OPTION_HOST_NAME];
  size_t len = 0;
  for (size_t i = 0; i < option->len && len < HOSTNAME_MAX; i++) {
    int c = option->bytes[i];
    bool fine = c < 0x80 && (isalnum(c) || c == '-' || c == '_' || c == '.');
    if (fine) name[len++] = (char)tolower(c);
  }
  return len;
}

static bool change(struct allocator *allocator, struct result4 *result, const dhcpha_lease *lease,
                   dhcpha_lease_operation operation) {
  dhcpha_stored stored = store_change(allocator->store, lease, operation);
  result->commit = true;
  return stored != DHCPHA_STORED_FAILED && stored != DHCPHA_STORED_MISSING;
}

/* The client's lease at another address ends when it gets this one. */
static bool end_other(struct allocator *allocator, struct result4 *result,
                      const struct lease_entry *old, uint32_t address) {
  if (old == NULL || lease_ip4(old) == address) return true;
  dhcpha_lease lease;
  lease_entry_get(old, &lease);
  if (old->state == DHCPHA_LEASE_ASSIGNED && !changes_add_deleted(result->changes, &lease))
    return false;
  return change(allocator, result, &lease, DHCPHA_LEASE_DELETE);
}

static void grant(struct allocator *allocator, const struct query4 *query, uint32_t address,
                  const struct lease_entry *old, uint8_t *bytes, struct result4 *result) {
  char name[HOSTNAME_MAX];
  dhcpha_lease lease;
  dhcpha_lease_init(&lease);
  lease.address = address_of(address);
  lease.subnet_id = query->subnet->id;
  lease.valid_lft = reply4_lifetime(query);
  lease.cltt = query->now;
  lease.hw_address = query->client.hw_address;
  lease.hw_address_len = query->client.hw_address_len;
  lease.client_id = query->client.client_id;
  lease.client_id_len = query->client.client_id_len;
  lease.hostname = name;
  lease.hostname_len = host_name(query->packet, name);
  allocate4_forget_offer(allocator, query->subnet, &query->client);
  if (!end_other(allocator, result, old, address) ||
      !change(allocator, result, &lease, DHCPHA_LEASE_PUT)) {
    result->why = "out of memory";
    return;
  }
  changes_add_leased(result->changes, id_of_ip4(address));
  result->why = "acknowledged";
  reply4_write(result, query, bytes, DHCPACK, address,
               allocator_pool(allocator, id_of_ip4(address)), lease.valid_lft);
}

/* ---- the messages ---- */

static void discover(struct allocator *allocator, const struct query4 *query, uint8_t *bytes,
                     struct result4 *result) {
  if (query->subnet == NULL) {
    result->why = "no subnet fits";
    return;
  }
  uint32_t wish = packet4_get_address(query->packet, OPTION_REQUESTED_ADDRESS);
  uint32_t address =
      allocate4_offer(allocator, query->subnet, &query->client, wish, query->now_ms);
  result->why = address != 0 ? "offered" : "no address left";
  if (address != 0)
    reply4_write(result, query, bytes, DHCPOFFER, address,
                 allocator_pool(allocator, id_of_ip4(address)), reply4_lifetime(query));
}

static void refuse(const struct query4 *query, uint8_t *bytes, struct result4 *result,
                   const char *why) {
  result->why = why;
  reply4_write(result, query, bytes, DHCPNAK, 0, NULL, 0);
}

/* Meant for this server, as far as the message tells. */
static bool is_ours(const struct query4 *query) {
  uint32_t chosen = packet4_get_address(query->packet, OPTION_SERVER_ID);
  return chosen == 0 || chosen == query->server_id || chosen == reply4_server_id(query);
}

static void request(struct allocator *allocator, const struct query4 *query, uint8_t *bytes,
                    struct result4 *result) {
  const struct packet4 *packet = query->packet;
  uint32_t wish = packet4_get_address(packet, OPTION_REQUESTED_ADDRESS);
  bool selecting = packet->options[OPTION_SERVER_ID].bytes != NULL;
  bool rebooting = !selecting && wish != 0 && packet->ciaddr == 0;
  uint32_t address = selecting || rebooting ? wish : packet->ciaddr;
  if (!is_ours(query)) { /* it took another server's offer */
    if (query->subnet != NULL) allocate4_forget_offer(allocator, query->subnet, &query->client);
    result->why = "meant for another server";
    return;
  }
  if (address == 0) address = packet->ciaddr; /* in renewal, with an option too many */
  if (address == 0) {
    result->why = "no address requested";
    return;
  }
  if (query->subnet == NULL || !subnet_contains(query->subnet, ip_of_ip4(address))) {
    refuse(query, bytes, result, "wrong network");
    return;
  }
  const struct lease_entry *lease = allocate4_find(allocator, query->subnet, &query->client);
  if (rebooting && lease == NULL && query->subnet->settings.authoritative == 0) {
    result->why = "unknown client, and not authoritative"; /* RFC 2131 4.3.2: remain silent */
    return;
  }
  if (rebooting && (lease == NULL || lease_ip4(lease) != address))
    refuse(query, bytes, result, "its address is another");
  else if (!allocate4_may_have(allocator, query->subnet, &query->client, address))
    refuse(query, bytes, result, "not its address, or not to be had");
  else
    grant(allocator, query, address, lease, bytes, result);
}

/* The client's running lease at this address; NULL: it has none. */
static const struct lease_entry *own_lease(const struct allocator *allocator,
                                           const struct query4 *query, uint32_t address) {
  const struct lease_entry *lease = lease_table_find(&allocator->store->table, id_of_ip4(address));
  if (lease == NULL || lease->state != DHCPHA_LEASE_ASSIGNED) return NULL;
  if (query->subnet == NULL || !client4_owns(&query->client, query->subnet, lease)) return NULL;
  return lease;
}

/* The lease is over but stays, so that its client gets the address again. */
static void release(struct allocator *allocator, const struct query4 *query,
                    struct result4 *result) {
  const struct lease_entry *entry = own_lease(allocator, query, query->packet->ciaddr);
  result->why = "no lease to release";
  if (entry == NULL || !is_ours(query)) return;
  dhcpha_lease lease;
  lease_entry_get(entry, &lease);
  lease.cltt = query->now;
  lease.valid_lft = 0;
  if (!changes_add_deleted(result->changes, &lease)) return; /* the partner deletes it (P2 4.2) */
  lease.state = DHCPHA_LEASE_EXPIRED;
  change(allocator, result, &lease, DHCPHA_LEASE_PUT);
  result->why = "released";
}

/* The address is in use by someone unknown: nobody gets it for a while. */
static void decline(struct allocator *allocator, const struct query4 *query,
                    struct result4 *result) {
  uint32_t address = packet4_get_address(query->packet, OPTION_REQUESTED_ADDRESS);
  result->why = "no lease to decline";
  if (own_lease(allocator, query, address) == NULL || !is_ours(query)) return;
  dhcpha_lease lease; /* without its client (P1 4.7) */
  dhcpha_lease_init(&lease);
  lease.address = address_of(address);
  lease.subnet_id = query->subnet->id;
  lease.state = DHCPHA_LEASE_DECLINED;
  lease.cltt = query->now;
  lease.valid_lft = allocator->config->decline_probation;
  if (change(allocator, result, &lease, DHCPHA_LEASE_PUT))
    changes_add_leased(result->changes, id_of_ip4(address));
  result->why = "declined";
}

static void inform(const struct query4 *query, uint8_t *bytes, struct result4 *result) {
  result->why = query->subnet != NULL ? "informed" : "no subnet fits";
  if (query->subnet != NULL) reply4_write(result, query, bytes, DHCPACK, 0, NULL, 0);
}

void serve4(struct allocator *allocator, const struct query4 *query, uint8_t *bytes,
            struct changes *changes, struct result4 *result) {
  memset(result, 0, sizeof *result);
  result->changes = changes;
  result->why = "a message that servers do not take";
  switch (query->packet->type) {
  case DHCPDISCOVER: discover(allocator, query, bytes, result); break;
  case DHCPREQUEST: request(allocator, query, bytes, result); break;
  case DHCPRELEASE: release(allocator, query, result); break;
  case DHCPDECLINE: decline(allocator, query, result); break;
  case DHCPINFORM: inform(query, bytes, result); break;
  default: break;
  }
}
