/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "unit/hub_bench.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/http_date.h"
#include "unit/unit.h"

#define FIRST_MS 1000
#define OK_ANSWER "[{\"result\":0,\"text\":\"done\"}]"

/* ---- the host's side ---- */

static void line(bench *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void line(bench *b, const char *format, ...) {
  va_list arguments;
  text_format(&b->trace, "[%" PRId64 "] ", b->now.monotonic_ms);
  va_start(arguments, format);
  text_vformat(&b->trace, format, arguments);
  va_end(arguments);
  text_add(&b->trace, "\n");
}

static void command_name(const char *json, char name[40]) {
  const char *at = strstr(json, "\"command\":\"");
  ck_assert_ptr_nonnull(at);
  at += strlen("\"command\":\"");
  snprintf(name, 40, "%.*s", (int)strcspn(at, "\""), at);
}

static dhcpha_status send_command(uint64_t id, const char *peer, const char *url,
                                  const char *json, size_t len, uint32_t timeout_ms,
                                  void *user_data) {
  bench *b = user_data;
  ck_assert_uint_eq(len, strlen(json));
  line(b, "send %s %s %" PRIu32 " %s", peer, url, timeout_ms, json);
  if (b->sent_count == BENCH_SENT_MAX) b->sent_count = 0; /* the oldest are long over */
  bench_sent *sent = &b->sent[b->sent_count++];
  *sent = (bench_sent){.id = id, .at_ms = b->now.monotonic_ms};
  snprintf(sent->peer, sizeof sent->peer, "%s", peer);
  command_name(json, sent->command);
  text_clear(&b->json);
  text_append(&b->json, json, len);
  if (b->send_status != DHCPHA_OK) sent->over = true;
  if (b->on_send != NULL) b->on_send(b, sent);
  return b->send_status;
}

static void answer_command(uint64_t id, int http_status, const char *json, size_t len,
                           void *user_data) {
  bench *b = user_data;
  ck_assert_uint_eq(len, strlen(json));
  line(b, "answer %" PRIu64 " %d %s", id, http_status, json);
  text_clear(&b->answer);
  text_append(&b->answer, json, len);
  b->http_status = http_status;
}

static void set_service(bool enabled, void *user_data) {
  line(user_data, "service %s", enabled ? "on" : "off");
}

static void note_request(bench *b, uint64_t id, size_t leases, bool store) {
  if (b->request_count == COUNT_OF(b->requests)) b->request_count = 0;
  b->requests[b->request_count++] =
      (bench_request){id, leases, store, b->store_status != DHCPHA_OK};
}

static dhcpha_status leases_read(uint64_t id, const dhcpha_lease_range *range, void *user_data) {
  bench *b = user_data;
  char after[DHCPHA_ADDRESS_TEXT_SIZE];
  line(b, "read %" PRIu32 " after %s", range->limit, dhcpha_address_format(&range->after, after));
  note_request(b, id, 0, false);
  return b->store_status;
}

static dhcpha_status leases_store(uint64_t id, const dhcpha_lease_batch *leases,
                                  void *user_data) {
  bench *b = user_data;
  size_t count = dhcpha_lease_batch_get_count(leases);
  line(b, "store %zu", count);
  note_request(b, id, count, true);
  return b->store_status;
}

static void release_query(uint64_t query_id, bool send, void *user_data) {
  bench *b = user_data;
  line(b, "release %" PRIu64 " %s", query_id, send ? "send" : "drop");
  if (b->on_release != NULL) b->on_release(b, query_id);
}

static void tell(dhcpha_level level, const char *message_id, const char *said, void *user_data) {
  line(user_data, "log %d %s: %s", (int)level, message_id, said);
}

static dhcpha_time read_clock(void *user_data) {
  bench *b = user_data;
  return b->now;
}

void bench_pull(bench *b) {
  dhcpha_action *action;
  while ((action = dhcpha_hub_next_action(b->hub)) != NULL) {
    uint64_t id = dhcpha_action_get_id(action);
    ck_assert_msg(!b->calls_back, "an action was left that has a callback");
    switch (dhcpha_action_get_type(action)) {
    case DHCPHA_ACTION_SEND_COMMAND: {
      dhcpha_status status = send_command(
          id, dhcpha_action_get_peer(action), dhcpha_action_get_url(action),
          dhcpha_action_get_json(action), dhcpha_action_get_json_len(action),
          dhcpha_action_get_timeout_ms(action), b);
      if (status != DHCPHA_OK) (void)dhcpha_hub_command_failed(b->hub, id, status, NULL);
      break;
    }
    case DHCPHA_ACTION_ANSWER_COMMAND:
      answer_command(id, dhcpha_action_get_http_status(action), dhcpha_action_get_json(action),
                     dhcpha_action_get_json_len(action), b);
      break;
    case DHCPHA_ACTION_SET_SERVICE:
      set_service(dhcpha_action_get_enabled(action), b);
      break;
    case DHCPHA_ACTION_READ_LEASES:
      if (leases_read(id, dhcpha_action_get_range(action), b) != DHCPHA_OK)
        (void)dhcpha_hub_leases_read_done(b->hub, id, b->store_status);
      break;
    case DHCPHA_ACTION_STORE_LEASES:
      if (leases_store(id, dhcpha_action_get_leases(action), b) != DHCPHA_OK)
        (void)dhcpha_hub_leases_stored(b->hub, id, NULL, 0);
      break;
    case DHCPHA_ACTION_RELEASE_QUERY:
      release_query(id, dhcpha_action_get_enabled(action), b);
      break;
    case DHCPHA_ACTION_LOG:
      tell(dhcpha_action_get_level(action), dhcpha_action_get_message_id(action),
           dhcpha_action_get_text(action), b);
      break;
    }
    dhcpha_action_free(action);
  }
}

/* ---- birth and death ---- */

void bench_make(bench *b, dhcpha_family family, const char *config_json, bool calls_back) {
  dhcpha_config *config = NULL;
  dhcpha_callbacks callbacks;
  b->allocator = failing_allocator_hooks(&b->counts);
  ck_assert_int_eq(dhcpha_config_parse(family, config_json, strlen(config_json), &b->allocator,
                                       &config, NULL),
                   DHCPHA_OK);
  dhcpha_callbacks_init(&callbacks);
  callbacks.clock = read_clock;
  if (calls_back) {
    callbacks.send_command = send_command;
    callbacks.answer_command = answer_command;
    callbacks.set_service = set_service;
    callbacks.leases_read = leases_read;
    callbacks.leases_store = leases_store;
    callbacks.release_query = release_query;
    callbacks.log = tell;
  }
  b->calls_back = calls_back;
  b->now.monotonic_ms = FIRST_MS;
  b->now.utc_ms = BENCH_UTC_S * INT64_C(1000) + FIRST_MS;
  ck_assert_int_eq(dhcpha_hub_new(config, &callbacks, b, &b->hub), DHCPHA_OK);
  dhcpha_config_free(config);
}

void bench_start(bench *b, const char *mode, size_t index, const char *parameters,
                 bool calls_back) {
  pair_parameter list[16];
  char copy[512];
  size_t count = 0;
  text config = {0};
  snprintf(copy, sizeof copy, "%s", parameters);
  for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " ")) {
    char *equals = strchr(word, '=');
    *equals = '\0';
    list[count++] = (pair_parameter){word, equals + 1};
  }
  memset(b, 0, sizeof *b);
  pair_config_write(&config, mode, index, 0, list, count);
  bench_make(b, DHCPHA_DHCP4, text_of(&config), calls_back);
  text_free(&config);
  ck_assert_int_eq(dhcpha_hub_start(b->hub), DHCPHA_OK);
  bench_pull(b);
}

