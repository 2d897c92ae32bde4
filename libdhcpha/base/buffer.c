/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/allocator.h"

#define CAPACITY_MIN 256 /* of the first allocation, bytes */
#define INTEGER_DIGITS_MAX 20

void dhcpha_buffer_init(dhcpha_buffer *buffer, const dhcpha_allocator *allocator, size_t max) {
  *buffer = (dhcpha_buffer){ .allocator = allocator, .max = max, .status = DHCPHA_OK };
}

void dhcpha_buffer_free(dhcpha_buffer *buffer) {
  dhcpha_release(buffer->allocator, buffer->data);
  dhcpha_buffer_init(buffer, buffer->allocator, buffer->max);
}

void dhcpha_buffer_clear(dhcpha_buffer *buffer) {
  buffer->len = 0;
  buffer->status = DHCPHA_OK;
  if (buffer->data != NULL) buffer->data[0] = '\0';
}

static bool fail(dhcpha_buffer *buffer, dhcpha_status status) {
  buffer->status = status;
  return false;
}

/* Doubles, so that n appends cost n; never above the ceiling and the end. */
static bool grow(dhcpha_buffer *buffer, size_t more) {
  if (more > buffer->max || buffer->len > buffer->max - more || buffer->max == SIZE_MAX)
    return fail(buffer, DHCPHA_ERR_LIMIT);
  size_t need = buffer->len + more + 1;
  size_t capacity = buffer->capacity < CAPACITY_MIN ? CAPACITY_MIN : buffer->capacity;
  while (capacity < need) capacity = capacity > SIZE_MAX / 2 ? need : capacity * 2;
  if (capacity > buffer->max + 1) capacity = buffer->max + 1;
  char *data = dhcpha_reallocate(buffer->allocator, buffer->data, capacity, 1);
  if (data == NULL) return fail(buffer, DHCPHA_ERR_NOMEM);
  data[buffer->len] = '\0';
  buffer->data = data;
  buffer->capacity = capacity;
  return true;
}

bool dhcpha_buffer_reserve(dhcpha_buffer *buffer, size_t more) {
  if (buffer->status != DHCPHA_OK) return false;
  /* The capacity is never above max + 1. */
  if (buffer->capacity - buffer->len > more) return true;
  return grow(buffer, more);
}

void dhcpha_buffer_append(dhcpha_buffer *buffer, const void *bytes, size_t len) {
  if (len == 0 || !dhcpha_buffer_reserve(buffer, len)) return;
  memcpy(buffer->data + buffer->len, bytes, len);
  buffer->len += len;
  buffer->data[buffer->len] = '\0';
}

void dhcpha_buffer_append_text(dhcpha_buffer *buffer, const char *text) {
  dhcpha_buffer_append(buffer, text, strlen(text));
}

void dhcpha_buffer_append_char(dhcpha_buffer *buffer, char c) {
  dhcpha_buffer_append(buffer, &c, 1);
}

void dhcpha_buffer_append_integer(dhcpha_buffer *buffer, int64_t value) {
  char digits[INTEGER_DIGITS_MAX];
  size_t at = sizeof digits;
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  do {
    digits[--at] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (value < 0) digits[--at] = '-';
  dhcpha_buffer_append(buffer, digits + at, sizeof digits - at);
}

void dhcpha_buffer_append_format(dhcpha_buffer *buffer, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int len = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (len <= 0 || !dhcpha_buffer_reserve(buffer, (size_t)len)) return;
  va_start(arguments, format);
  vsnprintf(buffer->data + buffer->len, (size_t)len + 1, format, arguments);
  va_end(arguments);
  buffer->len += (size_t)len;
}

const char *dhcpha_buffer_text(const dhcpha_buffer *buffer) {
  return buffer->data == NULL ? "" : buffer->data;
}
