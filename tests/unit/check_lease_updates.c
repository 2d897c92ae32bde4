/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include <stdio.h>

#include "memory/retries.h"
#include "procedures/update_flow.h"
#include "service/hub.h"
#include "unit/hub_bench.h"
#include "unit/unit.h"

#define OK_ANSWER "[{\"result\":0,\"text\":\"done\"}]"
#define CONFLICT_ANSWER "[{\"result\":4,\"text\":\"no such subnet\"}]"
#define BUSY_ANSWER "[{\"result\":4,\"text\":\"ResourceBusy: x\"}]"

static bench b;

static void end(void) {
  if (b.hub != NULL) bench_end(&b);
}

/* ---- P2 4.3: to whom ---- */

#define SEND DHCPHA_TREAT_SEND
#define KEEP DHCPHA_TREAT_QUEUE
#define LEAVE DHCPHA_TREAT_LEAVE_OUT

static const struct {
  dhcpha_state state;
  dhcpha_treatment partner; /* by an active server */
} states[] = {
    {DHCPHA_STATE_BACKUP, LEAVE},
    {DHCPHA_STATE_COMMUNICATION_RECOVERY, KEEP},
    {DHCPHA_STATE_HOT_STANDBY, SEND},
    {DHCPHA_STATE_LOAD_BALANCING, SEND},
    {DHCPHA_STATE_IN_MAINTENANCE, LEAVE},
    {DHCPHA_STATE_PARTNER_DOWN, LEAVE},
    {DHCPHA_STATE_PARTNER_IN_MAINTENANCE, SEND},
    {DHCPHA_STATE_PASSIVE_BACKUP, LEAVE},
    {DHCPHA_STATE_READY, LEAVE},
    {DHCPHA_STATE_SYNCING, LEAVE},
    {DHCPHA_STATE_TERMINATED, LEAVE},
    {DHCPHA_STATE_WAITING, LEAVE},
};

START_TEST(the_state_decides_what_goes_to_the_partner_and_backups_get_all) {
  dhcpha_peer self = {.role = DHCPHA_ROLE_PRIMARY}, peer = {.role = DHCPHA_ROLE_STANDBY};
  dhcpha_relationship relationship = {.self = &self};
  dhcpha_service service = {.relationship = &relationship, .state = states[_i].state};
  const char *name = dhcpha_state_get_name(states[_i].state);
  ck_assert_msg(dhcpha_update_flow_treat(&service, &peer) == states[_i].partner, "%s", name);
  peer.role = DHCPHA_ROLE_BACKUP;
  ck_assert_msg(dhcpha_update_flow_treat(&service, &peer) == SEND, "%s: a backup", name);
  self.role = DHCPHA_ROLE_BACKUP;
  ck_assert_msg(dhcpha_update_flow_treat(&service, &peer) == SEND, "%s: among backups", name);
  peer.role = DHCPHA_ROLE_STANDBY;
  ck_assert_msg(dhcpha_update_flow_treat(&service, &peer) != SEND, "%s: by a backup", name);
}
END_TEST

/* ---- P2 4.6: what becomes of one update ---- */

static void bring_up(dhcpha_family family, const char *mode, size_t backups,
                     const pair_parameter *parameters, size_t count) {
  text config = {0};
  memset(&b, 0, sizeof b);
  pair_config_write(&config, mode, 0, backups, parameters, count);
  bench_make(&b, family, text_of(&config), false);
  text_free(&config);
  ck_assert_int_eq(dhcpha_hub_start(b.hub), DHCPHA_OK);
  bench_pull(&b);
  if (strcmp(mode, "passive-backup") == 0) return;
  bench_heartbeat(&b, "ready");
  bench_answer(&b, bench_find(&b, "dhcp-disable"), OK_ANSWER);
  bench_answer(&b, bench_find(&b, family == DHCPHA_DHCP4 ? "lease4-get-page" : "lease6-get-page"),
               "[{\"result\":3,\"arguments\":{\"leases\":[]}}]");
  bench_answer(&b, bench_find(&b, "ha-sync-complete-notify"), OK_ANSWER);
}

static uint64_t counter(dhcpha_counter which) {
  return dhcpha_hub_get_counter(b.hub, which);
}

