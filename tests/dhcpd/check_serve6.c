/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* Addresses, prefixes and their clients: what DHCPv6 queries lead to. */
#include "serve6.h"

#include "fixture.h"
#include "message6.h"

#define SERVER "\0\2\0\0\0\1\1"
#define SERVER_LEN 7
#define NOW 1000000
#define NA(last) "2001:db8:1::" last
#define PREFIX(last) "3001:db8:0:" last "::"

static const char text[] =
    "{ \"Dhcp6\": { \"valid-lifetime\": 4000, \"preferred-lifetime\": 3000,"
    " \"max-valid-lifetime\": 8000,"
    " \"server-id\": { \"type\": \"EN\", \"enterprise-id\": 1, \"identifier\": \"01\" },"
    " \"option-data\": [ { \"name\": \"dns-servers\", \"data\": \"2001:db8::53\" },"
    " { \"name\": \"domain-search\", \"data\": \"example.org\" } ],"
    " \"subnet6\": [ { \"id\": 1, \"subnet\": \"2001:db8:1::/64\", \"interface\": \"eth0\","
    " \"rapid-commit\": true, \"interface-id\": \"port-1\","
    " \"pools\": [ { \"pool\": \"2001:db8:1::10 - 2001:db8:1::12\" },"
    " { \"pool\": \"2001:db8:1::100/127\", \"client-class\": \"HA_b\" } ],"
    " \"pd-pools\": [ { \"prefix\": \"3001:db8:0:100::\", \"prefix-len\": 56,"
    " \"delegated-len\": 58 }, { \"prefix\": \"3001:db8:0:200::\", \"prefix-len\": 56,"
    " \"delegated-len\": 58, \"client-class\": \"HA_b\" } ] },"
    " { \"id\": 2, \"subnet\": \"2001:db8:2::/64\", \"relay\": { \"ip-addresses\":"
    " [ \"2001:db8:9::9\" ] }, \"pools\": [ { \"pool\": \"2001:db8:2::/80\" } ] } ] } }";

static void open_all(void) { open_with(6, text); }

/* What a client says, and what it hears. */
struct talk {
  uint8_t type;
  uint8_t client;     /* the last byte of its DUID */
  const char *na, *pd; /* an address or prefix in an IA of each kind; "" for an IA without */
  const char *client_class;
  uint32_t iaid;
  bool rapid, elsewhere;
};

static struct packet6 packet;
static struct result6 result;
static uint8_t answer[PACKET6_ANSWER_MAX];

static bool needs_server(uint8_t type) {
  return type == DHCP6_REQUEST || type == DHCP6_RENEW || type == DHCP6_RELEASE ||
         type == DHCP6_DECLINE;
}

static void make_message(struct message6 *message, const struct talk *talk) {
  uint8_t duid[] = { 0, 3, 0, 1, 2, 0, 0, 0, 0, talk->client };
  message->len = 0;
  add_number(message, (uint32_t)talk->type << 24 | 7, 4);
  add_option(message, OPTION6_CLIENT_ID, duid, sizeof duid);
  if (needs_server(talk->type)) add_option(message, OPTION6_SERVER_ID, SERVER, SERVER_LEN);
  add_option(message, OPTION6_REQUEST, "\0\x17\0\x17", 4);
  if (talk->rapid) add_option(message, OPTION6_RAPID_COMMIT, "", 0);
  if (talk->na != NULL)
    add_ia(message, OPTION6_IA_NA, talk->iaid, talk->na[0] != '\0' ? talk->na : NULL, 0);
  if (talk->pd != NULL)
    add_ia(message, OPTION6_IA_PD, talk->iaid, talk->pd[0] != '\0' ? talk->pd : NULL, 58);
}

