/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "dhcp/lease.h"

#include <string.h>

#include "base/allocator.h"
#include "base/arena.h"
#include "dhcp/address.h"
#include "dhcp/client_id.h"

#define ENTRIES_MIN 16 /* of a batch's first allocation */

typedef struct entry {
  dhcpha_lease lease;
  dhcpha_lease_operation operation;
} entry;

struct dhcpha_lease_batch {
  const dhcpha_allocator *allocator;
  entry *entries;
  size_t count;
  size_t capacity;
  dhcpha_arena bytes; /* what the leases point to: it does not move when the batch grows */
};

/* The caller's struct may be of an older, shorter version. */
static void take_fields(dhcpha_lease *to, const dhcpha_lease *from) {
  size_t known = from->size < sizeof *to ? from->size : sizeof *to;
  if (known < sizeof *to) dhcpha_lease_init(to);
  memcpy(to, from, known);
  to->size = sizeof *to;
}

/* What a lease points to; the two texts are ended by a 0 byte. */
static size_t bytes_needed(const dhcpha_lease *lease) {
  return lease->hw_address_len + lease->client_id_len + lease->hostname_len + 1 +
         lease->user_context_len + 1;
}

static char *move_bytes(char *to, const void *from, size_t len) {
  if (len != 0) memcpy(to, from, len);
  return to + len;
}

/* Copies what a lease points to, and lets it point there. */
static void take_bytes(dhcpha_lease *lease, char *to) {
  const char *hw_address = to;
  to = move_bytes(to, lease->hw_address, lease->hw_address_len);
  lease->hw_address = (const uint8_t *)hw_address;
  const char *client_id = to;
  to = move_bytes(to, lease->client_id, lease->client_id_len);
  lease->client_id = (const uint8_t *)client_id;
  const char *hostname = to;
  to = move_bytes(to, lease->hostname, lease->hostname_len);
  *to++ = '\0';
  lease->hostname = hostname;
  if (lease->user_context == NULL) return;
  const char *user_context = to;
  to = move_bytes(to, lease->user_context, lease->user_context_len);
  *to = '\0';
  lease->user_context = user_context;
}

size_t dhcpha_lease_copy_size(const dhcpha_lease *lease) {
  dhcpha_lease taken;
  take_fields(&taken, lease);
  return sizeof taken + bytes_needed(&taken);
}

dhcpha_lease *dhcpha_lease_copy_into(void *memory, const dhcpha_lease *lease) {
  dhcpha_lease *copy = memory;
  take_fields(copy, lease);
  take_bytes(copy, (char *)(copy + 1));
  return copy;
}

dhcpha_lease *dhcpha_lease_copy(const dhcpha_allocator *allocator, const dhcpha_lease *lease) {
  void *memory = dhcpha_reallocate(allocator, NULL, 1, dhcpha_lease_copy_size(lease));
  return memory == NULL ? NULL : dhcpha_lease_copy_into(memory, lease);
}

