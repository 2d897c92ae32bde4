/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "allocate6.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"

static bool is_over(const struct lease_entry *lease) {
  return lease->state == DHCPHA_LEASE_EXPIRED || lease->state == DHCPHA_LEASE_RELEASED;
}

/* A registered address is one that its client chose (RFC 9686). */
static bool is_never_given(const struct lease_entry *lease) {
  return lease->state == DHCPHA_LEASE_DECLINED || lease->state == DHCPHA_LEASE_REGISTERED;
}

/* ---- the state of addresses ---- */

/* Pools do not overlap, so an address lies in one, whatever its type. */
static struct place6 *find_place(const struct allocator6 *allocator, struct lease_id id) {
  size_t low = 0, high = allocator->place_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (ip_compare(allocator->sorted[middle]->pool.last, id.ip) < 0) low = middle + 1;
    else high = middle;
  }
  if (low == allocator->place_count) return NULL;
  struct place6 *place = allocator->sorted[low];
  bool inside = pool_contains(&place->pool, id.ip) && place->config->type == id.type;
  return inside ? place : NULL;
}

static void note(const struct allocator6 *allocator, struct lease_id id,
                 const struct lease_entry *lease) {
  struct place6 *place = find_place(allocator, id);
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
  const struct allocator6 *allocator = user_data;
  note(allocator, id, lease_table_find(&allocator->store->table, id));
}

static int by_address(const void *a, const void *b) {
  return ip_compare((*(struct place6 *const *)a)->pool.first,
                    (*(struct place6 *const *)b)->pool.first);
}

static bool make_places(struct allocator6 *allocator) {
  const struct config *config = allocator->config;
  size_t count = 0;
  for (size_t i = 0; i < config->subnet_count; i++) count += config->subnets[i].pool_count;
  allocator->places = calloc(count + 1, sizeof *allocator->places);
  allocator->sorted = calloc(count + 1, sizeof *allocator->sorted);
  if (allocator->places == NULL || allocator->sorted == NULL) return false;
  for (size_t i = 0; i < config->subnet_count; i++) {
    const struct subnet *subnet = &config->subnets[i];
    for (size_t j = 0; j < subnet->pool_count; j++) {
      struct place6 *place = &allocator->places[allocator->place_count];
      place->config = &subnet->pools[j];
      place->subnet = subnet;
      if (!pool_init(&place->pool, place->config->first, place->config->last,
                     128u - place->config->prefix_len))
        return false;
      /* The first address of a link is that of its routers (RFC 4291 2.6.1). */
      if (place->config->type == DHCPHA_LEASE_ADDRESS &&
          ip_equal(place->pool.first, subnet->prefix))
        pool_set(&place->pool, subnet->prefix, POOL_TAKEN);
      allocator->sorted[allocator->place_count++] = place;
    }
  }
  qsort(allocator->sorted, allocator->place_count, sizeof *allocator->sorted, by_address);
  return true;
}

bool allocator6_init(struct allocator6 *allocator, const struct config *config,
                     struct store *store) {
  memset(allocator, 0, sizeof *allocator);
  allocator->config = config;
  allocator->store = store;
  if (!make_places(allocator) || !offers_init(&allocator->offers, offer_lapsed, allocator)) {
    allocator6_free(allocator);
    return false;
  }
  const struct lease_entry *lease = lease_table_after(&store->table, NULL);
  for (; lease != NULL; lease = lease_table_after(&store->table, &lease->id))
    note(allocator, lease->id, lease);
  store->on_change = lease_changed;
  store->user_data = allocator;
  return true;
}

void allocator6_free(struct allocator6 *allocator) {
  if (allocator->store != NULL) allocator->store->on_change = NULL;
  for (size_t i = 0; i < allocator->place_count; i++) pool_clear(&allocator->places[i].pool);
  free(allocator->places);
  free(allocator->sorted);
  offers_free(&allocator->offers);
  memset(allocator, 0, sizeof *allocator);
}

const struct pool_config *allocator6_pool(const struct allocator6 *allocator,
                                          struct lease_id id) {
  const struct place6 *place = find_place(allocator, id);
  return place != NULL ? place->config : NULL;
}

