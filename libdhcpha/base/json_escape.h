/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * json_escape: \u00XX stands for the byte XX.
 * Floor: base.  Spec: P1 4.4.
 */
#ifndef DHCPHA_BASE_JSON_ESCAPE_H
#define DHCPHA_BASE_JSON_ESCAPE_H

#include "base/buffer.h"

bool dhcpha_json_has_unicode_escape(const char *text, size_t len);
/* Copies a text with \u0080..\u00ff written as the byte they stand for, until all of it is read, a
 * larger escape is met (*too_large, else untouched), or `until` bytes have come out.  `to` may be
 * NULL, to find a position only; it needs at most `len` bytes.  Returns how many came out; *at: how
 * much of the text they stand for. */
size_t dhcpha_json_undo_escapes(const char *text, size_t len, char *to, size_t until, size_t *at,
                                bool *too_large);
/* Text out.  Strings are quoted; bytes below 0x20, 0x7f and above go out as \u00XX (P1 4.4). */
void dhcpha_json_write_string(dhcpha_buffer *out, const char *text, size_t len);

#endif
