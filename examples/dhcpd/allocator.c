/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "allocator.h"

#include <stdlib.h>
#include <string.h>

/* ---- the state of addresses ---- */

/* Pools do not overlap, so an address lies in one, whatever its type. */
static struct live_pool *find_live(const struct allocator *allocator, struct lease_id id) {
  size_t low = 0, high = allocator->live_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (ip_compare(allocator->sorted[middle]->pool.last, id.ip) < 0) low = middle + 1;
    else high = middle;
  }
  if (low == allocator->live_count) return NULL;
  struct live_pool *live = allocator->sorted[low];
  bool inside = pool_contains(&live->pool, id.ip) && live->config->type == id.type;
  return inside ? live : NULL;
}

static void note(const struct allocator *allocator, struct lease_id id,
                 const struct lease_entry *lease) {
  struct live_pool *live = find_live(allocator, id);
  if (live == NULL) return;
  enum pool_state state = lease == NULL          ? POOL_FREE
                          : lease_is_over(lease) ? POOL_RECLAIMABLE
                                                 : POOL_TAKEN;
  if (offers_has(&allocator->offers, id, NULL)) state = POOL_TAKEN;
  pool_set(&live->pool, id.ip, state);
}

static void lease_changed(struct lease_id id, const struct lease_entry *lease, void *user_data) {
  note(user_data, id, lease);
}

static void offer_lapsed(struct lease_id id, void *user_data) {
  const struct allocator *allocator = user_data;
  note(allocator, id, lease_table_find(&allocator->store->table, id));
}

/* ---- making and freeing ---- */

static int by_address(const void *a, const void *b) {
  return ip_compare((*(struct live_pool *const *)a)->pool.first,
                    (*(struct live_pool *const *)b)->pool.first);
}

static bool start_pool(struct live_pool *live, const struct subnet *subnet,
                       const struct pool_config *config) {
  unsigned bits = subnet->family == 4 ? 32 : 128;
  live->config = config;
  live->subnet = subnet;
  if (!pool_init(&live->pool, config->first, config->last, bits - config->prefix_len))
    return false;
  /* The first address of a link is that of its routers (RFC 4291 2.6.1). */
  if (subnet->family == 6 && config->type == DHCPHA_LEASE_ADDRESS &&
      ip_equal(live->pool.first, subnet->prefix))
    pool_set(&live->pool, subnet->prefix, POOL_TAKEN);
  return true;
}

static bool start_pools(struct allocator *allocator) {
  const struct config *config = allocator->config;
  size_t count = 0;
  for (size_t i = 0; i < config->subnet_count; i++) count += config->subnets[i].pool_count;
  allocator->live = calloc(count + 1, sizeof *allocator->live);
  allocator->sorted = calloc(count + 1, sizeof *allocator->sorted);
  if (allocator->live == NULL || allocator->sorted == NULL) return false;
  for (size_t i = 0; i < config->subnet_count; i++) {
    const struct subnet *subnet = &config->subnets[i];
    for (size_t j = 0; j < subnet->pool_count; j++) {
      struct live_pool *live = &allocator->live[allocator->live_count];
      if (!start_pool(live, subnet, &subnet->pools[j])) return false;
      allocator->sorted[allocator->live_count++] = live;
    }
  }
  qsort(allocator->sorted, allocator->live_count, sizeof *allocator->sorted, by_address);
  return true;
}

bool allocator_init(struct allocator *allocator, const struct config *config,
                    struct store *store) {
  memset(allocator, 0, sizeof *allocator);
  allocator->config = config;
  allocator->store = store;
  if (!start_pools(allocator) || !offers_init(&allocator->offers, offer_lapsed, allocator)) {
    allocator_free(allocator);
    return false;
  }
  const struct lease_entry *lease = lease_table_after(&store->table, NULL);
  for (; lease != NULL; lease = lease_table_after(&store->table, &lease->id))
    note(allocator, lease->id, lease);
  store->on_change = lease_changed;
  store->user_data = allocator;
  return true;
}

void allocator_free(struct allocator *allocator) {
  if (allocator->store != NULL) allocator->store->on_change = NULL;
  for (size_t i = 0; i < allocator->live_count; i++) pool_clear(&allocator->live[i].pool);
  free(allocator->live);
  free(allocator->sorted);
  offers_free(&allocator->offers);
  memset(allocator, 0, sizeof *allocator);
}

/* ---- for those who choose ---- */

const struct live_pool *allocator_find(const struct allocator *allocator, struct lease_id id) {
  return find_live(allocator, id);
}

const struct pool_config *allocator_pool(const struct allocator *allocator, struct lease_id id) {
  const struct live_pool *live = find_live(allocator, id);
  return live != NULL ? live->config : NULL;
}

struct ip allocator_next(struct allocator *allocator, const struct subnet *subnet, uint8_t type,
                         const char *client_class) {
  struct ip address;
  for (size_t i = 0; i < allocator->live_count; i++) {
    struct live_pool *live = &allocator->live[i];
    if (live->subnet == subnet && live->config->type == type &&
        classes_allow(&live->config->classes, client_class) && pool_next(&live->pool, &address))
      return address;
  }
  return IP_NONE;
}

void allocator_promise(struct allocator *allocator, uint64_t client, struct lease_id id,
                       int64_t now_ms) {
  offers_add(&allocator->offers, client, id, now_ms);
  struct live_pool *live = find_live(allocator, id);
  if (live != NULL) pool_set(&live->pool, id.ip, POOL_TAKEN);
}

void allocator_forget(struct allocator *allocator, uint64_t client) {
  offers_withdraw(&allocator->offers, offers_of_client(&allocator->offers, client));
}
