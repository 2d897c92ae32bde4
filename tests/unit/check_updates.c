/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/updates.h"

#include "memory/retries.h"
#include "unit/unit.h"

#define NONE DHCPHA_NO_UPDATE

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_updates updates;

static void start(void) {
  counts = (failing_allocator){0};
  allocator = failing_allocator_hooks(&counts);
  ck_assert_int_eq(dhcpha_updates_init(&updates, &allocator), DHCPHA_OK);
}

static void end(void) {
  dhcpha_updates_free(&updates);
  ck_assert_int_eq(counts.live, 0);
}

static dhcpha_update_key key_of(uint32_t number) {
  dhcpha_update_key key = {0, 1, {4, {10, (uint8_t)(number >> 16), (uint8_t)(number >> 8),
                                      (uint8_t)number}}, DHCPHA_LEASE_ADDRESS};
  return key;
}

static dhcpha_status try_to_add(uint32_t number, uint32_t valid_lft, uint32_t *index) {
  dhcpha_update_key key = key_of(number);
  dhcpha_lease lease;
  dhcpha_lease_init(&lease);
  lease.address = key.address;
  lease.valid_lft = valid_lft;
  return dhcpha_updates_add(&updates, &key, false, &lease, index);
}

static uint32_t add(uint32_t number, uint32_t valid_lft, uint32_t parked) {
  uint32_t index = NONE;
  ck_assert_int_eq(try_to_add(number, valid_lft, &index), DHCPHA_OK);
  dhcpha_updates_get(&updates, index)->load.parked = parked;
  return index;
}

static uint32_t find(uint32_t number) {
  dhcpha_update_key key = key_of(number);
  return dhcpha_updates_find(&updates, &key);
}

START_TEST(the_first_of_an_address_is_found_while_the_table_grows) {
  for (uint32_t i = 0; i < 5000; i++) {
    uint32_t index = add(i, i, NONE);
    if (i % 3 != 0) dhcpha_updates_make_first(&updates, index);
    ck_assert_uint_eq(index, i);
  }
  for (uint32_t i = 1; i < 5000; i += 6) dhcpha_updates_unmake_first(&updates, i);
  for (uint32_t i = 0; i < 5000; i++) {
    ck_assert_uint_eq(find(i), i % 3 == 0 || i % 6 == 1 ? NONE : i);
    ck_assert_uint_eq(dhcpha_updates_get(&updates, i)->load.lease->valid_lft, i);
  }
}
END_TEST

/* ---- what makes two leases alike ---- */

static const struct {
  const char *sentence;
  dhcpha_update_key a, b;
  bool alike;
} keys[] = {
    {"the same", {0, 1, {4, {1, 2, 3, 4}}, 0}, {0, 1, {4, {1, 2, 3, 4}}, 0}, true},
    {"another address", {0, 1, {4, {1, 2, 3, 4}}, 0}, {0, 1, {4, {1, 2, 3, 5}}, 0}, false},
    {"another peer", {0, 1, {4, {1, 2, 3, 4}}, 0}, {0, 2, {4, {1, 2, 3, 4}}, 0}, false},
    {"another relationship", {0, 1, {4, {1, 2, 3, 4}}, 0}, {1, 1, {4, {1, 2, 3, 4}}, 0}, false},
    {"a prefix is no address", {0, 1, {6, {1}}, DHCPHA_LEASE_ADDRESS},
     {0, 1, {6, {1}}, DHCPHA_LEASE_PREFIX}, false},
    {"IPv4: four bytes count", {0, 1, {4, {1, 2, 3, 4, 5}}, 0}, {0, 1, {4, {1, 2, 3, 4, 6}}, 0},
     true},
    {"IPv6: all count", {0, 1, {6, {1, 2, 3, 4, 5}}, 0}, {0, 1, {6, {1, 2, 3, 4, 6}}, 0}, false},
    {"another family", {0, 1, {6, {1}}, 0}, {0, 1, {4, {1}}, 0}, false},
};

