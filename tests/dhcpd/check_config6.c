/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "told.h"

#include "message6.h"

#define DHCP6(text) "{ \"Dhcp6\": { " text " } }"
#define SUBNET "\"subnet\": \"2001:db8:1::/64\", \"id\": 1"
#define SUBNET6(text) DHCP6("\"subnet6\": [ { " SUBNET ", " text " } ]")
#define PD(prefix, prefix_len, delegated_len)                                                     \
  "{ \"prefix\": \"" prefix "\", \"prefix-len\": " #prefix_len                                    \
  ", \"delegated-len\": " #delegated_len " }"

static const struct told_row rows[] = {
  { "{ \"Dhcp4\": {}, \"Dhcp6\": {} }", "WARNING Dhcp6: unknown key" },
  { DHCP6("\"preferred-lifetime\": 0"),
    "ERROR Dhcp6.preferred-lifetime: 0 must be an integer of 1..4294967295" },
  { DHCP6("\"next-server\": \"::1\""), "WARNING Dhcp6.next-server: unknown key" },
  { DHCP6("\"rapid-commit\": 1"), "ERROR Dhcp6.rapid-commit: must be true or false" },
  { DHCP6("\"interfaces-config\": { \"interfaces\": [ \"eth0/192.0.2.1\" ] }"),
    "ERROR Dhcp6.interfaces-config.interfaces[0]: \"eth0/192.0.2.1\" must be an interface" },
  { DHCP6("\"interfaces-config\": { \"interfaces\": [ \"[::1:547\" ] }"),
    "ERROR Dhcp6.interfaces-config.interfaces[0]: \"[::1:547\" must be" },
  { DHCP6("\"server-id\": { \"type\": \"UUID\" }"),
    "ERROR Dhcp6.server-id.type: must be \"LLT\", \"LL\" or \"EN\"" },
  { DHCP6("\"server-id\": { \"type\": \"LLT\" }"),
    "WARNING Dhcp6.server-id: has no \"identifier\"" },
  { DHCP6("\"server-id\": { \"type\": \"LL\", \"identifier\": \"0g\" }"),
    "ERROR Dhcp6.server-id.identifier: \"0g\" must be" },
  { DHCP6("\"subnet6\": [ { \"id\": 1 } ]"), "ERROR Dhcp6.subnet6[0]: needs a \"subnet\"" },
  { DHCP6("\"subnet6\": [ { \"id\": 1, \"subnet\": \"192.0.2.0/24\" } ]"),
    "ERROR Dhcp6.subnet6[0].subnet: \"192.0.2.0/24\" must be a prefix without host bits" },
  { DHCP6("\"subnet6\": [ { \"id\": 1, \"subnet\": \"2001:db8::1/64\" } ]"),
    "ERROR Dhcp6.subnet6[0].subnet: \"2001:db8::1/64\" must be a prefix" },
  { DHCP6("\"subnet6\": [ { \"id\": 1, \"subnet\": \"2001:db8::/129\" } ]"),
    "ERROR Dhcp6.subnet6[0].subnet: \"2001:db8::/129\" must be a prefix" },
  { DHCP6("\"subnet6\": [ { " SUBNET " }, { \"id\": 2, \"subnet\": \"2001:db8::/32\" } ]"),
    "ERROR Dhcp6.subnet6[1].subnet: must not overlap with subnet6[0]" },
  { SUBNET6("\"pools\": [ { \"pool\": \"2001:db8:1::9 - 2001:db8:1::1\" } ]"),
    "ERROR Dhcp6.subnet6[0].pools[0].pool: \"2001:db8:1::9 - 2001:db8:1::1\" must be" },
  { SUBNET6("\"pools\": [ { \"pool\": \"2001:db8:2::/80\" } ]"),
    "ERROR Dhcp6.subnet6[0].pools[0].pool: 2001:db8:2:: - 2001:db8:2::ffff:ffff:ffff must lie" },
  { SUBNET6("\"pools\": [ { \"pool\": \"2001:db8:1::/80\" }, {\"pool\":\"2001:db8:1::5/128\"} ]"),
    "ERROR Dhcp6.subnet6[0].pools[1].pool: 2001:db8:1::5 - 2001:db8:1::5 must not overlap with"
    " pools[0]" },
  { SUBNET6("\"pd-pools\": [ { \"prefix\": \"3001::\" } ]"),
    "ERROR Dhcp6.subnet6[0].pd-pools[0]: needs \"prefix\", \"prefix-len\" and" },
  { SUBNET6("\"pd-pools\": [ " PD("3001::1", 32, 56) " ]"),
    "ERROR Dhcp6.subnet6[0].pd-pools[0].prefix: \"3001::1\" must be an IPv6 prefix" },
  { SUBNET6("\"pd-pools\": [ " PD("3001::", 56, 48) " ]"),
    "ERROR Dhcp6.subnet6[0].pd-pools[0].delegated-len: 48 must not be less than \"prefix-len\"" },
  { SUBNET6("\"pd-pools\": [ " PD("3001::", 32, 129) " ]"),
    "ERROR Dhcp6.subnet6[0].pd-pools[0].delegated-len: 129 must be an integer of 1..128" },
  { SUBNET6("\"pd-pools\": [ " PD("3001::", 32, 56) ", " PD("3001:0:1::", 48, 56) " ]"),
    "ERROR Dhcp6.subnet6[0].pd-pools[1].prefix: 3001:0:1:: - 3001:0:1:ffff:ffff:ffff:ffff:ffff"
    " must not overlap with pd-pools[0]" },
  { DHCP6("\"subnet6\": [ { " SUBNET ", \"pd-pools\": [ " PD("3001::", 32, 56) " ] },"
          " { \"id\": 2, \"subnet\": \"2001:db8:2::/64\","
          " \"pd-pools\": [ " PD("3001:0:1::", 48, 56) " ] } ]"),
    "ERROR Dhcp6.subnet6[1].pd-pools[0]: must not overlap with pd-pools[0] of the subnet 1" },
  { SUBNET6("\"relay\": { \"ip-addresses\": [ \"192.0.2.1\" ] }"),
    "ERROR Dhcp6.subnet6[0].relay.ip-addresses[0]: \"192.0.2.1\" must be an IPv6 address" },
  { SUBNET6("\"option-data\": [ { \"name\": \"dns-servers\", \"data\": \"192.0.2.1\" } ]"),
    "ERROR Dhcp6.subnet6[0].option-data[0].data: \"192.0.2.1\" must be IPv6 addresses" },
  { SUBNET6("\"option-data\": [ { \"name\": \"routers\", \"data\": \"::1\" } ]"),
    "ERROR Dhcp6.subnet6[0].option-data[0]: no option is named \"routers\"" },
  { SUBNET6("\"option-data\": [ { \"code\": 3, \"data\": \"01\" } ]"),
    "ERROR Dhcp6.subnet6[0].option-data[0]: option 3 is set by the server itself" },
  { SUBNET6("\"option-data\": [ { \"code\": 99, \"space\": \"dhcp4\", \"data\": \"01\" } ]"),
    "WARNING Dhcp6.subnet6[0].option-data[0]: the option space \"dhcp4\" is not supported" },
};

