/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* Addresses, prefixes and their clients: what DHCPv6 queries lead to. */
#include "serve6.h"

#include "dhcpd.h"
#include "message6.h"

#define SERVER "\0\2\0\0\0\1\1"
#define SERVER_LEN 7
#define NOW 1000000
#define NA(last) "2001:db8:1::" last
#define PREFIX(last) "3001:db8:0:" last "::"

static struct findings findings;
static struct config *config;
static struct store store;
static struct allocator allocator;
static struct changes changes;
static int64_t now_ms;

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

static void open_all(void) {
  char why[256];
  memset(&findings, 0, sizeof findings);
  config = config_read(6, text, strlen(text), true, &findings);
  ck_assert_msg(config != NULL, "%s", findings.count > 0 ? findings.list[0].text : "");
  ck_assert(store_open(&store, 6, NULL, why, sizeof why));
  ck_assert(allocator_init(&allocator, config, &store));
  now_ms = 1;
}

static void close_all(void) {
  changes_free(&changes);
  allocator_free(&allocator);
  store_close(&store);
  config_free(config);
  findings_free(&findings);
}

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
  { "release: another's", { .type = DHCP6_RELEASE, .client = 2, .na = NA("10"), .pd = PREFIX("100") },
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

static const struct {
  const char *sentence;
  uint8_t type;
  const char *server_id; /* NULL: none */
  bool client_id, unicast, taken;
} refusals[] = { /* RFC 8415 16 */
  { "solicit", DHCP6_SOLICIT, NULL, true, false, true },
  { "solicit without a client", DHCP6_SOLICIT, NULL, false, false, false },
  { "solicit for one server", DHCP6_SOLICIT, SERVER, true, false, false },
  { "solicit to one address", DHCP6_SOLICIT, NULL, true, true, false },
  { "request", DHCP6_REQUEST, SERVER, true, false, true },
  { "request to one address", DHCP6_REQUEST, SERVER, true, true, true },
  { "request for no server", DHCP6_REQUEST, NULL, true, false, false },
  { "request for another server", DHCP6_REQUEST, "\0\2\0\0\0\1\2", true, false, false },
  { "request without a client", DHCP6_REQUEST, SERVER, false, false, false },
  { "renew for another server", DHCP6_RENEW, "\0\2\0\0\0\1\2", true, false, false },
  { "rebind", DHCP6_REBIND, NULL, true, false, true },
  { "rebind for one server", DHCP6_REBIND, SERVER, true, false, false },
  { "rebind to one address", DHCP6_REBIND, NULL, true, true, false },
  { "confirm for one server", DHCP6_CONFIRM, SERVER, true, false, false },
  { "release", DHCP6_RELEASE, SERVER, true, true, true },
  { "release for no server", DHCP6_RELEASE, NULL, true, false, false },
  { "decline for another server", DHCP6_DECLINE, "\0\2\0\0\0\1\2", true, false, false },
  { "information-request", DHCP6_INFORMATION_REQUEST, NULL, false, false, true },
  { "information-request for this server", DHCP6_INFORMATION_REQUEST, SERVER, true, false, true },
  { "information-request for another", DHCP6_INFORMATION_REQUEST, "\0\2\0\0\0\1\2", true, false,
    false },
  { "an advertise is no query", DHCP6_ADVERTISE, NULL, true, false, false },
  { "nor a reconfigure", DHCP6_RECONFIGURE, SERVER, true, false, false },
};

START_TEST(messages_are_taken_as_rfc_8415_says) {
  static struct message6 message;
  message.len = 0;
  add_number(&message, (uint32_t)refusals[_i].type << 24, 4);
  if (refusals[_i].client_id) add_option(&message, OPTION6_CLIENT_ID, "\0\3\0\1abcdef", 10);
  if (refusals[_i].server_id != NULL)
    add_option(&message, OPTION6_SERVER_ID, refusals[_i].server_id, SERVER_LEN);
  ck_assert(packet6_read(&packet, message.bytes, message.len));
  const char *why = serve6_refusal(config, &packet, refusals[_i].unicast);
  ck_assert_msg((why == NULL) == refusals[_i].taken, "%s: %s", refusals[_i].sentence,
                why != NULL ? why : "taken");
}
END_TEST

static const struct {
  const char *sentence, *link, *interface_id, *outer_link, *interface, *from;
  uint32_t subnet; /* 0: none */
} places[] = {
  { "by the interface", NULL, NULL, NULL, "eth0", "fe80::1", 1 },
  { "by the client's address", NULL, NULL, NULL, "eth9", "2001:db8:2::7", 2 },
  { "a link-local address tells nothing", NULL, NULL, NULL, "eth9", "fe80::1", 0 },
  { "by the relay's link", "2001:db8:2::1", NULL, NULL, "eth0", "fe80::1", 2 },
  { "by the relay that is listed", "2001:db8:9::9", NULL, NULL, "eth0", "fe80::1", 2 },
  { "by the interface-id", "2001:db8:2::1", "port-1", NULL, "eth9", "fe80::1", 1 },
  { "another interface-id", "2001:db8:2::1", "port-2", NULL, "eth0", "fe80::1", 2 },
  { "an unknown link", "2001:db8:7::1", NULL, NULL, "eth0", "fe80::1", 0 },
  { "the relay next to the client counts", "2001:db8:2::1", NULL, "2001:db8:1::1", "eth0",
    "fe80::1", 2 },
  { "one without an address leaves it to the next", "::", NULL, "2001:db8:2::1", "eth0",
    "fe80::1", 2 },
};

START_TEST(a_subnet_is_found) {
  static struct message6 message;
  struct talk talk = { .type = DHCP6_SOLICIT, .client = 1, .na = "" };
  make_message(&message, &talk);
  if (places[_i].link != NULL)
    relay(&message, 0, places[_i].link, "fe80::2", places[_i].interface_id);
  if (places[_i].outer_link != NULL) relay(&message, 1, places[_i].outer_link, "fe80::3", NULL);
  ck_assert(packet6_read(&packet, message.bytes, message.len));
  const struct subnet *subnet =
      serve6_subnet(config, &packet, places[_i].interface, ip6(places[_i].from));
  uint32_t id = subnet != NULL ? subnet->id : 0;
  ck_assert_msg(id == places[_i].subnet, "%s: %u", places[_i].sentence, id);
}
END_TEST

START_TEST(a_large_pool_is_handed_out) {
  struct pool pool;
  struct ip address;
  ck_assert(pool_init(&pool, ip6("3001::"), ip6("3001:0:ffff:ffff::"), 64));
  for (uint64_t i = 0; i < 1000; i++) {
    ck_assert(pool_next(&pool, &address));
    ck_assert_uint_eq(address.high, ip6("3001::").high + i);
    pool_set(&pool, address, POOL_TAKEN);
  }
  pool_set(&pool, ip6("3001:0:ffff:ffff::"), POOL_FREE); /* beyond what is remembered */
  ck_assert_int_eq(pool_get(&pool, ip6("3001:0:ffff:ffff::")), POOL_TAKEN);
  ck_assert(pool_contains(&pool, ip6("3001:0:ffff:ffff::")));
  pool_clear(&pool);
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
  tcase_add_loop_test(tests, messages_are_taken_as_rfc_8415_says, 0,
                      sizeof refusals / sizeof *refusals);
  tcase_add_loop_test(tests, a_subnet_is_found, 0, sizeof places / sizeof *places);
  tcase_add_test(tests, a_large_pool_is_handed_out);
  return run("serve6", tests);
}
