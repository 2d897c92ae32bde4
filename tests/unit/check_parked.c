/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/parked.h"

#include "unit/unit.h"

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_action_pool pool;
static dhcpha_parked parked;

static void start(void) {
  counts = (failing_allocator){0};
  allocator = failing_allocator_hooks(&counts);
  dhcpha_action_pool_init(&pool, &allocator);
  ck_assert_int_eq(dhcpha_parked_init(&parked, &allocator), DHCPHA_OK);
}

static void end(void) {
  dhcpha_parked_free(&parked);
  dhcpha_action_pool_free(&pool);
  ck_assert_int_eq(counts.live, 0);
}

static uint32_t add(void) {
  uint32_t index = 0;
  ck_assert_int_eq(dhcpha_parked_add(&parked, 0, &index), DHCPHA_OK);
  return index;
}

START_TEST(an_index_stays_while_others_come_and_go) {
  uint32_t indexes[500];
  for (uint32_t i = 0; i < 500; i++) {
    indexes[i] = add();
    dhcpha_parked_get(&parked, indexes[i])->missing = i + 1;
  }
  for (uint32_t i = 0; i < 500; i += 2) dhcpha_parked_remove(&parked, indexes[i]);
  ck_assert_uint_eq(parked.count, 250);
  for (uint32_t i = 0; i < 250; i++) dhcpha_parked_get(&parked, add())->missing = 1000;
  for (uint32_t i = 1; i < 500; i += 2)
    ck_assert_uint_eq(dhcpha_parked_get(&parked, indexes[i])->missing, i + 1);
}
END_TEST

START_TEST(a_place_used_again_is_empty) {
  uint32_t index = add();
  dhcpha_parked_query *query = dhcpha_parked_get(&parked, index);
  query->release = dhcpha_action_take(&pool, DHCPHA_ACTION_RELEASE_QUERY, 7);
  query->missing = 3;
  query->client_key_len = 9;
  dhcpha_parked_remove(&parked, index);
  ck_assert_uint_eq(pool.free_count, 1); /* nobody took it: it went back */
  ck_assert_uint_eq(add(), index);
  ck_assert_ptr_null(dhcpha_parked_get(&parked, index)->release);
  ck_assert_uint_eq(dhcpha_parked_get(&parked, index)->missing, 0);
  ck_assert_uint_eq(dhcpha_parked_get(&parked, index)->client_key_len, 0);
}
END_TEST

START_TEST(is_freed_with_the_actions_set_aside) {
  for (int i = 0; i < 40; i++)
    dhcpha_parked_get(&parked, add())->release =
        dhcpha_action_take(&pool, DHCPHA_ACTION_RELEASE_QUERY, 7);
  dhcpha_parked_free(&parked);
  ck_assert_uint_eq(pool.free_count, 40);
}
END_TEST

START_TEST(takes_no_more_than_the_limit) {
  uint32_t index;
  for (uint32_t i = 0; i < DHCPHA_PARKED_MAX; i++) (void)add();
  ck_assert_int_eq(dhcpha_parked_add(&parked, 0, &index), DHCPHA_ERR_LIMIT);
  dhcpha_parked_remove(&parked, 77);
  ck_assert_uint_eq(add(), 77);
}
END_TEST

START_TEST(says_so_when_memory_runs_out) {
  uint32_t index;
  while (parked.count < parked.capacity) (void)add();
  counts.fail_from = counts.requests + 1;
  counts.fail_count = 1;
  ck_assert_int_eq(dhcpha_parked_add(&parked, 0, &index), DHCPHA_ERR_NOMEM);
  ck_assert_int_eq(dhcpha_parked_add(&parked, 0, &index), DHCPHA_OK);
}
END_TEST

/* ---- age ---- */

static uint32_t park(int64_t now_ms, uint64_t id) {
  uint32_t index = 0;
  ck_assert_int_eq(dhcpha_parked_add(&parked, now_ms, &index), DHCPHA_OK);
  dhcpha_parked_get(&parked, index)->release =
      dhcpha_action_take(&pool, DHCPHA_ACTION_RELEASE_QUERY, id);
  return index;
}

START_TEST(the_oldest_is_let_go_first) {
  uint32_t indexes[5];
  for (uint32_t i = 0; i < 5; i++) indexes[i] = park(i * 100, i);
  dhcpha_parked_remove(&parked, indexes[0]);
  dhcpha_parked_remove(&parked, indexes[2]);
  ck_assert_int_eq(dhcpha_parked_get_expiry(&parked), 100 + DHCPHA_PARKED_MS_MAX);
  ck_assert_ptr_null(dhcpha_parked_expire(&parked, 99 + DHCPHA_PARKED_MS_MAX));
  dhcpha_action *release = dhcpha_parked_expire(&parked, 1000 + DHCPHA_PARKED_MS_MAX);
  ck_assert_uint_eq(release->id, 1);
  dhcpha_action_free(release);
  ck_assert_ptr_null(dhcpha_parked_get(&parked, indexes[1])->release);
  dhcpha_action_free(dhcpha_parked_get(&parked, indexes[3])->release); /* dropped already */
  dhcpha_parked_get(&parked, indexes[3])->release = NULL;
  release = dhcpha_parked_expire(&parked, 1000 + DHCPHA_PARKED_MS_MAX);
  ck_assert_uint_eq(release->id, 4);
  dhcpha_action_free(release);
  ck_assert_int_eq(dhcpha_parked_get_expiry(&parked), DHCPHA_NEVER);
  ck_assert_uint_eq(parked.count, 3); /* their outcomes are awaited still */
  dhcpha_parked_remove(&parked, indexes[1]);
  uint32_t next = park(7000, 9);
  ck_assert_uint_eq(next, indexes[1]);
  ck_assert_int_eq(dhcpha_parked_get_expiry(&parked), 7000 + DHCPHA_PARKED_MS_MAX);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("parked");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, an_index_stays_while_others_come_and_go);
  tcase_add_test(tcase, a_place_used_again_is_empty);
  tcase_add_test(tcase, is_freed_with_the_actions_set_aside);
  tcase_add_test(tcase, takes_no_more_than_the_limit);
  tcase_add_test(tcase, says_so_when_memory_runs_out);
  tcase_add_test(tcase, the_oldest_is_let_go_first);
  return unit_run("parked", tcase);
}
