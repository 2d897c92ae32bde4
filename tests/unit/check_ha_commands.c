/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/ha_commands.h"

#include "unit/json_fixture.h"

/* The order of members does not matter; everything else does. */
static bool is_same(const dhcpha_json_value *a, const dhcpha_json_value *b) {
  if (a == NULL || b == NULL) return a == b;
  if (a->type != b->type || a->count != b->count) return false;
  switch (a->type) {
  case DHCPHA_JSON_NULL: return true;
  case DHCPHA_JSON_BOOLEAN: return a->boolean == b->boolean;
  case DHCPHA_JSON_INTEGER: return a->integer == b->integer;
  case DHCPHA_JSON_REAL:
  case DHCPHA_JSON_STRING: return strcmp(a->text, b->text) == 0;
  case DHCPHA_JSON_MAP:
    for (const dhcpha_json_value *m = a->first; m != NULL; m = m->next)
      if (!is_same(m, dhcpha_json_get(b, m->key))) return false;
    return true;
  case DHCPHA_JSON_LIST: {
    const dhcpha_json_value *e = b->first;
    for (const dhcpha_json_value *m = a->first; m != NULL; m = m->next, e = e->next)
      if (!is_same(m, e)) return false;
    return true;
  }
  }
  return false;
}

/* ---- written: P1 4.6, word for word ---- */

static dhcpha_lease lease4(void) {
  dhcpha_lease lease;
  dhcpha_lease_init(&lease);
  dhcpha_address_parse(&lease.address, "10.77.0.142");
  lease.client_id = (const uint8_t *)"\x01\x11\x22\x33\x44\x55\x66";
  lease.client_id_len = 7;
  lease.hw_address = lease.client_id + 1;
  lease.hw_address_len = 6;
  lease.hostname = "host-one";
  lease.hostname_len = 8;
  lease.subnet_id = 1;
  lease.valid_lft = 4000;
  lease.cltt = 1795357907 - 4000;
  return lease;
}

static dhcpha_lease lease6(bool prefix) {
  dhcpha_lease lease;
  dhcpha_lease_init(&lease);
  dhcpha_address_parse(&lease.address, prefix ? "2001:db8:8:100::" : "fd77::101c");
  lease.type = prefix ? DHCPHA_LEASE_PREFIX : DHCPHA_LEASE_ADDRESS;
  lease.prefix_len = prefix ? 56 : 128;
  lease.client_id = (const uint8_t *)"\x00\x03\x00\x01\x93\xa5\xd2\x95\x05\xd8";
  lease.client_id_len = 10;
  lease.hw_address = lease.client_id + 4;
  lease.hw_address_len = 6;
  lease.iaid = prefix ? 2 : 1;
  lease.subnet_id = 1;
  lease.valid_lft = 4000;
  lease.preferred_lft = 3000;
  lease.cltt = 1795358356 - 4000;
  return lease;
}

