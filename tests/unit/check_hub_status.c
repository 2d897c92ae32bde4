/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include <stdio.h>

#include "base/json.h"
#include "unit/hub_bench.h"
#include "unit/unit.h"

#define OK_ANSWER "[{\"result\":0,\"text\":\"done\"}]"

static bench b;
static dhcpha_arena arena;
static dhcpha_allocator plain;
static failing_allocator counts;

static void start(void) {
  counts = (failing_allocator){0};
  plain = failing_allocator_hooks(&counts);
  dhcpha_arena_init(&arena, &plain, 1 << 20);
}

static void end(void) {
  if (b.hub != NULL) bench_end(&b);
  dhcpha_arena_free(&arena);
  ck_assert_int_eq(counts.live, 0);
}

/* ---- the `high-availability` list (P1 5.9) ---- */

static const dhcpha_json_value *status_of(size_t index) {
  dhcpha_json_error error;
  const char *json = dhcpha_hub_get_status(b.hub);
  ck_assert_ptr_nonnull(json);
  dhcpha_arena_reset(&arena);
  const dhcpha_json_value *list = dhcpha_json_read(&arena, json, strlen(json), &error);
  ck_assert(dhcpha_json_is(list, DHCPHA_JSON_LIST));
  const dhcpha_json_value *entry = list->first;
  while (index-- > 0) entry = entry->next;
  return entry;
}

static const dhcpha_json_value *server_of(const char *side) {
  return dhcpha_json_get(dhcpha_json_get(status_of(0), "ha-servers"), side);
}

typedef struct member {
  const char *key;
  dhcpha_json_type type;
  bool or_null;
} member;

static const member local_members[] = {
    {"role", DHCPHA_JSON_STRING, false},        {"scopes", DHCPHA_JSON_LIST, false},
    {"server-name", DHCPHA_JSON_STRING, false}, {"state", DHCPHA_JSON_STRING, false},
    {"system-time", DHCPHA_JSON_STRING, true},
};
static const member remote_members[] = {
    {"age", DHCPHA_JSON_INTEGER, false},
    {"analyzed-packets", DHCPHA_JSON_INTEGER, false},
    {"clock-skew", DHCPHA_JSON_INTEGER, true},
    {"communication-interrupted", DHCPHA_JSON_BOOLEAN, false},
    {"connecting-clients", DHCPHA_JSON_INTEGER, false},
    {"in-touch", DHCPHA_JSON_BOOLEAN, false},
    {"last-scopes", DHCPHA_JSON_LIST, false},
    {"last-state", DHCPHA_JSON_STRING, false},
    {"role", DHCPHA_JSON_STRING, false},
    {"server-name", DHCPHA_JSON_STRING, false},
    {"system-time", DHCPHA_JSON_STRING, true},
    {"unacked-clients", DHCPHA_JSON_INTEGER, false},
    {"unacked-clients-left", DHCPHA_JSON_INTEGER, false},
};

static void check_members(const dhcpha_json_value *map, const member *members, int count) {
  ck_assert(dhcpha_json_is(map, DHCPHA_JSON_MAP));
  ck_assert_uint_eq(map->count, (size_t)count);
  for (int i = 0; i < count; i++) {
    const dhcpha_json_value *value = dhcpha_json_get(map, members[i].key);
    ck_assert_msg(value != NULL, "no %s", members[i].key);
    ck_assert_msg(value->type == members[i].type ||
                      (members[i].or_null && value->type == DHCPHA_JSON_NULL),
                  "%s is %s", members[i].key, dhcpha_json_type_name(value->type));
  }
}

static void check_form(void) {
  const dhcpha_json_value *entry = status_of(0);
  ck_assert_uint_eq(entry->count, 3); /* "dhcpha" is our own */
  ck_assert(dhcpha_json_is(dhcpha_json_get(entry, "ha-mode"), DHCPHA_JSON_STRING));
  ck_assert_uint_eq(dhcpha_json_get(entry, "ha-servers")->count, 2);
  check_members(server_of("local"), local_members, COUNT_OF(local_members));
  check_members(server_of("remote"), remote_members, COUNT_OF(remote_members));
}

