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

/* ---- an administrator asks, and the partner takes its time ---- */

/* The answer of another command is not the answer about maintenance. */
START_TEST(other_answers_do_not_end_a_maintenance_command) {
  bench_start(&b, "hot-standby", 0, "", false);
  bench_bring_up(&b, "hot-standby");
  (void)bench_commit(&b, 1, 1);
  ck_assert_int_eq(bench_command(&b, "{\"command\":\"ha-maintenance-start\"}"), DHCPHA_OK);
  ck_assert_str_eq(text_of(&b.answer), "");
  bench_answer(&b, bench_find(&b, "lease4-update"), OK_ANSWER);
  ck_assert_str_eq(text_of(&b.answer), "");
  bench_answer(&b, bench_find(&b, "ha-maintenance-notify"), OK_ANSWER);
  ck_assert_ptr_nonnull(strstr(text_of(&b.answer), "now safely shut down."));
  ck_assert_str_eq(state(), "partner-in-maintenance");
}
END_TEST

/* Each asks the other at once: neither is taken out of service, neither serves all. */
START_TEST(two_that_ask_each_other_for_maintenance_both_refuse) {
  bench_start(&b, "load-balancing", 0, "", false);
  bench_bring_up(&b, "load-balancing");
  (void)bench_command(&b, "{\"command\":\"ha-maintenance-start\"}");
  (void)bench_command(&b, "{\"command\":\"ha-maintenance-notify\",\"arguments\":{\"cancel\":false,"
                          "\"server-name\":\"server2\",\"state\":\"load-balancing\"}}");
  ck_assert_ptr_nonnull(strstr(text_of(&b.answer), "\"result\":1001"));
  ck_assert_str_eq(state(), "load-balancing");
  bench_answer(&b, bench_find(&b, "ha-maintenance-notify"),
               "[{\"result\":1001,\"text\":\"no\"}]");
  ck_assert_str_eq(state(), "load-balancing");
  ck_assert_ptr_nonnull(strstr(text_of(&b.answer), "(error code 1001)"));
}
END_TEST

/* P2 7.6, the preconditions hold when the partner answers, not only when it is asked. */
START_TEST(maintenance_is_not_entered_from_a_state_that_may_not) {
  bench_start(&b, "load-balancing", 0, "", false);
  bench_bring_up(&b, "load-balancing");
  bench_run(&b, b.now.monotonic_ms + 10000); /* a heartbeat is on its way */
  bench_sent *heartbeat = bench_find(&b, "ha-heartbeat");
  ck_assert_ptr_nonnull(heartbeat);
  (void)bench_command(&b, "{\"command\":\"ha-maintenance-start\"}");
  bench_heartbeat_answer(&b, heartbeat, "load-balancing", 61, 0);
  ck_assert_str_eq(state(), "terminated");
  bench_answer(&b, bench_find(&b, "ha-maintenance-notify"), OK_ANSWER);
  ck_assert_str_eq(state(), "terminated");
  ck_assert_ptr_nonnull(strstr(text_of(&b.answer), "from the terminated to"));
}
END_TEST

