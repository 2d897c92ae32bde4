/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/service_switch.h"

#include "unit/unit.h"

#define NEVER DHCPHA_NEVER
#define ALL DHCPHA_EVERYWHERE

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_service_switch service;

static void start(void) {
  counts = (failing_allocator){0};
  allocator = failing_allocator_hooks(&counts);
  dhcpha_service_switch_init(&service, &allocator);
}

static void end(void) {
  dhcpha_service_switch_free(&service);
  ck_assert_int_eq(counts.live, 0);
}

static void expire(int64_t now_ms) {
  while (dhcpha_service_switch_expire(&service, now_ms)) continue;
}

/* P2 3.3.  d: disable, e: enable, x: what is due expires. */
typedef struct step {
  char what;
  int64_t number;
  int64_t ms; /* d: until; x: now */
} step;

static const struct {
  const char *sentence;
  step steps[6];
  bool enabled;
  int64_t expiry_ms;
} rows[] = {
    {"at first nobody forbids it", {{0}}, true, NEVER},
    {"one origin forbids it", {{'d', 1, NEVER}}, false, NEVER},
    {"disable is idempotent, there is no counting",
     {{'d', 1, NEVER}, {'d', 1, NEVER}, {'e', 1, 0}}, true, NEVER},
    {"enabled if and only if the set is empty",
     {{'d', 1, NEVER}, {'d', 1000, NEVER}, {'e', 1, 0}}, false, NEVER},
    {"enabling who does not forbid changes nothing", {{'d', 1, NEVER}, {'e', 2000, 0}}, false,
     NEVER},
    {"a timer releases its origin", {{'d', 2000, 60000}, {'x', 0, 60000}}, true, NEVER},
    {"a timer that is not due does not", {{'d', 2000, 60000}, {'x', 0, 59999}}, false, 60000},
    {"only that origin is released",
     {{'d', 2000, 60000}, {'d', 1, NEVER}, {'x', 0, 60000}}, false, NEVER},
    {"a new period replaces the timer",
     {{'d', 2000, 60000}, {'d', 2000, 90000}, {'x', 0, 60000}}, false, 90000},
    {"a shorter one too", {{'d', 2000, 60000}, {'d', 2000, 30000}}, false, 30000},
    {"without a period an older timer keeps running (P2 15.22)",
     {{'d', 2000, 60000}, {'d', 2000, NEVER}, {'x', 0, 60000}}, true, NEVER},
    {"enable cancels the timer", {{'d', 2000, 60000}, {'e', 2000, 0}}, true, NEVER},
    {"and leaves nothing of it behind",
     {{'d', 2000, 60000}, {'e', 2000, 0}, {'d', 2000, NEVER}, {'x', 0, 60000}}, false, NEVER},
    {"each origin has its own timer",
     {{'d', 2001, 50000}, {'d', 2000, 60000}, {'d', 2002, 70000}, {'x', 0, 50000}}, false, 60000},
    {"several are due at once",
     {{'d', 2001, 50000}, {'d', 2000, 60000}, {'d', 1, 55000}, {'x', 0, 60000}}, true, NEVER},
    {"any number may be an origin",
     {{'d', INT64_MIN, NEVER}, {'d', INT64_MAX, NEVER}, {'e', INT64_MIN, 0}}, false, NEVER},
};

START_TEST(is_enabled_while_nobody_forbids_it) {
  for (const step *s = rows[_i].steps; s->what != 0; s++) {
    if (s->what == 'd')
      ck_assert_int_eq(dhcpha_service_switch_disable(&service, ALL, s->number, s->ms), DHCPHA_OK);
    else if (s->what == 'e')
      dhcpha_service_switch_enable(&service, ALL, s->number);
    else
      expire(s->ms);
  }
  ck_assert_msg(dhcpha_service_switch_is_enabled(&service) == rows[_i].enabled, "%s",
                rows[_i].sentence);
  ck_assert_msg(dhcpha_service_switch_get_expiry(&service) == rows[_i].expiry_ms, "%s",
                rows[_i].sentence);
}
END_TEST

