/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* P2 3.5, 3.6: the end of a hub, and the next one. */
#include <stdio.h>

#include "unit/hub_bench.h"
#include "unit/unit.h"

#define OK_ANSWER "[{\"result\":0,\"text\":\"done\"}]"
#define LEASE_COMMAND                                                                          \
  "{\"command\":\"lease4-update\",\"arguments\":{\"ip-address\":\"192.0.2.77\","                 \
  "\"hw-address\":\"02:00:00:00:00:09\",\"subnet-id\":1,\"valid-lft\":4000,\"force-create\":true}}"

static bench b;

static void end(void) {
  if (b.hub != NULL) bench_end(&b);
}

static const char *trace_from(size_t from) {
  return text_of(&b.trace) + from;
}

static void start(bool calls_back) {
  bench_start(&b, "hot-standby", 0, "", calls_back);
  bench_bring_up(&b, "hot-standby");
}

START_TEST(has_its_time) {
  bench_make(&b, DHCPHA_DHCP4,
             "[{\"mode\":\"hot-standby\",\"this-server-name\":\"a\",\"peers\":["
             "{\"name\":\"a\",\"url\":\"http://192.0.2.1:1/\",\"role\":\"primary\"},"
             "{\"name\":\"b\",\"url\":\"http://192.0.2.2:1/\",\"role\":\"standby\"}]}]", false);
  ck_assert_int_eq(dhcpha_hub_stop(b.hub), DHCPHA_ERR_STATE);
  ck_assert_int_eq(dhcpha_hub_start(b.hub), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_hub_stop(b.hub), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_hub_stop(b.hub), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_hub_start(b.hub), DHCPHA_ERR_STATE);
  bench_pull(&b);
}
END_TEST

/* Whatever is asked of it later is refused, and has no effect. */
START_TEST(is_deaf_afterwards) {
  dhcpha_verdict verdict;
  dhcpha_explanation explanation;
  dhcpha_query query;
  dhcpha_lease lease;
  uint8_t hw[6], lease_hw[6];
  bool parked = true;
  start(_i == 1);
  (void)bench_commit(&b, 1, 1);
  uint64_t id = bench_find(&b, "lease4-update")->id;
  ck_assert_int_eq(dhcpha_hub_stop(b.hub), DHCPHA_OK);
  bench_pull(&b);
  size_t len = b.trace.len;
  dhcpha_verdict_init(&verdict);
  dhcpha_explanation_init(&explanation);
  bench_query(&query, hw, 1, 0);
  bench_lease(&lease, lease_hw, 1);
  ck_assert_int_eq(dhcpha_hub_query_received(b.hub, &query, &verdict), DHCPHA_ERR_STATE);
  ck_assert(!verdict.serve);
  ck_assert_int_eq(dhcpha_hub_leases_changed(b.hub, 2, &query, &lease, 1, NULL, 0, &parked),
                   DHCPHA_ERR_STATE);
  ck_assert(!parked);
  ck_assert_int_eq(bench_command(&b, "{\"command\":\"ha-heartbeat\"}"), DHCPHA_ERR_STATE);
  ck_assert_int_eq(dhcpha_hub_command_answered(b.hub, id, OK_ANSWER, strlen(OK_ANSWER)),
                   DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_command_failed(b.hub, id, DHCPHA_ERR_IO, NULL),
                   DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_leases_stored(b.hub, id, NULL, 0), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_hub_handle_expiry(b.hub), DHCPHA_ERR_STATE);
  ck_assert_int_eq(dhcpha_hub_explain(b.hub, 0, &explanation), DHCPHA_ERR_STATE);
  ck_assert_ptr_null(dhcpha_hub_get_status(b.hub));
  ck_assert_int_eq(dhcpha_hub_get_expiry(b.hub), DHCPHA_NEVER);
  ck_assert_int_eq(dhcpha_hub_get_state(b.hub, 0), DHCPHA_STATE_NONE);
  bench_pull(&b);
  ck_assert_uint_eq(b.trace.len, len);
}
END_TEST

