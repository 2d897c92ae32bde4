/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * duid: what a DHCPv6 server is known by (RFC 8415 11).
 * Clients that renew send it back, so that it must outlive the server's end.  It is the one that
 * is configured; or that of the file beside the leases, FILE.duid, made once; or, where leases are
 * in memory, made of an interface's hardware address.
 */
#ifndef DHCPD_DUID_H
#define DHCPD_DUID_H

#include "configuration.h"

/* Fill in the configuration's server_duid.  PATH is that of the leases, or NULL for memory. */
bool duid_make(struct config *config, const char *path, char *text, size_t text_size);

#endif
