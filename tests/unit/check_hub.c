/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include <stdio.h>

#include "unit/hub_bench.h"
#include "unit/unit.h"

#define OK_ANSWER "[{\"result\":0,\"text\":\"done\"}]"
#define CONFLICT_ANSWER "[{\"result\":4,\"text\":\"no such subnet\"}]"
#define LEASE_COMMAND                                                                          \
  "{\"command\":\"lease4-update\",\"arguments\":{\"ip-address\":\"192.0.2.77\","                 \
  "\"hw-address\":\"02:00:00:00:00:09\",\"subnet-id\":1,\"valid-lft\":4000,\"force-create\":true}}"
#define PAGE_COMMAND                                                                           \
  "{\"command\":\"lease4-get-page\",\"arguments\":{\"from\":\"start\",\"limit\":2}}"

static bench b;

static void end(void) {
  if (b.hub != NULL) bench_end(&b);
}

static const char *state(void) {
  return dhcpha_state_get_name(dhcpha_hub_get_state(b.hub, 0));
}

static const char *last_trace(void) {
  return text_of(&b.trace);
}

/* ---- pulled or called back: one stream of actions ---- */

/* A day in the life of a pair: it starts, synchronizes, serves, is disturbed, and recovers. */
static void live(const char *mode, const char *normal, size_t index, bool calls_back) {
  bench_start(&b, mode, index, "max-unacked-clients=1 max-response-delay=20000", calls_back);
  bench_heartbeat(&b, "syncing");
  bench_bring_up(&b, normal);
  for (unsigned client = 1; client < 5; client++) (void)bench_commit(&b, client, client);
  while (bench_find(&b, "lease4-update") != NULL) {
    bench_sent *sent = bench_find(&b, "lease4-update");
    bench_answer(&b, sent, sent->id % 2 == 0 ? OK_ANSWER : CONFLICT_ANSWER);
  }
  (void)bench_command(&b, "{\"command\":\"ha-heartbeat\"}");
  (void)bench_command(&b, "{\"command\":\"no-such-thing\"}");
  (void)bench_command(&b, "{\"command\":");
  (void)bench_command(&b, LEASE_COMMAND);
  (void)bench_command(&b, PAGE_COMMAND);
  bench_run(&b, b.now.monotonic_ms + 120000);
  for (unsigned client = 1; client < 20; client++) (void)bench_ask(&b, client, 20);
  bench_run(&b, b.now.monotonic_ms + 20000);
  bench_heartbeat(&b, "ready");
  bench_heartbeat(&b, normal);
  (void)bench_command(&b, "{\"command\":\"ha-maintenance-start\"}");
  bench_sent *asked = bench_find(&b, "ha-maintenance-notify");
  if (asked != NULL) bench_answer(&b, asked, OK_ANSWER);
  (void)bench_command(&b, "{\"command\":\"ha-reset\"}");
}

static const struct {
  const char *mode, *normal;
  size_t index;
} lives[] = {{"hot-standby", "hot-standby", 0},
             {"hot-standby", "hot-standby", 1},
             {"load-balancing", "load-balancing", 0},
             {"load-balancing", "load-balancing", 1}};

static char *record(int i, bool calls_back) {
  live(lives[i].mode, lives[i].normal, lives[i].index, calls_back);
  char *trace = must_copy(b.trace.data, b.trace.len);
  bench_end(&b);
  return trace;
}

START_TEST(gives_the_same_actions_pulled_and_called_back) {
  char *pulled = record(_i, false);
  char *called = record(_i, true);
  ck_assert_uint_gt(strlen(pulled), 4000);
  ck_assert_str_eq(pulled, called);
  free(pulled);
  free(called);
}
END_TEST

START_TEST(gives_the_same_actions_for_the_same_events) {
  char *first = record(_i, false);
  char *second = record(_i, false);
  ck_assert_str_eq(first, second);
  free(first);
  free(second);
}
END_TEST

/* ---- callbacks that finish inside the call, or call the hub ---- */

static void answer_at_once(bench *host, const bench_sent *sent) {
  char json[] = OK_ANSWER;
  host->sent[sent - host->sent].over = true;
  ck_assert_int_eq(dhcpha_hub_command_answered(host->hub, sent->id, json, strlen(json)),
                   DHCPHA_OK);
  ck_assert_int_eq(dhcpha_hub_command_answered(host->hub, sent->id, json, strlen(json)),
                   DHCPHA_ERR_UNKNOWN);
}

