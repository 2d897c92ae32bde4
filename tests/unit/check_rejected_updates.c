/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/rejected_updates.h"

#include "unit/unit.h"

#define DAY_MS INT64_C(86400000)

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_rejected_updates rejected;

static void start(void) {
  counts = (failing_allocator){0};
  allocator = failing_allocator_hooks(&counts);
  ck_assert_int_eq(dhcpha_rejected_updates_init(&rejected, &allocator), DHCPHA_OK);
}

static void end(void) {
  dhcpha_rejected_updates_free(&rejected);
  ck_assert_int_eq(counts.live, 0);
}

static void note(const char *client, int64_t now_ms) {
  dhcpha_rejected_updates_note(&rejected, (const uint8_t *)client, strlen(client), now_ms);
}

static size_t count_at(int64_t now_ms) {
  return dhcpha_rejected_updates_count(&rejected, now_ms);
}

/* P1 3.8: "One client is counted once however many leases fail." */
START_TEST(counts_each_client_once) {
  note("a", 0);
  note("a", 1);
  note("b", 2);
  ck_assert_uint_eq(count_at(2), 2);
}
END_TEST

/* P1 3.8: "expiry = now + 86400 s"; P2 9: "expired when expiry <= now". */
START_TEST(forgets_a_client_after_a_day) {
  note("a", 1000);
  note("b", 2000);
  ck_assert_uint_eq(count_at(1000 + DAY_MS - 1), 2);
  ck_assert_uint_eq(count_at(1000 + DAY_MS), 1);
  ck_assert_uint_eq(count_at(2000 + DAY_MS - 1), 1);
  /* Kea would still count the last one (P1 3.8 "Purge quirk"): we do not. */
  ck_assert_uint_eq(count_at(2000 + DAY_MS), 0);
}
END_TEST

/* P1 3.8: "insert/replace client key with expiry": P2 9 "renewed". */
START_TEST(a_new_conflict_starts_the_day_anew) {
  note("a", 0);
  note("a", 5000);
  ck_assert_uint_eq(count_at(DAY_MS), 1);
  ck_assert_uint_eq(count_at(DAY_MS + 4999), 1);
  ck_assert_uint_eq(count_at(DAY_MS + 5000), 0);
}
END_TEST

/* P1 3.8: "lease update successful: remove the key if present". */
START_TEST(a_success_forgets_the_client) {
  note("a", 0);
  note("b", 0);
  dhcpha_rejected_updates_forget(&rejected, (const uint8_t *)"a", 1);
  dhcpha_rejected_updates_forget(&rejected, (const uint8_t *)"c", 1);
  dhcpha_rejected_updates_forget(&rejected, NULL, 0);
  ck_assert_uint_eq(count_at(0), 1);
}
END_TEST

/* P1 3.8: "v6 without DUID is not recorded". */
START_TEST(a_client_without_key_is_not_recorded) {
  dhcpha_rejected_updates_note(&rejected, NULL, 0, 0);
  ck_assert_uint_eq(count_at(0), 0);
}
END_TEST

START_TEST(entering_some_states_clears_all) {
  note("a", 0);
  note("b", 0);
  dhcpha_rejected_updates_clear(&rejected);
  ck_assert_uint_eq(count_at(0), 0);
  note("c", 10);
  ck_assert_uint_eq(count_at(10 + DAY_MS - 1), 1);
  ck_assert_uint_eq(count_at(10 + DAY_MS), 0);
}
END_TEST

/* Random conflicts, successes and times against an array of ends. */
START_TEST(agrees_with_a_plain_array) {
  int64_t ends[50] = {0};
  int64_t now_ms = 0;
  srand(1);
  for (int step = 0; step < 20000; step++) {
    unsigned client = (unsigned)rand() % COUNT_OF(ends);
    uint8_t key[2] = {'k', (uint8_t)client};
    now_ms += rand() % 1000000;
    if (rand() % 4 == 0) {
      dhcpha_rejected_updates_forget(&rejected, key, 2);
      ends[client] = 0;
    } else if (rand() % 3 == 0) {
      dhcpha_rejected_updates_note(&rejected, key, 2, now_ms);
      ends[client] = now_ms + DAY_MS;
    }
    size_t expected = 0;
    for (int i = 0; i < COUNT_OF(ends); i++) expected += ends[i] > now_ms;
    ck_assert_uint_eq(count_at(now_ms), expected);
  }
}
END_TEST

START_TEST(without_memory_a_conflict_is_not_recorded) {
  dhcpha_rejected_updates other;
  counts.fail_from = counts.requests + 1;
  counts.fail_count = UINT64_MAX;
  note("a", 0);
  ck_assert_uint_eq(count_at(0), 0);
  ck_assert_int_eq(dhcpha_rejected_updates_init(&other, &allocator), DHCPHA_ERR_NOMEM);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("rejected_updates");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, counts_each_client_once);
  tcase_add_test(tcase, forgets_a_client_after_a_day);
  tcase_add_test(tcase, a_new_conflict_starts_the_day_anew);
  tcase_add_test(tcase, a_success_forgets_the_client);
  tcase_add_test(tcase, a_client_without_key_is_not_recorded);
  tcase_add_test(tcase, entering_some_states_clears_all);
  tcase_add_test(tcase, agrees_with_a_plain_array);
  tcase_add_test(tcase, without_memory_a_conflict_is_not_recorded);
  return unit_run("rejected_updates", tcase);
}
