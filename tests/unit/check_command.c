/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/command.h"

#include "unit/json_fixture.h"

/* ---- requests (P1 4.4); the texts are Kea's, as recorded ---- */

#define INVALID "Error during command processing: invalid command: "

static const struct {
  const char *json;
  const char *error; /* NULL: a command */
} requests[] = {
    {"{\"command\":\"ha-heartbeat\"}", NULL},
    {"{\"command\":\"x\",\"arguments\":null,\"service\":[],\"remote-address\":\"::1\"}", NULL},
    {"{\"command\":\"x\",\"service\":\"anything\"}", NULL},
    {"{\"command\":\"\"}", NULL},
    {"[]", INVALID "expected toplevel entry to be a map, got list instead"},
    {"\"x\"", INVALID "expected toplevel entry to be a map, got string instead"},
    {"1", INVALID "expected toplevel entry to be a map, got integer instead"},
    {"null", INVALID "expected toplevel entry to be a map, got null instead"},
    {"{}", INVALID "does not contain mandatory 'command'"},
    {"{\"command\":{}}", INVALID "expected 'command' to be a string, got map instead"},
    {"{\"command\":1}", INVALID "expected 'command' to be a string, got integer instead"},
    {"{\"command\":true}", INVALID "expected 'command' to be a string, got boolean instead"},
    {"{\"command\":\"x\",\"extra\":1}", INVALID "unsupported parameter 'extra'"},
    {"{\"command\":\"x\",\"Arguments\":{}}", INVALID "unsupported parameter 'Arguments'"},
};

START_TEST(reads_a_request_or_says_what_is_wrong) {
  dhcpha_command command;
  dhcpha_status status = dhcpha_command_read(&command, parse(requests[_i].json));
  ck_assert_int_eq(status, requests[_i].error == NULL ? DHCPHA_OK : DHCPHA_ERR_MALFORMED);
  ck_assert_str_eq(command.error, requests[_i].error == NULL ? "" : requests[_i].error);
}
END_TEST

START_TEST(a_long_parameter_is_cut_in_the_message) {
  char json[1200] = "{\"command\":\"x\",\"";
  memset(json + strlen(json), 'k', 1000);
  strcat(json, "\":1}");
  dhcpha_command command;
  ck_assert_int_eq(dhcpha_command_read(&command, parse(json)), DHCPHA_ERR_MALFORMED);
  ck_assert_uint_lt(strlen(command.error), 150);
}
END_TEST

START_TEST(a_command_is_its_whole_name) {
  dhcpha_command command;
  ck_assert_int_eq(dhcpha_command_read(&command, parse("{\"command\":\"ha-reset\"}")), DHCPHA_OK);
  ck_assert(dhcpha_command_is(&command, "ha-reset"));
  ck_assert(!dhcpha_command_is(&command, "ha-rese"));
  ck_assert(!dhcpha_command_is(&command, "ha-resets"));
  ck_assert_ptr_null(command.arguments);
  ck_assert_int_eq(dhcpha_command_read(&command, parse("{\"command\":\"ha-reset\\u0000\"}")),
                   DHCPHA_OK);
  ck_assert(!dhcpha_command_is(&command, "ha-reset"));
}
END_TEST

/* ---- answers (P1 4.5, P2 4.5): the first matching row ---- */

#define FAILED(list) "[{\"result\":3,\"arguments\":{\"failed-leases\":" list "}}]"

#define BUSY(result, text) "[{\"result\":" result ",\"text\":\"" text "\"}]"
#define ENTRY(result) "{\"result\":" result ",\"error-message\":\"ResourceBusy: x\"}"

