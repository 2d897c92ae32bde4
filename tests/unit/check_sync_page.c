/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/sync_page.h"

#include "dhcp/lease.h"
#include "support/pair_config.h"
#include "unit/unit.h"

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_config *config;
static dhcpha_context context;
static dhcpha_service service;
static dhcpha_sync_page page;

#define LIMIT 3 /* sync-page-limit */

static void start(void) {
  static const pair_parameter parameters[] = {{"sync-page-limit", "3"}};
  text json = {0};
  counts = (failing_allocator){0};
  allocator = failing_allocator_hooks(&counts);
  pair_config_write(&json, "hot-standby", 0, 0, parameters, 1);
  ck_assert_int_eq(
      dhcpha_config_parse(DHCPHA_DHCP4, text_of(&json), json.len, &allocator, &config, NULL),
      DHCPHA_OK);
  text_free(&json);
  ck_assert_int_eq(dhcpha_context_init(&context, &allocator, DHCPHA_DHCP4), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_service_memory_init(&service, &context,
                                              dhcpha_config_get_relationship(config, 0), 0),
                   DHCPHA_OK);
  service.sync.peer = service.relationship->partner;
  service.sync.attempt = 5;
  dhcpha_address_parse(&service.sync.cursor, "192.0.2.10");
}

static void end(void) {
  dhcpha_sync_page_discard(&page, &service);
  ck_assert_uint_eq(context.exchanges.count, 0);
  dhcpha_service_memory_free(&service);
  dhcpha_context_free(&context);
  dhcpha_config_free(config);
  ck_assert_int_eq(counts.live, 0);
}

static bool read(const char *json) {
  return dhcpha_sync_page_read(&page, &service, json, strlen(json));
}

static size_t stored(void) {
  if (page.store == NULL) return 0;
  return dhcpha_lease_batch_get_count(dhcpha_action_get_leases(page.store));
}

#define LEASE_IN(address, subnet) \
  "{\"ip-address\":\"" address "\",\"hw-address\":\"02:00:00:00:00:01\",\"subnet-id\":" subnet \
  ",\"cltt\":1795355354,\"valid-lft\":4000,\"fqdn-fwd\":false,\"fqdn-rev\":false," \
  "\"hostname\":\"\",\"state\":0}"
#define LEASE(address) LEASE_IN(address, "1")
#define BAD(address) "{\"ip-address\":\"" address "\",\"subnet-id\":1}"
#define PAGE(leases) "[{\"result\":0,\"arguments\":{\"count\":9,\"leases\":[" leases "]}}]"

