/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* Addresses and their clients: offers, and what queries lead to. */
#include "serve4.h"

#include "fixture.h"

#define ADDRESS(last) (0xc0000200u + (last))
#define SERVER ADDRESS(1)
#define NOW 1000000

static void open_all(void) {
  open_with(4, "{ \"Dhcp4\": { \"subnet4\": [ { \"id\": 1, \"subnet\": \"192.0.2.0/24\","
               " \"pools\": [ { \"pool\": \"192.0.2.10 - 192.0.2.12\" },"
               " { \"pool\": \"192.0.2.100 - 192.0.2.101\", \"client-class\": \"HA_b\" } ],"
               " \"option-data\": [ { \"name\": \"routers\", \"data\": \"192.0.2.254\" },"
               " { \"name\": \"ntp-servers\", \"data\": \"192.0.2.250\" } ] } ] } }");
}

/* What a client says, and what it hears. */
struct talk {
  uint8_t type;
  uint8_t client;      /* the last byte of its hardware address */
  uint32_t requested, server_id, ciaddr;
  const char *client_class;
  bool elsewhere;      /* no subnet fits */
  const char *client_id, *relay;
};

static struct packet4 answer;
static struct result4 result;
static uint8_t answer_bytes[PACKET4_ANSWER_MAX];

static size_t put(uint8_t *at, uint8_t code, const void *bytes, size_t len) {
  at[0] = code;
  at[1] = (uint8_t)len;
  memcpy(at + 2, bytes, len);
  return len + 2;
}

static size_t put_address(uint8_t *at, uint8_t code, uint32_t address) {
  dhcpha_address bytes = address_of(address);
  return address != 0 ? put(at, code, bytes.bytes, 4) : 0;
}

/* The type of the answer; 0: silence.  Fields of the answer are in `answer`. */
static int say(struct talk talk) {
  static uint8_t bytes[PACKET4_SIZE_MAX];
  static struct packet4 packet;
  memset(bytes, 0, sizeof bytes);
  memcpy(bytes, "\1\1\6\0", 4);
  memcpy(bytes + 12, address_of(talk.ciaddr).bytes, 4);
  memcpy(bytes + 28, (const uint8_t[]){ 2, 0, 0, 0, 0, talk.client }, 6);
  memcpy(bytes + 236, "\x63\x82\x53\x63", 4);
  size_t len = 240;
  len += put(bytes + len, OPTION_MESSAGE_TYPE, &talk.type, 1);
  len += put_address(bytes + len, OPTION_REQUESTED_ADDRESS, talk.requested);
  len += put_address(bytes + len, OPTION_SERVER_ID, talk.server_id);
  len += put(bytes + len, OPTION_HOST_NAME, "Host\xff-1", 7);
  if (talk.client_id != NULL)
    len += put(bytes + len, OPTION_CLIENT_ID, talk.client_id, strlen(talk.client_id));
  if (talk.relay != NULL)
    len += put(bytes + len, OPTION_RELAY_AGENT, talk.relay, strlen(talk.relay));
  bytes[len++] = OPTION_END;
  ck_assert(packet4_read(&packet, bytes, len));
  struct query4 query = {
    .packet = &packet, .subnet = talk.elsewhere ? NULL : &config->subnets[0],
    .client = { .hw_address = bytes + 28, .hw_address_len = 6,
                .client_id = (const uint8_t *)talk.client_id,
                .client_id_len = talk.client_id != NULL ? strlen(talk.client_id) : 0,
                .client_class = talk.client_class != NULL ? talk.client_class : "" },
    .server_id = SERVER, .now_ms = now_ms, .now = NOW };
  changes_free(&changes);
  serve4(&allocator, &query, answer_bytes, &changes, &result);
  memset(&answer, 0, sizeof answer);
  if (result.answer) ck_assert(packet4_read(&answer, answer_bytes, result.out.len));
  return answer.type;
}

static uint32_t lease_up(uint8_t client) {
  ck_assert_int_eq(say((struct talk){ .type = DHCPDISCOVER, .client = client }), DHCPOFFER);
  uint32_t address = answer.yiaddr;
  ck_assert_int_eq(say((struct talk){ .type = DHCPREQUEST, .client = client, .requested = address,
                                      .server_id = SERVER }), DHCPACK);
  ck_assert_uint_eq(answer.yiaddr, address);
  return address;
}

