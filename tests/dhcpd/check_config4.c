/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "told.h"

#define SUBNET "\"subnet\": \"192.0.2.0/24\", \"id\": 1"
#define DHCP4(text) "{ \"Dhcp4\": { " text " } }"
#define SUBNET4(text) DHCP4("\"subnet4\": [ { " SUBNET ", " text " } ]")
#define HOOK(text)                                                                                \
  DHCP4("\"hooks-libraries\": [ { \"library\": \"/x/libdhcp_lease_cmds.so\" },"                   \
        " { \"library\": \"/x/libdhcp_ha.so\", \"parameters\": { " text " } } ]")

static const struct told_row rows[] = {
  { "{", "ERROR line 1, column" },
  { "{\n  \"Dhcp4\": { , }\n}", "ERROR line 2, column" },
  { "[]", "ERROR a map with the key \"Dhcp4\" is expected" },
  { "{ \"Dhcp6\": {} }", "WARNING Dhcp6: unknown key" },
  { DHCP4("\"valid-lifetme\": 1"), "WARNING Dhcp4.valid-lifetme: unknown key; ignored" },
  { DHCP4("\"valid-lifetime\": \"1\""),
    "ERROR Dhcp4.valid-lifetime: must be an integer, not a string" },
  { DHCP4("\"valid-lifetime\": 0"),
    "ERROR Dhcp4.valid-lifetime: 0 must be an integer of 1..4294967295" },
  { DHCP4("\"valid-lifetime\": 1.5"), "ERROR Dhcp4.valid-lifetime: 1.5 must be an integer" },
  { DHCP4("\"valid-lifetime\": 4294967296"), "ERROR Dhcp4.valid-lifetime: 4294967296 must be" },
  { DHCP4("\"authoritative\": 1"),
    "ERROR Dhcp4.authoritative: must be true or false, not an integer" },
  { DHCP4("\"next-server\": \"::1\""), "ERROR Dhcp4.next-server: \"::1\" must be an IPv4 address" },
  { DHCP4("\"loggers\": []"), "WARNING Dhcp4.loggers: ignored" },
  { DHCP4("\"control-socket\": { \"socket-type\": \"unix\", \"socket-name\": \"/x\" }"),
    "WARNING Dhcp4.control-socket.socket-type: \"unix\" is not supported" },
  { DHCP4("\"control-sockets\": [ { \"socket-type\": \"http\","
          " \"socket-address\": \"here\" } ]"),
    "ERROR Dhcp4.control-sockets[0].socket-address: \"here\" must be an IPv4 or IPv6 address" },
  { DHCP4("\"shared-networks\": []"), "WARNING Dhcp4.shared-networks: shared networks are not" },
  { DHCP4("\"interfaces-config\": { \"interfaces\": [ \"eth0/192.0.2\" ] }"),
    "ERROR Dhcp4.interfaces-config.interfaces[0]: \"eth0/192.0.2\" must be an interface" },
  { DHCP4("\"interfaces-config\": { \"interfaces\": \"eth0\" }"),
    "ERROR Dhcp4.interfaces-config.interfaces: must be a list, not a string" },
  { DHCP4("\"lease-database\": { \"type\": \"mysql\" }"),
    "ERROR Dhcp4.lease-database.type: \"mysql\" must be \"sqlite\" or \"memory\"" },
  { DHCP4("\"lease-database\": { \"type\": \"memfile\" }"),
    "WARNING Dhcp4.lease-database.type: \"memfile\" is not supported: leases go to the SQLite" },
  { DHCP4("\"lease-database\": {}"), "ERROR Dhcp4.lease-database: needs a \"type\"" },
  { DHCP4("\"subnet4\": [ { \"id\": 1 } ]"), "ERROR Dhcp4.subnet4[0]: needs a \"subnet\"" },
  { DHCP4("\"subnet4\": [ { \"id\": 1, \"subnet\": \"192.0.2.1/24\" } ]"),
    "ERROR Dhcp4.subnet4[0].subnet: \"192.0.2.1/24\" must be a prefix without host bits" },
  { DHCP4("\"subnet4\": [ { \"subnet\": \"192.0.2.0/24\" } ]"),
    "WARNING Dhcp4.subnet4[0].id: is missing; 1 was taken" },
  { DHCP4("\"subnet4\": [ { " SUBNET " }, { \"id\": 1, \"subnet\": \"10.0.0.0/8\" } ]"),
    "ERROR Dhcp4.subnet4[1].id: 1 must not be that of subnet4[0] too" },
  { DHCP4("\"subnet4\": [ { " SUBNET " }, { \"id\": 2, \"subnet\": \"192.0.0.0/16\" } ]"),
    "ERROR Dhcp4.subnet4[1].subnet: must not overlap with subnet4[0]" },
  { SUBNET4("\"pools\": [ { \"pool\": \"192.0.2.9 - 192.0.2.1\" } ]"),
    "ERROR Dhcp4.subnet4[0].pools[0].pool: \"192.0.2.9 - 192.0.2.1\" must be" },
  { SUBNET4("\"pools\": [ { \"pool\": \"192.0.3.0/24\" } ]"),
    "ERROR Dhcp4.subnet4[0].pools[0].pool: 192.0.3.0 - 192.0.3.255 must lie within the subnet" },
  { SUBNET4("\"pools\": [ { \"pool\": \"192.0.2.0/25\" }, { \"pool\": \"192.0.2.64/26\" } ]"),
    "ERROR Dhcp4.subnet4[0].pools[1].pool: 192.0.2.64 - 192.0.2.127 must not overlap with" },
  { SUBNET4("\"pools\": [ { \"pool\": \"192.0.2.0/25\", \"client-class\": \"HA_x\" } ]"),
    "WARNING Dhcp4.subnet4[0].pools[0].client-class: no client is ever in \"HA_x\"" },
  { SUBNET4("\"option-data\": [ { \"name\": \"router\", \"data\": \"192.0.2.1\" } ]"),
    "ERROR Dhcp4.subnet4[0].option-data[0]: no option is named \"router\"" },
  { SUBNET4("\"option-data\": [ { \"name\": \"routers\", \"data\": \"here\" } ]"),
    "ERROR Dhcp4.subnet4[0].option-data[0].data: \"here\" must be IPv4 addresses" },
  { SUBNET4("\"option-data\": [ { \"code\": 51, \"data\": \"01\" } ]"),
    "ERROR Dhcp4.subnet4[0].option-data[0]: option 51 is set by the server itself" },
  { SUBNET4("\"reservations\": []"), "WARNING Dhcp4.subnet4[0].reservations: reservations are" },
  { HOOK("\"high-availability\": []"),
    "ERROR Dhcp4.hooks-libraries[1].parameters.high-availability" },
  { HOOK("\"high-availability\": [ { \"this-server-name\": \"a\", \"mode\": \"hot-standby\","
         " \"peers\": [ { \"name\": \"a\", \"role\": \"primary\","
         " \"url\": \"http://127.0.0.1:1/\" },"
         " { \"name\": \"b\", \"role\": \"standby\", \"url\": \"http://127.0.0:1/\" } ] } ]"),
    "ERROR Dhcp4.hooks-libraries[1].parameters.high-availability[0].peers[1].url" },
  { HOOK("\"ha\": []"), "ERROR Dhcp4.hooks-libraries[1].parameters: needs a" },
};

