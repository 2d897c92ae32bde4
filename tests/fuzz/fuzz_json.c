/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* Any text as JSON: what is read and written again is read as the same. */
#include "base/json.h"
#include "fuzz/fuzz.h"

#include <string.h>

#define ARENA_MAX ((size_t)64 * 1024 * 1024)
#define TEXT_MAX ((size_t)16 * 1024 * 1024)

static bool count_element(const dhcpha_json_value *element, void *user_data) {
  size_t *count = user_data;
  FUZZ_CHECK(element != NULL);
  ++*count;
  return true;
}

/* The members that a tree holds are as many as it says. */
static void check_counts(const dhcpha_json_value *value, const size_t *streamed) {
  size_t count = 0;
  for (const dhcpha_json_value *member = value->first; member != NULL; member = member->next) {
    check_counts(member, streamed);
    count++;
  }
  if (streamed == NULL) FUZZ_CHECK(count == value->count);
  else FUZZ_CHECK(count == value->count || (count == 0 && value->count <= *streamed));
}

static void write_again(fuzz_run *run, const dhcpha_json_value *value) {
  dhcpha_buffer first, second;
  dhcpha_arena arena;
  dhcpha_json_error error;
  dhcpha_buffer_init(&first, &run->allocator, TEXT_MAX);
  dhcpha_buffer_init(&second, &run->allocator, TEXT_MAX);
  dhcpha_arena_init(&arena, &run->allocator, ARENA_MAX);
  dhcpha_json_write_value(&first, value);
  if (first.status == DHCPHA_OK) {
    const dhcpha_json_value *again = dhcpha_json_read(&arena, dhcpha_buffer_text(&first),
                                                      first.len, &error);
    FUZZ_CHECK(again != NULL || run->allocation_fails);
    if (again != NULL) dhcpha_json_write_value(&second, again);
    if (again != NULL && second.status == DHCPHA_OK)
      FUZZ_CHECK(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
  }
  dhcpha_arena_free(&arena);
  dhcpha_buffer_free(&second);
  dhcpha_buffer_free(&first);
}

static void target(fuzz_run *run, const uint8_t *data, size_t len) {
  dhcpha_arena arena;
  dhcpha_json_error error = {.status = DHCPHA_OK};
  dhcpha_arena_init(&arena, &run->allocator, ARENA_MAX);
  const dhcpha_json_value *value = dhcpha_json_read(&arena, (const char *)data, len, &error);
  bool whole = value != NULL;
  if (whole) {
    check_counts(value, NULL);
    write_again(run, value);
  } else {
    FUZZ_CHECK(error.status != DHCPHA_OK && error.offset <= len);
    FUZZ_CHECK(memchr(error.text, '\0', sizeof error.text) != NULL);
  }
  dhcpha_arena_reset(&arena);
  size_t elements = 0;
  value = dhcpha_json_read_list(&arena, (const char *)data, len, "arguments", "leases",
                                count_element, &elements, &error);
  if (!run->allocation_fails) FUZZ_CHECK(whole == (value != NULL));
  if (value != NULL) check_counts(value, &elements);
  dhcpha_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  fuzz_play(target, data, len);
  return 0;
}
