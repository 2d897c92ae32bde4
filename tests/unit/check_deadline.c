/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/deadline.h"

#include "unit/unit.h"

static const struct {
  const char *sentence;
  int64_t now, delay, after;
} sums[] = {
  { "a deadline is so much later", 1000, 500, 1500 },
  { "no delay is now", 1000, 0, 1000 },
  { "never does not come nearer by waiting", DHCPHA_NEVER, -5, DHCPHA_NEVER },
  { "an endless delay never ends", 7, DHCPHA_NEVER, DHCPHA_NEVER },
  { "what is too late to be told is never", INT64_MAX - 1, 2, DHCPHA_NEVER },
  { "nothing is before the first moment", INT64_MIN + 1, -2, INT64_MIN },
  { "clocks may start below 0", -1000, 400, -600 },
};

START_TEST(adds) {
  ck_assert_msg(dhcpha_deadline_after(sums[_i].now, sums[_i].delay) == sums[_i].after, "%s",
                sums[_i].sentence);
}
END_TEST

static const struct {
  const char *sentence;
  int64_t deadline, now;
  bool passed;
} moments[] = {
  { "it has passed afterwards", 10, 11, true },
  { "it has passed at the moment itself", 10, 10, true },
  { "it has not passed before", 10, 9, false },
  { "never does not pass", DHCPHA_NEVER, DHCPHA_NEVER, false },
};

START_TEST(passes) {
  ck_assert_msg(dhcpha_deadline_passed(moments[_i].deadline, moments[_i].now) ==
                  moments[_i].passed, "%s", moments[_i].sentence);
}
END_TEST

START_TEST(tells_the_earlier) {
  ck_assert_int_eq(dhcpha_deadline_earlier(3, 5), 3);
  ck_assert_int_eq(dhcpha_deadline_earlier(5, 3), 3);
  ck_assert_int_eq(dhcpha_deadline_earlier(DHCPHA_NEVER, 3), 3);
  ck_assert(dhcpha_deadline_earlier(DHCPHA_NEVER, DHCPHA_NEVER) == DHCPHA_NEVER);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("deadline");
  tcase_add_loop_test(tcase, adds, 0, COUNT_OF(sums));
  tcase_add_loop_test(tcase, passes, 0, COUNT_OF(moments));
  tcase_add_test(tcase, tells_the_earlier);
  return unit_run("deadline", tcase);
}
