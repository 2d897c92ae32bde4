/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* What an administrator, and a partner's commands, do in each of the twelve states: pausing (P2
 * 7.9), maintenance (P2 7.5 to 7.7), ha-reset (P2 7.4), ha-scopes (P2 7.2). */
#include <stdio.h>

#include "unit/hub_bench.h"
#include "unit/unit.h"

#define OK_ANSWER "[{\"result\":0,\"text\":\"done\"}]"
#define NOTIFY "{\"command\":\"ha-maintenance-notify\",\"arguments\":{\"cancel\":false}}"
#define NOTIFY_CANCEL                                                                          \
  "{\"command\":\"ha-maintenance-notify\",\"arguments\":{\"cancel\":true,\"state\":\"ready\"}}"

static bench b;

static void end(void) {
  if (b.hub != NULL) bench_end(&b);
}

static const char *state(void) {
  return dhcpha_state_get_name(dhcpha_hub_get_state(b.hub, 0));
}

static const char *ask(const char *command) {
  char json[100];
  snprintf(json, sizeof json, "{\"command\":\"%s\"}", command);
  ck_assert_int_eq(bench_command(&b, json), DHCPHA_OK);
  return text_of(&b.answer);
}

static const char *tell(const char *json) {
  ck_assert_int_eq(bench_command(&b, json), DHCPHA_OK);
  return text_of(&b.answer);
}

/* ---- the way to each state ---- */

static void starts(void) {}
static void synchronizes(void) { bench_heartbeat(&b, "ready"); }
static void is_ready(void) {
  synchronizes();
  bench_answer(&b, bench_find(&b, "dhcp-disable"), OK_ANSWER);
  bench_answer(&b, bench_find(&b, "lease4-get-page"),
               "[{\"result\":3,\"arguments\":{\"leases\":[]}}]");
  bench_answer(&b, bench_find(&b, "ha-sync-complete-notify"), OK_ANSWER);
}
static void works(void) { bench_bring_up(&b, "hot-standby"); }
static void balances(void) { bench_bring_up(&b, "load-balancing"); }
static void keeps_updates(void) {
  balances();
  bench_run(&b, b.now.monotonic_ms + 10000);
  bench_fail(&b, bench_find(&b, "ha-heartbeat"));
}
static void serves_alone(void) {
  works();
  bench_run(&b, b.now.monotonic_ms + 80000);
}
static void maintains(void) {
  works();
  (void)ask("ha-maintenance-start");
  bench_answer(&b, bench_find(&b, "ha-maintenance-notify"), OK_ANSWER);
}
static void is_maintained(void) {
  works();
  (void)tell(NOTIFY);
}
static void is_terminated(void) {
  works();
  bench_run(&b, b.now.monotonic_ms + 10000);
  bench_heartbeat_answer(&b, bench_find(&b, "ha-heartbeat"), "hot-standby", 61, 0);
}

typedef enum fate { REFUSED, REFUSED_1001, DONE, PARTNERLESS } fate;

