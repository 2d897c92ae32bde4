/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* A peer's lease commands: what the host's store is asked for, and what is answered then. */
#include <stdio.h>

#include "procedures/lease_pages.h"
#include "unit/hub_bench.h"
#include "unit/unit.h"

static bench b;
static text asked; /* of the store */
static uint64_t request_id;

#define SUBNETS 2

static void set_subnets(dhcpha_family family) {
  static const char *const prefixes[][SUBNETS] = {{"192.0.2.0", "198.51.100.0"},
                                                  {"2001:db8:1::", "2001:db8:2::"}};
  dhcpha_subnet subnets[SUBNETS];
  for (uint32_t i = 0; i < SUBNETS; i++) {
    dhcpha_subnet_init(&subnets[i]);
    subnets[i].id = i + 1;
    ck_assert_int_eq(dhcpha_address_parse(&subnets[i].prefix,
                                          prefixes[family == DHCPHA_DHCP6][i]),
                     DHCPHA_OK);
    subnets[i].prefix_len = family == DHCPHA_DHCP6 ? 64 : 24;
    subnets[i].valid_lft = 3600;
  }
  ck_assert_int_eq(dhcpha_hub_set_subnets(b.hub, subnets, SUBNETS), DHCPHA_OK);
}

static void begin(dhcpha_family family) {
  text config = {0};
  memset(&b, 0, sizeof b);
  text_clear(&asked);
  pair_config_write(&config, "hot-standby", 0, 0, NULL, 0);
  bench_make(&b, family, text_of(&config), false);
  text_free(&config);
  ck_assert_int_eq(dhcpha_hub_start(b.hub), DHCPHA_OK);
  bench_pull(&b);
  set_subnets(family);
}

static void end(void) {
  text_free(&asked);
  if (b.hub != NULL) bench_end(&b);
}

static void note_batch(const dhcpha_action *action) {
  static const char *const operations[] = {"put", "put-existing", "put-newer", "delete"};
  static const char *const types[] = {"", " IA_TA", " IA_PD"};
  const dhcpha_lease_batch *batch = dhcpha_action_get_leases(action);
  char address[DHCPHA_ADDRESS_TEXT_SIZE];
  for (size_t i = 0; i < dhcpha_lease_batch_get_count(batch); i++) {
    const dhcpha_lease *lease = dhcpha_lease_batch_get_lease(batch, i);
    text_format(&asked, "%s%s %s%s", i == 0 ? "" : ", ",
                operations[dhcpha_lease_batch_get_operation(batch, i)],
                dhcpha_address_format(&lease->address, address), types[lease->type]);
  }
}

static void pull(void) {
  dhcpha_action *action;
  char after[DHCPHA_ADDRESS_TEXT_SIZE];
  while ((action = dhcpha_hub_next_action(b.hub)) != NULL) {
    const dhcpha_lease_range *range = dhcpha_action_get_range(action);
    if (range != NULL)
      text_format(&asked, "read %lu after %s", (unsigned long)range->limit,
                  dhcpha_address_format(&range->after, after));
    if (dhcpha_action_get_type(action) == DHCPHA_ACTION_STORE_LEASES) note_batch(action);
    if (range != NULL || dhcpha_action_get_type(action) == DHCPHA_ACTION_STORE_LEASES)
      request_id = dhcpha_action_get_id(action);
    if (dhcpha_action_get_type(action) == DHCPHA_ACTION_ANSWER_COMMAND) {
      text_clear(&b.answer);
      text_add(&b.answer, dhcpha_action_get_json(action));
    }
    dhcpha_action_free(action);
  }
}

static dhcpha_status receive(const char *name, const char *arguments) {
  text json = {0};
  text_clear(&asked);
  text_clear(&b.answer);
  text_format(&json, "{\"command\":\"%s\"%s%s}", name, arguments[0] == '\0' ? "" : ",\"arguments\":",
              arguments);
  dhcpha_status status =
      dhcpha_hub_command_received(b.hub, 1, text_of(&json), json.len, SIZE_MAX);
  text_free(&json);
  pull();
  return status;
}

