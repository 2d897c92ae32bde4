/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "lease_entry.h"

#include <stdlib.h>
#include <string.h>

struct lease_id lease_id_of(const dhcpha_lease *lease) {
  return (struct lease_id){ ip_of(&lease->address), lease->type };
}

static int64_t due_of(const dhcpha_lease *lease) {
  if (lease->state != DHCPHA_LEASE_ASSIGNED && lease->state != DHCPHA_LEASE_DECLINED)
    return INT64_MAX;
  return lease->valid_lft == DHCPHA_LIFETIME_INFINITE ? INT64_MAX : lease->cltt + lease->valid_lft;
}

void lease_entry_set_numbers(struct lease_entry *entry, const dhcpha_lease *lease) {
  entry->cltt = lease->cltt;
  entry->due = due_of(lease);
  entry->pool_id = lease->pool_id;
  entry->valid_lft = lease->valid_lft;
  entry->preferred_lft = lease->preferred_lft;
  entry->prefix_len = lease->prefix_len;
  entry->state = lease->state;
  entry->fqdn_fwd = lease->fqdn_fwd;
  entry->fqdn_rev = lease->fqdn_rev;
}

static void append(uint8_t **at, const void *bytes, size_t len) {
  if (len > 0) memcpy(*at, bytes, len);
  *at += len;
}

struct lease_entry *lease_entry_new(const dhcpha_lease *lease) {
  if (lease->hw_address_len > 255 || lease->client_id_len > 255 || lease->hostname_len > 255 ||
      lease->user_context_len > UINT32_MAX)
    return NULL;
  struct lease_entry *entry =
      malloc(sizeof *entry + lease->hw_address_len + lease->client_id_len + lease->hostname_len +
             lease->user_context_len);
  if (entry == NULL) return NULL;
  memset(entry, 0, sizeof *entry);
  entry->turn = LEASE_NO_TURN;
  entry->id = lease_id_of(lease);
  entry->family = lease->address.family;
  entry->iaid = lease->iaid;
  entry->subnet_id = lease->subnet_id;
  lease_entry_set_numbers(entry, lease);
  entry->hw_address_len = (uint8_t)lease->hw_address_len;
  entry->client_id_len = (uint8_t)lease->client_id_len;
  entry->hostname_len = (uint8_t)lease->hostname_len;
  entry->user_context_len = (uint32_t)lease->user_context_len;
  uint8_t *at = entry->bytes;
  append(&at, lease->hw_address, lease->hw_address_len);
  append(&at, lease->client_id, lease->client_id_len);
  append(&at, lease->hostname, lease->hostname_len);
  append(&at, lease->user_context, lease->user_context_len);
  return entry;
}

void lease_entry_get(const struct lease_entry *entry, dhcpha_lease *lease) {
  dhcpha_lease_init(lease);
  lease->address = ip_address(entry->family, entry->id.ip);
  lease->type = entry->id.type;
  lease->prefix_len = entry->prefix_len;
  lease->iaid = entry->iaid;
  lease->preferred_lft = entry->preferred_lft;
  lease->state = entry->state;
  lease->fqdn_fwd = entry->fqdn_fwd;
  lease->fqdn_rev = entry->fqdn_rev;
  lease->subnet_id = entry->subnet_id;
  lease->pool_id = entry->pool_id;
  lease->valid_lft = entry->valid_lft;
  lease->cltt = entry->cltt;
  const uint8_t *at = entry->bytes;
  lease->hw_address = at;
  lease->hw_address_len = entry->hw_address_len;
  at += entry->hw_address_len;
  lease->client_id = at;
  lease->client_id_len = entry->client_id_len;
  at += entry->client_id_len;
  lease->hostname = (const char *)at;
  lease->hostname_len = entry->hostname_len;
  at += entry->hostname_len;
  lease->user_context = entry->user_context_len > 0 ? (const char *)at : NULL;
  lease->user_context_len = entry->user_context_len;
}

bool lease_same_bytes(const void *a, size_t a_len, const void *b, size_t b_len) {
  return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

bool lease_entry_differs_in_numbers_only(const struct lease_entry *entry,
                                         const dhcpha_lease *lease) {
  dhcpha_lease old;
  lease_entry_get(entry, &old);
  return old.subnet_id == lease->subnet_id && old.iaid == lease->iaid &&
         lease_same_bytes(old.hw_address, old.hw_address_len, lease->hw_address,
                          lease->hw_address_len) &&
         lease_same_bytes(old.client_id, old.client_id_len, lease->client_id,
                          lease->client_id_len) &&
         lease_same_bytes(old.hostname, old.hostname_len, lease->hostname, lease->hostname_len) &&
         lease_same_bytes(old.user_context, old.user_context_len, lease->user_context,
                          lease->user_context_len);
}