START_TEST(a_client_gets_an_address_and_its_options) {
  ck_assert_int_eq(say((struct talk){ .type = DHCPDISCOVER, .client = 1, .relay = "\1\3abc" }),
                   DHCPOFFER);
  ck_assert(!result.commit);
  ck_assert_uint_eq(answer.yiaddr, ADDRESS(10));
  ck_assert_int_eq(say((struct talk){ .type = DHCPREQUEST, .client = 1, .requested = ADDRESS(10),
                                      .server_id = SERVER, .relay = "\1\3abc" }), DHCPACK);
  ck_assert(result.commit);
  ck_assert_uint_eq(changes.leased_count, 1);
  ck_assert_uint_eq(changes.leased[0].ip.low, ADDRESS(10));
  ck_assert_uint_eq(packet4_get_address(&answer, OPTION_SERVER_ID), SERVER);
  ck_assert_uint_eq(packet4_get_address(&answer, OPTION_SUBNET_MASK), 0xffffff00);
  ck_assert_uint_eq(packet4_get_address(&answer, OPTION_ROUTERS), ADDRESS(254));
  ck_assert_uint_eq(packet4_get_uint32(&answer, OPTION_LEASE_TIME), 7200);
  ck_assert_uint_eq(packet4_get_uint32(&answer, OPTION_RENEWAL_TIME), 3600);
  ck_assert_uint_eq(packet4_get_uint32(&answer, OPTION_REBINDING_TIME), 6300);
  ck_assert_mem_eq(answer.options[OPTION_RELAY_AGENT].bytes, "\1\3abc", 5);
  ck_assert_ptr_null(answer.options[42].bytes); /* nobody asked for it */
  dhcpha_lease lease;
  lease_entry_get(lease_table_find(&store.table, id_of_ip4(ADDRESS(10))), &lease);
  ck_assert_int_eq(lease.cltt, NOW);
  ck_assert_uint_eq(lease.hostname_len, 6);
  ck_assert_mem_eq(lease.hostname, "host-1", 6);
}
END_TEST

START_TEST(two_clients_do_not_get_one_offer) {
  say((struct talk){ .type = DHCPDISCOVER, .client = 1 });
  uint32_t first = answer.yiaddr;
  say((struct talk){ .type = DHCPDISCOVER, .client = 2, .requested = first });
  ck_assert_uint_ne(answer.yiaddr, first);
  say((struct talk){ .type = DHCPDISCOVER, .client = 1 });
  ck_assert_uint_eq(answer.yiaddr, first); /* its offer stands */
  say((struct talk){ .type = DHCPDISCOVER, .client = 3 });
  ck_assert_int_eq(say((struct talk){ .type = DHCPDISCOVER, .client = 4 }), 0);
  now_ms += OFFER_LIFETIME_MS + 1;
  offers_expire(&allocator.offers, now_ms);
  ck_assert_int_eq(say((struct talk){ .type = DHCPDISCOVER, .client = 4 }), DHCPOFFER);
}
END_TEST

START_TEST(taking_anothers_offer_frees_this_one) {
  for (uint8_t client = 1; client <= 3; client++)
    say((struct talk){ .type = DHCPDISCOVER, .client = client });
  uint32_t freed = answer.yiaddr;
  ck_assert_int_eq(say((struct talk){ .type = DHCPREQUEST, .client = 3, .requested = 77,
                                      .server_id = ADDRESS(2) }), 0);
  say((struct talk){ .type = DHCPDISCOVER, .client = 4 });
  ck_assert_uint_eq(answer.yiaddr, freed);
}
END_TEST

START_TEST(a_free_address_is_given_when_asked_for) {
  say((struct talk){ .type = DHCPDISCOVER, .client = 1, .requested = ADDRESS(12) });
  ck_assert_uint_eq(answer.yiaddr, ADDRESS(12));
  say((struct talk){ .type = DHCPDISCOVER, .client = 2, .requested = ADDRESS(50) });
  ck_assert_uint_eq(answer.yiaddr, ADDRESS(10)); /* 50 is in no pool */
}
END_TEST