/* ---- lease6-bulk-apply ---- */

#define DUID "\"duid\":\"00:03:00:01:02:03\""
#define NA(last) "{\"ip-address\":\"2001:db8:1::" last "\"," DUID ",\"iaid\":1,\"subnet-id\":1}"
#define GONE(last) "{\"ip-address\":\"2001:db8:1::" last "\"}"
#define PD(address)                                                                            \
  "{\"ip-address\":\"" address "\"," DUID                                                       \
  ",\"iaid\":1,\"subnet-id\":1,\"type\":\"IA_PD\",\"prefix-len\":56}"
#define DONE(count, result)                                                                    \
  "\"result\":" result ",\"text\":\"Bulk apply of " count " IPv6 leases completed.\"}]"
#define FAILED(result, text) "[{\"result\":" result ",\"text\":\"" text "\"}]"
#define ADDED DHCPHA_STORED_ADDED
#define UPDATED DHCPHA_STORED_UPDATED
#define DELETED DHCPHA_STORED_DELETED
#define MISSING DHCPHA_STORED_MISSING
#define BUSY DHCPHA_STORED_BUSY
#define BROKEN DHCPHA_STORED_FAILED
#define REFUSED DHCPHA_STORED_REFUSED
#define REGISTERED(last)                                                                       \
  "the lease with address 2001:db8:1::" last " is not changed: a registered lease does not "    \
  "become another, nor another a registered one"

