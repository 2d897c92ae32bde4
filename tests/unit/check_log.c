/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/log.h"

#include <stdio.h>

#include "unit/unit.h"

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_context context;

static void start(void) {
  counts = (failing_allocator){0};
  allocator = failing_allocator_hooks(&counts);
  ck_assert_int_eq(dhcpha_context_init(&context, &allocator, DHCPHA_DHCP4), DHCPHA_OK);
}

static void end(void) {
  dhcpha_context_free(&context);
  ck_assert_int_eq(counts.live, 0);
}

START_TEST(a_message_has_a_level_an_id_and_a_text) {
  dhcpha_log(&context, DHCPHA_MESSAGE_HEARTBEAT_FAILED, "no answer from %s", "server2");
  dhcpha_action *action = dhcpha_outbox_take(&context.outbox);
  ck_assert_int_eq(dhcpha_action_get_type(action), DHCPHA_ACTION_LOG);
  ck_assert_int_eq(dhcpha_action_get_level(action), DHCPHA_LEVEL_WARNING);
  ck_assert_str_eq(dhcpha_action_get_message_id(action), "heartbeat_failed");
  ck_assert_str_eq(dhcpha_action_get_text(action), "no answer from server2");
  ck_assert_str_eq(dhcpha_action_get_json(action), "");
  ck_assert_uint_eq(dhcpha_action_get_id(action), 0);
  dhcpha_action_free(action);
}
END_TEST

/* What a peer sent can't forge a line of the log. */
START_TEST(a_text_is_one_line_whatever_a_peer_sent) {
  dhcpha_log(&context, DHCPHA_MESSAGE_UPDATE_FAILED, "%s", "a\nb\r\tc\x01\x1f\x7f" "d\xc3\xa9");
  dhcpha_action *action = dhcpha_outbox_take(&context.outbox);
  ck_assert_str_eq(dhcpha_action_get_text(action), "a b  c   d\xc3\xa9");
  dhcpha_action_free(action);
}
END_TEST

START_TEST(a_long_text_is_cut) {
  char text[4000];
  memset(text, 'x', sizeof text);
  text[sizeof text - 1] = '\0';
  dhcpha_log(&context, DHCPHA_MESSAGE_UPDATE_FAILED, "%s", text);
  dhcpha_action *action = dhcpha_outbox_take(&context.outbox);
  ck_assert_uint_eq(strlen(dhcpha_action_get_text(action)), DHCPHA_LOG_TEXT_MAX - 1);
  dhcpha_action_free(action);
}
END_TEST

static const struct {
  dhcpha_message message;
  dhcpha_level level;
} levels[] = {
    {DHCPHA_MESSAGE_CLIENT_SEEN, DHCPHA_LEVEL_DEBUG},
    {DHCPHA_MESSAGE_STATE_CHANGE, DHCPHA_LEVEL_INFO},
    {DHCPHA_MESSAGE_UPDATE_CONFLICT, DHCPHA_LEVEL_WARNING},
    {DHCPHA_MESSAGE_TERMINATED, DHCPHA_LEVEL_ERROR},
};

START_TEST(messages_below_the_level_are_not_made) {
  for (dhcpha_level level = DHCPHA_LEVEL_DEBUG; level <= DHCPHA_LEVEL_ERROR; level++) {
    context.log_level = level;
    uint64_t requests = counts.requests;
    bool wanted = levels[_i].level >= level;
    ck_assert(dhcpha_log_wants(&context, levels[_i].message) == wanted);
    dhcpha_log(&context, levels[_i].message, "text");
    ck_assert_uint_eq(context.outbox.logs, wanted ? 1 : 0);
    ck_assert(wanted || counts.requests == requests);
    dhcpha_outbox_clear(&context.outbox);
  }
  ck_assert_uint_eq(context.counters[DHCPHA_COUNTER_LOGS_LOST], 0);
}
END_TEST

START_TEST(debug_is_off_by_default) {
  ck_assert(!dhcpha_log_wants(&context, DHCPHA_MESSAGE_CLIENT_SEEN));
  ck_assert(dhcpha_log_wants(&context, DHCPHA_MESSAGE_STATE_CHANGE));
}
END_TEST

START_TEST(messages_nobody_takes_are_lost_and_counted) {
  for (int i = 0; i < DHCPHA_LOGS_WAITING_MAX + 5; i++)
    dhcpha_log(&context, DHCPHA_MESSAGE_STATE_CHANGE, "%d", i);
  ck_assert_uint_eq(context.outbox.logs, DHCPHA_LOGS_WAITING_MAX);
  ck_assert_uint_eq(context.counters[DHCPHA_COUNTER_LOGS_LOST], 5);
  dhcpha_action *action = dhcpha_outbox_take(&context.outbox);
  ck_assert_str_eq(dhcpha_action_get_text(action), "0");
  dhcpha_action_free(action);
  dhcpha_log(&context, DHCPHA_MESSAGE_STATE_CHANGE, "again");
  ck_assert_uint_eq(context.counters[DHCPHA_COUNTER_LOGS_LOST], 5);
}
END_TEST

START_TEST(a_message_without_memory_is_lost_and_counted) {
  counts.fail_from = counts.requests + 1;
  counts.fail_count = 1;
  dhcpha_log(&context, DHCPHA_MESSAGE_STATE_CHANGE, "text");
  ck_assert_uint_eq(context.outbox.logs, 0);
  ck_assert_uint_eq(context.counters[DHCPHA_COUNTER_LOGS_LOST], 1);
  /* There is an action, but no text: an empty line would help nobody. */
  counts.fail_from = counts.requests + 2;
  dhcpha_log(&context, DHCPHA_MESSAGE_STATE_CHANGE, "text");
  ck_assert_uint_eq(context.outbox.logs, 0);
  ck_assert_uint_eq(context.counters[DHCPHA_COUNTER_LOGS_LOST], 2);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("log");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, a_message_has_a_level_an_id_and_a_text);
  tcase_add_test(tcase, a_text_is_one_line_whatever_a_peer_sent);
  tcase_add_test(tcase, a_long_text_is_cut);
  tcase_add_loop_test(tcase, messages_below_the_level_are_not_made, 0, COUNT_OF(levels));
  tcase_add_test(tcase, debug_is_off_by_default);
  tcase_add_test(tcase, messages_nobody_takes_are_lost_and_counted);
  tcase_add_test(tcase, a_message_without_memory_is_lost_and_counted);
  return unit_run("log", tcase);
}