/* P1 5.2, 5.3, 5.6: "Check (in order)": the arguments of their own come before the name. */
static const struct {
  const char *command;
  const char *text;
} checks[] = {
    {"{\"command\":\"ha-sync\",\"arguments\":{\"server-name\":\"x\",\"max-period\":0}}",
     "'max-period' must be a positive integer in the 'ha-sync' command"},
    {"{\"command\":\"ha-sync\",\"arguments\":{\"server-name\":\"x\"}}",
     "x matches no configured 'server-name'"},
    {"{\"command\":\"ha-sync\",\"arguments\":{\"server-name\":\"server1\"}}",
     "'server1' points to local server but should point to a partner"},
    {"{\"command\":\"ha-sync\"}", "arguments not found in the 'ha-sync' command"},
    {"{\"command\":\"ha-sync\",\"arguments\":[]}",
     "arguments in the 'ha-sync' command are not a map"},
    {"{\"command\":\"ha-sync\",\"arguments\":{}}",
     "'server-name' is mandatory for the 'ha-sync' command"},
    {"{\"command\":\"ha-scopes\",\"arguments\":{\"server-name\":\"x\"}}",
     "'scopes' is mandatory for the 'ha-scopes' command"},
    {"{\"command\":\"ha-scopes\",\"arguments\":{\"server-name\":\"x\",\"scopes\":[]}}",
     "x matches no configured 'server-name'"},
    {"{\"command\":\"ha-scopes\",\"arguments\":{\"scopes\":[\"HA_server1\"]}}",
     "invalid server name specified 'HA_server1' while enabling/disabling HA scopes"},
    {"{\"command\":\"ha-maintenance-notify\",\"arguments\":{\"server-name\":\"x\"}}",
     "'cancel' is mandatory for the 'ha-maintenance-notify' command"},
    {"{\"command\":\"ha-maintenance-notify\","
     "\"arguments\":{\"cancel\":true,\"server-name\":\"x\"}}",
     "x matches no configured 'server-name'"},
    {"{\"command\":\"ha-heartbeat\",\"arguments\":{\"server-name\":1}}",
     "'server-name' must be a string in the 'ha-heartbeat' command"},
    {"{\"command\":\"ha-heartbeat\",\"arguments\":null}",
     "arguments in the 'ha-heartbeat' command are not a map"},
    {"{\"command\":\"ha-heartbeat\",\"arguments\":{\"server-name\":\"\"}}",
     " matches no configured 'server-name'"},
};

START_TEST(checks_arguments_in_the_order_of_the_reference) {
  char expected[300];
  bench_start(&b, "hot-standby", 0, "", false);
  ck_assert_int_eq(bench_command(&b, checks[_i].command), DHCPHA_OK);
  snprintf(expected, sizeof expected, "[{\"result\":1,\"text\":\"%s\"}]", checks[_i].text);
  ck_assert_str_eq(text_of(&b.answer), expected);
  ck_assert_uint_eq(dhcpha_hub_get_counter(b.hub, DHCPHA_COUNTER_COMMANDS_MALFORMED), 1);
}
END_TEST

/* P1 4.3 and 1.9. */
static const struct {
  const char *sentence;
  const char *json;
  size_t relationship;
  dhcpha_status status;
  int http_status;
} filters[] = {
    {"an empty body is answered 200", "", 0, DHCPHA_OK, 200},
    {"no JSON", "{", 0, DHCPHA_OK, 400},
    {"a comment behind", "{\"command\":\"ha-heartbeat\"} #", 0, DHCPHA_OK, 400},
    {"an operator's command is forbidden", "{\"command\":\"ha-scopes\"}", 0, DHCPHA_OK, 403},
    {"even with a parameter nobody knows", "{\"command\":\"ha-scopes\",\"x\":1}", 0, DHCPHA_OK,
     403},
    {"another family's is forbidden", "{\"command\":\"lease6-del\"}", 0, DHCPHA_OK, 403},
    {"no command is no concern of the filter", "{\"command\":\"\"}", 0, DHCPHA_ERR_FOREIGN, 0},
    {"a list either", "[]", 0, DHCPHA_OK, 200},
    {"a number as command either", "{\"command\":1}", 0, DHCPHA_OK, 200},
    {"a peer's command", "{\"command\":\"ha-heartbeat\"}", 0, DHCPHA_OK, 200},
    {"one that the host answers", "{\"command\":\"status-get\"}", 0, DHCPHA_ERR_FOREIGN, 0},
    {"what came another way is not filtered", "{\"command\":\"ha-continue\"}", 1, DHCPHA_OK, 200},
};

START_TEST(filters_commands_where_configured) {
  bench_start(&b, "hot-standby", 0, "restrict-commands=true", false);
  dhcpha_status status = dhcpha_hub_command_received(
      b.hub, 3, filters[_i].json, strlen(filters[_i].json), filters[_i].relationship);
  bench_pull(&b);
  ck_assert_msg(status == filters[_i].status, "%s", filters[_i].sentence);
  ck_assert_msg(b.http_status == filters[_i].http_status, "%s: %d", filters[_i].sentence,
                b.http_status);
  if (b.http_status == 403)
    ck_assert_str_eq(text_of(&b.answer), "{ \"result\": 403, \"text\": \"Forbidden\" }");
  if (b.http_status == 400)
    ck_assert_str_eq(text_of(&b.answer), "{ \"result\": 400, \"text\": \"Bad Request\" }");
}
END_TEST