static const struct {
  const char *sentence;
  const char *json;
  bool good;
  size_t elements, refused, stored;
  const char *last; /* NULL: any */
  unsigned malformed;
} rows[] = {
    {"a short page is the last", PAGE(LEASE("192.0.2.11")), true, 1, 0, 1, "192.0.2.11", 0},
    {"a full page", PAGE(LEASE("192.0.2.11") "," LEASE("192.0.2.12") "," LEASE("192.0.2.13")),
     true, 3, 0, 3, "192.0.2.13", 0},
    {"the peer may send more than asked for",
     PAGE(LEASE("192.0.2.11") "," LEASE("192.0.2.12") "," LEASE("192.0.2.13") "," LEASE(
         "192.0.2.14")),
     true, 4, 0, 4, "192.0.2.14", 0},
    {"an empty page is success (P1 trap 17)",
     "[{\"result\":3,\"arguments\":{\"leases\":[],\"count\":0}}]", true, 0, 0, 0, NULL, 0},
    {"the count is ignored (P2 6.2)", PAGE(""), true, 0, 0, 0, NULL, 0},
    {"a bad lease is skipped", PAGE(LEASE("192.0.2.11") "," BAD("192.0.2.12")), true, 2, 1, 1,
     NULL, 0},
    {"no lease at all is skipped too", PAGE("1,null,[],\"x\"," LEASE("192.0.2.11")), true, 5, 4,
     1, NULL, 0},
    {"a full page of bad ones goes on behind the last (P2 15.8)",
     PAGE(BAD("192.0.2.11") "," BAD("192.0.2.12") "," BAD("192.0.2.13")), true, 3, 3, 0,
     "192.0.2.13", 0},
    {"a full page whose last lease is bad",
     PAGE(LEASE("192.0.2.11") "," LEASE("192.0.2.12") "," BAD("192.0.2.13")), true, 3, 1, 2,
     "192.0.2.13", 0},
    {"the last of a full page has no address",
     PAGE(LEASE("192.0.2.11") "," LEASE("192.0.2.12") ",{}"), false, 0, 0, 0, NULL, 1},
    {"or one of the other family",
     PAGE(LEASE("192.0.2.11") "," LEASE("192.0.2.12") "," BAD("2001:db8::1")), false, 0, 0, 0,
     NULL, 1},
    {"the last of a short page may be without", PAGE(LEASE("192.0.2.11") ",{}"), true, 2, 1, 1,
     NULL, 0},
    {"a full page that ends where the last one ended",
     PAGE(LEASE("192.0.2.8") "," LEASE("192.0.2.9") "," LEASE("192.0.2.10")), false, 0, 0, 0,
     NULL, 1},
    {"a full page that goes backwards",
     PAGE(LEASE("192.0.2.13") "," LEASE("192.0.2.12") "," LEASE("192.0.2.9")), false, 0, 0, 0,
     NULL, 1},
    {"unsorted, but it ends higher",
     PAGE(LEASE("192.0.2.30") "," LEASE("192.0.2.20") "," LEASE("192.0.2.25")), true, 3, 0, 3,
     "192.0.2.25", 0},
    {"no JSON", "[{\"result\":0,\"argum", false, 0, 0, 0, NULL, 1},
    {"it breaks off behind a lease", "[{\"result\":0,\"arguments\":{\"leases\":[" LEASE(
         "192.0.2.11") ",", false, 0, 0, 0, NULL, 1},
    {"something behind it", PAGE("") " x", false, 0, 0, 0, NULL, 1},
    {"nothing", "", false, 0, 0, 0, NULL, 1},
    {"a bare map", "{\"result\":0,\"arguments\":{\"leases\":[]}}", false, 0, 0, 0, NULL, 1},
    {"no arguments (P2 6.3)", "[{\"result\":3,\"text\":\"0 found\"}]", false, 0, 0, 0, NULL, 1},
    {"arguments that are no map", "[{\"result\":0,\"arguments\":[]}]", false, 0, 0, 0, NULL, 1},
    {"leases that are no list", "[{\"result\":0,\"arguments\":{\"leases\":{}}}]", false, 0, 0, 0,
     NULL, 1},
    {"leases of an answer that is an error",
     "[{\"arguments\":{\"leases\":[" LEASE("192.0.2.11") "]},\"result\":1,\"text\":\"no\"}]", false,
     0, 0, 0, NULL, 0},
    {"unsupported", "[{\"result\":2,\"text\":\"no\"}]", false, 0, 0, 0, NULL, 0},
};

START_TEST(takes_a_page_apart) {
  char last[DHCPHA_ADDRESS_TEXT_SIZE];
  bool good = read(rows[_i].json);
  ck_assert_msg(good == rows[_i].good, "%s: %s", rows[_i].sentence, page.error);
  ck_assert_msg(stored() == rows[_i].stored, "%s: %zu stored", rows[_i].sentence, stored());
  ck_assert_msg(page.malformed == rows[_i].malformed, "%s", rows[_i].sentence);
  ck_assert((page.error[0] == '\0') == good);
  if (!good) return;
  ck_assert_msg(page.elements == rows[_i].elements, "%s", rows[_i].sentence);
  ck_assert_msg(page.refused == rows[_i].refused, "%s", rows[_i].sentence);
  if (rows[_i].last != NULL)
    ck_assert_str_eq(dhcpha_address_format(&page.last, last), rows[_i].last);
}
END_TEST

