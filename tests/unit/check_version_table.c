/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/allocator.h"
#include "memory/peer_abilities.h"
#include "memory/supervision.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define HA "\"ha-heartbeat\",\"ha-sync-complete-notify\",\"lease6-bulk-apply\""
#define TELLS (DHCPHA_ABILITY_SYNC_COMPLETE | DHCPHA_ABILITY_LEASE6_BULK_APPLY)
#define OF_2_6                                                                                 \
  (DHCPHA_ABILITY_CONFLICT_CODE | DHCPHA_ABILITY_SERVER_NAME | DHCPHA_ABILITY_ORIGIN_ID)
#define OF_3_0 (OF_2_6 | DHCPHA_ABILITY_RELEASED_STATE | DHCPHA_ABILITY_MAINTENANCE_STATE)

static dhcpha_allocator plain;
static dhcpha_arena arena;

static const struct {
  const char *sentence, *json;
  dhcpha_version version;
  uint32_t abilities;
} lists[] = {
    {"2.2.0 as recorded", "[" HA ",\"libreload\"]", DHCPHA_VERSION_KEA_2_2, TELLS},
    {"2.4 has hashes of its configuration", "[" HA ",\"config-hash-get\",\"libreload\"]",
     DHCPHA_VERSION_KEA_2_4, TELLS | DHCPHA_ABILITY_CONFLICT_CODE},
    {"2.6.3 as recorded", "[" HA ",\"config-hash-get\"]", DHCPHA_VERSION_KEA_2_6, TELLS | OF_2_6},
    {"3.0.4 as recorded, DHCPv4", "[" HA ",\"config-hash-get\",\"subnet4-select-test\"]",
     DHCPHA_VERSION_KEA_3_0, TELLS | OF_3_0},
    {"3.0.4 as recorded, DHCPv6", "[" HA ",\"config-hash-get\",\"subnet6-select-test\"]",
     DHCPHA_VERSION_KEA_3_0, TELLS | OF_3_0},
    {"3.3 starts kea-lfc", "[" HA ",\"config-hash-get\",\"kea-lfc-start\"]",
     DHCPHA_VERSION_KEA_3_2, TELLS | OF_3_0},
    {"one of ours", "[" HA ",\"dhcpha-version-get\"]", DHCPHA_VERSION_LIBDHCPHA, TELLS | OF_3_0},
    {"one of ours that takes many leases at once",
     "[" HA ",\"dhcpha-version-get\",\"lease4-bulk-apply\"]", DHCPHA_VERSION_LIBDHCPHA,
     TELLS | OF_3_0 | DHCPHA_ABILITY_LEASE4_BULK_APPLY},
    {"a Control Agent that speaks for itself", "[\"config-hash-get\",\"list-commands\"]",
     DHCPHA_VERSION_UNKNOWN, 0},
    {"nothing", "[]", DHCPHA_VERSION_UNKNOWN, 0},
    {"no list", "{\"ha-heartbeat\":true}", DHCPHA_VERSION_UNKNOWN, 0},
    {"no names", "[1,null,[\"ha-heartbeat\"],{}]", DHCPHA_VERSION_UNKNOWN, 0},
};

START_TEST(is_known_by_its_commands) {
  dhcpha_peer_abilities peer = {.cannot = DHCPHA_ABILITY_RELEASED_STATE};
  const dhcpha_json_value *list =
      dhcpha_json_read(&arena, lists[_i].json, strlen(lists[_i].json), NULL);
  bool told = dhcpha_peer_take_commands(&peer, list);
  ck_assert_msg(peer.version == lists[_i].version, "%s: %s", lists[_i].sentence,
                dhcpha_version_get_name(peer.version));
  ck_assert_uint_eq(dhcpha_peer_get_abilities(&peer), lists[_i].abilities);
  ck_assert_int_eq(told, lists[_i].version != DHCPHA_VERSION_UNKNOWN);
}
END_TEST

