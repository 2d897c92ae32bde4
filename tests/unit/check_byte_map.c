/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/byte_map.h"

#include "unit/unit.h"

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_byte_map *map;

static void start(void) {
  counts = (failing_allocator){ 0 };
  allocator = failing_allocator_hooks(&counts);
  map = dhcpha_byte_map_new(&allocator, sizeof(uint32_t), 5000);
}

static void end(void) {
  dhcpha_byte_map_free(map);
  ck_assert_int_eq(counts.live, 0);
}

/* Keys of 0 to 20 bytes, all different. */
static size_t make_key(uint32_t number, uint8_t key[24]) {
  size_t len = number == 0 ? 0 : 4 + number % 17;
  memset(key, 0xa5, 24);
  memcpy(key, &number, sizeof number);
  return len;
}

static dhcpha_status put(uint32_t number) {
  uint8_t key[24];
  void *value;
  bool added;
  dhcpha_status status = dhcpha_byte_map_insert(map, key, make_key(number, key), &value, &added);
  if (status != DHCPHA_OK) return status;
  ck_assert_uint_eq((uintptr_t)value % 16, 0);
  ck_assert_uint_eq(*(uint32_t *)value, added ? 0 : number + 1);
  *(uint32_t *)value = number + 1;
  return DHCPHA_OK;
}

static bool has(uint32_t number) {
  uint8_t key[24];
  uint32_t *value = dhcpha_byte_map_find(map, key, make_key(number, key));
  ck_assert(value == NULL || *value == number + 1);
  return value != NULL;
}

static bool remove_number(uint32_t number) {
  uint8_t key[24];
  return dhcpha_byte_map_remove(map, key, make_key(number, key));
}

START_TEST(finds_what_was_inserted_and_nothing_else) {
  ck_assert(!has(0));
  ck_assert(!remove_number(0));
  for (uint32_t i = 0; i < 3000; i++) ck_assert_int_eq(put(i), DHCPHA_OK);
  for (uint32_t i = 0; i < 3000; i++) ck_assert_int_eq(put(i), DHCPHA_OK);
  ck_assert_uint_eq(dhcpha_byte_map_count(map), 3000);
  for (uint32_t i = 0; i < 6000; i++) ck_assert(has(i) == (i < 3000));
}
END_TEST

START_TEST(tells_keys_apart_by_all_their_bytes) {
  bool added;
  ck_assert_int_eq(dhcpha_byte_map_insert(map, "a\0b", 3, NULL, &added), DHCPHA_OK);
  ck_assert_ptr_null(dhcpha_byte_map_find(map, "a\0c", 3));
  ck_assert_ptr_null(dhcpha_byte_map_find(map, "a\0b", 2));
  ck_assert_ptr_null(dhcpha_byte_map_find(map, "a\0b\0", 4));
  ck_assert_ptr_nonnull(dhcpha_byte_map_find(map, "a\0b", 3));
}
END_TEST

START_TEST(keeps_to_its_ceiling) {
  for (uint32_t i = 0; i < 5000; i++) ck_assert_int_eq(put(i), DHCPHA_OK);
  ck_assert_int_eq(put(5000), DHCPHA_ERR_LIMIT);
  ck_assert_int_eq(put(4999), DHCPHA_OK); /* which is there */
  ck_assert(remove_number(17));
  ck_assert_int_eq(put(5000), DHCPHA_OK);
  ck_assert_uint_eq(dhcpha_byte_map_count(map), 5000);
}
END_TEST

START_TEST(forgets_what_was_removed) {
  for (uint32_t i = 0; i < 1000; i++) put(i);
  for (uint32_t i = 0; i < 1000; i += 2) ck_assert(remove_number(i));
  ck_assert(!remove_number(0));
  for (uint32_t i = 0; i < 1000; i++) ck_assert(has(i) == (i % 2 == 1));
  for (uint32_t i = 0; i < 1000; i += 2) put(i);
  for (uint32_t i = 0; i < 1000; i++) ck_assert(has(i));
}
END_TEST

typedef struct order {
  uint32_t seen[64];
  size_t count;
  bool drop_odd;
} order;

static bool note(const void *key, size_t key_len, void *value, void *user_data) {
  order *o = user_data;
  uint8_t expected[24];
  uint32_t number = *(uint32_t *)value - 1;
  ck_assert_uint_eq(key_len, make_key(number, expected));
  ck_assert(memcmp(key, expected, key_len) == 0);
  o->seen[o->count++] = number;
  return !(o->drop_odd && number % 2 == 1);
}