void bench_end(bench *b) {
  dhcpha_hub_free(b->hub);
  b->hub = NULL;
  text_free(&b->trace);
  text_free(&b->json);
  text_free(&b->answer);
  ck_assert_int_eq(b->counts.live, 0);
}

/* ---- time ---- */

static void move_to(bench *b, int64_t at_ms) {
  b->now.utc_ms += at_ms - b->now.monotonic_ms;
  b->now.monotonic_ms = at_ms;
}

unsigned bench_run(bench *b, int64_t until_ms) {
  unsigned calls = 0;
  for (;;) {
    int64_t due_ms = dhcpha_hub_get_expiry(b->hub);
    if (due_ms > until_ms) break;
    if (due_ms > b->now.monotonic_ms) move_to(b, due_ms);
    ck_assert_int_eq(dhcpha_hub_handle_expiry(b->hub), DHCPHA_OK);
    bench_pull(b);
    ck_assert_msg(dhcpha_hub_get_expiry(b->hub) > b->now.monotonic_ms,
                  "handled what was due, and something still is");
    calls++;
  }
  if (until_ms > b->now.monotonic_ms) move_to(b, until_ms);
  return calls;
}

/* ---- what the partner does ---- */

bench_sent *bench_find_to(bench *b, const char *command, const char *peer) {
  for (size_t i = 0; i < b->sent_count; i++)
    if (!b->sent[i].over && strcmp(b->sent[i].command, command) == 0 &&
        (peer == NULL || strcmp(b->sent[i].peer, peer) == 0))
      return &b->sent[i];
  return NULL;
}

bench_sent *bench_find(bench *b, const char *command) {
  return bench_find_to(b, command, NULL);
}

void bench_answer(bench *b, bench_sent *sent, const char *json) {
  ck_assert_ptr_nonnull(sent);
  sent->over = true;
  ck_assert_int_eq(dhcpha_hub_command_answered(b->hub, sent->id, json, strlen(json)), DHCPHA_OK);
  bench_pull(b);
}

