/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/partner.h"

#include <stdio.h>

#include "unit/unit.h"

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_partner partner;
static dhcpha_arena arena;

static void start(void) {
  counts = (failing_allocator){0};
  allocator = failing_allocator_hooks(&counts);
  dhcpha_partner_init(&partner, &allocator, 1000);
  dhcpha_arena_init(&arena, &allocator, 1 << 20);
}

static void end(void) {
  dhcpha_partner_free(&partner);
  dhcpha_arena_free(&arena);
  ck_assert_int_eq(counts.live, 0);
}

/* P1 3.4: "interrupted = (now - poke_time in whole ms) > max-response-delay (strict)". */
static const struct {
  const char *sentence;
  int64_t since_ms;
  uint32_t limit_ms;
  bool silent;
} silences[] = {
    {"at once", 0, 60000, false},
    {"just before the bound", 59999, 60000, false},
    {"as long as the bound is not longer than it", 60000, 60000, false},
    {"a millisecond longer", 60001, 60000, true},
    {"a bound of 0", 0, 0, false},
    {"a bound of 0, 1 ms later", 1, 0, true},
    {"the largest bound", UINT32_MAX, UINT32_MAX, false},
    {"behind the largest bound", UINT32_MAX + INT64_C(1), UINT32_MAX, true},
};

START_TEST(is_silent_when_longer_than_the_bound) {
  dhcpha_partner_contacted(&partner, 5000);
  ck_assert_msg(dhcpha_partner_is_silent(&partner, 5000 + silences[_i].since_ms,
                                         silences[_i].limit_ms) == silences[_i].silent,
                "%s", silences[_i].sentence);
  int64_t from_ms = dhcpha_partner_silent_from(&partner, silences[_i].limit_ms);
  ck_assert_int_eq(from_ms, 5000 + (int64_t)silences[_i].limit_ms + 1);
}
END_TEST

/* P1 3.1: poke_time is the construction time; partner_state is "none". */
START_TEST(starts_unheard) {
  ck_assert_int_eq(partner.state, DHCPHA_STATE_NONE);
  ck_assert(!partner.heard);
  ck_assert(!dhcpha_partner_is_silent(&partner, 1500, 500));
  ck_assert(dhcpha_partner_is_silent(&partner, 1501, 500));
}
END_TEST

/* P1 5.9 `in-touch`: "partner_state ever set, including to unavailable". */
START_TEST(a_failure_counts_as_heard) {
  dhcpha_partner_set_state(&partner, DHCPHA_STATE_UNAVAILABLE, 2000);
  ck_assert(partner.heard);
}
END_TEST

/* P2 1.6 note g: "continuously reported T for >= 600 s"; silence in between does not begin them
 * anew (P2 15.20), another state does. */
START_TEST(is_terminated_long_after_ten_minutes_without_another_word) {
  dhcpha_partner_set_state(&partner, DHCPHA_STATE_TERMINATED, 1000);
  dhcpha_partner_set_state(&partner, DHCPHA_STATE_TERMINATED, 300000);
  ck_assert(!dhcpha_partner_is_terminated_long(&partner, 1000 + 599999));
  ck_assert(dhcpha_partner_is_terminated_long(&partner, 1000 + 600000));
  dhcpha_partner_set_state(&partner, DHCPHA_STATE_UNAVAILABLE, 610000);
  ck_assert(!dhcpha_partner_is_terminated_long(&partner, 9000000));
  dhcpha_partner_set_state(&partner, DHCPHA_STATE_TERMINATED, 615000);
  ck_assert(dhcpha_partner_is_terminated_long(&partner, 615000));
  dhcpha_partner_set_state(&partner, DHCPHA_STATE_WAITING, 616000);
  dhcpha_partner_set_state(&partner, DHCPHA_STATE_TERMINATED, 620000);
  ck_assert(!dhcpha_partner_is_terminated_long(&partner, 620000 + 599999));
  ck_assert(dhcpha_partner_is_terminated_long(&partner, 620000 + 600000));
}
END_TEST

/* P1 3.9, but for P2 15.13: a change is remembered. */
static const struct {
  const char *sentence;
  uint64_t reported[4];
  int count;
  bool is_new;
} unsents[] = {
    {"nothing was reported yet", {0}, 0, false},
    {"the first report of none", {0}, 1, false},
    {"the first report above 0", {3}, 1, true},
    {"the same again: still new, since nothing was fetched", {3, 3}, 2, true},
    {"more", {3, 3, 4}, 3, true},
    {"less, but some", {4, 3}, 2, true},
    {"a restarted partner reports 0", {3, 0}, 2, false},
    {"after a restart it begins anew", {3, 0, 1}, 3, true},
    {"the counter wrapped", {UINT64_MAX, 1}, 2, true},
};