/* ---- several relationships (P1 1.12, P2 8) ---- */

#define PEER(n, role)                                                                          \
  "{\"name\":\"server" #n "\",\"url\":\"http://192.0.2." #n ":8000/\",\"role\":\"" role "\"}"
#define HUB                                                                                    \
  "[{\"mode\":\"hot-standby\",\"this-server-name\":\"server1\",\"max-unacked-clients\":0,"       \
  "\"restrict-commands\":false,"                                                               \
  "\"peers\":[" PEER(1, "standby") "," PEER(2, "primary") "]},"                                  \
  "{\"mode\":\"hot-standby\",\"this-server-name\":\"server3\",\"max-unacked-clients\":1,"         \
  "\"peers\":[" PEER(3, "standby") "," PEER(4, "primary") "]}]"

static void start_hub(void) {
  memset(&b, 0, sizeof b);
  bench_make(&b, DHCPHA_DHCP4, HUB, false);
  ck_assert_int_eq(dhcpha_hub_start(b.hub), DHCPHA_OK);
  bench_pull(&b);
}

static const struct {
  const char *sentence;
  const char *server_name;
  dhcpha_reason reason;
  size_t relationship;
} routes[] = {
    {"by the name of a partner", "server2", DHCPHA_REASON_NOT_IN_SCOPE, 0},
    {"by the own name", "server3", DHCPHA_REASON_NOT_IN_SCOPE, 1},
    {"by the other partner", "server4", DHCPHA_REASON_NOT_IN_SCOPE, 1},
    {"a name nobody has", "server5", DHCPHA_REASON_NO_RELATIONSHIP, 0},
    {"no name", NULL, DHCPHA_REASON_NO_RELATIONSHIP, 0},
    {"an empty name", "", DHCPHA_REASON_NO_RELATIONSHIP, 0},
};

static void bring_up(const char *partner) {
  bench_run(&b, 11000);
  bench_heartbeat_answer(&b, bench_find_to(&b, "ha-heartbeat", partner), "ready", 0, 0);
  bench_answer(&b, bench_find_to(&b, "dhcp-disable", partner), OK_ANSWER);
  bench_answer(&b, bench_find_to(&b, "lease4-get-page", partner),
               "[{\"result\":3,\"arguments\":{\"leases\":[]}}]");
  bench_answer(&b, bench_find_to(&b, "ha-sync-complete-notify", partner), OK_ANSWER);
}

START_TEST(a_query_belongs_to_the_relationship_of_its_subnet) {
  dhcpha_verdict verdict;
  dhcpha_query query;
  uint8_t hw[6];
  start_hub();
  bring_up("server2");
  bring_up("server4");
  bench_run(&b, 21000);
  bench_heartbeat_answer(&b, bench_find_to(&b, "ha-heartbeat", "server2"), "hot-standby", 0, 0);
  bench_heartbeat_answer(&b, bench_find_to(&b, "ha-heartbeat", "server4"), "hot-standby", 0, 0);
  ck_assert(dhcpha_hub_get_service(b.hub));
  dhcpha_verdict_init(&verdict);
  bench_query(&query, hw, 1, 0);
  query.server_name = routes[_i].server_name;
  ck_assert_int_eq(dhcpha_hub_query_received(b.hub, &query, &verdict), DHCPHA_OK);
  ck_assert_msg(verdict.reason == routes[_i].reason, "%s", routes[_i].sentence);
  ck_assert_uint_eq(verdict.relationship, routes[_i].relationship);
  ck_assert(!verdict.serve);
}
END_TEST

static dhcpha_reason ask_for(const char *server_name) {
  dhcpha_verdict verdict;
  dhcpha_query query;
  uint8_t hw[6];
  dhcpha_verdict_init(&verdict);
  bench_query(&query, hw, 1, 0);
  query.server_name = server_name;
  ck_assert_int_eq(dhcpha_hub_query_received(b.hub, &query, &verdict), DHCPHA_OK);
  return verdict.reason;
}