static const struct {
  const char *name;
  const char *mode;
  size_t index;
  void (*reach)(void);
  const char *scopes; /* P2 1.4 */
  bool service;
  bool heartbeats;
  bool updates; /* go to the partner */
  int unsent;   /* after one update that does not: P2 4.7 */
  fate start, notified;
  const char *after_reset; /* before anything else is heard, P2 15.2 */
} states[] = {
    {"waiting", "hot-standby", 0, starts, "[]", false, true, false, 1, DONE, DONE, "waiting"},
    {"syncing", "hot-standby", 0, synchronizes, "[]", false, true, false, 1, DONE, DONE,
     "syncing"},
    {"ready", "hot-standby", 1, is_ready, "[]", false, true, false, 1, DONE, DONE, "syncing"},
    {"hot-standby", "hot-standby", 0, works, "[\"server1\"]", true, true, true, 0, DONE, DONE,
     "syncing"},
    {"load-balancing", "load-balancing", 0, balances, "[\"server1\"]", true, true, true, 0, DONE,
     DONE, "syncing"},
    {"communication-recovery", "load-balancing", 0, keeps_updates, "[\"server1\"]", true, true,
     false, 0, DONE, DONE, "waiting"},
    {"partner-down", "hot-standby", 0, serves_alone, "[\"server1\"]", true, true, false, 1, DONE,
     DONE, "waiting"},
    {"partner-in-maintenance", "hot-standby", 0, maintains, "[\"server1\"]", true, true, true, 0,
     REFUSED, REFUSED_1001, "syncing"},
    {"in-maintenance", "hot-standby", 0, is_maintained, "[]", false, true, false, 1, REFUSED, DONE,
     "syncing"},
    {"terminated", "hot-standby", 0, is_terminated, "[\"server1\"]", true, false, false, 1,
     REFUSED, REFUSED_1001, "waiting"},
    {"backup", "passive-backup", 1, starts, "[]", false, false, false, 1, REFUSED, REFUSED_1001,
     "backup"},
    {"passive-backup", "passive-backup", 0, starts, "[\"server1\"]", true, false, false, 0,
     PARTNERLESS, DONE, "passive-backup"},
};

static int at;

static void expect(const char *said, const char *wanted) {
  ck_assert_msg(strstr(said, wanted) != NULL, "%s: %s, not %s", states[at].name, said, wanted);
}

static void reach(int index, const char *parameters) {
  at = index;
  bench_start(&b, states[at].mode, states[at].index, parameters, false);
  states[at].reach();
  ck_assert_str_eq(state(), states[at].name);
}

/* ---- pausing ---- */

static void stays(const char *why) {
  ck_assert_msg(strcmp(state(), states[at].name) == 0, "%s, paused, moved to %s: %s",
                states[at].name, state(), why);
  ck_assert_msg(bench_find(&b, "dhcp-disable") == NULL, "%s: it synchronizes", states[at].name);
  ck_assert_msg(bench_find(&b, "ha-reset") == NULL, "%s: it resets", states[at].name);
}

static void does_what_the_state_does(void) {
  char wanted[80];
  const char *answer = ask("ha-heartbeat");
  snprintf(wanted, sizeof wanted, "\"scopes\":%s,\"state\":\"%s\",\"unsent-update-count\":0",
           states[at].scopes, states[at].name);
  expect(answer, wanted);
  ck_assert(dhcpha_hub_get_service(b.hub) == states[at].service);
  bool parked = bench_commit(&b, 9, 1);
  bench_sent *update = bench_find_to(&b, "lease4-update", "server2");
  ck_assert_msg((update != NULL && strcmp(states[at].mode, "passive-backup") != 0) ==
                    states[at].updates, "%s: updates", states[at].name);
  ck_assert(parked == states[at].updates);
  if (update != NULL) bench_answer(&b, update, OK_ANSWER);
  snprintf(wanted, sizeof wanted, "\"unsent-update-count\":%d", states[at].unsent);
  expect(ask("ha-heartbeat"), wanted);
}

static void hears_everything(void) {
  static const char *const partner_states[] = {
      "waiting", "syncing", "ready", "hot-standby", "load-balancing", "communication-recovery",
      "partner-down", "in-maintenance", "partner-in-maintenance", "terminated",
  };
  for (size_t i = 0; i < sizeof partner_states / sizeof partner_states[0]; i++) {
    bench_heartbeat(&b, partner_states[i]);
    stays(partner_states[i]);
    ck_assert_ptr_null(bench_find(&b, "lease4-update")); /* nothing of what was kept is sent */
  }
  bench_run(&b, b.now.monotonic_ms + 10000);
  bench_heartbeat_answer(&b, bench_find(&b, "ha-heartbeat"), "hot-standby", 61, 0);
  stays("the clocks differ");
  bench_run(&b, b.now.monotonic_ms + 120000);
  for (unsigned client = 2; client < 30; client++) (void)bench_ask(&b, client, 200);
  bench_run(&b, b.now.monotonic_ms + 20000);
  stays("the partner is silent and its clients are not served");
}