/* The type of the answer; 0: silence. */
static int say(struct talk talk) {
  static struct message6 message;
  make_message(&message, &talk);
  ck_assert(packet6_read(&packet, message.bytes, message.len));
  ck_assert_ptr_null(serve6_refusal(config, &packet, false));
  struct query6 query = {
    .packet = &packet, .subnet = talk.elsewhere ? NULL : &config->subnets[0],
    .client = { .duid = packet.client_id.bytes, .duid_len = packet.client_id.len,
                .client_class = talk.client_class != NULL ? talk.client_class : "" },
    .now_ms = now_ms, .now = NOW };
  changes_free(&changes);
  serve6(&allocator, &query, answer, &changes, &result);
  return result.answer ? answer[0] : 0;
}

static const uint8_t *answer_option(uint16_t code, size_t *len) {
  return find_option(answer + 4, result.out.len - 4, code, len);
}

/* The address or prefix in the IA of the answer; none: there is none, or no such IA. */
static struct ip given(uint16_t ia_code) {
  size_t len;
  const uint8_t *ia = answer_option(ia_code, &len);
  bool prefix = ia_code == OPTION6_IA_PD;
  if (ia == NULL) return IP_NONE;
  const uint8_t *value =
      find_option(ia + 12, len - 12, prefix ? OPTION6_IA_PREFIX : OPTION6_IA_ADDRESS, &len);
  return value != NULL ? ip_of_bytes(prefix ? value + 9 : value) : IP_NONE;
}