/* P2 8: "the service goes on although 1 is in W". */
START_TEST(a_relationship_that_waits_does_not_stop_the_others) {
  start_hub();
  ck_assert(!dhcpha_hub_get_service(b.hub));
  bring_up("server2");
  bench_run(&b, 21000);
  bench_heartbeat_answer(&b, bench_find_to(&b, "ha-heartbeat", "server2"), "hot-standby", 0, 0);
  ck_assert_int_eq(dhcpha_hub_get_state(b.hub, 0), DHCPHA_STATE_HOT_STANDBY);
  ck_assert_int_eq(dhcpha_hub_get_state(b.hub, 1), DHCPHA_STATE_WAITING);
  ck_assert(dhcpha_hub_get_service(b.hub));
  ck_assert_int_eq(ask_for("server2"), DHCPHA_REASON_NOT_IN_SCOPE);
  ck_assert_int_eq(ask_for("server4"), DHCPHA_REASON_SERVICE_DISABLED);
  ck_assert_int_eq(bench_command(&b, "{\"command\":\"ha-reset\",\"arguments\":{"
                                     "\"server-name\":\"server2\"}}"), DHCPHA_OK);
  ck_assert(!dhcpha_hub_get_service(b.hub));
}
END_TEST

START_TEST(an_unassigned_query_is_an_error_of_the_hosts) {
  dhcpha_query query;
  dhcpha_lease lease;
  uint8_t hw[6], lease_hw[6];
  bool parked = true;
  start_hub();
  bench_query(&query, hw, 1, 0);
  bench_lease(&lease, lease_hw, 1);
  ck_assert_int_eq(dhcpha_hub_leases_changed(b.hub, 1, &query, &lease, 1, NULL, 0, &parked),
                   DHCPHA_ERR_UNKNOWN);
  ck_assert(!parked);
  bench_pull(&b);
  ck_assert_ptr_nonnull(strstr(last_trace(), "no_relationship"));
}
END_TEST

static const struct {
  const char *server_name, *scope;
} asked[] = {{"server4", "server4"}, {"server3", "server4"}, {"server1", "server2"}};

START_TEST(a_command_concerns_the_relationship_of_its_server_name) {
  char command[200];
  start_hub();
  snprintf(command, sizeof command,
           "{\"command\":\"ha-scopes\",\"arguments\":{\"server-name\":\"%s\",\"scopes\":[\"%s\"]}}",
           asked[_i].server_name, asked[_i].scope);
  (void)bench_command(&b, command);
  ck_assert_str_eq(text_of(&b.answer), "[{\"result\":0,\"text\":\"New HA scopes configured.\"}]");
  snprintf(command, sizeof command,
           "{\"command\":\"ha-heartbeat\",\"arguments\":{\"server-name\":\"%s\"}}",
           asked[_i].server_name);
  (void)bench_command(&b, command);
  char expected[40];
  snprintf(expected, sizeof expected, "\"scopes\":[\"%s\"]", asked[_i].scope);
  ck_assert_ptr_nonnull(strstr(text_of(&b.answer), expected));
}
END_TEST

/* P2 7.6: "all are processed in configuration order; the first non-zero result stops". */
START_TEST(maintenance_asks_one_partner_after_the_other) {
  start_hub();
  (void)bench_command(&b, "{\"command\":\"ha-maintenance-start\"}");
  ck_assert_ptr_null(bench_find_to(&b, "ha-maintenance-notify", "server4"));
  bench_answer(&b, bench_find_to(&b, "ha-maintenance-notify", "server2"), OK_ANSWER);
  ck_assert_str_eq(text_of(&b.answer), "");
  bench_answer(&b, bench_find_to(&b, "ha-maintenance-notify", "server4"),
               _i == 0 ? OK_ANSWER : "[{\"result\":1001,\"text\":\"no\"}]");
  ck_assert_ptr_nonnull(
      strstr(text_of(&b.answer), _i == 0 ? "now safely shut down" : "(error code 1001)"));
  ck_assert_int_eq(dhcpha_hub_get_state(b.hub, 0), DHCPHA_STATE_PARTNER_IN_MAINTENANCE);
  ck_assert_int_eq(dhcpha_hub_get_state(b.hub, 1),
                   _i == 0 ? DHCPHA_STATE_PARTNER_IN_MAINTENANCE : DHCPHA_STATE_WAITING);
}
END_TEST