static const struct {
  const char *sentence;
  uint8_t state;
  bool deleted, known, goes_as_delete;
} leases[] = {
    {"an assigned one is updated", DHCPHA_LEASE_ASSIGNED, false, false, false},
    {"a declined one, too", DHCPHA_LEASE_DECLINED, false, false, false},
    {"a deleted one is deleted", DHCPHA_LEASE_ASSIGNED, true, true, true},
    {"a released one is told to who knows that state", DHCPHA_LEASE_RELEASED, true, true, false},
    {"in whatever list it comes", DHCPHA_LEASE_RELEASED, false, true, false},
    {"and deleted for who does not", DHCPHA_LEASE_RELEASED, true, false, true},
    {"in whatever list it comes", DHCPHA_LEASE_RELEASED, false, false, true},
    {"a registered one is told to who knows that state", DHCPHA_LEASE_REGISTERED, false, true,
     false},
    {"and deleted for who does not", DHCPHA_LEASE_REGISTERED, false, false, true},
    {"and when it is deleted", DHCPHA_LEASE_REGISTERED, true, true, true},
};

START_TEST(released_leases_go_as_the_peer_can_take_them) {
  dhcpha_lease lease;
  dhcpha_lease_init(&lease);
  lease.state = leases[_i].state;
  bool got = dhcpha_goes_as_delete(&lease, leases[_i].deleted,
                                   leases[_i].known ? DHCPHA_ABILITY_RELEASED_STATE : 0);
  ck_assert_msg(got == leases[_i].goes_as_delete, "%s", leases[_i].sentence);
}
END_TEST

START_TEST(what_a_peer_has_shown_counts_for_more) {
  dhcpha_peer_abilities peer = {.can = OF_3_0};
  dhcpha_peer_note(&peer, DHCPHA_ABILITY_RELEASED_STATE, false);
  ck_assert(!dhcpha_peer_can(&peer, DHCPHA_ABILITY_RELEASED_STATE));
  ck_assert(dhcpha_peer_can(&peer, DHCPHA_ABILITY_SERVER_NAME));
  dhcpha_peer_note(&peer, DHCPHA_ABILITY_RELEASED_STATE, true);
  ck_assert(dhcpha_peer_can(&peer, DHCPHA_ABILITY_RELEASED_STATE));
}
END_TEST

/* P1 4.3, 4.5: a bare map is an error, and news when it says another result than the one before. */
START_TEST(a_peer_is_known_by_the_form_of_its_answers) {
  static const struct {
    dhcpha_answer_form form;
    int64_t result;
    bool news;
    dhcpha_answer_form known;
    const char *why; /* a part of it */
  } rows[] = {
      {DHCPHA_FORM_UNKNOWN, 0, false, DHCPHA_FORM_UNKNOWN, "url"},
      {DHCPHA_FORM_LIST, 0, false, DHCPHA_FORM_LIST, "url"},
      {DHCPHA_FORM_MAP, 401, true, DHCPHA_FORM_MAP, "credentials"},
      {DHCPHA_FORM_MAP, 401, false, DHCPHA_FORM_MAP, "credentials"},
      {DHCPHA_FORM_UNKNOWN, 0, false, DHCPHA_FORM_MAP, "credentials"}, /* it was not reached */
      {DHCPHA_FORM_MAP, 403, true, DHCPHA_FORM_MAP, "forbids"},
      {DHCPHA_FORM_MAP, 400, true, DHCPHA_FORM_MAP, "malformed"},
      {DHCPHA_FORM_MAP, 500, true, DHCPHA_FORM_MAP, "failed"},
      {DHCPHA_FORM_MAP, 0, true, DHCPHA_FORM_MAP, "url"},
      {DHCPHA_FORM_LIST, 0, false, DHCPHA_FORM_LIST, "url"},
      {DHCPHA_FORM_MAP, 0, true, DHCPHA_FORM_MAP, "url"},
  };
  dhcpha_peer_abilities peer = {0};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    dhcpha_answer answer = {.form = rows[i].form, .map_result = rows[i].result};
    ck_assert(dhcpha_peer_note_answer(&peer, &answer) == rows[i].news);
    ck_assert_int_eq(peer.form, rows[i].known);
    ck_assert_ptr_nonnull(strstr(dhcpha_peer_explain_map(&peer), rows[i].why));
  }
}
END_TEST