/* A member of one side as the JSON it was, compact. */
static void expect(const char *side, const char *key, const char *json) {
  dhcpha_buffer out;
  dhcpha_buffer_init(&out, &plain, 4096);
  const dhcpha_json_value *value = dhcpha_json_get(server_of(side), key);
  ck_assert_msg(value != NULL, "%s has no %s", side, key);
  dhcpha_json_write_value(&out, value);
  ck_assert_msg(strcmp(dhcpha_buffer_text(&out), json) == 0, "%s %s: %s, not %s", side, key,
                dhcpha_buffer_text(&out), json);
  dhcpha_buffer_free(&out);
}

START_TEST(before_the_first_heartbeat) {
  bench_start(&b, "load-balancing", 0, "", false);
  bench_run(&b, 5000);
  check_form();
  expect("local", "role", "\"primary\"");
  expect("local", "scopes", "[]");
  expect("local", "server-name", "\"server1\"");
  expect("local", "state", "\"waiting\"");
  expect("local", "system-time", "null");
  expect("remote", "age", "0"); /* "0 if not in-touch" */
  expect("remote", "clock-skew", "null");
  expect("remote", "in-touch", "false");
  expect("remote", "last-scopes", "[]");
  expect("remote", "last-state", "\"\"");
  expect("remote", "role", "\"secondary\"");
  expect("remote", "system-time", "null");
  expect("remote", "communication-interrupted", "false");
  expect("remote", "unacked-clients-left", "0");
}
END_TEST

START_TEST(in_touch) {
  bench_start(&b, "load-balancing", 0, "", false);
  bench_bring_up(&b, "load-balancing");
  bench_run(&b, b.now.monotonic_ms + 10000);
  bench_heartbeat_answer(&b, bench_find(&b, "ha-heartbeat"), "load-balancing", -3, 0);
  bench_run(&b, b.now.monotonic_ms + 4999);
  check_form();
  ck_assert(dhcpha_json_text_equals(dhcpha_json_get(status_of(0), "ha-mode"), "load-balancing"));
  expect("local", "scopes", "[\"server1\"]");
  expect("local", "state", "\"load-balancing\"");
  expect("remote", "age", "4");
  expect("remote", "clock-skew", "-3");
  expect("remote", "in-touch", "true");
  expect("remote", "last-scopes", "[\"server2\"]");
  expect("remote", "last-state", "\"load-balancing\"");
  ck_assert(dhcpha_json_is(dhcpha_json_get(server_of("local"), "system-time"),
                           DHCPHA_JSON_STRING));
}
END_TEST

/* `system-time`: "own / partner's time at the last heartbeat, UTC YYYY-MM-DD HH:MM:SS". */
START_TEST(times_are_those_of_the_last_heartbeat) {
  bench_start(&b, "hot-standby", 0, "heartbeat-delay=10000", false);
  bench_run(&b, 11000);
  bench_heartbeat_answer(&b, bench_find(&b, "ha-heartbeat"), "syncing", 25, 0);
  bench_run(&b, 15000);
  expect("local", "system-time", "\"2026-11-22 00:00:11\"");
  expect("remote", "system-time", "\"2026-11-22 00:00:36\"");
}
END_TEST

START_TEST(interrupted) {
  bench_start(&b, "hot-standby", 1, "max-unacked-clients=10", false);
  bench_bring_up(&b, "hot-standby");
  bench_heartbeat(&b, "hot-standby");
  int64_t contact_ms = b.now.monotonic_ms;
  bench_run(&b, contact_ms + 60001);
  expect("remote", "unacked-clients-left", "11"); /* "so 11 by default right after" */
  (void)bench_ask(&b, 1, 100);
  (void)bench_ask(&b, 2, 100);
  (void)bench_ask(&b, 3, 1);
  check_form();
  expect("remote", "age", "60");
  expect("remote", "analyzed-packets", "3");
  expect("remote", "clock-skew", "null");
  expect("remote", "communication-interrupted", "true");
  expect("remote", "connecting-clients", "3");
  expect("remote", "in-touch", "true");
  expect("remote", "last-scopes", "[\"server2\"]"); /* "survives unavailability" */
  expect("remote", "last-state", "\"unavailable\"");
  expect("remote", "unacked-clients", "2");
  expect("remote", "unacked-clients-left", "9");
}
END_TEST

/* "remote (whole map): absent in passive-backup and on a backup server". */
static const struct {
  const char *mode;
  size_t index;
} alone[] = {{"passive-backup", 0}, {"passive-backup", 1}};