static size_t count_rejected(void) {
  return dhcpha_rejected_updates_count(&b.hub->services.list[0].rejected, b.now.monotonic_ms);
}

enum { PARTNER, UNAWAITED, AWAITED };

static const struct {
  const char *sentence;
  int to;
  const char *answer; /* NULL: none */
  bool dropped, rejected, lost; /* the query, its client, the partner */
  unsigned missing;             /* at the backup */
} outcomes[] = {
    {"the partner acknowledges", PARTNER, OK_ANSWER, false, false, false, 0},
    {"the partner refuses", PARTNER, CONFLICT_ANSWER, true, true, false, 0},
    {"the partner says nothing", PARTNER, NULL, true, false, true, 0},
    {"an awaited backup acknowledges", AWAITED, OK_ANSWER, false, false, false, 0},
    {"an awaited backup refuses", AWAITED, CONFLICT_ANSWER, true, true, false, 1},
    {"an awaited backup says nothing", AWAITED, NULL, true, false, false, 1},
    {"another backup acknowledges", UNAWAITED, OK_ANSWER, false, false, false, 0},
    {"another backup refuses: its client is not counted (P2 15.17)", UNAWAITED, CONFLICT_ANSWER,
     false, false, false, 1},
    {"another backup says nothing", UNAWAITED, NULL, false, false, false, 1},
};

START_TEST(an_outcome_means_something_else_of_each_peer) {
  pair_parameter wait = {"wait-backup-ack", "true"};
  bool awaited = outcomes[_i].to == AWAITED;
  bring_up(DHCPHA_DHCP4, awaited ? "passive-backup" : "hot-standby", 1, &wait, awaited ? 1 : 0);
  ck_assert(bench_commit(&b, 5, 1));
  bench_sent *to_partner = bench_find_to(&b, "lease4-update", "server2");
  bench_sent *to_backup = bench_find_to(&b, "lease4-update", "server3");
  bench_sent *sent = outcomes[_i].to == UNAWAITED ? to_backup : to_partner;
  if (outcomes[_i].answer == NULL)
    bench_fail(&b, sent);
  else
    bench_answer(&b, sent, outcomes[_i].answer);
  if (outcomes[_i].to == UNAWAITED) {
    ck_assert_ptr_null(strstr(text_of(&b.trace), "release"));
    bench_answer(&b, to_partner, OK_ANSWER);
  }
  const char *sentence = outcomes[_i].sentence;
  bool dropped = strstr(text_of(&b.trace), "release 5 drop") != NULL;
  bool lost = dhcpha_hub_get_partner_state(b.hub, 0) == DHCPHA_STATE_UNAVAILABLE;
  ck_assert_msg(dropped == outcomes[_i].dropped, "%s: dropped", sentence);
  ck_assert_msg((count_rejected() == 1) == outcomes[_i].rejected, "%s: rejected", sentence);
  ck_assert_msg(lost == outcomes[_i].lost, "%s: lost", sentence);
  ck_assert_msg(counter(DHCPHA_COUNTER_UPDATES_LOST) == outcomes[_i].missing, "%s: missing",
                sentence);
}
END_TEST

/* The success of one who was overtaken counts, too. */
START_TEST(a_success_clears_all_clients_that_waited_for_it) {
  bring_up(DHCPHA_DHCP4, "hot-standby", 0, NULL, 0);
  for (unsigned client = 1; client <= 2; client++) {
    (void)bench_commit(&b, client, client);
    bench_answer(&b, bench_find(&b, "lease4-update"), CONFLICT_ANSWER);
  }
  ck_assert_uint_eq(count_rejected(), 2);
  (void)bench_commit(&b, 3, 1); /* under way */
  (void)bench_commit(&b, 4, 1); /* behind it */
  (void)bench_commit(&b, 5, 1); /* overtakes it */
  bench_answer(&b, bench_find(&b, "lease4-update"), CONFLICT_ANSWER);
  ck_assert_uint_eq(count_rejected(), 2);
  bench_answer(&b, bench_find(&b, "lease4-update"), OK_ANSWER);
  ck_assert_uint_eq(count_rejected(), 1);
  ck_assert_ptr_null(bench_find(&b, "lease4-update"));
}
END_TEST

