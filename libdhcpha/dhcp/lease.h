/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * lease: copy, free, compare; which of two leases is newer; batches of leases.
 * Floor: dhcp.  Spec: P2 6.4, P1 4.7.
 */
#ifndef DHCPHA_DHCP_LEASE_H
#define DHCPHA_DHCP_LEASE_H

#include <dhcpha/lease.h>

#define DHCPHA_HOSTNAME_MAX 255
#define DHCPHA_USER_CONTEXT_MAX 65536

/* One block: the lease and all it points to; dhcpha_release() frees it.  NULL: no memory. */
dhcpha_lease *dhcpha_lease_copy(const dhcpha_allocator *allocator, const dhcpha_lease *lease);
/* The same into memory of the caller's, aligned as by malloc(), of at least _copy_size() bytes. */
size_t dhcpha_lease_copy_size(const dhcpha_lease *lease);
dhcpha_lease *dhcpha_lease_copy_into(void *memory, const dhcpha_lease *lease);
bool dhcpha_lease_equals(const dhcpha_lease *a, const dhcpha_lease *b);
/* Lengths, type, state, prefix_len and family in range for a server of this family. */
bool dhcpha_lease_is_valid(const dhcpha_lease *lease, dhcpha_family family);
/* The i-th lease of a caller's array, whose stride is the caller's own sizeof (leases[0].size). */
const dhcpha_lease *dhcpha_lease_at(const dhcpha_lease *leases, size_t index);

/* A batch copies what it is given into a few large blocks; adding moves the leases, not what they
 * point to.  After a clear it allocates nothing
 * while it does not outgrow what it once held. */
dhcpha_lease_batch *dhcpha_lease_batch_new(const dhcpha_allocator *allocator);
void dhcpha_lease_batch_free(dhcpha_lease_batch *batch);
void dhcpha_lease_batch_clear(dhcpha_lease_batch *batch);
dhcpha_status dhcpha_lease_batch_add(dhcpha_lease_batch *batch, dhcpha_lease_operation operation,
                                     const dhcpha_lease *lease);

#endif
