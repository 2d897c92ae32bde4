/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/exchanges.h"

#include <stdio.h>

#include "base/byte_map.h"
#include "unit/unit.h"

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_exchanges exchanges;

static void start(void) {
  counts = (failing_allocator){0};
  allocator = failing_allocator_hooks(&counts);
  ck_assert_int_eq(dhcpha_exchanges_init(&exchanges, &allocator), DHCPHA_OK);
}

static void end(void) {
  dhcpha_exchanges_free(&exchanges);
  ck_assert_int_eq(counts.live, 0);
}

static dhcpha_exchange *add(void) {
  return dhcpha_exchanges_add(&exchanges, DHCPHA_EXCHANGE_UPDATE, 0, NULL);
}

static void add_due(int64_t deadline_ms) {
  dhcpha_exchanges_set_deadline(&exchanges, add(), deadline_ms);
}

/* Slots are used again, ids never. */
START_TEST(never_uses_an_id_twice) {
  dhcpha_byte_map *seen = dhcpha_byte_map_new(&allocator, 1, 1000000);
  uint64_t kept[100] = {0};
  srand(3);
  for (int i = 0; i < 20000; i++) {
    int place = rand() % COUNT_OF(kept);
    dhcpha_exchange *old = dhcpha_exchanges_find(&exchanges, kept[place]);
    ck_assert((old == NULL) == (kept[place] == 0));
    if (old != NULL) dhcpha_exchanges_remove(&exchanges, old);
    ck_assert_ptr_null(dhcpha_exchanges_find(&exchanges, kept[place]));
    uint64_t id = add()->id;
    bool added = false;
    ck_assert_int_eq(dhcpha_byte_map_insert(seen, &id, sizeof id, NULL, &added), DHCPHA_OK);
    ck_assert_msg(added, "an id came twice");
    ck_assert_uint_ne(id, 0);
    kept[place] = id;
  }
  ck_assert_uint_le(exchanges.count, COUNT_OF(kept));
  dhcpha_byte_map_free(seen);
}
END_TEST

static const uint64_t foreign[] = {0, 1, 31, 32, UINT64_MAX, UINT64_MAX >> 1, 1u << 20};

START_TEST(knows_no_foreign_id) {
  ck_assert_ptr_null(dhcpha_exchanges_find(&exchanges, foreign[_i]));
  dhcpha_exchange *exchange = add();
  uint64_t id = exchange->id;
  if (foreign[_i] != id) ck_assert_ptr_null(dhcpha_exchanges_find(&exchanges, foreign[_i]));
  ck_assert_ptr_eq(dhcpha_exchanges_find(&exchanges, id), exchange);
  dhcpha_exchanges_remove(&exchanges, exchange);
  ck_assert_ptr_null(dhcpha_exchanges_find(&exchanges, id));
}
END_TEST

/* The earliest comes first; of equal ones the one that was set first. */
static const struct {
  const char *sentence;
  int64_t deadlines[6];
  int order[6];
} orders[] = {
    {"in order of entry", {10, 20, 30, 40, 50, 60}, {0, 1, 2, 3, 4, 5}},
    {"against the order of entry", {60, 50, 40, 30, 20, 10}, {5, 4, 3, 2, 1, 0}},
    {"all equal", {7, 7, 7, 7, 7, 7}, {0, 1, 2, 3, 4, 5}},
    {"mixed", {30, 10, 30, 20, 10, 5}, {5, 1, 4, 3, 0, 2}},
    {"negative times are times", {0, -5, 5, -10, INT64_MIN, 3}, {4, 3, 1, 0, 5, 2}},
};

START_TEST(is_due_in_the_order_of_deadlines) {
  uint64_t ids[6];
  for (int i = 0; i < 6; i++) {
    dhcpha_exchange *exchange = add();
    ids[i] = exchange->id;
    dhcpha_exchanges_set_deadline(&exchanges, exchange, orders[_i].deadlines[i]);
  }
  for (int i = 0; i < 6; i++) {
    dhcpha_exchange *due = dhcpha_exchanges_first_due(&exchanges);
    ck_assert_msg(due->id == ids[orders[_i].order[i]], "%s", orders[_i].sentence);
    ck_assert_int_eq(dhcpha_exchanges_get_expiry(&exchanges), due->deadline_ms);
    dhcpha_exchanges_remove(&exchanges, due);
  }
  ck_assert_ptr_null(dhcpha_exchanges_first_due(&exchanges));
  ck_assert_int_eq(dhcpha_exchanges_get_expiry(&exchanges), DHCPHA_NEVER);
}
END_TEST

START_TEST(a_deadline_can_be_moved_and_taken_away) {
  add_due(10);
  dhcpha_exchange *moved = add();
  dhcpha_exchanges_set_deadline(&exchanges, moved, 5);
  add_due(20);
  moved = dhcpha_exchanges_first_due(&exchanges);
  ck_assert_int_eq(moved->deadline_ms, 5);
  dhcpha_exchanges_set_deadline(&exchanges, moved, 15);
  ck_assert_int_eq(dhcpha_exchanges_get_expiry(&exchanges), 10);
  dhcpha_exchanges_set_deadline(&exchanges, moved, 15);
  dhcpha_exchanges_set_deadline(&exchanges, moved, 1);
  ck_assert_int_eq(dhcpha_exchanges_get_expiry(&exchanges), 1);
  dhcpha_exchanges_set_deadline(&exchanges, moved, DHCPHA_NEVER);
  ck_assert_int_eq(dhcpha_exchanges_get_expiry(&exchanges), 10);
  ck_assert_ptr_eq(dhcpha_exchanges_find(&exchanges, moved->id), moved);
}
END_TEST