static void commit_move(uint64_t id) {
  dhcpha_lease leases[2];
  dhcpha_query query;
  uint8_t hw[6];
  bool parked = false;
  bench_query(&query, hw, 1, 0);
  bench_lease(&leases[0], hw, 1);
  bench_lease(&leases[1], hw, 2);
  ck_assert_int_eq(dhcpha_hub_leases_changed(b.hub, id, &query, &leases[1], 1, &leases[0], 1,
                                             &parked), DHCPHA_OK);
  ck_assert(parked);
  bench_pull(&b);
}

/* P2 15.18: in Kea the later answer wins. */
START_TEST(a_client_is_rejected_whichever_of_its_leases_was_refused_and_when) {
  static const struct {
    const char *first, *second; /* to answer */
    bool first_good;
  } orders[] = {
      {"lease4-del", "lease4-update", true},  {"lease4-del", "lease4-update", false},
      {"lease4-update", "lease4-del", true},  {"lease4-update", "lease4-del", false},
  };
  bring_up(DHCPHA_DHCP4, "hot-standby", 0, NULL, 0);
  commit_move(5);
  bool good = orders[_i].first_good;
  bench_answer(&b, bench_find(&b, orders[_i].first), good ? OK_ANSWER : CONFLICT_ANSWER);
  bench_answer(&b, bench_find(&b, orders[_i].second), good ? CONFLICT_ANSWER : OK_ANSWER);
  ck_assert_uint_eq(count_rejected(), 1);
  ck_assert_ptr_nonnull(strstr(text_of(&b.trace), "release 5 drop"));
}
END_TEST

/* P2 4.1: "server-side decline found by a ping check: single lease update, never parked". */
START_TEST(nobody_waits_for_an_address_that_the_server_found_in_use) {
  dhcpha_lease lease;
  uint8_t hw[6];
  bool parked = true;
  bring_up(DHCPHA_DHCP4, "hot-standby", 0, NULL, 0);
  bench_lease(&lease, hw, 1);
  lease.state = DHCPHA_LEASE_DECLINED;
  lease.hw_address_len = 0;
  ck_assert_int_eq(dhcpha_hub_leases_changed(b.hub, 5, NULL, &lease, 1, NULL, 0, &parked),
                   DHCPHA_OK);
  ck_assert(!parked);
  bench_pull(&b);
  bench_answer(&b, bench_find(&b, "lease4-update"), CONFLICT_ANSWER);
  ck_assert_ptr_null(strstr(text_of(&b.trace), "release"));
  ck_assert_uint_eq(count_rejected(), 0);
}
END_TEST

/* ---- DHCPv6: what is sent again of a command ---- */

#define ENTRY(result, address, type, why)                                                      \
  "{\"result\":" result ",\"ip-address\":\"" address "\",\"type\":\"" type "\","                 \
  "\"error-message\":\"" why "\"}"
#define BUSY(address) ENTRY("4", address, "IA_NA", "ResourceBusy: x")
#define BULK(result, list, entries)                                                            \
  "[{\"result\":" result ",\"text\":\"Bulk apply\",\"arguments\":{\"" list "\":[" entries "]}}]"
#define A "2001:db8::a"
#define B "2001:db8::b"
#define C "2001:db8::c"

