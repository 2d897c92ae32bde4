/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "support/failing_allocator.h"

#include <stdlib.h>

static bool fails(failing_allocator *counts) {
  uint64_t request = ++counts->requests;
  if (counts->fail_from == 0 || request < counts->fail_from) return false;
  if (request - counts->fail_from >= counts->fail_count) return false;
  counts->failed++;
  return true;
}

static void *counted_allocate(size_t bytes, void *user_data) {
  failing_allocator *counts = user_data;
  if (fails(counts)) return NULL;
  void *memory = malloc(bytes == 0 ? 1 : bytes);
  if (memory != NULL) counts->live++;
  return memory;
}

static void *counted_reallocate(void *memory, size_t bytes, void *user_data) {
  failing_allocator *counts = user_data;
  if (fails(counts)) return NULL;
  void *moved = realloc(memory, bytes == 0 ? 1 : bytes);
  if (moved != NULL && memory == NULL) counts->live++;
  return moved;
}

static void counted_release(void *memory, void *user_data) {
  failing_allocator *counts = user_data;
  if (memory != NULL) counts->live--;
  free(memory);
}

dhcpha_allocator failing_allocator_hooks(failing_allocator *counts) {
  dhcpha_allocator hooks;
  dhcpha_allocator_init(&hooks);
  hooks.allocate = counted_allocate;
  hooks.reallocate = counted_reallocate;
  hooks.release = counted_release;
  hooks.user_data = counts;
  return hooks;
}
