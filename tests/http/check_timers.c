/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "timers.h"

#include <dhcpha/types.h>

#include "unit/unit.h"

#define COUNT 500

static dhcpha_timers timers;
static dhcpha_timer some[COUNT];

static void nothing(void *owner) { (void)owner; }

static int64_t earliest_by_looking(void) {
  int64_t earliest = DHCPHA_NEVER;
  for (size_t i = 0; i < COUNT; i++)
    if (some[i].place != 0 && some[i].due < earliest) earliest = some[i].due;
  return earliest;
}

START_TEST(come_up_in_order_however_they_were_moved) {
  unsigned seed = 1;
  for (size_t i = 0; i < COUNT; i++) {
    some[i] = (dhcpha_timer){ .passed = nothing };
    seed = seed * 1103515245u + 12345u;
    ck_assert(dhcpha_timers_add(&timers, &some[i], (int64_t)(seed >> 16) % 1000));
  }
  for (size_t i = 0; i < COUNT * 4; i++) {
    seed = seed * 1103515245u + 12345u;
    dhcpha_timer *one = &some[(seed >> 16) % COUNT];
    seed = seed * 1103515245u + 12345u;
    if (one->place == 0)
      ck_assert(dhcpha_timers_add(&timers, one, (int64_t)(seed >> 16) % 1000));
    else if (i % 7 == 0)
      dhcpha_timers_remove(&timers, one);
    else
      dhcpha_timers_move(&timers, one, (int64_t)(seed >> 16) % 2000);
    ck_assert_int_le(dhcpha_timers_earliest(&timers), earliest_by_looking());
  }
  for (int64_t now = 0; now < 2001; now++) {
    dhcpha_timer *one;
    while ((one = dhcpha_timers_reached(&timers, now)) != NULL) {
      ck_assert_int_le(one->due, now);
      dhcpha_timers_remove(&timers, one);
    }
    ck_assert_int_gt(earliest_by_looking(), now);
  }
  ck_assert_uint_eq(timers.count, 0);
  ck_assert_int_eq(dhcpha_timers_earliest(&timers), DHCPHA_NEVER);
  dhcpha_timers_remove(&timers, &some[0]);
  dhcpha_timers_free(&timers);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("timers");
  TCase *tcase = tcase_create("timers");
  tcase_add_test(tcase, come_up_in_order_however_they_were_moved);
  suite_add_tcase(suite, tcase);
  return unit_run_suite(suite);
}