START_TEST(visits_in_order_of_insertion) {
  static const uint32_t inserted[] = { 900, 3, 77, 1, 50, 12 };
  static const uint32_t expected[] = { 900, 3, 1, 50, 12, 77 };
  order o = { .count = 0 };
  for (int i = 0; i < COUNT_OF(inserted); i++) put(inserted[i]);
  remove_number(77);
  put(77); /* now the youngest */
  dhcpha_byte_map_filter(map, note, &o);
  ck_assert_uint_eq(o.count, 6);
  ck_assert_mem_eq(o.seen, expected, sizeof expected);
}
END_TEST

START_TEST(drops_what_the_visitor_does_not_keep) {
  order o = { .drop_odd = true };
  for (uint32_t i = 1; i <= 10; i++) put(i);
  dhcpha_byte_map_filter(map, note, &o);
  ck_assert_uint_eq(dhcpha_byte_map_count(map), 5);
  for (uint32_t i = 1; i <= 10; i++) ck_assert(has(i) == (i % 2 == 0));
}
END_TEST

START_TEST(does_not_allocate_within_a_reservation) {
  size_t key_bytes = 0;
  uint8_t key[24];
  for (uint32_t i = 0; i < 2000; i++) key_bytes += make_key(i, key);
  ck_assert_int_eq(dhcpha_byte_map_reserve(map, 2000, key_bytes), DHCPHA_OK);
  uint64_t before = counts.requests;
  for (uint32_t i = 0; i < 2000; i++) ck_assert_int_eq(put(i), DHCPHA_OK);
  /* Nor when entries come and go: number i makes room for one whose key is as long. */
  for (uint32_t i = 1; i < 50000; i++) {
    if (remove_number(i)) ck_assert_int_eq(put(i + 17 * 118), DHCPHA_OK);
  }
  ck_assert_uint_eq(counts.requests, before);
  dhcpha_byte_map_clear(map);
  ck_assert_uint_eq(dhcpha_byte_map_count(map), 0);
  ck_assert(!has(5));
  for (uint32_t i = 0; i < 2000; i++) ck_assert_int_eq(put(i), DHCPHA_OK);
  ck_assert_uint_eq(counts.requests, before);
}
END_TEST

/* Each allocation fails once; the map holds what it held before, and goes on. */
START_TEST(stays_whole_when_memory_is_short) {
  for (uint64_t nth = 1; nth < 60; nth++) {
    dhcpha_byte_map_free(map);
    counts = (failing_allocator){ .fail_from = nth, .fail_count = 1 };
    map = dhcpha_byte_map_new(&allocator, sizeof(uint32_t), 5000);
    if (map == NULL) continue;
    for (uint32_t i = 0; i < 500; i++) {
      if (put(i) == DHCPHA_OK) continue;
      ck_assert_uint_eq(dhcpha_byte_map_count(map), i);
      for (uint32_t k = 0; k < i; k++) ck_assert(has(k));
      ck_assert_int_eq(put(i), DHCPHA_OK);
    }
    ck_assert_uint_eq(dhcpha_byte_map_count(map), 500);
    for (uint32_t i = 0; i < 500; i++) ck_assert(has(i));
    if (counts.failed == 0) return;
  }
  ck_abort_msg("the last allocation was not reached");
}
END_TEST

START_TEST(refuses_a_reservation_when_memory_is_short) {
  put(1);
  counts.fail_from = counts.requests + 1;
  counts.fail_count = 1;
  ck_assert_int_eq(dhcpha_byte_map_reserve(map, 1000, 10000), DHCPHA_ERR_NOMEM);
  ck_assert(has(1));
  ck_assert_int_eq(dhcpha_byte_map_reserve(map, SIZE_MAX, 10), DHCPHA_OK); /* up to the ceiling */
  ck_assert_int_eq(dhcpha_byte_map_reserve(map, 1, SIZE_MAX), DHCPHA_ERR_NOMEM);
  ck_assert(has(1));
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("byte_map");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, finds_what_was_inserted_and_nothing_else);
  tcase_add_test(tcase, tells_keys_apart_by_all_their_bytes);
  tcase_add_test(tcase, keeps_to_its_ceiling);
  tcase_add_test(tcase, forgets_what_was_removed);
  tcase_add_test(tcase, visits_in_order_of_insertion);
  tcase_add_test(tcase, drops_what_the_visitor_does_not_keep);
  tcase_add_test(tcase, does_not_allocate_within_a_reservation);
  tcase_add_test(tcase, stays_whole_when_memory_is_short);
  tcase_add_test(tcase, refuses_a_reservation_when_memory_is_short);
  return unit_run("byte_map", tcase);
}