START_TEST(lets_go_of_all_who_wait) {
  start(_i == 1);
  for (unsigned client = 1; client <= 3; client++)
    ck_assert(bench_commit(&b, 100 + client, client));
  (void)bench_command(&b, "{\"command\":\"ha-maintenance-start\"}");
  size_t from = b.trace.len;
  text_clear(&b.answer);
  ck_assert_int_eq(dhcpha_hub_stop(b.hub), DHCPHA_OK);
  bench_pull(&b);
  ck_assert_ptr_nonnull(strstr(trace_from(from), "release 101 drop"));
  ck_assert_ptr_nonnull(strstr(trace_from(from), "release 102 drop"));
  ck_assert_ptr_nonnull(strstr(trace_from(from), "release 103 drop"));
  ck_assert_str_eq(text_of(&b.answer), "[{\"result\":1,\"text\":\"the server is shutting down\"}]");
}
END_TEST

/* What nobody has taken yet is not worth taking, but for what the host or a peer waits for. */
START_TEST(takes_back_what_nobody_has_taken) {
  dhcpha_query query;
  dhcpha_lease lease;
  uint8_t hw[6], lease_hw[6];
  bool parked = false;
  start(false);
  bench_query(&query, hw, 1, 0);
  bench_lease(&lease, lease_hw, 1);
  ck_assert_int_eq(dhcpha_hub_leases_changed(b.hub, 7, &query, &lease, 1, NULL, 0, &parked),
                   DHCPHA_OK);
  ck_assert(parked);
  ck_assert_int_eq(dhcpha_hub_command_received(b.hub, 8, LEASE_COMMAND, strlen(LEASE_COMMAND), 0),
                   DHCPHA_OK);
  ck_assert_int_eq(dhcpha_hub_stop(b.hub), DHCPHA_OK);
  unsigned seen = 0;
  for (dhcpha_action *action; (action = dhcpha_hub_next_action(b.hub)) != NULL;) {
    dhcpha_action_type type = dhcpha_action_get_type(action);
    ck_assert_int_ne(type, DHCPHA_ACTION_SEND_COMMAND);
    ck_assert_int_ne(type, DHCPHA_ACTION_STORE_LEASES);
    seen |= 1u << type;
    if (type == DHCPHA_ACTION_RELEASE_QUERY) ck_assert(!dhcpha_action_get_enabled(action));
    dhcpha_action_free(action);
  }
  ck_assert_uint_ne(seen & 1u << DHCPHA_ACTION_RELEASE_QUERY, 0);
  ck_assert_uint_ne(seen & 1u << DHCPHA_ACTION_ANSWER_COMMAND, 0);
}
END_TEST

static void stop_it(bench *host, const bench_sent *sent) {
  (void)sent;
  ck_assert_int_eq(dhcpha_hub_stop(host->hub), DHCPHA_OK);
}

START_TEST(may_be_stopped_from_a_callback) {
  start(true);
  b.on_send = stop_it;
  ck_assert(bench_commit(&b, 5, 1));
  b.on_send = NULL;
  ck_assert_ptr_nonnull(strstr(text_of(&b.trace), "release 5 drop"));
  ck_assert(dhcpha_hub_get_service(b.hub));
}
END_TEST

START_TEST(leaves_the_service_to_the_administrator) {
  start(false);
  if (_i == 1) (void)bench_command(&b, "{\"command\":\"dhcp-disable\"}");
  (void)bench_command(&b, "{\"command\":\"dhcp-disable\",\"arguments\":{\"origin-id\":2000}}");
  ck_assert(!dhcpha_hub_get_service(b.hub));
  ck_assert_int_eq(dhcpha_hub_stop(b.hub), DHCPHA_OK);
  ck_assert(dhcpha_hub_get_service(b.hub) == (_i == 0));
  bench_pull(&b);
}
END_TEST

