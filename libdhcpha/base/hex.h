/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * hex: hexadecimal digits.
 * Floor: base.
 */
#ifndef DHCPHA_BASE_HEX_H
#define DHCPHA_BASE_HEX_H

#include <dhcpha/types.h>

extern const char dhcpha_hex_digits[17];     /* of 0..15, lower case */
extern const int8_t dhcpha_hex_values[256]; /* -1: no digit */

static inline int dhcpha_hex_value(char c) {
  return dhcpha_hex_values[(uint8_t)c];
}

#endif
