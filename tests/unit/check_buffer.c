/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/buffer.h"

#include "unit/unit.h"

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_buffer buffer;

static void start(void) {
  counts = (failing_allocator){ 0 };
  allocator = failing_allocator_hooks(&counts);
  dhcpha_buffer_init(&buffer, &allocator, 1000);
}

static void end(void) {
  dhcpha_buffer_free(&buffer);
  ck_assert_int_eq(counts.live, 0);
}

START_TEST(is_empty_text_at_first) {
  ck_assert_str_eq(dhcpha_buffer_text(&buffer), "");
  ck_assert_uint_eq(counts.requests, 0);
}
END_TEST

START_TEST(joins_what_is_appended) {
  dhcpha_buffer_append_text(&buffer, "a");
  dhcpha_buffer_append(&buffer, "b\0c", 3);
  dhcpha_buffer_append_char(&buffer, 'd');
  dhcpha_buffer_append_format(&buffer, "%03d%s", 7, "e");
  dhcpha_buffer_append_format(&buffer, "%s", "");
  dhcpha_buffer_append(&buffer, NULL, 0);
  ck_assert_uint_eq(buffer.len, 9);
  ck_assert_mem_eq(buffer.data, "ab\0cd007e", 10);
}
END_TEST

static const struct {
  int64_t value;
  const char *text;
} integers[] = {
  { 0, "0" },
  { 7, "7" },
  { -1, "-1" },
  { 4294967295, "4294967295" },
  { 1000000000000, "1000000000000" },
  { INT64_MAX, "9223372036854775807" },
  { INT64_MIN, "-9223372036854775808" },
};

START_TEST(writes_integers) {
  dhcpha_buffer_append_integer(&buffer, integers[_i].value);
  ck_assert_str_eq(dhcpha_buffer_text(&buffer), integers[_i].text);
}
END_TEST

START_TEST(fills_up_to_its_ceiling_and_not_beyond) {
  for (int i = 0; i < 1000; i++) dhcpha_buffer_append_char(&buffer, 'x');
  ck_assert_int_eq(buffer.status, DHCPHA_OK);
  ck_assert_uint_eq(buffer.len, 1000);
  dhcpha_buffer_append_char(&buffer, 'x');
  ck_assert_int_eq(buffer.status, DHCPHA_ERR_LIMIT);
  ck_assert_uint_eq(buffer.len, 1000);
  ck_assert_uint_le(buffer.capacity, 1001);
  ck_assert_uint_eq(strlen(dhcpha_buffer_text(&buffer)), 1000);
}
END_TEST

START_TEST(does_nothing_more_after_a_failure) {
  dhcpha_buffer_append_text(&buffer, "before");
  ck_assert(!dhcpha_buffer_reserve(&buffer, 995));
  ck_assert(!dhcpha_buffer_reserve(&buffer, SIZE_MAX));
  dhcpha_buffer_append_text(&buffer, "after");
  ck_assert_str_eq(dhcpha_buffer_text(&buffer), "before");
  dhcpha_buffer_clear(&buffer);
  dhcpha_buffer_append_text(&buffer, "after");
  ck_assert_str_eq(dhcpha_buffer_text(&buffer), "after");
}
END_TEST

START_TEST(stays_whole_when_memory_is_short) {
  dhcpha_buffer_append_text(&buffer, "kept");
  counts.fail_from = counts.requests + 1;
  counts.fail_count = 1;
  ck_assert(!dhcpha_buffer_reserve(&buffer, 900));
  ck_assert_int_eq(buffer.status, DHCPHA_ERR_NOMEM);
  ck_assert_str_eq(dhcpha_buffer_text(&buffer), "kept");
}
END_TEST

START_TEST(does_not_allocate_again_after_a_clear) {
  for (int i = 0; i < 900; i++) dhcpha_buffer_append_char(&buffer, 'x');
  dhcpha_buffer_clear(&buffer);
  ck_assert_str_eq(dhcpha_buffer_text(&buffer), "");
  uint64_t before = counts.requests;
  for (int i = 0; i < 900; i++) dhcpha_buffer_append_char(&buffer, 'y');
  ck_assert_uint_eq(counts.requests, before);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("buffer");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, is_empty_text_at_first);
  tcase_add_test(tcase, joins_what_is_appended);
  tcase_add_loop_test(tcase, writes_integers, 0, COUNT_OF(integers));
  tcase_add_test(tcase, fills_up_to_its_ceiling_and_not_beyond);
  tcase_add_test(tcase, does_nothing_more_after_a_failure);
  tcase_add_test(tcase, stays_whole_when_memory_is_short);
  tcase_add_test(tcase, does_not_allocate_again_after_a_clear);
  return unit_run("buffer", tcase);
}
