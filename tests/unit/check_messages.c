/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/messages.h"

#include "base/allocator.h"
#include "support/failing_allocator.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define ERROR DHCPHA_SEVERITY_ERROR
#define WARNING DHCPHA_SEVERITY_WARNING

static failing_allocator counts;
static dhcpha_allocator hooks;

static void start(void) {
  memset(&counts, 0, sizeof counts);
  hooks = failing_allocator_hooks(&counts);
}

static void end(void) {
  ck_assert_int_eq(counts.live, 0);
}

START_TEST(a_message_has_severity_place_and_text) {
  dhcpha_messages *messages = dhcpha_messages_new(&hooks);
  ck_assert(!dhcpha_messages_has_error(messages));
  ck_assert_int_eq(dhcpha_messages_add(messages, ERROR, "[0].url", "bad %d", 7), DHCPHA_OK);
  ck_assert_uint_eq(dhcpha_messages_get_count(messages), 1);
  ck_assert_int_eq(dhcpha_messages_get_severity(messages, 0), ERROR);
  ck_assert_str_eq(dhcpha_messages_get_place(messages, 0), "[0].url");
  ck_assert_str_eq(dhcpha_messages_get_text(messages, 0), "[0].url: bad 7");
  ck_assert(dhcpha_messages_has_error(messages));
  dhcpha_messages_free(messages);
}
END_TEST

START_TEST(an_empty_place_is_not_shown) {
  dhcpha_messages *messages = dhcpha_messages_new(&hooks);
  dhcpha_messages_add(messages, WARNING, "", "text");
  ck_assert_str_eq(dhcpha_messages_get_place(messages, 0), "");
  ck_assert_str_eq(dhcpha_messages_get_text(messages, 0), "text");
  ck_assert(!dhcpha_messages_has_error(messages));
  dhcpha_messages_free(messages);
}
END_TEST

START_TEST(errors_come_before_warnings) {
  dhcpha_messages *messages = dhcpha_messages_new(&hooks);
  dhcpha_messages_add(messages, WARNING, "", "w1");
  dhcpha_messages_add(messages, ERROR, "", "e1");
  dhcpha_messages_add(messages, WARNING, "", "w2");
  dhcpha_messages_add(messages, ERROR, "", "e2");
  static const char *const expected[] = { "e1", "e2", "w1", "w2" };
  for (size_t i = 0; i < 4; i++)
    ck_assert_str_eq(dhcpha_messages_get_text(messages, i), expected[i]);
  ck_assert_int_eq(dhcpha_messages_get_severity(messages, 1), ERROR);
  ck_assert_int_eq(dhcpha_messages_get_severity(messages, 2), WARNING);
  dhcpha_messages_free(messages);
}
END_TEST

START_TEST(what_is_not_printable_is_shown_as_hexadecimal) {
  dhcpha_messages *messages = dhcpha_messages_new(&hooks);
  dhcpha_messages_add(messages, ERROR, "[\x1b]", "%s", "a\n\x7f\x80\xff z");
  ck_assert_str_eq(dhcpha_messages_get_place(messages, 0), "[\\x1b]");
  ck_assert_str_eq(dhcpha_messages_get_text(messages, 0), "[\\x1b]: a\\x0a\\x7f\\x80\\xff z");
  dhcpha_messages_free(messages);
}
END_TEST

START_TEST(past_the_last_there_is_nothing) {
  dhcpha_messages *messages = dhcpha_messages_new(&hooks);
  ck_assert_uint_eq(dhcpha_messages_get_count(NULL), 0);
  ck_assert_ptr_null(dhcpha_messages_get_place(NULL, 0));
  ck_assert_ptr_null(dhcpha_messages_get_text(messages, 0));
  ck_assert_ptr_null(dhcpha_messages_get_place(messages, 0));
  ck_assert_int_eq(dhcpha_messages_get_severity(messages, 0), WARNING);
  dhcpha_messages_free(messages);
  dhcpha_messages_free(NULL);
}
END_TEST

START_TEST(too_many_are_summed_up) {
  dhcpha_messages *messages = dhcpha_messages_new(&hooks);
  for (int i = 0; i < DHCPHA_MESSAGES_MAX; i++) dhcpha_messages_add(messages, WARNING, "", "w");
  ck_assert_uint_eq(dhcpha_messages_get_count(messages), DHCPHA_MESSAGES_MAX);
  dhcpha_messages_add(messages, WARNING, "", "w");
  ck_assert_uint_eq(dhcpha_messages_get_count(messages), DHCPHA_MESSAGES_MAX + 1);
  ck_assert_int_eq(dhcpha_messages_get_severity(messages, DHCPHA_MESSAGES_MAX), WARNING);
  for (int i = 0; i < DHCPHA_MESSAGES_MAX + 2; i++) dhcpha_messages_add(messages, ERROR, "", "e");
  ck_assert_uint_eq(dhcpha_messages_get_count(messages), DHCPHA_MESSAGES_MAX + 1);
  ck_assert_int_eq(dhcpha_messages_get_severity(messages, DHCPHA_MESSAGES_MAX - 1), ERROR);
  ck_assert_int_eq(dhcpha_messages_get_severity(messages, DHCPHA_MESSAGES_MAX), ERROR);
  ck_assert_str_eq(dhcpha_messages_get_place(messages, DHCPHA_MESSAGES_MAX), "");
  ck_assert_str_eq(dhcpha_messages_get_text(messages, DHCPHA_MESSAGES_MAX),
                   "further messages left out: 2 errors, 257 warnings");
  ck_assert_ptr_null(dhcpha_messages_get_text(messages, DHCPHA_MESSAGES_MAX + 1));
  dhcpha_messages_free(messages);
}
END_TEST

START_TEST(running_out_of_memory_is_remembered) {
  for (uint64_t at = 1;; at++) {
    counts.requests = counts.failed = 0;
    counts.fail_from = at;
    counts.fail_count = 1;
    dhcpha_messages *messages = dhcpha_messages_new(&hooks);
    if (messages != NULL) {
      for (int i = 0; i < 20; i++) dhcpha_messages_add(messages, ERROR, "place", "text %d", i);
      ck_assert_int_eq(dhcpha_messages_get_status(messages),
                       counts.failed == 0 ? DHCPHA_OK : DHCPHA_ERR_NOMEM);
    }
    dhcpha_messages_free(messages);
    ck_assert_int_eq(counts.live, 0);
    if (counts.failed == 0) break;
  }
}
END_TEST

START_TEST(a_long_place_is_cut_off) {
  char long_name[2 * DHCPHA_PLACE_SIZE];
  memset(long_name, 'x', sizeof long_name);
  long_name[sizeof long_name - 1] = '\0';
  dhcpha_place place = dhcpha_place_make("[%d].%s", 0, long_name);
  ck_assert_uint_eq(strlen(place.text), DHCPHA_PLACE_SIZE - 1);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("messages");
  TCase *tcase = tcase_create("messages");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, a_message_has_severity_place_and_text);
  tcase_add_test(tcase, an_empty_place_is_not_shown);
  tcase_add_test(tcase, errors_come_before_warnings);
  tcase_add_test(tcase, what_is_not_printable_is_shown_as_hexadecimal);
  tcase_add_test(tcase, past_the_last_there_is_nothing);
  tcase_add_test(tcase, too_many_are_summed_up);
  tcase_add_test(tcase, running_out_of_memory_is_remembered);
  tcase_add_test(tcase, a_long_place_is_cut_off);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
