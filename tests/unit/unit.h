/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * unit: what the unit test programs share.
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "support/failing_allocator.h"

#define COUNT_OF(array) ((int)(sizeof(array) / sizeof(array)[0]))
/* A literal with 0 bytes inside, and its length. */
#define BYTES(literal) (literal), sizeof(literal) - 1

/* Runs all tests of a suite, and gives the program's exit status. */
static inline int unit_run_suite(Suite *suite) {
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Of a suite of one case. */
static inline int unit_run(const char *name, TCase *tcase) {
  Suite *suite = suite_create(name);
  tcase_set_timeout(tcase, 60);
  suite_add_tcase(suite, tcase);
  return unit_run_suite(suite);
}

/* A copy that ends where its memory ends, so that the sanitizers see a read behind it. */
static inline void *unit_copy(const void *bytes, size_t len) {
  void *copy = malloc(len == 0 ? 1 : len);
  ck_assert_ptr_nonnull(copy);
  if (len != 0) memcpy(copy, bytes, len);
  return copy;
}

#endif
