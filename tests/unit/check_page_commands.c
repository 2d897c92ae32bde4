/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* The pages we ask a peer for, where two leases may have one address. */
#include "unit/hub_bench.h"
#include "unit/unit.h"

static bench b;

static void end(void) {
  if (b.hub != NULL) bench_end(&b);
}

static text page_command;

static void note_page(bench *at, const bench_sent *sent) {
  if (strcmp(sent->command, "lease6-get-page") != 0) return;
  text_clear(&page_command);
  text_add(&page_command, text_of(&at->json));
}

#define DUID "\"duid\":\"00:03:00:01:02:03\""
#define LEASE6(address, type)                                                                  \
  "{\"ip-address\":\"" address "\",\"type\":\"" type "\",\"prefix-len\":56,\"iaid\":1," DUID      \
  ",\"subnet-id\":1,\"cltt\":1000,\"valid-lft\":1,\"preferred-lft\":1,\"fqdn-fwd\":false,"         \
  "\"fqdn-rev\":false,\"hostname\":\"\",\"state\":0}"

/* P2 6.2: "an IA_NA and an IA_PD lease with the same address that straddle a page boundary lose one
 * of the two", which we do better. */
static const struct {
  const char *sentence;
  const char *first, *last; /* of a page of two */
  const char *from;         /* of the next */
  const char *again;        /* and of the one behind that, when it ends with the same; NULL: any */
} turns[] = {
  {"behind an address that begins no prefix", LEASE6("2001:db8:1::1", "IA_NA"),
   LEASE6("2001:db8:1::2", "IA_NA"), "2001:db8:1::2", NULL},
  {"a prefix is asked for again, there may be an address like it",
   LEASE6("2001:db8:1::1", "IA_NA"), LEASE6("2001:db8:8::", "IA_PD"),
   "2001:db8:7:ffff:ffff:ffff:ffff:ffff", "2001:db8:8::"},
  {"and an address that could begin a prefix", LEASE6("2001:db8:1::1", "IA_NA"),
   LEASE6("2001:db8:8::", "IA_NA"), "2001:db8:7:ffff:ffff:ffff:ffff:ffff", "2001:db8:8::"},
};

START_TEST(goes_on_where_two_leases_may_be) {
  static const pair_parameter limit = {"sync-page-limit", "2"};
  text config = {0}, page = {0};
  memset(&b, 0, sizeof b);
  pair_config_write(&config, "hot-standby", 0, 0, &limit, 1);
  bench_make(&b, DHCPHA_DHCP6, text_of(&config), false);
  text_free(&config);
  b.on_send = note_page;
  ck_assert_int_eq(dhcpha_hub_start(b.hub), DHCPHA_OK);
  bench_heartbeat(&b, "ready");
  bench_answer(&b, bench_find(&b, "dhcp-disable"), "[{\"result\":0}]");
  ck_assert_ptr_nonnull(strstr(text_of(&page_command), "\"from\":\"start\""));
  text_format(&page, "[{\"result\":0,\"arguments\":{\"leases\":[%s,%s]}}]", turns[_i].first,
              turns[_i].last);
  const char *const froms[] = {turns[_i].from, turns[_i].again};
  for (int i = 0; i < 2 && froms[i] != NULL; i++) {
    static const dhcpha_stored stored[] = {DHCPHA_STORED_ADDED, DHCPHA_STORED_ADDED};
    text from = {0};
    bench_answer(&b, bench_find(&b, "lease6-get-page"), text_of(&page));
    ck_assert_int_eq(
        dhcpha_hub_leases_stored(b.hub, b.requests[b.request_count - 1].id, stored, 2), DHCPHA_OK);
    bench_pull(&b);
    text_format(&from, "\"from\":\"%s\"", froms[i]);
    ck_assert_msg(strstr(text_of(&page_command), text_of(&from)) != NULL, "%s: sent %s",
                  turns[_i].sentence, text_of(&page_command));
    text_free(&from);
  }
  text_free(&page);
  text_free(&page_command);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("page commands");
  tcase_add_checked_fixture(tcase, NULL, end);
  tcase_add_loop_test(tcase, goes_on_where_two_leases_may_be, 0, COUNT_OF(turns));
  return unit_run("page_commands", tcase);
}