START_TEST(says_what_is_wrong_and_where) {
  check_told(0, &rows[_i]);
}
END_TEST

static const char whole[] =
    "{ \"Dhcp6\": {\n"
    "    \"valid-lifetime\": 600, \"preferred-lifetime\": 300, \"renew-timer\": 100,\n"
    "    \"rebind-timer\": 200, \"rapid-commit\": true,\n"
    "    \"interfaces-config\": { \"interfaces\": [\n"
    "        \"eth0\", \"eth1/2001:db8::1\", \"[::1]:1547\", \"2001:db8::2\" ] },\n"
    "    \"server-id\": { \"type\": \"EN\", \"enterprise-id\": 258, \"identifier\": \"aabb\" },\n"
    "    \"subnet6\": [ {\n"
    "      \"id\": 7, \"subnet\": \"2001:db8:1::/64\", \"rapid-commit\": false,\n"
    "      \"interface-id\": \"port-7\", \"relay\": { \"ip-addresses\": [ \"2001:db8:1::1\" ] },\n"
    "      \"pools\": [ { \"pool\": \"2001:db8:1::10-2001:db8:1::1f\" },\n"
    "                 { \"pool\": \"2001:db8:1:0:8000::/65\", \"client-class\": \"HA_a\" } ],\n"
    "      \"pd-pools\": [ { \"prefix\": \"3001:db8::\", \"prefix-len\": 32,\n"
    "                      \"delegated-len\": 56, \"client-class\": \"HA_b\" } ],\n"
    "      \"option-data\": [ { \"name\": \"domain-search\", \"data\": \"a.b\" } ],\n"
    "      \"user-context\": { \"ha-server-name\": \"a\" }\n"
    "    }, { \"id\": 8, \"subnet\": \"2001:db8:2::/64\", \"preferred-lifetime\": 10 } ]\n"
    "} }\n";

