/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include <stdio.h>

#include "memory/unacked_clients.h"
#include "unit/hub_bench.h"
#include "unit/unit.h"

#define OK_ANSWER "[{\"result\":0,\"text\":\"IPv4 lease updated.\"}]"

static bench b;

static void end(void) {
  if (b.hub != NULL) bench_end(&b);
}

/* ---- dhcpha_hub_query_received() allocates nothing ---- */

typedef struct query_kind {
  const char *sentence;
  uint8_t type;
  bool identity;
  dhcpha_reason reason;
} query_kind;

static const query_kind kinds[] = {
    {"another server's", 1, true, DHCPHA_REASON_NOT_IN_SCOPE},
    {"one that does not concern us", 10, true, DHCPHA_REASON_NOT_SUBJECT},
    {"one without identity", 1, false, DHCPHA_REASON_NO_IDENTITY},
};

static dhcpha_reason ask(const query_kind *kind, unsigned client, uint16_t secs) {
  uint8_t hw[6];
  dhcpha_query query;
  dhcpha_verdict verdict;
  bench_query(&query, hw, client, secs);
  query.type = kind->type;
  if (!kind->identity) query.hw_address_len = 0;
  dhcpha_verdict_init(&verdict);
  ck_assert_int_eq(dhcpha_hub_query_received(b.hub, &query, &verdict), DHCPHA_OK);
  bench_pull(&b);
  return verdict.reason;
}

/* A client of the partner's in load-balancing, by its hash (P1 2.5). */
static unsigned foreign_client(unsigned from) {
  query_kind kind = {"", 1, true, DHCPHA_REASON_IN_SCOPE};
  while (ask(&kind, from, 0) != DHCPHA_REASON_NOT_IN_SCOPE) from++;
  return from;
}

static void fail_heartbeats_until(int64_t until_ms) {
  while (b.now.monotonic_ms < until_ms) {
    bench_run(&b, b.now.monotonic_ms + 1000);
    bench_sent *sent = bench_find(&b, "ha-heartbeat");
    if (sent != NULL) bench_fail(&b, sent);
  }
}

START_TEST(a_verdict_takes_no_memory) {
  bench_start(&b, "load-balancing", 0, "", _i == 1);
  bench_bring_up(&b, "load-balancing");
  unsigned foreign = foreign_client(1);
  uint64_t requests = b.counts.requests;
  for (int round = 0; round < 100; round++) {
    for (int k = 0; k < COUNT_OF(kinds); k++)
      ck_assert_msg(ask(&kinds[k], foreign, 100) == kinds[k].reason, "%s", kinds[k].sentence);
    for (unsigned client = 0; client < 20; client++) (void)ask(&kinds[0], client, 100);
  }
  ck_assert_uint_eq(b.counts.requests, requests);
}
END_TEST

START_TEST(a_verdict_takes_no_memory_while_the_partner_is_silent) {
  query_kind kind = kinds[0];
  bench_start(&b, "hot-standby", 1, "max-unacked-clients=20", _i == 1);
  bench_bring_up(&b, "hot-standby");
  fail_heartbeats_until(b.now.monotonic_ms + 70000);
  ck_assert_int_eq(dhcpha_hub_get_state(b.hub, 0), DHCPHA_STATE_HOT_STANDBY);
  uint64_t requests = b.counts.requests;
  for (unsigned client = 1; client <= 20; client++) {
    ck_assert_int_eq(ask(&kind, client, 0), DHCPHA_REASON_NOT_IN_SCOPE);  /* connects */
    ck_assert_int_eq(ask(&kind, client, 20), DHCPHA_REASON_NOT_IN_SCOPE); /* is unacked */
    ck_assert_int_eq(ask(&kind, client, 30), DHCPHA_REASON_NOT_IN_SCOPE); /* is known */
  }
  for (unsigned client = 100; client < 100 + DHCPHA_UNACKED_CLIENTS_RESERVED - 21; client++)
    (void)ask(&kind, client, 0);
  ck_assert_uint_eq(b.counts.requests, requests);
  (void)ask(&kind, 21, 20); /* this one is one too many */
  ck_assert_int_eq(dhcpha_hub_get_state(b.hub, 0), DHCPHA_STATE_PARTNER_DOWN);
  ck_assert_int_eq(ask(&kind, 22, 20), DHCPHA_REASON_IN_SCOPE);
  ck_assert_uint_eq(b.counts.requests, requests);
}
END_TEST