/* Out of memory it is stopped all the same; the host is told of the service when it asks again. */
START_TEST(needs_no_memory) {
  bench_start(&b, "hot-standby", 0, "", false);
  bench_heartbeat(&b, "ready"); /* it synchronizes */
  ck_assert(!dhcpha_hub_get_service(b.hub));
  b.counts.fail_from = b.counts.requests + 1;
  b.counts.fail_count = UINT64_MAX;
  size_t from = b.trace.len;
  dhcpha_status status = dhcpha_hub_stop(b.hub);
  b.counts.fail_from = 0;
  if (status == DHCPHA_ERR_NOMEM) status = dhcpha_hub_stop(b.hub);
  ck_assert_int_eq(status, DHCPHA_OK);
  ck_assert(dhcpha_hub_get_service(b.hub));
  bench_pull(&b);
  ck_assert_ptr_nonnull(strstr(trace_from(from), "dhcp-enable"));
}
END_TEST

/* ---- the next one ---- */

static dhcpha_hub *make_next(void) {
  text json = {0};
  dhcpha_config *config = NULL;
  dhcpha_hub *next = NULL;
  pair_config_write(&json, "hot-standby", 0, 0, NULL, 0);
  ck_assert_int_eq(dhcpha_config_parse(DHCPHA_DHCP4, text_of(&json), json.len, &b.allocator,
                                       &config, NULL), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_hub_new(config, NULL, NULL, &next), DHCPHA_OK);
  dhcpha_config_free(config);
  text_free(&json);
  return next;
}

static uint64_t next_command_id(dhcpha_hub *hub) {
  uint64_t id = 0;
  dhcpha_time time = {dhcpha_hub_get_expiry(hub), 0};
  dhcpha_hub_set_time(hub, time);
  ck_assert_int_eq(dhcpha_hub_handle_expiry(hub), DHCPHA_OK);
  for (dhcpha_action *action; (action = dhcpha_hub_next_action(hub)) != NULL;) {
    if (dhcpha_action_get_type(action) == DHCPHA_ACTION_SEND_COMMAND)
      id = dhcpha_action_get_id(action);
    dhcpha_action_free(action);
  }
  return id;
}

START_TEST(inherits_at_its_time_only) {
  start(false);
  dhcpha_hub *next = make_next();
  ck_assert_int_eq(dhcpha_hub_inherit(next, b.hub), DHCPHA_ERR_STATE);
  ck_assert_int_eq(dhcpha_hub_inherit(next, NULL), DHCPHA_ERR_ARGUMENT);
  ck_assert_int_eq(dhcpha_hub_stop(b.hub), DHCPHA_OK);
  bench_pull(&b);
  ck_assert_int_eq(dhcpha_hub_start(next), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_hub_inherit(next, b.hub), DHCPHA_ERR_STATE);
  dhcpha_hub_free(next);
}
END_TEST

/* An answer to the former hub's question is none to the next one's, whichever came first. */
START_TEST(never_uses_an_id_of_the_former_one) {
  uint64_t ids[64];
  size_t count = 0;
  start(false);
  for (unsigned client = 1; client <= 20; client++) (void)bench_commit(&b, client, client);
  for (size_t i = 0; i < b.sent_count && count < 64; i++) ids[count++] = b.sent[i].id;
  ck_assert_int_eq(dhcpha_hub_stop(b.hub), DHCPHA_OK);
  bench_pull(&b);
  dhcpha_hub *next = make_next();
  ck_assert_int_eq(dhcpha_hub_inherit(next, b.hub), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_hub_start(next), DHCPHA_OK);
  uint64_t id = next_command_id(next);
  ck_assert_uint_ne(id, 0);
  for (size_t i = 0; i < count; i++) {
    ck_assert_uint_ne(ids[i], id);
    ck_assert_int_eq(dhcpha_hub_command_answered(next, ids[i], OK_ANSWER, strlen(OK_ANSWER)),
                     DHCPHA_ERR_UNKNOWN);
  }
  dhcpha_hub_free(next);
}
END_TEST

