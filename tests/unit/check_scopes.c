/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/scopes.h"

#include "support/pair_config.h"
#include "unit/unit.h"

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_config *config;
static dhcpha_scopes scopes;
static dhcpha_buffer out;
static dhcpha_arena arena;

static void make(const char *mode, size_t index, size_t backups) {
  text json = {0};
  counts = (failing_allocator){0};
  allocator = failing_allocator_hooks(&counts);
  pair_config_write(&json, mode, index, backups, NULL, 0);
  ck_assert_int_eq(
      dhcpha_config_parse(DHCPHA_DHCP4, text_of(&json), json.len, &allocator, &config, NULL),
      DHCPHA_OK);
  text_free(&json);
  ck_assert_int_eq(
      dhcpha_scopes_init(&scopes, &allocator, dhcpha_config_get_relationship(config, 0)),
      DHCPHA_OK);
  dhcpha_buffer_init(&out, &allocator, 4096);
  dhcpha_arena_init(&arena, &allocator, 1 << 20);
}

static void end(void) {
  dhcpha_scopes_free(&scopes, &allocator);
  dhcpha_buffer_free(&out);
  dhcpha_arena_free(&arena);
  dhcpha_config_free(config);
  ck_assert_int_eq(counts.live, 0);
}

static const char *served(void) {
  dhcpha_buffer_clear(&out);
  dhcpha_scopes_write(&scopes, &out);
  return dhcpha_buffer_text(&out);
}

/* P1 2.1: "default: primary or secondary: own name only; standby or backup: nothing. failover:
 * names of all peers with role primary or secondary." */
static const struct {
  const char *sentence;
  const char *mode;
  size_t index;
  const char *default_scopes, *failover_scopes;
} choices[] = {
    {"load-balancing, primary", "load-balancing", 0, "[\"server1\"]",
     "[\"server1\",\"server2\"]"},
    {"load-balancing, secondary", "load-balancing", 1, "[\"server2\"]",
     "[\"server1\",\"server2\"]"},
    {"load-balancing, backup", "load-balancing", 2, "[]", "[\"server1\",\"server2\"]"},
    {"hot-standby, primary", "hot-standby", 0, "[\"server1\"]", "[\"server1\"]"},
    {"hot-standby, standby", "hot-standby", 1, "[]", "[\"server1\"]"},
    {"hot-standby, backup", "hot-standby", 2, "[]", "[\"server1\"]"},
    {"passive-backup, primary", "passive-backup", 0, "[\"server1\"]", "[\"server1\"]"},
    {"passive-backup, backup", "passive-backup", 1, "[]", "[\"server1\"]"},
};


static void check_choice(const char *sentence, dhcpha_scope_choice choice, bool all,
                         const char *expected) {
  dhcpha_scopes_choose(&scopes, choice, all);
  ck_assert_msg(strcmp(served(), expected) == 0, "%s: %s", sentence, served());
}

START_TEST(serves_by_role) {
  const char *sentence = choices[_i].sentence;
  make(choices[_i].mode, choices[_i].index, 1);
  ck_assert_str_eq(served(), "[]");
  check_choice(sentence, DHCPHA_SCOPES_DEFAULT, false, choices[_i].default_scopes);
  check_choice(sentence, DHCPHA_SCOPES_NONE, true, "[]");
  check_choice(sentence, DHCPHA_SCOPES_FAILOVER, false, choices[_i].failover_scopes);
  check_choice(sentence, DHCPHA_SCOPES_AUTO_FAILOVER, false, choices[_i].default_scopes);
  check_choice(sentence, DHCPHA_SCOPES_AUTO_FAILOVER, true, choices[_i].failover_scopes);
}
END_TEST