/* The exchange: A and the prefix B are leased, C is deleted. */
static const struct {
  const char *sentence;
  const char *answer;
  const char *again; /* which of them are sent again */
  bool dropped;      /* at once */
  bool rejected, lost;
} partial[] = {
    {"all were applied", OK_ANSWER, "", false, false, false},
    {"one is busy", BULK("0", "failed-leases", BUSY(A)), "a", false, false, false},
    {"version 2.2", BULK("0", "failed-leases", ENTRY("1", A, "IA_NA", "ResourceBusy: x")), "a",
     false, false, false},
    {"the deleted one is busy", BULK("0", "failed-deleted-leases", BUSY(C)), "c", false, false,
     false},
    {"the prefix is busy, not an address", BULK("0", "failed-leases",
     ENTRY("4", B, "IA_PD", "ResourceBusy: x")), "b", false, false, false},
    {"an address that was not sent", BULK("0", "failed-leases", BUSY(B)), "", false, false, false},
    {"a failure that is no contention is only logged (P2 4.5)", BULK("0", "failed-leases",
     ENTRY("1", A, "IA_NA", "x")), "", false, false, false},
    {"nothing was applied: busy ones, and one that was not there", BULK("3", "failed-leases",
     BUSY(A) "," ENTRY("4", B, "IA_PD", "ResourceBusy: x")), "ab", false, false, false},
    {"nothing was applied: a conflict and a busy one", BULK("3", "failed-leases",
     BUSY(A) "," ENTRY("4", B, "IA_PD", "x")), "a", true, true, false},
    {"nothing was applied: an error and a busy one", BULK("3", "failed-leases",
     BUSY(A) "," ENTRY("1", B, "IA_PD", "x")), "a", true, false, true},
    {"busy, it does not say with what", BULK("3", "failed-leases",
     "{\"result\":4,\"error-message\":\"ResourceBusy: x\"}"), "abc", false, false, false},
    {"the command as a whole", BUSY_ANSWER, "abc", false, false, false},
};

static dhcpha_lease lease6(const char *address, uint8_t type) {
  dhcpha_lease lease;
  dhcpha_lease_init(&lease);
  ck_assert_int_eq(dhcpha_address_parse(&lease.address, address), DHCPHA_OK);
  lease.type = type;
  lease.prefix_len = type == DHCPHA_LEASE_PREFIX ? 64 : 128;
  lease.subnet_id = 1;
  lease.cltt = BENCH_UTC_S;
  lease.client_id = (const uint8_t *)"\x00\x03\x00\x01\x02\x03";
  lease.client_id_len = 6;
  return lease;
}

static void commit6(uint64_t id, const dhcpha_lease *leases, size_t count,
                    const dhcpha_lease *deleted, size_t deleted_count) {
  dhcpha_query query;
  bool parked = false;
  dhcpha_query_init(&query);
  query.type = 3;
  query.client_id = (const uint8_t *)"\x00\x03\x00\x01\x02\x03";
  query.client_id_len = 6;
  ck_assert_int_eq(dhcpha_hub_leases_changed(b.hub, id, &query, leases, count, deleted,
                                             deleted_count, &parked), DHCPHA_OK);
  ck_assert(parked);
  bench_pull(&b);
}

/* Which of A, B and C are in the command sent last. */
static const char *carried(char found[4]) {
  static const char *const addresses[] = {"\"" A "\"", "\"" B "\"", "\"" C "\""};
  size_t count = 0;
  for (size_t i = 0; i < 3; i++)
    if (strstr(text_of(&b.json), addresses[i]) != NULL) found[count++] = (char)('a' + i);
  found[count] = '\0';
  return found;
}

START_TEST(only_the_busy_leases_of_a_command_are_sent_again) {
  char again[4] = "";
  bring_up(DHCPHA_DHCP6, "hot-standby", 0, NULL, 0);
  dhcpha_lease leases[] = {lease6(A, DHCPHA_LEASE_ADDRESS), lease6(B, DHCPHA_LEASE_PREFIX)};
  dhcpha_lease deleted = lease6(C, DHCPHA_LEASE_ADDRESS);
  commit6(7, leases, 2, &deleted, 1);
  bench_sent *first = bench_find(&b, "lease6-bulk-apply");
  ck_assert_str_eq(carried(again), "abc");
  bench_answer(&b, first, partial[_i].answer);
  const char *sentence = partial[_i].sentence;
  ck_assert_msg((strstr(text_of(&b.trace), "release 7 drop") != NULL) == partial[_i].dropped,
                "%s: dropped", sentence);
  ck_assert_msg((strstr(text_of(&b.trace), "release 7 send") != NULL) ==
                    (partial[_i].again[0] == '\0'), "%s: answered", sentence);
  ck_assert_msg((count_rejected() != 0) == partial[_i].rejected, "%s: rejected", sentence);
  ck_assert_msg((dhcpha_hub_get_partner_state(b.hub, 0) == DHCPHA_STATE_UNAVAILABLE) ==
                    partial[_i].lost, "%s: lost", sentence);
  bench_run(&b, b.now.monotonic_ms + DHCPHA_RETRY_MS_MAX);
  bench_sent *second = bench_find(&b, "lease6-bulk-apply");
  if (second == NULL) {
    ck_assert_msg(partial[_i].again[0] == '\0', "%s", sentence);
    return;
  }
  ck_assert_msg(strcmp(carried(again), partial[_i].again) == 0, "%s: %s", sentence, again);
  ck_assert_uint_eq(counter(DHCPHA_COUNTER_UPDATES_CONTENDED), strlen(again));
  ck_assert_uint_eq(counter(DHCPHA_COUNTER_UPDATES_RETRIED), strlen(again));
  bench_answer(&b, second, OK_ANSWER);
  ck_assert_ptr_null(bench_find(&b, "lease6-bulk-apply")); /* they were in one command */
  ck_assert_ptr_nonnull(strstr(text_of(&b.trace), "release 7"));
}
END_TEST