START_TEST(an_administrators_word_outlives_a_hub) {
  start(false);
  (void)bench_command(&b, "{\"command\":\"dhcp-disable\",\"arguments\":{\"max-period\":500}}");
  ck_assert_int_eq(dhcpha_hub_stop(b.hub), DHCPHA_OK);
  bench_pull(&b);
  dhcpha_hub *next = make_next();
  ck_assert_int_eq(dhcpha_hub_inherit(next, b.hub), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_hub_start(next), DHCPHA_OK);
  const char *enable = "{\"command\":\"dhcp-enable\",\"arguments\":{\"origin-id\":1000}}";
  ck_assert_int_eq(dhcpha_hub_command_received(next, 1, enable, strlen(enable), 0), DHCPHA_OK);
  ck_assert(!dhcpha_hub_get_service(next));
  enable = "{\"command\":\"dhcp-enable\"}";
  ck_assert_int_eq(dhcpha_hub_command_received(next, 2, enable, strlen(enable), 0), DHCPHA_OK);
  ck_assert(dhcpha_hub_get_service(next));
  dhcpha_hub_free(next);
}
END_TEST

/* config-test: a configuration is read and looked at while a hub works; nothing comes of it. */
static const struct {
  const char *json;
  dhcpha_status status;
} tested[] = {
    {"[{\"mode\":\"hot-standby\",\"this-server-name\":\"a\",\"peers\":["
     "{\"name\":\"a\",\"url\":\"http://192.0.2.1:1/\",\"role\":\"primary\"},"
     "{\"name\":\"b\",\"url\":\"http://192.0.2.2:1/\",\"role\":\"standby\"}]}]", DHCPHA_OK},
    {"[{\"mode\":\"hot-standby\"}]", DHCPHA_ERR_CONFIG},
    {"[{\"mode\":", DHCPHA_ERR_CONFIG},
};

START_TEST(testing_a_configuration_has_no_effect) {
  dhcpha_config *config = NULL;
  dhcpha_messages *messages = NULL, *warnings = NULL;
  start(true);
  int64_t live = b.counts.live, expiry_ms = dhcpha_hub_get_expiry(b.hub);
  size_t len = b.trace.len;
  ck_assert_int_eq(dhcpha_config_parse(DHCPHA_DHCP4, tested[_i].json, strlen(tested[_i].json),
                                       &b.allocator, &config, &messages), tested[_i].status);
  if (config != NULL) ck_assert_int_eq(dhcpha_config_lint(config, &warnings), DHCPHA_OK);
  dhcpha_messages_free(warnings);
  dhcpha_messages_free(messages);
  dhcpha_config_free(config);
  bench_pull(&b);
  ck_assert_int_eq(b.counts.live, live);
  ck_assert_int_eq(dhcpha_hub_get_expiry(b.hub), expiry_ms);
  ck_assert_uint_eq(b.trace.len, len);
  ck_assert_int_eq(dhcpha_hub_get_state(b.hub, 0), DHCPHA_STATE_HOT_STANDBY);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("hub_stop");
  tcase_add_checked_fixture(tcase, NULL, end);
  tcase_add_test(tcase, has_its_time);
  tcase_add_loop_test(tcase, is_deaf_afterwards, 0, 2);
  tcase_add_loop_test(tcase, lets_go_of_all_who_wait, 0, 2);
  tcase_add_test(tcase, takes_back_what_nobody_has_taken);
  tcase_add_test(tcase, may_be_stopped_from_a_callback);
  tcase_add_loop_test(tcase, leaves_the_service_to_the_administrator, 0, 2);
  tcase_add_test(tcase, needs_no_memory);
  tcase_add_test(tcase, inherits_at_its_time_only);
  tcase_add_test(tcase, never_uses_an_id_of_the_former_one);
  tcase_add_test(tcase, an_administrators_word_outlives_a_hub);
  tcase_add_loop_test(tcase, testing_a_configuration_has_no_effect, 0, COUNT_OF(tested));
  return unit_run("hub_stop", tcase);
}
