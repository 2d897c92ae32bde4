/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * fuzz: what every fuzz target shares.
 * A target checks properties of its own, and all of them give back every block
 * of memory: twice, the second time with one allocation failing.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <dhcpha/types.h>

#include <stdio.h>
#include <stdlib.h>

/* A property that does not hold ends the program, so that the fuzzer keeps the input. */
#define FUZZ_CHECK(condition) \
  do { \
    if (!(condition)) fuzz_fail(__FILE__, __LINE__, #condition); \
  } while (0)

_Noreturn void fuzz_fail(const char *file, int line, const char *condition);

/* One run over an input.  Where `allocation_fails` is true, out of memory is a right outcome. */
typedef struct fuzz_run {
  dhcpha_allocator allocator;
  bool allocation_fails;
} fuzz_run;

typedef void fuzz_target(fuzz_run *run, const uint8_t *data, size_t len);

/* Runs the target twice over an input and checks that nothing leaks. */
void fuzz_play(fuzz_target *target, const uint8_t *data, size_t len);

/* The entry point that libFuzzer, and driver.c, call. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#endif
