/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * address: IPv4 and IPv6: text, bytes, order.
 * Floor: dhcp.
 */
#ifndef DHCPHA_DHCP_ADDRESS_H
#define DHCPHA_DHCP_ADDRESS_H

#include <dhcpha/types.h>

/* As dhcpha_address_parse(), from text of a length; strict: no spaces, no octal, no zone. */
bool dhcpha_address_read(dhcpha_address *address, const char *text, size_t len);
/* Writes without end; returns the length.  IPv4 is on the update path: no printf. */
size_t dhcpha_address_write(const dhcpha_address *address, char text[DHCPHA_ADDRESS_TEXT_SIZE]);
int dhcpha_address_compare(const dhcpha_address *a, const dhcpha_address *b); /* numeric */
bool dhcpha_address_in_prefix(const dhcpha_address *address, const dhcpha_address *prefix,
                              unsigned prefix_len);
/* All bits behind prefix_len are 0. */
bool dhcpha_address_is_prefix(const dhcpha_address *prefix, unsigned prefix_len);
/* Sets all bits behind prefix_len to 0. */
void dhcpha_address_cut(dhcpha_address *address, unsigned prefix_len);

#endif
