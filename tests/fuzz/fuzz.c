/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "fuzz/fuzz.h"

#include "support/failing_allocator.h"

void fuzz_fail(const char *file, int line, const char *condition) {
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
  abort();
}

static uint64_t run_once(fuzz_target *target, uint64_t fail_from, const uint8_t *data,
                         size_t len) {
  failing_allocator counts = {.fail_from = fail_from, .fail_count = 1};
  fuzz_run run = {.allocation_fails = fail_from != 0};
  run.allocator = failing_allocator_hooks(&counts);
  target(&run, data, len);
  FUZZ_CHECK(counts.live == 0);
  return counts.requests;
}

/* FNV-1a: which allocation fails depends on the input alone. */
static uint64_t hash(const uint8_t *data, size_t len) {
  uint64_t value = 14695981039346656037u;
  for (size_t i = 0; i < len; i++) value = (value ^ data[i]) * 1099511628211u;
  return value;
}

void fuzz_play(fuzz_target *target, const uint8_t *data, size_t len) {
  uint64_t requests = run_once(target, 0, data, len);
  if (requests != 0) run_once(target, 1 + hash(data, len) % requests, data, len);
}
