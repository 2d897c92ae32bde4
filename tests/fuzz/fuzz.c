/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "fuzz/fuzz.h"

void fuzz_fail(const char *file, int line, const char *condition) {
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
  abort();
}

static bool fails(fuzz_run *run) {
  return run->allocations++ == run->fail_at;
}

static void *fuzz_allocate(size_t bytes, void *user_data) {
  fuzz_run *run = user_data;
  void *memory = fails(run) ? NULL : malloc(bytes);
  if (memory != NULL) run->live++;
  return memory;
}

static void *fuzz_reallocate(void *memory, size_t bytes, void *user_data) {
  fuzz_run *run = user_data;
  void *moved = fails(run) ? NULL : realloc(memory, bytes);
  if (memory == NULL && moved != NULL) run->live++;
  return moved;
}

static void fuzz_release(void *memory, void *user_data) {
  fuzz_run *run = user_data;
  if (memory != NULL) run->live--;
  free(memory);
}

static uint64_t run_once(fuzz_target *target, uint64_t fail_at, const uint8_t *data, size_t len) {
  fuzz_run run = {.allocation_fails = fail_at != UINT64_MAX, .fail_at = fail_at};
  dhcpha_allocator_init(&run.allocator);
  run.allocator.allocate = fuzz_allocate;
  run.allocator.reallocate = fuzz_reallocate;
  run.allocator.release = fuzz_release;
  run.allocator.user_data = &run;
  target(&run, data, len);
  FUZZ_CHECK(run.live == 0);
  return run.allocations;
}

/* FNV-1a: which allocation fails depends on the input alone. */
static uint64_t hash(const uint8_t *data, size_t len) {
  uint64_t value = 14695981039346656037u;
  for (size_t i = 0; i < len; i++) value = (value ^ data[i]) * 1099511628211u;
  return value;
}

void fuzz_play(fuzz_target *target, const uint8_t *data, size_t len) {
  uint64_t allocations = run_once(target, UINT64_MAX, data, len);
  if (allocations != 0) run_once(target, hash(data, len) % allocations, data, len);
}