START_TEST(addresses_are_told_apart) {
  dhcpha_lease lease;
  uint32_t index;
  dhcpha_lease_init(&lease);
  ck_assert_int_eq(dhcpha_updates_add(&updates, &keys[_i].a, false, &lease, &index), DHCPHA_OK);
  dhcpha_updates_make_first(&updates, index);
  ck_assert_msg((dhcpha_updates_find(&updates, &keys[_i].b) == index) == keys[_i].alike, "%s",
                keys[_i].sentence);
}
END_TEST

/* ---- the last word wins ---- */

START_TEST(a_later_update_is_carried_in_the_place_of_an_older_one) {
  uint32_t place = add(1, 100, 7);
  uint32_t newer = add(1, 200, 8);
  dhcpha_updates_overtake(&updates, place, newer);
  uint32_t newest = add(1, 300, 9);
  dhcpha_updates_overtake(&updates, place, newest);
  const dhcpha_update *update = dhcpha_updates_get(&updates, place);
  ck_assert_uint_eq(update->load.lease->valid_lft, 300);
  ck_assert_uint_eq(update->load.parked, 9);
  ck_assert_uint_eq(updates.count, 3);
  for (uint32_t parked = 7; parked < 9; parked++) { /* the oldest query first */
    uint32_t rider = dhcpha_updates_take_rider(&updates, place);
    ck_assert_uint_eq(dhcpha_updates_get(&updates, rider)->load.parked, parked);
  }
  ck_assert_uint_eq(dhcpha_updates_take_rider(&updates, place), NONE);
}
END_TEST

START_TEST(one_that_nobody_waits_for_does_not_ride) {
  uint32_t place = add(1, 100, NONE);
  dhcpha_updates_overtake(&updates, place, add(1, 200, NONE));
  ck_assert_uint_eq(updates.count, 1);
  ck_assert_uint_eq(dhcpha_updates_get(&updates, place)->load.lease->valid_lft, 200);
  ck_assert_uint_eq(dhcpha_updates_take_rider(&updates, place), NONE);
}
END_TEST

/* Two that carry riders meet when the peer was busy with the first. */
START_TEST(riders_keep_their_order_when_two_rows_are_joined) {
  uint32_t first = add(1, 1, 1), behind = add(1, 3, 3);
  dhcpha_updates_overtake(&updates, first, add(1, 2, 2));
  dhcpha_updates_overtake(&updates, behind, add(1, 4, 4));
  dhcpha_updates_overtake(&updates, behind, add(1, 5, 5));
  dhcpha_updates_overtake(&updates, first, behind);
  ck_assert_uint_eq(dhcpha_updates_get(&updates, first)->load.parked, 5);
  for (uint32_t parked = 1; parked < 5; parked++)
    ck_assert_uint_eq(dhcpha_updates_get(&updates, dhcpha_updates_take_rider(&updates, first))
                          ->load.parked, parked);
}
END_TEST

/* ---- lists ---- */

START_TEST(a_list_is_left_from_anywhere) {
  dhcpha_update_list list;
  dhcpha_update_list_init(&list);
  for (uint32_t i = 0; i < 5; i++) dhcpha_update_list_append(&updates, &list, add(i, i, NONE));
  static const uint32_t order[] = {2, 0, 4, 1, 3};
  for (size_t i = 0; i < 5; i++) dhcpha_update_list_unlink(&updates, &list, order[i]);
  ck_assert_uint_eq(list.first, NONE);
  ck_assert_uint_eq(list.last, NONE);
}
END_TEST

/* ---- memory ---- */

START_TEST(a_steady_flow_takes_no_memory) {
  for (int round = 0; round < 3; round++)
    for (uint32_t i = 0; i < 20; i++) dhcpha_updates_remove(&updates, add(i, i, NONE));
  uint64_t requests = counts.requests;
  for (uint32_t i = 0; i < 1000; i++) dhcpha_updates_remove(&updates, add(i, i, NONE));
  ck_assert_uint_eq(counts.requests, requests);
}
END_TEST

START_TEST(a_large_lease_does_not_stay_in_memory) {
  static char context[5000];
  dhcpha_update_key key = key_of(1);
  dhcpha_lease lease;
  uint32_t index;
  memset(context, 'x', sizeof context);
  dhcpha_lease_init(&lease);
  lease.user_context = context;
  lease.user_context_len = sizeof context;
  ck_assert_int_eq(dhcpha_updates_add(&updates, &key, false, &lease, &index), DHCPHA_OK);
  dhcpha_updates_remove(&updates, index);
  ck_assert_uint_eq(dhcpha_updates_get(&updates, index)->load.capacity, 0);
}
END_TEST

