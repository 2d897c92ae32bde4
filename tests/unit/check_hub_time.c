/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include <stdio.h>

#include "base/http_date.h"
#include "unit/hub_bench.h"
#include "unit/unit.h"

#define OK_ANSWER "[{\"result\":0,\"text\":\"done\"}]"
#define BOUND_MS 60000 /* max-response-delay, by default */

static bench b;

static void end(void) {
  if (b.hub != NULL) bench_end(&b);
}

static dhcpha_state state(void) {
  return dhcpha_hub_get_state(b.hub, 0);
}

/* ---- partner-down comes 1 ms after last contact + max-response-delay (P1 3.4) ---- */

typedef enum partner {
  REFUSES,     /* each command fails at once */
  BLACK_HOLE,  /* there is never an answer */
  TRICKLES,    /* bytes come, an answer does not */
  MALFORMED,   /* answers what is no heartbeat */
} partner;

static const struct {
  const char *sentence;
  const char *mode, *normal;
  size_t index;
  const char *parameters;
  partner partner;
} failures[] = {
    {"a primary, refused", "hot-standby", "hot-standby", 0, "", REFUSES},
    {"a primary before a black hole", "hot-standby", "hot-standby", 0, "", BLACK_HOLE},
    {"a primary, answers that trickle", "hot-standby", "hot-standby", 0, "", TRICKLES},
    {"a primary, answers without sense", "hot-standby", "hot-standby", 0, "", MALFORMED},
    {"a standby that looks at no clients", "hot-standby", "hot-standby", 1,
     "max-unacked-clients=0", REFUSES},
    {"a standby that looks at no clients, before a black hole", "hot-standby", "hot-standby", 1,
     "max-unacked-clients=0", BLACK_HOLE},
    {"load-balancing, no clients looked at", "load-balancing", "load-balancing", 1,
     "max-unacked-clients=0", BLACK_HOLE},
    {"without a backlog", "load-balancing", "load-balancing", 0,
     "max-unacked-clients=0 delayed-updates-limit=0", REFUSES},
    {"with heartbeats as long apart as the bound", "hot-standby", "hot-standby", 0,
     "heartbeat-delay=59000", BLACK_HOLE},
    {"with quick ones", "hot-standby", "hot-standby", 0, "heartbeat-delay=250", TRICKLES},
};

static void react(partner how, bench_sent *sent) {
  switch (how) {
  case REFUSES: bench_fail(&b, sent); break;
  case MALFORMED: bench_answer(&b, sent, "[{\"result\":0,\"arguments\":{}}]"); break;
  case TRICKLES:
    if (dhcpha_hub_command_progressed(b.hub, sent->id) != DHCPHA_OK) sent->over = true;
    break;
  case BLACK_HOLE: break;
  }
}

/* Up to this moment: what the partner does, ten times a second. */
static void suffer(partner how, int64_t until_ms) {
  while (b.now.monotonic_ms < until_ms) {
    int64_t next_ms = b.now.monotonic_ms / 100 * 100 + 100;
    bench_run(&b, next_ms < until_ms ? next_ms : until_ms);
    for (bench_sent *sent = b.sent; sent < b.sent + b.sent_count; sent++)
      if (!sent->over && strcmp(sent->command, "list-commands") != 0) react(how, sent);
  }
}

START_TEST(goes_to_partner_down_exactly_with_the_bound) {
  bench_start(&b, failures[_i].mode, failures[_i].index, failures[_i].parameters, false);
  bench_bring_up(&b, failures[_i].normal);
  bench_heartbeat(&b, failures[_i].normal);
  int64_t contact_ms = b.now.monotonic_ms;
  suffer(failures[_i].partner, contact_ms + BOUND_MS);
  ck_assert_msg(state() != DHCPHA_STATE_PARTNER_DOWN, "%s: too early", failures[_i].sentence);
  bench_run(&b, contact_ms + BOUND_MS + 1);
  ck_assert_msg(state() == DHCPHA_STATE_PARTNER_DOWN, "%s: %s", failures[_i].sentence,
                dhcpha_state_get_name(state()));
}
END_TEST

/* P2 1.3: who waits with its service off goes by time alone. */
static const struct {
  const char *mode;
  size_t index;
} waiters[] = {{"hot-standby", 0}, {"hot-standby", 1}, {"load-balancing", 0},
               {"load-balancing", 1}};

