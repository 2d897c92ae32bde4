/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/json.h"

#include <stdio.h>

#include "unit/unit.h"

#define MAX (64 << 20)

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_arena arena;
static dhcpha_buffer out;
static dhcpha_json_error error;

static void start(void) {
  counts = (failing_allocator){ 0 };
  allocator = failing_allocator_hooks(&counts);
  dhcpha_arena_init(&arena, &allocator, MAX);
  dhcpha_buffer_init(&out, &allocator, MAX);
}

static void end(void) {
  dhcpha_arena_free(&arena);
  dhcpha_buffer_free(&out);
  ck_assert_int_eq(counts.live, 0);
}

static const dhcpha_json_value *read_copy(const char *text, size_t len) {
  char *copy = unit_copy(text, len); /* given up before the tree is used */
  dhcpha_arena_reset(&arena);
  const dhcpha_json_value *value = dhcpha_json_read(&arena, copy, len, &error);
  free(copy);
  return value;
}

/* What is read, and written again. */
static const struct {
  const char *sentence, *text, *written;
} good[] = {
  { "white space goes", " [ 1 ,\t2\r\n] ", "[1,2]" },
  { "the empty ones", "[{},[],\"\"]", "[{},[],\"\"]" },
  { "each type", "[null,true,false,-1,1.5,\"s\"]", "[null,true,false,-1,1.5,\"s\"]" },
  { "a value alone", "5", "5" },
  { "members stay in order", "{\"b\":1,\"a\":2}", "{\"b\":1,\"a\":2}" },
  { "the last of repeated keys wins", "{\"a\":1,\"b\":2,\"a\":{\"c\":3}}",
    "{\"a\":{\"c\":3},\"b\":2}" },
  { "and of three", "{\"a\":1,\"a\":[2],\"a\":3}", "{\"a\":3}" },
  { "repeated in a map inside", "[{\"x\":{\"a\":1,\"a\":2}},7]", "[{\"x\":{\"a\":2}},7]" },
  { "keys of equal length and ends are not equal", "{\"abcba\":1,\"abdba\":2}",
    "{\"abcba\":1,\"abdba\":2}" },
  { "an escape is its byte", "\"\\u00e9\"", "\"\\u00e9\"" },
  { "raw bytes are the same bytes", "\"\xc3\xa9\"", "\"\\u00c3\\u00a9\"" },
  { "bytes that are no UTF-8", "\"\xff\xfe\"", "\"\\u00ff\\u00fe\"" },
  { "a byte of 0 inside", "\"a\\u0000b\"", "\"a\\u0000b\"" },
  { "upper case digits", "\"\\u00Ff\\u004A\"", "\"\\u00ffJ\"" },
  { "an escaped backslash before u00e9", "\"\\\\u00e9\"", "\"\\\\u00e9\"" },
  { "an escaped backslash before an escape", "\"\\\\\\u00e9\"", "\"\\\\\\u00e9\"" },
  { "short escapes", "\"\\n\\t\\\"\\/\"", "\"\\u000a\\u0009\\\"/\"" },
  { "escapes in keys", "{\"\\u00e9\\u0041\":1}", "{\"\\u00e9A\":1}" },
  { "equal keys, one with escapes", "{\"\\u0041\":1,\"A\":2}", "{\"A\":2}" },
  { "delete is written as an escape", "\"\x7f\"", "\"\\u007f\"" },
  { "numbers as they were", "[1e3,-0.5,18446744073709551615]",
    "[1e3,-0.5,18446744073709551615]" },
};

START_TEST(reads_and_writes) {
  const dhcpha_json_value *value = read_copy(good[_i].text, strlen(good[_i].text));
  ck_assert_msg(value != NULL, "%s: %s", good[_i].sentence, error.text);
  dhcpha_json_write_value(&out, value);
  ck_assert_msg(strcmp(dhcpha_buffer_text(&out), good[_i].written) == 0, "%s: %s",
                good[_i].sentence, dhcpha_buffer_text(&out));
}
END_TEST

