/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "support/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *must_allocate(size_t bytes) {
  void *memory = calloc(1, bytes == 0 ? 1 : bytes);
  if (memory == NULL) abort();
  return memory;
}

char *must_copy(const char *bytes, size_t len) {
  char *copy = must_allocate(len + 1);
  if (len != 0) memcpy(copy, bytes, len);
  return copy;
}

void text_free(text *t) {
  free(t->data);
  memset(t, 0, sizeof *t);
}

void text_clear(text *t) {
  t->len = 0;
  if (t->data != NULL) t->data[0] = '\0';
}

static void text_reserve(text *t, size_t more) {
  if (t->len + more + 1 <= t->capacity) return;
  t->capacity = (t->len + more + 1) * 2;
  t->data = realloc(t->data, t->capacity);
  if (t->data == NULL) abort();
}

void text_append(text *t, const char *bytes, size_t len) {
  text_reserve(t, len);
  if (len != 0) memcpy(t->data + t->len, bytes, len);
  t->len += len;
  t->data[t->len] = '\0';
}

void text_add(text *t, const char *string) { text_append(t, string, strlen(string)); }

void text_vformat(text *t, const char *format, va_list arguments) {
  va_list again;
  va_copy(again, arguments);
  int len = vsnprintf(NULL, 0, format, arguments);
  if (len < 0) abort();
  text_reserve(t, (size_t)len);
  vsnprintf(t->data + t->len, (size_t)len + 1, format, again);
  va_end(again);
  t->len += (size_t)len;
}

void text_format(text *t, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  text_vformat(t, format, arguments);
  va_end(arguments);
}

const char *text_of(const text *t) { return t->data == NULL ? "" : t->data; }

bool text_read_file(text *t, const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return false;
  char part[4096];
  size_t len;
  while ((len = fread(part, 1, sizeof part, file)) > 0) text_append(t, part, len);
  bool good = ferror(file) == 0;
  fclose(file);
  return good;
}

bool text_write_file(const char *path, const char *bytes, size_t len) {
  FILE *file = fopen(path, "wb");
  if (file == NULL) return false;
  bool good = fwrite(bytes, 1, len, file) == len;
  return fclose(file) == 0 && good;
}
