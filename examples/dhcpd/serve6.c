/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "serve6.h"

#include <string.h>

#include "reply6.h"

/* ---- the leases of an IA ---- */

static uint8_t type_of(const struct ia6 *ia) {
  return ia->code == OPTION6_IA_PD ? DHCPHA_LEASE_PREFIX : DHCPHA_LEASE_ADDRESS;
}

static struct association6 association(const struct query6 *query, const struct ia6 *ia) {
  return (struct association6){ .subnet = query->subnet, .client = &query->client,
                                .iaid = ia->iaid, .type = type_of(ia) };
}

/* What the client says of this address in its IA; or of any: ADDRESS is none. */
static bool find_hint(const struct ia6 *ia, struct ip address, struct hint6 *hint) {
  size_t at = 0;
  while (ia6_next(ia, &at, hint))
    if (ip_is_none(address) || ip_equal(hint->address, address)) return true;
  return false;
}

static bool change(struct allocator *allocator, struct result6 *result, const dhcpha_lease *lease,
                   dhcpha_lease_operation operation) {
  dhcpha_stored stored = store_change(allocator->store, lease, operation);
  result->commit = true;
  return stored != DHCPHA_STORED_FAILED && stored != DHCPHA_STORED_MISSING &&
         stored != DHCPHA_STORED_REFUSED;
}

/* The IA's lease at another address ends when it gets this one. */
static bool end_other(struct allocator *allocator, struct result6 *result,
                      const struct lease_entry *old, struct ip address) {
  if (old == NULL || ip_equal(old->id.ip, address)) return true;
  dhcpha_lease lease;
  lease_entry_get(old, &lease);
  if (old->state == DHCPHA_LEASE_ASSIGNED && !changes_add_deleted(result->changes, &lease))
    return false;
  return change(allocator, result, &lease, DHCPHA_LEASE_DELETE);
}

/* The IA gets this address. */
static bool grant(struct allocator *allocator, const struct query6 *query,
                  const struct association6 *ia, struct ip address, struct lifetimes6 times,
                  struct result6 *result) {
  struct lease_id id = { address, ia->type };
  const struct pool_config *pool = allocator_pool(allocator, id);
  dhcpha_lease lease;
  dhcpha_lease_init(&lease);
  lease.address = ip_address(6, address);
  lease.type = ia->type;
  lease.prefix_len = pool->prefix_len;
  lease.iaid = ia->iaid;
  lease.subnet_id = query->subnet->id;
  lease.preferred_lft = times.preferred;
  lease.valid_lft = times.valid;
  lease.cltt = query->now;
  lease.client_id = query->client.duid;
  lease.client_id_len = query->client.duid_len;
  allocate6_forget_offer(allocator, ia);
  return end_other(allocator, result, allocate6_find(allocator, ia), address) &&
         change(allocator, result, &lease, DHCPHA_LEASE_PUT) &&
         changes_add_leased(result->changes, id);
}

/* ---- an IA of an answer ---- */

static void put_status(struct result6 *result, const struct query6 *query, const struct ia6 *ia,
                       enum status6 status, const char *text) {
  size_t begin = reply6_open_ia(result, query, ia);
  if (begin == 0) return;
  writer6_put_status(&result->out, status, text);
  reply6_close_ia(result, begin);
}

static void put_none_left(struct result6 *result, const struct query6 *query,
                          const struct ia6 *ia) {
  if (ia->code == OPTION6_IA_PD)
    put_status(result, query, ia, STATUS6_NO_PREFIXES, "no prefix is left");
  else put_status(result, query, ia, STATUS6_NO_ADDRESSES, "no address is left");
}

/* The address the IA has now; others that the client named are over (RFC 8415 18.3.4). */
static void put_lease(struct allocator *allocator, struct result6 *result,
                      const struct query6 *query, const struct ia6 *ia, struct ip address,
                      struct lifetimes6 times, bool others) {
  const struct pool_config *pool =
      allocator_pool(allocator, (struct lease_id){ address, type_of(ia) });
  size_t begin = reply6_open_ia(result, query, ia), at = 0;
  struct hint6 hint;
  if (begin == 0) return;
  if (result->pool == NULL) result->pool = pool;
  reply6_put_address(result, ia, address, pool->prefix_len, times);
  while (others && ia6_next(ia, &at, &hint))
    if (!ip_equal(hint.address, address) && !ip_is_none(hint.address))
      reply6_put_address(result, ia, hint.address, hint.prefix_len, (struct lifetimes6){ 0, 0 });
  reply6_close_ia(result, begin);
}