START_TEST(want_of_memory_leaves_all_as_it_was) {
  uint32_t index = NONE;
  for (uint32_t i = 0; i < updates.capacity; i++)
    dhcpha_updates_make_first(&updates, add(i, i, NONE));
  uint32_t before = updates.count;
  counts.fail_count = 1;
  for (uint64_t nth = 1;; nth++) {
    counts.fail_from = counts.requests + nth;
    if (try_to_add(999, 1, &index) == DHCPHA_OK) break;
    ck_assert_uint_eq(updates.count, before);
    for (uint32_t i = 0; i < before; i++) ck_assert_uint_eq(find(i), i);
  }
  ck_assert_uint_eq(updates.count, before + 1);
}
END_TEST

/* ---- retries ---- */

START_TEST(waits_are_within_bounds_and_differ) {
  int64_t last = 0, least = INT64_MAX, most = 0;
  unsigned repeated = 0;
  for (int i = 0; i < 10000; i++) {
    int64_t wait = dhcpha_retries_choose_wait(&updates);
    if (wait == last) repeated++;
    if (wait < least) least = wait;
    if (wait > most) most = wait;
    last = wait;
  }
  ck_assert_int_eq(least, DHCPHA_RETRY_MS_MIN);
  ck_assert_int_eq(most, DHCPHA_RETRY_MS_MAX);
  ck_assert_uint_lt(repeated, 100);
}
END_TEST

START_TEST(each_server_waits_in_its_own_way) {
  dhcpha_updates one = {0}, two = {0}, again = {0};
  bool differs = false;
  dhcpha_retries_seed(&one, "server1");
  dhcpha_retries_seed(&again, "server1");
  dhcpha_retries_seed(&two, "server2");
  for (int i = 0; i < 10; i++) {
    int64_t wait = dhcpha_retries_choose_wait(&one);
    ck_assert_int_eq(wait, dhcpha_retries_choose_wait(&again));
    differs = differs || wait != dhcpha_retries_choose_wait(&two);
  }
  ck_assert(differs);
}
END_TEST

START_TEST(the_first_that_is_due_comes_first) {
  for (uint32_t i = 0; i < 100; i++)
    dhcpha_retries_set(&updates, add(i, i, NONE), (i * 37) % 100 + 1);
  dhcpha_retries_set(&updates, 0, DHCPHA_NEVER); /* was due at 1 */
  ck_assert_int_eq(dhcpha_retries_get_expiry(&updates), 2);
  ck_assert_uint_eq(dhcpha_retries_first_due(&updates, 1), NONE);
  for (int64_t due = 2; due <= 100; due++) {
    uint32_t index = dhcpha_retries_first_due(&updates, 100);
    ck_assert_int_eq((index * 37) % 100 + 1, due);
    dhcpha_retries_set(&updates, index, DHCPHA_NEVER);
  }
  ck_assert_int_eq(dhcpha_retries_get_expiry(&updates), DHCPHA_NEVER);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("updates");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, the_first_of_an_address_is_found_while_the_table_grows);
  tcase_add_loop_test(tcase, addresses_are_told_apart, 0, COUNT_OF(keys));
  tcase_add_test(tcase, a_later_update_is_carried_in_the_place_of_an_older_one);
  tcase_add_test(tcase, one_that_nobody_waits_for_does_not_ride);
  tcase_add_test(tcase, riders_keep_their_order_when_two_rows_are_joined);
  tcase_add_test(tcase, a_list_is_left_from_anywhere);
  tcase_add_test(tcase, a_steady_flow_takes_no_memory);
  tcase_add_test(tcase, a_large_lease_does_not_stay_in_memory);
  tcase_add_test(tcase, want_of_memory_leaves_all_as_it_was);
  tcase_add_test(tcase, waits_are_within_bounds_and_differ);
  tcase_add_test(tcase, each_server_waits_in_its_own_way);
  tcase_add_test(tcase, the_first_that_is_due_comes_first);
  return unit_run("updates", tcase);
}
