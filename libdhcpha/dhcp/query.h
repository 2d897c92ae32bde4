/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * query: the few facts HA needs of a DHCP query: which types concern it, how
 * long its client has waited, what names its client; and how they are read out
 * of a packet (dhcpha_query_read).
 * Floor: dhcp.  Spec: P1 2.2, 2.3, 2.4, 3.5; RFC 2131, RFC 3396, RFC 8415 section 9 and 19.
 */
#ifndef DHCPHA_DHCP_QUERY_H
#define DHCPHA_DHCP_QUERY_H

#include <dhcpha/query.h>

/* P1 2.2. */
bool dhcpha_query_is_subject(const dhcpha_query *query, dhcpha_family family);
/* P1 3.5: waited longer than max_ack_delay_ms, byte-swapped secs undone. */
bool dhcpha_query_is_unacked(const dhcpha_query *query, dhcpha_family family,
                             uint32_t max_ack_delay_ms);
/* P1 2.4: the bytes that are hashed; false when there are none. */
bool dhcpha_query_get_hash_key(const dhcpha_query *query, dhcpha_family family,
                               const uint8_t **key, size_t *len);

/* P1 3.5: the key of a client in the tables of unacked and rejected clients: DHCPv4 (hw-address,
 * client-id), DHCPv6 the DUID. */
#define DHCPHA_QUERY_DISCOVER_OR_SOLICIT 1 /* one number in both families */
#define DHCPHA_CLIENT_KEY_MAX (1 + 20 + 512)
/* Writes the key (one byte of hw_address_len, hw-address, client-id; or the DUID); 0: no key. */
size_t dhcpha_query_get_client_key(const dhcpha_query *query, dhcpha_family family,
                                   uint8_t key[DHCPHA_CLIENT_KEY_MAX]);

#endif
