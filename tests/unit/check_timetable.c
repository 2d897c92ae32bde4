/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "service/timetable.h"

#include "support/pair_config.h"
#include "unit/unit.h"

#define SERVICES_MAX 50

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_config *config;
static dhcpha_context context;
static dhcpha_service services[SERVICES_MAX];
static dhcpha_timetable timetable;
static size_t count;

/* Services without a partner: what is due is the heartbeat's time alone. */
static void make(size_t wanted) {
  text json = {0};
  count = wanted;
  counts = (failing_allocator){0};
  allocator = failing_allocator_hooks(&counts);
  pair_config_write(&json, "passive-backup", 0, 0, NULL, 0);
  ck_assert_int_eq(
      dhcpha_config_parse(DHCPHA_DHCP4, text_of(&json), json.len, &allocator, &config, NULL),
      DHCPHA_OK);
  text_free(&json);
  ck_assert_int_eq(dhcpha_context_init(&context, &allocator, DHCPHA_DHCP4), DHCPHA_OK);
  for (size_t i = 0; i < count; i++)
    ck_assert_int_eq(dhcpha_service_memory_init(&services[i], &context,
                                                dhcpha_config_get_relationship(config, 0), i),
                     DHCPHA_OK);
  ck_assert_int_eq(dhcpha_timetable_init(&timetable, &allocator, services, count), DHCPHA_OK);
}

static void end(void) {
  dhcpha_timetable_free(&timetable, &allocator);
  for (size_t i = 0; i < count; i++) dhcpha_service_memory_free(&services[i]);
  dhcpha_context_free(&context);
  dhcpha_config_free(config);
  ck_assert_int_eq(counts.live, 0);
}

static void set(size_t index, int64_t due_ms) {
  services[index].heartbeat_due_ms = due_ms;
  dhcpha_timetable_update(&timetable, &services[index]);
}

START_TEST(nothing_is_due_at_first) {
  make(3);
  ck_assert_int_eq(dhcpha_timetable_get_expiry(&timetable), DHCPHA_NEVER);
  ck_assert_ptr_null(dhcpha_timetable_first_due(&timetable, INT64_MAX));
}
END_TEST

START_TEST(equal_times_come_in_the_order_of_the_configuration) {
  make(10);
  for (size_t i = 10; i > 0; i--) set(i - 1, 100);
  ck_assert_ptr_null(dhcpha_timetable_first_due(&timetable, 99));
  for (size_t i = 0; i < 10; i++) {
    dhcpha_service *first = dhcpha_timetable_first_due(&timetable, 100);
    ck_assert_uint_eq(first->index, i);
    set(first->index, 200);
  }
}
END_TEST

/* Random updates against a plain scan. */
static const size_t sizes[] = {1, 2, 3, 7, SERVICES_MAX};

START_TEST(agrees_with_a_plain_scan) {
  make(sizes[_i]);
  srand(6);
  for (int step = 0; step < 20000; step++) {
    set((size_t)rand() % count, rand() % 5 == 0 ? DHCPHA_NEVER : rand() % 300);
    const dhcpha_service *first = &services[0];
    for (size_t i = 1; i < count; i++)
      if (services[i].heartbeat_due_ms < first->heartbeat_due_ms) first = &services[i];
    int64_t now_ms = rand() % 300;
    ck_assert_int_eq(dhcpha_timetable_get_expiry(&timetable), first->heartbeat_due_ms);
    ck_assert_ptr_eq(dhcpha_timetable_first_due(&timetable, now_ms),
                     first->heartbeat_due_ms <= now_ms ? first : NULL);
  }
}
END_TEST

START_TEST(says_so_when_memory_runs_out) {
  dhcpha_timetable other;
  make(3);
  counts.fail_from = counts.requests + 1;
  counts.fail_count = 1;
  ck_assert_int_eq(dhcpha_timetable_init(&other, &allocator, services, 3), DHCPHA_ERR_NOMEM);
  dhcpha_timetable_free(&other, &allocator);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("timetable");
  tcase_add_checked_fixture(tcase, NULL, end);
  tcase_add_test(tcase, nothing_is_due_at_first);
  tcase_add_test(tcase, equal_times_come_in_the_order_of_the_configuration);
  tcase_add_loop_test(tcase, agrees_with_a_plain_scan, 0, COUNT_OF(sizes));
  tcase_add_test(tcase, says_so_when_memory_runs_out);
  return unit_run("timetable", tcase);
}
