/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * store: a small lease store for fuzzing, in ascending order of address.
 */
#ifndef TESTS_FUZZ_STORE_H
#define TESTS_FUZZ_STORE_H

#include "dhcp/lease.h"

#define FUZZ_STORE_MAX 64

typedef struct fuzz_store {
  dhcpha_allocator allocator; /* its memory never fails */
  size_t count;
  dhcpha_lease *leases[FUZZ_STORE_MAX];
} fuzz_store;

void fuzz_store_init(fuzz_store *store);
void fuzz_store_free(fuzz_store *store);
dhcpha_stored fuzz_store_change(fuzz_store *store, dhcpha_lease_operation operation,
                                const dhcpha_lease *lease);
/* The index of the first lease behind the address. */
size_t fuzz_store_find_behind(const fuzz_store *store, const dhcpha_address *address);

#endif