/* P1 4.8 "lease6-bulk-apply in detail". */
static const struct {
  const char *sentence;
  const char *arguments;
  const char *asked; /* "": the store is not asked */
  dhcpha_stored results[4];
  size_t result_count;
  const char *answer;
} bulks[] = {
  {"the arguments are a map", "", "", {ADDED}, 0,
   FAILED("1", "Command arguments missing or a not a map.")},
  {"it has at least one of the two lists", "{}", "", {ADDED}, 0,
   FAILED("1", "neither 'deleted-leases' nor 'leases' parameter specified")},
  {"the one is a list", "{\"leases\":{},\"deleted-leases\":[]}", "", {ADDED}, 0,
   FAILED("1", "the 'leases' parameter must be a list")},
  {"the other too", "{\"deleted-leases\":1}", "", {ADDED}, 0,
   FAILED("1", "the 'deleted-leases' parameter must be a list")},
  {"two empty lists are no error", "{\"leases\":[],\"deleted-leases\":[]}", "", {ADDED}, 0,
   "[{" DONE("0", "3")},
  {"deleted first, then stored, in one batch",
   "{\"leases\":[" NA("1") "," PD("2001:db8:8::") "],\"deleted-leases\":[" GONE("2") "]}",
   "delete 2001:db8:1::2, put 2001:db8:1::1, put 2001:db8:8:: IA_PD", {DELETED, ADDED, UPDATED}, 3,
   "[{" DONE("3", "0")},
  {"what is no map changes nothing", "{\"leases\":[" NA("1") ",5]}", "", {ADDED}, 0,
   FAILED("1", "get(string) called on a non-map Element")},
  {"a lease that cannot be read changes nothing",
   "{\"leases\":[" NA("1") ",{\"ip-address\":\"x\"}],\"deleted-leases\":[" GONE("2") "]}", "",
   {ADDED}, 0,
   FAILED("1", "Failed to convert 'x' to address: Failed to convert string to address 'x': "
               "Invalid argument")},
  {"nor one to be deleted", "{\"leases\":[" NA("1") "],\"deleted-leases\":[{\"ip-address\":\"x\"}]}",
   "", {ADDED}, 0, FAILED("1", "Failed to convert string to address 'x': Invalid argument")},
  {"an unknown subnet is an error of the whole, no conflict",
   "{\"leases\":[" NA("1") ",{\"ip-address\":\"2001:db8:9::1\"," DUID
   ",\"iaid\":1,\"subnet-id\":99}]}",
   "", {ADDED}, 0,
   FAILED("1", "Invalid subnet-id: No IPv6 subnet with subnet-id=99 currently configured.")},
  {"an address outside of its subnet too",
   "{\"leases\":[{\"ip-address\":\"2001:db8:2::1\"," DUID ",\"iaid\":1,\"subnet-id\":1}]}", "",
   {ADDED}, 0,
   FAILED("1", "The address 2001:db8:2::1 does not belong to subnet 2001:db8:1::/64, subnet-id=1")},
  {"some of it done is done",
   "{\"leases\":[" NA("1") "],\"deleted-leases\":[" GONE("2") "]}",
   "delete 2001:db8:1::2, put 2001:db8:1::1", {MISSING, ADDED}, 2,
   "[{\"arguments\":{\"failed-deleted-leases\":[{\"error-message\":\"lease not found\","
   "\"ip-address\":\"2001:db8:1::2\",\"result\":3,\"type\":\"IA_NA\"}]}," DONE("1", "0")},
  {"nothing of it done is told by result 3, and each failure by its own",
   "{\"leases\":[" NA("1") "," PD("2001:db8:8::") "],"
   "\"deleted-leases\":[{\"ip-address\":\"2001:db8:8:1::\",\"type\":\"IA_PD\"}]}",
   "delete 2001:db8:8:1:: IA_PD, put 2001:db8:1::1, put 2001:db8:8:: IA_PD",
   {MISSING, BUSY, BROKEN}, 3,
   "[{\"arguments\":{\"failed-deleted-leases\":[{\"error-message\":\"lease not found\","
   "\"ip-address\":\"2001:db8:8:1::\",\"result\":3,\"type\":\"IA_PD\"}],"
   "\"failed-leases\":[{\"error-message\":\"ResourceBusy: IP address:2001:db8:1::1 could not be "
   "updated.\",\"ip-address\":\"2001:db8:1::1\",\"result\":4,\"type\":\"IA_NA\"},"
   "{\"error-message\":\"the lease store failed for address 2001:db8:8::\","
   "\"ip-address\":\"2001:db8:8::\",\"result\":1,\"type\":\"IA_PD\"}]}," DONE("0", "3")},
  {"of a lease without address the DUID is told", "{\"leases\":[" PD("::") "]}", "put :: IA_PD",
   {BUSY}, 1,
   "[{\"arguments\":{\"failed-leases\":[{\"duid\":\"00:03:00:01:02:03\","
   "\"error-message\":\"ResourceBusy: IP address::: could not be updated.\",\"result\":4,"
   "\"type\":\"IA_PD\"}]}," DONE("0", "3")},
  {"what the store does not tell of has failed", "{\"leases\":[" NA("1") "," NA("2") "]}",
   "put 2001:db8:1::1, put 2001:db8:1::2", {ADDED}, 1,
   "[{\"arguments\":{\"failed-leases\":[{\"error-message\":\"the lease store failed for address "
   "2001:db8:1::2\",\"ip-address\":\"2001:db8:1::2\",\"result\":1,\"type\":\"IA_NA\"}]}," DONE(
       "1", "0")},
  {"a registered lease does not become another: an error of that lease alone",
   "{\"leases\":[" NA("1") "," NA("2") "]}", "put 2001:db8:1::1, put 2001:db8:1::2",
   {REFUSED, ADDED}, 2,
   "[{\"arguments\":{\"failed-leases\":[{\"error-message\":\"" REGISTERED("1") "\","
   "\"ip-address\":\"2001:db8:1::1\",\"result\":1,\"type\":\"IA_NA\"}]}," DONE("1", "0")},
  {"a temporary address can be deleted",
   "{\"deleted-leases\":[{\"ip-address\":\"2001:db8:1::7\",\"type\":\"IA_TA\"}]}",
   "delete 2001:db8:1::7 IA_TA", {DELETED}, 1, "[{" DONE("1", "0")},
  {"a lease declined by a server of 2.2 has a DUID of one byte",
   "{\"leases\":[{\"ip-address\":\"2001:db8:1::1\",\"duid\":\"00\",\"iaid\":0,\"subnet-id\":1,"
   "\"state\":1}]}",
   "put 2001:db8:1::1", {UPDATED}, 1, "[{" DONE("1", "0")},
};