START_TEST(a_partner_dead_at_the_start_is_replaced_with_the_bound) {
  for (int how = REFUSES; how <= MALFORMED; how++) {
    bench_start(&b, waiters[_i].mode, waiters[_i].index, "", false);
    int64_t start_ms = b.now.monotonic_ms;
    suffer((partner)how, start_ms + BOUND_MS);
    ck_assert_int_eq(state(), DHCPHA_STATE_WAITING);
    bench_run(&b, start_ms + BOUND_MS + 1);
    ck_assert_int_eq(state(), DHCPHA_STATE_PARTNER_DOWN);
    ck_assert(dhcpha_hub_get_service(b.hub));
    bench_end(&b);
  }
}
END_TEST

static void start_standby(void) {
  bench_start(&b, "hot-standby", 1, "max-unacked-clients=2", false);
  bench_bring_up(&b, "hot-standby");
  bench_heartbeat(&b, "hot-standby");
}

/* P1 3.5: a query is looked at when communication is interrupted, so clients that called before
 * the bound call again after it. */
START_TEST(a_standby_waits_for_unacked_clients_after_the_bound) {
  start_standby();
  int64_t contact_ms = b.now.monotonic_ms;
  suffer(_i == 0 ? REFUSES : BLACK_HOLE, contact_ms + BOUND_MS);
  for (unsigned client = 1; client <= 9; client++) (void)bench_ask(&b, client, 100);
  bench_run(&b, contact_ms + BOUND_MS + 1);
  ck_assert_int_eq(state(), DHCPHA_STATE_HOT_STANDBY);
  for (unsigned client = 1; client <= 2; client++) (void)bench_ask(&b, client, 100);
  (void)bench_ask(&b, 2, 200);  /* the same client */
  (void)bench_ask(&b, 3, 10);   /* waits for 10 s, not longer */
  ck_assert_int_eq(state(), DHCPHA_STATE_HOT_STANDBY);
  int64_t now_ms = b.now.monotonic_ms;
  dhcpha_verdict verdict = bench_ask(&b, 3, 11);
  ck_assert_int_eq(state(), DHCPHA_STATE_PARTNER_DOWN);
  ck_assert_int_eq(b.now.monotonic_ms, now_ms);
  ck_assert(!verdict.serve); /* the next one is */
  ck_assert(bench_ask(&b, 4, 0).serve);
}
END_TEST

/* The number is reached while the partner still counts as alive, because the heartbeat sent just
 * before the bound is given its second: then its end decides. */
START_TEST(a_standby_with_the_number_reached_goes_with_the_end_of_the_heartbeat) {
  bench_start(&b, "hot-standby", 1, "max-unacked-clients=2 heartbeat-delay=59500", false);
  bench_bring_up(&b, "hot-standby");
  bench_heartbeat(&b, "hot-standby");
  int64_t contact_ms = b.now.monotonic_ms;
  bench_run(&b, contact_ms + BOUND_MS + 1);
  for (unsigned client = 1; client <= 3; client++) (void)bench_ask(&b, client, 100);
  ck_assert_int_eq(dhcpha_hub_get_partner_state(b.hub, 0), DHCPHA_STATE_HOT_STANDBY);
  ck_assert_int_eq(state(), DHCPHA_STATE_HOT_STANDBY);
  bench_run(&b, contact_ms + 59500 + 999);
  ck_assert_int_eq(state(), DHCPHA_STATE_HOT_STANDBY);
  bench_run(&b, contact_ms + 59500 + 1000);
  ck_assert_int_eq(state(), DHCPHA_STATE_PARTNER_DOWN);
}
END_TEST

/* A contact in time starts the bound anew. */
START_TEST(a_contact_in_the_last_moment_is_in_time) {
  bench_start(&b, "hot-standby", 0, "heartbeat-delay=59500", false);
  bench_bring_up(&b, "hot-standby");
  bench_heartbeat(&b, "hot-standby");
  int64_t contact_ms = b.now.monotonic_ms;
  bench_run(&b, contact_ms + BOUND_MS);
  bench_heartbeat_answer(&b, bench_find(&b, "ha-heartbeat"), "hot-standby", 0, 0);
  bench_run(&b, contact_ms + BOUND_MS + 5000);
  ck_assert_int_eq(state(), DHCPHA_STATE_HOT_STANDBY);
}
END_TEST