START_TEST(a_client_gets_its_address_again) {
  uint32_t address = lease_up(1);
  ck_assert_int_eq(say((struct talk){ .type = DHCPRELEASE, .client = 1, .ciaddr = address }), 0);
  ck_assert(result.commit);
  ck_assert_uint_eq(changes.deleted_count, 1);
  ck_assert_uint_eq(lease_table_find(&store.table, id_of_ip4(address))->state,
                    DHCPHA_LEASE_EXPIRED);
  ck_assert_uint_ne(lease_up(2), address);
  ck_assert_uint_eq(lease_up(1), address);
}
END_TEST

START_TEST(an_address_whose_lease_is_over_is_used_last) {
  uint32_t address = lease_up(1);
  say((struct talk){ .type = DHCPRELEASE, .client = 1, .ciaddr = address });
  ck_assert_uint_ne(lease_up(2), address);
  ck_assert_uint_ne(lease_up(3), address);
  ck_assert_uint_eq(lease_up(4), address);
  ck_assert_int_eq(say((struct talk){ .type = DHCPDISCOVER, .client = 1 }), 0);
  ck_assert_str_eq(result.why, "no address left");
}
END_TEST

START_TEST(a_declined_address_is_nobodys) {
  uint32_t address = lease_up(1);
  say((struct talk){ .type = DHCPDECLINE, .client = 2, .requested = address, .server_id = SERVER });
  ck_assert(!result.commit); /* not its own */
  say((struct talk){ .type = DHCPDECLINE, .client = 1, .requested = address, .server_id = SERVER });
  ck_assert(result.commit);
  ck_assert_uint_eq(changes.leased[0].ip.low, address);
  dhcpha_lease lease;
  lease_entry_get(lease_table_find(&store.table, id_of_ip4(address)), &lease);
  ck_assert_uint_eq(lease.state, DHCPHA_LEASE_DECLINED);
  ck_assert_uint_eq(lease.hw_address_len, 0);
  ck_assert_uint_eq(lease.valid_lft, 86400);
  for (uint8_t client = 1; client <= 2; client++) ck_assert_uint_ne(lease_up(client), address);
  ck_assert_int_eq(say((struct talk){ .type = DHCPDISCOVER, .client = 3 }), 0);
  store_change(&store, &lease, DHCPHA_LEASE_DELETE);
  ck_assert_uint_eq(lease_up(3), address);
}
END_TEST

START_TEST(pools_are_for_their_classes) {
  say((struct talk){ .type = DHCPDISCOVER, .client = 1, .requested = ADDRESS(100) });
  ck_assert_uint_eq(answer.yiaddr, ADDRESS(10));
  say((struct talk){ .type = DHCPDISCOVER, .client = 2, .requested = ADDRESS(100),
                     .client_class = "HA_b" });
  ck_assert_uint_eq(answer.yiaddr, ADDRESS(100));
}
END_TEST

START_TEST(a_client_id_counts_more_than_the_hardware) {
  struct talk talk = { .type = DHCPREQUEST, .client = 1, .requested = ADDRESS(10),
                       .server_id = SERVER, .client_id = "\1id" };
  ck_assert_int_eq(say(talk), DHCPACK);
  talk.client = 2; /* the same client with another card */
  ck_assert_int_eq(say(talk), DHCPACK);
  talk.client_id = "\1other"; /* another client with the same card */
  ck_assert_int_eq(say(talk), DHCPNAK);
  talk.requested = ADDRESS(11);
  ck_assert_int_eq(say(talk), DHCPACK);
  ck_assert_uint_eq(store.table.count, 2);
}
END_TEST

START_TEST(moving_ends_the_old_lease) {
  uint32_t address = lease_up(1);
  ck_assert_int_eq(say((struct talk){ .type = DHCPREQUEST, .client = 1, .requested = ADDRESS(12),
                                      .server_id = SERVER }), DHCPACK);
  ck_assert_uint_eq(changes.deleted_count, 1);
  ck_assert_uint_eq(lease_ip4(changes.deleted[0]), address);
  ck_assert_ptr_null(lease_table_find(&store.table, id_of_ip4(address)));
}
END_TEST