/* Commands that are no transitions are carried out as ever. */
static void serves_its_partner(void) {
  expect(ask("dhcp-disable"), "DHCPv4 service disabled");
  expect(ask("dhcp-enable"), "DHCP service successfully enabled");
  ck_assert(dhcpha_hub_get_service(b.hub) == states[at].service);
  text_clear(&b.trace);
  (void)tell("{\"command\":\"lease4-update\",\"arguments\":{\"ip-address\":\"192.0.2.77\","
             "\"hw-address\":\"02:00:00:00:00:09\",\"subnet-id\":1,\"valid-lft\":4000}}");
  expect(text_of(&b.trace), "store 1");
  (void)tell("{\"command\":\"lease4-get-page\",\"arguments\":{\"from\":\"start\",\"limit\":2}}");
  expect(text_of(&b.trace), "read 2");
}

/* "`paused` stays set across them". */
static void is_moved_by_commands_only(void) {
  const char *answer = ask("ha-reset");
  expect(answer, at == 0 ? "HA state machine already in WAITING state."
                         : "HA state machine reset.");
  ck_assert_msg(strcmp(state(), "waiting") == 0, "%s: %s after ha-reset", states[at].name, state());
  expect(tell(NOTIFY), "Server is in-maintenance state.");
  ck_assert_str_eq(state(), "in-maintenance");
  expect(tell(NOTIFY_CANCEL), "{\"state\":\"waiting\"}");
  bench_run(&b, b.now.monotonic_ms + 130000);
  ck_assert_msg(strcmp(state(), "waiting") == 0, "%s: %s, though paused", states[at].name, state());
  expect(ask("ha-continue"), "HA state machine continues.");
}

/* P2 7.9, every row, in every state, `once` and `always`. */
START_TEST(a_paused_server_does_all_but_move) {
  static const char *const policies[] = {"once", "always"};
  char parameter[60], wanted[80];
  snprintf(parameter, sizeof parameter, "pause.%s=%s", states[_i % COUNT_OF(states)].name,
           policies[_i / COUNT_OF(states)]);
  reach(_i % COUNT_OF(states), parameter);
  snprintf(wanted, sizeof wanted, "is paused in state %s until ha-continue", states[at].name);
  expect(text_of(&b.trace), wanted);
  does_what_the_state_does();
  if (states[at].heartbeats)
    hears_everything();
  else
    bench_run(&b, b.now.monotonic_ms + 120000);
  if (!states[at].heartbeats) ck_assert_ptr_null(bench_find(&b, "ha-heartbeat"));
  stays("nothing was heard");
  dhcpha_explanation explanation;
  dhcpha_explanation_init(&explanation);
  ck_assert_int_eq(dhcpha_hub_explain(b.hub, 0, &explanation), DHCPHA_OK);
  expect(explanation.text, "paused");
  serves_its_partner();
  is_moved_by_commands_only();
}
END_TEST

static bool pauses_again(const char *parameters, bool first) {
  bench_start(&b, "passive-backup", 0, parameters, false);
  if (first) (void)ask("ha-continue");
  (void)ask("ha-reset");
  return strstr(ask("ha-continue"), "continues") != NULL;
}

/* "once: first entry after process start"; and it is not used up by a server that is paused. */
START_TEST(once_is_once) {
  ck_assert(!pauses_again("pause.passive-backup=once", true));
  bench_end(&b);
  ck_assert(pauses_again("pause.passive-backup=always", true));
  bench_end(&b);
  ck_assert(pauses_again("pause.waiting=once pause.passive-backup=once", false));
  ck_assert_str_eq(state(), "passive-backup");
  expect(ask("ha-continue"), "HA state machine continues.");
}
END_TEST

/* Our own recovery from terminated is a transition as well. */
START_TEST(a_paused_server_does_not_recover_by_itself) {
  reach(9, "pause.terminated=always dhcpha.recover-terminated-after=30");
  for (int i = 0; i < 20; i++) bench_heartbeat(&b, "hot-standby"); /* the clocks agree */
  ck_assert_str_eq(state(), "terminated");
  (void)ask("ha-continue");
  bench_run(&b, b.now.monotonic_ms);
  ck_assert_str_ne(state(), "terminated"); /* it has been over for long enough */
}
END_TEST

