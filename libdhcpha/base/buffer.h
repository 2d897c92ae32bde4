/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * buffer: a growing byte string with a ceiling.
 * Floor: base.
 * A failed append leaves `status` set and everything after it does nothing, so
 * that a writer of many parts checks once, at the end.  The text is always
 * ended by a 0 byte.  Clearing keeps the memory, so that a reused buffer does
 * not allocate.
 */
#ifndef DHCPHA_BASE_BUFFER_H
#define DHCPHA_BASE_BUFFER_H

#include <dhcpha/types.h>

typedef struct dhcpha_buffer {
  const dhcpha_allocator *allocator;
  char *data; /* NULL until the first append or reserve */
  size_t len;
  size_t capacity;
  size_t max;           /* ceiling of len */
  dhcpha_status status; /* OK, NOMEM or LIMIT */
} dhcpha_buffer;

void dhcpha_buffer_init(dhcpha_buffer *buffer, const dhcpha_allocator *allocator, size_t max);
void dhcpha_buffer_free(dhcpha_buffer *buffer);
void dhcpha_buffer_clear(dhcpha_buffer *buffer); /* len 0, status OK, memory kept */
/* Makes room for `more` bytes; false (and status set) when there is none. */
bool dhcpha_buffer_reserve(dhcpha_buffer *buffer, size_t more);
void dhcpha_buffer_append(dhcpha_buffer *buffer, const void *bytes, size_t len);
void dhcpha_buffer_append_text(dhcpha_buffer *buffer, const char *text);
void dhcpha_buffer_append_char(dhcpha_buffer *buffer, char c);
void dhcpha_buffer_append_integer(dhcpha_buffer *buffer, int64_t value);
void dhcpha_buffer_append_format(dhcpha_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *dhcpha_buffer_text(const dhcpha_buffer *buffer); /* "" when empty */

#endif