/* Choose for one IA; GRANTED: at once, else as an offer. */
static void assign(struct allocator *allocator, const struct query6 *query, const struct ia6 *ia,
                   bool granted, struct result6 *result) {
  struct association6 association6 = association(query, ia);
  struct hint6 hint, wish = { .address = IP_NONE };
  bool hinted = find_hint(ia, IP_NONE, &wish);
  struct ip address = IP_NONE;
  if (ia->code != OPTION6_IA_TA) /* temporary addresses are not given out */
    address = allocate6_offer(allocator, &association6, wish.address, query->now_ms);
  if (ip_is_none(address)) {
    put_none_left(result, query, ia);
    return;
  }
  if (find_hint(ia, address, &hint)) wish = hint;
  struct lifetimes6 times = reply6_lifetimes(query->subnet, hinted ? &wish : NULL);
  if (granted && !grant(allocator, query, &association6, address, times, result)) {
    put_status(result, query, ia, STATUS6_UNSPECIFIED, "out of memory");
    return;
  }
  put_lease(allocator, result, query, ia, address, times, false);
}

/* ---- the messages ---- */

static void solicit(struct allocator *allocator, const struct query6 *query, uint8_t *bytes,
                    struct result6 *result) {
  const struct packet6 *packet = query->packet;
  bool rapid = packet->rapid_commit && query->subnet->settings.rapid_commit == 1;
  if (!reply6_start(result, query, allocator->config, bytes,
                    rapid ? DHCP6_REPLY : DHCP6_ADVERTISE))
    return;
  if (rapid) writer6_put(&result->out, OPTION6_RAPID_COMMIT, NULL, 0);
  for (size_t i = 0; i < packet->ia_count; i++)
    assign(allocator, query, &packet->ias[i], rapid, result);
  result->why = rapid ? "committed rapidly" : "advertised";
}

static bool is_on_link(const struct query6 *query, const struct ia6 *ia) {
  struct hint6 hint;
  for (size_t at = 0; ia->code == OPTION6_IA_NA && ia6_next(ia, &at, &hint);)
    if (!ip_is_none(hint.address) && !subnet_contains(query->subnet, hint.address)) return false;
  return true;
}

static void request(struct allocator *allocator, const struct query6 *query, uint8_t *bytes,
                    struct result6 *result) {
  if (!reply6_start(result, query, allocator->config, bytes, DHCP6_REPLY)) return;
  for (size_t i = 0; i < query->packet->ia_count; i++) {
    const struct ia6 *ia = &query->packet->ias[i];
    if (is_on_link(query, ia)) assign(allocator, query, ia, true, result);
    else put_status(result, query, ia, STATUS6_NOT_ON_LINK, "an address is of another link");
  }
  result->why = "assigned";
}

/* The address that an IA goes on with; none: there is none.  A lease that this server does not
 * know, though it could be its own, is taken up again: its partner may have given it. */
static struct ip address_to_extend(const struct allocator *allocator,
                                   const struct association6 *association6,
                                   const struct ia6 *ia) {
  const struct lease_entry *lease = allocate6_find(allocator, association6);
  struct hint6 hint;
  size_t at = 0;
  if (lease != NULL && allocate6_may_have(allocator, association6, lease->id.ip))
    return lease->id.ip;
  while (ia6_next(ia, &at, &hint))
    if (allocate6_may_have(allocator, association6, hint.address)) return hint.address;
  return IP_NONE;
}