START_TEST(applies_a_bulk_as_the_reference_says) {
  begin(DHCPHA_DHCP6);
  ck_assert_int_eq(receive("lease6-bulk-apply", bulks[_i].arguments), DHCPHA_OK);
  ck_assert_msg(strcmp(text_of(&asked), bulks[_i].asked) == 0, "%s: asked for %s",
                bulks[_i].sentence, text_of(&asked));
  if (bulks[_i].asked[0] != '\0') {
    ck_assert_str_eq(text_of(&b.answer), "");
    ck_assert_int_eq(dhcpha_hub_leases_stored(b.hub, request_id, bulks[_i].results,
                                              bulks[_i].result_count),
                     DHCPHA_OK);
    pull();
  }
  ck_assert_msg(strcmp(text_of(&b.answer), bulks[_i].answer) == 0, "%s: answered %s",
                bulks[_i].sentence, text_of(&b.answer));
}
END_TEST

START_TEST(a_lease_named_by_its_client_is_the_hosts) {
  begin(DHCPHA_DHCP6);
  ck_assert_int_eq(receive("lease6-bulk-apply",
                           "{\"deleted-leases\":[{\"subnet-id\":1,\"identifier-type\":\"duid\","
                           "\"identifier\":\"00:01\"}]}"),
                   DHCPHA_ERR_FOREIGN);
  ck_assert_str_eq(text_of(&asked), "");
}
END_TEST

/* Whichever allocation fails: there is an answer, true to what was stored, and no leak. */
START_TEST(a_bulk_without_memory_is_answered) {
  static const dhcpha_stored results[] = {MISSING, BUSY, BROKEN};
  for (uint64_t n = 1; n < 40; n++) {
    begin(DHCPHA_DHCP6);
    b.counts.fail_from = b.counts.requests + n;
    b.counts.fail_count = 1;
    dhcpha_status status =
        receive("lease6-bulk-apply", "{\"leases\":[" NA("1") "," NA("2") "],"
                                     "\"deleted-leases\":[" GONE("3") "]}");
    if (status == DHCPHA_OK && text_of(&asked)[0] != '\0') {
      ck_assert_int_eq(dhcpha_hub_leases_stored(b.hub, request_id, results, 3), DHCPHA_OK);
      pull();
      ck_assert(strstr(text_of(&b.answer), "failed-leases") != NULL ||
                strstr(text_of(&b.answer), "\"result\":1") != NULL);
    }
    ck_assert(status == DHCPHA_ERR_NOMEM || b.answer.len > 0);
    bench_end(&b);
  }
}
END_TEST

/* ---- one lease ---- */

static const struct {
  const char *sentence;
  const char *command;
  const char *arguments;
  const char *asked;
  dhcpha_stored stored;
  const char *answer;
} singles[] = {
  {"force-create adds", "lease6-update",
   "{\"ip-address\":\"2001:db8:1::1\"," DUID ",\"iaid\":1,\"force-create\":true}",
   "put 2001:db8:1::1", ADDED, FAILED("0", "IPv6 lease added.")},
  {"without it there must be one", "lease6-update", NA("1"), "put-existing 2001:db8:1::1",
   MISSING,
   FAILED("4", "failed to update the lease with address 2001:db8:1::1 either because the lease "
               "has been deleted or it has changed in the database, in both cases a retry might "
               "succeed")},
  {"another subnet is a conflict", "lease6-update",
   "{\"ip-address\":\"2001:db8:9::1\"," DUID ",\"iaid\":1,\"subnet-id\":9}", "", ADDED,
   FAILED("4", "Invalid subnet-id: No IPv6 subnet with subnet-id=9 currently configured.")},
  {"nor does a registered lease become another", "lease6-update", NA("1"),
   "put-existing 2001:db8:1::1", REFUSED, FAILED("1", REGISTERED("1"))},
  {"by address", "lease6-del", GONE("1"), "delete 2001:db8:1::1", DELETED,
   FAILED("0", "IPv6 lease deleted.")},
  {"by address and type", "lease6-del", "{\"ip-address\":\"2001:db8::\",\"type\":\"IA_PD\"}",
   "delete 2001:db8:: IA_PD", MISSING, FAILED("3", "IPv6 lease not found.")},
  {"a temporary one", "lease6-del", "{\"ip-address\":\"2001:db8::\",\"type\":\"IA_TA\"}",
   "delete 2001:db8:: IA_TA", DELETED, FAILED("0", "IPv6 lease deleted.")},
  {"of no known type", "lease6-del", "{\"ip-address\":\"2001:db8::\",\"type\":\"IA_XX\"}", "",
   DELETED,
   FAILED("1", "Invalid lease type specified: only supported values are: IA_NA, IA_TA and IA_PD")},
};

