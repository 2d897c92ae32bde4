/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * json_fixture: an arena, a buffer and a JSON text read, over an allocator that counts; for tests of
 * what reads and writes commands.
 */
#ifndef TESTS_UNIT_JSON_FIXTURE_H
#define TESTS_UNIT_JSON_FIXTURE_H

#include "base/json.h"
#include "unit/unit.h"

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_arena arena;
static dhcpha_buffer out;

static void start(void) {
  counts = (failing_allocator){0};
  allocator = failing_allocator_hooks(&counts);
  dhcpha_arena_init(&arena, &allocator, 1 << 20);
  dhcpha_buffer_init(&out, &allocator, 1 << 20);
}

static void end(void) {
  dhcpha_arena_free(&arena);
  dhcpha_buffer_free(&out);
  ck_assert_int_eq(counts.live, 0);
}

static const dhcpha_json_value *parse(const char *json) {
  dhcpha_json_error error;
  const dhcpha_json_value *tree = dhcpha_json_read(&arena, json, strlen(json), &error);
  ck_assert_msg(tree != NULL, "%s: %s", json, error.text);
  return tree;
}

#endif