void bench_fail(bench *b, bench_sent *sent) {
  ck_assert_ptr_nonnull(sent);
  sent->over = true;
  ck_assert_int_eq(dhcpha_hub_command_failed(b->hub, sent->id, DHCPHA_ERR_REFUSED, NULL),
                   DHCPHA_OK);
  bench_pull(b);
}

static void write_heartbeat(const bench *b, char json[300], const char *state, int64_t skew_s,
                            int unsent) {
  char date[DHCPHA_HTTP_DATE_SIZE];
  dhcpha_http_date_format(b->now.utc_ms / 1000 + skew_s, date);
  snprintf(json, 300,
           "[{\"result\":0,\"text\":\"HA peer status returned.\",\"arguments\":{\"state\":\"%s\","
           "\"date-time\":\"%s\",\"scopes\":[\"server2\"],\"unsent-update-count\":%d}}]",
           state, date, unsent);
}

void bench_heartbeat_answer(bench *b, bench_sent *sent, const char *state, int64_t skew_s,
                            int unsent) {
  char json[300];
  write_heartbeat(b, json, state, skew_s, unsent);
  bench_answer(b, sent, json);
}

void bench_heartbeat(bench *b, const char *state) {
  char json[300];
  dhcpha_status status = DHCPHA_ERR_UNKNOWN;
  while (status != DHCPHA_OK) {
    bench_sent *sent = bench_find(b, "ha-heartbeat");
    if (sent == NULL) {
      int64_t due_ms = dhcpha_hub_get_expiry(b->hub);
      ck_assert_msg(due_ms != DHCPHA_NEVER, "no heartbeat will be sent");
      bench_run(b, due_ms);
      continue;
    }
    sent->over = true; /* one that is given up already is passed over */
    write_heartbeat(b, json, state, 0, 0);
    status = dhcpha_hub_command_answered(b->hub, sent->id, json, strlen(json));
  }
  bench_pull(b);
}

dhcpha_status bench_command(bench *b, const char *json) {
  text_clear(&b->answer);
  dhcpha_status status = dhcpha_hub_command_received(b->hub, 77, json, strlen(json), 0);
  bench_pull(b);
  return status;
}

void bench_bring_up(bench *b, const char *normal) {
  bench_heartbeat(b, "ready"); /* then there are leases to fetch */
  bench_answer(b, bench_find(b, "dhcp-disable"), OK_ANSWER);
  bench_answer(b, bench_find(b, "lease4-get-page"),
               "[{\"result\":3,\"arguments\":{\"leases\":[],\"count\":0}}]");
  bench_answer(b, bench_find(b, "ha-sync-complete-notify"), OK_ANSWER);
  if (strcmp(dhcpha_state_get_name(dhcpha_hub_get_state(b->hub, 0)), normal) != 0)
    bench_heartbeat(b, normal);
  ck_assert_str_eq(dhcpha_state_get_name(dhcpha_hub_get_state(b->hub, 0)), normal);
}

/* ---- clients ---- */

static void hw_of(uint8_t hw[6], unsigned client) {
  memcpy(hw, "\x02\x00\x00\x00\x00\x00", 6);
  hw[4] = (uint8_t)(client >> 8);
  hw[5] = (uint8_t)client;
}

void bench_query(dhcpha_query *query, uint8_t hw[6], unsigned client, uint16_t secs) {
  hw_of(hw, client);
  dhcpha_query_init(query);
  query->type = 1;
  query->secs = secs;
  query->hw_address = hw;
  query->hw_address_len = 6;
}

dhcpha_verdict bench_ask(bench *b, unsigned client, uint16_t secs) {
  uint8_t hw[6];
  dhcpha_query query;
  dhcpha_verdict verdict;
  bench_query(&query, hw, client, secs);
  dhcpha_verdict_init(&verdict);
  ck_assert_int_eq(dhcpha_hub_query_received(b->hub, &query, &verdict), DHCPHA_OK);
  bench_pull(b);
  return verdict;
}

void bench_lease(dhcpha_lease *lease, uint8_t hw[6], unsigned client) {
  hw_of(hw, client);
  dhcpha_lease_init(lease);
  dhcpha_address_parse(&lease->address, "192.0.2.10");
  lease->address.bytes[3] = (uint8_t)client;
  lease->subnet_id = 1;
  lease->valid_lft = 4000;
  lease->cltt = BENCH_UTC_S;
  lease->hw_address = hw;
  lease->hw_address_len = 6;
}

bool bench_commit(bench *b, uint64_t query_id, unsigned client) {
  uint8_t hw[6], lease_hw[6];
  dhcpha_query query;
  dhcpha_lease lease;
  bool parked = false;
  bench_query(&query, hw, client, 0);
  query.type = 3;
  bench_lease(&lease, lease_hw, client);
  ck_assert_int_eq(dhcpha_hub_leases_changed(b->hub, query_id, &query, &lease, 1, NULL, 0,
                                             &parked),
                   DHCPHA_OK);
  bench_pull(b);
  return parked;
}