START_TEST(without_a_partner_there_is_no_remote_side) {
  bench_start(&b, alone[_i].mode, alone[_i].index, "", false);
  check_members(server_of("local"), local_members, COUNT_OF(local_members));
  ck_assert_ptr_null(server_of("remote"));
}
END_TEST

START_TEST(the_status_lasts_until_the_next_and_needs_memory) {
  bench_start(&b, "hot-standby", 0, "", false);
  const char *first = dhcpha_hub_get_status(b.hub);
  char *copy = must_copy(first, strlen(first));
  bench_heartbeat(&b, "ready");
  ck_assert_str_eq(first, copy);
  ck_assert_str_ne(dhcpha_hub_get_status(b.hub), copy);
  free(copy);
  bench_end(&b);
  bench_start(&b, "hot-standby", 0, "", false);
  b.counts.fail_from = b.counts.requests + 1;
  b.counts.fail_count = 1;
  ck_assert_ptr_null(dhcpha_hub_get_status(b.hub));
  ck_assert_ptr_nonnull(dhcpha_hub_get_status(b.hub));
}
END_TEST

/* ---- explain: why a state, and what would have to happen to leave it ---- */

static void waits(void) {}
static void hears_waiting(void) { bench_heartbeat(&b, "waiting"); }
static void hears_syncing(void) { bench_heartbeat(&b, "syncing"); }
static void hears_nothing(void) {
  bench_run(&b, 11000);
  bench_fail(&b, bench_find(&b, "ha-heartbeat"));
}
static void hears_terminated(void) { bench_heartbeat(&b, "terminated"); }
static void synchronizes(void) { bench_heartbeat(&b, "ready"); }
static void works(void) { bench_bring_up(&b, "hot-standby"); }
static void balances(void) { bench_bring_up(&b, "load-balancing"); }
static void is_first_to_be_ready(void) {
  bench_heartbeat(&b, "ready");
  bench_answer(&b, bench_find(&b, "dhcp-disable"), OK_ANSWER);
  bench_answer(&b, bench_find(&b, "lease4-get-page"),
               "[{\"result\":3,\"arguments\":{\"leases\":[]}}]");
  bench_answer(&b, bench_find(&b, "ha-sync-complete-notify"), OK_ANSWER);
}
static void loses_the_partner(void) {
  works();
  bench_heartbeat(&b, "hot-standby");
  int64_t contact_ms = b.now.monotonic_ms;
  bench_run(&b, contact_ms + 65000);
  (void)bench_ask(&b, 1, 100);
  (void)bench_ask(&b, 2, 100);
}
static void takes_over(void) {
  loses_the_partner();
  (void)bench_ask(&b, 3, 100);
}
static void is_terminated(void) {
  works();
  bench_run(&b, b.now.monotonic_ms + 10000);
  bench_heartbeat_answer(&b, bench_find(&b, "ha-heartbeat"), "hot-standby", 61, 0);
}
static void keeps_updates(void) {
  balances();
  bench_run(&b, b.now.monotonic_ms + 10000);
  bench_fail(&b, bench_find(&b, "ha-heartbeat"));
}
static void is_maintained(void) {
  (void)bench_command(
      &b, "{\"command\":\"ha-maintenance-notify\",\"arguments\":{\"cancel\":false}}");
}
static void maintains(void) {
  (void)bench_command(&b, "{\"command\":\"ha-maintenance-start\"}");
  bench_answer(&b, bench_find(&b, "ha-maintenance-notify"), OK_ANSWER);
}
static void is_disabled(void) {
  works();
  (void)bench_command(&b, "{\"command\":\"dhcp-disable\"}");
}

