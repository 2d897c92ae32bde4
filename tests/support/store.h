/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * store: the leases of one server, in memory, in ascending order of address.
 */
#ifndef TESTS_SUPPORT_STORE_H
#define TESTS_SUPPORT_STORE_H

#include "support/text.h"

#include <dhcpha/lease.h>

typedef struct store {
  dhcpha_lease *leases; /* each owns what its pointers point at */
  size_t count;
  size_t capacity;
} store;

void store_free(store *s);
/* By address and type; type 0 for DHCPv4. */
const dhcpha_lease *store_find(const store *s, const dhcpha_address *address, uint8_t type);
/* The position of the first lease behind the address. */
size_t store_after(const store *s, const dhcpha_address *address);
dhcpha_stored store_apply(store *s, dhcpha_lease_operation operation, const dhcpha_lease *lease);
/* One line of text for each difference; false when there is none. */
bool store_compare(const store *a, const char *a_name, const store *b, const char *b_name,
                   int64_t epoch, text *out);
/* One line: the address and what is worth knowing, with cltt relative to the epoch. */
void store_lease_text(const dhcpha_lease *lease, int64_t epoch, text *out);

#endif