/* ---- clients ---- */

/* What an offer is kept under. */
static uint64_t association_key(const struct association6 *ia) {
  uint64_t tweak = (uint64_t)ia->subnet->id << 32 ^ ia->iaid ^ (uint64_t)ia->type << 62;
  return hash_bytes(tweak, ia->client->duid, ia->client->duid_len);
}

bool association6_owns(const struct association6 *ia, const struct lease_entry *lease) {
  dhcpha_lease its;
  lease_entry_get(lease, &its);
  return its.type == ia->type && its.iaid == ia->iaid &&
         lease_same_bytes(its.client_id, its.client_id_len, ia->client->duid,
                          ia->client->duid_len);
}

/* The first of its leases, a running one if possible. */
const struct lease_entry *allocator6_find(const struct allocator6 *allocator,
                                          const struct association6 *ia) {
  struct lease_owner owner = { .subnet_id = ia->subnet->id, .iaid = ia->iaid, .type = ia->type,
                               .bytes = ia->client->duid, .len = ia->client->duid_len };
  const struct lease_entry *best = NULL, *lease = NULL;
  for (int looks = 0; looks < CLIENT_LOOKS_MAX; looks++) {
    lease = lease_table_of_client(&allocator->store->table, BY_CLIENT_ID, &owner, lease);
    if (lease == NULL) break;
    if (is_never_given(lease)) continue;
    if (!is_over(lease)) return lease;
    if (best == NULL || lease->cltt > best->cltt) best = lease;
  }
  return best;
}

/* ---- choosing ---- */

bool allocator6_may_have(const struct allocator6 *allocator, const struct association6 *ia,
                         struct ip address) {
  struct lease_id id = { address, ia->type };
  const struct place6 *place = find_place(allocator, id);
  if (place == NULL || place->subnet != ia->subnet ||
      !classes_allow(&place->config->classes, ia->client->client_class) ||
      !ip_in_prefix(address, 6, address, place->config->prefix_len))
    return false;
  const struct lease_entry *lease = lease_table_find(&allocator->store->table, id);
  if (lease != NULL && is_never_given(lease)) return false;
  if (lease != NULL && !is_over(lease)) return association6_owns(ia, lease);
  uint64_t promised;
  return !offers_has(&allocator->offers, id, &promised) || promised == association_key(ia);
}

static struct ip next_free(struct allocator6 *allocator, const struct association6 *ia) {
  struct ip address;
  for (size_t i = 0; i < allocator->place_count; i++) {
    struct place6 *place = &allocator->places[i];
    if (place->subnet == ia->subnet && place->config->type == ia->type &&
        classes_allow(&place->config->classes, ia->client->client_class) &&
        pool_next(&place->pool, &address))
      return address;
  }
  return IP_NONE;
}

struct ip allocator6_offer(struct allocator6 *allocator, const struct association6 *ia,
                           struct ip wish, int64_t now_ms) {
  uint64_t key = association_key(ia);
  const struct lease_entry *lease = allocator6_find(allocator, ia);
  struct ip wishes[] = { lease != NULL ? lease->id.ip : IP_NONE,
                         offers_of_client(&allocator->offers, key).ip, wish };
  struct ip address = IP_NONE;
  for (size_t i = 0; ip_is_none(address) && i < sizeof wishes / sizeof *wishes; i++)
    if (!ip_is_none(wishes[i]) && allocator6_may_have(allocator, ia, wishes[i]))
      address = wishes[i];
  if (ip_is_none(address)) address = next_free(allocator, ia);
  if (ip_is_none(address)) return address;
  struct lease_id id = { address, ia->type };
  offers_add(&allocator->offers, key, id, now_ms);
  struct place6 *place = find_place(allocator, id);
  if (place != NULL) pool_set(&place->pool, address, POOL_TAKEN);
  return address;
}

void allocator6_forget_offer(struct allocator6 *allocator, const struct association6 *ia) {
  offers_withdraw(&allocator->offers,
                  offers_of_client(&allocator->offers, association_key(ia)));
}