static const struct {
  const char *text;
  dhcpha_json_type type;
  int64_t integer;
} numbers[] = {
  { "0", DHCPHA_JSON_INTEGER, 0 },
  { "-0", DHCPHA_JSON_INTEGER, 0 },
  { "4294967295", DHCPHA_JSON_INTEGER, 4294967295 },
  { "9223372036854775807", DHCPHA_JSON_INTEGER, INT64_MAX },
  { "-9223372036854775808", DHCPHA_JSON_INTEGER, INT64_MIN },
  { "9223372036854775808", DHCPHA_JSON_REAL, 0 },
  { "-9223372036854775809", DHCPHA_JSON_REAL, 0 },
  { "99999999999999999999999999999999999999999", DHCPHA_JSON_REAL, 0 },
  { "1.0", DHCPHA_JSON_REAL, 0 },
  { "1e2", DHCPHA_JSON_REAL, 0 },
};

START_TEST(tells_integers_from_other_numbers) {
  const dhcpha_json_value *value = read_copy(numbers[_i].text, strlen(numbers[_i].text));
  ck_assert_ptr_nonnull(value);
  ck_assert_int_eq(value->type, numbers[_i].type);
  if (value->type == DHCPHA_JSON_INTEGER) ck_assert_int_eq(value->integer, numbers[_i].integer);
  ck_assert_str_eq(value->text, numbers[_i].text);
}
END_TEST

static const struct {
  const char *sentence, *text;
  size_t len, offset;
  const char *part; /* of the message */
} bad[] = {
  { "nothing", BYTES(""), 0, "premature EOF" },
  { "white space only", BYTES("  "), 2, "premature EOF" },
  { "not ended", BYTES("{\"a\":[1"), 7, "premature EOF" },
  { "a string not ended", BYTES("\"abc"), 4, "premature EOF" },
  { "something behind", BYTES("{} x"), 4, "" },
  { "a second value", BYTES("{} {}"), 5, "trailing garbage" },
  { "a comment", BYTES("[1] // one"), 4, "" },
  { "a comment inside", BYTES("[1, /* two */ 2]"), 5, "comment" },
  { "a shell's comment", BYTES("# one\n[1]"), 1, "" },
  { "a character above 255", BYTES("[\"\\u20ac\"]"), 2, "\\u00ff" },
  { "the first above 255", BYTES("[\"\\u0100\"]"), 2, "\\u00ff" },
  { "no hexadecimal digits", BYTES("\"\\u00zz\""), 5, "non-hex" },
  { "a behind an escape: the offset is that of the text", BYTES("[\"\\u00e9\",x]"), 11, "" },
  { "leading zeros", BYTES("[01]"), 3, "" },
  { "a plus sign", BYTES("[+1]"), 2, "" },
  { "a comma too many", BYTES("[1,]"), 4, "" },
  { "a comma too many in a map", BYTES("{\"a\":1,}"), 8, "" },
  { "a key without quotes", BYTES("{a:1}"), 2, "" },
  { "a value for a key", BYTES("{1:2}"), 3, "" },
  { "the wrong bracket", BYTES("[1}"), 3, "" },
  { "single quotes", BYTES("['a']"), 2, "" },
  { "a line end inside a string", BYTES("[\"a\nb\"]"), 4, "" },
  { "a byte of 0", BYTES("[1,\0]"), 4, "" },
  { "not a number", BYTES("[NaN]"), 2, "" },
  { "an escape cut short", BYTES("[\"\\u00e"), 7, "" },
  { "a backslash at the end", BYTES("[\"\\"), 3, "" },
};