START_TEST(a_verdict_takes_no_memory_with_the_service_off) {
  bench_start(&b, "hot-standby", 0, "", _i == 1);
  uint64_t requests = b.counts.requests;
  for (unsigned client = 0; client < 100; client++)
    ck_assert_int_eq(ask(&kinds[0], client, 100), DHCPHA_REASON_SERVICE_DISABLED);
  ck_assert_uint_eq(b.counts.requests, requests);
}
END_TEST

/* ---- leases, in steady state ---- */

static void serve(unsigned rounds) {
  for (unsigned round = 0; round < rounds; round++) {
    for (unsigned client = 1; client <= 10; client++)
      ck_assert(bench_commit(&b, client, client));
    bench_sent *sent;
    while ((sent = bench_find(&b, "lease4-update")) != NULL) bench_answer(&b, sent, OK_ANSWER);
    b.sent_count = 0;
  }
}

START_TEST(lease_updates_take_no_memory_in_steady_state) {
  bench_start(&b, "hot-standby", 0, "", _i == 1);
  bench_bring_up(&b, "hot-standby");
  serve(5);
  uint64_t requests = b.counts.requests;
  serve(200);
  ck_assert_uint_eq(b.counts.requests, requests);
  ck_assert_uint_eq(dhcpha_hub_get_counter(b.hub, DHCPHA_COUNTER_UPDATES_ACKNOWLEDGED), 2050);
}
END_TEST

START_TEST(heartbeats_take_no_memory_in_steady_state) {
  bench_start(&b, "hot-standby", 0, "", _i == 1);
  bench_bring_up(&b, "hot-standby");
  for (int i = 0; i < 5; i++) bench_heartbeat(&b, "hot-standby");
  (void)bench_command(&b, "{\"command\":\"ha-heartbeat\"}");
  uint64_t requests = b.counts.requests;
  for (int i = 0; i < 200; i++) {
    bench_heartbeat(&b, "hot-standby");
    (void)bench_command(&b, "{\"command\":\"ha-heartbeat\"}");
  }
  ck_assert_uint_eq(b.counts.requests, requests);
}
END_TEST

/* A lease update that a peer sends, from the request to its answer. */
START_TEST(received_updates_take_no_memory_in_steady_state) {
  static const char command[] =
      "{\"command\":\"lease4-update\",\"arguments\":{\"ip-address\":\"192.0.2.77\","
      "\"hw-address\":\"02:00:00:00:00:09\",\"subnet-id\":1,\"valid-lft\":4000,"
      "\"force-create\":true}}";
  dhcpha_stored stored = DHCPHA_STORED_UPDATED;
  uint64_t requests = 0;
  bench_start(&b, "hot-standby", 0, "", _i == 1);
  for (int i = 0; i < 200; i++) {
    if (i == 5) requests = b.counts.requests;
    b.request_count = 0;
    ck_assert_int_eq(bench_command(&b, command), DHCPHA_OK);
    ck_assert_int_eq(dhcpha_hub_leases_stored(b.hub, b.requests[0].id, &stored, 1), DHCPHA_OK);
    bench_pull(&b);
  }
  ck_assert_uint_eq(b.counts.requests, requests);
  ck_assert_str_eq(text_of(&b.answer), "[{\"result\":0,\"text\":\"IPv4 lease updated.\"}]");
}
END_TEST

/* ---- when there is none ---- */

static char *config_of(void) {
  text json = {0};
  pair_config_write(&json, "hot-standby", 0, 0, NULL, 0);
  return json.data;
}

START_TEST(a_hub_that_cannot_be_made_leaves_nothing) {
  failing_allocator counts = {0};
  dhcpha_allocator allocator = failing_allocator_hooks(&counts);
  dhcpha_config *config = NULL;
  dhcpha_hub *hub = NULL;
  char *json = config_of();
  ck_assert_int_eq(
      dhcpha_config_parse(DHCPHA_DHCP4, json, strlen(json), &allocator, &config, NULL), DHCPHA_OK);
  free(json);
  uint64_t nth = 0;
  do {
    int64_t live = counts.live;
    nth++;
    counts.fail_from = counts.requests + nth;
    counts.fail_count = 1;
    dhcpha_status status = dhcpha_hub_new(config, NULL, NULL, &hub);
    ck_assert_int_eq(status, hub == NULL ? DHCPHA_ERR_NOMEM : DHCPHA_OK);
    if (hub == NULL) ck_assert_int_eq(counts.live, live);
  } while (hub == NULL);
  ck_assert_uint_gt(nth, 5);
  dhcpha_config_free(config); /* the hub keeps what it needs */
  dhcpha_hub_free(hub);
  ck_assert_int_eq(counts.live, 0);
}
END_TEST