static void write_heartbeat(void) {
  dhcpha_write_heartbeat(&out, DHCPHA_DHCP4, "server1");
}
static void write_disable(void) {
  dhcpha_write_disable(&out, DHCPHA_DHCP4, 2000, 60);
}
static void write_disable_for_ever(void) {
  dhcpha_write_disable(&out, DHCPHA_DHCP6, 2001, 0);
}
static void write_enable(void) {
  dhcpha_write_enable(&out, DHCPHA_DHCP4, 2000);
}
static void write_page4(void) {
  dhcpha_write_get_page(&out, DHCPHA_DHCP4, "start", 10000);
}
static void write_page6(void) {
  dhcpha_write_get_page(&out, DHCPHA_DHCP6, "fd77::b", 10000);
}
static void write_page_most(void) {
  dhcpha_write_get_page(&out, DHCPHA_DHCP4, "192.0.2.1", UINT32_MAX);
}
static void write_reset(void) {
  dhcpha_write_reset(&out, DHCPHA_DHCP4, "server1");
}
static void write_notify(void) {
  dhcpha_write_maintenance_notify(&out, DHCPHA_DHCP4, false, "server1", "load-balancing");
}
static void write_cancel(void) {
  dhcpha_write_maintenance_notify(&out, DHCPHA_DHCP6, true, "a \"b\"", "waiting");
}
static void write_sync_complete(void) {
  dhcpha_write_sync_complete(&out, DHCPHA_DHCP4, 2000, "server1");
}
static void write_update(void) {
  dhcpha_lease lease = lease4();
  dhcpha_write_lease4_update(&out, &lease);
}
static void write_delete(void) {
  dhcpha_lease lease = lease4();
  dhcpha_address_parse(&lease.address, "10.77.0.100");
  lease.cltt = 1795354499;
  lease.valid_lft = 0;
  dhcpha_write_lease4_delete(&out, &lease);
}
static void write_bulk(void) {
  dhcpha_lease leases[] = {lease6(false), lease6(true)};
  dhcpha_write_lease6_bulk(&out, leases, 2, NULL, 0);
}
static void write_bulk_of_none(void) {
  dhcpha_write_lease6_bulk(&out, NULL, 0, NULL, 0);
}
static void write_bulk_deleting(void) {
  dhcpha_lease lease = lease6(false);
  dhcpha_write_lease6_bulk(&out, NULL, 0, &lease, 1);
}

#define LEASE6                                                                                 \
  "{\"duid\":\"00:03:00:01:93:a5:d2:95:05:d8\",\"expire\":1795358356,\"fqdn-fwd\":false,"         \
  "\"fqdn-rev\":false,\"hostname\":\"\",\"hw-address\":\"93:a5:d2:95:05:d8\",\"iaid\":1,"          \
  "\"ip-address\":\"fd77::101c\",\"preferred-lft\":3000,\"state\":0,\"subnet-id\":1,"              \
  "\"type\":\"IA_NA\",\"valid-lft\":4000}"
#define PREFIX6                                                                                \
  "{\"duid\":\"00:03:00:01:93:a5:d2:95:05:d8\",\"expire\":1795358356,\"fqdn-fwd\":false,"         \
  "\"fqdn-rev\":false,\"hostname\":\"\",\"hw-address\":\"93:a5:d2:95:05:d8\",\"iaid\":2,"          \
  "\"ip-address\":\"2001:db8:8:100::\",\"preferred-lft\":3000,\"prefix-len\":56,\"state\":0,"     \
  "\"subnet-id\":1,\"type\":\"IA_PD\",\"valid-lft\":4000}"

