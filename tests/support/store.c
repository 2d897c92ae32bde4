/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "support/store.h"

#include <stdlib.h>
#include <string.h>

static int compare(const dhcpha_address *a, const dhcpha_address *b) {
  return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

static void release(dhcpha_lease *lease) {
  free((void *)(uintptr_t)lease->hw_address);
  free((void *)(uintptr_t)lease->client_id);
  free((void *)(uintptr_t)lease->hostname);
  free((void *)(uintptr_t)lease->user_context);
}

static void *copied(const void *bytes, size_t len) {
  return bytes == NULL || len == 0 ? NULL : must_copy(bytes, len);
}

static dhcpha_lease copy(const dhcpha_lease *lease) {
  dhcpha_lease result = *lease;
  result.hw_address = copied(lease->hw_address, lease->hw_address_len);
  result.client_id = copied(lease->client_id, lease->client_id_len);
  result.hostname = copied(lease->hostname, lease->hostname_len);
  result.user_context = copied(lease->user_context, lease->user_context_len);
  return result;
}

void store_free(store *s) {
  for (size_t i = 0; i < s->count; i++) release(&s->leases[i]);
  free(s->leases);
  memset(s, 0, sizeof *s);
}

size_t store_after(const store *s, const dhcpha_address *address) {
  size_t low = 0, high = s->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (compare(&s->leases[middle].address, address) <= 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* An address and a prefix may begin with the same bytes: they are in the order of their types. */
static bool find(const store *s, const dhcpha_address *address, uint8_t type, size_t *position) {
  size_t after = store_after(s, address);
  while (after > 0 && compare(&s->leases[after - 1].address, address) == 0 &&
         s->leases[after - 1].type > type)
    after--;
  *position = after;
  if (after == 0 || compare(&s->leases[after - 1].address, address) != 0 ||
      s->leases[after - 1].type != type)
    return false;
  *position = after - 1;
  return true;
}

const dhcpha_lease *store_find(const store *s, const dhcpha_address *address, uint8_t type) {
  size_t position;
  return find(s, address, type, &position) ? &s->leases[position] : NULL;
}

static void insert(store *s, size_t position, const dhcpha_lease *lease) {
  if (s->count == s->capacity) {
    s->capacity = s->capacity == 0 ? 16 : s->capacity * 2;
    s->leases = realloc(s->leases, s->capacity * sizeof *s->leases);
    if (s->leases == NULL) abort();
  }
  memmove(&s->leases[position + 1], &s->leases[position],
          (s->count - position) * sizeof *s->leases);
  s->leases[position] = copy(lease);
  s->count++;
}

static void replace(store *s, size_t position, const dhcpha_lease *lease) {
  dhcpha_lease fresh = copy(lease);
  release(&s->leases[position]);
  s->leases[position] = fresh;
}

/* P1 4.8. */
static bool is_refused(const dhcpha_lease *old, const dhcpha_lease *lease) {
  return lease->address.family == DHCPHA_DHCP6 &&
         (old->state == DHCPHA_LEASE_REGISTERED) != (lease->state == DHCPHA_LEASE_REGISTERED);
}

dhcpha_stored store_apply(store *s, dhcpha_lease_operation operation, const dhcpha_lease *lease) {
  size_t position;
  bool exists = find(s, &lease->address, lease->type, &position);
  if (operation == DHCPHA_LEASE_DELETE) {
    if (!exists) return DHCPHA_STORED_MISSING;
    release(&s->leases[position]);
    s->count--;
    memmove(&s->leases[position], &s->leases[position + 1],
            (s->count - position) * sizeof *s->leases);
    return DHCPHA_STORED_DELETED;
  }
  if (!exists) {
    if (operation == DHCPHA_LEASE_PUT_EXISTING) return DHCPHA_STORED_MISSING;
    insert(s, position, lease);
    return DHCPHA_STORED_ADDED;
  }
  if (operation == DHCPHA_LEASE_PUT_NEWER && s->leases[position].cltt >= lease->cltt)
    return DHCPHA_STORED_KEPT;
  if (operation != DHCPHA_LEASE_PUT_NEWER && is_refused(&s->leases[position], lease))
    return DHCPHA_STORED_REFUSED;
  replace(s, position, lease);
  return DHCPHA_STORED_UPDATED;
}

static void hex(text *out, const uint8_t *bytes, size_t len) {
  for (size_t i = 0; i < len; i++) text_format(out, i == 0 ? "%02x" : ":%02x", bytes[i]);
}

void store_lease_text(const dhcpha_lease *lease, int64_t epoch, text *out) {
  char address[DHCPHA_ADDRESS_TEXT_SIZE];
  static const char *const states[] = {"", " declined", " expired", " released", " registered"};
  static const char *const types[] = {"", " temporary", ""};
  text_add(out, dhcpha_address_format(&lease->address, address));
  if (lease->type == DHCPHA_LEASE_PREFIX) text_format(out, "/%u", lease->prefix_len);
  text_add(out, lease->type < 3 ? types[lease->type] : " type?");
  if (lease->hw_address_len != 0) text_add(out, " hw ");
  hex(out, lease->hw_address, lease->hw_address_len);
  if (lease->client_id_len != 0) text_add(out, " id ");
  hex(out, lease->client_id, lease->client_id_len);
  if (lease->hostname_len != 0)
    text_format(out, " %.*s", (int)lease->hostname_len, lease->hostname);
  text_format(out, " cltt %lld valid %lu", (long long)(lease->cltt - epoch),
              (unsigned long)lease->valid_lft);
  text_add(out, lease->state < 5 ? states[lease->state] : " state?");
  if (lease->subnet_id != 1) text_format(out, " subnet %lu", (unsigned long)lease->subnet_id);
  if (lease->iaid > 1) text_format(out, " iaid %lu", (unsigned long)lease->iaid);
  if (lease->address.family == 6 && lease->preferred_lft != 0)
    text_format(out, " preferred %lu", (unsigned long)lease->preferred_lft);
  if (lease->pool_id != 0) text_format(out, " pool %lu", (unsigned long)lease->pool_id);
  if (lease->fqdn_fwd) text_add(out, " fqdn-fwd");
  if (lease->fqdn_rev) text_add(out, " fqdn-rev");
  if (lease->user_context_len != 0)
    text_format(out, " %.*s", (int)lease->user_context_len, lease->user_context);
}

static int compare_leases(const dhcpha_lease *a, const dhcpha_lease *b) {
  int order = compare(&a->address, &b->address);
  return order != 0 ? order : (int)a->type - (int)b->type;
}

static void only_in(const dhcpha_lease *lease, const char *name, int64_t epoch, text *out) {
  text_format(out, "only in %s: ", name);
  store_lease_text(lease, epoch, out);
  text_add(out, "\n");
}

bool store_compare(const store *a, const char *a_name, const store *b, const char *b_name,
                   int64_t epoch, text *out) {
  size_t i = 0, j = 0, before = out->len;
  while (i < a->count || j < b->count) {
    int order = i == a->count   ? 1
                : j == b->count ? -1
                                : compare_leases(&a->leases[i], &b->leases[j]);
    if (order < 0) only_in(&a->leases[i++], a_name, epoch, out);
    if (order > 0) only_in(&b->leases[j++], b_name, epoch, out);
    if (order != 0) continue;
    text one = {0}, other = {0};
    store_lease_text(&a->leases[i++], epoch, &one);
    store_lease_text(&b->leases[j++], epoch, &other);
    if (strcmp(text_of(&one), text_of(&other)) != 0)
      text_format(out, "%s: %s\n%s: %s\n", a_name, text_of(&one), b_name, text_of(&other));
    text_free(&one);
    text_free(&other);
  }
  return out->len != before;
}
