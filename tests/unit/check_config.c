/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/config.h"
#include "rules/config_json.h"

#include "support/failing_allocator.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRETS TEST_SOURCE_DIR "/tests/tables/secrets/"
#define PEER(name, host, role) \
  "{\"name\":\"" name "\",\"url\":\"http://" host ":8000/\",\"role\":\"" role "\"}"
#define LOAD_BALANCING(more) \
  "[{\"mode\":\"load-balancing\",\"this-server-name\":\"server1\"" more ",\"peers\":[" \
  PEER("server1", "192.0.2.1", "primary") "," PEER("server2", "192.0.2.2", "secondary") "]}]"
#define HOT_STANDBY(more) \
  "[{\"mode\":\"hot-standby\",\"this-server-name\":\"server1\"" more ",\"peers\":[" \
  PEER("server1", "192.0.2.1", "primary") "," PEER("server2", "192.0.2.2", "standby") "]}]"
#define TWO_RELATIONSHIPS \
  "[{\"mode\":\"hot-standby\",\"this-server-name\":\"server2\",\"flavour\":1,\"peers\":[" \
  PEER("server1", "192.0.2.1", "primary") "," PEER("server2", "192.0.2.2", "standby") "]}," \
  "{\"mode\":\"hot-standby\",\"this-server-name\":\" server4 \",\"send-lease-updates\":false," \
  "\"state-machine\":{\"states\":[{\"state\":\"ready\",\"pause\":\"once\"}]},\"peers\":[" \
  PEER("server3", "192.0.2.3", "primary") "," \
  "{\"name\":\"server4\",\"url\":\"http://192.0.2.2/x\",\"role\":\"standby\"," \
  "\"basic-auth-user\":\"u\",\"basic-auth-password-file\":\"" SECRETS "password.txt\"}]}]"

static dhcpha_config *parse(const char *json, const dhcpha_allocator *allocator) {
  dhcpha_config *config;
  dhcpha_messages *messages;
  dhcpha_status status =
      dhcpha_config_parse(DHCPHA_DHCP4, json, strlen(json), allocator, &config, &messages);
  ck_assert_msg(status == DHCPHA_OK, "%s: %s", json,
                messages == NULL ? "" : dhcpha_messages_get_text(messages, 0));
  dhcpha_messages_free(messages);
  return config;
}

static const dhcpha_relationship *first_of(const dhcpha_config *config) {
  return dhcpha_config_get_relationship(config, 0);
}

START_TEST(what_is_not_written_has_the_default) {
  dhcpha_config *config = parse(LOAD_BALANCING(""), NULL);
  const dhcpha_relationship *r = first_of(config);
  ck_assert_uint_eq(r->size, sizeof *r);
  ck_assert_int_eq(r->mode, DHCPHA_MODE_LOAD_BALANCING);
  ck_assert(r->send_lease_updates && r->sync_leases && !r->wait_backup_ack);
  ck_assert(r->require_client_certs && r->restrict_commands);
  ck_assert(r->multi_threading && r->dedicated_listener);
  ck_assert_uint_eq(r->listener_threads, 0);
  ck_assert_uint_eq(r->client_threads, 0);
  ck_assert_uint_eq(r->sync_timeout_ms, 60000);
  ck_assert_uint_eq(r->sync_page_limit, 10000);
  ck_assert_uint_eq(r->delayed_updates_limit, 100);
  ck_assert_uint_eq(r->heartbeat_delay_ms, 10000);
  ck_assert_uint_eq(r->max_response_delay_ms, 60000);
  ck_assert_uint_eq(r->max_ack_delay_ms, 10000);
  ck_assert_uint_eq(r->max_unacked_clients, 10);
  ck_assert_uint_eq(r->max_rejected_lease_updates, 10);
  ck_assert_uint_eq(r->recover_terminated_after_s, 0);
  ck_assert_uint_eq(r->recover_terminated_per_day, 3);
  ck_assert_uint_eq(r->backup_queue_limit, 10000);
  ck_assert_int_eq(r->backup_queue_policy, DHCPHA_BACKUP_QUEUE_DROP);
  for (int i = 0; i < DHCPHA_STATE_COUNT; i++) ck_assert_int_eq(r->pause[i], DHCPHA_PAUSE_NEVER);
  ck_assert_uint_eq(r->peer_count, 2);
  ck_assert_uint_eq(r->self->size, sizeof *r->self);
  ck_assert(r->self->auto_failover && !r->self->tls);
  ck_assert_str_eq(r->self->trust_anchor, "");
  ck_assert_str_eq(r->self->basic_auth_user, "");
  ck_assert_str_eq(r->self->basic_auth_password, "");
  dhcpha_config_free(config);
}
END_TEST