/* ---- maintenance ---- */

static void expect_refusal(const char *answer, int result, const char *target) {
  char wanted[200];
  snprintf(wanted, sizeof wanted,
           "[{\"result\":%d,\"text\":\"Unable to transition the server from the %s to %s "
           "state.\"}]",
           result, states[at].name, target);
  ck_assert_str_eq(answer, wanted);
  ck_assert_str_eq(state(), states[at].name);
}

#define LONG_TEXT                                                                              \
  "Unable to transition the server from the partner-in-maintenance to in-maintenance state, "   \
  "and there is more to say about it than one would think: ask the other administrator first."

/* P2 7.6; the partner's words are told in full. */
static const struct {
  const char *partner; /* NULL: it cannot be reached */
  const char *state;   /* NULL: as it was */
  const char *answer;
} outcomes[] = {
    {OK_ANSWER, "partner-in-maintenance",
     "[{\"result\":0,\"text\":\"Server is now in the partner-in-maintenance state and its partner "
     "is in-maintenance state. The partner can be now safely shut down.\"}]"},
    {NULL, "partner-down",
     "[{\"result\":0,\"text\":\"Server is now in the partner-down state as its partner appears to "
     "be offline for maintenance.\"}]"},
    {"[{\"result\":1,\"text\":\"x\"}]", "partner-down",
     "[{\"result\":0,\"text\":\"Server is now in the partner-down state as its partner appears to "
     "be offline for maintenance.\"}]"},
    {"{\"result\":401,\"text\":\"Unauthorized\"}", "partner-down",
     "[{\"result\":0,\"text\":\"Server is now in the partner-down state as its partner appears to "
     "be offline for maintenance.\"}]"},
    {"[{\"result\":1001,\"text\":\"" LONG_TEXT "\"}]", NULL,
     "[{\"result\":1,\"text\":\"Unable to transition to the partner-in-maintenance state. The "
     "partner server responded with the following message to the ha-maintenance-notify command: "
     LONG_TEXT " (error code 1001).\"}]"},
    {"[{\"result\":2,\"text\":\"x\"}]", NULL,
     "[{\"result\":1,\"text\":\"Unable to transition to the partner-in-maintenance state. The "
     "partner server responded with the following message to the ha-maintenance-notify command: "
     "x (error code 2).\"}]"},
    {"[{\"result\":3,\"text\":\"x\"}]", NULL,
     "[{\"result\":1,\"text\":\"Unable to transition to the partner-in-maintenance state. The "
     "partner server responded with the following message to the ha-maintenance-notify command: "
     "x (error code 3).\"}]"},
    {"[{\"result\":4,\"text\":\"x\"}]", NULL,
     "[{\"result\":1,\"text\":\"Unable to transition to the partner-in-maintenance state. The "
     "partner server responded with the following message to the ha-maintenance-notify command: "
     "x (error code 4).\"}]"},
};

START_TEST(maintenance_starts_from_where_it_may) {
  char wanted[120];
  int outcome = _i / COUNT_OF(states);
  reach(_i % COUNT_OF(states), "");
  const char *answer = ask("ha-maintenance-start");
  if (states[at].start == REFUSED) {
    expect_refusal(answer, 1, "partner-in-maintenance");
    return;
  }
  if (states[at].start == PARTNERLESS) {
    expect(answer, "it has no partner");
    return;
  }
  snprintf(wanted, sizeof wanted,
           "{\"cancel\":false,\"server-name\":\"server%zu\",\"state\":\"%s\"}",
           states[at].index + 1, states[at].name);
  expect(text_of(&b.json), wanted);
  bench_sent *sent = bench_find(&b, "ha-maintenance-notify");
  if (outcomes[outcome].partner == NULL)
    bench_fail(&b, sent);
  else
    bench_answer(&b, sent, outcomes[outcome].partner);
  ck_assert_str_eq(text_of(&b.answer), outcomes[outcome].answer);
  const char *now = outcomes[outcome].state == NULL ? states[at].name : outcomes[outcome].state;
  ck_assert_str_eq(state(), now);
}
END_TEST