START_TEST(says_what_is_wrong_and_where) {
  check_told(4, &rows[_i]);
}
END_TEST

START_TEST(says_all_that_is_wrong) {
  struct findings findings;
  const char *text = DHCP4("\"valid-lifetime\": -1, \"authoritative\": 2, \"subnet4\": [ {"
                           " \"subnet\": \"x\", \"relay\": { \"ip-addresses\": [ 1 ] } } ]");
  ck_assert_ptr_null(read_config(4, text, &findings));
  ck_assert_uint_eq(findings.errors, 4);
  findings_free(&findings);
}
END_TEST

START_TEST(deep_nesting_is_refused) {
  static char text[200000];
  struct findings findings;
  memset(text, '[', sizeof text - 1);
  ck_assert_ptr_null(read_config(4, text, &findings));
  ck_assert(is_told(&findings, "ERROR line 1, column 65: nested too deeply"));
  findings_free(&findings);
}
END_TEST

static const char whole[] =
    "# Kea takes three kinds of comments\n"
    "{ // as these\n"
    "  \"Dhcp4\": { /* are // # */\n"
    "    \"valid-lifetime\": 600, \"renew-timer\": 100, \"rebind-timer\": 200,\n"
    "    \"interfaces-config\": { \"interfaces\": [\n"
    "        \"eth0\", \"eth1/192.0.2.1\", \"127.0.0.1:6767\" ] },\n"
    "    \"lease-database\": { \"type\": \"sqlite\", \"name\": \"/a//b#c\" },\n"
    "    \"option-data\": [ { \"name\": \"routers\", \"data\": \"192.0.2.254\" } ],\n"
    "    \"subnet4\": [ {\n"
    "      \"id\": 7, \"subnet\": \"192.0.2.0/24\", \"valid-lifetime\": 60,\n"
    "      \"pools\": [ { \"pool\": \"192.0.2.10-192.0.2.19\", \"client-class\": \"HA_a\" },\n"
    "                 { \"pool\": \"192.0.2.64/26\", \"client-classes\": [ \"HA_b\" ] }, ],\n"
    "      \"option-data\": [ { \"code\": 3, \"csv-format\": false, \"data\": \"c0000201\" } ],\n"
    "      \"relay\": { \"ip-addresses\": [ \"10.0.0.1\", \"10.0.0.2\" ] },\n"
    "      \"user-context\": { \"ha-server-name\": \"a\", \"else\": 1 },\n"
    "    }, ],\n"
    "  },\n"
    "}\n";