START_TEST(only_load_balancing_keeps_delayed_updates) {
  dhcpha_config *config = parse(HOT_STANDBY(""), NULL);
  ck_assert_uint_eq(first_of(config)->delayed_updates_limit, 0);
  dhcpha_config_free(config);
  config = parse(LOAD_BALANCING(",\"delayed-updates-limit\":7"), NULL);
  ck_assert_uint_eq(first_of(config)->delayed_updates_limit, 7);
  dhcpha_config_free(config);
}
END_TEST

START_TEST(what_is_written_counts) {
  dhcpha_config *config = parse(
      HOT_STANDBY(",\"send-lease-updates\":false,\"sync-leases\":false,\"sync-timeout\":1,"
                  "\"sync-page-limit\":2,\"heartbeat-delay\":3,\"max-response-delay\":4,"
                  "\"max-ack-delay\":5,\"max-unacked-clients\":6,"
                  "\"max-rejected-lease-updates\":4294967295,\"require-client-certs\":false,"
                  "\"restrict-commands\":false,\"multi-threading\":{"
                  "\"enable-multi-threading\":false,\"http-dedicated-listener\":false,"
                  "\"http-listener-threads\":8,\"http-client-threads\":9},\"state-machine\":{"
                  "\"states\":[{\"state\":\"ready\",\"pause\":\"once\"},"
                  "{\"state\":\"partner-down\",\"pause\":\"always\"},"
                  "{\"state\":\"waiting\",\"pause\":\"never\"}]},"
                  "\"dhcpha\":{\"recover-terminated-after\":7,\"recover-terminated-per-day\":2,"
                  "\"backup-queue-limit\":8,\"backup-queue-policy\":\"stop\"}"),
      NULL);
  const dhcpha_relationship *r = first_of(config);
  ck_assert(!r->send_lease_updates && !r->sync_leases);
  ck_assert(!r->require_client_certs && !r->restrict_commands);
  ck_assert(!r->multi_threading && !r->dedicated_listener);
  ck_assert_uint_eq(r->listener_threads, 8);
  ck_assert_uint_eq(r->client_threads, 9);
  ck_assert_uint_eq(r->sync_timeout_ms, 1);
  ck_assert_uint_eq(r->sync_page_limit, 2);
  ck_assert_uint_eq(r->heartbeat_delay_ms, 3);
  ck_assert_uint_eq(r->max_response_delay_ms, 4);
  ck_assert_uint_eq(r->max_ack_delay_ms, 5);
  ck_assert_uint_eq(r->max_unacked_clients, 6);
  ck_assert_uint_eq(r->max_rejected_lease_updates, 4294967295);
  ck_assert_uint_eq(r->recover_terminated_after_s, 7);
  ck_assert_uint_eq(r->recover_terminated_per_day, 2);
  ck_assert_uint_eq(r->backup_queue_limit, 8);
  ck_assert_int_eq(r->backup_queue_policy, DHCPHA_BACKUP_QUEUE_STOP);
  ck_assert_int_eq(r->pause[DHCPHA_STATE_READY], DHCPHA_PAUSE_ONCE);
  ck_assert_int_eq(r->pause[DHCPHA_STATE_PARTNER_DOWN], DHCPHA_PAUSE_ALWAYS);
  ck_assert_int_eq(r->pause[DHCPHA_STATE_WAITING], DHCPHA_PAUSE_NEVER);
  dhcpha_config_free(config);
}
END_TEST