/* P2 7.5: there and back. */
START_TEST(a_notification_leads_to_in_maintenance_and_its_end_back) {
  bool is_maintained_already = strcmp(states[_i].name, "in-maintenance") == 0;
  reach(_i, "");
  if (!is_maintained_already) {
    ck_assert_str_eq(tell(NOTIFY_CANCEL),
                     "[{\"result\":1,\"text\":\"Unable to cancel the maintenance for the server "
                     "not in the in-maintenance state.\"}]");
    ck_assert_str_eq(state(), states[at].name);
  }
  const char *answer = tell(NOTIFY);
  if (states[at].notified == REFUSED_1001) {
    expect_refusal(answer, 1001, "in-maintenance");
    return;
  }
  ck_assert_str_eq(answer, "[{\"result\":0,\"text\":\"Server is in-maintenance state.\"}]");
  ck_assert_str_eq(state(), "in-maintenance");
  ck_assert(!dhcpha_hub_get_service(b.hub));
  expect(ask("ha-heartbeat"), "\"scopes\":[],\"state\":\"in-maintenance\"");
  const char *back = is_maintained_already ? "hot-standby" : states[at].name;
  char wanted[150];
  snprintf(wanted, sizeof wanted,
           "[{\"arguments\":{\"state\":\"%s\"},\"result\":0,\"text\":\"Server maintenance "
           "canceled.\"}]",
           back);
  ck_assert_str_eq(tell(NOTIFY_CANCEL), wanted);
  ck_assert_str_eq(state(), back);
}
END_TEST

/* P2 7.7. */
START_TEST(maintenance_is_canceled_where_it_was_started) {
  reach(_i, "");
  const char *answer = ask("ha-maintenance-cancel");
  if (strcmp(states[at].name, "partner-in-maintenance") != 0) {
    ck_assert_str_eq(answer, "[{\"result\":1,\"text\":\"Unable to cancel maintenance request "
                             "because the server is not in the partner-in-maintenance state.\"}]");
    ck_assert_str_eq(state(), states[at].name);
    return;
  }
  expect(text_of(&b.json),
         "{\"cancel\":true,\"server-name\":\"server1\",\"state\":\"hot-standby\"}");
  bench_answer(&b, bench_find(&b, "ha-maintenance-notify"),
               "[{\"result\":0,\"text\":\"x\",\"arguments\":{\"state\":\"hot-standby\"}}]");
  ck_assert_str_eq(text_of(&b.answer),
                   "[{\"result\":0,\"text\":\"Server maintenance successfully canceled.\"}]");
  ck_assert_str_eq(state(), "hot-standby");
}
END_TEST

START_TEST(a_partner_that_refuses_the_end_is_quoted_in_full) {
  at = 7;
  reach(at, "pause.partner-in-maintenance=always"); /* else it would go on to partner-down */
  (void)ask("ha-maintenance-cancel");
  bench_answer(&b, bench_find(&b, "ha-maintenance-notify"),
               "[{\"result\":1,\"text\":\"" LONG_TEXT "\"}]");
  ck_assert_str_eq(text_of(&b.answer),
                   "[{\"result\":1,\"text\":\"Unable to cancel maintenance. The partner server "
                   "responded with the following message to the ha-maintenance-notify command: "
                   LONG_TEXT ".\"}]");
  ck_assert_str_eq(state(), "partner-in-maintenance");
}
END_TEST

/* ---- ha-reset, ha-scopes, server-name ---- */

START_TEST(a_reset_leads_to_waiting_from_everywhere) {
  reach(_i, "");
  ck_assert_str_eq(ask("ha-reset"), at == 0 ? "[{\"result\":0,\"text\":\"HA state machine already "
                                              "in WAITING state.\"}]"
                                            : "[{\"result\":0,\"text\":\"HA state machine "
                                              "reset.\"}]");
  ck_assert_msg(strcmp(state(), states[at].after_reset) == 0, "%s: %s", states[at].name, state());
}
END_TEST

