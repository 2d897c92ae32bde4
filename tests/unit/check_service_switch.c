/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/service_switch.h"

#include "unit/unit.h"

#define NEVER DHCPHA_NEVER

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
  int64_t number;
  while (dhcpha_service_switch_expire(&service, now_ms, &number)) continue;
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
      ck_assert_int_eq(dhcpha_service_switch_disable(&service, s->number, s->ms), DHCPHA_OK);
    else if (s->what == 'e')
      dhcpha_service_switch_enable(&service, s->number);
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
      ck_assert_int_eq(dhcpha_service_switch_disable(&service, number, NEVER), DHCPHA_OK);
      plain[number].disables = true;
      break;
    case 1:
      plain[number].disables = true;
      plain[number].until_ms = now_ms + 1 + rand() % 500;
      ck_assert_int_eq(
          dhcpha_service_switch_disable(&service, number, plain[number].until_ms), DHCPHA_OK);
      break;
    case 2:
      dhcpha_service_switch_enable(&service, number);
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
      ck_assert(dhcpha_service_switch_is_disabled_by(&service, i) == plain[i].disables);
    }
    ck_assert(dhcpha_service_switch_is_enabled(&service) == enabled);
    ck_assert_int_eq(dhcpha_service_switch_get_expiry(&service), expiry_ms);
  }
}
END_TEST

START_TEST(takes_no_more_origins_than_the_limit) {
  for (int64_t i = 0; i < DHCPHA_ORIGINS_MAX; i++)
    ck_assert_int_eq(dhcpha_service_switch_disable(&service, i * 7 % 16384, NEVER), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_service_switch_disable(&service, 99999, NEVER), DHCPHA_ERR_LIMIT);
  ck_assert_int_eq(dhcpha_service_switch_disable(&service, 5, NEVER), DHCPHA_OK);
  dhcpha_service_switch_enable(&service, 5);
  ck_assert_int_eq(dhcpha_service_switch_disable(&service, 99999, NEVER), DHCPHA_OK);
}
END_TEST

START_TEST(without_memory_nothing_changes) {
  counts.fail_from = counts.requests + 1;
  counts.fail_count = 1;
  ck_assert_int_eq(dhcpha_service_switch_disable(&service, 1, NEVER), DHCPHA_ERR_NOMEM);
  ck_assert(dhcpha_service_switch_is_enabled(&service));
  ck_assert_int_eq(dhcpha_service_switch_disable(&service, 1, NEVER), DHCPHA_OK);
  ck_assert(!dhcpha_service_switch_is_enabled(&service));
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("service_switch");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_loop_test(tcase, is_enabled_while_nobody_forbids_it, 0, COUNT_OF(rows));
  tcase_add_test(tcase, agrees_with_a_plain_array);
  tcase_add_test(tcase, takes_no_more_origins_than_the_limit);
  tcase_add_test(tcase, without_memory_nothing_changes);
  return unit_run("service_switch", tcase);
}