/* Who is the partner: P1 "Conventions", P2 0.1. */
static const struct {
  const char *sentence, *mode, *self, *peers, *partner;
} partners[] = {
  { "the primary's partner is the standby", "hot-standby", "server1",
    PEER("server1", "192.0.2.1", "primary") "," PEER("server2", "192.0.2.2", "standby"),
    "server2" },
  { "the standby's partner is the primary", "hot-standby", "server2",
    PEER("server1", "192.0.2.1", "primary") "," PEER("server2", "192.0.2.2", "standby"),
    "server1" },
  { "a backup before it is not the partner", "hot-standby", "b",
    PEER("a", "192.0.2.1", "backup") "," PEER("b", "192.0.2.2", "standby") ","
    PEER("c", "192.0.2.3", "primary"), "c" },
  { "a backup's partner is the first active one by name, not by place", "hot-standby", "a",
    PEER("c", "192.0.2.3", "primary") "," PEER("b", "192.0.2.2", "standby") ","
    PEER("a", "192.0.2.1", "backup"), "b" },
  { "names are ordered by bytes: capitals come first", "hot-standby", "x",
    PEER("b", "192.0.2.3", "primary") "," PEER("B", "192.0.2.2", "standby") ","
    PEER("x", "192.0.2.1", "backup"), "B" },
  { "bytes above 0x7f come last", "hot-standby", "x",
    PEER("\303\244", "192.0.2.3", "primary") "," PEER("y", "192.0.2.2", "standby") ","
    PEER("x", "192.0.2.1", "backup"), "y" },
  { "the primary of passive-backup has none", "passive-backup", "server1",
    PEER("server1", "192.0.2.1", "primary") "," PEER("server2", "192.0.2.2", "backup"), NULL },
  { "a backup of passive-backup has the primary", "passive-backup", "server2",
    PEER("server1", "192.0.2.1", "primary") "," PEER("server2", "192.0.2.2", "backup"),
    "server1" },
};

START_TEST(the_partner_is_found) {
  char json[1024];
  snprintf(json, sizeof json, "[{\"mode\":\"%s\",\"this-server-name\":\"%s\",\"peers\":[%s]}]",
           partners[_i].mode, partners[_i].self, partners[_i].peers);
  dhcpha_config *config = parse(json, NULL);
  const dhcpha_relationship *r = first_of(config);
  ck_assert_str_eq(r->self->name, partners[_i].self);
  ck_assert_msg((r->partner == NULL) == (partners[_i].partner == NULL), "%s",
                partners[_i].sentence);
  if (r->partner != NULL) ck_assert_str_eq(r->partner->name, partners[_i].partner);
  for (size_t i = 1; i < r->peer_count; i++)
    ck_assert_int_lt(strcmp(r->peers[i - 1]->name, r->peers[i]->name), 0);
  dhcpha_config_free(config);
}
END_TEST

START_TEST(a_peer_has_what_its_url_says) {
  char text[DHCPHA_ADDRESS_TEXT_SIZE];
  dhcpha_config *config = parse(TWO_RELATIONSHIPS, NULL);
  const dhcpha_peer *peer = dhcpha_config_get_relationship(config, 1)->self;
  ck_assert_str_eq(peer->name, "server4");
  ck_assert_str_eq(peer->url, "http://192.0.2.2/x");
  ck_assert_str_eq(dhcpha_address_format(&peer->address, text), "192.0.2.2");
  ck_assert_uint_eq(peer->port, 0);
  ck_assert_int_eq(peer->role, DHCPHA_ROLE_STANDBY);
  ck_assert_str_eq(peer->basic_auth_user, "u");
  ck_assert_str_eq(peer->basic_auth_password, "bird of prey");
  ck_assert_uint_eq(first_of(config)->self->port, 8000);
  dhcpha_config_free(config);
}
END_TEST

/* P1 1.8: the first line without its line feed. */
static const struct {
  const char *file, *password;
} files[] = {
  { "password.txt", "bird of prey" }, { "unended.txt", "no line feed" }, { "empty.txt", "" },
  { "colon.txt", "ad:min" },          { "user.txt", "admin" },
};

