/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/arena.h"

#include "unit/unit.h"

#define MAX (1 << 20)

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_arena arena;

static void start(void) {
  counts = (failing_allocator){ 0 };
  allocator = failing_allocator_hooks(&counts);
  dhcpha_arena_init(&arena, &allocator, MAX);
}

static void end(void) {
  dhcpha_arena_free(&arena);
  ck_assert_int_eq(counts.live, 0);
  ck_assert_uint_eq(arena.held, 0);
}

/* Each block is filled, and all are looked at in the end: none overlaps another. */
START_TEST(gives_blocks_apart_and_aligned) {
  uint8_t *blocks[300];
  for (size_t i = 0; i < 300; i++) {
    blocks[i] = dhcpha_arena_allocate(&arena, i * 7);
    ck_assert_ptr_nonnull(blocks[i]);
    ck_assert_uint_eq((uintptr_t)blocks[i] % 16, 0);
    memset(blocks[i], (int)(i & 0xff), i * 7);
  }
  for (size_t i = 0; i < 300; i++)
    for (size_t at = 0; at < i * 7; at++) ck_assert_uint_eq(blocks[i][at], i & 0xff);
}
END_TEST

static void work(void) {
  for (size_t i = 0; i < 1000; i++)
    ck_assert_ptr_nonnull(dhcpha_arena_allocate(&arena, (i * 37) % 5000));
}

START_TEST(does_not_allocate_for_like_work_after_a_reset) {
  arena.max = 1 << 24;
  work();
  for (int round = 0; round < 3; round++) {
    dhcpha_arena_reset(&arena);
    uint64_t before = counts.requests;
    work();
    ck_assert_uint_eq(counts.requests, before);
  }
}
END_TEST

START_TEST(gives_back_large_chunks_at_a_reset) {
  ck_assert_ptr_nonnull(dhcpha_arena_allocate(&arena, 100));
  ck_assert_ptr_nonnull(dhcpha_arena_allocate(&arena, 500000));
  ck_assert_uint_gt(arena.held, 500000);
  dhcpha_arena_reset(&arena);
  ck_assert_uint_le(arena.held, DHCPHA_ARENA_KEEP_MAX);
  ck_assert_ptr_nonnull(dhcpha_arena_allocate(&arena, 500000));
}
END_TEST

START_TEST(goes_back_to_a_mark) {
  dhcpha_arena_mark empty = dhcpha_arena_get_mark(&arena);
  char *kept = dhcpha_arena_allocate(&arena, 20);
  strcpy(kept, "kept");
  dhcpha_arena_mark mark = dhcpha_arena_get_mark(&arena);
  void *first = dhcpha_arena_allocate(&arena, 48);
  ck_assert_ptr_nonnull(dhcpha_arena_allocate(&arena, 30000));
  size_t held = arena.held;
  for (int i = 0; i < 100; i++) {
    dhcpha_arena_rewind(&arena, mark);
    ck_assert_ptr_eq(dhcpha_arena_allocate(&arena, 48), first);
    ck_assert_ptr_nonnull(dhcpha_arena_allocate(&arena, 30000));
  }
  ck_assert_str_eq(kept, "kept");
  dhcpha_arena_rewind(&arena, empty);
  ck_assert_ptr_eq(dhcpha_arena_allocate(&arena, 20), kept);
  ck_assert_uint_eq(arena.held, held);
}
END_TEST

START_TEST(keeps_to_its_ceiling) {
  size_t blocks = 0;
  while (dhcpha_arena_allocate(&arena, 1000) != NULL) blocks++;
  ck_assert(arena.limited);
  ck_assert_uint_le(arena.held, MAX);
  ck_assert_uint_gt(blocks, MAX / 1024 - 64);
  ck_assert_ptr_null(dhcpha_arena_allocate(&arena, SIZE_MAX));
  ck_assert_ptr_null(dhcpha_arena_allocate(&arena, SIZE_MAX / 2));
  ck_assert(arena.limited);
}
END_TEST

START_TEST(tells_a_shortage_from_its_ceiling) {
  counts.fail_from = 1;
  counts.fail_count = 1;
  ck_assert_ptr_null(dhcpha_arena_allocate(&arena, 1));
  ck_assert(!arena.limited);
  ck_assert_ptr_nonnull(dhcpha_arena_allocate(&arena, 1));
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("arena");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, gives_blocks_apart_and_aligned);
  tcase_add_test(tcase, does_not_allocate_for_like_work_after_a_reset);
  tcase_add_test(tcase, gives_back_large_chunks_at_a_reset);
  tcase_add_test(tcase, goes_back_to_a_mark);
  tcase_add_test(tcase, keeps_to_its_ceiling);
  tcase_add_test(tcase, tells_a_shortage_from_its_ceiling);
  return unit_run("arena", tcase);
}