/* P1 5.3 and 2.1: "clear all, then enable each; unknown name: the previous set is restored". */
static const struct {
  const char *sentence;
  const char *json;
  const char *unknown; /* NULL: all are known */
  const char *scopes;
} sets[] = {
    {"one", "[\"server2\"]", NULL, "[\"server2\"]"},
    {"none", "[]", NULL, "[]"},
    {"two, in the order of bytes", "[\"server2\",\"server1\"]", NULL, "[\"server1\",\"server2\"]"},
    {"one twice", "[\"server1\",\"server1\"]", NULL, "[\"server1\"]"},
    {"even a backup's", "[\"server3\"]", NULL, "[\"server3\"]"},
    {"a class is no scope", "[\"HA_server1\"]", "HA_server1", "[\"server1\"]"},
    {"all or nothing", "[\"server2\",\"x\"]", "x", "[\"server1\"]"},
    {"an empty name", "[\"\"]", "", "[\"server1\"]"},
    {"the beginning of a name", "[\"server\"]", "server", "[\"server1\"]"},
    {"a name with more behind it", "[\"server1\\u0000\"]", "server1", "[\"server1\"]"},
    {"case matters", "[\"Server1\"]", "Server1", "[\"server1\"]"},
};

START_TEST(serves_what_it_is_told) {
  dhcpha_json_error error;
  make("load-balancing", 0, 1);
  dhcpha_scopes_choose(&scopes, DHCPHA_SCOPES_DEFAULT, false);
  const dhcpha_json_value *names =
      dhcpha_json_read(&arena, sets[_i].json, strlen(sets[_i].json), &error);
  const dhcpha_json_value *unknown = dhcpha_scopes_set(&scopes, names);
  ck_assert_msg((unknown == NULL) == (sets[_i].unknown == NULL), "%s", sets[_i].sentence);
  if (unknown != NULL) ck_assert_str_eq(unknown->text, sets[_i].unknown);
  ck_assert_msg(strcmp(served(), sets[_i].scopes) == 0, "%s: %s", sets[_i].sentence, served());
}
END_TEST

/* P1 2.3, for the server that serves its default scopes.  Identities of P1 2.6. */
static const struct {
  const char *sentence;
  const char *mode;
  size_t index;
  uint8_t type;
  const char *hw_address;
  size_t hw_address_len;
  const char *client_id;
  size_t client_id_len;
  bool serve;
  dhcpha_reason reason;
  const char *client_class;
} verdicts[] = {
    {"an even hash is the primary's", "load-balancing", 0, 1, BYTES("\x00\x00\x00\x00\x00\x00"),
     BYTES(""), true, DHCPHA_REASON_IN_SCOPE, "HA_server1"},
    {"and not the secondary's", "load-balancing", 1, 1, BYTES("\x00\x00\x00\x00\x00\x00"),
     BYTES(""), false, DHCPHA_REASON_NOT_IN_SCOPE, "HA_server1"},
    {"an odd hash is the secondary's", "load-balancing", 1, 3,
     BYTES("\xff\xff\xff\xff\xff\xff"), BYTES(""), true, DHCPHA_REASON_IN_SCOPE, "HA_server2"},
    {"and not the primary's", "load-balancing", 0, 3, BYTES("\xff\xff\xff\xff\xff\xff"),
     BYTES(""), false, DHCPHA_REASON_NOT_IN_SCOPE, "HA_server2"},
    {"the client identifier goes first", "load-balancing", 0, 1,
     BYTES("\xff\xff\xff\xff\xff\xff"), BYTES("\x01\x02"), true, DHCPHA_REASON_IN_SCOPE,
     "HA_server1"},
    {"without identity it is nobody's", "load-balancing", 0, 1, BYTES(""), BYTES(""), false,
     DHCPHA_REASON_NO_IDENTITY, ""},
    {"not even when it fails over", "load-balancing", 1, 1, BYTES(""), BYTES(""), false,
     DHCPHA_REASON_NO_IDENTITY, ""},
    {"a leasequery is anyone's", "load-balancing", 1, 10, BYTES(""), BYTES(""), true,
     DHCPHA_REASON_NOT_SUBJECT, "HA_server1"},
    {"so is what has no type", "hot-standby", 1, 0, BYTES("\x01"), BYTES(""), true,
     DHCPHA_REASON_NOT_SUBJECT, "HA_server1"},
    {"hot-standby: all is the primary's", "hot-standby", 0, 8,
     BYTES("\xff\xff\xff\xff\xff\xff"), BYTES(""), true, DHCPHA_REASON_IN_SCOPE, "HA_server1"},
    {"hot-standby: no identity is needed", "hot-standby", 0, 7, BYTES(""), BYTES(""), true,
     DHCPHA_REASON_IN_SCOPE, "HA_server1"},
    {"the standby serves none", "hot-standby", 1, 4, BYTES("\x00\x00\x00\x00\x00\x00"), BYTES(""),
     false, DHCPHA_REASON_NOT_IN_SCOPE, "HA_server1"},
    {"passive-backup", "passive-backup", 0, 1, BYTES("\x01"), BYTES(""), true,
     DHCPHA_REASON_IN_SCOPE, "HA_server1"},
    {"a backup computes the same bucket", "load-balancing", 2, 1,
     BYTES("\xff\xff\xff\xff\xff\xff"), BYTES(""), false, DHCPHA_REASON_NOT_IN_SCOPE,
     "HA_server2"},
};

