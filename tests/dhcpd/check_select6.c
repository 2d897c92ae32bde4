/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* Which DHCPv6 messages are taken, and for which subnet. */
#include "serve6.h"

#include "dhcpd.h"
#include "message6.h"

#define SERVER "\0\2\0\0\0\1\1"
#define SERVER_LEN 7
#define CLIENT "\0\3\0\1abcdef"
#define CLIENT_LEN 10

static struct config *config;
static struct packet6 packet;

static const char text[] =
    "{ \"Dhcp6\": {"
    " \"server-id\": { \"type\": \"EN\", \"enterprise-id\": 1, \"identifier\": \"01\" },"
    " \"subnet6\": [ { \"id\": 1, \"subnet\": \"2001:db8:1::/64\", \"interface\": \"eth0\","
    " \"interface-id\": \"port-1\" },"
    " { \"id\": 2, \"subnet\": \"2001:db8:2::/64\", \"relay\": { \"ip-addresses\":"
    " [ \"2001:db8:9::9\" ] } } ] } }";

static void start(void) {
  struct findings findings = { .count = 0 };
  config = config_read(6, text, strlen(text), true, &findings);
  ck_assert_msg(config != NULL, "%s", findings.count > 0 ? findings.list[0].text : "");
  findings_free(&findings);
}

static void end(void) { config_free(config); }

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
  if (refusals[_i].client_id) add_option(&message, OPTION6_CLIENT_ID, CLIENT, CLIENT_LEN);
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
  message.len = 0;
  add_number(&message, (uint32_t)DHCP6_SOLICIT << 24, 4);
  add_option(&message, OPTION6_CLIENT_ID, CLIENT, CLIENT_LEN);
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

int main(void) {
  TCase *tests = tcase_create("select6");
  tcase_add_checked_fixture(tests, start, end);
  tcase_add_loop_test(tests, messages_are_taken_as_rfc_8415_says, 0,
                      sizeof refusals / sizeof *refusals);
  tcase_add_loop_test(tests, a_subnet_is_found, 0, sizeof places / sizeof *places);
  return run("select6", tests);
}