/* The release can't overtake what leases_changed() tells: it may come before it returns. */
START_TEST(a_command_may_be_answered_while_it_is_sent) {
  bench_start(&b, "hot-standby", 0, "", true);
  bench_bring_up(&b, "hot-standby");
  b.on_send = answer_at_once;
  ck_assert(bench_commit(&b, 9, 1));
  ck_assert_ptr_nonnull(strstr(last_trace(), "release 9 send"));
  b.on_send = NULL;
}
END_TEST

static unsigned nested;

/* All that a host might call from anywhere, but dhcpha_hub_free(). */
static void call_everything(bench *host, const bench_sent *sent) {
  dhcpha_explanation explanation;
  dhcpha_verdict verdict;
  dhcpha_query query;
  uint8_t hw[6];
  (void)sent;
  if (nested > 20) return;
  nested++;
  dhcpha_explanation_init(&explanation);
  dhcpha_verdict_init(&verdict);
  bench_query(&query, hw, nested, 100);
  ck_assert_int_eq(dhcpha_hub_explain(host->hub, 0, &explanation), DHCPHA_OK);
  ck_assert_ptr_nonnull(dhcpha_hub_get_status(host->hub));
  ck_assert_int_eq(dhcpha_hub_query_received(host->hub, &query, &verdict), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_hub_handle_expiry(host->hub), DHCPHA_OK);
  const char *command = LEASE_COMMAND;
  ck_assert_int_eq(dhcpha_hub_command_received(host->hub, nested, command, strlen(command), 0),
                   DHCPHA_OK);
  ck_assert_ptr_null(dhcpha_hub_next_action(host->hub));
  if (nested < 10) (void)bench_commit(host, nested, nested + 100);
}

static void commit_another(bench *host, uint64_t query_id) {
  if (query_id < 30) (void)bench_commit(host, query_id + 1, (unsigned)query_id);
}

START_TEST(a_callback_may_call_the_hub) {
  nested = 0;
  bench_start(&b, "hot-standby", 0, "", true);
  bench_bring_up(&b, "hot-standby");
  b.on_send = call_everything;
  b.on_release = commit_another;
  ck_assert(bench_commit(&b, 1, 1));
  b.on_send = NULL;
  while (bench_find(&b, "lease4-update") != NULL)
    bench_answer(&b, bench_find(&b, "lease4-update"), OK_ANSWER);
  ck_assert_ptr_nonnull(strstr(last_trace(), "release 30 send"));
  ck_assert_uint_ge(nested, 10);
}
END_TEST

/* ---- callbacks that fail ---- */

START_TEST(a_command_that_cannot_be_sent_has_failed) {
  bench_start(&b, "hot-standby", 0, "", _i == 1);
  bench_bring_up(&b, "hot-standby");
  b.send_status = DHCPHA_ERR_IO;
  ck_assert(bench_commit(&b, 5, 1));
  ck_assert_ptr_nonnull(strstr(last_trace(), "release 5 drop"));
  ck_assert_int_eq(dhcpha_hub_get_partner_state(b.hub, 0), DHCPHA_STATE_UNAVAILABLE);
  uint64_t id = b.sent[b.sent_count - 1].id;
  ck_assert_int_eq(dhcpha_hub_command_answered(b.hub, id, OK_ANSWER, strlen(OK_ANSWER)),
                   DHCPHA_ERR_UNKNOWN);
  ck_assert_uint_eq(dhcpha_hub_get_counter(b.hub, DHCPHA_COUNTER_ANSWERS_LATE), 1);
  bench_run(&b, b.now.monotonic_ms + 100000); /* heartbeats fail too */
  ck_assert_str_eq(state(), "partner-down");
}
END_TEST

START_TEST(a_store_that_fails_is_an_error_to_the_peer) {
  bench_start(&b, "hot-standby", 0, "", _i == 1);
  b.store_status = DHCPHA_ERR_IO;
  ck_assert_int_eq(bench_command(&b, LEASE_COMMAND), DHCPHA_OK);
  ck_assert_ptr_nonnull(strstr(text_of(&b.answer), "\"result\":1"));
  ck_assert_int_eq(bench_command(&b, PAGE_COMMAND), DHCPHA_OK);
  ck_assert_ptr_nonnull(strstr(text_of(&b.answer), "\"result\":1"));
}
END_TEST

/* ---- late, twice, unknown ---- */