START_TEST(refuses_and_says_where) {
  ck_assert_ptr_null(read_copy(bad[_i].text, bad[_i].len));
  ck_assert_int_eq(error.status, DHCPHA_ERR_MALFORMED);
  ck_assert_msg(strstr(error.text, bad[_i].part) != NULL && error.text[0] != '\0', "%s: \"%s\"",
                bad[_i].sentence, error.text);
  /* yajl stops at, or right behind, what it does not like. */
  ck_assert_msg(error.offset + 1 >= bad[_i].offset && error.offset <= bad[_i].offset + 1,
                "%s: at %zu, not %zu", bad[_i].sentence, error.offset, bad[_i].offset);
}
END_TEST

static const char answer[] =
  "[ { \"arguments\": { \"count\": 3, \"leases\": [ { \"a\": \"\\u00e9\\n\", \"arguments\": "
  "{ \"leases\": [ 5, 6 ] } }, -17.25e3, [ null, true, \"\\\\\" ] ] }, \"result\": 0 } ]";

START_TEST(refuses_every_part_of_a_text) {
  size_t len = sizeof answer - 1;
  for (size_t i = 0; i < len; i++) {
    ck_assert_ptr_null(read_copy(answer, i));
    ck_assert_int_eq(error.status, DHCPHA_ERR_MALFORMED);
    ck_assert_uint_le(error.offset, i);
  }
  ck_assert_ptr_nonnull(read_copy(answer, len));
}
END_TEST

/* Every byte of a good text replaced by every other: no crash, and one of the two outcomes. */
START_TEST(survives_any_change_of_one_byte) {
  char text[sizeof answer];
  size_t len = sizeof answer - 1;
  for (size_t i = 0; i < len; i++)
    for (int byte = 0; byte < 256; byte += 3) {
      memcpy(text, answer, sizeof text);
      text[i] = (char)byte;
      if (read_copy(text, len) == NULL) ck_assert_int_eq(error.status, DHCPHA_ERR_MALFORMED);
    }
}
END_TEST

static const dhcpha_json_value *read_nested(size_t depth, const char *open, const char *close) {
  dhcpha_buffer_clear(&out);
  for (size_t i = 0; i < depth; i++) dhcpha_buffer_append_text(&out, open);
  dhcpha_buffer_append_text(&out, "1");
  for (size_t i = 0; i < depth; i++) dhcpha_buffer_append_text(&out, close);
  return read_copy(out.data, out.len);
}

START_TEST(limits_the_depth) {
  ck_assert_ptr_nonnull(read_nested(DHCPHA_JSON_DEPTH_MAX, "[", "]"));
  ck_assert_ptr_nonnull(read_nested(DHCPHA_JSON_DEPTH_MAX, "{\"a\":", "}"));
  ck_assert_ptr_null(read_nested(DHCPHA_JSON_DEPTH_MAX + 1, "[", "]"));
  ck_assert_int_eq(error.status, DHCPHA_ERR_LIMIT);
  ck_assert_ptr_null(read_nested(100000, "[", ""));
  ck_assert_int_eq(error.status, DHCPHA_ERR_LIMIT);
  ck_assert_uint_eq(error.offset, DHCPHA_JSON_DEPTH_MAX + 1);
}
END_TEST

START_TEST(limits_its_memory) {
  dhcpha_buffer_append_char(&out, '[');
  for (int i = 0; i < 10000; i++) dhcpha_buffer_append_text(&out, "1,");
  dhcpha_buffer_append_text(&out, "1]");
  arena.max = 100000;
  ck_assert_ptr_null(read_copy(out.data, out.len));
  ck_assert_int_eq(error.status, DHCPHA_ERR_LIMIT);
  ck_assert_uint_le(arena.held, 100000);
}
END_TEST

START_TEST(limits_the_number_of_values) {
  for (size_t values = DHCPHA_JSON_VALUES_MAX; values <= DHCPHA_JSON_VALUES_MAX + 1; values++) {
    dhcpha_buffer_clear(&out);
    arena.max = SIZE_MAX;
    dhcpha_buffer_append_char(&out, '[');
    for (size_t i = 2; i < values; i++) dhcpha_buffer_append_text(&out, "1,");
    dhcpha_buffer_append_text(&out, "1]");
    const dhcpha_json_value *list = read_copy(out.data, out.len);
    ck_assert((list != NULL) == (values == DHCPHA_JSON_VALUES_MAX));
    if (list == NULL) ck_assert_int_eq(error.status, DHCPHA_ERR_LIMIT);
  }
}
END_TEST

