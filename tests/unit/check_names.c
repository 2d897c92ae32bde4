/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/names.h"

#include <check.h>
#include <string.h>

typedef struct name_row {
  int value;
  const char *name;
} name_row;

static const name_row modes[] = {
  { DHCPHA_MODE_LOAD_BALANCING, "load-balancing" },
  { DHCPHA_MODE_HOT_STANDBY, "hot-standby" },
  { DHCPHA_MODE_PASSIVE_BACKUP, "passive-backup" },
};
static const name_row roles[] = {
  { DHCPHA_ROLE_PRIMARY, "primary" },
  { DHCPHA_ROLE_SECONDARY, "secondary" },
  { DHCPHA_ROLE_STANDBY, "standby" },
  { DHCPHA_ROLE_BACKUP, "backup" },
};
/* P1 1.4: the 13 names. */
static const name_row states[] = {
  { DHCPHA_STATE_BACKUP, "backup" },
  { DHCPHA_STATE_COMMUNICATION_RECOVERY, "communication-recovery" },
  { DHCPHA_STATE_HOT_STANDBY, "hot-standby" },
  { DHCPHA_STATE_LOAD_BALANCING, "load-balancing" },
  { DHCPHA_STATE_IN_MAINTENANCE, "in-maintenance" },
  { DHCPHA_STATE_PARTNER_DOWN, "partner-down" },
  { DHCPHA_STATE_PARTNER_IN_MAINTENANCE, "partner-in-maintenance" },
  { DHCPHA_STATE_PASSIVE_BACKUP, "passive-backup" },
  { DHCPHA_STATE_READY, "ready" },
  { DHCPHA_STATE_SYNCING, "syncing" },
  { DHCPHA_STATE_TERMINATED, "terminated" },
  { DHCPHA_STATE_WAITING, "waiting" },
  { DHCPHA_STATE_UNAVAILABLE, "unavailable" },
};
/* Case and white space matter; what is longer or shorter is another name. */
static const char *const strange[] = {
  "", " ", "Ready", "READY", "ready ", " ready", "read", "readyy", "load_balancing",
  "hot-standby\n", "primary,", "normal", "none", "undefined",
};

START_TEST(a_mode_has_its_name) {
  dhcpha_mode mode;
  ck_assert_str_eq(dhcpha_mode_get_name((dhcpha_mode)modes[_i].value), modes[_i].name);
  ck_assert_int_eq(dhcpha_mode_parse(modes[_i].name, &mode), DHCPHA_OK);
  ck_assert_int_eq(mode, modes[_i].value);
}
END_TEST

START_TEST(a_role_has_its_name) {
  dhcpha_role role;
  ck_assert_str_eq(dhcpha_role_get_name((dhcpha_role)roles[_i].value), roles[_i].name);
  ck_assert_int_eq(dhcpha_role_parse(roles[_i].name, &role), DHCPHA_OK);
  ck_assert_int_eq(role, roles[_i].value);
}
END_TEST

START_TEST(a_state_has_its_name) {
  dhcpha_state state;
  ck_assert_str_eq(dhcpha_state_get_name((dhcpha_state)states[_i].value), states[_i].name);
  ck_assert_int_eq(dhcpha_state_parse(states[_i].name, &state), DHCPHA_OK);
  ck_assert_int_eq(state, states[_i].value);
}
END_TEST

START_TEST(a_strange_name_is_unknown) {
  dhcpha_mode mode;
  dhcpha_role role;
  dhcpha_state state;
  ck_assert_int_eq(dhcpha_mode_parse(strange[_i], &mode), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_role_parse(strange[_i], &role), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_state_parse(strange[_i], &state), DHCPHA_ERR_UNKNOWN);
}
END_TEST

START_TEST(a_value_that_is_none_has_no_name) {
  ck_assert_str_eq(dhcpha_state_get_name(DHCPHA_STATE_NONE), "");
  ck_assert_str_eq(dhcpha_state_get_name((dhcpha_state)DHCPHA_STATE_COUNT), "");
  ck_assert_str_eq(dhcpha_state_get_name((dhcpha_state)-1), "");
  ck_assert_str_eq(dhcpha_mode_get_name((dhcpha_mode)3), "");
  ck_assert_str_eq(dhcpha_mode_get_title((dhcpha_mode)3), "");
  ck_assert_str_eq(dhcpha_role_get_name((dhcpha_role)4), "");
}
END_TEST

START_TEST(a_0_byte_belongs_to_the_name) {
  dhcpha_state state;
  ck_assert(dhcpha_state_read("ready", 5, &state));
  ck_assert(!dhcpha_state_read("ready\0", 6, &state));
  ck_assert(!dhcpha_state_read("ready", 4, &state));
}
END_TEST

START_TEST(modes_have_titles_for_messages) {
  ck_assert_str_eq(dhcpha_mode_get_title(DHCPHA_MODE_LOAD_BALANCING), "load balancing");
  ck_assert_str_eq(dhcpha_mode_get_title(DHCPHA_MODE_HOT_STANDBY), "hot standby");
  ck_assert_str_eq(dhcpha_mode_get_title(DHCPHA_MODE_PASSIVE_BACKUP), "passive backup");
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof(table)[0])

int main(void) {
  Suite *suite = suite_create("names");
  TCase *tcase = tcase_create("names");
  tcase_add_loop_test(tcase, a_mode_has_its_name, 0, COUNT(modes));
  tcase_add_loop_test(tcase, a_role_has_its_name, 0, COUNT(roles));
  tcase_add_loop_test(tcase, a_state_has_its_name, 0, COUNT(states));
  tcase_add_loop_test(tcase, a_strange_name_is_unknown, 0, COUNT(strange));
  tcase_add_test(tcase, a_value_that_is_none_has_no_name);
  tcase_add_test(tcase, a_0_byte_belongs_to_the_name);
  tcase_add_test(tcase, modes_have_titles_for_messages);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
