/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/backlog.h"

#include "unit/unit.h"

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_backlog backlog;

static void start(void) {
  counts = (failing_allocator){0};
  allocator = failing_allocator_hooks(&counts);
  dhcpha_backlog_init(&backlog, &allocator, 3);
}

static void end(void) {
  dhcpha_backlog_clear(&backlog);
  ck_assert_int_eq(counts.live, 0);
}

static void push(bool is_delete, uint8_t last) {
  dhcpha_lease lease;
  dhcpha_lease_init(&lease);
  dhcpha_address_parse(&lease.address, "192.0.2.0");
  lease.address.bytes[3] = last;
  dhcpha_backlog_push(&backlog, is_delete, &lease);
}

/* P2 5: "FIFO of (ADD or DELETE, lease); no coalescing". */
START_TEST(gives_out_in_the_order_of_entry) {
  push(false, 1);
  push(true, 1);
  push(false, 1);
  ck_assert_uint_eq(backlog.count, 3);
  for (int i = 0; i < 3; i++) {
    ck_assert_uint_eq(backlog.first->lease->address.bytes[3], 1);
    ck_assert(backlog.first->is_delete == (i == 1));
    dhcpha_backlog_pop(&backlog);
  }
  ck_assert_ptr_null(backlog.first);
  ck_assert_uint_eq(backlog.count, 0);
  push(false, 2);
  ck_assert_uint_eq(backlog.first->lease->address.bytes[3], 2);
}
END_TEST

/* P2 5: "Push when size >= limit: item discarded, sticky flag overflowed = true". */
START_TEST(overflows_at_the_limit_and_remembers_it) {
  for (uint8_t i = 1; i <= 3; i++) push(false, i);
  ck_assert(!backlog.overflowed);
  push(false, 4);
  ck_assert(backlog.overflowed);
  ck_assert_uint_eq(backlog.count, 3);
  dhcpha_backlog_pop(&backlog);
  push(false, 5);
  ck_assert(backlog.overflowed);
  ck_assert_uint_eq(backlog.last->lease->address.bytes[3], 5);
  dhcpha_backlog_clear(&backlog);
  ck_assert(!backlog.overflowed);
  ck_assert_uint_eq(backlog.count, 0);
}
END_TEST

START_TEST(keeps_nothing_with_a_limit_of_0) {
  dhcpha_backlog_init(&backlog, &allocator, 0);
  push(false, 1);
  ck_assert(backlog.overflowed);
  ck_assert_ptr_null(backlog.first);
}
END_TEST

START_TEST(nothing_can_be_taken_from_an_empty_one) {
  dhcpha_backlog_pop(&backlog);
  ck_assert_uint_eq(backlog.count, 0);
}
END_TEST

/* A lease that was lost for want of memory can only be had by a synchronization. */
START_TEST(a_lease_without_memory_counts_as_overflow) {
  push(false, 1);
  for (uint64_t nth = 1; nth <= 2; nth++) {
    backlog.overflowed = false;
    counts.fail_from = counts.requests + nth;
    counts.fail_count = 1;
    push(false, 2);
    ck_assert(backlog.overflowed);
    ck_assert_uint_eq(backlog.count, 1);
  }
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("backlog");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, gives_out_in_the_order_of_entry);
  tcase_add_test(tcase, overflows_at_the_limit_and_remembers_it);
  tcase_add_test(tcase, keeps_nothing_with_a_limit_of_0);
  tcase_add_test(tcase, nothing_can_be_taken_from_an_empty_one);
  tcase_add_test(tcase, a_lease_without_memory_counts_as_overflow);
  return unit_run("backlog", tcase);
}