START_TEST(reads_what_kea_reads) {
  struct findings findings;
  struct config *config = read_config(4, whole, &findings);
  ck_assert_msg(config != NULL, "%s", findings.count > 0 ? findings.list[0].text : "nothing");
  ck_assert_uint_eq(config->interface_count, 3);
  ck_assert_str_eq(config->interfaces[0].name, "eth0");
  ck_assert_uint_eq(config->interfaces[1].address.low, 0xc0000201);
  ck_assert_uint_eq(config->interfaces[2].port, 6767);
  ck_assert_str_eq(config->lease_path, "/a//b#c");
  ck_assert_uint_eq(config->subnet_count, 1);
  const struct subnet *subnet = &config->subnets[0];
  ck_assert_uint_eq(subnet->id, 7);
  ck_assert_uint_eq(subnet->settings.valid_lft, 60);
  ck_assert_uint_eq(subnet->settings.renew_timer, 100);
  ck_assert_uint_eq(subnet->pool_count, 2);
  ck_assert_uint_eq(subnet->pools[0].first.low, 0xc000020a);
  ck_assert_uint_eq(subnet->pools[0].last.low, 0xc0000213);
  ck_assert_uint_eq(subnet->pools[1].last.low, 0xc000027f);
  ck_assert(classes_allow(&subnet->pools[1].classes, "HA_b"));
  ck_assert(!classes_allow(&subnet->pools[1].classes, "HA_a"));
  ck_assert_uint_eq(subnet->relay_count, 2);
  ck_assert_str_eq(subnet->ha_server_name, "a");
  ck_assert_uint_eq(subnet->settings.option_count, 2); /* its own first, then the server's */
  ck_assert_mem_eq(subnet->settings.options[0].bytes, "\xc0\0\2\1", 4);
  ck_assert_mem_eq(subnet->settings.options[1].bytes, "\xc0\0\2\xfe", 4);
  config_free(config);
  findings_free(&findings);
}
END_TEST

START_TEST(shared_pools_of_a_balanced_pair_are_told) {
  struct findings findings;
  struct config *config = read_config(
      4,
      "{ \"Dhcp4\": { \"subnet4\": [ { \"id\": 1, \"subnet\": \"192.0.2.0/24\","
      " \"pools\": [ { \"pool\": \"192.0.2.0/25\" } ] }, { \"id\": 2, \"subnet\": \"10.0.0.0/8\","
      " \"pools\": [ { \"pool\": \"10.0.0.0/24\", \"client-class\": \"HA_a\" } ] } ],"
      " \"hooks-libraries\": [ { \"library\": \"libdhcp_ha.so\", \"parameters\": {"
      " \"high-availability\": [ { \"this-server-name\": \"a\", \"mode\": \"load-balancing\","
      " \"peers\": [ { \"name\": \"a\", \"role\": \"primary\", \"url\": \"http://127.0.0.1:1/\" },"
      " { \"name\": \"b\", \"role\": \"secondary\", \"url\": \"http://127.0.0.1:2/\" }"
      " ] } ] } } ] } }",
      &findings);
  ck_assert_ptr_nonnull(config);
  ck_assert(is_told(&findings, "WARNING Dhcp4.subnet4[0].pools[0]: both servers"));
  ck_assert(is_told(&findings, "WARNING Dhcp4.subnet4[1].pools: no pool is for the clients of"
                               " \"HA_b\""));
  config_free(config);
  findings_free(&findings);
}
END_TEST

START_TEST(every_beginning_is_survived) {
  check_beginnings(4, whole);
}
END_TEST

int main(void) {
  TCase *tests = tcase_create("config4");
  tcase_add_loop_test(tests, says_what_is_wrong_and_where, 0, sizeof rows / sizeof *rows);
  tcase_add_test(tests, says_all_that_is_wrong);
  tcase_add_test(tests, deep_nesting_is_refused);
  tcase_add_test(tests, reads_what_kea_reads);
  tcase_add_test(tests, shared_pools_of_a_balanced_pair_are_told);
  tcase_add_test(tests, every_beginning_is_survived);
  return run("config4", tests);
}