static const struct {
  void (*write)(void);
  const char *json;
} written[] = {
    {write_heartbeat, "{ \"arguments\": { \"server-name\": \"server1\" }, \"command\": "
                      "\"ha-heartbeat\", \"service\": [ \"dhcp4\" ] }"},
    {write_disable, "{ \"arguments\": { \"max-period\": 60, \"origin\": \"ha-partner\", "
                    "\"origin-id\": 2000 }, \"command\": \"dhcp-disable\", \"service\": [ "
                    "\"dhcp4\" ] }"},
    {write_disable_for_ever, "{ \"arguments\": { \"origin\": \"ha-partner\", \"origin-id\": 2001 "
                             "}, \"command\": \"dhcp-disable\", \"service\": [ \"dhcp6\" ] }"},
    {write_enable, "{ \"arguments\": { \"origin\": \"ha-partner\", \"origin-id\": 2000 }, "
                   "\"command\": \"dhcp-enable\", \"service\": [ \"dhcp4\" ] }"},
    {write_page4, "{ \"arguments\": { \"from\": \"start\", \"limit\": 10000 }, \"command\": "
                  "\"lease4-get-page\", \"service\": [ \"dhcp4\" ] }"},
    {write_page6, "{ \"arguments\": { \"from\": \"fd77::b\", \"limit\": 10000 }, \"command\": "
                  "\"lease6-get-page\", \"service\": [ \"dhcp6\" ] }"},
    {write_page_most, "{ \"arguments\": { \"from\": \"192.0.2.1\", \"limit\": 4294967295 }, "
                      "\"command\": \"lease4-get-page\", \"service\": [ \"dhcp4\" ] }"},
    {write_reset, "{ \"arguments\": { \"server-name\": \"server1\" }, \"command\": \"ha-reset\", "
                  "\"service\": [ \"dhcp4\" ] }"},
    {write_notify, "{ \"arguments\": { \"cancel\": false, \"server-name\": \"server1\", "
                   "\"state\": \"load-balancing\" }, \"command\": \"ha-maintenance-notify\", "
                   "\"service\": [ \"dhcp4\" ] }"},
    {write_cancel, "{ \"arguments\": { \"cancel\": true, \"server-name\": \"a \\\"b\\\"\", "
                   "\"state\": \"waiting\" }, \"command\": \"ha-maintenance-notify\", "
                   "\"service\": [ \"dhcp6\" ] }"},
    {write_sync_complete, "{ \"arguments\": { \"origin\": 2000, \"origin-id\": 2000, "
                          "\"server-name\": \"server1\" }, \"command\": "
                          "\"ha-sync-complete-notify\", \"service\": [ \"dhcp4\" ] }"},
    {write_update,
     "{ \"arguments\": { \"client-id\": \"01:11:22:33:44:55:66\", \"expire\": 1795357907, "
     "\"force-create\": true, \"fqdn-fwd\": false, \"fqdn-rev\": false, \"hostname\": "
     "\"host-one\", \"hw-address\": \"11:22:33:44:55:66\", \"ip-address\": \"10.77.0.142\", "
     "\"origin\": \"ha-partner\", \"state\": 0, \"subnet-id\": 1, \"valid-lft\": 4000 }, "
     "\"command\": \"lease4-update\", \"service\": [ \"dhcp4\" ] }"},
    {write_delete,
     "{ \"arguments\": { \"client-id\": \"01:11:22:33:44:55:66\", \"expire\": 1795354499, "
     "\"fqdn-fwd\": false, \"fqdn-rev\": false, \"hostname\": \"host-one\", \"hw-address\": "
     "\"11:22:33:44:55:66\", \"ip-address\": \"10.77.0.100\", \"origin\": \"ha-partner\", "
     "\"state\": 0, \"subnet-id\": 1, \"valid-lft\": 0 }, \"command\": \"lease4-del\", "
     "\"service\": [ \"dhcp4\" ] }"},
    {write_bulk, "{\"arguments\":{\"deleted-leases\":[],\"leases\":[" LEASE6 "," PREFIX6
                 "],\"origin\":\"ha-partner\"},\"command\":\"lease6-bulk-apply\","
                 "\"service\":[\"dhcp6\"]}"},
    {write_bulk_of_none, "{\"arguments\":{\"deleted-leases\":[],\"leases\":[],"
                         "\"origin\":\"ha-partner\"},\"command\":\"lease6-bulk-apply\","
                         "\"service\":[\"dhcp6\"]}"},
    {write_bulk_deleting, "{\"arguments\":{\"deleted-leases\":[" LEASE6 "],\"leases\":[],"
                          "\"origin\":\"ha-partner\"},\"command\":\"lease6-bulk-apply\","
                          "\"service\":[\"dhcp6\"]}"},
};

START_TEST(writes_what_kea_writes) {
  written[_i].write();
  ck_assert_int_eq(out.status, DHCPHA_OK);
  ck_assert_msg(is_same(parse(dhcpha_buffer_text(&out)), parse(written[_i].json)),
                "wrote %s, not %s", dhcpha_buffer_text(&out), written[_i].json);
}
END_TEST

