/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * bench: what the programs of the bench share: time, memory, and how a figure is printed.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <dhcpha/dhcpha.h>

#define BENCH_NO_TARGET (-1.0)

/* One line: name, value, unit, the word target, and the target. */
void bench_print(const char *name, double value, const char *unit, double target);
int64_t bench_now_ns(void);
/* Both clocks, for a hub. */
dhcpha_time bench_clock(void *user_data);
/* Ends the program when what it stands on does not hold. */
void bench_check(bool condition, const char *what);

/* Memory of the library as it comes and goes. */
typedef struct bench_memory {
  uint64_t requests; /* calls of allocate and reallocate */
  size_t bytes;      /* now */
  size_t peak;       /* most bytes at a time */
} bench_memory;

dhcpha_allocator bench_memory_hooks(bench_memory *memory);

/* A pseudo-random number, the same in each run (xorshift64). */
uint64_t bench_random(uint64_t *state);

#endif
