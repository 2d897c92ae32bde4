/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * Holds the library against recorded Kea traffic, and says at the end how much was checked.
 */
#include "vectors/replay.h"
#include "vectors/tally.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define FOLDER TEST_SOURCE_DIR "/tests/vectors/"

static const char *const files[] = {"kea-2.2.0-dhcp4", "kea-2.6.3-dhcp4", "kea-3.0.4-dhcp4",
                                    "kea-mixed-dhcp4", "kea-2.2.0-dhcp6", "kea-2.6.3-dhcp6",
                                    "kea-3.0.4-dhcp6", "kea-mixed-dhcp6"};

/* It is known that so many can be checked: fewer means that the replay went astray. */
#define ANSWERED_MIN 3155
#define TAKEN_IN_MIN 2520
#define SENT_MIN 926
#define STATES_EQUAL_MIN 1221

START_TEST(speaks_as_kea_does) {
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    recording r;
    text path = {0};
    text_format(&path, "%s%s.jsonl", FOLDER, files[i]);
    recording_read(&r, text_of(&path));
    for (size_t k = 0; k < r.scenario_count; k++) replay_scenario(&r.scenarios[k], files[i]);
    recording_free(&r);
    text_free(&path);
  }
  tally_print();
  printf("heartbeats answered in the state Kea was in: %zu of %zu\n", replay_states_equal,
         replay_states);
  fflush(stdout);
  ck_assert_uint_eq(replay_differences, 0);
  ck_assert_uint_ge(tally_count(TALLY_ANSWERED), ANSWERED_MIN);
  ck_assert_uint_ge(tally_count(TALLY_TAKEN_IN), TAKEN_IN_MIN);
  ck_assert_uint_ge(tally_count(TALLY_SENT), SENT_MIN);
  ck_assert_uint_ge(replay_states_equal, STATES_EQUAL_MIN);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("vectors");
  TCase *tcase = tcase_create("recorded Kea traffic");
  tcase_set_timeout(tcase, 120);
  tcase_add_test(tcase, speaks_as_kea_does);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
