/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* User contexts and comments of leases. */
#include "unit/lease_reading.h"

static const struct {
  const char *sentence, *member, *context; /* NULL: none */
  const char *error;
} contexts[] = {
  { "no context", "\"x\":1", NULL, "" },
  { "an empty context", "\"user-context\": { }", "{}", "" },
  { "a comment alone", "\"comment\":\"hi\"", "{\"comment\":\"hi\"}", "" },
  { "a comment and a context", "\"comment\":[1, 2],\"user-context\":{\"a\":1}",
    "{\"a\":1,\"comment\":[1,2]}", "" },
  { "a comment and an empty context", "\"comment\":null,\"user-context\":{}",
    "{\"comment\":null}", "" },
  { "two comments", "\"comment\":1,\"user-context\":{\"comment\":2}", NULL,
    "Duplicated comment entry in the user context" },
  { "a comment and no map", "\"comment\":1,\"user-context\":[3]", NULL,
    "Invalid user context '[3]' is not a JSON map." },
  { "bytes survive", "\"user-context\":{\"\xc3\xa9\":\"\\u00ff\\u0000\\\"\"}",
    "{\"\\u00c3\\u00a9\":\"\\u00ff\\u0000\\\"\"}", "" },
};

START_TEST(carries_user_contexts) {
  dhcpha_buffer_append_format(&out, "{\"ip-address\":\"192.0.2.7\",\"hw-address\":\"1\",%s}",
                              contexts[_i].member);
  read_lease(V4, UPDATE, dhcpha_buffer_text(&out));
  ck_assert_msg(strcmp(reading.error, contexts[_i].error) == 0, "%s: %s", contexts[_i].sentence,
                reading.error);
  if (contexts[_i].context == NULL) {
    ck_assert_ptr_null(reading.lease.user_context);
  } else {
    ck_assert_str_eq(reading.lease.user_context, contexts[_i].context);
    ck_assert_uint_eq(reading.lease.user_context_len, strlen(contexts[_i].context));
  }
}
END_TEST

START_TEST(refuses_contexts_it_has_no_room_for) {
  static const char text[] =
    "{\"ip-address\":\"192.0.2.7\",\"hw-address\":\"1\",\"user-context\":{\"a\":\"0123456789\"}}";
  dhcpha_arena_reset(&arena);
  const dhcpha_json_value *map = dhcpha_json_read(&arena, text, strlen(text), NULL);
  reading.scratch = NULL;
  ck_assert_int_eq(dhcpha_lease_json_read(&reading, V4, UPDATE, map), DHCPHA_ERR_MALFORMED);
  ck_assert_str_ne(reading.error, "");
  reading.scratch = &scratch;
  scratch.max = 17;
  ck_assert_int_eq(dhcpha_lease_json_read(&reading, V4, UPDATE, map), DHCPHA_ERR_MALFORMED);
  ck_assert_ptr_nonnull(strstr(reading.error, "too long"));
  scratch.max = 18;
  ck_assert_int_eq(dhcpha_lease_json_read(&reading, V4, UPDATE, map), DHCPHA_OK);
  ck_assert_str_eq(reading.lease.user_context, "{\"a\":\"0123456789\"}");
  dhcpha_buffer_free(&scratch);
  counts.fail_from = counts.requests + 1;
  counts.fail_count = 1;
  ck_assert_int_eq(dhcpha_lease_json_read(&reading, V4, UPDATE, map), DHCPHA_ERR_NOMEM);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("lease_contexts");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_loop_test(tcase, carries_user_contexts, 0, COUNT_OF(contexts));
  tcase_add_test(tcase, refuses_contexts_it_has_no_room_for);
  return unit_run("lease_contexts", tcase);
}