/* A heartbeat sent just before the bound is given a second: it may be answered yet. */
START_TEST(a_heartbeat_sent_just_before_the_bound_has_a_second) {
  bench_start(&b, "hot-standby", 0, "heartbeat-delay=59500", false);
  bench_bring_up(&b, "hot-standby");
  bench_heartbeat(&b, "hot-standby");
  int64_t contact_ms = b.now.monotonic_ms;
  bench_run(&b, contact_ms + 59500 + 999);
  ck_assert_int_eq(state(), DHCPHA_STATE_HOT_STANDBY);
  bench_run(&b, contact_ms + 59500 + 1000);
  ck_assert_int_eq(state(), DHCPHA_STATE_PARTNER_DOWN);
}
END_TEST

/* ---- deadlines of exchanges (P1 4.2) ---- */

START_TEST(an_update_without_answer_is_given_up_after_ten_seconds) {
  bench_start(&b, "hot-standby", 0, "", false);
  bench_bring_up(&b, "hot-standby");
  (void)bench_commit(&b, 5, 1);
  int64_t sent_ms = b.now.monotonic_ms;
  ck_assert_ptr_nonnull(strstr(text_of(&b.trace), "http://192.0.2.2:8000/ 10000 {"));
  bench_run(&b, sent_ms + 9999);
  ck_assert_ptr_null(strstr(text_of(&b.trace), "release 5"));
  bench_run(&b, sent_ms + 10000);
  ck_assert_ptr_nonnull(strstr(text_of(&b.trace), "release 5 drop"));
  ck_assert_int_eq(dhcpha_hub_get_partner_state(b.hub, 0), DHCPHA_STATE_UNAVAILABLE);
}
END_TEST

START_TEST(progress_gives_the_timeout_anew_but_not_for_ever) {
  bench_start(&b, "hot-standby", 0, "", false);
  bench_bring_up(&b, "hot-standby");
  (void)bench_commit(&b, 5, 1);
  int64_t sent_ms = b.now.monotonic_ms;
  bench_sent *sent = bench_find(&b, "lease4-update");
  for (int64_t at = sent_ms + 9000; at < sent_ms + 100000; at += 9000) {
    while (b.now.monotonic_ms < at) {
      bench_run(&b, b.now.monotonic_ms + 500);
      for (bench_sent *s = b.sent; s < b.sent + b.sent_count; s++)
        if (!s->over && strcmp(s->command, "ha-heartbeat") == 0)
          bench_heartbeat_answer(&b, s, "hot-standby", 0, 0);
    }
    ck_assert_int_eq(dhcpha_hub_command_progressed(b.hub, sent->id), DHCPHA_OK);
    /* The client has given up by then. */
    ck_assert((strstr(text_of(&b.trace), "release 5 drop") != NULL) == (at >= sent_ms + 30000));
  }
  bench_run(&b, sent_ms + 99999);
  ck_assert_int_eq(dhcpha_hub_command_progressed(b.hub, sent->id), DHCPHA_OK);
  ck_assert_uint_eq(dhcpha_hub_get_counter(b.hub, DHCPHA_COUNTER_UPDATES_FAILED), 0);
  bench_run(&b, sent_ms + 100000);
  ck_assert_uint_eq(dhcpha_hub_get_counter(b.hub, DHCPHA_COUNTER_UPDATES_FAILED), 1);
  ck_assert_int_eq(dhcpha_hub_command_progressed(b.hub, sent->id), DHCPHA_ERR_UNKNOWN);
}
END_TEST

START_TEST(without_progress_the_timeout_counts_from_the_last) {
  bench_start(&b, "hot-standby", 0, "", false);
  bench_bring_up(&b, "hot-standby");
  (void)bench_commit(&b, 5, 1);
  int64_t sent_ms = b.now.monotonic_ms;
  bench_sent *sent = bench_find(&b, "lease4-update");
  bench_run(&b, sent_ms + 4000);
  ck_assert_int_eq(dhcpha_hub_command_progressed(b.hub, sent->id), DHCPHA_OK);
  bench_run(&b, sent_ms + 13999);
  ck_assert_ptr_null(strstr(text_of(&b.trace), "release 5"));
  bench_run(&b, sent_ms + 14000);
  ck_assert_ptr_nonnull(strstr(text_of(&b.trace), "release 5 drop"));
}
END_TEST