/* Random origins and times against a plain array. */
START_TEST(agrees_with_a_plain_array) {
  struct {
    bool disables;
    int64_t until_ms;
  } plain[40];
  int64_t now_ms = 0;
  for (int i = 0; i < COUNT_OF(plain); i++) {
    plain[i].disables = false;
    plain[i].until_ms = NEVER;
  }
  srand(2);
  for (int round = 0; round < 20000; round++) {
    int number = rand() % COUNT_OF(plain);
    switch (rand() % 4) {
    case 0:
      ck_assert_int_eq(dhcpha_service_switch_disable(&service, ALL, number, NEVER), DHCPHA_OK);
      plain[number].disables = true;
      break;
    case 1:
      plain[number].disables = true;
      plain[number].until_ms = now_ms + 1 + rand() % 500;
      ck_assert_int_eq(
          dhcpha_service_switch_disable(&service, ALL, number, plain[number].until_ms), DHCPHA_OK);
      break;
    case 2:
      dhcpha_service_switch_enable(&service, ALL, number);
      plain[number].disables = false;
      plain[number].until_ms = NEVER;
      break;
    default: now_ms += rand() % 50; expire(now_ms);
    }
    bool enabled = true;
    int64_t expiry_ms = NEVER;
    for (int i = 0; i < COUNT_OF(plain); i++) {
      if (plain[i].until_ms <= now_ms) {
        plain[i].disables = false;
        plain[i].until_ms = NEVER;
      }
      enabled = enabled && !plain[i].disables;
      if (plain[i].until_ms < expiry_ms) expiry_ms = plain[i].until_ms;
    }
    ck_assert(dhcpha_service_switch_is_enabled(&service) == enabled);
    ck_assert_int_eq(dhcpha_service_switch_get_expiry(&service), expiry_ms);
  }
}
END_TEST

START_TEST(takes_no_more_origins_than_the_limit) {
  for (int64_t i = 0; i < DHCPHA_ORIGINS_MAX; i++)
    ck_assert_int_eq(dhcpha_service_switch_disable(&service, ALL, i * 7 % 16384, NEVER), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_service_switch_disable(&service, ALL, 99999, NEVER), DHCPHA_ERR_LIMIT);
  ck_assert_int_eq(dhcpha_service_switch_disable(&service, ALL, 5, NEVER), DHCPHA_OK);
  dhcpha_service_switch_enable(&service, ALL, 5);
  ck_assert_int_eq(dhcpha_service_switch_disable(&service, ALL, 99999, NEVER), DHCPHA_OK);
}
END_TEST

START_TEST(without_memory_nothing_changes) {
  dhcpha_status status = DHCPHA_ERR_NOMEM;
  for (uint64_t nth = 1; status != DHCPHA_OK; nth++) {
    dhcpha_service_switch_free(&service);
    counts.fail_from = counts.requests + nth;
    counts.fail_count = 1;
    status = dhcpha_service_switch_disable(&service, ALL, 1, NEVER);
    ck_assert(dhcpha_service_switch_is_enabled(&service) == (status != DHCPHA_OK));
    counts.fail_count = 0;
    ck_assert_int_eq(dhcpha_service_switch_disable(&service, ALL, 1, NEVER), DHCPHA_OK);
    ck_assert(!dhcpha_service_switch_is_enabled(&service));
    ck_assert_uint_lt(nth, 20);
  }
}
END_TEST

/* P2 8: a hub of three relationships.  d, e: through a relationship; o, O: the own origin is
 * released, or set; x: what is due expires. */
typedef struct hub_step {
  char what;
  size_t relationship;
  int64_t number;
  int64_t ms;
} hub_step;

