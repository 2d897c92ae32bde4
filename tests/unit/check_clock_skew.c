/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/clock_skew.h"

#include "unit/unit.h"

#define OWN_S 1795305600

/* P1 3.7: "beyond(N): skew > N or skew < -N (strict): warn at |skew| >= 31, terminate at >= 61". */
static const struct {
  const char *sentence;
  int64_t skew_s;
  bool warns;
  bool terminates;
} rows[] = {
    {"no skew is no concern", 0, false, false},
    {"30 s are not more than 30", 30, false, false},
    {"31 s warn", 31, true, false},
    {"60 s are not more than 60", 60, true, false},
    {"61 s terminate", 61, true, true},
    {"62 s terminate", 62, true, true},
    {"behind by 30 s", -30, false, false},
    {"behind by 31 s warns", -31, true, false},
    {"behind by 60 s", -60, true, false},
    {"behind by 61 s terminates", -61, true, true},
    {"a clock that stands at 1970", -OWN_S, true, true},
};

START_TEST(judges_by_whole_seconds) {
  dhcpha_clock_skew skew = {0};
  dhcpha_clock_skew_learn(&skew, OWN_S + rows[_i].skew_s, OWN_S);
  ck_assert_msg(dhcpha_clock_skew_seconds(&skew) == rows[_i].skew_s, "%s", rows[_i].sentence);
  ck_assert_msg(dhcpha_clock_skew_must_terminate(&skew) == rows[_i].terminates, "%s",
                rows[_i].sentence);
  ck_assert_msg(dhcpha_clock_skew_should_warn(&skew, 0) == rows[_i].warns, "%s",
                rows[_i].sentence);
}
END_TEST

/* P1 3.7: "A warning is issued if none was yet, or more than 60 whole seconds passed". */
static const struct {
  const char *sentence;
  int64_t after_ms;
  bool warns;
} gates[] = {
    {"at the same moment", 0, false},       {"59.999 s later", 59999, false},
    {"60 s later", 60000, false},           {"60 whole seconds, and a bit", 60999, false},
    {"61 s later", 61000, true},            {"an hour later", 3600000, true},
};

START_TEST(warns_again_after_more_than_60_whole_seconds) {
  dhcpha_clock_skew skew = {0};
  dhcpha_clock_skew_learn(&skew, OWN_S + 31, OWN_S);
  ck_assert(dhcpha_clock_skew_should_warn(&skew, 5000));
  ck_assert_msg(dhcpha_clock_skew_should_warn(&skew, 5000 + gates[_i].after_ms) ==
                    gates[_i].warns,
                "%s", gates[_i].sentence);
}
END_TEST

/* P1 3.7: "Marking the partner unavailable resets skew, ..., and re-arms the warning". */
START_TEST(forgets_the_skew_and_the_warning) {
  dhcpha_clock_skew skew = {0};
  dhcpha_clock_skew_learn(&skew, OWN_S + 100, OWN_S);
  ck_assert(dhcpha_clock_skew_should_warn(&skew, 0));
  dhcpha_clock_skew_forget(&skew);
  ck_assert(!skew.known);
  ck_assert_int_eq(dhcpha_clock_skew_seconds(&skew), 0);
  ck_assert(!dhcpha_clock_skew_must_terminate(&skew));
  ck_assert(!dhcpha_clock_skew_should_warn(&skew, 1));
  dhcpha_clock_skew_learn(&skew, OWN_S + 31, OWN_S);
  ck_assert(dhcpha_clock_skew_should_warn(&skew, 1));
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("clock_skew");
  tcase_add_loop_test(tcase, judges_by_whole_seconds, 0, COUNT_OF(rows));
  tcase_add_loop_test(tcase, warns_again_after_more_than_60_whole_seconds, 0, COUNT_OF(gates));
  tcase_add_test(tcase, forgets_the_skew_and_the_warning);
  return unit_run("clock_skew", tcase);
}