static uint32_t number_at(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* The valid lifetime of an address in the IA_NA; -1: it is not there. */
static int64_t lifetime_of(const char *address) {
  size_t len, value_len;
  const uint8_t *ia = answer_option(OPTION6_IA_NA, &len);
  for (size_t at = 12; ia != NULL && at + 4 <= len; at += 4 + value_len) {
    const uint8_t *value = ia + at + 4;
    value_len = (size_t)(ia[at + 2] << 8 | ia[at + 3]);
    if (ia[at + 1] == OPTION6_IA_ADDRESS && ip_equal(ip_of_bytes(value), ip6(address)))
      return number_at(value + 20);
  }
  return -1;
}

/* The status of an IA, or of the message (code 0); -1: there is none. */
static int status_of(uint16_t ia_code) {
  size_t len = result.out.len - 4;
  const uint8_t *list = answer + 4;
  if (ia_code != 0) {
    list = answer_option(ia_code, &len);
    if (list == NULL) return -1;
    size_t head = ia_code == OPTION6_IA_TA ? 4 : 12;
    list += head;
    len -= head;
  }
  const uint8_t *value = find_option(list, len, OPTION6_STATUS, &len);
  return value != NULL ? value[0] << 8 | value[1] : -1;
}

static struct lease_entry *lease_at(const char *address, uint8_t type) {
  return lease_table_find(&store.table, (struct lease_id){ ip6(address), type });
}

/* Client 1 has 2001:db8:1::10 and the first prefix. */
static void lease_up(void) {
  ck_assert_int_eq(say((struct talk){ .type = DHCP6_REQUEST, .client = 1, .na = NA("10"),
                                      .pd = PREFIX("100") }), DHCP6_REPLY);
  ck_assert(ip_equal(given(OPTION6_IA_NA), ip6(NA("10"))));
}

START_TEST(a_client_gets_an_address_and_a_prefix) {
  size_t len;
  struct talk talk = { .type = DHCP6_SOLICIT, .client = 1, .na = "", .pd = "" };
  ck_assert_int_eq(say(talk), DHCP6_ADVERTISE);
  ck_assert(!result.commit);
  ck_assert(ip_equal(given(OPTION6_IA_NA), ip6(NA("10"))));
  ck_assert(ip_equal(given(OPTION6_IA_PD), ip6(PREFIX("100"))));
  talk.type = DHCP6_REQUEST;
  talk.na = NA("10");
  talk.pd = PREFIX("100");
  ck_assert_int_eq(say(talk), DHCP6_REPLY);
  ck_assert(result.commit);
  ck_assert_uint_eq(changes.leased_count, 2); /* both in one update of the partner */
  ck_assert_mem_eq(answer_option(OPTION6_SERVER_ID, &len), SERVER, SERVER_LEN);
  ck_assert_ptr_nonnull(answer_option(OPTION6_CLIENT_ID, &len));
  ck_assert_ptr_nonnull(answer_option(OPTION6_DNS_SERVERS, &len));
  ck_assert_ptr_null(answer_option(OPTION6_DOMAIN_SEARCH, &len)); /* nobody asked for it */
  const uint8_t *ia = answer_option(OPTION6_IA_NA, &len);
  ck_assert_uint_eq(number_at(ia + 4), 1500);
  ck_assert_uint_eq(number_at(ia + 8), 2400);
  ck_assert_int_eq(lifetime_of(NA("10")), 4000);
  dhcpha_lease lease;
  lease_entry_get(lease_at(PREFIX("100"), DHCPHA_LEASE_PREFIX), &lease);
  ck_assert_uint_eq(lease.prefix_len, 58);
  ck_assert_uint_eq(lease.preferred_lft, 3000);
  ck_assert_int_eq(lease.cltt, NOW);
  ck_assert_uint_eq(lease.client_id_len, 10);
}
END_TEST

START_TEST(rapid_commit_leases_at_once) {
  size_t len;
  ck_assert_int_eq(say((struct talk){ .type = DHCP6_SOLICIT, .client = 1, .na = "",
                                      .rapid = true }), DHCP6_REPLY);
  ck_assert(result.commit);
  ck_assert_ptr_nonnull(answer_option(OPTION6_RAPID_COMMIT, &len));
  ck_assert_ptr_nonnull(lease_at(NA("10"), DHCPHA_LEASE_ADDRESS));
  config->subnets[0].settings.rapid_commit = 0;
  ck_assert_int_eq(say((struct talk){ .type = DHCP6_SOLICIT, .client = 2, .na = "",
                                      .rapid = true }), DHCP6_ADVERTISE);
  ck_assert(!result.commit);
}
END_TEST

START_TEST(two_clients_do_not_get_one_offer) {
  for (uint8_t client = 1; client <= 3; client++) {
    say((struct talk){ .type = DHCP6_SOLICIT, .client = client, .na = NA("10") });
    ck_assert_uint_eq(given(OPTION6_IA_NA).low, 0x0f + client);
  }
  ck_assert_int_eq(say((struct talk){ .type = DHCP6_SOLICIT, .client = 4, .na = "" }),
                   DHCP6_ADVERTISE);
  ck_assert_int_eq(status_of(OPTION6_IA_NA), STATUS6_NO_ADDRESSES);
  now_ms += OFFER_LIFETIME_MS + 1;
  offers_expire(&allocator.offers, now_ms);
  say((struct talk){ .type = DHCP6_SOLICIT, .client = 4, .na = "" });
  ck_assert(!ip_is_none(given(OPTION6_IA_NA)));
}
END_TEST

START_TEST(associations_of_a_client_are_told_apart) {
  say((struct talk){ .type = DHCP6_REQUEST, .client = 1, .na = "", .iaid = 1 });
  struct ip first = given(OPTION6_IA_NA);
  say((struct talk){ .type = DHCP6_REQUEST, .client = 1, .na = "", .iaid = 2 });
  ck_assert(!ip_equal(given(OPTION6_IA_NA), first));
  say((struct talk){ .type = DHCP6_REQUEST, .client = 1, .na = "", .iaid = 1 });
  ck_assert(ip_equal(given(OPTION6_IA_NA), first));
  ck_assert_uint_eq(store.table.count, 2);
}
END_TEST

START_TEST(prefixes_run_out) {
  for (uint8_t client = 1; client <= 4; client++) {
    say((struct talk){ .type = DHCP6_REQUEST, .client = client, .pd = "" });
    ck_assert_int_eq(status_of(OPTION6_IA_PD), -1);
  }
  say((struct talk){ .type = DHCP6_REQUEST, .client = 5, .pd = "" });
  ck_assert_int_eq(status_of(OPTION6_IA_PD), STATUS6_NO_PREFIXES);
  ck_assert_uint_eq(store.table.count, 4);
}
END_TEST

START_TEST(pools_are_for_their_classes) {
  say((struct talk){ .type = DHCP6_SOLICIT, .client = 1, .na = NA("100"), .pd = PREFIX("200") });
  ck_assert(ip_equal(given(OPTION6_IA_NA), ip6(NA("10"))));
  ck_assert(ip_equal(given(OPTION6_IA_PD), ip6(PREFIX("100"))));
  say((struct talk){ .type = DHCP6_SOLICIT, .client = 2, .na = NA("100"), .pd = PREFIX("200"),
                     .client_class = "HA_b" });
  ck_assert(ip_equal(given(OPTION6_IA_NA), ip6(NA("100"))));
  ck_assert(ip_equal(given(OPTION6_IA_PD), ip6(PREFIX("200"))));
}
END_TEST

START_TEST(a_released_lease_is_its_clients_again) {
  lease_up();
  ck_assert_int_eq(say((struct talk){ .type = DHCP6_RELEASE, .client = 1, .na = NA("10"),
                                      .pd = PREFIX("100") }), DHCP6_REPLY);
  ck_assert_int_eq(status_of(0), STATUS6_SUCCESS);
  ck_assert_int_eq(status_of(OPTION6_IA_NA), -1);
  ck_assert_uint_eq(changes.deleted_count, 2);
  ck_assert_uint_eq(lease_at(NA("10"), DHCPHA_LEASE_ADDRESS)->state, DHCPHA_LEASE_EXPIRED);
  say((struct talk){ .type = DHCP6_REQUEST, .client = 2, .na = "" });
  ck_assert(!ip_equal(given(OPTION6_IA_NA), ip6(NA("10"))));
  say((struct talk){ .type = DHCP6_REQUEST, .client = 1, .na = "" });
  ck_assert(ip_equal(given(OPTION6_IA_NA), ip6(NA("10"))));
}
END_TEST

START_TEST(a_declined_address_is_nobodys) {
  lease_up();
  say((struct talk){ .type = DHCP6_DECLINE, .client = 1, .na = NA("10") });
  ck_assert_int_eq(status_of(0), STATUS6_SUCCESS);
  ck_assert_uint_eq(changes.leased_count, 1);
  dhcpha_lease lease;
  lease_entry_get(lease_at(NA("10"), DHCPHA_LEASE_ADDRESS), &lease);
  ck_assert_uint_eq(lease.state, DHCPHA_LEASE_DECLINED);
  ck_assert_uint_eq(lease.client_id_len, 3); /* P1 4.7 */
  ck_assert_mem_eq(lease.client_id, "\0\0\0", 3);
  ck_assert_uint_eq(lease.valid_lft, 86400);
  ck_assert_uint_eq(lease.preferred_lft, 0);
  for (uint8_t client = 1; client <= 2; client++) {
    say((struct talk){ .type = DHCP6_REQUEST, .client = client, .na = NA("10") });
    ck_assert(!ip_equal(given(OPTION6_IA_NA), ip6(NA("10"))));
  }
  say((struct talk){ .type = DHCP6_REQUEST, .client = 3, .na = NA("10") });
  ck_assert_int_eq(status_of(OPTION6_IA_NA), STATUS6_NO_ADDRESSES);
}
END_TEST

START_TEST(a_renewed_lease_runs_on) {
  lease_up();
  struct lease_entry *entry = lease_at(NA("10"), DHCPHA_LEASE_ADDRESS);
  entry->cltt = NOW - 100;
  ck_assert_int_eq(say((struct talk){ .type = DHCP6_RENEW, .client = 1, .na = NA("10"),
                                      .pd = PREFIX("100") }), DHCP6_REPLY);
  ck_assert_uint_eq(changes.leased_count, 2);
  ck_assert_int_eq(lease_at(NA("10"), DHCPHA_LEASE_ADDRESS)->cltt, NOW);
  ck_assert_int_eq(lifetime_of(NA("10")), 4000);
}
END_TEST

START_TEST(an_address_that_is_not_the_clients_is_over) {
  lease_up();
  say((struct talk){ .type = DHCP6_RENEW, .client = 1, .na = NA("11") });
  ck_assert_int_eq(lifetime_of(NA("10")), 4000);
  ck_assert_int_eq(lifetime_of(NA("11")), 0);
}
END_TEST

static const struct {
  const char *sentence;
  struct talk talk;
  int answer, status, na_status, pd_status; /* -1: none */
} rows[] = { /* client 1 has 2001:db8:1::10 and 3001:db8:0:100::/58 */
  { "request: another's address, so a free one",
    { .type = DHCP6_REQUEST, .client = 2, .na = NA("10") }, DHCP6_REPLY, -1, -1, -1 },
  { "request: an address of another link",
    { .type = DHCP6_REQUEST, .client = 2, .na = "2001:db8:2::5" },
    DHCP6_REPLY, -1, STATUS6_NOT_ON_LINK, -1 },
  { "request: from an unknown link",
    { .type = DHCP6_REQUEST, .client = 2, .na = NA("11"), .pd = "", .elsewhere = true },
    DHCP6_REPLY, -1, STATUS6_NOT_ON_LINK, STATUS6_NO_PREFIXES },
  { "solicit: from an unknown link",
    { .type = DHCP6_SOLICIT, .client = 2, .na = "", .elsewhere = true }, 0, -1, -1, -1 },
  { "renew: a lease that was lost is taken up",
    { .type = DHCP6_RENEW, .client = 2, .na = NA("11") }, DHCP6_REPLY, -1, -1, -1 },
  { "renew: another's",
    { .type = DHCP6_RENEW, .client = 2, .na = NA("10"), .pd = PREFIX("100") },
    DHCP6_REPLY, -1, STATUS6_NO_BINDING, STATUS6_NO_BINDING },
  { "renew: from an unknown link",
    { .type = DHCP6_RENEW, .client = 1, .na = NA("10"), .elsewhere = true },
    DHCP6_REPLY, -1, STATUS6_NO_BINDING, -1 },
  { "rebind: its own", { .type = DHCP6_REBIND, .client = 1, .na = NA("10") },
    DHCP6_REPLY, -1, -1, -1 },
  { "rebind: another's", { .type = DHCP6_REBIND, .client = 2, .na = NA("10") },
    DHCP6_REPLY, -1, STATUS6_NO_BINDING, -1 },
  { "rebind: in no pool", { .type = DHCP6_REBIND, .client = 2, .na = NA("50") },
    DHCP6_REPLY, -1, STATUS6_NO_BINDING, -1 },
  { "release: another's",
    { .type = DHCP6_RELEASE, .client = 2, .na = NA("10"), .pd = PREFIX("100") },
    DHCP6_REPLY, STATUS6_SUCCESS, STATUS6_NO_BINDING, STATUS6_NO_BINDING },
  { "release: its own, roaming",
    { .type = DHCP6_RELEASE, .client = 1, .na = NA("10"), .elsewhere = true },
    DHCP6_REPLY, STATUS6_SUCCESS, -1, -1 },
  { "decline: another's", { .type = DHCP6_DECLINE, .client = 2, .na = NA("10") },
    DHCP6_REPLY, STATUS6_SUCCESS, STATUS6_NO_BINDING, -1 },
  { "decline: no prefix is declined",
    { .type = DHCP6_DECLINE, .client = 1, .pd = PREFIX("100") },
    DHCP6_REPLY, STATUS6_SUCCESS, -1, STATUS6_NO_BINDING },
  { "confirm: on this link, whosever it is",
    { .type = DHCP6_CONFIRM, .client = 2, .na = NA("77") }, DHCP6_REPLY, STATUS6_SUCCESS, -1, -1 },
  { "confirm: of another link", { .type = DHCP6_CONFIRM, .client = 2, .na = "2001:db8:2::5" },
    DHCP6_REPLY, STATUS6_NOT_ON_LINK, -1, -1 },
  { "confirm: no address", { .type = DHCP6_CONFIRM, .client = 2, .na = "" }, 0, -1, -1, -1 },
  { "confirm: from an unknown link",
    { .type = DHCP6_CONFIRM, .client = 2, .na = NA("10"), .elsewhere = true }, 0, -1, -1, -1 },
  { "information-request", { .type = DHCP6_INFORMATION_REQUEST, .client = 9 },
    DHCP6_REPLY, -1, -1, -1 },
};

START_TEST(queries_are_answered_as_rfc_8415_says) {
  lease_up();
  int type = say(rows[_i].talk);
  ck_assert_msg(type == rows[_i].answer, "%s: answered with %d, not %d", rows[_i].sentence, type,
                rows[_i].answer);
  if (type == 0) return;
  int status = status_of(0), na = status_of(OPTION6_IA_NA), pd = status_of(OPTION6_IA_PD);
  ck_assert_msg(status == rows[_i].status && na == rows[_i].na_status && pd == rows[_i].pd_status,
                "%s: status %d, of the IA_NA %d, of the IA_PD %d", rows[_i].sentence, status, na,
                pd);
}
END_TEST

START_TEST(rebinding_from_another_link_is_over) {
  lease_up();
  ck_assert_int_eq(say((struct talk){ .type = DHCP6_REBIND, .client = 2,
                                      .na = "2001:db8:2::5" }), DHCP6_REPLY);
  ck_assert_int_eq(lifetime_of("2001:db8:2::5"), 0);
  ck_assert_uint_eq(changes.leased_count, 0);
}
END_TEST

START_TEST(temporary_addresses_are_not_to_be_had) {
  static struct message6 message;
  struct talk talk = { .type = DHCP6_REQUEST, .client = 1 };
  make_message(&message, &talk);
  add_ia(&message, OPTION6_IA_TA, 1, NULL, 0);
  ck_assert(packet6_read(&packet, message.bytes, message.len));
  struct query6 query = { .packet = &packet, .subnet = &config->subnets[0],
                          .client = { packet.client_id.bytes, packet.client_id.len, "" },
                          .now_ms = 1, .now = NOW };
  serve6(&allocator, &query, answer, &changes, &result);
  ck_assert_int_eq(status_of(OPTION6_IA_TA), STATUS6_NO_ADDRESSES);
  ck_assert(!result.commit);
}
END_TEST

int main(void) {
  TCase *tests = tcase_create("serve6");
  tcase_add_checked_fixture(tests, open_all, close_all);
  tcase_add_test(tests, a_client_gets_an_address_and_a_prefix);
  tcase_add_test(tests, rapid_commit_leases_at_once);
  tcase_add_test(tests, two_clients_do_not_get_one_offer);
  tcase_add_test(tests, associations_of_a_client_are_told_apart);
  tcase_add_test(tests, prefixes_run_out);
  tcase_add_test(tests, pools_are_for_their_classes);
  tcase_add_test(tests, a_released_lease_is_its_clients_again);
  tcase_add_test(tests, a_declined_address_is_nobodys);
  tcase_add_test(tests, a_renewed_lease_runs_on);
  tcase_add_test(tests, an_address_that_is_not_the_clients_is_over);
  tcase_add_loop_test(tests, queries_are_answered_as_rfc_8415_says, 0,
                      sizeof rows / sizeof *rows);
  tcase_add_test(tests, rebinding_from_another_link_is_over);
  tcase_add_test(tests, temporary_addresses_are_not_to_be_had);
  return run("serve6", tests);
}