/* P1 4.2: pages have sync-timeout. */
START_TEST(a_page_is_waited_for_as_configured) {
  bench_start(&b, "hot-standby", 0, "sync-timeout=3000", false);
  bench_heartbeat(&b, "ready");
  bench_answer(&b, bench_find(&b, "dhcp-disable"), OK_ANSWER);
  ck_assert_ptr_nonnull(bench_find(&b, "lease4-get-page"));
  int64_t sent_ms = b.now.monotonic_ms;
  bench_run(&b, sent_ms + 2999);
  ck_assert_ptr_null(bench_find(&b, "dhcp-enable"));
  bench_run(&b, sent_ms + 3000);
  ck_assert_ptr_nonnull(bench_find(&b, "dhcp-enable"));
  ck_assert_int_eq(state(), DHCPHA_STATE_SYNCING);
}
END_TEST

/* ---- heartbeats (P2 3.2) ---- */

/* "The first heartbeat is sent heartbeat-delay after the start, not immediately." */
START_TEST(the_first_heartbeat_comes_after_a_whole_delay) {
  bench_start(&b, "hot-standby", 0, "heartbeat-delay=7000", false);
  bench_run(&b, 1000 + 6999);
  ck_assert_uint_eq(b.sent_count, 0);
  bench_run(&b, 1000 + 7000);
  ck_assert_uint_eq(b.sent_count, 1);
  ck_assert_str_eq(b.sent[0].command, "ha-heartbeat");
}
END_TEST

/* "re-armed with the full heartbeat-delay when a heartbeat completes": one at a time. */
START_TEST(the_next_heartbeat_counts_from_the_end_of_the_last) {
  bench_start(&b, "hot-standby", 0, "", false);
  bench_bring_up(&b, "hot-standby");
  bench_heartbeat(&b, "hot-standby");
  int64_t contact_ms = b.now.monotonic_ms;
  bench_run(&b, contact_ms + 14000);
  size_t sent = b.sent_count;
  bench_heartbeat_answer(&b, bench_find(&b, "ha-heartbeat"), "hot-standby", 0, 0);
  bench_run(&b, contact_ms + 23999);
  ck_assert_uint_eq(b.sent_count, sent);
  bench_run(&b, contact_ms + 24000);
  ck_assert_uint_eq(b.sent_count, sent + 1);
}
END_TEST

static const struct {
  const char *sentence, *mode;
  size_t index;
  const char *parameters;
} silents[] = {
    {"with heartbeat-delay 0", "hot-standby", 0, "heartbeat-delay=0"},
    {"a primary without partner", "passive-backup", 0, ""},
    {"a backup server", "passive-backup", 1, ""},
};

START_TEST(some_send_no_heartbeats) {
  bench_start(&b, silents[_i].mode, silents[_i].index, silents[_i].parameters, false);
  bench_run(&b, 3600 * 1000);
  ck_assert_msg(b.sent_count == 0, "%s", silents[_i].sentence);
  ck_assert_int_eq(dhcpha_hub_get_expiry(b.hub), DHCPHA_NEVER);
}
END_TEST

/* P2 3.2: one in flight when terminated is entered does not bring the next. */
START_TEST(terminated_sends_no_heartbeats) {
  bench_start(&b, "hot-standby", 0, "", false);
  bench_bring_up(&b, "hot-standby");
  bench_run(&b, b.now.monotonic_ms + 10000);
  bench_heartbeat_answer(&b, bench_find(&b, "ha-heartbeat"), "hot-standby", 61, 0);
  ck_assert_int_eq(state(), DHCPHA_STATE_TERMINATED);
  size_t sent = b.sent_count;
  bench_run(&b, b.now.monotonic_ms + 3600 * 1000);
  ck_assert_uint_eq(b.sent_count, sent);
}
END_TEST

/* ---- a host that calls dhcpha_hub_handle_expiry() when it is told never spins ---- */

/* All that a partner may do, in every mode: bench_run() checks after each call that nothing is
 * due any more, and here there are few calls in each virtual second. */
static const struct {
  const char *mode;
  size_t index;
  const char *parameters;
} loops[] = {
    {"hot-standby", 0, ""},
    {"hot-standby", 1, "max-unacked-clients=1"},
    {"load-balancing", 0, "delayed-updates-limit=3"},
    {"load-balancing", 1, "max-unacked-clients=0"},
    {"passive-backup", 0, "wait-backup-ack=true"},
    {"hot-standby", 0, "max-response-delay=1000 heartbeat-delay=300"},
    {"load-balancing", 0, "sync-timeout=1 max-response-delay=2000"},
};

#define CALLS_A_SECOND_MAX 10

static const char *const states[] = {"waiting", "syncing", "ready", "ready", "ready",
                                     "hot-standby", "hot-standby", "load-balancing",
                                     "load-balancing", "communication-recovery", "partner-down",
                                     "in-maintenance", "partner-in-maintenance", "terminated",
                                     "unavailable", "backup", "passive-backup", "nonsense"};
