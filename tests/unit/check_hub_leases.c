/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* What a hub makes of leases that have changed: its commands, and what becomes of the query. */
#include "unit/hub_bench.h"
#include "unit/unit.h"

#define OK_ANSWER "[{\"result\":0,\"text\":\"done\"}]"
#define CONFLICT_ANSWER "[{\"result\":4,\"text\":\"no such subnet\"}]"

static bench b;

static void end(void) {
  if (b.hub != NULL) bench_end(&b);
}

static const char *last_trace(void) {
  return text_of(&b.trace);
}

/* ---- DHCPv6 ---- */

/* P2 4.4: "one lease6-bulk-apply carrying deleted-leases and leases". */
START_TEST(a_dhcpv6_query_sends_one_bulk_command) {
  text config = {0};
  dhcpha_query query;
  dhcpha_lease leases[3];
  bool parked = false;
  memset(&b, 0, sizeof b);
  pair_config_write(&config, "hot-standby", 0, 0, NULL, 0);
  bench_make(&b, DHCPHA_DHCP6, text_of(&config), false);
  text_free(&config);
  ck_assert_int_eq(dhcpha_hub_start(b.hub), DHCPHA_OK);
  bench_heartbeat(&b, "ready");
  bench_answer(&b, bench_find(&b, "dhcp-disable"), OK_ANSWER);
  bench_answer(&b, bench_find(&b, "lease6-get-page"),
               "[{\"result\":3,\"arguments\":{\"leases\":[]}}]");
  bench_answer(&b, bench_find(&b, "ha-sync-complete-notify"), OK_ANSWER);
  ck_assert_int_eq(dhcpha_hub_get_state(b.hub, 0), DHCPHA_STATE_HOT_STANDBY);
  dhcpha_query_init(&query);
  query.type = 3;
  query.client_id = (const uint8_t *)"\x00\x03\x00\x01\x02\x03";
  query.client_id_len = 6;
  for (uint8_t i = 0; i < 3; i++) {
    dhcpha_lease_init(&leases[i]);
    dhcpha_address_parse(&leases[i].address, "2001:db8::");
    leases[i].address.bytes[15] = i;
    leases[i].prefix_len = 128;
    leases[i].subnet_id = 1;
    leases[i].cltt = BENCH_UTC_S;
    leases[i].client_id = query.client_id;
    leases[i].client_id_len = query.client_id_len;
  }
  ck_assert_int_eq(
      dhcpha_hub_leases_changed(b.hub, 8, &query, leases, 2, &leases[2], 1, &parked), DHCPHA_OK);
  ck_assert(parked);
  bench_pull(&b);
  bench_sent *sent = bench_find(&b, "lease6-bulk-apply");
  ck_assert_ptr_nonnull(strstr(text_of(&b.json), "{\"arguments\":{\"deleted-leases\":[{"));
  bench_answer(&b, sent, OK_ANSWER);
  ck_assert_ptr_null(bench_find(&b, "lease6-bulk-apply"));
  ck_assert_ptr_nonnull(strstr(last_trace(), "release 8 send"));
}
END_TEST

/* ---- what becomes of a parked query (P2 4.6) ---- */

static const struct {
  const char *sentence;
  const char *answers[2]; /* of delete and update; NULL: no answer */
  const char *release;
  bool lost; /* the partner is unavailable */
} parkings[] = {
    {"both acknowledged", {OK_ANSWER, OK_ANSWER}, "release 6 send", false},
    {"a conflict drops it, the partner stays", {CONFLICT_ANSWER, OK_ANSWER}, "release 6 drop",
     false},
    {"the last one conflicts", {OK_ANSWER, CONFLICT_ANSWER}, "release 6 drop", false},
    {"no answer drops it, and the partner is lost", {NULL, OK_ANSWER}, "release 6 drop", true},
    {"an error too", {OK_ANSWER, "[{\"result\":1,\"text\":\"x\"}]"}, "release 6 drop", true},
    {"unsupported is an error", {"[{\"result\":2,\"text\":\"x\"}]", OK_ANSWER}, "release 6 drop",
     true},
    {"a lease that was not there is no failure",
     {"[{\"result\":3,\"text\":\"IPv4 lease not found.\"}]", OK_ANSWER}, "release 6 send", false},
    {"a bare map is an error", {"{\"result\":0,\"text\":\"x\"}", OK_ANSWER}, "release 6 drop",
     true},
    {"so is no JSON", {"<html>", OK_ANSWER}, "release 6 drop", true},
    {"so is nothing", {"", OK_ANSWER}, "release 6 drop", true},
    {"so is an empty list", {OK_ANSWER, "[]"}, "release 6 drop", true},
};

START_TEST(a_parked_query_goes_on_when_all_have_acknowledged) {
  dhcpha_query query;
  dhcpha_lease leases[2];
  uint8_t hw[6], lease_hw[2][6];
  bool parked = false;
  bench_start(&b, "hot-standby", 0, "", false);
  bench_bring_up(&b, "hot-standby");
  bench_query(&query, hw, 1, 0);
  bench_lease(&leases[0], lease_hw[0], 1);
  bench_lease(&leases[1], lease_hw[1], 2);
  ck_assert_int_eq(
      dhcpha_hub_leases_changed(b.hub, 6, &query, leases, 1, &leases[1], 1, &parked), DHCPHA_OK);
  ck_assert(parked);
  bench_pull(&b);
  const char *commands[] = {"lease4-del", "lease4-update"};
  for (int i = 0; i < 2; i++) {
    ck_assert_ptr_null(strstr(last_trace(), "release 6 send"));
    bench_sent *sent = bench_find(&b, commands[i]);
    if (parkings[_i].answers[i] == NULL) bench_fail(&b, sent);
    else bench_answer(&b, sent, parkings[_i].answers[i]);
  }
  const char *release = strstr(last_trace(), "release 6");
  ck_assert_msg(release != NULL && strncmp(release, parkings[_i].release, 14) == 0, "%s",
                parkings[_i].sentence);
  ck_assert_ptr_null(strstr(release + 1, "release 6")); /* once */
  ck_assert_msg((dhcpha_hub_get_partner_state(b.hub, 0) == DHCPHA_STATE_UNAVAILABLE) ==
                    parkings[_i].lost,
                "%s", parkings[_i].sentence);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("hub leases");
  tcase_add_checked_fixture(tcase, NULL, end);
  tcase_add_test(tcase, a_dhcpv6_query_sends_one_bulk_command);
  tcase_add_loop_test(tcase, a_parked_query_goes_on_when_all_have_acknowledged, 0,
                      COUNT_OF(parkings));
  return unit_run("hub_leases", tcase);
}
