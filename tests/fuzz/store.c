/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "fuzz/store.h"

#include "base/allocator.h"
#include "dhcp/address.h"

#include <string.h>

void fuzz_store_init(fuzz_store *store) {
  memset(store, 0, sizeof *store);
  store->allocator = dhcpha_allocator_resolve(NULL);
}

void fuzz_store_free(fuzz_store *store) {
  for (size_t i = 0; i < store->count; i++)
    dhcpha_release(&store->allocator, store->leases[i]);
  store->count = 0;
}

static int compare(const dhcpha_lease *a, const dhcpha_lease *b) {
  int order = dhcpha_address_compare(&a->address, &b->address);
  return order != 0 ? order : (int)a->type - (int)b->type;
}

static void remove_at(fuzz_store *store, size_t index) {
  dhcpha_release(&store->allocator, store->leases[index]);
  store->count--;
  memmove(&store->leases[index], &store->leases[index + 1],
          (store->count - index) * sizeof store->leases[0]);
}

static dhcpha_stored put(fuzz_store *store, size_t index, bool found, const dhcpha_lease *lease) {
  if (!found && store->count == FUZZ_STORE_MAX) return DHCPHA_STORED_FAILED;
  dhcpha_lease *copy = dhcpha_lease_copy(&store->allocator, lease);
  if (copy == NULL) return DHCPHA_STORED_FAILED;
  if (found) {
    dhcpha_release(&store->allocator, store->leases[index]);
  } else {
    memmove(&store->leases[index + 1], &store->leases[index],
            (store->count - index) * sizeof store->leases[0]);
    store->count++;
  }
  store->leases[index] = copy;
  return found ? DHCPHA_STORED_UPDATED : DHCPHA_STORED_ADDED;
}

dhcpha_stored fuzz_store_change(fuzz_store *store, dhcpha_lease_operation operation,
                                const dhcpha_lease *lease) {
  size_t index = 0;
  while (index < store->count && compare(store->leases[index], lease) < 0) index++;
  bool found = index < store->count && compare(store->leases[index], lease) == 0;
  switch (operation) {
    case DHCPHA_LEASE_PUT:
      return put(store, index, found, lease);
    case DHCPHA_LEASE_PUT_EXISTING:
      return found ? put(store, index, true, lease) : DHCPHA_STORED_MISSING;
    case DHCPHA_LEASE_PUT_NEWER:
      if (found && store->leases[index]->cltt >= lease->cltt) return DHCPHA_STORED_KEPT;
      return put(store, index, found, lease);
    case DHCPHA_LEASE_DELETE:
      if (!found) return DHCPHA_STORED_MISSING;
      remove_at(store, index);
      return DHCPHA_STORED_DELETED;
  }
  return DHCPHA_STORED_FAILED;
}

size_t fuzz_store_find_behind(const fuzz_store *store, const dhcpha_address *address) {
  size_t index = 0;
  while (index < store->count &&
         dhcpha_address_compare(&store->leases[index]->address, address) <= 0)
    index++;
  return index;
}