START_TEST(outcomes_count_once) {
  bench_start(&b, "hot-standby", 0, "", false);
  bench_bring_up(&b, "hot-standby");
  (void)bench_commit(&b, 5, 1);
  bench_sent *sent = bench_find(&b, "lease4-update");
  bench_answer(&b, sent, OK_ANSWER);
  size_t len = b.trace.len;
  ck_assert_int_eq(dhcpha_hub_command_answered(b.hub, sent->id, "x", 1), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_command_failed(b.hub, sent->id, DHCPHA_ERR_IO, "x"),
                   DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_command_progressed(b.hub, sent->id), DHCPHA_ERR_UNKNOWN);
  bench_pull(&b);
  ck_assert_uint_eq(b.trace.len, len);
  ck_assert_uint_eq(dhcpha_hub_get_counter(b.hub, DHCPHA_COUNTER_ANSWERS_LATE), 2);
}
END_TEST

/* An id of one kind is not one of another: a store is no command. */
START_TEST(ids_are_not_mistaken_for_each_other) {
  dhcpha_stored stored = DHCPHA_STORED_ADDED;
  dhcpha_lease lease;
  uint8_t hw[6];
  bench_lease(&lease, hw, 1);
  bench_start(&b, "hot-standby", 0, "", false);
  bench_heartbeat(&b, "ready");
  bench_sent *command = bench_find(&b, "dhcp-disable");
  ck_assert_int_eq(dhcpha_hub_leases_stored(b.hub, command->id, &stored, 1), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_leases_read(b.hub, command->id, &lease, 1), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_leases_read_done(b.hub, command->id, DHCPHA_OK),
                   DHCPHA_ERR_UNKNOWN);
  (void)bench_command(&b, LEASE_COMMAND);
  uint64_t id = b.requests[0].id;
  ck_assert_int_eq(dhcpha_hub_command_answered(b.hub, id, "x", 1), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_command_failed(b.hub, id, DHCPHA_ERR_IO, NULL), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_command_progressed(b.hub, id), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_leases_read(b.hub, id, &lease, 1), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_leases_stored(b.hub, id, &stored, 1), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_hub_leases_stored(b.hub, id, &stored, 1), DHCPHA_ERR_UNKNOWN);
  bench_pull(&b);
  ck_assert_str_eq(text_of(&b.answer), "[{\"result\":0,\"text\":\"IPv4 lease added.\"}]");
}
END_TEST

START_TEST(a_store_hands_over_no_more_than_was_asked_for) {
  dhcpha_lease leases[3];
  uint8_t hw[3][6];
  for (unsigned i = 0; i < 3; i++) bench_lease(&leases[i], hw[i], i + 1);
  bench_start(&b, "hot-standby", 0, "", false);
  (void)bench_command(&b, PAGE_COMMAND);
  uint64_t id = b.requests[0].id;
  ck_assert_int_eq(dhcpha_hub_leases_read(b.hub, id, leases, 1), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_hub_leases_read(b.hub, id, leases, 0), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_hub_leases_read(b.hub, id, &leases[1], 2), DHCPHA_ERR_LIMIT);
  ck_assert_int_eq(dhcpha_hub_leases_read_done(b.hub, id, DHCPHA_OK), DHCPHA_OK);
  bench_pull(&b);
  ck_assert_ptr_nonnull(strstr(text_of(&b.answer), "2 IPv4 lease(s) found."));
}
END_TEST

/* ---- misuse ---- */

START_TEST(nothing_happens_before_the_start) {
  static const char command[] = "{\"command\":\"ha-heartbeat\"}";
  dhcpha_verdict verdict;
  dhcpha_explanation explanation;
  dhcpha_query query;
  dhcpha_lease lease;
  uint8_t hw[6], lease_hw[6];
  bool parked = true;
  text config = {0};
  memset(&b, 0, sizeof b);
  pair_config_write(&config, "hot-standby", 0, 0, NULL, 0);
  bench_make(&b, DHCPHA_DHCP4, text_of(&config), _i == 1);
  text_free(&config);
  dhcpha_verdict_init(&verdict);
  dhcpha_explanation_init(&explanation);
  bench_query(&query, hw, 1, 0);
  bench_lease(&lease, lease_hw, 1);
  ck_assert_int_eq(dhcpha_hub_get_expiry(b.hub), DHCPHA_NEVER);
  ck_assert_int_eq(dhcpha_hub_handle_expiry(b.hub), DHCPHA_ERR_STATE);
  ck_assert_int_eq(dhcpha_hub_command_received(b.hub, 1, command, strlen(command), 0),
                   DHCPHA_ERR_STATE);
  ck_assert_int_eq(dhcpha_hub_command_answered(b.hub, 1, "x", 1), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_command_failed(b.hub, 1, DHCPHA_ERR_IO, NULL), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_command_progressed(b.hub, 1), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_query_received(b.hub, &query, &verdict), DHCPHA_ERR_STATE);
  ck_assert(!verdict.serve);
  ck_assert_int_eq(
      dhcpha_hub_leases_changed(b.hub, 1, &query, &lease, 1, NULL, 0, &parked),
      DHCPHA_ERR_STATE);
  ck_assert(!parked);
  ck_assert_int_eq(dhcpha_hub_leases_read(b.hub, 1, &lease, 1), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_leases_read_done(b.hub, 1, DHCPHA_OK), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_leases_stored(b.hub, 1, NULL, 0), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_explain(b.hub, 0, &explanation), DHCPHA_ERR_STATE);
  ck_assert_ptr_null(dhcpha_hub_get_status(b.hub));
  ck_assert_int_eq(dhcpha_hub_get_state(b.hub, 0), DHCPHA_STATE_NONE);
  ck_assert_ptr_null(dhcpha_hub_next_action(b.hub));
  ck_assert_str_eq(last_trace(), "");
}
END_TEST

