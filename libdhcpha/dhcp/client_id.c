/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "dhcp/client_id.h"

#include <string.h>

#include "base/hex.h"

size_t dhcpha_hex_write(const uint8_t *bytes, size_t len, char *text) {
  if (len == 0) return 0;
  for (size_t i = 0; i < len; i++) {
    if (i != 0) text[3 * i - 1] = ':';
    text[3 * i] = dhcpha_hex_digits[bytes[i] >> 4];
    text[3 * i + 1] = dhcpha_hex_digits[bytes[i] & 15];
  }
  return len * 3 - 1;
}

/* Groups of 1 or 2 digits, one separator between any two. */
static bool read_groups(const char *text, size_t text_len, char separator, uint8_t *bytes,
                        size_t max, size_t *len) {
  size_t at = 0;
  *len = 0;
  if (text_len == 0) return true;
  for (;;) {
    int high = at < text_len ? dhcpha_hex_value(text[at++]) : -1;
    if (high < 0 || *len == max) return false;
    int low = at < text_len ? dhcpha_hex_value(text[at]) : -1;
    if (low >= 0) at++;
    bytes[(*len)++] = (uint8_t)(low < 0 ? high : high << 4 | low);
    if (at == text_len) return true;
    if (text[at++] != separator) return false;
  }
}

/* An odd count of digits is padded on the left. */
static bool read_plain(const char *text, size_t text_len, uint8_t *bytes, size_t max, size_t *len) {
  if (text_len >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    text += 2;
    text_len -= 2;
  }
  *len = text_len / 2 + text_len % 2;
  if (*len > max) return false;
  for (size_t i = 0; i < text_len; i++) {
    size_t place = i + text_len % 2;
    int digit = dhcpha_hex_value(text[i]);
    if (digit < 0) return false;
    if (place % 2 == 0 || i == 0)
      bytes[place / 2] = (uint8_t)(place % 2 == 0 ? digit << 4 : digit);
    else
      bytes[place / 2] |= (uint8_t)digit;
  }
  return true;
}

bool dhcpha_hex_read_hw_address(const char *text, size_t text_len, uint8_t *bytes, size_t max,
                                size_t *len) {
  return read_groups(text, text_len, ':', bytes, max, len);
}

bool dhcpha_hex_read_identifier(const char *text, size_t text_len, uint8_t *bytes, size_t max,
                                size_t *len) {
  if (memchr(text, ':', text_len) != NULL)
    return read_groups(text, text_len, ':', bytes, max, len);
  if (memchr(text, ' ', text_len) != NULL)
    return read_groups(text, text_len, ' ', bytes, max, len);
  return read_plain(text, text_len, bytes, max, len);
}