/* Silence and clients left waiting count for the relationship they concern, and no other. */
START_TEST(one_partner_fails_and_the_other_does_not) {
  start_hub();
  bring_up("server2");
  bring_up("server4");
  for (int64_t at = 21000; at <= 141000; at += 10000) {
    bench_run(&b, at);
    bench_sent *alive = bench_find_to(&b, "ha-heartbeat", "server4");
    if (alive != NULL) bench_heartbeat_answer(&b, alive, "hot-standby", 0, 0);
    bench_sent *first = bench_find_to(&b, "ha-heartbeat", "server2");
    if (at == 21000) bench_heartbeat_answer(&b, first, "hot-standby", 0, 0);
    else if (first != NULL) bench_fail(&b, first);
  }
  ck_assert_int_eq(dhcpha_hub_get_state(b.hub, 0), DHCPHA_STATE_PARTNER_DOWN);
  ck_assert_int_eq(dhcpha_hub_get_state(b.hub, 1), DHCPHA_STATE_HOT_STANDBY);
}
END_TEST

/* ---- whose listener took it ---- */

#define DISABLE "{\"command\":\"dhcp-disable\",\"arguments\":{\"origin-id\":2000}}"
#define ENABLE "{\"command\":\"dhcp-enable\",\"arguments\":{\"origin-id\":2000}}"
#define HEARTBEAT(name)                                                                        \
  "{\"command\":\"ha-heartbeat\",\"arguments\":{\"server-name\":\"" name "\"}}"
#define NOTIFY                                                                                 \
  "{\"command\":\"ha-sync-complete-notify\",\"arguments\":{\"server-name\":\"server2\","     \
  "\"origin-id\":2000}}"

/* Relationships 0 and 1 in normal state; s: served, -: not. */
static const struct {
  const char *sentence;
  struct {
    const char *json;
    size_t listener;
  } commands[5];
  const char *served;
} listeners[] = {
    {"a partner's dhcp-disable concerns its relationship", {{DISABLE, 1}}, "s-"},
    {"its dhcp-enable ends that", {{DISABLE, 1}, {ENABLE, 1}}, "ss"},
    {"another one's does not", {{DISABLE, 1}, {DISABLE, 0}, {ENABLE, 0}}, "s-"},
    {"the notification ends it too", {{DISABLE, 0}, {DISABLE, 1}, {NOTIFY, 0}}, "s-"},
    {"through no relationship it concerns all", {{DISABLE, 7}}, "--"},
    {"and any partner ends it, as in Kea", {{DISABLE, 7}, {ENABLE, 1}}, "ss"},
    {"a listener that partners of others use tells nothing",
     {{HEARTBEAT("server2"), 1}, {DISABLE, 1}}, "--"},
    {"and what it disabled before is enabled through it all the same",
     {{DISABLE, 1}, {HEARTBEAT("server2"), 1}, {ENABLE, 1}}, "ss"},
    {"the own name is no other's", {{HEARTBEAT("server3"), 1}, {DISABLE, 1}}, "s-"},
    {"nor is a name that nobody has", {{HEARTBEAT("server9"), 1}, {DISABLE, 1}}, "s-"},
};

START_TEST(what_partners_disable_concerns_their_relationship) {
  start_hub();
  bring_up("server2");
  bring_up("server4");
  bench_run(&b, 21000);
  bench_heartbeat_answer(&b, bench_find_to(&b, "ha-heartbeat", "server2"), "hot-standby", 0, 0);
  bench_heartbeat_answer(&b, bench_find_to(&b, "ha-heartbeat", "server4"), "hot-standby", 0, 0);
  for (int i = 0; i < 5 && listeners[_i].commands[i].json != NULL; i++) {
    const char *json = listeners[_i].commands[i].json;
    ck_assert_int_eq(dhcpha_hub_command_received(b.hub, 5, json, strlen(json),
                                                 listeners[_i].commands[i].listener), DHCPHA_OK);
    bench_pull(&b);
  }
  char served[3] = "--";
  if (ask_for("server1") != DHCPHA_REASON_SERVICE_DISABLED) served[0] = 's';
  if (ask_for("server3") != DHCPHA_REASON_SERVICE_DISABLED) served[1] = 's';
  ck_assert_msg(strcmp(served, listeners[_i].served) == 0, "%s: %s", listeners[_i].sentence,
                served);
  ck_assert(dhcpha_hub_get_service(b.hub) == (strchr(served, 's') != NULL));
}
END_TEST