static const char *const answers[] = {
    OK_ANSWER, "[{\"result\":1,\"text\":\"no\"}]", "[{\"result\":2,\"text\":\"no\"}]",
    "[{\"result\":3,\"arguments\":{\"leases\":[],\"count\":0}}]", "[{\"result\":4,\"text\":\"no\"}]",
    "{}", "["};
static const char *const commands[] = {
    "{\"command\":\"ha-reset\"}", "{\"command\":\"ha-maintenance-start\"}",
    "{\"command\":\"ha-maintenance-cancel\"}", "{\"command\":\"ha-heartbeat\"}",
    "{\"command\":\"dhcp-disable\",\"arguments\":{\"max-period\":1,\"origin-id\":2000}}",
    "{\"command\":\"ha-sync-complete-notify\"}",
    "{\"command\":\"ha-sync\",\"arguments\":{\"server-name\":\"server2\"}}",
    "{\"command\":\"ha-maintenance-notify\",\"arguments\":{\"cancel\":false}}",
    "{\"command\":\"ha-maintenance-notify\",\"arguments\":{\"cancel\":true,\"state\":\"ready\"}}"};

static void answer_somehow(bench_sent *sent) {
  char json[300], date[DHCPHA_HTTP_DATE_SIZE];
  sent->over = true;
  switch (rand() % 10) {
  case 0: return; /* never */
  case 1:
    (void)dhcpha_hub_command_failed(b.hub, sent->id, DHCPHA_ERR_TIMEOUT, NULL);
    return;
  default: break;
  }
  snprintf(json, sizeof json, "%s", answers[rand() % COUNT_OF(answers)]);
  dhcpha_http_date_format(b.now.utc_ms / 1000 + (rand() % 2000 == 0 ? 100 : 0), date);
  if (strcmp(sent->command, "ha-heartbeat") == 0)
    snprintf(json, sizeof json,
             "[{\"result\":0,\"arguments\":{\"state\":\"%s\",\"date-time\":\"%s\","
             "\"unsent-update-count\":%d}}]",
             states[rand() % COUNT_OF(states)], date, rand() % 3);
  (void)dhcpha_hub_command_answered(b.hub, sent->id, json, strlen(json));
}

/* P2 1.5 and 1.6, and the commands of P2 7: from each state only these can be gone to, in one
 * step of the trace. */
static void check_steps(void) {
  static const struct {
    const char *from, *to;
  } never[] = {
      {"waiting", "-> load-balancing"},    {"waiting", "-> hot-standby"},
      {"waiting", "-> communication-recovery"}, {"syncing", "-> load-balancing"},
      {"syncing", "-> hot-standby"},       {"partner-down", "-> ready"},
      {"partner-down", "-> syncing"},      {"hot-standby", "-> ready"},
      {"hot-standby", "-> syncing"},       {"hot-standby", "-> communication-recovery"},
      {"load-balancing", "-> ready"},      {"load-balancing", "-> syncing"},
      {"terminated", "-> ready"},          {"terminated", "-> syncing"},
      {"terminated", "-> partner-down"},   {"terminated", "-> in-maintenance"},
      {"in-maintenance", "-> partner-down"}, {"in-maintenance", "-> partner-in-maintenance"},
      {"communication-recovery", "-> ready"}, {"communication-recovery", "-> hot-standby"},
      {"ready", "-> syncing"},             {"ready", "-> communication-recovery"},
  };
  char wanted[80];
  for (int i = 0; i < COUNT_OF(never); i++) {
    snprintf(wanted, sizeof wanted, ": %s %s (", never[i].from, never[i].to);
    const char *found = strstr(text_of(&b.trace), wanted);
    /* Cancelling maintenance returns to wherever it began. */
    ck_assert_msg(found == NULL || strstr(found, "maintenance-canceled") != NULL, "%.100s",
                  found == NULL ? "" : found);
  }
}