/* Whoever chooses the keys cannot make it slow: 200,000 members, each key twice. */
START_TEST(finds_repeated_keys_among_many) {
  enum { KEYS = 100000 };
  for (int round = 0; round < 2; round++)
    for (int i = 0; i < KEYS; i++)
      dhcpha_buffer_append_format(&out, "%c\"k%06d\":%d", round + i == 0 ? '{' : ',',
                                  (i * 7919) % KEYS, round * KEYS + i);
  dhcpha_buffer_append_char(&out, '}');
  const dhcpha_json_value *map = read_copy(out.data, out.len);
  ck_assert_ptr_nonnull(map);
  ck_assert_uint_eq(map->count, KEYS);
  int64_t expected = KEYS;
  for (const dhcpha_json_value *member = map->first; member != NULL; member = member->next)
    ck_assert_int_eq(member->integer, expected++);
  ck_assert_int_eq(expected, 2 * KEYS);
}
END_TEST

START_TEST(gets_members) {
  const dhcpha_json_value *map = read_copy(BYTES("{\"a\":1,\"b\":\"x\\u0000\",\"c\":\"x\"}"));
  ck_assert_int_eq(dhcpha_json_get(map, "a")->integer, 1);
  ck_assert_uint_eq(map->count, 3);
  ck_assert_ptr_null(dhcpha_json_get(map, "d"));
  ck_assert_ptr_null(dhcpha_json_get(map, ""));
  ck_assert_ptr_null(dhcpha_json_get(map->first, "a"));
  ck_assert_ptr_null(dhcpha_json_get(NULL, "a"));
  ck_assert(!dhcpha_json_text_equals(dhcpha_json_get(map, "b"), "x"));
  ck_assert_uint_eq(dhcpha_json_get(map, "b")->text_len, 2);
  ck_assert(dhcpha_json_text_equals(dhcpha_json_get(map, "c"), "x"));
  ck_assert(!dhcpha_json_text_equals(dhcpha_json_get(map, "a"), "1"));
  ck_assert(!dhcpha_json_is(NULL, DHCPHA_JSON_NULL));
  ck_assert(dhcpha_json_is(map, DHCPHA_JSON_MAP));
  ck_assert_str_eq(dhcpha_json_type_name(DHCPHA_JSON_REAL), "real");
}
END_TEST

typedef struct listening {
  size_t count, stop_at;
} listening;

static bool take_element(const dhcpha_json_value *element, void *user_data) {
  listening *l = user_data;
  dhcpha_json_write_value(&out, element);
  dhcpha_buffer_append_char(&out, '\n');
  return ++l->count != l->stop_at;
}

static const dhcpha_json_value *read_leases(const char *text, listening *l) {
  dhcpha_arena_reset(&arena);
  return dhcpha_json_read_list(&arena, text, strlen(text), "arguments", "leases", take_element, l,
                               &error);
}

/* The list inside the first element is the element's own: a lease cannot bring leases along. */
START_TEST(hands_out_the_elements_of_the_list) {
  listening l = { 0 };
  const dhcpha_json_value *value = read_leases(answer, &l);
  ck_assert_ptr_nonnull(value);
  ck_assert_str_eq(dhcpha_buffer_text(&out),
                   "{\"a\":\"\\u00e9\\u000a\",\"arguments\":{\"leases\":[5,6]}}\n"
                   "-17.25e3\n[null,true,\"\\\\\"]\n");
  const dhcpha_json_value *arguments = dhcpha_json_get(value->first, "arguments");
  ck_assert_uint_eq(dhcpha_json_get(arguments, "leases")->count, 3);
  ck_assert_ptr_null(dhcpha_json_get(arguments, "leases")->first);
  ck_assert_int_eq(dhcpha_json_get(arguments, "count")->integer, 3);
}
END_TEST