START_TEST(serves_one_lease) {
  begin(DHCPHA_DHCP6);
  ck_assert_int_eq(receive(singles[_i].command, singles[_i].arguments), DHCPHA_OK);
  ck_assert_msg(strcmp(text_of(&asked), singles[_i].asked) == 0, "%s: asked for %s",
                singles[_i].sentence, text_of(&asked));
  if (singles[_i].asked[0] != '\0') {
    ck_assert_int_eq(dhcpha_hub_leases_stored(b.hub, request_id, &singles[_i].stored, 1),
                     DHCPHA_OK);
    pull();
  }
  ck_assert_msg(strcmp(text_of(&b.answer), singles[_i].answer) == 0, "%s: answered %s",
                singles[_i].sentence, text_of(&b.answer));
}
END_TEST

/* ---- pages, and all leases ---- */

/* A store of addresses: "1 2 2p 3" has 2001:db8:1::1, ::2, a prefix with the address ::2, ::3; 4@2
 * belongs to subnet 2; r and g behind are released and registered. */
static size_t read_store(const char *written, dhcpha_lease *leases) {
  size_t count = 0;
  for (const char *p = written; *p != '\0'; p++) {
    if (*p >= '0' && *p <= '9') {
      dhcpha_lease *lease = &leases[count++];
      dhcpha_lease_init(lease);
      dhcpha_address_parse(&lease->address, "2001:db8:1::");
      lease->address.bytes[15] = (uint8_t)(*p - '0');
      lease->subnet_id = 1;
      lease->cltt = 1000;
      lease->valid_lft = 4000;
      lease->client_id = (const uint8_t *)"abc";
      lease->client_id_len = 3;
    }
    if (*p == 'p') leases[count - 1].type = DHCPHA_LEASE_PREFIX;
    if (*p == 'p') leases[count - 1].prefix_len = 128;
    if (*p == '@') leases[count - 1].subnet_id = (uint32_t)(*++p - '0');
    if (*p == 'r') leases[count - 1].state = DHCPHA_LEASE_RELEASED;
    if (*p == 'g') leases[count - 1].state = DHCPHA_LEASE_REGISTERED;
  }
  return count;
}

/* The leases of an answer, as above. */
static void write_page(const char *answer, text *out) {
  static const char key[] = "\"ip-address\":\"2001:db8:1::";
  for (const char *p = strstr(answer, key); p != NULL; p = strstr(p, key)) {
    p += sizeof key - 1;
    const char *end = strchr(p, '}');
    const char *prefix = strstr(p, "IA_PD");
    text_format(out, "%s%c%s", out->len == 0 ? "" : " ", *p,
                prefix != NULL && prefix < end ? "p" : "");
  }
}

