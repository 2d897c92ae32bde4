/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * rfc3074: the load-balancing hash: which server gets this client.
 * Floor: dhcp.  Spec: P1 2.5, RFC 3074 section 6.
 */
#ifndef DHCPHA_DHCP_RFC3074_H
#define DHCPHA_DHCP_RFC3074_H

#include <dhcpha/types.h>

uint8_t dhcpha_rfc3074_hash(const uint8_t *key, size_t len);

#endif