static const struct {
  const char *mode;
  size_t index;
  const char *parameters;
  void (*happens)(void);
  const char *code;
  const char *text; /* how it begins */
} explained[] = {
    {"hot-standby", 0, "", waits, "waiting-for-partner",
     "waiting: waits for the partner's next state; partner server2: not heard yet"},
    {"hot-standby", 1, "", hears_waiting, "primary-goes-first",
     "waiting: the primary goes first; this server follows; partner server1: waiting"},
    {"hot-standby", 0, "", hears_syncing, "waiting-for-partner",
     "waiting: waits for the partner's next state; partner server2: syncing"},
    {"hot-standby", 0, "", hears_nothing, "waiting-for-silence",
     "waiting, not partner-down: partner silent 10 s of 60: no"},
    {"hot-standby", 0, "", hears_terminated, "waiting-for-partner-restart",
     "waiting, not terminated: partner terminated 0 s of 600: no"},
    {"hot-standby", 0, "pause.waiting=once", waits, "paused",
     "waiting: paused: ha-continue lets it go on"},
    {"hot-standby", 0, "", synchronizes, "synchronizing",
     "syncing: fetches the partner's leases; partner server2: ready"},
    {"hot-standby", 1, "", is_first_to_be_ready, "primary-goes-first",
     "ready: the primary goes first"},
    {"hot-standby", 0, "", works, "normal", "hot-standby: all is well"},
    {"load-balancing", 0, "", balances, "normal", "load-balancing: all is well"},
    {"hot-standby", 1, "max-unacked-clients=2", loses_the_partner, "waiting-for-unacked-clients",
     "hot-standby, not partner-down: partner silent 65 s of 60: yes; unacked clients 2, more than "
     "2: no"},
    {"hot-standby", 1, "max-unacked-clients=2", takes_over, "partner-unavailable",
     "partner-down: waits for the partner to come back; partner server1: unavailable"},
    {"hot-standby", 0, "", is_terminated, "terminated", 
     "terminated: the clocks of server1 and server2 differ by more than 60 s (last seen: 61 s)"},
    {"load-balancing", 0, "", keeps_updates, "waiting-for-silence",
     "communication-recovery, not partner-down: partner silent 10 s of 60: no; unacked clients 0, "
     "more than 10: no"},
    {"hot-standby", 0, "", is_maintained, "in-maintenance",
     "in-maintenance: waits to be shut down"},
    {"hot-standby", 0, "", maintains, "partner-in-maintenance",
     "partner-in-maintenance: serves alone until ha-maintenance-cancel"},
    {"passive-backup", 0, "", waits, "passive-backup", "passive-backup: serves alone"},
    {"passive-backup", 1, "", waits, "backup", "backup: a backup server takes lease updates"},
    {"hot-standby", 0, "", is_disabled, "normal",
     "hot-standby: all is well; partner server2: ready; the DHCP service is disabled by 1 "
     "other origin(s)"},
};

START_TEST(says_why_and_what_is_missing) {
  dhcpha_explanation explanation;
  bench_start(&b, explained[_i].mode, explained[_i].index, explained[_i].parameters, false);
  explained[_i].happens();
  dhcpha_explanation_init(&explanation);
  ck_assert_int_eq(dhcpha_hub_explain(b.hub, 0, &explanation), DHCPHA_OK);
  ck_assert_str_eq(explanation.code, explained[_i].code);
  ck_assert_msg(strncmp(explanation.text, explained[_i].text, strlen(explained[_i].text)) == 0,
                "%s", explanation.text);
  ck_assert_ptr_null(strchr(explanation.text, '\n'));
}
END_TEST

/* It is a question: nothing follows from it. */
START_TEST(explaining_changes_nothing) {
  dhcpha_explanation explanation;
  bench_start(&b, "hot-standby", 0, "", false);
  bench_heartbeat(&b, "ready");
  size_t len = b.trace.len;
  int64_t due_ms = dhcpha_hub_get_expiry(b.hub);
  dhcpha_explanation_init(&explanation);
  for (int i = 0; i < 10; i++) {
    ck_assert_int_eq(dhcpha_hub_explain(b.hub, 0, &explanation), DHCPHA_OK);
    ck_assert_ptr_nonnull(dhcpha_hub_get_status(b.hub));
  }
  bench_pull(&b);
  ck_assert_uint_eq(b.trace.len, len);
  ck_assert_int_eq(dhcpha_hub_get_expiry(b.hub), due_ms);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("hub_status");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, before_the_first_heartbeat);
  tcase_add_test(tcase, in_touch);
  tcase_add_test(tcase, times_are_those_of_the_last_heartbeat);
  tcase_add_test(tcase, interrupted);
  tcase_add_loop_test(tcase, without_a_partner_there_is_no_remote_side, 0, COUNT_OF(alone));
  tcase_add_test(tcase, the_status_lasts_until_the_next_and_needs_memory);
  tcase_add_loop_test(tcase, says_why_and_what_is_missing, 0, COUNT_OF(explained));
  tcase_add_test(tcase, explaining_changes_nothing);
  return unit_run("hub_status", tcase);
}
