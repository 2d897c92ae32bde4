/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#define _POSIX_C_SOURCE 200809L /* clock_gettime() */
#include "bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void bench_print(const char *name, double value, const char *unit, double target) {
  printf("%s %.*f %s target ", name, value < 100 && value != (int)value ? 2 : 0, value, unit);
  if (target == BENCH_NO_TARGET) printf("-\n");
  else printf("%g\n", target);
  fflush(stdout);
}

static int64_t read_ns(clockid_t id) {
  struct timespec time;
  clock_gettime(id, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t bench_now_ns(void) {
  return read_ns(CLOCK_MONOTONIC);
}

dhcpha_time bench_clock(void *user_data) {
  (void)user_data;
  dhcpha_time now = {read_ns(CLOCK_MONOTONIC) / 1000000, read_ns(CLOCK_REALTIME) / 1000000};
  return now;
}

void bench_check(bool condition, const char *what) {
  if (condition) return;
  fprintf(stderr, "bench: %s\n", what);
  exit(1);
}

/* In front of each block is its size. */
#define HEADER 16

static void *count_in(bench_memory *memory, unsigned char *block, size_t bytes) {
  if (block == NULL) return NULL;
  *(size_t *)(void *)block = bytes;
  memory->bytes += bytes;
  if (memory->bytes > memory->peak) memory->peak = memory->bytes;
  return block + HEADER;
}

static void *counted_reallocate(void *old, size_t bytes, void *user_data) {
  bench_memory *memory = user_data;
  unsigned char *block = old == NULL ? NULL : (unsigned char *)old - HEADER;
  memory->requests++;
  if (block != NULL) memory->bytes -= *(size_t *)(void *)block;
  return count_in(memory, realloc(block, bytes + HEADER), bytes);
}

static void *counted_allocate(size_t bytes, void *user_data) {
  return counted_reallocate(NULL, bytes, user_data);
}

static void counted_release(void *old, void *user_data) {
  bench_memory *memory = user_data;
  if (old == NULL) return;
  unsigned char *block = (unsigned char *)old - HEADER;
  memory->bytes -= *(size_t *)(void *)block;
  free(block);
}

dhcpha_allocator bench_memory_hooks(bench_memory *memory) {
  dhcpha_allocator hooks;
  dhcpha_allocator_init(&hooks);
  hooks.allocate = counted_allocate;
  hooks.reallocate = counted_reallocate;
  hooks.release = counted_release;
  hooks.user_data = memory;
  return hooks;
}

uint64_t bench_random(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}