START_TEST(notices_new_unsent_updates) {
  for (int i = 0; i < unsents[_i].count; i++)
    dhcpha_partner_take_unsent(&partner, unsents[_i].reported[i]);
  ck_assert_msg(dhcpha_partner_has_new_unsent(&partner) == unsents[_i].is_new, "%s",
                unsents[_i].sentence);
  dhcpha_partner_settle_unsent(&partner);
  ck_assert(!dhcpha_partner_has_new_unsent(&partner));
  dhcpha_partner_take_unsent(&partner, partner.unsent_latest);
  ck_assert_msg(!dhcpha_partner_has_new_unsent(&partner), "settled, the same count is not new");
}
END_TEST

/* P1 3.3, check 6: "list of strings; any problem is ignored and the old ones kept; empty strings
 * are skipped; duplicates merge"; P1 5.9: sorted. */
static const struct {
  const char *sentence;
  const char *json;
  const char *scopes;
} scopes[] = {
    {"a list", "[\"server1\"]", "[\"server1\"]"},
    {"sorted by bytes", "[\"b\",\"a\",\"B\",\"aa\"]", "[\"B\",\"a\",\"aa\",\"b\"]"},
    {"none", "[]", "[]"},
    {"an empty name is skipped", "[\"\",\"a\"]", "[\"a\"]"},
    {"a name twice is one", "[\"a\",\"b\",\"a\"]", "[\"a\",\"b\"]"},
    {"a quote is escaped", "[\"a\\\"b\"]", "[\"a\\\"b\"]"},
    {"no list: the old ones stay", "\"server1\"", "[\"old\"]"},
    {"a map: the old ones stay", "{\"a\":1}", "[\"old\"]"},
    {"a number inside: the old ones stay", "[\"a\",1]", "[\"old\"]"},
    {"null: the old ones stay", "null", "[\"old\"]"},
};

static void take(const char *json) {
  dhcpha_json_error error;
  const dhcpha_json_value *tree = dhcpha_json_read(&arena, json, strlen(json), &error);
  ck_assert_ptr_nonnull(tree);
  dhcpha_partner_take_scopes(&partner, tree);
}

START_TEST(remembers_the_scopes_it_reports) {
  take("[\"old\"]");
  take(scopes[_i].json);
  ck_assert_msg(strcmp(dhcpha_buffer_text(&partner.scopes), scopes[_i].scopes) == 0, "%s: %s",
                scopes[_i].sentence, dhcpha_buffer_text(&partner.scopes));
}
END_TEST

START_TEST(without_scopes_the_old_ones_stay) {
  take("[\"old\"]");
  dhcpha_partner_take_scopes(&partner, NULL);
  ck_assert_str_eq(dhcpha_buffer_text(&partner.scopes), "[\"old\"]");
}
END_TEST

/* A hostile partner can't make us remember, or sort, without end. */
START_TEST(takes_no_more_names_than_the_limit) {
  char json[16 * (DHCPHA_PARTNER_SCOPES_MAX + 2)] = "[";
  for (int i = 0; i < DHCPHA_PARTNER_SCOPES_MAX + 1; i++)
    sprintf(json + strlen(json), "%s\"s%03d\"", i == 0 ? "" : ",", i);
  strcat(json, "]");
  take("[\"old\"]");
  take(json);
  ck_assert_str_eq(dhcpha_buffer_text(&partner.scopes), "[\"old\"]");
}
END_TEST

START_TEST(without_memory_it_remembers_none) {
  dhcpha_json_error error;
  const dhcpha_json_value *tree = dhcpha_json_read(&arena, "[\"a\"]", 5, &error);
  counts.fail_from = counts.requests + 1;
  counts.fail_count = 1;
  dhcpha_partner_take_scopes(&partner, tree);
  ck_assert_uint_eq(partner.scopes.len, 0);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("partner");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_loop_test(tcase, is_silent_when_longer_than_the_bound, 0, COUNT_OF(silences));
  tcase_add_test(tcase, starts_unheard);
  tcase_add_test(tcase, a_failure_counts_as_heard);
  tcase_add_test(tcase, is_terminated_long_after_ten_minutes_without_another_word);
  tcase_add_loop_test(tcase, notices_new_unsent_updates, 0, COUNT_OF(unsents));
  tcase_add_loop_test(tcase, remembers_the_scopes_it_reports, 0, COUNT_OF(scopes));
  tcase_add_test(tcase, without_scopes_the_old_ones_stay);
  tcase_add_test(tcase, takes_no_more_names_than_the_limit);
  tcase_add_test(tcase, without_memory_it_remembers_none);
  return unit_run("partner", tcase);
}