START_TEST(is_started_once) {
  bench_start(&b, "hot-standby", 0, "", false);
  ck_assert_int_eq(dhcpha_hub_start(b.hub), DHCPHA_ERR_STATE);
  ck_assert_ptr_null(dhcpha_hub_next_action(b.hub));
}
END_TEST

START_TEST(wrong_arguments_are_named) {
  dhcpha_hub *hub = (dhcpha_hub *)&hub;
  dhcpha_explanation explanation;
  ck_assert_int_eq(dhcpha_hub_new(NULL, NULL, NULL, &hub), DHCPHA_ERR_ARGUMENT);
  ck_assert_ptr_null(hub);
  ck_assert_int_eq(dhcpha_hub_new(NULL, NULL, NULL, NULL), DHCPHA_ERR_ARGUMENT);
  dhcpha_hub_free(NULL);
  dhcpha_action_free(NULL);
  bench_start(&b, "hot-standby", 0, "", false);
  dhcpha_explanation_init(&explanation);
  ck_assert_int_eq(dhcpha_hub_explain(b.hub, 1, &explanation), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_get_state(b.hub, 1), DHCPHA_STATE_NONE);
  ck_assert_int_eq(dhcpha_hub_get_partner_state(b.hub, SIZE_MAX), DHCPHA_STATE_NONE);
  ck_assert_uint_eq(dhcpha_hub_get_counter(b.hub, DHCPHA_COUNTER_COUNT), 0);
  ck_assert_uint_eq(dhcpha_hub_get_counter(b.hub, (dhcpha_counter)-1), 0);
}
END_TEST

START_TEST(a_lease_of_another_family_is_refused) {
  dhcpha_query query;
  dhcpha_lease lease;
  uint8_t hw[6], lease_hw[6];
  bool parked = true;
  bench_start(&b, "hot-standby", 0, "", false);
  bench_bring_up(&b, "hot-standby");
  bench_query(&query, hw, 1, 0);
  bench_lease(&lease, lease_hw, 1);
  dhcpha_address_parse(&lease.address, "2001:db8::1");
  ck_assert_int_eq(dhcpha_hub_leases_changed(b.hub, 1, &query, &lease, 1, NULL, 0, &parked),
                   DHCPHA_ERR_ARGUMENT);
  ck_assert_int_eq(dhcpha_hub_leases_changed(b.hub, 1, &query, NULL, 0, &lease, 1, &parked),
                   DHCPHA_ERR_ARGUMENT);
  ck_assert(!parked);
  ck_assert_int_eq(dhcpha_hub_leases_changed(b.hub, 1, &query, NULL, 0, NULL, 0, &parked),
                   DHCPHA_OK);
  ck_assert(!parked); /* P2 4.1: both lists are empty, nothing */
}
END_TEST

START_TEST(a_hub_may_be_freed_in_the_middle_of_everything) {
  bench_start(&b, "hot-standby", 0, "", false);
  switch (_i) {
  case 0: bench_heartbeat(&b, "ready"); break; /* it synchronizes */
  case 1:
    bench_bring_up(&b, "hot-standby");
    (void)bench_commit(&b, 1, 1);
    break;
  case 2: (void)bench_command(&b, LEASE_COMMAND); break;
  case 3: (void)bench_command(&b, PAGE_COMMAND); break;
  case 4: (void)bench_command(&b, "{\"command\":\"ha-maintenance-start\"}"); break;
  case 5:
    (void)bench_command(
        &b, "{\"command\":\"ha-sync\",\"arguments\":{\"server-name\":\"server2\"}}");
    break;
  default: /* with actions nobody took */
    (void)dhcpha_hub_command_received(b.hub, 1, PAGE_COMMAND, strlen(PAGE_COMMAND), 0);
  }
}
END_TEST

/* ---- limits ---- */