START_TEST(a_password_file_has_one_line) {
  char json[1024];
  snprintf(json, sizeof json,
           "[{\"mode\":\"passive-backup\",\"this-server-name\":\"a\",\"peers\":[{\"name\":\"a\","
           "\"url\":\"http://192.0.2.1:1\",\"role\":\"primary\",\"basic-auth-user\":\"u\","
           "\"basic-auth-password-file\":\"" SECRETS "%s\"}]}]", files[_i].file);
  dhcpha_config *config = parse(json, NULL);
  ck_assert_str_eq(first_of(config)->self->basic_auth_password, files[_i].password);
  dhcpha_config_free(config);
}
END_TEST

/* P1 1.7: what a peer has itself counts, even "". */
static const struct {
  const char *sentence, *outer, *inner;
  bool tls;
  const char *trust_anchor;
} tls_rows[] = {
  { "none", "", "", false, "" },
  { "inherited", ",\"trust-anchor\":\"A\",\"cert-file\":\"C\",\"key-file\":\"K\"", "", true, "A" },
  { "its own", "", ",\"trust-anchor\":\"a\",\"cert-file\":\"c\",\"key-file\":\"k\"", true, "a" },
  { "its own before inherited", ",\"trust-anchor\":\"A\",\"cert-file\":\"C\",\"key-file\":\"K\"",
    ",\"trust-anchor\":\"a\"", true, "a" },
  { "disabled", ",\"trust-anchor\":\"A\",\"cert-file\":\"C\",\"key-file\":\"K\"",
    ",\"trust-anchor\":\"\",\"cert-file\":\"\",\"key-file\":\"\"", false, "" },
};

START_TEST(tls_is_inherited) {
  char json[1024];
  snprintf(json, sizeof json,
           "[{\"mode\":\"passive-backup\",\"this-server-name\":\"a\"%s,\"peers\":[{\"name\":\"a\","
           "\"url\":\"http://192.0.2.1:1\",\"role\":\"primary\"%s}]}]", tls_rows[_i].outer,
           tls_rows[_i].inner);
  dhcpha_config *config = parse(json, NULL);
  const dhcpha_peer *self = first_of(config)->self;
  ck_assert_msg(self->tls == tls_rows[_i].tls, "%s", tls_rows[_i].sentence);
  ck_assert_str_eq(self->trust_anchor, tls_rows[_i].trust_anchor);
  dhcpha_config_free(config);
}
END_TEST

START_TEST(a_peer_is_found_in_its_relationship) {
  size_t index = 99;
  dhcpha_config *config = parse(TWO_RELATIONSHIPS, NULL);
  ck_assert_uint_eq(dhcpha_config_get_relationship_count(config), 2);
  ck_assert(dhcpha_config_find_peer(config, "server1", 7, &index));
  ck_assert_uint_eq(index, 0);
  ck_assert(dhcpha_config_find_peer(config, "server4", 7, &index));
  ck_assert_uint_eq(index, 1);
  ck_assert(!dhcpha_config_find_peer(config, "server5", 7, &index));
  ck_assert(!dhcpha_config_find_peer(config, "server4 ", 8, &index));
  ck_assert(!dhcpha_config_find_peer(config, "", 0, &index));
  ck_assert_ptr_null(dhcpha_config_get_relationship(config, 2));
  dhcpha_config_free(config);
}
END_TEST

START_TEST(it_lives_until_its_last_holder_gives_it_up) {
  failing_allocator counts = { 0 };
  dhcpha_allocator hooks = failing_allocator_hooks(&counts);
  dhcpha_config *config = parse(HOT_STANDBY(""), &hooks);
  dhcpha_config *held = dhcpha_config_hold(config);
  dhcpha_config_free(config);
  ck_assert_int_gt(counts.live, 0);
  ck_assert_str_eq(first_of(held)->self->name, "server1");
  ck_assert_ptr_eq(dhcpha_config_get_allocator(held)->user_data, hooks.user_data);
  dhcpha_config_free(held);
  ck_assert_int_eq(counts.live, 0);
  dhcpha_config_free(NULL);
}
END_TEST

START_TEST(the_family_is_the_callers) {
  dhcpha_config *config;
  const char *json = HOT_STANDBY("");
  ck_assert_int_eq(dhcpha_config_parse(DHCPHA_DHCP6, json, strlen(json), NULL, &config, NULL),
                   DHCPHA_OK);
  ck_assert_int_eq(dhcpha_config_get_family(config), DHCPHA_DHCP6);
  dhcpha_config_free(config);
}
END_TEST