static const struct {
  const char *sentence;
  const char *command;
  const char *arguments;
  const char *asked;
  const char *store; /* what is handed over */
  const char *page;
  const char *end; /* of the answer */
} pages[] = {
  {"a page of DHCPv6 looks one lease ahead", "lease6-get-page",
   "{\"from\":\"start\",\"limit\":3}", "read 4 after ::", "1 2 3 4", "1 2 3",
   "],\"count\":3},\"result\":0,\"text\":\"3 IPv6 lease(s) found.\"}]"},
  {"a short one is the last", "lease6-get-page", "{\"from\":\"2001:db8:1::1\",\"limit\":3}",
   "read 4 after 2001:db8:1::1", "2 2p", "2 2p",
   "],\"count\":2},\"result\":0,\"text\":\"2 IPv6 lease(s) found.\"}]"},
  {"an empty one has its list", "lease6-get-page", "{\"from\":\"start\",\"limit\":3}",
   "read 4 after ::", "", "",
   "[{\"arguments\":{\"leases\":[],\"count\":0},\"result\":3,\"text\":\"0 IPv6 lease(s) "
   "found.\"}]"},
  {"two leases of one address are not torn apart: the one before is told twice",
   "lease6-get-page", "{\"from\":\"start\",\"limit\":3}", "read 4 after ::", "1 2 3 3p", "1 2 2",
   "],\"count\":3},\"result\":0,\"text\":\"3 IPv6 lease(s) found.\"}]"},
  {"the last one before may itself be a pair", "lease6-get-page",
   "{\"from\":\"start\",\"limit\":3}", "read 4 after ::", "2 2p 3 3p", "2 2p 2p",
   "],\"count\":3},\"result\":0,\"text\":\"3 IPv6 lease(s) found.\"}]"},
  {"nor are three", "lease6-get-page", "{\"from\":\"start\",\"limit\":3}", "read 4 after ::",
   "1 3 3 3p", "1 1 1", "],\"count\":3},\"result\":0,\"text\":\"3 IPv6 lease(s) found.\"}]"},
  {"where there is none before them the page gets longer", "lease6-get-page",
   "{\"from\":\"start\",\"limit\":1}", "read 2 after ::", "3 3p", "3 3p",
   "],\"count\":2},\"result\":0,\"text\":\"2 IPv6 lease(s) found.\"}]"},
  {"an unlimited page has nothing behind it", "lease6-get-page",
   "{\"from\":\"start\",\"limit\":4294967295}", "read 4294967295 after ::", "3 3p", "3 3p",
   "],\"count\":2},\"result\":0,\"text\":\"2 IPv6 lease(s) found.\"}]"},
  {"all leases", "lease6-get-all", "", "read 4294967295 after ::", "1 2 3@2", "1 2 3",
   "]},\"result\":0,\"text\":\"3 IPv6 lease(s) found.\"}]"},
  {"those of some subnets", "lease6-get-all", "{\"subnets\":[3,2]}", "read 4294967295 after ::",
   "1 2@2 3@3 4@4", "2 3", "]},\"result\":0,\"text\":\"2 IPv6 lease(s) found.\"}]"},
  {"those of none", "lease6-get-all", "{\"subnets\":[]}", "read 4294967295 after ::", "1 2@2", "",
   "]},\"result\":3,\"text\":\"0 IPv6 lease(s) found.\"}]"},
  {"arguments need their list", "lease6-get-all", "{}", "", "", "",
   FAILED("1", "'subnets' parameter not specified")},
  {"which is one", "lease6-get-all", "{\"subnets\":1}", "", "", "",
   FAILED("1", "'subnets' parameter must be a list")},
  {"of numbers", "lease6-get-all", "{\"subnets\":[1,\"1\"]}", "", "", "",
   FAILED("1", "listed subnet identifiers must be numbers")},
};

START_TEST(serves_pages) {
  dhcpha_lease leases[8];
  text page = {0};
  begin(DHCPHA_DHCP6);
  ck_assert_int_eq(receive(pages[_i].command, pages[_i].arguments), DHCPHA_OK);
  ck_assert_msg(strcmp(text_of(&asked), pages[_i].asked) == 0, "%s: asked for %s",
                pages[_i].sentence, text_of(&asked));
  size_t count = read_store(pages[_i].store, leases);
  for (size_t i = 0; i < count; i++)
    ck_assert_int_eq(dhcpha_hub_leases_read(b.hub, request_id, &leases[i], 1), DHCPHA_OK);
  if (pages[_i].asked[0] != '\0') {
    ck_assert_int_eq(dhcpha_hub_leases_read_done(b.hub, request_id, DHCPHA_OK), DHCPHA_OK);
    pull();
  }
  write_page(text_of(&b.answer), &page);
  ck_assert_msg(strcmp(text_of(&page), pages[_i].page) == 0, "%s: told %s", pages[_i].sentence,
                text_of(&page));
  size_t len = strlen(pages[_i].end);
  ck_assert_uint_ge(b.answer.len, len);
  ck_assert_str_eq(text_of(&b.answer) + b.answer.len - len, pages[_i].end);
  text_free(&page);
}
END_TEST