static bool same_bytes(const void *a, size_t a_len, const void *b, size_t b_len) {
  return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

bool dhcpha_lease_equals(const dhcpha_lease *a, const dhcpha_lease *b) {
  return dhcpha_address_compare(&a->address, &b->address) == 0 && a->type == b->type &&
         a->prefix_len == b->prefix_len && a->state == b->state && a->fqdn_fwd == b->fqdn_fwd &&
         a->fqdn_rev == b->fqdn_rev && a->subnet_id == b->subnet_id && a->pool_id == b->pool_id &&
         a->iaid == b->iaid && a->valid_lft == b->valid_lft &&
         a->preferred_lft == b->preferred_lft && a->cltt == b->cltt &&
         same_bytes(a->hw_address, a->hw_address_len, b->hw_address, b->hw_address_len) &&
         same_bytes(a->client_id, a->client_id_len, b->client_id, b->client_id_len) &&
         same_bytes(a->hostname, a->hostname_len, b->hostname, b->hostname_len) &&
         same_bytes(a->user_context, a->user_context_len, b->user_context, b->user_context_len);
}

static bool is_within(const void *bytes, size_t len, size_t max) {
  return len <= max && (bytes != NULL || len == 0);
}

bool dhcpha_lease_is_valid(const dhcpha_lease *lease, dhcpha_family family) {
  bool is_prefix = lease->type == DHCPHA_LEASE_PREFIX;
  size_t client_id_max = family == DHCPHA_DHCP4 ? DHCPHA_CLIENT_ID_MAX : DHCPHA_DUID_MAX;
  if (lease->address.family != family || lease->state > DHCPHA_LEASE_REGISTERED) return false;
  if (family == DHCPHA_DHCP4 ? lease->type != DHCPHA_LEASE_ADDRESS
                             : lease->type > DHCPHA_LEASE_PREFIX)
    return false;
  if (is_prefix && (lease->prefix_len < 1 || lease->prefix_len > 128)) return false;
  return is_within(lease->hw_address, lease->hw_address_len, DHCPHA_HW_ADDRESS_MAX) &&
         is_within(lease->client_id, lease->client_id_len, client_id_max) &&
         is_within(lease->hostname, lease->hostname_len, DHCPHA_HOSTNAME_MAX) &&
         is_within(lease->user_context, lease->user_context_len, DHCPHA_USER_CONTEXT_MAX);
}

const dhcpha_lease *dhcpha_lease_at(const dhcpha_lease *leases, size_t index) {
  return (const dhcpha_lease *)(const void *)((const char *)leases + index * leases[0].size);
}

dhcpha_lease_batch *dhcpha_lease_batch_new(const dhcpha_allocator *allocator) {
  dhcpha_lease_batch *batch = dhcpha_allocate(allocator, 1, sizeof *batch);
  if (batch == NULL) return NULL;
  batch->allocator = allocator;
  dhcpha_arena_init(&batch->bytes, allocator, SIZE_MAX);
  return batch;
}

void dhcpha_lease_batch_free(dhcpha_lease_batch *batch) {
  if (batch == NULL) return;
  dhcpha_arena_free(&batch->bytes);
  dhcpha_release(batch->allocator, batch->entries);
  dhcpha_release(batch->allocator, batch);
}

void dhcpha_lease_batch_clear(dhcpha_lease_batch *batch) {
  batch->count = 0;
  dhcpha_arena_rewind(&batch->bytes, (dhcpha_arena_mark){ NULL, 0 });
}

static bool grow(dhcpha_lease_batch *batch) {
  size_t capacity = batch->capacity < ENTRIES_MIN ? ENTRIES_MIN : batch->capacity * 2;
  entry *entries =
    dhcpha_reallocate(batch->allocator, batch->entries, capacity, sizeof *entries);
  if (entries == NULL) return false;
  batch->entries = entries;
  batch->capacity = capacity;
  return true;
}

dhcpha_status dhcpha_lease_batch_add(dhcpha_lease_batch *batch, dhcpha_lease_operation operation,
                                     const dhcpha_lease *lease) {
  if (batch->count == batch->capacity && !grow(batch)) return DHCPHA_ERR_NOMEM;
  entry *added = &batch->entries[batch->count];
  take_fields(&added->lease, lease);
  char *bytes = dhcpha_arena_allocate(&batch->bytes, bytes_needed(&added->lease));
  if (bytes == NULL) return DHCPHA_ERR_NOMEM;
  take_bytes(&added->lease, bytes);
  added->operation = operation;
  batch->count++;
  return DHCPHA_OK;
}

size_t dhcpha_lease_batch_get_count(const dhcpha_lease_batch *batch) {
  return batch == NULL ? 0 : batch->count;
}

const dhcpha_lease *dhcpha_lease_batch_get_lease(const dhcpha_lease_batch *batch, size_t index) {
  return batch == NULL || index >= batch->count ? NULL : &batch->entries[index].lease;
}

dhcpha_lease_operation dhcpha_lease_batch_get_operation(const dhcpha_lease_batch *batch,
                                                        size_t index) {
  return batch == NULL || index >= batch->count ? DHCPHA_LEASE_PUT
                                                : batch->entries[index].operation;
}