#define SELECT(number, address, server)                                                           \
  { .type = DHCPREQUEST, .client = number, .requested = address, .server_id = server }
#define REBOOT(number, address) { .type = DHCPREQUEST, .client = number, .requested = address }
#define RENEW(number, address) { .type = DHCPREQUEST, .client = number, .ciaddr = address }

static const struct {
  const char *sentence;
  struct talk talk;
  int answer;
} requests[] = { /* client 1 has 192.0.2.10, client 2 has 192.0.2.11 */
  { "selecting: another's address", SELECT(3, ADDRESS(10), SERVER), DHCPNAK },
  { "selecting: in no pool", SELECT(3, ADDRESS(50), SERVER), DHCPNAK },
  { "selecting: free", SELECT(3, ADDRESS(12), SERVER), DHCPACK },
  { "selecting: another server", SELECT(3, ADDRESS(12), ADDRESS(2)), 0 },
  { "selecting: nothing", SELECT(3, 0, SERVER), 0 },
  { "rebooting: its own", REBOOT(1, ADDRESS(10)), DHCPACK },
  { "rebooting: not its own", REBOOT(1, ADDRESS(12)), DHCPNAK },
  { "rebooting: unknown, not authoritative", REBOOT(3, ADDRESS(12)), 0 },
  { "rebooting: from another network", REBOOT(3, 0x0a000001), DHCPNAK },
  { "rebooting: in an unknown network",
    { .type = DHCPREQUEST, .client = 1, .requested = ADDRESS(10), .elsewhere = true }, DHCPNAK },
  { "renewing: its own", RENEW(1, ADDRESS(10)), DHCPACK },
  { "renewing: another's", RENEW(1, ADDRESS(11)), DHCPNAK },
  { "renewing: a lease that was lost", RENEW(3, ADDRESS(12)), DHCPACK },
  { "renewing: from another network", RENEW(1, 0x0a000001), DHCPNAK },
  { "no address at all", RENEW(1, 0), 0 },
  { "inform", { .type = DHCPINFORM, .client = 3, .ciaddr = ADDRESS(77) }, DHCPACK },
  { "discover: in an unknown network",
    { .type = DHCPDISCOVER, .client = 1, .elsewhere = true }, 0 },
  { "an answer is no query", { .type = DHCPOFFER, .client = 1 }, 0 },
};

START_TEST(requests_are_answered_as_rfc_2131_says) {
  ck_assert_uint_eq(lease_up(1), ADDRESS(10));
  ck_assert_uint_eq(lease_up(2), ADDRESS(11));
  int type = say(requests[_i].talk);
  ck_assert_msg(type == requests[_i].answer, "%s: answered with %d, not %d",
                requests[_i].sentence, type, requests[_i].answer);
  if (type == DHCPNAK) ck_assert_uint_eq(answer.yiaddr, 0);
  if (requests[_i].talk.type == DHCPINFORM) {
    ck_assert_uint_eq(answer.yiaddr, 0);
    ck_assert_ptr_null(answer.options[OPTION_LEASE_TIME].bytes);
    ck_assert_ptr_nonnull(answer.options[OPTION_ROUTERS].bytes);
  }
}
END_TEST

int main(void) {
  TCase *tests = tcase_create("serve4");
  tcase_add_checked_fixture(tests, open_all, close_all);
  tcase_add_test(tests, a_client_gets_an_address_and_its_options);
  tcase_add_test(tests, two_clients_do_not_get_one_offer);
  tcase_add_test(tests, taking_anothers_offer_frees_this_one);
  tcase_add_test(tests, a_free_address_is_given_when_asked_for);
  tcase_add_test(tests, a_client_gets_its_address_again);
  tcase_add_test(tests, an_address_whose_lease_is_over_is_used_last);
  tcase_add_test(tests, a_declined_address_is_nobodys);
  tcase_add_test(tests, pools_are_for_their_classes);
  tcase_add_test(tests, a_client_id_counts_more_than_the_hardware);
  tcase_add_test(tests, moving_ends_the_old_lease);
  tcase_add_loop_test(tests, requests_are_answered_as_rfc_2131_says, 0,
                      sizeof requests / sizeof *requests);
  return run("serve4", tests);
}
