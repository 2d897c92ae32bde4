/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "allocate6.h"

#include <string.h>

#include "hash.h"

/* A registered address is one that its client chose (RFC 9686). */
static bool is_never_given(const struct lease_entry *lease) {
  return lease->state == DHCPHA_LEASE_DECLINED || lease->state == DHCPHA_LEASE_REGISTERED;
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
const struct lease_entry *allocate6_find(const struct allocator *allocator,
                                         const struct association6 *ia) {
  struct lease_owner owner = { .subnet_id = ia->subnet->id, .iaid = ia->iaid, .type = ia->type,
                               .bytes = ia->client->duid, .len = ia->client->duid_len };
  const struct lease_entry *best = NULL, *lease = NULL;
  for (int looks = 0; looks < CLIENT_LOOKS_MAX; looks++) {
    lease = lease_table_of_client(&allocator->store->table, BY_CLIENT_ID, &owner, lease);
    if (lease == NULL) break;
    if (is_never_given(lease)) continue;
    if (!lease_is_over(lease)) return lease;
    if (best == NULL || lease->cltt > best->cltt) best = lease;
  }
  return best;
}

/* ---- choosing ---- */

bool allocate6_may_have(const struct allocator *allocator, const struct association6 *ia,
                        struct ip address) {
  struct lease_id id = { address, ia->type };
  const struct live_pool *live = allocator_find(allocator, id);
  if (live == NULL || live->subnet != ia->subnet ||
      !classes_allow(&live->config->classes, ia->client->client_class) ||
      !ip_in_prefix(address, 6, address, live->config->prefix_len))
    return false;
  const struct lease_entry *lease = lease_table_find(&allocator->store->table, id);
  if (lease != NULL && is_never_given(lease)) return false;
  if (lease != NULL && !lease_is_over(lease)) return association6_owns(ia, lease);
  uint64_t promised;
  return !offers_has(&allocator->offers, id, &promised) || promised == association_key(ia);
}

struct ip allocate6_offer(struct allocator *allocator, const struct association6 *ia,
                          struct ip wish, int64_t now_ms) {
  uint64_t key = association_key(ia);
  const struct lease_entry *lease = allocate6_find(allocator, ia);
  struct ip wishes[] = { lease != NULL ? lease->id.ip : IP_NONE,
                         offers_of_client(&allocator->offers, key).ip, wish };
  struct ip address = IP_NONE;
  for (size_t i = 0; ip_is_none(address) && i < sizeof wishes / sizeof *wishes; i++)
    if (!ip_is_none(wishes[i]) && allocate6_may_have(allocator, ia, wishes[i]))
      address = wishes[i];
  if (ip_is_none(address))
    address = allocator_next(allocator, ia->subnet, ia->type, ia->client->client_class);
  if (ip_is_none(address)) return address;
  allocator_promise(allocator, key, (struct lease_id){ address, ia->type }, now_ms);
  return address;
}

void allocate6_forget_offer(struct allocator *allocator, const struct association6 *ia) {
  allocator_forget(allocator, association_key(ia));
}