START_TEST(every_ability_has_a_name) {
  for (unsigned i = 0; i < DHCPHA_ABILITY_COUNT; i++)
    ck_assert_str_ne(dhcpha_ability_get_name((dhcpha_ability)(1u << i)), "");
  ck_assert_str_eq(dhcpha_ability_get_name((dhcpha_ability)0), "");
  ck_assert_str_eq(dhcpha_version_get_name(DHCPHA_VERSION_COUNT), "unknown");
}
END_TEST

/* Recoveries at 0, 1000 and 2000 s; two are allowed in 24 hours. */
START_TEST(recoveries_are_budgeted_by_the_day) {
  dhcpha_supervision s = {.recoveries = 0};
  dhcpha_supervision_begin(&s, DHCPHA_CAUSE_REJECTS);
  ck_assert(dhcpha_supervision_due(&s, 60, 2, 0) == DHCPHA_NEVER);
  ck_assert(dhcpha_supervision_note(&s, true, 0));
  ck_assert(!dhcpha_supervision_note(&s, true, 5000));
  ck_assert_int_eq(dhcpha_supervision_due(&s, 60, 2, 0), 60000);
  dhcpha_supervision_recovered(&s, 0);
  ck_assert_uint_eq(dhcpha_supervision_left(&s, 2, 1), 1);
  dhcpha_supervision_recovered(&s, 1000000);
  ck_assert_uint_eq(dhcpha_supervision_left(&s, 2, 2000000), 0);
  ck_assert_int_eq(dhcpha_supervision_due(&s, 60, 2, 2000000), DHCPHA_RECOVERY_DAY_MS);
  ck_assert_uint_eq(dhcpha_supervision_left(&s, 2, DHCPHA_RECOVERY_DAY_MS), 1);
  for (int i = 0; i < 1000; i++) dhcpha_supervision_recovered(&s, 2000000);
  ck_assert_uint_eq(dhcpha_supervision_left(&s, DHCPHA_RECOVERIES_PER_DAY_MAX, 2000001), 0);
  ck_assert(!dhcpha_supervision_note(&s, false, 2000000));
  ck_assert(dhcpha_supervision_due(&s, 60, 2, 2000000) == DHCPHA_NEVER);
}
END_TEST

START_TEST(who_follows_its_partner_does_not_wait_long) {
  dhcpha_supervision s = {.recoveries = 0};
  dhcpha_supervision_begin(&s, DHCPHA_CAUSE_PARTNER);
  (void)dhcpha_supervision_note(&s, true, 7000);
  ck_assert_int_eq(dhcpha_supervision_due(&s, 86400, 3, 7000),
                   7000 + DHCPHA_RECOVERY_FOLLOW_MAX_MS);
}
END_TEST

static void set_up(void) {
  plain = dhcpha_allocator_resolve(NULL);
  dhcpha_arena_init(&arena, &plain, 65536);
}

static void tear_down(void) { dhcpha_arena_free(&arena); }

int main(void) {
  Suite *suite = suite_create("version_table");
  TCase *tcase = tcase_create("version_table");
  tcase_add_checked_fixture(tcase, set_up, tear_down);
  tcase_add_loop_test(tcase, is_known_by_its_commands, 0, sizeof lists / sizeof lists[0]);
  tcase_add_loop_test(tcase, released_leases_go_as_the_peer_can_take_them, 0,
                      sizeof leases / sizeof leases[0]);
  tcase_add_test(tcase, what_a_peer_has_shown_counts_for_more);
  tcase_add_test(tcase, a_peer_is_known_by_the_form_of_its_answers);
  tcase_add_test(tcase, every_ability_has_a_name);
  tcase_add_test(tcase, recoveries_are_budgeted_by_the_day);
  tcase_add_test(tcase, who_follows_its_partner_does_not_wait_long);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