START_TEST(reads_what_kea_reads) {
  struct findings findings;
  struct config *config = read_config(0, whole, &findings);
  ck_assert_msg(config != NULL, "%s", findings.count > 0 ? findings.list[0].text : "nothing");
  ck_assert_uint_eq(config->family, 6);
  ck_assert_uint_eq(config->interface_count, 4);
  ck_assert_uint_eq(config->interfaces[0].port, 547);
  ck_assert(ip_equal(config->interfaces[1].address, ip6("2001:db8::1")));
  ck_assert_uint_eq(config->interfaces[2].port, 1547);
  ck_assert(ip_equal(config->interfaces[3].address, ip6("2001:db8::2")));
  ck_assert_uint_eq(config->server_duid_len, 8);
  ck_assert_mem_eq(config->server_duid, "\0\2\0\0\1\2\xaa\xbb", 8);
  ck_assert_str_eq(config->lease_path, "/var/lib/dhcpha/leases6.sqlite");
  const struct subnet *subnet = &config->subnets[0];
  ck_assert_uint_eq(subnet->settings.valid_lft, 600);
  ck_assert_uint_eq(subnet->settings.preferred_lft, 300);
  ck_assert_int_eq(subnet->settings.rapid_commit, 0);
  ck_assert_int_eq(config->subnets[1].settings.rapid_commit, 1);
  ck_assert_uint_eq(config->subnets[1].settings.preferred_lft, 10);
  ck_assert_str_eq(subnet->interface_id, "port-7");
  ck_assert_str_eq(subnet->ha_server_name, "a");
  ck_assert(ip_equal(subnet->relays[0], ip6("2001:db8:1::1")));
  ck_assert_uint_eq(subnet->pool_count, 3);
  ck_assert(ip_equal(subnet->pools[0].last, ip6("2001:db8:1::1f")));
  ck_assert(ip_equal(subnet->pools[1].last, ip6("2001:db8:1::ffff:ffff:ffff:ffff")));
  ck_assert_uint_eq(subnet->pools[2].type, DHCPHA_LEASE_PREFIX);
  ck_assert_uint_eq(subnet->pools[2].prefix_len, 56);
  ck_assert(ip_equal(subnet->pools[2].last, ip6("3001:db8:ffff:ff00::")));
  ck_assert(classes_allow(&subnet->pools[2].classes, "HA_b"));
  ck_assert_mem_eq(subnet->settings.options[0].bytes, "\1a\1b\0", 5);
  config_free(config);
  findings_free(&findings);
}
END_TEST

START_TEST(shared_pools_of_a_balanced_pair_are_told) {
  struct findings findings;
  struct config *config = read_config(
      0,
      DHCP6("\"subnet6\": [ { " SUBNET ", \"pools\": [ { \"pool\": \"2001:db8:1::/80\" } ],"
            " \"pd-pools\": [ { \"prefix\": \"3001::\", \"prefix-len\": 48,"
            " \"delegated-len\": 56, \"client-class\": \"HA_a\" } ] } ],"
            " \"hooks-libraries\": [ { \"library\": \"libdhcp_ha.so\", \"parameters\": {"
            " \"high-availability\": [ { \"this-server-name\": \"a\","
            " \"mode\": \"load-balancing\", \"peers\": [ { \"name\": \"a\","
            " \"role\": \"primary\", \"url\": \"http://127.0.0.1:1/\" }, { \"name\": \"b\","
            " \"role\": \"secondary\", \"url\": \"http://127.0.0.1:2/\" } ] } ] } } ]"),
      &findings);
  ck_assert_msg(config != NULL, "%s", findings.count > 0 ? findings.list[0].text : "nothing");
  ck_assert(is_told(&findings, "WARNING Dhcp6.subnet6[0].pools[0]: both servers"));
  ck_assert(is_told(&findings, "WARNING Dhcp6.subnet6[0].pd-pools: no pool is for the clients of"
                               " \"HA_b\""));
  ck_assert(!is_told(&findings, "pd-pools[0]: both servers"));
  config_free(config);
  findings_free(&findings);
}
END_TEST

START_TEST(every_beginning_is_survived) {
  check_beginnings(6, whole);
}
END_TEST

int main(void) {
  TCase *tests = tcase_create("config6");
  tcase_add_loop_test(tests, says_what_is_wrong_and_where, 0, sizeof rows / sizeof *rows);
  tcase_add_test(tests, reads_what_kea_reads);
  tcase_add_test(tests, shared_pools_of_a_balanced_pair_are_told);
  tcase_add_test(tests, every_beginning_is_survived);
  return run("config6", tests);
}
