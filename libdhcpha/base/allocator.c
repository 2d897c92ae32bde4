/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/allocator.h"

#include <stdlib.h>
#include <string.h>

static void *libc_allocate(size_t bytes, void *user_data) {
  (void)user_data;
  return malloc(bytes);
}

static void *libc_reallocate(void *memory, size_t bytes, void *user_data) {
  (void)user_data;
  return realloc(memory, bytes);
}

static void libc_release(void *memory, void *user_data) {
  (void)user_data;
  free(memory);
}

dhcpha_allocator dhcpha_allocator_resolve(const dhcpha_allocator *hooks) {
  dhcpha_allocator resolved;
  dhcpha_allocator_init(&resolved);
  if (hooks != NULL && hooks->allocate != NULL && hooks->reallocate != NULL &&
      hooks->release != NULL)
    return *hooks;
  resolved.allocate = libc_allocate;
  resolved.reallocate = libc_reallocate;
  resolved.release = libc_release;
  return resolved;
}

void *dhcpha_allocate(const dhcpha_allocator *allocator, size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size) return NULL;
  size_t bytes = count * size;
  void *memory = allocator->allocate(bytes == 0 ? 1 : bytes, allocator->user_data);
  if (memory != NULL) memset(memory, 0, bytes);
  return memory;
}

void *dhcpha_reallocate(const dhcpha_allocator *allocator, void *memory, size_t count,
                        size_t size) {
  if (size != 0 && count > SIZE_MAX / size) return NULL;
  size_t bytes = count * size;
  return allocator->reallocate(memory, bytes == 0 ? 1 : bytes, allocator->user_data);
}

char *dhcpha_copy_text(const dhcpha_allocator *allocator, const char *text, size_t len) {
  char *copy = dhcpha_allocate(allocator, len + 1, 1);
  if (copy != NULL && len != 0) memcpy(copy, text, len);
  return copy;
}

void dhcpha_release(const dhcpha_allocator *allocator, void *memory) {
  if (memory != NULL) allocator->release(memory, allocator->user_data);
}
