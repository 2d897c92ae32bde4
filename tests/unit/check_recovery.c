/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* The backlog of a DHCPv6 server, P2 5.3: in bulk, and what may become of that.  DHCPv4, and all
 * that time has to do with, is in the scenarios. */
#include <stdio.h>

#include "procedures/recovery.h"
#include "unit/hub_bench.h"
#include "unit/unit.h"

#define OK_ANSWER "[{\"result\":0,\"text\":\"done\"}]"
#define UNSUPPORTED "[{\"result\":2,\"text\":\"'lease6-bulk-apply' command not supported.\"}]"

static bench b;

static bool is_in(const char *state) {
  return strcmp(dhcpha_state_get_name(dhcpha_hub_get_state(b.hub, 0)), state) == 0;
}

/* In communication-recovery. */
static void start(void) {
  static const pair_parameter parameters[] = {{"sync-leases", "false"},
                                              {"delayed-updates-limit", "1000"}};
  text config = {0};
  memset(&b, 0, sizeof b);
  pair_config_write(&config, "load-balancing", 0, 0, parameters, COUNT_OF(parameters));
  bench_make(&b, DHCPHA_DHCP6, text_of(&config), false);
  text_free(&config);
  ck_assert_int_eq(dhcpha_hub_start(b.hub), DHCPHA_OK);
  bench_pull(&b);
  bench_heartbeat(&b, "ready");
  bench_run(&b, b.now.monotonic_ms + 10000);
  bench_fail(&b, bench_find(&b, "ha-heartbeat"));
  ck_assert(is_in("communication-recovery"));
}

static void end(void) {
  bench_end(&b);
}

static void commit(unsigned number, bool is_delete) {
  static const uint8_t duid[] = {0, 3, 0, 1, 2, 0, 0, 0, 0, 1};
  dhcpha_query query;
  dhcpha_lease lease;
  bool parked;
  dhcpha_query_init(&query);
  query.type = 3;
  dhcpha_lease_init(&lease);
  dhcpha_address_parse(&lease.address, "2001:db8::");
  lease.address.bytes[14] = (uint8_t)(number >> 8);
  lease.address.bytes[15] = (uint8_t)number;
  lease.subnet_id = 1;
  lease.valid_lft = 4000;
  lease.cltt = BENCH_UTC_S;
  lease.client_id = duid;
  lease.client_id_len = sizeof duid;
  ck_assert_int_eq(dhcpha_hub_leases_changed(b.hub, number, &query, &lease, is_delete ? 0 : 1,
                                             &lease, is_delete ? 1 : 0, &parked),
                   DHCPHA_OK);
  ck_assert(!parked);
}

static unsigned count_in_flight(const char *command) {
  unsigned count = 0;
  for (size_t i = 0; i < b.sent_count; i++)
    if (!b.sent[i].over && strcmp(b.sent[i].command, command) == 0) count++;
  return count;
}

/* The leases in the last command of this name. */
static unsigned count_addresses(const char *command) {
  const char *last = NULL, *line = text_of(&b.trace);
  unsigned count = 0;
  for (; *line != '\0'; line += strcspn(line, "\n") + 1) {
    const char *end = line + strcspn(line, "\n");
    const char *found = strstr(line, command);
    if (found != NULL && found < end) last = line;
  }
  if (last == NULL) return 0;
  const char *end = last + strcspn(last, "\n");
  while ((last = strstr(last, "\"ip-address\"")) != NULL && last < end) count++, last++;
  return count;
}

/* The youngest first. */
static void answer_all_backwards(const char *command) {
  for (size_t i = b.sent_count; i-- > 0;)
    if (!b.sent[i].over && strcmp(b.sent[i].command, command) == 0)
      bench_answer(&b, &b.sent[i], OK_ANSWER);
}

START_TEST(many_leases_in_few_commands) {
  unsigned count = 2 * DHCPHA_FLUSH_BULK_LEASES + 50;
  for (unsigned i = 0; i < count; i++) commit(i, i % 5 == 0);
  bench_heartbeat(&b, "load-balancing");
  ck_assert_uint_eq(count_in_flight("lease6-bulk-apply"), 3);
  ck_assert_uint_eq(count_addresses("lease6-bulk-apply"), 50);
  commit(count - 1, false); /* it is on its way */
  answer_all_backwards("lease6-bulk-apply");
  ck_assert(is_in("communication-recovery"));
  ck_assert_uint_eq(count_in_flight("lease6-bulk-apply"), 1);
  ck_assert_uint_eq(count_addresses("lease6-bulk-apply"), 1);
  answer_all_backwards("lease6-bulk-apply");
  ck_assert(is_in("load-balancing"));
}
END_TEST

START_TEST(no_more_commands_at_a_time_than_the_window) {
  unsigned count = (DHCPHA_FLUSH_BULK_WINDOW + 1) * DHCPHA_FLUSH_BULK_LEASES;
  for (unsigned i = 0; i < count; i++) commit(i, false);
  bench_heartbeat(&b, "load-balancing");
  ck_assert_uint_eq(count_in_flight("lease6-bulk-apply"), DHCPHA_FLUSH_BULK_WINDOW);
  answer_all_backwards("lease6-bulk-apply");
  answer_all_backwards("lease6-bulk-apply");
  ck_assert(is_in("load-balancing"));
}
END_TEST