static const struct {
  const char *sentence;
  hub_step steps[8];
  bool enabled;
  const char *serves;
} hub_rows[] = {
    {"at the start nobody is served", {{0}}, false, "..."},
    {"the first that is ready is served, the others wait", {{'o', 1, 0, 0}}, true, ".1."},
    {"one that waits again does not stop the others",
     {{'o', 0, 0, 0}, {'o', 1, 0, 0}, {'o', 2, 0, 0}, {'O', 1, 0, 0}}, true, "0.2"},
    {"what a partner disables concerns its relationship",
     {{'o', 0, 0, 0}, {'o', 1, 0, 0}, {'o', 2, 0, 0}, {'d', 1, 2000, NEVER}}, true, "0.2"},
    {"all partners have number 2000, and none releases another's",
     {{'o', 0, 0, 0}, {'o', 1, 0, 0}, {'o', 2, 0, 0}, {'d', 1, 2000, NEVER},
      {'d', 2, 2000, NEVER}, {'e', 1, 2000, 0}}, true, "01."},
    {"each has its own timer",
     {{'o', 0, 0, 0}, {'o', 1, 0, 0}, {'o', 2, 0, 0}, {'d', 1, 2000, 50},
      {'d', 2, 2000, 60}, {'x', 0, 0, 50}}, true, "01."},
    {"through no relationship it disables all, as in Kea",
     {{'o', 0, 0, 0}, {'o', 1, 0, 0}, {'o', 2, 0, 0}, {'d', ALL, 2000, NEVER}}, false, "..."},
    {"and any partner may release it",
     {{'o', 0, 0, 0}, {'o', 1, 0, 0}, {'o', 2, 0, 0}, {'d', ALL, 2000, NEVER},
      {'e', 2, 2000, 0}}, true, "012"},
    {"an administrator releases a number for all",
     {{'o', 0, 0, 0}, {'o', 1, 0, 0}, {'o', 2, 0, 0}, {'d', 1, 2000, NEVER},
      {'d', 2, 2000, NEVER}, {'e', ALL, 2000, 0}}, true, "012"},
    {"an administrator disables all, whatever listener is used",
     {{'o', 0, 0, 0}, {'o', 1, 0, 0}, {'o', 2, 0, 0}, {'d', 1, 1, NEVER}}, false, "..."},
    {"and enables all through any other one",
     {{'o', 0, 0, 0}, {'o', 1, 0, 0}, {'o', 2, 0, 0}, {'d', 1, 1, NEVER}, {'e', 2, 1, 0}}, true,
     "012"},
    {"an own origin has its number on the wire (P2 7.2)", {{'e', ALL, 1001, 0}}, true, ".1."},
    {"and may be disabled by it",
     {{'o', 0, 0, 0}, {'o', 1, 0, 0}, {'d', ALL, 1001, NEVER}}, true, "0.."},
    {"the number behind the last own one is nobody's", {{'e', ALL, 1003, 0}}, false, "..."},
    {"partners' numbers end at 2999",
     {{'o', 0, 0, 0}, {'o', 1, 0, 0}, {'d', 1, 3000, NEVER}}, false, "..."},
    {"a relationship two disable is not served when one lets go",
     {{'o', 0, 0, 0}, {'d', 1, 2000, NEVER}, {'o', 1, 0, 0}}, true, "0.."},
};

static void follow(const hub_step *s) {
  switch (s->what) {
  case 'd':
    ck_assert_int_eq(dhcpha_service_switch_disable(&service, s->relationship, s->number,
                                                   s->ms), DHCPHA_OK);
    break;
  case 'e': dhcpha_service_switch_enable(&service, s->relationship, s->number); break;
  case 'o': dhcpha_service_switch_set_own(&service, s->relationship, false); break;
  case 'O': dhcpha_service_switch_set_own(&service, s->relationship, true); break;
  default: expire(s->ms);
  }
}

