/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/alarms.h"

#include "unit/unit.h"

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_alarms alarms;

static void start(void) {
  counts = (failing_allocator){0};
  allocator = failing_allocator_hooks(&counts);
  dhcpha_alarms_init(&alarms, &allocator);
}

static void end(void) {
  dhcpha_alarms_free(&alarms);
  ck_assert_int_eq(counts.live, 0);
}

START_TEST(at_first_none_is_set) {
  ck_assert_uint_eq(dhcpha_alarms_first(&alarms), DHCPHA_ALARMS_NONE);
  ck_assert_int_eq(dhcpha_alarms_get_expiry(&alarms), DHCPHA_NEVER);
  ck_assert_int_eq(dhcpha_alarms_reserve(&alarms, 4), DHCPHA_OK);
  dhcpha_alarms_set(&alarms, 3, DHCPHA_NEVER);
  ck_assert_uint_eq(dhcpha_alarms_first(&alarms), DHCPHA_ALARMS_NONE);
}
END_TEST

/* Random alarms against a plain scan, while room is made for more. */
START_TEST(agrees_with_a_plain_scan) {
  struct {
    int64_t at_ms;
    int turn;
  } plain[200];
  int room = 0;
  for (int i = 0; i < COUNT_OF(plain); i++) plain[i].at_ms = DHCPHA_NEVER;
  srand(5);
  for (int turn = 0; turn < 40000; turn++) {
    if (turn % 200 == 0) {
      room = turn / 200 + 1;
      ck_assert_int_eq(dhcpha_alarms_reserve(&alarms, (uint32_t)room), DHCPHA_OK);
    }
    int number = rand() % room;
    plain[number].at_ms = rand() % 3 == 0 ? DHCPHA_NEVER : rand() % 100 - 50;
    plain[number].turn = turn;
    dhcpha_alarms_set(&alarms, (uint32_t)number, plain[number].at_ms);
    int first = -1;
    for (int i = 0; i < room; i++) {
      if (plain[i].at_ms == DHCPHA_NEVER) continue;
      if (first < 0 || plain[i].at_ms < plain[first].at_ms ||
          (plain[i].at_ms == plain[first].at_ms && plain[i].turn < plain[first].turn))
        first = i;
    }
    ck_assert_uint_eq(dhcpha_alarms_first(&alarms),
                      first < 0 ? DHCPHA_ALARMS_NONE : (uint32_t)first);
    ck_assert_int_eq(dhcpha_alarms_get_expiry(&alarms),
                     first < 0 ? DHCPHA_NEVER : plain[first].at_ms);
  }
}
END_TEST

START_TEST(without_memory_it_stays_as_it_was) {
  ck_assert_int_eq(dhcpha_alarms_reserve(&alarms, 4), DHCPHA_OK);
  dhcpha_alarms_set(&alarms, 3, 30);
  for (uint64_t nth = 1; nth <= 2; nth++) {
    counts.fail_from = counts.requests + nth;
    counts.fail_count = 1;
    ck_assert_int_eq(dhcpha_alarms_reserve(&alarms, 4000), DHCPHA_ERR_NOMEM);
    ck_assert_uint_eq(dhcpha_alarms_first(&alarms), 3);
  }
  ck_assert_int_eq(dhcpha_alarms_reserve(&alarms, 4000), DHCPHA_OK);
  dhcpha_alarms_set(&alarms, 3999, 29);
  ck_assert_uint_eq(dhcpha_alarms_first(&alarms), 3999);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("alarms");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, at_first_none_is_set);
  tcase_add_test(tcase, agrees_with_a_plain_scan);
  tcase_add_test(tcase, without_memory_it_stays_as_it_was);
  return unit_run("alarms", tcase);
}
