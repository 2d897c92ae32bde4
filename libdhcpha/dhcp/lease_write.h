/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * lease_write: a lease as the lease4-* and lease6-* commands write it.
 * Floor: dhcp.  Spec: P1 4.7 (both forms).
 */
#ifndef DHCPHA_DHCP_LEASE_WRITE_H
#define DHCPHA_DHCP_LEASE_WRITE_H

#include "base/buffer.h"
#include "dhcp/lease.h"

extern const char *const dhcpha_lease_type_names[3]; /* by dhcpha_lease_type */

typedef enum dhcpha_lease_form {
  DHCPHA_LEASE_FORM_UPDATE, /* has expire, no cltt */
  DHCPHA_LEASE_FORM_PAGE    /* has cltt, no expire */
} dhcpha_lease_form;

/* The members of the lease's map, without its braces and without a comma around them. */
void dhcpha_lease_json_write_members(dhcpha_buffer *out, dhcpha_family family,
                                     dhcpha_lease_form form, const dhcpha_lease *lease);
/* The map. */
void dhcpha_lease_json_write(dhcpha_buffer *out, dhcpha_family family, dhcpha_lease_form form,
                             const dhcpha_lease *lease);

#endif