static const struct {
  const char *sentence, *text;
  size_t count;
} places[] = {
  { "the empty list", "{\"arguments\":{\"leases\":[]}}", 0 },
  { "not a list", "{\"arguments\":{\"leases\":{\"a\":1}}}", 0 },
  { "in no map of that name", "{\"argument\":{\"leases\":[1]}}", 0 },
  { "right at the top", "{\"leases\":[1]}", 0 },
  { "in a list of that name", "{\"arguments\":[{\"leases\":[1]}]}", 0 },
  { "of another name", "{\"arguments\":{\"lease\":[1]}}", 0 },
  { "each of several", "[{\"arguments\":{\"leases\":[1,2]}},{\"arguments\":{\"leases\":[3]}}]", 3 },
};

START_TEST(knows_the_place_of_the_list) {
  listening l = { 0 };
  ck_assert_ptr_nonnull(read_leases(places[_i].text, &l));
  ck_assert_msg(l.count == places[_i].count, "%s", places[_i].sentence);
}
END_TEST

START_TEST(stops_when_asked_to) {
  listening l = { .stop_at = 2 };
  ck_assert_ptr_null(read_leases(answer, &l));
  ck_assert_int_eq(error.status, DHCPHA_ERR_LIMIT);
  ck_assert_uint_eq(l.count, 2);
}
END_TEST

static bool count_element(const dhcpha_json_value *element, void *user_data) {
  ck_assert(dhcpha_json_text_equals(dhcpha_json_get(element, "name"), "h\xe9st\n"));
  ++*(size_t *)user_data;
  return true;
}

START_TEST(needs_no_more_memory_for_a_longer_list) {
  size_t held[2];
  for (int round = 0; round < 2; round++) {
    int leases = round == 0 ? 10 : 10000;
    size_t count = 0;
    dhcpha_buffer_clear(&out);
    dhcpha_buffer_append_text(&out, "{\"arguments\":{\"leases\":[");
    for (int i = 0; i < leases; i++)
      dhcpha_buffer_append_format(&out, "%s{\"id\":%d,\"name\":\"h\xe9st\\n\",\"l\":[1,2,[3]]}",
                                  i == 0 ? "" : ",", i);
    dhcpha_buffer_append_text(&out, "]}}");
    dhcpha_arena_free(&arena);
    ck_assert_ptr_nonnull(dhcpha_json_read_list(&arena, out.data, out.len, "arguments", "leases",
                                                count_element, &count, &error));
    ck_assert_uint_eq(count, leases);
    held[round] = arena.held;
  }
  ck_assert_uint_eq(held[0], held[1]);
}
END_TEST

static bool count_only(const dhcpha_json_value *element, void *user_data) {
  ++*(size_t *)user_data;
  return element->integer == 1;
}

START_TEST(does_not_count_what_it_handed_out) {
  size_t count = 0;
  dhcpha_buffer_append_text(&out, "{\"arguments\":{\"leases\":[1");
  for (int i = 0; i < DHCPHA_JSON_VALUES_MAX; i++) dhcpha_buffer_append_text(&out, ",1");
  dhcpha_buffer_append_text(&out, "]}}");
  ck_assert_ptr_nonnull(dhcpha_json_read_list(&arena, out.data, out.len, "arguments", "leases",
                                              count_only, &count, &error));
  ck_assert_uint_eq(count, DHCPHA_JSON_VALUES_MAX + 1);
}
END_TEST