START_TEST(a_hub_serves_whom_nobody_forbids) {
  ck_assert_int_eq(dhcpha_service_switch_make_own(&service, 3), DHCPHA_OK);
  for (const hub_step *s = hub_rows[_i].steps; s->what != 0; s++) follow(s);
  ck_assert_msg(dhcpha_service_switch_is_enabled(&service) == hub_rows[_i].enabled, "%s",
                hub_rows[_i].sentence);
  char serves[4] = "...";
  for (size_t i = 0; i < 3; i++)
    if (dhcpha_service_switch_serves(&service, i)) serves[i] = (char)('0' + i);
  ck_assert_msg(strcmp(serves, hub_rows[_i].serves) == 0, "%s: %s", hub_rows[_i].sentence, serves);
}
END_TEST

/* 1000 + 1000 is 2000, but an own origin is never a partner's. */
START_TEST(origins_of_many_relationships_do_not_meet) {
  ck_assert_int_eq(dhcpha_service_switch_make_own(&service, 1500), DHCPHA_OK);
  for (size_t i = 0; i < 1500; i++) dhcpha_service_switch_set_own(&service, i, i >= 1000);
  ck_assert_int_eq(dhcpha_service_switch_disable(&service, 7, 2000, NEVER), DHCPHA_OK);
  dhcpha_service_switch_enable(&service, ALL, 2000);
  ck_assert(dhcpha_service_switch_serves(&service, 7));
  ck_assert(!dhcpha_service_switch_serves(&service, 1000));
  dhcpha_service_switch_set_own(&service, 1000, false);
  ck_assert(dhcpha_service_switch_serves(&service, 1000));
  ck_assert(!dhcpha_service_switch_serves(&service, 1001));
  dhcpha_service_switch_enable(&service, ALL, 1999);
  ck_assert(dhcpha_service_switch_serves(&service, 999));
  ck_assert(!dhcpha_service_switch_serves(&service, 1499));
}
END_TEST

/* P2 3.5, 3.6. */
START_TEST(the_end_releases_what_was_ours_and_hands_over_the_rest) {
  dhcpha_service_switch next;
  ck_assert_int_eq(dhcpha_service_switch_make_own(&service, 2), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_service_switch_disable(&service, 1, 2000, 500), DHCPHA_OK);
  dhcpha_service_switch_release_all(&service);
  ck_assert(dhcpha_service_switch_is_enabled(&service));
  ck_assert_int_eq(dhcpha_service_switch_get_expiry(&service), NEVER);
  ck_assert_int_eq(dhcpha_service_switch_disable(&service, ALL, 2000, NEVER), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_service_switch_disable(&service, ALL, 1, 700), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_service_switch_disable(&service, ALL, 3001, NEVER), DHCPHA_OK);
  dhcpha_service_switch_release_all(&service);
  ck_assert(!dhcpha_service_switch_is_enabled(&service));
  dhcpha_service_switch_init(&next, &allocator);
  ck_assert_int_eq(dhcpha_service_switch_inherit(&next, &service), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_service_switch_get_expiry(&next), 700);
  dhcpha_service_switch_enable(&next, ALL, 1);
  ck_assert(!dhcpha_service_switch_is_enabled(&next));
  dhcpha_service_switch_enable(&next, ALL, 3001);
  ck_assert(dhcpha_service_switch_is_enabled(&next));
  dhcpha_service_switch_free(&next);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("service_switch");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_loop_test(tcase, is_enabled_while_nobody_forbids_it, 0, COUNT_OF(rows));
  tcase_add_test(tcase, agrees_with_a_plain_array);
  tcase_add_test(tcase, takes_no_more_origins_than_the_limit);
  tcase_add_test(tcase, without_memory_nothing_changes);
  tcase_add_loop_test(tcase, a_hub_serves_whom_nobody_forbids, 0, COUNT_OF(hub_rows));
  tcase_add_test(tcase, origins_of_many_relationships_do_not_meet);
  tcase_add_test(tcase, the_end_releases_what_was_ours_and_hands_over_the_rest);
  return unit_run("service_switch", tcase);
}
