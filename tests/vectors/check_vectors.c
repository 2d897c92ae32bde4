/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * Holds the library against recorded Kea traffic, and says at the end how much was checked.
 */
#include "vectors/replay.h"
#include "vectors/tally.h"

#include "support/diff.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER TEST_SOURCE_DIR "/tests/vectors/"

static const char *const files[] = {"kea-2.2.0-dhcp4", "kea-2.6.3-dhcp4", "kea-3.0.4-dhcp4",
                                    "kea-mixed-dhcp4", "kea-2.2.0-dhcp6", "kea-2.6.3-dhcp6",
                                    "kea-3.0.4-dhcp6", "kea-mixed-dhcp6"};

/* What is checked, and what is left out and why: REWRITE=1 writes it, where it has changed. */
#define TALLY FOLDER "tally.txt"

static bool is_as_known(void) {
  text wanted = {0}, got = {0}, diff = {0};
  const char *rewrite = getenv("REWRITE");
  tally_write(&got);
  text_format(&got, "heartbeats answered in the state Kea was in: %zu of %zu\n",
              replay_states_equal, replay_states);
  fputs(text_of(&got), stdout);
  bool good = text_read_file(&wanted, TALLY) && strcmp(text_of(&wanted), text_of(&got)) == 0;
  if (!good) {
    diff_append(&diff, TALLY, text_of(&wanted), "what was counted", text_of(&got));
    fputs(text_of(&diff), stdout);
    good = rewrite != NULL && strcmp(rewrite, "1") == 0 &&
           text_write_file(TALLY, got.data, got.len);
  }
  text_free(&wanted);
  text_free(&got);
  text_free(&diff);
  fflush(stdout);
  return good;
}

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
  bool as_known = is_as_known();
  ck_assert_uint_eq(replay_differences, 0);
  ck_assert_msg(as_known, "another number was checked, or left out: see above");
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