/* P2 6.4: the newer one is kept; the action names the exchange that its outcome ends. */
START_TEST(asks_the_store_to_keep_the_newer) {
  ck_assert(read(PAGE(LEASE("192.0.2.11") "," LEASE("192.0.2.12"))));
  const dhcpha_lease_batch *batch = dhcpha_action_get_leases(page.store);
  ck_assert_int_eq(dhcpha_action_get_type(page.store), DHCPHA_ACTION_STORE_LEASES);
  for (size_t i = 0; i < 2; i++)
    ck_assert_int_eq(dhcpha_lease_batch_get_operation(batch, i), DHCPHA_LEASE_PUT_NEWER);
  const dhcpha_exchange *exchange =
      dhcpha_exchanges_find(&context.exchanges, dhcpha_action_get_id(page.store));
  ck_assert_int_eq(exchange->kind, DHCPHA_EXCHANGE_SYNC_STORE);
  ck_assert_uint_eq(exchange->attempt, 5);
  ck_assert_uint_eq(exchange->count, 2);
}
END_TEST

/* P2 6.4: "not in the subnet filter: skip silently (not counted)"; 6.5. */
START_TEST(keeps_to_the_subnets_of_its_relationship) {
  dhcpha_subnet subnets[2];
  for (uint32_t i = 0; i < 2; i++) {
    dhcpha_subnet_init(&subnets[i]);
    subnets[i].id = i + 1;
    dhcpha_address_parse(&subnets[i].prefix, "192.0.2.0");
    subnets[i].prefix_len = 24;
  }
  subnets[1].server_name = "server2";
  ck_assert_int_eq(dhcpha_subnets_set(&context.subnets, config, subnets, 2), DHCPHA_OK);
  service.sync.filtered = true;
  ck_assert(read(PAGE(LEASE_IN("192.0.2.11", "1") "," LEASE_IN("192.0.2.12", "2") "," LEASE_IN(
      "192.0.2.13", "3"))));
  ck_assert_uint_eq(page.elements, 3);
  ck_assert_uint_eq(page.refused, 0);
  ck_assert_uint_eq(stored(), 1);
  ck_assert_uint_eq(page.last.bytes[3], 13); /* the cursor goes on behind all of them */
}
END_TEST

/* Wherever memory runs out: there is a page, or an error and nothing left behind. */
START_TEST(without_memory_it_is_refused) {
  static const char json[] =
      PAGE(LEASE("192.0.2.11") "," LEASE("192.0.2.12") "," LEASE("192.0.2.13"));
  uint64_t nth = 0, failed;
  do {
    failed = counts.failed;
    counts.fail_from = counts.requests + ++nth;
    counts.fail_count = 1;
    context.log_level = DHCPHA_LEVEL_ERROR;
    bool good = read(json);
    counts.fail_from = 0;
    ck_assert(good || counts.failed != failed);
    if (good) {
      ck_assert_uint_eq(stored(), 3);
    } else {
      ck_assert_ptr_null(page.store);
      ck_assert_uint_eq(page.malformed, 0);
      ck_assert_str_eq(page.error, "out of memory");
    }
    dhcpha_sync_page_discard(&page, &service);
    ck_assert_uint_eq(context.exchanges.count, 0);
  } while (counts.failed != failed && nth < 200);
  ck_assert_uint_gt(nth, 3);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("sync_page");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_loop_test(tcase, takes_a_page_apart, 0, COUNT_OF(rows));
  tcase_add_test(tcase, asks_the_store_to_keep_the_newer);
  tcase_add_test(tcase, keeps_to_the_subnets_of_its_relationship);
  tcase_add_test(tcase, without_memory_it_is_refused);
  return unit_run("sync_page", tcase);
}
