/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "allocate4.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"

static bool is_over(const struct lease_entry *lease) {
  return lease->state == DHCPHA_LEASE_EXPIRED || lease->state == DHCPHA_LEASE_RELEASED;
}

/* ---- the state of addresses ---- */

static struct place4 *find_place(const struct allocator4 *allocator, struct ip address) {
  size_t low = 0, high = allocator->place_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (ip_compare(allocator->sorted[middle]->pool.last, address) < 0) low = middle + 1;
    else high = middle;
  }
  if (low == allocator->place_count || !pool_contains(&allocator->sorted[low]->pool, address))
    return NULL;
  return allocator->sorted[low];
}

static void note(const struct allocator4 *allocator, struct lease_id id,
                 const struct lease_entry *lease) {
  struct place4 *place = find_place(allocator, id.ip);
  if (place == NULL) return;
  enum pool_state state = lease == NULL    ? POOL_FREE
                          : is_over(lease) ? POOL_RECLAIMABLE
                                           : POOL_TAKEN;
  if (offers_has(&allocator->offers, id, NULL)) state = POOL_TAKEN;
  pool_set(&place->pool, id.ip, state);
}

static void lease_changed(struct lease_id id, const struct lease_entry *lease, void *user_data) {
  note(user_data, id, lease);
}

static void offer_lapsed(struct lease_id id, void *user_data) {
  const struct allocator4 *allocator = user_data;
  note(allocator, id, lease_table_find(&allocator->store->table, id));
}

static int by_address(const void *a, const void *b) {
  return ip_compare((*(struct place4 *const *)a)->pool.first,
                    (*(struct place4 *const *)b)->pool.first);
}

static bool make_places(struct allocator4 *allocator) {
  const struct config *config = allocator->config;
  size_t count = 0;
  for (size_t i = 0; i < config->subnet_count; i++) count += config->subnets[i].pool_count;
  allocator->places = calloc(count + 1, sizeof *allocator->places);
  allocator->sorted = calloc(count + 1, sizeof *allocator->sorted);
  if (allocator->places == NULL || allocator->sorted == NULL) return false;
  for (size_t i = 0; i < config->subnet_count; i++) {
    const struct subnet *subnet = &config->subnets[i];
    for (size_t j = 0; j < subnet->pool_count; j++) {
      struct place4 *place = &allocator->places[allocator->place_count];
      place->config = &subnet->pools[j];
      place->subnet = subnet;
      if (!pool_init(&place->pool, place->config->first, place->config->last, 0)) return false;
      allocator->sorted[allocator->place_count++] = place;
    }
  }
  qsort(allocator->sorted, allocator->place_count, sizeof *allocator->sorted, by_address);
  return true;
}

bool allocator4_init(struct allocator4 *allocator, const struct config *config,
                     struct store *store) {
  memset(allocator, 0, sizeof *allocator);
  allocator->config = config;
  allocator->store = store;
  if (!make_places(allocator) || !offers_init(&allocator->offers, offer_lapsed, allocator)) {
    allocator4_free(allocator);
    return false;
  }
  const struct lease_entry *lease = lease_table_after(&store->table, NULL);
  for (; lease != NULL; lease = lease_table_after(&store->table, &lease->id))
    note(allocator, lease->id, lease);
  store->on_change = lease_changed;
  store->user_data = allocator;
  return true;
}

void allocator4_free(struct allocator4 *allocator) {
  if (allocator->store != NULL) allocator->store->on_change = NULL;
  for (size_t i = 0; i < allocator->place_count; i++) pool_clear(&allocator->places[i].pool);
  free(allocator->places);
  free(allocator->sorted);
  offers_free(&allocator->offers);
  memset(allocator, 0, sizeof *allocator);
}

const struct pool_config *allocator4_pool(const struct allocator4 *allocator, uint32_t address) {
  const struct place4 *place = find_place(allocator, ip_of_ip4(address));
  return place != NULL ? place->config : NULL;
}

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
static const struct lease_entry *look_up(const struct allocator4 *allocator,
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
    if (!is_over(lease)) return lease;
    if (best == NULL || lease->cltt > best->cltt) best = lease;
  }
  return best;
}

const struct lease_entry *allocator4_find(const struct allocator4 *allocator,
                                          const struct subnet *subnet,
                                          const struct client4 *client) {
  const struct lease_entry *lease = NULL;
  if (uses_client_id(client, subnet)) lease = look_up(allocator, subnet, client, BY_CLIENT_ID);
  return lease != NULL ? lease : look_up(allocator, subnet, client, BY_HARDWARE);
}

/* ---- choosing ---- */

bool allocator4_may_have(const struct allocator4 *allocator, const struct subnet *subnet,
                         const struct client4 *client, uint32_t address) {
  const struct place4 *place = find_place(allocator, ip_of_ip4(address));
  if (place == NULL || place->subnet != subnet ||
      !classes_allow(&place->config->classes, client->client_class))
    return false;
  const struct lease_entry *lease = lease_table_find(&allocator->store->table, id_of_ip4(address));
  if (lease != NULL && lease->state == DHCPHA_LEASE_DECLINED) return false;
  if (lease != NULL && !is_over(lease)) return client4_owns(client, subnet, lease);
  uint64_t promised;
  return !offers_has(&allocator->offers, id_of_ip4(address), &promised) ||
         promised == client_key(client, subnet);
}

static uint32_t next_free(struct allocator4 *allocator, const struct subnet *subnet,
                          const struct client4 *client) {
  struct ip address;
  for (size_t i = 0; i < allocator->place_count; i++) {
    struct place4 *place = &allocator->places[i];
    if (place->subnet == subnet &&
        classes_allow(&place->config->classes, client->client_class) &&
        pool_next(&place->pool, &address))
      return (uint32_t)address.low;
  }
  return 0;
}

uint32_t allocator4_offer(struct allocator4 *allocator, const struct subnet *subnet,
                          const struct client4 *client, uint32_t requested, int64_t now_ms) {
  uint64_t key = client_key(client, subnet);
  const struct lease_entry *lease = allocator4_find(allocator, subnet, client);
  uint32_t wishes[] = { lease != NULL ? lease_ip4(lease) : 0,
                        (uint32_t)offers_of_client(&allocator->offers, key).ip.low, requested };
  uint32_t address = 0;
  for (size_t i = 0; address == 0 && i < sizeof wishes / sizeof *wishes; i++)
    if (wishes[i] != 0 && allocator4_may_have(allocator, subnet, client, wishes[i]))
      address = wishes[i];
  if (address == 0) address = next_free(allocator, subnet, client);
  if (address == 0) return 0;
  offers_add(&allocator->offers, key, id_of_ip4(address), now_ms);
  struct place4 *place = find_place(allocator, ip_of_ip4(address));
  if (place != NULL) pool_set(&place->pool, ip_of_ip4(address), POOL_TAKEN);
  return address;
}

void allocator4_forget_offer(struct allocator4 *allocator, const struct subnet *subnet,
                             const struct client4 *client) {
  offers_withdraw(&allocator->offers,
                  offers_of_client(&allocator->offers, client_key(client, subnet)));
}