/* P2 7.2: what is served is set, the service is the state's. */
START_TEST(scopes_are_set_in_every_state) {
  reach(_i, "");
  ck_assert_str_eq(tell("{\"command\":\"ha-scopes\",\"arguments\":{\"scopes\":[\"server2\","
                        "\"server1\"]}}"),
                   "[{\"result\":0,\"text\":\"New HA scopes configured.\"}]");
  expect(ask("ha-heartbeat"), "\"scopes\":[\"server1\",\"server2\"]");
  ck_assert_str_eq(state(), states[at].name);
  ck_assert(dhcpha_hub_get_service(b.hub) == states[at].service);
  (void)tell("{\"command\":\"ha-scopes\",\"arguments\":{\"scopes\":[\"server1\",\"x\"]}}");
  expect(ask("ha-heartbeat"), "\"scopes\":[\"server1\",\"server2\"]"); /* all or nothing */
}
END_TEST

/* P1 5, "Common". */
static const struct {
  const char *command;
  const char *more; /* arguments it needs */
} named[] = {
    {"ha-heartbeat", ""},
    {"ha-reset", ""},
    {"ha-continue", ""},
    {"ha-scopes", ",\"scopes\":[]"},
    {"ha-sync", ""},
    {"ha-sync-complete-notify", ""},
    {"ha-maintenance-notify", ",\"cancel\":false"},
};

START_TEST(a_server_name_is_checked) {
  char json[200], wanted[200];
  const char *command = named[_i].command;
  reach(0, "");
  snprintf(json, sizeof json, "{\"command\":\"%s\",\"arguments\":{\"server-name\":5%s}}", command,
           named[_i].more);
  snprintf(wanted, sizeof wanted,
           "[{\"result\":1,\"text\":\"'server-name' must be a string in the '%s' command\"}]",
           command);
  ck_assert_str_eq(tell(json), wanted);
  snprintf(json, sizeof json, "{\"command\":\"%s\",\"arguments\":{\"server-name\":\"x\"%s}}",
           command, named[_i].more);
  ck_assert_str_eq(tell(json),
                   "[{\"result\":1,\"text\":\"x matches no configured 'server-name'\"}]");
  snprintf(json, sizeof json, "{\"command\":\"%s\",\"arguments\":[1]}", command);
  snprintf(wanted, sizeof wanted,
           strcmp(command, "ha-maintenance-notify") == 0
               ? "[{\"result\":1,\"text\":\"invalid command '%s': expected 'arguments' to be a "
                 "map, got list instead\"}]"
               : "[{\"result\":1,\"text\":\"arguments in the '%s' command are not a map\"}]",
           command);
  ck_assert_str_eq(tell(json), wanted);
  ck_assert_str_eq(state(), "waiting");
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("every_state");
  int count = COUNT_OF(states);
  tcase_add_checked_fixture(tcase, NULL, end);
  tcase_add_loop_test(tcase, a_paused_server_does_all_but_move, 0, 2 * count);
  tcase_add_test(tcase, once_is_once);
  tcase_add_test(tcase, a_paused_server_does_not_recover_by_itself);
  tcase_add_loop_test(tcase, maintenance_starts_from_where_it_may, 0, COUNT_OF(outcomes) * count);
  tcase_add_loop_test(tcase, a_notification_leads_to_in_maintenance_and_its_end_back, 0, count);
  tcase_add_loop_test(tcase, maintenance_is_canceled_where_it_was_started, 0, count);
  tcase_add_test(tcase, a_partner_that_refuses_the_end_is_quoted_in_full);
  tcase_add_loop_test(tcase, a_reset_leads_to_waiting_from_everywhere, 0, count);
  tcase_add_loop_test(tcase, scopes_are_set_in_every_state, 0, count);
  tcase_add_loop_test(tcase, a_server_name_is_checked, 0, COUNT_OF(named));
  return unit_run("every_state", tcase);
}
