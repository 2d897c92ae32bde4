/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * client_id: what names a client: hardware address, option 61, DUID; and their hex text.
 * Floor: dhcp.  Spec: P1 4.7 "Hex text".
 */
#ifndef DHCPHA_DHCP_CLIENT_ID_H
#define DHCPHA_DHCP_CLIENT_ID_H

#include <dhcpha/types.h>

#define DHCPHA_HW_ADDRESS_MAX 20
#define DHCPHA_CLIENT_ID_MAX 255
#define DHCPHA_DUID_MAX 130
#define DHCPHA_IDENTITY_MAX 255

/* Lower case, two digits a byte, colons; returns the text's length: len * 3 - 1, or 0.  `text`
 * needs len * 3 bytes.  No end is written. */
size_t dhcpha_hex_write(const uint8_t *bytes, size_t len, char *text);
/* P1 4.7: hw-address: colon-separated groups of 1 or 2 digits, "" is empty. */
bool dhcpha_hex_read_hw_address(const char *text, size_t text_len, uint8_t *bytes, size_t max,
                                size_t *len);
/* P1 4.7: client-id and DUID: colons, or spaces, or plain hex with an optional 0x, odd counts
 * padded on the left. */
bool dhcpha_hex_read_identifier(const char *text, size_t text_len, uint8_t *bytes, size_t max,
                                size_t *len);

#endif
