/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "allocate4.h"

#include <string.h>

#include "hash.h"

/* ---- clients ---- */

static bool uses_client_id(const struct client4 *client, const struct subnet *subnet) {
  return client->client_id_len > 0 && subnet->settings.match_client_id != 0;
}

/* What an offer is kept under. */
static uint64_t client_key(const struct client4 *client, const struct subnet *subnet) {
  bool by_id = uses_client_id(client, subnet);
  return hash_bytes((uint64_t)subnet->id << 1 | by_id,
                    by_id ? client->client_id : client->hw_address,
                    by_id ? client->client_id_len : client->hw_address_len);
}

bool client4_owns(const struct client4 *client, const struct subnet *subnet,
                  const struct lease_entry *lease) {
  dhcpha_lease its;
  lease_entry_get(lease, &its);
  if (uses_client_id(client, subnet) && its.client_id_len > 0)
    return its.client_id_len == client->client_id_len &&
           memcmp(its.client_id, client->client_id, its.client_id_len) == 0;
  return its.hw_address_len > 0 && its.hw_address_len == client->hw_address_len &&
         memcmp(its.hw_address, client->hw_address, its.hw_address_len) == 0;
}

/* The first of its leases, a running one if possible. */
static const struct lease_entry *look_up(const struct allocator *allocator,
                                         const struct subnet *subnet,
                                         const struct client4 *client, enum lease_key key) {
  bool by_id = key == BY_CLIENT_ID;
  struct lease_owner owner = { .subnet_id = subnet->id,
                               .bytes = by_id ? client->client_id : client->hw_address,
                               .len = by_id ? client->client_id_len : client->hw_address_len };
  const struct lease_entry *best = NULL, *lease = NULL;
  for (int looks = 0; looks < CLIENT_LOOKS_MAX; looks++) {
    lease = lease_table_of_client(&allocator->store->table, key, &owner, lease);
    if (lease == NULL) break;
    if (lease->state == DHCPHA_LEASE_DECLINED || !client4_owns(client, subnet, lease)) continue;
    if (!lease_is_over(lease)) return lease;
    if (best == NULL || lease->cltt > best->cltt) best = lease;
  }
  return best;
}

const struct lease_entry *allocate4_find(const struct allocator *allocator,
                                         const struct subnet *subnet,
                                         const struct client4 *client) {
  const struct lease_entry *lease = NULL;
  if (uses_client_id(client, subnet)) lease = look_up(allocator, subnet, client, BY_CLIENT_ID);
  return lease != NULL ? lease : look_up(allocator, subnet, client, BY_HARDWARE);
}

/* ---- choosing ---- */

bool allocate4_may_have(const struct allocator *allocator, const struct subnet *subnet,
                        const struct client4 *client, uint32_t address) {
  const struct live_pool *live = allocator_find(allocator, id_of_ip4(address));
  if (live == NULL || live->subnet != subnet ||
      !classes_allow(&live->config->classes, client->client_class))
    return false;
  const struct lease_entry *lease = lease_table_find(&allocator->store->table, id_of_ip4(address));
  if (lease != NULL && lease->state == DHCPHA_LEASE_DECLINED) return false;
  if (lease != NULL && !lease_is_over(lease)) return client4_owns(client, subnet, lease);
  uint64_t promised;
  return !offers_has(&allocator->offers, id_of_ip4(address), &promised) ||
         promised == client_key(client, subnet);
}

uint32_t allocate4_offer(struct allocator *allocator, const struct subnet *subnet,
                         const struct client4 *client, uint32_t requested, int64_t now_ms) {
  uint64_t key = client_key(client, subnet);
  const struct lease_entry *lease = allocate4_find(allocator, subnet, client);
  uint32_t wishes[] = { lease != NULL ? lease_ip4(lease) : 0,
                        (uint32_t)offers_of_client(&allocator->offers, key).ip.low, requested };
  uint32_t address = 0;
  for (size_t i = 0; address == 0 && i < sizeof wishes / sizeof *wishes; i++)
    if (wishes[i] != 0 && allocate4_may_have(allocator, subnet, client, wishes[i]))
      address = wishes[i];
  if (address == 0)
    address = (uint32_t)allocator_next(allocator, subnet, DHCPHA_LEASE_ADDRESS,
                                       client->client_class).low;
  if (address == 0) return 0;
  allocator_promise(allocator, key, id_of_ip4(address), now_ms);
  return address;
}

void allocate4_forget_offer(struct allocator *allocator, const struct subnet *subnet,
                            const struct client4 *client) {
  allocator_forget(allocator, client_key(client, subnet));
}