START_TEST(tells_of_subnets_that_no_relationship_has) {
  dhcpha_subnet subnets[3];
  static const char *const names[][3] = {
      {"server2", "server3", "server4"}, {"server2", "server9", "server4"},
      {"server2", NULL, "server1"},
  };
  memset(&b, 0, sizeof b);
  bench_make(&b, DHCPHA_DHCP4, HUB, false);
  for (uint32_t i = 0; i < 3; i++) {
    dhcpha_subnet_init(&subnets[i]);
    subnets[i].id = i + 1;
    subnets[i].prefix = (dhcpha_address){4, {10, 0, (uint8_t)i, 0}};
    subnets[i].prefix_len = 24;
    subnets[i].server_name = names[_i][i];
  }
  ck_assert_int_eq(dhcpha_hub_set_subnets(b.hub, subnets, 3), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_hub_start(b.hub), DHCPHA_OK);
  bench_pull(&b);
  ck_assert((strstr(last_trace(), "1 of 3 subnets") != NULL) == (_i > 0));
  ck_assert((strstr(last_trace(), "of server3 or its partner") != NULL) == (_i == 2));
}
END_TEST

/* Older partners do not name themselves in a heartbeat: it is that of the listener's owner. */
START_TEST(a_heartbeat_without_a_name_is_the_listeners) {
  const char *json = "{\"command\":\"ha-heartbeat\"}";
  start_hub();
  bring_up("server2");
  ck_assert_int_eq(dhcpha_hub_command_received(b.hub, 5, json, strlen(json), (size_t)_i),
                   DHCPHA_OK);
  bench_pull(&b);
  ck_assert_ptr_nonnull(strstr(text_of(&b.answer), _i == 1 ? "\"waiting\"" : "\"ready\""));
}
END_TEST

static void add_tests(TCase *tcase) {
  tcase_add_test(tcase, other_answers_do_not_end_a_maintenance_command);
  tcase_add_test(tcase, two_that_ask_each_other_for_maintenance_both_refuse);
  tcase_add_test(tcase, maintenance_is_not_entered_from_a_state_that_may_not);
  tcase_add_loop_test(tcase, checks_arguments_in_the_order_of_the_reference, 0, COUNT_OF(checks));
  tcase_add_loop_test(tcase, filters_commands_where_configured, 0, COUNT_OF(filters));
  tcase_add_loop_test(tcase, a_query_belongs_to_the_relationship_of_its_subnet, 0,
                      COUNT_OF(routes));
  tcase_add_test(tcase, a_relationship_that_waits_does_not_stop_the_others);
  tcase_add_test(tcase, an_unassigned_query_is_an_error_of_the_hosts);
  tcase_add_loop_test(tcase, a_command_concerns_the_relationship_of_its_server_name, 0,
                      COUNT_OF(asked));
  tcase_add_loop_test(tcase, maintenance_asks_one_partner_after_the_other, 0, 2);
  tcase_add_test(tcase, one_partner_fails_and_the_other_does_not);
  tcase_add_loop_test(tcase, what_partners_disable_concerns_their_relationship, 0,
                      COUNT_OF(listeners));
  tcase_add_loop_test(tcase, tells_of_subnets_that_no_relationship_has, 0, 3);
  tcase_add_loop_test(tcase, a_heartbeat_without_a_name_is_the_listeners, 0, 3);
}

int main(void) {
  TCase *tcase = tcase_create("hub_commands");
  tcase_add_checked_fixture(tcase, NULL, end);
  add_tests(tcase);
  return unit_run("hub_commands", tcase);
}