/* A store that hangs does not let a peer fill the memory. */
START_TEST(takes_so_many_commands_that_wait_for_the_store) {
  unsigned taken = 0;
  bench_start(&b, "hot-standby", 0, "", false);
  dhcpha_status status = DHCPHA_OK;
  while (status == DHCPHA_OK && taken < 10000) {
    status = bench_command(&b, PAGE_COMMAND);
    if (status == DHCPHA_OK) taken++;
  }
  ck_assert_int_eq(status, DHCPHA_ERR_LIMIT);
  ck_assert_uint_eq(taken, 4096);
  ck_assert_int_eq(dhcpha_hub_leases_read_done(b.hub, b.requests[0].id, DHCPHA_OK), DHCPHA_OK);
  ck_assert_int_eq(bench_command(&b, PAGE_COMMAND), DHCPHA_OK);
}
END_TEST

START_TEST(messages_nobody_pulls_are_counted) {
  bench_start(&b, "hot-standby", 0, "", false);
  for (int i = 0; i < 1500; i++)
    (void)dhcpha_hub_command_received(b.hub, 1, "x", 1, 0); /* each one is logged */
  ck_assert_uint_eq(dhcpha_hub_get_counter(b.hub, DHCPHA_COUNTER_LOGS_LOST), 1500 - 1024);
  bench_pull(&b);
}
END_TEST

/* Who takes commands by callback and has none for the log does not want it. */
static dhcpha_status take_command(uint64_t id, const char *peer, const char *url,
                                  const char *json, size_t json_len, uint32_t timeout_ms,
                                  void *user_data) {
  (void)id, (void)peer, (void)url, (void)json, (void)json_len, (void)timeout_ms;
  (void)user_data;
  return DHCPHA_OK;
}

START_TEST(a_host_without_a_log_has_none_lost) {
  dhcpha_callbacks callbacks;
  dhcpha_config *config = NULL;
  dhcpha_hub *hub = NULL;
  text json = {0};
  pair_config_write(&json, "hot-standby", 0, 0, NULL, 0);
  ck_assert_int_eq(
      dhcpha_config_parse(DHCPHA_DHCP4, text_of(&json), json.len, NULL, &config, NULL),
      DHCPHA_OK);
  text_free(&json);
  dhcpha_callbacks_init(&callbacks);
  callbacks.send_command = take_command;
  ck_assert_int_eq(dhcpha_hub_new(config, &callbacks, NULL, &hub), DHCPHA_OK);
  dhcpha_config_free(config);
  ck_assert_int_eq(dhcpha_hub_start(hub), DHCPHA_OK);
  for (int i = 0; i < 2000; i++) (void)dhcpha_hub_command_received(hub, 1, "x", 1, 0);
  ck_assert_uint_eq(dhcpha_hub_get_counter(hub, DHCPHA_COUNTER_LOGS_LOST), 0);
  dhcpha_hub_free(hub);
}
END_TEST

static void add_tests(TCase *tcase) {
  tcase_add_loop_test(tcase, gives_the_same_actions_pulled_and_called_back, 0, COUNT_OF(lives));
  tcase_add_loop_test(tcase, gives_the_same_actions_for_the_same_events, 0, COUNT_OF(lives));
  tcase_add_test(tcase, a_command_may_be_answered_while_it_is_sent);
  tcase_add_test(tcase, a_callback_may_call_the_hub);
  tcase_add_loop_test(tcase, a_command_that_cannot_be_sent_has_failed, 0, 2);
  tcase_add_loop_test(tcase, a_store_that_fails_is_an_error_to_the_peer, 0, 2);
  tcase_add_test(tcase, outcomes_count_once);
  tcase_add_test(tcase, ids_are_not_mistaken_for_each_other);
  tcase_add_test(tcase, a_store_hands_over_no_more_than_was_asked_for);
  tcase_add_loop_test(tcase, nothing_happens_before_the_start, 0, 2);
  tcase_add_test(tcase, is_started_once);
  tcase_add_test(tcase, wrong_arguments_are_named);
  tcase_add_test(tcase, a_lease_of_another_family_is_refused);
  tcase_add_loop_test(tcase, a_hub_may_be_freed_in_the_middle_of_everything, 0, 7);
  tcase_add_test(tcase, takes_so_many_commands_that_wait_for_the_store);
  tcase_add_test(tcase, messages_nobody_pulls_are_counted);
  tcase_add_test(tcase, a_host_without_a_log_has_none_lost);
}

int main(void) {
  TCase *tcase = tcase_create("hub");
  tcase_add_checked_fixture(tcase, NULL, end);
  add_tests(tcase);
  return unit_run("hub", tcase);
}