/* RFC 8415 18.3.5: an address that does not fit this link is over; of others nothing is known. */
static void put_no_binding(struct result6 *result, const struct query6 *query,
                           const struct ia6 *ia) {
  struct hint6 hint;
  if (query->packet->type != DHCP6_REBIND || is_on_link(query, ia)) {
    put_status(result, query, ia, STATUS6_NO_BINDING, "no such lease");
    return;
  }
  size_t begin = reply6_open_ia(result, query, ia);
  if (begin == 0) return;
  for (size_t at = 0; ia6_next(ia, &at, &hint);)
    reply6_put_address(result, ia, hint.address, hint.prefix_len, (struct lifetimes6){ 0, 0 });
  reply6_close_ia(result, begin);
}

static void extend(struct allocator *allocator, const struct query6 *query, uint8_t *bytes,
                   struct result6 *result) {
  const struct packet6 *packet = query->packet;
  if (!reply6_start(result, query, allocator->config, bytes, DHCP6_REPLY)) return;
  result->why = "extended";
  for (size_t i = 0; i < packet->ia_count; i++) {
    const struct ia6 *ia = &packet->ias[i];
    struct association6 association6 = association(query, ia);
    struct hint6 hint;
    struct ip address = ia->code == OPTION6_IA_TA
                            ? IP_NONE : address_to_extend(allocator, &association6, ia);
    if (ip_is_none(address)) {
      put_no_binding(result, query, ia);
      continue;
    }
    bool hinted = find_hint(ia, address, &hint);
    struct lifetimes6 times = reply6_lifetimes(query->subnet, hinted ? &hint : NULL);
    if (grant(allocator, query, &association6, address, times, result))
      put_lease(allocator, result, query, ia, address, times, true);
    else put_status(result, query, ia, STATUS6_UNSPECIFIED, "out of memory");
  }
}

/* The running lease of an IA at this address; NULL: it has none. */
static const struct lease_entry *own_lease(const struct allocator *allocator,
                                           const struct query6 *query, const struct ia6 *ia,
                                           struct ip address) {
  struct association6 association6 = association(query, ia);
  const struct lease_entry *lease = lease_table_find(
      &allocator->store->table, (struct lease_id){ address, association6.type });
  bool fits = lease != NULL && lease->state == DHCPHA_LEASE_ASSIGNED &&
              association6_owns(&association6, lease);
  return fits ? lease : NULL;
}

/* The lease is over but stays, so that its client gets the address again. */
static bool release_lease(struct allocator *allocator, const struct query6 *query,
                          const struct lease_entry *entry, struct result6 *result) {
  dhcpha_lease lease;
  lease_entry_get(entry, &lease);
  lease.cltt = query->now;
  lease.valid_lft = lease.preferred_lft = 0;
  if (!changes_add_deleted(result->changes, &lease)) return false; /* for the partner (P2 4.2) */
  lease.state = DHCPHA_LEASE_EXPIRED;
  return change(allocator, result, &lease, DHCPHA_LEASE_PUT);
}

/* The address is in use by someone unknown: nobody gets it for a while. */
static bool decline_lease(struct allocator *allocator, const struct query6 *query,
                          const struct lease_entry *entry, struct result6 *result) {
  static const uint8_t nobody[] = { 0, 0, 0 }; /* P1 4.7 */
  struct lease_id id = entry->id;
  dhcpha_lease lease;
  lease_entry_get(entry, &lease);
  lease.hw_address_len = lease.hostname_len = lease.user_context_len = 0;
  lease.user_context = NULL;
  lease.fqdn_fwd = lease.fqdn_rev = false;
  lease.client_id = nobody;
  lease.client_id_len = sizeof nobody;
  lease.state = DHCPHA_LEASE_DECLINED;
  lease.cltt = query->now;
  lease.preferred_lft = 0;
  lease.valid_lft = allocator->config->decline_probation;
  return change(allocator, result, &lease, DHCPHA_LEASE_PUT) &&
         changes_add_leased(result->changes, id);
}