START_TEST(wrong_arguments_are_told) {
  dhcpha_config *config = NULL;
  dhcpha_messages *messages = NULL;
  ck_assert_int_eq(dhcpha_config_parse(DHCPHA_DHCP4, NULL, 0, NULL, &config, &messages),
                   DHCPHA_ERR_ARGUMENT);
  ck_assert_int_eq(dhcpha_config_parse(DHCPHA_DHCP4, "[]", 2, NULL, NULL, &messages),
                   DHCPHA_ERR_ARGUMENT);
  ck_assert_int_eq(dhcpha_config_parse((dhcpha_family)5, "[]", 2, NULL, &config, &messages),
                   DHCPHA_ERR_ARGUMENT);
  ck_assert_ptr_null(messages);
  ck_assert_int_eq(dhcpha_config_parse(DHCPHA_DHCP4, "[]", 2, NULL, &config, NULL),
                   DHCPHA_ERR_CONFIG);
  ck_assert_ptr_null(config);
  ck_assert_int_eq(dhcpha_config_lint(NULL, &messages), DHCPHA_ERR_ARGUMENT);
}
END_TEST

/* Memory runs out at every single request, of good and of bad configurations. */
static const char *const oom_rows[] = {
  TWO_RELATIONSHIPS,
  LOAD_BALANCING(",\"trust-anchor\":\"A\",\"cert-file\":\"C\",\"key-file\":\"K\""),
  "[{\"mode\":\"x\",\"peers\":[{\"name\":\"a\",\"url\":\"\\u00e4\"},1,{\"name\":\"a\"}],\"y\":1}]",
  "[{\"mode\":\"hot-standby\",\"this-server-name\":\"a\",\"peers\":[]},{}]",
  "[{\"mode\":",
};

START_TEST(running_out_of_memory_leaves_nothing) {
  const char *json = oom_rows[_i];
  failing_allocator counts = { 0 };
  dhcpha_allocator hooks = failing_allocator_hooks(&counts);
  for (uint64_t at = 1; at < 5000; at++) {
    dhcpha_config *config;
    dhcpha_messages *messages, *lint = NULL;
    counts.requests = counts.failed = 0;
    counts.fail_from = at;
    counts.fail_count = 1;
    dhcpha_status status =
        dhcpha_config_parse(DHCPHA_DHCP4, json, strlen(json), &hooks, &config, &messages);
    ck_assert_msg((counts.failed != 0) == (status == DHCPHA_ERR_NOMEM), "request %d: status %d",
                  (int)at, status);
    if (status == DHCPHA_ERR_NOMEM) ck_assert(config == NULL && messages == NULL);
    if (config != NULL) {
      status = dhcpha_config_lint(config, &lint);
      ck_assert((counts.failed != 0) == (status == DHCPHA_ERR_NOMEM));
    }
    dhcpha_messages_free(lint);
    dhcpha_messages_free(messages);
    dhcpha_config_free(config);
    ck_assert_int_eq(counts.live, 0);
    if (counts.failed == 0) return;
  }
  ck_abort_msg("it never came to an end");
}
END_TEST

static char *repeat(const char *before, const char *format, size_t count, const char *after) {
  size_t room = strlen(before) + strlen(after) + count * (strlen(format) + 100) + 1;
  char *text = malloc(room);
  size_t len = (size_t)snprintf(text, room, "%s", before);
  for (size_t i = 0; i < count; i++) {
    if (i != 0) text[len++] = ',';
    /* Every # of the format is the number of the repetition. */
    for (const char *c = format; *c != '\0'; c++) {
      if (*c == '#') len += (size_t)snprintf(text + len, room - len, "%zu", i);
      else text[len++] = *c;
    }
  }
  snprintf(text + len, room - len, "%s", after);
  return text;
}