/* P2 15.8: a peer of 2.x reads no lease that is released or registered. */
START_TEST(an_old_peer_is_told_of_states_it_knows) {
  static const struct {
    const char *store;
    dhcpha_released_treatment released;
    const char *state, *valid;
  } rows[] = {
      {"1r", DHCPHA_RELEASED_AS_THEY_ARE, "\"state\":3", "\"valid-lft\":4000"},
      {"1r", DHCPHA_RELEASED_EXPIRED, "\"state\":0", "\"valid-lft\":0"},
      {"1g", DHCPHA_RELEASED_UNKNOWN, "\"state\":4", "\"valid-lft\":4000"},
      {"1g", DHCPHA_RELEASED_EXPIRED, "\"state\":0", "\"valid-lft\":4000"},
  };
  failing_allocator counts = {0};
  dhcpha_allocator allocator = failing_allocator_hooks(&counts);
  for (int i = 0; i < COUNT_OF(rows); i++) {
    dhcpha_context context;
    dhcpha_command command;
    dhcpha_lease lease;
    memset(&command, 0, sizeof command);
    command.name = "lease6-get-all";
    ck_assert_int_eq(dhcpha_context_init(&context, &allocator, DHCPHA_DHCP6), DHCPHA_OK);
    dhcpha_action *answer = dhcpha_context_make_answer(&context, 1);
    dhcpha_lease_get_all(&context, &command, answer, rows[i].released);
    dhcpha_action *action = dhcpha_outbox_take(&context.outbox);
    dhcpha_exchange *exchange =
        dhcpha_exchanges_find(&context.exchanges, dhcpha_action_get_id(action));
    dhcpha_action_free(action);
    ck_assert_uint_eq(read_store(rows[i].store, &lease), 1);
    ck_assert_int_eq(dhcpha_lease_read(&context, exchange, &lease, 1), DHCPHA_OK);
    ck_assert_ptr_nonnull(strstr(dhcpha_action_get_json(answer), rows[i].state));
    ck_assert_ptr_nonnull(strstr(dhcpha_action_get_json(answer), rows[i].valid));
    dhcpha_context_free(&context);
  }
  ck_assert_int_eq(counts.live, 0);
}
END_TEST

START_TEST(a_host_hands_over_no_more_than_it_was_asked_for) {
  dhcpha_lease leases[8];
  begin(DHCPHA_DHCP6);
  ck_assert_int_eq(receive("lease6-get-page", "{\"from\":\"start\",\"limit\":2}"), DHCPHA_OK);
  ck_assert_uint_eq(read_store("1 2 3 4", leases), 4);
  ck_assert_int_eq(dhcpha_hub_leases_read(b.hub, request_id, leases, 4), DHCPHA_ERR_LIMIT);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("lease commands");
  tcase_add_checked_fixture(tcase, NULL, end);
  tcase_add_loop_test(tcase, applies_a_bulk_as_the_reference_says, 0, COUNT_OF(bulks));
  tcase_add_test(tcase, a_lease_named_by_its_client_is_the_hosts);
  tcase_add_test(tcase, a_bulk_without_memory_is_answered);
  tcase_add_loop_test(tcase, serves_one_lease, 0, COUNT_OF(singles));
  tcase_add_loop_test(tcase, serves_pages, 0, COUNT_OF(pages));
  tcase_add_test(tcase, an_old_peer_is_told_of_states_it_knows);
  tcase_add_test(tcase, a_host_hands_over_no_more_than_it_was_asked_for);
  return unit_run("lease_commands", tcase);
}
