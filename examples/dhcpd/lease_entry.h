/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * lease_entry: one lease in memory.
 */
#ifndef DHCPD_LEASE_ENTRY_H
#define DHCPD_LEASE_ENTRY_H

#include <dhcpha/lease.h>

#include "ip.h"

#define LEASE_NO_TURN UINT32_MAX

enum lease_key { BY_CLIENT_ID, BY_HARDWARE, LEASE_KEYS };

/* One lease, as small as it gets: a server may have a million. */
struct lease_entry {
  struct lease_id id; /* first: see address_tree */
  struct lease_entry *next[LEASE_KEYS];
  int64_t cltt;
  int64_t due;    /* UTC seconds at which it is over, or looked at again */
  uint32_t turn;  /* place in the heap */
  uint32_t subnet_id, pool_id, valid_lft, preferred_lft, iaid, user_context_len;
  uint8_t family, prefix_len, state;
  bool fqdn_fwd, fqdn_rev;
  uint8_t hw_address_len, client_id_len, hostname_len;
  uint8_t bytes[]; /* hardware address, client-id, hostname, user context */
};

/* The lease of an entry; its pointers are the entry's. */
void lease_entry_get(const struct lease_entry *entry, dhcpha_lease *lease);

/* Its address, where that is IPv4's. */
static inline uint32_t lease_ip4(const struct lease_entry *entry) {
  return (uint32_t)entry->id.ip.low;
}

/* Whether its address may be another client's. */
static inline bool lease_is_over(const struct lease_entry *entry) {
  return entry->state == DHCPHA_LEASE_EXPIRED || entry->state == DHCPHA_LEASE_RELEASED;
}

/* A lease of one's own, to be given to free(); not in any table.  NULL: no memory. */
struct lease_entry *lease_entry_new(const dhcpha_lease *lease);

struct lease_id lease_id_of(const dhcpha_lease *lease);

/* All but the bytes, and but what it is found by. */
void lease_entry_set_numbers(struct lease_entry *entry, const dhcpha_lease *lease);

/* As for a renewal: nothing has to be linked anew. */
bool lease_entry_differs_in_numbers_only(const struct lease_entry *entry,
                                         const dhcpha_lease *lease);
bool lease_same_bytes(const void *a, size_t a_len, const void *b, size_t b_len);

#endif