/* Two bulks are refused, one after the other: the second must not be taken for a refusal. */
START_TEST(one_by_one_where_bulk_is_unknown) {
  unsigned count = DHCPHA_FLUSH_BULK_LEASES + 10;
  for (unsigned i = 0; i < count; i++) commit(i, i == 0);
  bench_heartbeat(&b, "load-balancing");
  bench_answer(&b, bench_find(&b, "lease6-bulk-apply"), UNSUPPORTED);
  bench_answer(&b, bench_find(&b, "lease6-bulk-apply"), UNSUPPORTED);
  ck_assert_uint_eq(count_in_flight("lease6-bulk-apply"), 0);
  ck_assert_uint_eq(count_in_flight("lease6-del"), 1);
  ck_assert_uint_eq(count_in_flight("lease6-update"), DHCPHA_FLUSH_WINDOW - 1);
  bench_answer(&b, bench_find(&b, "lease6-del"), "[{\"result\":3,\"text\":\"not found\"}]");
  answer_all_backwards("lease6-update");
  answer_all_backwards("lease6-update");
  ck_assert(is_in("load-balancing"));
}
END_TEST

#define FAILED(list, result, text)                                                             \
  "\"" list "\":[{\"ip-address\":\"2001:db8::1\",\"type\":\"IA_NA\",\"result\":" #result       \
  ",\"error-message\":\"" text "\"}]"
#define ANSWER(result, lists) "[{\"result\":" #result ",\"text\":\"x\",\"arguments\":{" lists "}}]"

/* P2 4.5: Kea's sender takes most of these for a success, and loses the lease. */
static const struct {
  const char *sentence;
  const char *answer;
  const char *state;
  bool resets;
  bool waits; /* for the next heartbeat, then sends the lease again */
} answers[] = {
    {"what is not there need not be deleted", ANSWER(0, FAILED("failed-deleted-leases", 3, "?")),
     "load-balancing", false, false},
    {"nothing was there to be deleted", ANSWER(3, FAILED("failed-deleted-leases", 3, "?")),
     "load-balancing", false, false},
    {"a lease was refused beside others that were taken",
     ANSWER(0, FAILED("failed-leases", 4, "lost the race")), "communication-recovery", true, false},
    {"a lease failed beside others that were taken", ANSWER(0, FAILED("failed-leases", 1, "no")),
     "communication-recovery", true, false},
    {"a delete failed", ANSWER(0, FAILED("failed-deleted-leases", 1, "no")),
     "communication-recovery", true, false},
    {"all failed", ANSWER(3, FAILED("failed-leases", 1, "no")), "communication-recovery", true,
     false},
    {"a lease is busy", ANSWER(0, FAILED("failed-leases", 4, "ResourceBusy: IP address")),
     "communication-recovery", false, true},
    {"all are busy", ANSWER(3, FAILED("failed-leases", 4, "ResourceBusy: IP address")),
     "communication-recovery", false, true},
    {"busy, but with nothing of ours",
     ANSWER(0, "\"failed-leases\":[{\"result\":4,\"error-message\":\"ResourceBusy: ?\"}]"),
     "communication-recovery", true, false},
    {"it was refused as a whole", "[{\"result\":1,\"text\":\"no such subnet\"}]",
     "communication-recovery", true, false},
    {"a map is no answer", "{\"result\":0}", "communication-recovery", true, false},
    {"no JSON is no answer", "[", "communication-recovery", true, false},
};

START_TEST(no_failure_is_passed_over) {
  const char *sentence = answers[_i].sentence;
  commit(1, false);
  commit(2, true);
  bench_heartbeat(&b, "load-balancing");
  bench_answer(&b, bench_find(&b, "lease6-bulk-apply"), answers[_i].answer);
  ck_assert_msg(is_in(answers[_i].state), "%s: it is in %s", sentence,
                dhcpha_state_get_name(dhcpha_hub_get_state(b.hub, 0)));
  ck_assert_msg((bench_find(&b, "ha-reset") != NULL) == answers[_i].resets, "%s: ha-reset?",
                sentence);
  ck_assert_msg(count_in_flight("lease6-bulk-apply") == 0, "%s: sent again at once", sentence);
  if (!answers[_i].waits) return;
  bench_heartbeat(&b, "load-balancing");
  bench_answer(&b, bench_find(&b, "lease6-bulk-apply"), OK_ANSWER);
  ck_assert_uint_eq(count_addresses("lease6-bulk-apply"), 1);
  ck_assert_msg(is_in("load-balancing"), "%s: it is not over", sentence);
}
END_TEST

/* What is on its way is waited for: ha-reset must not overtake it. */
START_TEST(a_reset_waits_for_what_is_on_its_way) {
  for (unsigned i = 0; i < DHCPHA_FLUSH_BULK_LEASES + 1; i++) commit(i, false);
  bench_heartbeat(&b, "load-balancing");
  bench_answer(&b, bench_find(&b, "lease6-bulk-apply"), "[{\"result\":1,\"text\":\"no\"}]");
  ck_assert_ptr_null(bench_find(&b, "ha-reset"));
  bench_answer(&b, bench_find(&b, "lease6-bulk-apply"), OK_ANSWER);
  bench_answer(&b, bench_find(&b, "ha-reset"), OK_ANSWER);
  ck_assert(!is_in("communication-recovery"));
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("recovery");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, many_leases_in_few_commands);
  tcase_add_test(tcase, no_more_commands_at_a_time_than_the_window);
  tcase_add_test(tcase, one_by_one_where_bulk_is_unknown);
  tcase_add_loop_test(tcase, no_failure_is_passed_over, 0, COUNT_OF(answers));
  tcase_add_test(tcase, a_reset_waits_for_what_is_on_its_way);
  return unit_run("recovery", tcase);
}