START_TEST(never_spins_whatever_the_partner_does) {
  unsigned most = 0;
  bench_start(&b, loops[_i].mode, loops[_i].index, loops[_i].parameters, _i % 2 == 1);
  srand(5);
  for (int second = 0; second < 20000; second++) {
    unsigned calls = bench_run(&b, b.now.monotonic_ms + 1000);
    if (calls > most) most = calls;
    for (size_t i = 0; i < b.sent_count; i++)
      if (!b.sent[i].over && rand() % 3 == 0) answer_somehow(&b.sent[i]);
    bench_pull(&b);
    ck_assert_int_ge(dhcpha_hub_get_expiry(b.hub), 0);
    if (state() == DHCPHA_STATE_TERMINATED && rand() % 10 == 0)
      (void)bench_command(&b, commands[0]);
    if (rand() % 40 == 0) (void)bench_command(&b, commands[rand() % COUNT_OF(commands)]);
    (void)bench_ask(&b, (unsigned)rand() % 50, (uint16_t)(rand() % 30));
    if (rand() % 5 == 0) (void)bench_commit(&b, (uint64_t)second, (unsigned)rand() % 50);
    for (size_t i = 0; i < b.request_count; i++) {
      if (b.requests[i].over) continue;
      b.requests[i].over = true;
      (void)dhcpha_hub_leases_stored(b.hub, b.requests[i].id, NULL, 0);
    }
    bench_pull(&b);
    if (second % 100 == 0) {
      check_steps();
      text_clear(&b.trace);
    }
  }
  ck_assert_msg(most <= CALLS_A_SECOND_MAX, "%u calls in one second", most);
}
END_TEST

/* Too early it does nothing. */
START_TEST(called_too_early_nothing_happens) {
  bench_start(&b, "hot-standby", 0, "", false);
  size_t len = b.trace.len;
  int64_t due_ms = dhcpha_hub_get_expiry(b.hub);
  for (int i = 0; i < 100; i++) {
    ck_assert_int_eq(dhcpha_hub_handle_expiry(b.hub), DHCPHA_OK);
    bench_pull(&b);
  }
  ck_assert_uint_eq(b.trace.len, len);
  ck_assert_int_eq(dhcpha_hub_get_expiry(b.hub), due_ms);
}
END_TEST

/* A host that slept for an hour does all at once what was due. */
START_TEST(called_late_it_does_what_was_due_once) {
  bench_start(&b, "hot-standby", 0, "", false);
  bench_bring_up(&b, "hot-standby");
  b.now.monotonic_ms += 3600 * 1000;
  b.now.utc_ms += 3600 * 1000;
  ck_assert_int_eq(dhcpha_hub_handle_expiry(b.hub), DHCPHA_OK);
  bench_pull(&b);
  ck_assert_int_gt(dhcpha_hub_get_expiry(b.hub), b.now.monotonic_ms);
  ck_assert_ptr_nonnull(bench_find(&b, "ha-heartbeat"));
  bench_heartbeat(&b, "hot-standby");
  ck_assert_int_eq(state(), DHCPHA_STATE_HOT_STANDBY);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("hub_time");
  tcase_add_checked_fixture(tcase, NULL, end);
  tcase_add_loop_test(tcase, goes_to_partner_down_exactly_with_the_bound, 0, COUNT_OF(failures));
  tcase_add_loop_test(tcase, a_partner_dead_at_the_start_is_replaced_with_the_bound, 0,
                      COUNT_OF(waiters));
  tcase_add_loop_test(tcase, a_standby_waits_for_unacked_clients_after_the_bound, 0, 2);
  tcase_add_test(tcase, a_standby_with_the_number_reached_goes_with_the_end_of_the_heartbeat);
  tcase_add_test(tcase, a_contact_in_the_last_moment_is_in_time);
  tcase_add_test(tcase, a_heartbeat_sent_just_before_the_bound_has_a_second);
  tcase_add_test(tcase, an_update_without_answer_is_given_up_after_ten_seconds);
  tcase_add_test(tcase, progress_gives_the_timeout_anew_but_not_for_ever);
  tcase_add_test(tcase, without_progress_the_timeout_counts_from_the_last);
  tcase_add_test(tcase, a_page_is_waited_for_as_configured);
  tcase_add_test(tcase, the_first_heartbeat_comes_after_a_whole_delay);
  tcase_add_test(tcase, the_next_heartbeat_counts_from_the_end_of_the_last);
  tcase_add_loop_test(tcase, some_send_no_heartbeats, 0, COUNT_OF(silents));
  tcase_add_test(tcase, terminated_sends_no_heartbeats);
  tcase_add_loop_test(tcase, never_spins_whatever_the_partner_does, 0, COUNT_OF(loops));
  tcase_add_test(tcase, called_too_early_nothing_happens);
  tcase_add_test(tcase, called_late_it_does_what_was_due_once);
  return unit_run("hub_time", tcase);
}