START_TEST(judges_a_query) {
  dhcpha_query query;
  dhcpha_verdict verdict;
  make(verdicts[_i].mode, verdicts[_i].index, 1);
  dhcpha_scopes_choose(&scopes, DHCPHA_SCOPES_DEFAULT, false);
  dhcpha_query_init(&query);
  dhcpha_verdict_init(&verdict);
  query.type = verdicts[_i].type;
  query.hw_address = (const uint8_t *)verdicts[_i].hw_address;
  query.hw_address_len = verdicts[_i].hw_address_len;
  query.client_id = (const uint8_t *)verdicts[_i].client_id;
  query.client_id_len = verdicts[_i].client_id_len;
  dhcpha_scopes_judge(&scopes, &query, DHCPHA_DHCP4, &verdict);
  ck_assert_msg(verdict.serve == verdicts[_i].serve, "%s", verdicts[_i].sentence);
  ck_assert_msg(verdict.reason == verdicts[_i].reason, "%s", verdicts[_i].sentence);
  ck_assert_msg(strcmp(verdict.client_class, verdicts[_i].client_class) == 0, "%s: %s",
                verdicts[_i].sentence, verdict.client_class);
}
END_TEST

/* P1 2.2: which types concern High Availability; all others are in scope on every server. */
START_TEST(some_types_are_served_by_all) {
  static const char subject4[] = {1, 3, 4, 7, 8}, subject6[] = {1, 3, 4, 5, 6, 8, 9};
  make("hot-standby", 1, 0);
  for (int type = 0; type < 256; type++)
    for (int v6 = 0; v6 < 2; v6++) {
      dhcpha_query query;
      dhcpha_verdict verdict;
      dhcpha_query_init(&query);
      dhcpha_verdict_init(&verdict);
      query.type = (uint8_t)type;
      dhcpha_scopes_judge(&scopes, &query, v6 ? DHCPHA_DHCP6 : DHCPHA_DHCP4, &verdict);
      bool subject = v6 ? memchr(subject6, type, sizeof subject6) != NULL
                        : memchr(subject4, type, sizeof subject4) != NULL;
      ck_assert_msg(verdict.serve == !subject, "DHCPv%d type %d", v6 ? 6 : 4, type);
    }
}
END_TEST

START_TEST(leaves_nothing_when_memory_runs_out) {
  make("load-balancing", 0, 2);
  for (uint64_t nth = 1; nth <= 5; nth++) {
    dhcpha_scopes other;
    int64_t live = counts.live;
    counts.fail_from = counts.requests + nth;
    counts.fail_count = 1;
    ck_assert_int_eq(
        dhcpha_scopes_init(&other, &allocator, dhcpha_config_get_relationship(config, 0)),
        DHCPHA_ERR_NOMEM);
    dhcpha_scopes_free(&other, &allocator);
    ck_assert_int_eq(counts.live, live);
  }
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("scopes");
  tcase_add_checked_fixture(tcase, NULL, end);
  tcase_add_loop_test(tcase, serves_by_role, 0, COUNT_OF(choices));
  tcase_add_loop_test(tcase, serves_what_it_is_told, 0, COUNT_OF(sets));
  tcase_add_loop_test(tcase, judges_a_query, 0, COUNT_OF(verdicts));
  tcase_add_test(tcase, some_types_are_served_by_all);
  tcase_add_test(tcase, leaves_nothing_when_memory_runs_out);
  return unit_run("scopes", tcase);
}
