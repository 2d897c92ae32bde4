/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * What the tests of dhcpha-dhcpd share.
 */
#ifndef TESTS_DHCPD_H
#define TESTS_DHCPD_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "configuration.h"
#include "lease_table.h"

/* Run one test case; its tests are added by the caller. */
static inline int run(const char *name, TCase *tests) {
  Suite *suite = suite_create(name);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* A lease of a client whose hardware address ends in NUMBER. */
static inline dhcpha_lease lease_of(uint32_t address, uint8_t number, int64_t cltt) {
  static uint8_t hw_address[256][6];
  dhcpha_lease lease;
  dhcpha_lease_init(&lease);
  memcpy(hw_address[number], (const uint8_t[]){ 2, 0, 0, 0, 0, number }, 6);
  lease.address = address_of(address);
  lease.subnet_id = 1;
  lease.valid_lft = 100;
  lease.cltt = cltt;
  lease.hw_address = hw_address[number];
  lease.hw_address_len = 6;
  return lease;
}

#endif