/* RFC 8415 18.3.7, 18.3.8: only an IA without such leases is in the answer. */
static void give_back(struct allocator *allocator, const struct query6 *query, uint8_t *bytes,
                      struct result6 *result) {
  bool decline = query->packet->type == DHCP6_DECLINE;
  if (!reply6_start(result, query, allocator->config, bytes, DHCP6_REPLY)) return;
  writer6_put_status(&result->out, STATUS6_SUCCESS, decline ? "declined" : "released");
  result->why = decline ? "declined" : "released";
  for (size_t i = 0; i < query->packet->ia_count; i++) {
    const struct ia6 *ia = &query->packet->ias[i];
    struct hint6 hint;
    size_t at = 0, found = 0;
    while (ia6_next(ia, &at, &hint)) {
      const struct lease_entry *lease = own_lease(allocator, query, ia, hint.address);
      if (lease == NULL || (decline && ia->code != OPTION6_IA_NA)) continue;
      if (decline ? decline_lease(allocator, query, lease, result)
                  : release_lease(allocator, query, lease, result))
        found++;
    }
    if (found == 0) put_status(result, query, ia, STATUS6_NO_BINDING, "no such lease");
  }
}

/* RFC 8415 18.3.3: are the addresses of this link? */
static void confirm(struct allocator *allocator, const struct query6 *query, uint8_t *bytes,
                    struct result6 *result) {
  size_t addresses = 0;
  bool on_link = true;
  for (size_t i = 0; i < query->packet->ia_count; i++) {
    const struct ia6 *ia = &query->packet->ias[i];
    struct hint6 hint;
    for (size_t at = 0; ia->code != OPTION6_IA_PD && ia6_next(ia, &at, &hint); addresses++)
      if (!subnet_contains(query->subnet, hint.address)) on_link = false;
  }
  result->why = "nothing to confirm";
  if (addresses == 0 || !reply6_start(result, query, allocator->config, bytes, DHCP6_REPLY))
    return;
  if (on_link) writer6_put_status(&result->out, STATUS6_SUCCESS, "all addresses are of this link");
  else writer6_put_status(&result->out, STATUS6_NOT_ON_LINK, "an address is of another link");
  result->why = on_link ? "confirmed" : "not on link";
}

static void inform(struct allocator *allocator, const struct query6 *query, uint8_t *bytes,
                   struct result6 *result) {
  result->why = "informed";
  reply6_start(result, query, allocator->config, bytes, DHCP6_REPLY);
}

/* From an unknown link: nothing is given out, but the client hears it (RFC 8415 18.3.2). */
static void answer_stranger(struct allocator *allocator, const struct query6 *query,
                            uint8_t *bytes, struct result6 *result) {
  uint8_t type = query->packet->type;
  result->why = "no subnet fits";
  bool renewal = type == DHCP6_RENEW, claim = type == DHCP6_REQUEST;
  if ((!renewal && !claim) ||
      !reply6_start(result, query, allocator->config, bytes, DHCP6_REPLY))
    return;
  for (size_t i = 0; i < query->packet->ia_count; i++) {
    const struct ia6 *ia = &query->packet->ias[i];
    if (renewal) put_status(result, query, ia, STATUS6_NO_BINDING, "unknown link");
    else if (ia->code == OPTION6_IA_PD) put_none_left(result, query, ia);
    else put_status(result, query, ia, STATUS6_NOT_ON_LINK, "unknown link");
  }
}

void serve6(struct allocator *allocator, const struct query6 *query, uint8_t *bytes,
            struct changes *changes, struct result6 *result) {
  static void (*const messages[])(struct allocator *allocator, const struct query6 *query,
                                  uint8_t *bytes, struct result6 *result) = {
    [DHCP6_SOLICIT] = solicit,   [DHCP6_REQUEST] = request, [DHCP6_CONFIRM] = confirm,
    [DHCP6_RENEW] = extend,      [DHCP6_REBIND] = extend,   [DHCP6_RELEASE] = give_back,
    [DHCP6_DECLINE] = give_back, [DHCP6_INFORMATION_REQUEST] = inform,
  };
  uint8_t type = query->packet->type;
  memset(result, 0, offsetof(struct result6, out));
  result->changes = changes;
  result->pool = NULL;
  result->why = "a message that servers do not take";
  if (type >= sizeof messages / sizeof *messages || messages[type] == NULL) return;
  if (query->subnet != NULL || type == DHCP6_INFORMATION_REQUEST || type == DHCP6_RELEASE ||
      type == DHCP6_DECLINE)
    messages[type](allocator, query, bytes, result);
  else answer_stranger(allocator, query, bytes, result);
  if (result->answer) reply6_end(result, query);
}