START_TEST(says_so_when_memory_runs_out) {
  uint64_t nth = 0;
  do {
    dhcpha_buffer_free(&out);
    counts.fail_from = counts.requests + ++nth;
    counts.fail_count = 1;
    uint64_t failed = counts.failed;
    written[_i].write();
    if (counts.failed == failed) break;
    ck_assert_int_eq(out.status, DHCPHA_ERR_NOMEM);
  } while (nth < 100);
  ck_assert_uint_gt(nth, 1);
  ck_assert_int_eq(out.status, DHCPHA_OK);
}
END_TEST

/* ---- read ---- */

typedef enum reader {
  SWITCH, GET_PAGE4, GET_PAGE6, NAME, SYNC, COMPLETE, SCOPES, NOTIFY
} reader;

static const struct {
  reader reader;
  const char *command;
  const char *arguments; /* NULL: none */
  const char *error;     /* NULL: all is well */
  int64_t first, second; /* what was read, then */
} reads[] = {
    /* P1 4.8, dhcp-disable and dhcp-enable: origin, max-period. */
    {SWITCH, "dhcp-disable", NULL, NULL, 1, 0},
    {SWITCH, "dhcp-disable", "{}", NULL, 1, 0},
    {SWITCH, "dhcp-disable", "{\"max-period\":60}", NULL, 1, 60},
    {SWITCH, "dhcp-disable", "{\"max-period\":9223372036854775807}", NULL, 1, INT64_MAX},
    {SWITCH, "dhcp-disable", "{\"max-period\":0}", "'max-period' must be positive integer", 0, 0},
    {SWITCH, "dhcp-disable", "{\"max-period\":-1}", "'max-period' must be positive integer", 0, 0},
    {SWITCH, "dhcp-disable", "{\"max-period\":\"60\"}", "'max-period' argument must be a number",
     0, 0},
    {SWITCH, "dhcp-disable", "{\"max-period\":1.5}", "'max-period' argument must be a number", 0,
     0},
    {SWITCH, "dhcp-enable", "{\"max-period\":\"ignored\"}", NULL, 1, 0},
    {SWITCH, "dhcp-disable", "{\"origin\":\"ha-partner\"}", NULL, 2000, 0},
    {SWITCH, "dhcp-disable", "{\"origin\":\"user\"}", NULL, 1, 0},
    {SWITCH, "dhcp-enable", "{\"origin\":1001}", NULL, 1001, 0},
    {SWITCH, "dhcp-enable", "{\"origin-id\":2003,\"origin\":\"ha-partner\"}", NULL, 2003, 0},
    {SWITCH, "dhcp-enable", "{\"origin-id\":2003,\"origin\":[]}", NULL, 2003, 0},
    {SWITCH, "dhcp-enable", "{\"origin-id\":\"2003\"}", "'origin-id' argument must be a number",
     0, 0},
    {SWITCH, "dhcp-enable", "{\"origin\":\"other\"}",
     "invalid value used for 'origin' parameter: other", 0, 0},
    {SWITCH, "dhcp-enable", "{\"origin\":true}",
     "'origin' argument must be a string or a number", 0, 0},
    {SWITCH, "dhcp-enable", "[]", "arguments for the 'dhcp-enable' command must be a map", 0, 0},
    {SWITCH, "dhcp-disable", "null", "arguments for the 'dhcp-disable' command must be a map", 0,
     0},
    /* P1 4.8, get-page: the last byte of the address after which, and the limit. */
    {GET_PAGE4, "lease4-get-page", "{\"from\":\"start\",\"limit\":1}", NULL, 0, 1},
    {GET_PAGE4, "lease4-get-page", "{\"from\":\"192.0.2.7\",\"limit\":4294967295}", NULL, 7,
     4294967295},
    {GET_PAGE6, "lease6-get-page", "{\"from\":\"2001:db8::9\",\"limit\":2}", NULL, 9, 2},
    {GET_PAGE4, "lease4-get-page", NULL,
     "no parameters specified for the lease4-get-page command", 0, 0},
    {GET_PAGE4, "lease4-get-page", "{\"limit\":1}", "'from' parameter not specified", 0, 0},
    {GET_PAGE4, "lease4-get-page", "{\"from\":1,\"limit\":1}",
     "'from' parameter must be a string", 0, 0},
    {GET_PAGE4, "lease4-get-page", "{\"from\":\"x\",\"limit\":1}",
     "'from' parameter value is neither 'start' keyword nor a valid IPv4 address", 0, 0},
    {GET_PAGE6, "lease6-get-page", "{\"from\":\"\",\"limit\":1}",
     "'from' parameter value is neither 'start' keyword nor a valid IPv6 address", 0, 0},
    {GET_PAGE4, "lease4-get-page", "{\"from\":\"::1\",\"limit\":1}",
     "'from' parameter value ::1 is not an IPv4 address", 0, 0},
    {GET_PAGE6, "lease6-get-page", "{\"from\":\"192.0.2.1\",\"limit\":1}",
     "'from' parameter value 192.0.2.1 is not an IPv6 address", 0, 0},
    {GET_PAGE4, "lease4-get-page", "{\"from\":\"start\"}", "'limit' parameter not specified", 0,
     0},
    {GET_PAGE4, "lease4-get-page", "{\"from\":\"start\",\"limit\":\"1\"}",
     "'limit' parameter must be a number", 0, 0},
    {GET_PAGE4, "lease4-get-page", "{\"from\":\"start\",\"limit\":0}",
     "page size of retrieved leases must not be 0", 0, 0},
    {GET_PAGE4, "lease4-get-page", "{\"from\":\"start\",\"limit\":4294967296}",
     "page size of retrieved leases must not be greater than 4294967295", 0, 0},
    {GET_PAGE4, "lease4-get-page", "{\"from\":\"start\",\"limit\":-1}",
     "page size of retrieved leases must not be greater than 4294967295", 0, 0},
    /* P1 5, "Common": the length of server-name, -1 when there is none. */
    {NAME, "ha-reset", NULL, NULL, -1, 0},
    {NAME, "ha-reset", "{}", NULL, -1, 0},
    {NAME, "ha-reset", "{\"server-name\":\"server1\",\"more\":1}", NULL, 7, 0},
    {NAME, "ha-reset", "[]", "arguments in the 'ha-reset' command are not a map", 0, 0},
    {NAME, "ha-reset", "{\"server-name\":null}",
     "'server-name' must be a string in the 'ha-reset' command", 0, 0},
    /* P1 5.2 */
    {SYNC, "ha-sync", "{\"server-name\":\"server2\"}", NULL, 0, 0},
    {SYNC, "ha-sync", "{\"server-name\":\"server2\",\"max-period\":15}", NULL, 15, 0},
    {SYNC, "ha-sync", NULL, "arguments not found in the 'ha-sync' command", 0, 0},
    {SYNC, "ha-sync", "1", "arguments in the 'ha-sync' command are not a map", 0, 0},
    {SYNC, "ha-sync", "{\"max-period\":15}",
     "'server-name' is mandatory for the 'ha-sync' command", 0, 0},
    {SYNC, "ha-sync", "{\"server-name\":1,\"max-period\":15}",
     "'server-name' must be a string in the 'ha-sync' command", 0, 0},
    {SYNC, "ha-sync", "{\"server-name\":\"server2\",\"max-period\":0}",
     "'max-period' must be a positive integer in the 'ha-sync' command", 0, 0},
    {SYNC, "ha-sync", "{\"server-name\":\"server2\",\"max-period\":\"1\"}",
     "'max-period' must be a positive integer in the 'ha-sync' command", 0, 0},
    /* P1 5.8: origin-id, else origin, else none. */
    {COMPLETE, "ha-sync-complete-notify", NULL, NULL, -1, 0},
    {COMPLETE, "ha-sync-complete-notify", "{\"origin-id\":2001,\"origin\":2000}", NULL, 2001, 0},
    {COMPLETE, "ha-sync-complete-notify", "{\"origin\":2000}", NULL, 2000, 0},
    {COMPLETE, "ha-sync-complete-notify", "{\"origin-id\":\"x\"}",
     "'origin-id' must be an integer in the 'ha-sync-complete-notify' command", 0, 0},
    {COMPLETE, "ha-sync-complete-notify", "{\"origin\":\"ha-partner\"}",
     "'origin' must be an integer in the 'ha-sync-complete-notify' command", 0, 0},
    /* P1 5.3: how many. */
    {SCOPES, "ha-scopes", "{\"scopes\":[]}", NULL, 0, 0},
    {SCOPES, "ha-scopes", "{\"scopes\":[\"a\",\"b\"]}", NULL, 2, 0},
    {SCOPES, "ha-scopes", NULL, "arguments not found in the 'ha-scopes' command", 0, 0},
    {SCOPES, "ha-scopes", "[]", "arguments in the 'ha-scopes' command are not a map", 0, 0},
    {SCOPES, "ha-scopes", "{}", "'scopes' is mandatory for the 'ha-scopes' command", 0, 0},
    {SCOPES, "ha-scopes", "{\"scopes\":\"a\"}",
     "'scopes' must be a list in the 'ha-scopes' command", 0, 0},
    {SCOPES, "ha-scopes", "{\"scopes\":[\"a\",1]}",
     "scope name must be a string in the 'scopes' argument", 0, 0},
    /* P1 5.6: cancel, and whether there is a state. */
    {NOTIFY, "ha-maintenance-notify", "{\"cancel\":false}", NULL, 0, 0},
    {NOTIFY, "ha-maintenance-notify", "{\"cancel\":true,\"state\":\"ready\"}", NULL, 1, 1},
    {NOTIFY, "ha-maintenance-notify", NULL,
     "invalid command 'ha-maintenance-notify': no arguments specified", 0, 0},
    {NOTIFY, "ha-maintenance-notify", "{}",
     "invalid command 'ha-maintenance-notify': 'arguments' is empty", 0, 0},
    {NOTIFY, "ha-maintenance-notify", "[1]",
     "invalid command 'ha-maintenance-notify': expected 'arguments' to be a map, got list instead",
     0, 0},
    {NOTIFY, "ha-maintenance-notify", "{\"state\":\"ready\"}",
     "'cancel' is mandatory for the 'ha-maintenance-notify' command", 0, 0},
    {NOTIFY, "ha-maintenance-notify", "{\"cancel\":\"true\"}",
     "'cancel' must be a boolean in the 'ha-maintenance-notify' command", 0, 0},
    {NOTIFY, "ha-maintenance-notify", "{\"cancel\":true,\"state\":1}",
     "'state' must be a string in the 'ha-maintenance-notify' command", 0, 0},
};

