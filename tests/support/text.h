/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * text: a growing text for tests.  It takes memory from malloc(), never from the allocator under
 * test, and ends the program when there is none.
 */
#ifndef TESTS_SUPPORT_TEXT_H
#define TESTS_SUPPORT_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct text {
  char *data; /* ended by a 0 byte; never NULL after the first append */
  size_t len;
  size_t capacity;
} text;

void text_free(text *t);
void text_clear(text *t);
void text_append(text *t, const char *bytes, size_t len);
void text_add(text *t, const char *string);
void text_format(text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vformat(text *t, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
const char *text_of(const text *t); /* "" when empty */

/* A whole file; false when it cannot be read. */
bool text_read_file(text *t, const char *path);
bool text_write_file(const char *path, const char *bytes, size_t len);

/* malloc(), calloc(), strdup() that end the program when memory runs out. */
void *must_allocate(size_t bytes);
char *must_copy(const char *bytes, size_t len);

#endif