static const struct {
  const char *sentence;
  const char *json; /* NULL: it was no JSON */
  dhcpha_answer_kind kind;
  int64_t code;
  const char *text; /* NULL: any */
} answers[] = {
    {"no JSON", NULL, DHCPHA_ANSWER_MALFORMED, 1, NULL},
    {"an empty list", "[]", DHCPHA_ANSWER_MALFORMED, 1, NULL},
    {"neither list nor map", "\"x\"", DHCPHA_ANSWER_MALFORMED, 1, NULL},
    {"null", "null", DHCPHA_ANSWER_MALFORMED, 1, NULL},
    {"the first element is no map", "[[]]", DHCPHA_ANSWER_MALFORMED, 1, NULL},
    {"result is missing", "[{\"text\":\"x\"}]", DHCPHA_ANSWER_MALFORMED, 1, NULL},
    {"result is a string", "[{\"result\":\"0\"}]", DHCPHA_ANSWER_MALFORMED, 1, NULL},
    {"result is real", "[{\"result\":0.0}]", DHCPHA_ANSWER_MALFORMED, 1, NULL},
    {"result is too large for an integer", "[{\"result\":99999999999999999999}]",
     DHCPHA_ANSWER_MALFORMED, 1, NULL},
    {"a bare map is an error whatever its result", "{\"result\":0,\"text\":\"ok\"}",
     DHCPHA_ANSWER_ERROR, 1, "ok"},
    {"one of 401", "{\"result\":401,\"text\":\"Unauthorized\"}", DHCPHA_ANSWER_ERROR, 1,
     "Unauthorized"},
    {"a bare map without text", "{}", DHCPHA_ANSWER_MALFORMED, 1, NULL},
    {"0", "[{\"result\":0}]", DHCPHA_ANSWER_SUCCESS, 0, ""},
    {"0 with a text", "[{\"result\":0,\"text\":\"fine\"}]", DHCPHA_ANSWER_SUCCESS, 0, "fine"},
    {"further elements are ignored", "[{\"result\":0},{\"result\":1},7]", DHCPHA_ANSWER_SUCCESS,
     0, ""},
    {"0 with failed leases is a success",
     "[{\"result\":0,\"arguments\":{\"failed-leases\":[{\"result\":1}]}}]",
     DHCPHA_ANSWER_SUCCESS, 0, ""},
    {"1", "[{\"result\":1,\"text\":\"no\"}]", DHCPHA_ANSWER_ERROR, 1, "no"},
    {"2", "[{\"result\":2,\"text\":\"'x' command not supported.\"}]", DHCPHA_ANSWER_UNSUPPORTED,
     2, "'x' command not supported."},
    {"3", "[{\"result\":3,\"text\":\"0 found\"}]", DHCPHA_ANSWER_SUCCESS, 3, "0 found"},
    {"4", "[{\"result\":4,\"text\":\"c\"}]", DHCPHA_ANSWER_CONFLICT, 4, "c"},
    {"4 because somebody else works on the lease", BUSY("4", "ResourceBusy: x"),
     DHCPHA_ANSWER_CONTENDED, 4, "ResourceBusy: x"},
    {"1 for that, as version 2.2 says", BUSY("1", "ResourceBusy: x"), DHCPHA_ANSWER_CONTENDED, 1,
     "ResourceBusy: x"},
    {"the text begins with it", BUSY("4", "x ResourceBusy"), DHCPHA_ANSWER_CONFLICT, 4, NULL},
    {"nothing shorter", BUSY("1", "ResourceBus"), DHCPHA_ANSWER_ERROR, 1, NULL},
    {"no other result means it", BUSY("5", "ResourceBusy: x"), DHCPHA_ANSWER_ERROR, 5, NULL},
    {"a success is one", BUSY("0", "ResourceBusy: x"), DHCPHA_ANSWER_SUCCESS, 0, NULL},
    {"5", "[{\"result\":5}]", DHCPHA_ANSWER_ERROR, 5, ""},
    {"400 in a list", "[{\"result\":400}]", DHCPHA_ANSWER_ERROR, 400, ""},
    {"1001", "[{\"result\":1001}]", DHCPHA_ANSWER_ERROR, 1001, ""},
    {"-1", "[{\"result\":-1}]", DHCPHA_ANSWER_ERROR, -1, ""},
    {"a text that is no string is none", "[{\"result\":1,\"text\":5}]", DHCPHA_ANSWER_ERROR, 1,
     ""},
    {"a text of several lines is one", "[{\"result\":1,\"text\":\"a\\nb\\u0000c\"}]",
     DHCPHA_ANSWER_ERROR, 1, "a b c"},
    {"3 with no failed leases", FAILED("[]"), DHCPHA_ANSWER_SUCCESS, 3, NULL},
    {"3, one was an error", FAILED("[{\"result\":1}]"), DHCPHA_ANSWER_ERROR, 3, NULL},
    {"3, one was a conflict", FAILED("[{\"result\":4}]"), DHCPHA_ANSWER_CONFLICT, 3, NULL},
    {"3, an error outweighs a conflict", FAILED("[{\"result\":4},{\"result\":1}]"),
     DHCPHA_ANSWER_ERROR, 3, NULL},
    {"3, in the other order", FAILED("[{\"result\":1},{\"result\":4}]"), DHCPHA_ANSWER_ERROR, 3,
     NULL},
    {"3, all that failed was busy", FAILED("[" ENTRY("4") "," ENTRY("1") ",{\"result\":3}]"),
     DHCPHA_ANSWER_CONTENDED, 3, NULL},
    {"3, a conflict outweighs contention", FAILED("[" ENTRY("4") ",{\"result\":4}]"),
     DHCPHA_ANSWER_CONFLICT, 3, NULL},
    {"3, so it does before it", FAILED("[{\"result\":4}," ENTRY("4") "]"),
     DHCPHA_ANSWER_CONFLICT, 3, NULL},
    {"3, and an error", FAILED("[" ENTRY("1") ",{\"result\":1}]"), DHCPHA_ANSWER_ERROR, 3, NULL},
    {"3, other results do not count", FAILED("[{\"result\":3},{\"result\":0},{\"result\":5}]"),
     DHCPHA_ANSWER_SUCCESS, 3, NULL},
    {"3, what is no entry is skipped", FAILED("[1,\"x\",[],{},{\"result\":\"1\"},{\"result\":4}]"),
     DHCPHA_ANSWER_CONFLICT, 3, NULL},
    {"3, failed leases that are no list", FAILED("{\"result\":1}"), DHCPHA_ANSWER_SUCCESS, 3,
     NULL},
    {"3, arguments that are no map", "[{\"result\":3,\"arguments\":[{\"result\":1}]}]",
     DHCPHA_ANSWER_SUCCESS, 3, NULL},
    {"3, failed deletions are never looked at",
     "[{\"result\":3,\"arguments\":{\"failed-deleted-leases\":[{\"result\":1}]}}]",
     DHCPHA_ANSWER_SUCCESS, 3, NULL},
};