static const char *read_page(const dhcpha_command *command, dhcpha_family family, char *text,
                             int64_t *first, int64_t *second) {
  dhcpha_page_arguments page;
  const char *error = dhcpha_read_get_page(command, family, &page, text);
  if (error != NULL) return error;
  ck_assert_uint_eq(page.after.family, (uint8_t)family);
  *first = page.after.bytes[family == DHCPHA_DHCP4 ? 3 : 15];
  *second = page.limit;
  return NULL;
}

static const char *read(reader how, const dhcpha_command *command, char *text, int64_t *first,
                        int64_t *second) {
  dhcpha_switch_arguments arguments;
  const dhcpha_json_value *value = NULL;
  const char *name = NULL;
  size_t len = 0;
  bool cancel = false;
  const char *error = NULL;
  switch (how) {
  case SWITCH:
    error = dhcpha_read_switch(command, &arguments, text);
    *first = arguments.origin;
    *second = arguments.max_period_s;
    return error;
  case GET_PAGE4: return read_page(command, DHCPHA_DHCP4, text, first, second);
  case GET_PAGE6: return read_page(command, DHCPHA_DHCP6, text, first, second);
  case NAME:
    error = dhcpha_read_server_name(command, &name, &len, text);
    *first = name == NULL ? -1 : (int64_t)len;
    return error;
  case SYNC: return dhcpha_read_sync(command, first, text);
  case COMPLETE: return dhcpha_read_sync_complete(command, first, text);
  case SCOPES:
    error = dhcpha_read_scopes(command, &value, text);
    if (error == NULL) *first = (int64_t)value->count;
    return error;
  case NOTIFY:
    error = dhcpha_read_maintenance_notify(command, &cancel, &value, text);
    *first = cancel;
    *second = value != NULL;
    return error;
  }
  return NULL;
}

