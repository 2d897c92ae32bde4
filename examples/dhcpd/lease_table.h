/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * lease_table: all leases in memory, found by address, by client, and by when they are over.
 * A client is found within its subnet; several leases may carry one hardware address.  With DHCPv6
 * each identity association (IA) of a client is found by itself.
 */
#ifndef DHCPD_LEASE_TABLE_H
#define DHCPD_LEASE_TABLE_H

#include "address_tree.h"
#include "lease_entry.h"

#define CLIENT_LOOKS_MAX 64 /* leases of one hardware address that are looked at */

struct lease_index {
  struct lease_entry **buckets;
  size_t mask, count;
};

struct lease_table {
  struct address_tree tree;
  struct lease_index index[LEASE_KEYS];
  struct lease_entry **heap; /* the soonest due first */
  uint32_t heap_count, heap_room;
  size_t count;
};

bool lease_table_init(struct lease_table *table);
void lease_table_free(struct lease_table *table);

struct lease_entry *lease_table_find(const struct lease_table *table, struct lease_id id);

/* Whose leases are looked for.  With DHCPv4 there is but one IA, 0 of type 0. */
struct lease_owner {
  uint32_t subnet_id, iaid;
  uint8_t type;
  const uint8_t *bytes; /* its client-id or DUID, or hardware address */
  size_t len;
};

/* The leases of a client, one after the other: PREVIOUS is NULL for the first. */
struct lease_entry *lease_table_of_client(const struct lease_table *table, enum lease_key key,
                                          const struct lease_owner *owner,
                                          const struct lease_entry *previous);

/* The first lease behind ID, in the order of addresses; NULL: the first of all. */
struct lease_entry *lease_table_after(const struct lease_table *table, const struct lease_id *id);

/* Add a lease, or overwrite the one with its address.  NULL: no memory, all is as it was. */
struct lease_entry *lease_table_put(struct lease_table *table, const dhcpha_lease *lease);
bool lease_table_remove(struct lease_table *table, struct lease_id id);

/* The lease that is due first; NULL when none ever is. */
struct lease_entry *lease_table_first_due(const struct lease_table *table);
void lease_table_postpone(struct lease_table *table, struct lease_entry *entry, int64_t due);

#endif