/* P2 4.4: one command for an exchange; a lease that is under way already waits by itself. */
START_TEST(a_command_leaves_without_the_leases_that_are_under_way) {
  char found[4];
  bring_up(DHCPHA_DHCP6, "hot-standby", 0, NULL, 0);
  dhcpha_lease ab[] = {lease6(A, DHCPHA_LEASE_ADDRESS), lease6(B, DHCPHA_LEASE_ADDRESS)};
  dhcpha_lease bc[] = {lease6(B, DHCPHA_LEASE_ADDRESS), lease6(C, DHCPHA_LEASE_ADDRESS)};
  commit6(1, ab, 2, NULL, 0);
  bench_sent *first = bench_find(&b, "lease6-bulk-apply");
  commit6(2, bc, 2, NULL, 0);
  ck_assert_str_eq(carried(found), "c");
  commit6(3, ab, 2, NULL, 0);
  ck_assert_str_eq(carried(found), "c"); /* all of it waits, and takes B of the second along */
  bench_answer(&b, first, OK_ANSWER);
  ck_assert_ptr_nonnull(strstr(text_of(&b.trace), "release 1 send"));
  ck_assert_uint_eq(counter(DHCPHA_COUNTER_UPDATES_COALESCED), 1);
  ck_assert_ptr_null(strstr(text_of(&b.trace), "release 2"));
  for (bench_sent *sent; (sent = bench_find(&b, "lease6-bulk-apply")) != NULL;)
    bench_answer(&b, sent, OK_ANSWER);
  ck_assert_ptr_nonnull(strstr(text_of(&b.trace), "release 2 send"));
  ck_assert_ptr_nonnull(strstr(text_of(&b.trace), "release 3 send"));
}
END_TEST

/* ---- what is told of it ---- */

START_TEST(each_queue_is_reported) {
  static const char *const peers[] = {"server2", "server3", "server4"};
  dhcpha_queue_report report;
  dhcpha_queue_report_init(&report);
  bring_up(DHCPHA_DHCP4, "hot-standby", 2, NULL, 0);
  (void)bench_commit(&b, 1, 1);
  bench_fail(&b, bench_find_to(&b, "lease4-update", "server3"));
  for (size_t i = 0; i < 3; i++) {
    ck_assert_int_eq(dhcpha_hub_get_queue(b.hub, 0, i, &report), DHCPHA_OK);
    ck_assert_str_eq(report.peer, peers[i]);
    ck_assert(report.backup == (i != 0));
    ck_assert_uint_eq(report.waiting, i == 1 ? 0 : 1);
    ck_assert_uint_eq(report.lost, i == 1 ? 1 : 0);
    ck_assert(!report.full && !report.stopped);
  }
  ck_assert_int_eq(dhcpha_hub_get_queue(b.hub, 0, 3, &report), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_get_queue(b.hub, 1, 0, &report), DHCPHA_ERR_UNKNOWN);
}
END_TEST

/* Neither what was lost nor what was not sent yet is forgotten when the configuration is read
 * again. */