START_TEST(reads_arguments_or_says_what_is_wrong) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  int64_t first = 0, second = 0;
  dhcpha_command command = {.name = reads[_i].command, .name_len = strlen(reads[_i].command)};
  if (reads[_i].arguments != NULL) command.arguments = parse(reads[_i].arguments);
  const char *error = read(reads[_i].reader, &command, text, &first, &second);
  if (reads[_i].error != NULL) {
    ck_assert_msg(error != NULL, "%s: no error", reads[_i].error);
    ck_assert_str_eq(error, reads[_i].error);
    return;
  }
  ck_assert_msg(error == NULL, "%s %s: %s", reads[_i].command, reads[_i].arguments, error);
  ck_assert_int_eq(first, reads[_i].first);
  ck_assert_int_eq(second, reads[_i].second);
}
END_TEST

/* P1 1.9. */
static const struct {
  const char *name;
  bool in4, in6;
} peer_commands[] = {
    {"list-commands", true, true},      {"status-get", true, true},
    {"dhcp-disable", true, true},       {"dhcp-enable", true, true},
    {"ha-reset", true, true},           {"ha-heartbeat", true, true},
    {"ha-maintenance-notify", true, true}, {"ha-sync-complete-notify", true, true},
    {"lease4-update", true, false},     {"lease4-del", true, false},
    {"lease4-get-all", true, false},    {"lease4-get-page", true, false},
    {"lease6-bulk-apply", false, true}, {"lease6-update", false, true},
    {"lease6-del", false, true},        {"lease6-get-all", false, true},
    {"lease6-get-page", false, true},   {"ha-sync", false, false},
    {"ha-scopes", false, false},        {"ha-continue", false, false},
    {"ha-maintenance-start", false, false}, {"ha-maintenance-cancel", false, false},
    {"config-set", false, false},       {"shutdown", false, false},
    {"", false, false},                 {"ha-heartbeats", false, false},
};

START_TEST(knows_what_peers_may_send) {
  const char *name = peer_commands[_i].name;
  dhcpha_command command = {.name = name, .name_len = strlen(name)};
  ck_assert_msg(dhcpha_command_is_peer_command(&command, DHCPHA_DHCP4) == peer_commands[_i].in4,
                "%s", name);
  ck_assert_msg(dhcpha_command_is_peer_command(&command, DHCPHA_DHCP6) == peer_commands[_i].in6,
                "%s", name);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("ha_commands");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_loop_test(tcase, writes_what_kea_writes, 0, COUNT_OF(written));
  tcase_add_loop_test(tcase, says_so_when_memory_runs_out, 0, COUNT_OF(written));
  tcase_add_loop_test(tcase, reads_arguments_or_says_what_is_wrong, 0, COUNT_OF(reads));
  tcase_add_loop_test(tcase, knows_what_peers_may_send, 0, COUNT_OF(peer_commands));
  return unit_run("ha_commands", tcase);
}
