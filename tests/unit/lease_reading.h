/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * lease_reading: a lease of a test, read from text.
 */
#ifndef TESTS_UNIT_LEASE_READING_H
#define TESTS_UNIT_LEASE_READING_H

#include "dhcp/lease_json.h"
#include "unit/unit.h"

#define NOW 1795000000

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_arena arena;
static dhcpha_buffer out, scratch;
static dhcpha_lease_reading reading;

static inline void start(void) {
  counts = (failing_allocator){ 0 };
  allocator = failing_allocator_hooks(&counts);
  dhcpha_arena_init(&arena, &allocator, 1 << 24);
  dhcpha_buffer_init(&out, &allocator, 1 << 20);
  dhcpha_buffer_init(&scratch, &allocator, DHCPHA_USER_CONTEXT_MAX);
  reading.scratch = &scratch;
}

static inline void end(void) {
  dhcpha_arena_free(&arena);
  dhcpha_buffer_free(&out);
  dhcpha_buffer_free(&scratch);
  ck_assert_int_eq(counts.live, 0);
}

static inline dhcpha_status read_lease(dhcpha_family family, dhcpha_lease_form form,
                                       const char *text) {
  dhcpha_json_error error;
  dhcpha_arena_reset(&arena);
  const dhcpha_json_value *map = dhcpha_json_read(&arena, text, strlen(text), &error);
  ck_assert_msg(map != NULL, "%s: %s", text, error.text);
  dhcpha_status status = dhcpha_lease_json_read(&reading, family, form, map);
  if (status == DHCPHA_OK && form == DHCPHA_LEASE_FORM_UPDATE)
    status = dhcpha_lease_json_settle(&reading, NOW);
  return status;
}

#define UPDATE DHCPHA_LEASE_FORM_UPDATE
#define PAGE DHCPHA_LEASE_FORM_PAGE
#define V4 DHCPHA_DHCP4
#define V6 DHCPHA_DHCP6

#endif