static void expect_refused(char *json, const char *fragment) {
  dhcpha_config *config;
  dhcpha_messages *messages;
  ck_assert_int_eq(
      dhcpha_config_parse(DHCPHA_DHCP4, json, strlen(json), NULL, &config, &messages),
      DHCPHA_ERR_CONFIG);
  const char *text = dhcpha_messages_get_text(messages, 0);
  ck_assert_msg(strstr(text, fragment) != NULL, "%s", text);
  dhcpha_messages_free(messages);
  free(json);
}

START_TEST(more_relationships_than_allowed_are_refused) {
  expect_refused(repeat("[", "1", DHCPHA_RELATIONSHIPS_MAX + 1, "]"),
                 "too many relationships: found 4097, at most 4096 are allowed");
}
END_TEST

START_TEST(more_peers_than_allowed_are_refused) {
  expect_refused(repeat("[{\"mode\":\"hot-standby\",\"this-server-name\":\"s0\",\"peers\":[",
                        PEER("s#", "192.0.2.1", "backup"), DHCPHA_PEERS_MAX + 1, "]}]"),
                 "too many peers: found 1025, at most 1024 are allowed");
}
END_TEST

START_TEST(more_text_than_allowed_is_refused) {
  expect_refused(repeat("[", "    ", DHCPHA_CONFIG_JSON_MAX / 4, "]"), "is too long");
}
END_TEST

START_TEST(more_messages_than_kept_are_summed_up) {
  dhcpha_config *config;
  dhcpha_messages *messages;
  char *json = repeat("[", "#", 1000, "]");
  ck_assert_int_eq(
      dhcpha_config_parse(DHCPHA_DHCP4, json, strlen(json), NULL, &config, &messages),
      DHCPHA_ERR_CONFIG);
  ck_assert_uint_eq(dhcpha_messages_get_count(messages), 257);
  ck_assert_str_eq(dhcpha_messages_get_text(messages, 256),
                   "further messages left out: 744 errors, 0 warnings");
  dhcpha_messages_free(messages);
  free(json);
}
END_TEST

START_TEST(a_hub_with_many_spokes_is_read) {
  char *json = repeat("[", "{\"mode\":\"hot-standby\",\"this-server-name\":\"h#\",\"peers\":[" PEER(
                               "h#", "192.0.2.1", "primary") "," PEER("s#", "192.0.2.2",
                                                                      "standby") "]}",
                      2000, "]");
  dhcpha_config *config = parse(json, NULL);
  size_t index;
  ck_assert_uint_eq(dhcpha_config_get_relationship_count(config), 2000);
  ck_assert(dhcpha_config_find_peer(config, "s1999", 5, &index));
  ck_assert_uint_eq(index, 1999);
  dhcpha_config_free(config);
  free(json);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof(table)[0])

int main(void) {
  Suite *suite = suite_create("config");
  TCase *tcase = tcase_create("config");
  tcase_set_timeout(tcase, 60);
  tcase_add_test(tcase, what_is_not_written_has_the_default);
  tcase_add_test(tcase, only_load_balancing_keeps_delayed_updates);
  tcase_add_test(tcase, what_is_written_counts);
  tcase_add_loop_test(tcase, the_partner_is_found, 0, COUNT(partners));
  tcase_add_test(tcase, a_peer_has_what_its_url_says);
  tcase_add_loop_test(tcase, a_password_file_has_one_line, 0, COUNT(files));
  tcase_add_loop_test(tcase, tls_is_inherited, 0, COUNT(tls_rows));
  tcase_add_test(tcase, a_peer_is_found_in_its_relationship);
  tcase_add_test(tcase, it_lives_until_its_last_holder_gives_it_up);
  tcase_add_test(tcase, the_family_is_the_callers);
  tcase_add_test(tcase, wrong_arguments_are_told);
  tcase_add_loop_test(tcase, running_out_of_memory_leaves_nothing, 0, COUNT(oom_rows));
  tcase_add_test(tcase, more_relationships_than_allowed_are_refused);
  tcase_add_test(tcase, more_peers_than_allowed_are_refused);
  tcase_add_test(tcase, more_text_than_allowed_is_refused);
  tcase_add_test(tcase, more_messages_than_kept_are_summed_up);
  tcase_add_test(tcase, a_hub_with_many_spokes_is_read);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