typedef struct plain {
  uint64_t id;
  int64_t deadline_ms;
  uint64_t set; /* when it was set: equal deadlines keep this order */
} plain;

static int before(const plain *a, const plain *b) {
  return a->deadline_ms != b->deadline_ms ? a->deadline_ms < b->deadline_ms : a->set < b->set;
}

/* Random additions, moves and ends against a plain scan. */
START_TEST(agrees_with_a_plain_scan) {
  plain list[300];
  int count = 0;
  srand(4);
  for (uint64_t step = 1; step < 30000; step++) {
    int pick = count == 0 ? 0 : rand() % count;
    int what = rand() % 4;
    if ((what < 2 && count < COUNT_OF(list)) || count == 0) {
      dhcpha_exchange *exchange = add();
      list[count++] = (plain){exchange->id, rand() % 500, step};
      dhcpha_exchanges_set_deadline(&exchanges, exchange, list[count - 1].deadline_ms);
    } else if (what == 2) {
      list[pick].deadline_ms = rand() % 500;
      list[pick].set = step;
      dhcpha_exchanges_set_deadline(&exchanges, dhcpha_exchanges_find(&exchanges, list[pick].id),
                                    list[pick].deadline_ms);
    } else {
      dhcpha_exchanges_remove(&exchanges, dhcpha_exchanges_find(&exchanges, list[pick].id));
      list[pick] = list[--count];
    }
    const plain *first = NULL;
    for (int i = 0; i < count; i++)
      if (first == NULL || before(&list[i], first)) first = &list[i];
    dhcpha_exchange *due = dhcpha_exchanges_first_due(&exchanges);
    ck_assert((due == NULL) == (first == NULL));
    ck_assert(first == NULL || due->id == first->id);
    ck_assert_uint_eq(exchanges.count, (uint32_t)count);
  }
}
END_TEST

START_TEST(grows_and_keeps_what_it_has) {
  uint64_t ids[1000];
  for (int i = 0; i < COUNT_OF(ids); i++) {
    dhcpha_exchange *exchange = add();
    ids[i] = exchange->id;
    dhcpha_exchanges_set_deadline(&exchanges, exchange, 1000 - i);
  }
  for (int i = 0; i < COUNT_OF(ids); i++)
    ck_assert_int_eq(dhcpha_exchanges_find(&exchanges, ids[i])->deadline_ms, 1000 - i);
  ck_assert_int_eq(dhcpha_exchanges_get_expiry(&exchanges), 1);
}
END_TEST

START_TEST(takes_no_more_than_the_limit) {
  for (uint32_t i = 0; i < DHCPHA_EXCHANGES_MAX; i++) ck_assert_ptr_nonnull(add());
  ck_assert_ptr_null(add());
  ck_assert_uint_eq(exchanges.count, DHCPHA_EXCHANGES_MAX);
}
END_TEST

START_TEST(without_memory_the_others_go_on) {
  while (exchanges.count < exchanges.capacity) add_due(exchanges.count);
  counts.fail_from = counts.requests + 1;
  counts.fail_count = 1;
  ck_assert_ptr_null(add());
  ck_assert_uint_eq(exchanges.count, exchanges.capacity);
  ck_assert_ptr_nonnull(add());
}
END_TEST

START_TEST(knows_how_many_wait_for_the_store) {
  static const dhcpha_exchange_kind kinds[] = {
      DHCPHA_EXCHANGE_SERVE_STORE, DHCPHA_EXCHANGE_HEARTBEAT, DHCPHA_EXCHANGE_SERVE_READ,
      DHCPHA_EXCHANGE_SYNC_STORE};
  uint64_t ids[COUNT_OF(kinds)];
  for (int i = 0; i < COUNT_OF(kinds); i++)
    ids[i] = dhcpha_exchanges_add(&exchanges, kinds[i], 0, NULL)->id;
  ck_assert_uint_eq(exchanges.serving, 2);
  for (int i = 0; i < COUNT_OF(kinds); i++)
    dhcpha_exchanges_remove(&exchanges, dhcpha_exchanges_find(&exchanges, ids[i]));
  ck_assert_uint_eq(exchanges.serving, 0);
}
END_TEST

START_TEST(frees_the_answers_to_be) {
  dhcpha_action_pool pool;
  dhcpha_action_pool_init(&pool, &allocator);
  dhcpha_exchange *exchange =
      dhcpha_exchanges_add(&exchanges, DHCPHA_EXCHANGE_SERVE_READ, 0, NULL);
  exchange->answer = dhcpha_action_take(&pool, DHCPHA_ACTION_ANSWER_COMMAND, 1);
  dhcpha_buffer_append_text(&exchange->answer->json, "[");
  dhcpha_exchanges_free(&exchanges);
  ck_assert_uint_eq(pool.free_count, 1);
  dhcpha_action_pool_free(&pool);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("exchanges");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, never_uses_an_id_twice);
  tcase_add_loop_test(tcase, knows_no_foreign_id, 0, COUNT_OF(foreign));
  tcase_add_loop_test(tcase, is_due_in_the_order_of_deadlines, 0, COUNT_OF(orders));
  tcase_add_test(tcase, a_deadline_can_be_moved_and_taken_away);
  tcase_add_test(tcase, agrees_with_a_plain_scan);
  tcase_add_test(tcase, grows_and_keeps_what_it_has);
  tcase_add_test(tcase, takes_no_more_than_the_limit);
  tcase_add_test(tcase, without_memory_the_others_go_on);
  tcase_add_test(tcase, knows_how_many_wait_for_the_store);
  tcase_add_test(tcase, frees_the_answers_to_be);
  return unit_run("exchanges", tcase);
}