START_TEST(a_backup_stays_out_of_date_in_the_next_hub) {
  static const uint64_t lost[] = {0, 2, 1};
  dhcpha_queue_report report;
  dhcpha_hub *next = NULL;
  dhcpha_queue_report_init(&report);
  bring_up(DHCPHA_DHCP4, "hot-standby", 2, NULL, 0);
  (void)bench_commit(&b, 1, 1);
  bench_fail(&b, bench_find_to(&b, "lease4-update", "server3"));
  bench_answer(&b, bench_find_to(&b, "lease4-update", "server4"), OK_ANSWER);
  (void)bench_commit(&b, 2, 2);
  ck_assert_int_eq(dhcpha_hub_stop(b.hub), DHCPHA_OK);
  bench_pull(&b);
  ck_assert_int_eq(dhcpha_hub_new(b.hub->config, NULL, NULL, &next), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_hub_inherit(next, b.hub), DHCPHA_OK);
  for (size_t i = 0; i < 3; i++) {
    ck_assert_int_eq(dhcpha_hub_get_queue(next, 0, i, &report), DHCPHA_OK);
    ck_assert_uint_eq(report.lost, lost[i]);
    ck_assert_uint_eq(report.waiting, 0);
  }
  dhcpha_hub_free(next);
}
END_TEST

/* ---- memory ---- */

/* Commits, coalesced ones, refusals and contention: after a while nothing of it allocates. */
START_TEST(contention_takes_no_memory_in_steady_state) {
  static const char *const answers[] = {OK_ANSWER, BUSY_ANSWER, CONFLICT_ANSWER, OK_ANSWER};
  uint64_t requests = 0, id = 0;
  bring_up(DHCPHA_DHCP4, "hot-standby", 1, NULL, 0);
  for (unsigned round = 0; round < 40; round++) {
    if (round == 20) requests = b.counts.requests;
    for (unsigned i = 0; i < 30; i++) (void)bench_commit(&b, ++id, 1 + i % 10);
    bench_sent *sent;
    for (unsigned i = 0; i < 50 && (sent = bench_find(&b, "lease4-update")) != NULL; i++)
      bench_answer(&b, sent, answers[(round + i) % 4]);
    bench_run(&b, b.now.monotonic_ms + 600);
    while ((sent = bench_find(&b, "lease4-update")) != NULL) bench_answer(&b, sent, OK_ANSWER);
    bench_sent *heartbeat = bench_find(&b, "ha-heartbeat");
    if (heartbeat != NULL) bench_heartbeat_answer(&b, heartbeat, "hot-standby", 0, 0);
    b.sent_count = 0;
    text_clear(&b.trace);
  }
  ck_assert_uint_gt(counter(DHCPHA_COUNTER_UPDATES_RETRIED), 100);
  ck_assert_uint_gt(counter(DHCPHA_COUNTER_UPDATES_COALESCED), 100);
  ck_assert_uint_eq(b.counts.requests, requests);
  ck_assert_uint_eq(b.hub->context.updates.count, 0);
  ck_assert_uint_eq(b.hub->context.parked.count, 0);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("lease_updates");
  tcase_add_checked_fixture(tcase, NULL, end);
  tcase_add_loop_test(tcase, the_state_decides_what_goes_to_the_partner_and_backups_get_all, 0,
                      COUNT_OF(states));
  tcase_add_loop_test(tcase, an_outcome_means_something_else_of_each_peer, 0,
                      COUNT_OF(outcomes));
  tcase_add_test(tcase, a_success_clears_all_clients_that_waited_for_it);
  tcase_add_loop_test(tcase, a_client_is_rejected_whichever_of_its_leases_was_refused_and_when, 0,
                      4);
  tcase_add_test(tcase, nobody_waits_for_an_address_that_the_server_found_in_use);
  tcase_add_loop_test(tcase, only_the_busy_leases_of_a_command_are_sent_again, 0,
                      COUNT_OF(partial));
  tcase_add_test(tcase, a_command_leaves_without_the_leases_that_are_under_way);
  tcase_add_test(tcase, each_queue_is_reported);
  tcase_add_test(tcase, a_backup_stays_out_of_date_in_the_next_hub);
  tcase_add_test(tcase, contention_takes_no_memory_in_steady_state);
  return unit_run("lease_updates", tcase);
}
