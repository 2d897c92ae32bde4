/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/json_escape.h"

#include <string.h>

#include "base/hex.h"

/*
 * Byte escapes (P1 4.4).  yajl would make two bytes of UTF-8 of \u0080..\u00ff.  So the text is
 * copied with those written as the byte they stand for; a larger one is refused.  A backslash
 * always takes the next character with it.
 */
/* The code of a \uXXXX escape; -1: it is none (yajl will say so), or cut short. */
static long escape_code(const char *text, size_t len) {
  long code = 0;
  if (len < 6 || text[1] != 'u') return -1;
  for (int i = 2; i < 6; i++) {
    int digit = dhcpha_hex_value(text[i]);
    if (digit < 0) return -1;
    code = code * 16 + digit;
  }
  return code;
}

size_t dhcpha_json_undo_escapes(const char *text, size_t len, char *to, size_t until, size_t *at,
                                bool *too_large) {
  size_t in = 0, out = 0;
  while (in < len && out < until) {
    const char *backslash = memchr(text + in, '\\', len - in);
    size_t plain = backslash == NULL ? len - in : (size_t)(backslash - text) - in;
    if (plain > until - out) plain = until - out;
    if (plain != 0) {
      if (to != NULL) memcpy(to + out, text + in, plain);
      in += plain;
      out += plain;
      continue;
    }
    long code = escape_code(text + in, len - in);
    if (code > 0xff) {
      *too_large = true;
      break;
    }
    size_t width = code >= 0x80 ? 6 : len - in < 2 ? 1 : 2;
    if (to != NULL && code >= 0x80) to[out] = (char)code;
    if (to != NULL && code < 0x80) memcpy(to + out, text + in, width);
    in += width;
    out += code >= 0x80 ? 1 : width;
  }
  *at = in;
  return out;
}

bool dhcpha_json_has_unicode_escape(const char *text, size_t len) {
  const char *end = text + len;
  while (text < end && (text = memchr(text, '\\', (size_t)(end - text))) != NULL) {
    if (text + 1 < end && text[1] == 'u') return true;
    text += 2;
  }
  return false;
}

static void write_escape(dhcpha_buffer *out, uint8_t byte) {
  char escape[6] = { '\\', 'u', '0', '0', dhcpha_hex_digits[byte >> 4],
                     dhcpha_hex_digits[byte & 15] };
  if (byte == '"' || byte == '\\') {
    escape[1] = (char)byte;
    dhcpha_buffer_append(out, escape, 2);
  } else {
    dhcpha_buffer_append(out, escape, sizeof escape);
  }
}

static bool is_plain(uint8_t byte) {
  return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

void dhcpha_json_write_string(dhcpha_buffer *out, const char *text, size_t len) {
  dhcpha_buffer_append_char(out, '"');
  for (size_t at = 0; at < len;) {
    size_t start = at;
    while (at < len && is_plain((uint8_t)text[at])) at++;
    dhcpha_buffer_append(out, text + start, at - start);
    if (at < len) write_escape(out, (uint8_t)text[at++]);
  }
  dhcpha_buffer_append_char(out, '"');
}