START_TEST(judges_an_answer) {
  dhcpha_answer answer;
  dhcpha_answer_read(&answer, answers[_i].json == NULL ? NULL : parse(answers[_i].json));
  ck_assert_msg(answer.kind == answers[_i].kind, "%s: %d", answers[_i].sentence,
                (int)answer.kind);
  ck_assert_msg(answer.code == answers[_i].code, "%s", answers[_i].sentence);
  if (answers[_i].text != NULL)
    ck_assert_msg(strcmp(answer.text, answers[_i].text) == 0, "%s: %s", answers[_i].sentence,
                  answer.text);
}
END_TEST

START_TEST(a_long_text_is_cut) {
  char json[1000] = "[{\"result\":1,\"text\":\"";
  memset(json + strlen(json), 'x', 900);
  strcat(json, "\"}]");
  dhcpha_answer answer;
  dhcpha_answer_read(&answer, parse(json));
  ck_assert_uint_eq(strlen(answer.text), DHCPHA_COMMAND_TEXT_SIZE - 1);
}
END_TEST

/* ---- written ---- */

START_TEST(writes_answers_as_lists) {
  dhcpha_answer_write(&out, 1001, "a \"quoted\" \n text");
  ck_assert_str_eq(dhcpha_buffer_text(&out),
                   "[{\"result\":1001,\"text\":\"a \\\"quoted\\\" \\u000a text\"}]");
  dhcpha_buffer_clear(&out);
  dhcpha_answer_write_with(&out, "{\"state\":\"ready\"}", 0, "x");
  ck_assert_str_eq(dhcpha_buffer_text(&out),
                   "[{\"arguments\":{\"state\":\"ready\"},\"result\":0,\"text\":\"x\"}]");
}
END_TEST

/* P1 4.3: the bodies of HTTP errors are bare maps. */
static const struct {
  int status;
  const char *json;
} https[] = {
    {400, "{ \"result\": 400, \"text\": \"Bad Request\" }"},
    {403, "{ \"result\": 403, \"text\": \"Forbidden\" }"},
    {500, "{ \"result\": 500, \"text\": \"Internal Server Error\" }"},
};

START_TEST(writes_http_errors_as_bare_maps) {
  dhcpha_answer_write_http(&out, https[_i].status);
  ck_assert_str_eq(dhcpha_buffer_text(&out), https[_i].json);
}
END_TEST

START_TEST(says_so_when_memory_runs_out) {
  counts.fail_from = counts.requests + 1;
  counts.fail_count = 1;
  dhcpha_answer_write(&out, 0, "x");
  ck_assert_int_eq(out.status, DHCPHA_ERR_NOMEM);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("command");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_loop_test(tcase, reads_a_request_or_says_what_is_wrong, 0, COUNT_OF(requests));
  tcase_add_test(tcase, a_long_parameter_is_cut_in_the_message);
  tcase_add_test(tcase, a_command_is_its_whole_name);
  tcase_add_loop_test(tcase, judges_an_answer, 0, COUNT_OF(answers));
  tcase_add_test(tcase, a_long_text_is_cut);
  tcase_add_test(tcase, writes_answers_as_lists);
  tcase_add_loop_test(tcase, writes_http_errors_as_bare_maps, 0, COUNT_OF(https));
  tcase_add_test(tcase, says_so_when_memory_runs_out);
  return unit_run("command", tcase);
}