/* The query whose update could not be sent is dropped; the others go on. */
START_TEST(an_update_without_memory_drops_its_query) {
  bool parked = false, seen = false;
  bench_start(&b, "hot-standby", 0, "", false);
  bench_bring_up(&b, "hot-standby");
  for (uint64_t nth = 1; nth < 20; nth++) {
    dhcpha_query query;
    dhcpha_lease lease;
    uint8_t hw[6], lease_hw[6];
    char context[6000];
    bench_query(&query, hw, 1, 0);
    bench_lease(&lease, lease_hw, 1);
    memset(context, ' ', sizeof context); /* more than an action keeps: it has to be allocated */
    context[0] = '{';
    context[sizeof context - 1] = '}';
    lease.user_context = context;
    lease.user_context_len = sizeof context;
    text_clear(&b.trace);
    uint64_t failed = b.counts.failed;
    b.counts.fail_from = b.counts.requests + nth;
    b.counts.fail_count = 1;
    dhcpha_status status =
        dhcpha_hub_leases_changed(b.hub, nth, &query, &lease, 1, NULL, 0, &parked);
    b.counts.fail_from = 0;
    bench_pull(&b);
    if (b.counts.failed == failed) break; /* it took fewer allocations */
    seen = true;
    ck_assert_int_eq(status, parked ? DHCPHA_OK : DHCPHA_ERR_NOMEM);
    if (parked) ck_assert_ptr_nonnull(strstr(text_of(&b.trace), "drop"));
    while (bench_find(&b, "lease4-update") != NULL)
      bench_answer(&b, bench_find(&b, "lease4-update"), OK_ANSWER);
  }
  ck_assert(seen);
  ck_assert(bench_commit(&b, 99, 1));
  while (bench_find(&b, "lease4-update") != NULL)
    bench_answer(&b, bench_find(&b, "lease4-update"), OK_ANSWER);
  ck_assert_ptr_nonnull(strstr(text_of(&b.trace), "release 99 send"));
}
END_TEST

/* A hub with as many queries waiting as it takes: the next is refused, and the log says why.  One
 * refused for want of memory is not said to be one too many. */
START_TEST(a_query_too_many_is_refused) {
  uint64_t id = 0;
  bool parked = false;
  dhcpha_status status = DHCPHA_OK;
  dhcpha_query query;
  dhcpha_lease lease;
  uint8_t hw[6], lease_hw[6];
  bench_start(&b, "hot-standby", 0, "", false);
  bench_bring_up(&b, "hot-standby");
  bench_query(&query, hw, 1, 0);
  bench_lease(&lease, lease_hw, 1);
  while (status == DHCPHA_OK && id < 100000) {
    dhcpha_action *action;
    status = dhcpha_hub_leases_changed(b.hub, ++id, &query, &lease, 1, NULL, 0, &parked);
    if (status != DHCPHA_OK) break;
    while ((action = dhcpha_hub_next_action(b.hub)) != NULL) dhcpha_action_free(action);
    if (_i == 1 && id == 32) { /* one more needs memory */
      b.counts.fail_from = b.counts.requests + 1;
      b.counts.fail_count = 1;
    }
  }
  ck_assert_int_eq(status, _i == 1 ? DHCPHA_ERR_NOMEM : DHCPHA_ERR_LIMIT);
  ck_assert_uint_eq(id, _i == 1 ? 33 : 65537);
  ck_assert(!parked);
  bench_pull(&b);
  ck_assert((strstr(text_of(&b.trace), "parked_limit") == NULL) == (_i == 1));
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("hub_memory");
  tcase_add_checked_fixture(tcase, NULL, end);
  tcase_add_loop_test(tcase, a_verdict_takes_no_memory, 0, 2);
  tcase_add_loop_test(tcase, a_verdict_takes_no_memory_while_the_partner_is_silent, 0, 2);
  tcase_add_loop_test(tcase, a_verdict_takes_no_memory_with_the_service_off, 0, 2);
  tcase_add_loop_test(tcase, lease_updates_take_no_memory_in_steady_state, 0, 2);
  tcase_add_loop_test(tcase, heartbeats_take_no_memory_in_steady_state, 0, 2);
  tcase_add_loop_test(tcase, received_updates_take_no_memory_in_steady_state, 0, 2);
  tcase_add_test(tcase, a_hub_that_cannot_be_made_leaves_nothing);
  tcase_add_test(tcase, an_update_without_memory_drops_its_query);
  tcase_add_loop_test(tcase, a_query_too_many_is_refused, 0, 2);
  return unit_run("hub_memory", tcase);
}