/* What yajl takes for an escaped string while an element is read outlives the element. */
START_TEST(keeps_what_the_parser_needs_between_elements) {
  char text[12000], expected[12000], long_string[3001];
  listening l = { 0 };
  memset(long_string, 'x', sizeof long_string);
  long_string[3000] = '\0';
  const char *first = "{\"a\":\"\\u0001\"}";
  const char *second = "{\"n\":[1.5,2.5,3.5,4.5],\"k\\u0002\":\"\\u0003abc\",\"m\":[{\"p\":1}]}";
  snprintf(text, sizeof text,
           "{\"arguments\":{\"leases\":[%s,%s,{\"b\":\"%s\\u0004\"},%s,%s,{\"c\":\"%s\\u0005\"}]}}",
           first, second, long_string, second, first, long_string);
  snprintf(expected, sizeof expected,
           "%s\n%s\n{\"b\":\"%s\\u0004\"}\n%s\n%s\n{\"c\":\"%s\\u0005\"}\n", first, second,
           long_string, second, first, long_string);
  ck_assert_ptr_nonnull(read_leases(text, &l));
  ck_assert_str_eq(dhcpha_buffer_text(&out), expected);
}
END_TEST

START_TEST(does_not_allocate_for_a_like_text) {
  ck_assert_ptr_nonnull(read_copy(answer, sizeof answer - 1));
  uint64_t before = counts.requests;
  for (int i = 0; i < 10; i++) ck_assert_ptr_nonnull(read_copy(answer, sizeof answer - 1));
  ck_assert_uint_eq(counts.requests, before);
}
END_TEST

START_TEST(says_so_when_memory_is_short) {
  for (uint64_t nth = 1; nth < 1000; nth++) {
    listening l = { 0 };
    char long_string[9000];
    dhcpha_arena_free(&arena);
    dhcpha_buffer_free(&out);
    counts = (failing_allocator){ 0 };
    /* An escape at its end makes yajl take memory for the string too. */
    memset(long_string, 'x', sizeof long_string);
    memcpy(long_string, "{\"a\":\"\\u00e9", 12);
    memcpy(long_string + sizeof long_string - 6, "\\n\"}x", 5);
    counts.fail_from = nth;
    counts.fail_count = 1;
    const dhcpha_json_value *value =
      dhcpha_json_read(&arena, long_string, sizeof long_string - 2, &error);
    if (value != NULL) value = read_leases(answer, &l);
    if (counts.failed == 0) {
      ck_assert_ptr_nonnull(value);
      ck_assert_uint_gt(nth, 3);
      return;
    }
    /* The buffer that the elements are written to may be what failed. */
    ck_assert_int_eq(value == NULL ? error.status : out.status, DHCPHA_ERR_NOMEM);
  }
  ck_abort_msg("the last allocation was not reached");
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("json");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_loop_test(tcase, reads_and_writes, 0, COUNT_OF(good));
  tcase_add_loop_test(tcase, tells_integers_from_other_numbers, 0, COUNT_OF(numbers));
  tcase_add_loop_test(tcase, refuses_and_says_where, 0, COUNT_OF(bad));
  tcase_add_test(tcase, refuses_every_part_of_a_text);
  tcase_add_test(tcase, survives_any_change_of_one_byte);
  tcase_add_test(tcase, limits_the_depth);
  tcase_add_test(tcase, limits_its_memory);
  tcase_add_test(tcase, limits_the_number_of_values);
  tcase_add_test(tcase, finds_repeated_keys_among_many);
  tcase_add_test(tcase, gets_members);
  tcase_add_test(tcase, hands_out_the_elements_of_the_list);
  tcase_add_loop_test(tcase, knows_the_place_of_the_list, 0, COUNT_OF(places));
  tcase_add_test(tcase, stops_when_asked_to);
  tcase_add_test(tcase, needs_no_more_memory_for_a_longer_list);
  tcase_add_test(tcase, does_not_count_what_it_handed_out);
  tcase_add_test(tcase, keeps_what_the_parser_needs_between_elements);
  tcase_add_test(tcase, does_not_allocate_for_a_like_text);
  tcase_add_test(tcase, says_so_when_memory_is_short);
  return unit_run("json", tcase);
}
