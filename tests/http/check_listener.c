/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* The listener against plain sockets: P1 4.3, and requesters that mean no good. */
#include "host.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define JSON "{\"command\": \"ha-heartbeat\", \"service\": [\"dhcp4\"]}"
#define GOOD                                                                                       \
  "POST / HTTP/1.1\r\nHost: 10.77.0.2\r\nContent-Type: application/json\r\n"                       \
  "Content-Length: 49\r\n\r\n" JSON
#define BAD_REQUEST "{ \"result\": 400, \"text\": \"Bad Request\" }"
#define ANSWER "[ { \"result\": 0 } ]"
#define MANY 100

static raw one, many[MANY];

static void start_with(void) {
  host_start(&server, &server_options);
  host_listen(&server, "127.0.0.1");
  server.answer = ANSWER;
  server.answer_len = strlen(ANSWER);
}

static void start(void) {
  dhcpha_http_options_init(&server_options);
  start_with();
}

/* All limits small. */
static void start_strict(void) {
  dhcpha_http_options_init(&server_options);
  server_options.request_body_max = 4096;
  server_options.header_max = 4096;
  server_options.connections_max = 4;
  server_options.receive_timeout_ms = 500;
  server_options.idle_timeout_ms = 700;
  start_with();
}

static void end(void) { host_end(&server); }

static void let_pass(double time) {
  double until = seconds() + time;
  while (seconds() < until) turn();
}

/* From errors-http of the recorded servers, but for what is said to be ours. */
static const struct {
  const char *sentence, *request;
  bool is_refused, closes;
  const char *status_line, *body;
} requests[] = {
  { "as Kea sends it", GOOD, false, false, "HTTP/1.1 200 OK\r\n", ANSWER },
  { "GET", "GET / HTTP/1.1\r\nHost: 10.77.0.2\r\n\r\n", true, true,
    "HTTP/1.1 400 Bad Request\r\n", BAD_REQUEST },
  { "PUT", "PUT / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", true,
    false, "HTTP/1.1 400 Bad Request\r\n", BAD_REQUEST },
  { "OPTIONS",
    "OPTIONS / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", true,
    false, "HTTP/1.1 400 Bad Request\r\n", BAD_REQUEST },
  { "post, in lower case",
    "post / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", false, false,
    "HTTP/1.1 200 OK\r\n", ANSWER },
  { "any path",
    "POST /no/such/path?x=1 HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"
    "{}",
    false, false, "HTTP/1.1 200 OK\r\n", ANSWER },
  { "a whole URL",
    "POST http://10.77.0.2:8005/ HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
    "\r\n{}",
    false, false, "HTTP/1.1 200 OK\r\n", ANSWER },
  { "no Content-Type", "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", true, false,
    "HTTP/1.1 400 Bad Request\r\n", BAD_REQUEST },
  { "another Content-Type",
    "POST / HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}", true, false,
    "HTTP/1.1 400 Bad Request\r\n", BAD_REQUEST },
  { "a parameter in the Content-Type",
    "POST / HTTP/1.1\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}",
    true, false, "HTTP/1.1 400 Bad Request\r\n", BAD_REQUEST },
  { "names and types in another case",
    "POST / HTTP/1.1\r\nhost: x\r\ncontent-type: Application/JSON\r\ncontent-length: 2\r\n\r\n{}",
    false, false, "HTTP/1.1 200 OK\r\n", ANSWER },
  { "other headers",
    "POST / HTTP/1.1\r\nContent-Type: application/json\r\nAccept: */*\r\nUser-Agent: curl/8\r\n"
    "X-Other: a:b\r\nContent-Length: 2\r\n\r\n{}",
    false, false, "HTTP/1.1 200 OK\r\n", ANSWER },
  { "Connection: close",
    "POST / HTTP/1.1\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 2\r\n"
    "\r\n{}",
    false, true, "HTTP/1.1 200 OK\r\n", ANSWER },
  { "an empty body",
    "POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n", false, false,
    "HTTP/1.1 200 OK\r\n", ANSWER },
  { "HTTP/1.0",
    "POST / HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", false, true,
    "HTTP/1.0 200 OK\r\n", ANSWER },
  { "HTTP/1.0, kept",
    "POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Type: application/json\r\n"
    "Content-Length: 2\r\n\r\n{}",
    false, false, "HTTP/1.0 200 OK\r\n", ANSWER },
  { "no Content-Length", "POST / HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{}", true, true,
    "HTTP/1.1 400 Bad Request\r\n", BAD_REQUEST },
  { "in chunks",
    "POST / HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    "2\r\n{}\r\n0\r\n\r\n",
    true, true, "HTTP/1.1 400 Bad Request\r\n", BAD_REQUEST },
  /* libmicrohttpd refuses these by itself, in words of its own. */
  { "a length that is no number",
    "POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: abc\r\n\r\n{}", true, true,
    "HTTP/1.1 400 Bad Request\r\n", "" },
  { "a length beyond all numbers",
    "POST / HTTP/1.1\r\nContent-Type: application/json\r\n"
    "Content-Length: 99999999999999999999999\r\n\r\n{}",
    true, true, "HTTP/1.1 413 ", "" },
  { "an HTTP there is not", "POST / HTTP/7.3\r\n\r\n", true, true, "HTTP/1.1 505 ", "" },
  { "a request without HTTP", "POST /\r\n\r\n", true, true, "HTTP/1.1 400 ", "" },
};

START_TEST(a_request_is_answered_as_kea_does) {
  raw_connect(&one, server.port);
  raw_print(&one, requests[_i].request);
  RUN_UNTIL(raw_has(&one, "\r\n\r\n") && raw_has(&one, requests[_i].body));
  if (requests[_i].closes)
    RUN_UNTIL(raw_is_closed(&one));
  ck_assert_msg(strncmp(one.data, requests[_i].status_line, strlen(requests[_i].status_line)) == 0,
                "%s: %s", requests[_i].sentence, one.data);
  ck_assert_ptr_null(strstr(one.data, "Transfer-Encoding"));
  ck_assert_ptr_nonnull(strstr(one.data, "Content-Length: "));
  ck_assert_ptr_nonnull(strstr(one.data, "Date: "));
  ck_assert_uint_eq(server.refused, requests[_i].is_refused);
  ck_assert_uint_eq(server.received, !requests[_i].is_refused);
  if (!requests[_i].closes) {
    raw_forget(&one);
    raw_print(&one, GOOD);
    RUN_UNTIL(raw_has(&one, ANSWER));
  }
  raw_close(&one);
}
END_TEST

START_TEST(what_is_no_request_at_all_is_not_answered) {
  static const char *const texts[] = { "nonsense\r\n\r\n", "\x16\x03\x01\x02\x01\xff\xfe\r\n\r\n" };
  raw_connect(&one, server.port);
  raw_print(&one, texts[_i]);
  RUN_UNTIL(raw_is_closed(&one));
  ck_assert_uint_eq(server.received, 0);
  raw_close(&one);
}
END_TEST

START_TEST(an_answer_looks_as_keas) {
  static const char *const lines[] = { "HTTP/1.1 200 OK\r\n", "\r\nContent-Length: 19\r\n",
                                       "\r\nContent-Type: application/json\r\n", "\r\nDate: ",
                                       " GMT\r\n", NULL };
  raw_connect(&one, server.port);
  raw_print(&one, GOOD);
  RUN_UNTIL(raw_has(&one, ANSWER));
  ck_assert(raw_has(&one, "\r\n\r\n" ANSWER));
  for (size_t i = 0; lines[i] != NULL; i++)
    ck_assert_msg(strstr(one.data, lines[i]) != NULL, "no %s in %s", lines[i], one.data);
  ck_assert_str_eq(server.last, JSON);
  raw_close(&one);
}
END_TEST

START_TEST(who_is_not_authorised_is_told_how) {
  server.answer_status = 401;
  raw_connect(&one, server.port);
  raw_print(&one, GOOD);
  RUN_UNTIL(raw_has(&one, ANSWER));
  ck_assert(raw_has(&one, "HTTP/1.1 401 Unauthorized\r\n"));
  ck_assert(raw_has(&one, "WWW-Authenticate: Basic realm=\"\"\r\n"));
  raw_close(&one);
}
END_TEST

START_TEST(head_gets_a_header_only) {
  raw_connect(&one, server.port);
  raw_print(&one, "HEAD / HTTP/1.1\r\nContent-Type: application/json\r\n\r\n");
  RUN_UNTIL(raw_is_closed(&one));
  ck_assert(raw_has(&one, "HTTP/1.1 400 Bad Request\r\n"));
  ck_assert(!raw_has(&one, "{"));
  raw_close(&one);
}
END_TEST

START_TEST(requests_on_each_others_heels_are_answered_in_order) {
  raw_connect(&one, server.port);
  server.holds = true;
  raw_print(&one, GOOD GOOD GOOD);
  for (size_t i = 0; i < 3; i++) {
    char answer[16];
    RUN_UNTIL(server.held_count == i + 1);
    snprintf(answer, sizeof answer, "[ %zu ]", i);
    ck_assert_int_eq(
      dhcpha_http_answer(server.http, server.held[i], 200, answer, strlen(answer)), DHCPHA_OK);
    RUN_UNTIL(raw_has(&one, answer));
  }
  raw_close(&one);
}
END_TEST

START_TEST(a_request_in_single_bytes_is_a_request) {
  raw_connect(&one, server.port);
  for (const char *byte = GOOD; *byte != '\0'; byte++) {
    raw_send(&one, byte, 1);
    turn();
  }
  RUN_UNTIL(raw_has(&one, ANSWER));
  ck_assert_str_eq(server.last, JSON);
  raw_close(&one);
}
END_TEST

START_TEST(who_closed_the_sending_side_with_the_request_is_answered) {
  raw_connect(&one, server.port);
  server.holds = true;
  raw_print(&one, GOOD);
  shutdown(one.fd, SHUT_WR);
  RUN_UNTIL(server.held_count == 1);
  for (int i = 0; i < 5; i++) turn();
  ck_assert_int_eq(dhcpha_http_answer(server.http, server.held[0], 200, ANSWER, strlen(ANSWER)),
                   DHCPHA_OK);
  RUN_UNTIL(raw_has(&one, ANSWER));
  raw_close(&one);
}
END_TEST

START_TEST(who_resets_the_connection_while_waiting_is_gone) {
  struct linger at_once = { 1, 0 };
  server.holds = true;
  raw_connect(&one, server.port);
  raw_print(&one, GOOD);
  RUN_UNTIL(server.held_count == 1);
  setsockopt(one.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  raw_close(&one);
  for (int i = 0; i < 5; i++) turn();
  ck_assert_int_eq(dhcpha_http_answer(server.http, server.held[0], 200, ANSWER, strlen(ANSWER)),
                   DHCPHA_ERR_UNKNOWN);
}
END_TEST

/* SIGPIPE would end the test. */
START_TEST(who_leaves_within_a_large_answer_does_no_harm) {
  size_t size = 20u << 20;
  char *large = calloc(1, size);
  ck_assert_ptr_nonnull(large);
  signal(SIGPIPE, SIG_DFL);
  server.holds = true;
  for (int i = 0; i < 5; i++) {
    raw_connect(&one, server.port);
    raw_print(&one, GOOD);
    RUN_UNTIL(server.held_count == 1);
    server.held_count = 0;
    dhcpha_http_answer(server.http, server.held[0], 200, large, size);
    if (i > 0) RUN_UNTIL(raw_has(&one, "HTTP/1.1 200"));
    raw_close(&one);
    for (int j = 0; j < 5; j++) turn();
  }
  server.holds = false;
  raw_connect(&one, server.port);
  raw_print(&one, GOOD);
  RUN_UNTIL(raw_has(&one, ANSWER));
  raw_close(&one);
  free(large);
}
END_TEST

START_TEST(hostile_bytes_do_no_harm) {
  unsigned seed = (unsigned)_i + 1;
  char bytes[3000];
  for (int round = 0; round < 50; round++) {
    size_t length = sizeof GOOD - 1;
    memcpy(bytes, GOOD, length);
    for (int change = 0; change <= round % 7; change++) {
      seed = seed * 1103515245u + 12345u;
      bytes[(seed >> 16) % length] = (char)(seed >> 8);
    }
    seed = seed * 1103515245u + 12345u;
    if (round % 5 == 0) length = (seed >> 16) % length;
    raw_connect(&one, server.port);
    raw_send(&one, bytes, length);
    turn();
    turn();
    raw_close(&one);
  }
  raw_connect(&one, server.port);
  raw_print(&one, GOOD);
  RUN_UNTIL(raw_has(&one, ANSWER));
  raw_close(&one);
}
END_TEST

/* --- Limits --------------------------------------------------------------------------------------- */

START_TEST(who_trickles_is_cut_off_while_another_is_served) {
  raw_connect(&one, server.port);
  raw_connect(&many[0], server.port);
  double began = seconds();
  raw_print(&one, "POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n");
  size_t served = 0;
  while (!raw_is_closed(&one)) {
    raw_print(&one, " ");
    raw_forget(&many[0]);
    raw_print(&many[0], GOOD);
    RUN_UNTIL(raw_has(&many[0], ANSWER));
    served++;
    let_pass(0.05);
    ck_assert_double_lt(seconds() - began, 20);
  }
  ck_assert_double_gt(seconds() - began, 0.4);
  ck_assert(raw_has(&one, "HTTP/1.1 408 Request Timeout\r\n"));
  ck_assert(raw_has(&one, "{ \"result\": 408, \"text\": \"Request Timeout\" }"));
  ck_assert_uint_gt(served, 2);
  ck_assert_int_eq(server.refused_status, 408);
  raw_close(&one);
  raw_close(&many[0]);
}
END_TEST

START_TEST(who_trickles_a_header_on_a_kept_connection_is_cut_off) {
  raw_connect(&one, server.port);
  raw_print(&one, GOOD);
  RUN_UNTIL(raw_has(&one, ANSWER));
  double began = seconds();
  raw_forget(&one);
  while (!raw_is_closed(&one)) {
    raw_print(&one, "P");
    let_pass(0.05);
    ck_assert_double_lt(seconds() - began, 20);
  }
  ck_assert(raw_has(&one, "HTTP/1.1 408 "));
  raw_close(&one);
}
END_TEST

START_TEST(who_says_nothing_is_cut_off) {
  raw_connect(&one, server.port);
  RUN_UNTIL(raw_is_closed(&one));
  ck_assert(raw_has(&one, "HTTP/1.1 408 "));
  raw_close(&one);
}
END_TEST

START_TEST(a_connection_idle_for_too_long_is_closed_without_a_word) {
  raw_connect(&one, server.port);
  raw_print(&one, GOOD);
  RUN_UNTIL(raw_has(&one, ANSWER));
  raw_forget(&one);
  double began = seconds();
  RUN_UNTIL(raw_is_closed(&one));
  ck_assert_double_gt(seconds() - began, 0.5);
  ck_assert_uint_eq(one.len, 0);
  ck_assert_uint_eq(server.refused, 0);
  raw_close(&one);
}
END_TEST

START_TEST(a_host_may_take_its_time) {
  server.holds = true;
  raw_connect(&one, server.port);
  raw_print(&one, GOOD);
  RUN_UNTIL(server.held_count == 1);
  let_pass(1.5);
  ck_assert_int_eq(dhcpha_http_answer(server.http, server.held[0], 200, ANSWER, strlen(ANSWER)),
                   DHCPHA_OK);
  RUN_UNTIL(raw_has(&one, ANSWER));
  raw_close(&one);
}
END_TEST

START_TEST(who_does_not_take_his_answer_is_cut_off) {
  size_t size = 40u << 20;
  char *large = calloc(1, size);
  ck_assert_ptr_nonnull(large);
  server.answer = large;
  server.answer_len = size;
  raw_connect(&one, server.port);
  raw_print(&one, GOOD);
  RUN_UNTIL(server.received == 1);
  let_pass(3);
  RUN_UNTIL(raw_is_closed(&one) || one.len == RAW_MAX);
  size_t got = one.len;
  while (!one.closed) {
    raw_forget(&one);
    raw_is_closed(&one);
    got += one.len;
    turn();
  }
  ck_assert_uint_lt(got, size);
  raw_close(&one);
  free(large);
}
END_TEST

static const struct {
  const char *sentence;
  size_t body_len, header_len;
  const char *status_line;
} sizes[] = {
  { "as much as may be", 4096, 3800, "HTTP/1.1 200 OK\r\n" },
  { "one byte more", 4097, 0, "HTTP/1.1 413 " },
  { "ten times as much", 40960, 0, "HTTP/1.1 413 " },
  { "a long header", 2, 4100, "HTTP/1.1 431 " },
  { "a header without an end", 2, 100000, "HTTP/1.1 431 " },
};

START_TEST(sizes_have_limits) {
  char *request = malloc(200000);
  ck_assert_ptr_nonnull(request);
  int length = sprintf(request,
                       "POST / HTTP/1.1\r\nContent-Type: application/json\r\n"
                       "Content-Length: %zu\r\nX-Fill: ",
                       sizes[_i].body_len);
  memset(request + length, 'x', sizes[_i].header_len);
  length += (int)sizes[_i].header_len;
  length += sprintf(request + length, "\r\n\r\n");
  memset(request + length, ' ', sizes[_i].body_len);
  raw_connect(&one, server.port);
  raw_send(&one, request, (size_t)length + sizes[_i].body_len);
  RUN_UNTIL(raw_has(&one, "\r\n\r\n"));
  ck_assert_msg(raw_has(&one, sizes[_i].status_line), "%s: %s", sizes[_i].sentence, one.data);
  ck_assert_uint_eq(server.refused, _i > 0);
  raw_close(&one);
  free(request);
}
END_TEST

START_TEST(an_idle_connection_gives_way_to_a_new_one) {
  for (int i = 0; i < 20; i++) {
    raw_connect(&many[i], server.port);
    raw_print(&many[i], GOOD);
    RUN_UNTIL(raw_has(&many[i], ANSWER));
  }
  RUN_UNTIL(raw_is_closed(&many[0]));
  ck_assert(!raw_is_closed(&many[19]));
  ck_assert_uint_eq(server.refused, 0);
  for (int i = 0; i < 20; i++) raw_close(&many[i]);
}
END_TEST

START_TEST(when_all_are_busy_a_new_one_is_turned_away) {
  server.holds = true;
  for (int i = 0; i < 4; i++) {
    raw_connect(&many[i], server.port);
    raw_print(&many[i], GOOD);
  }
  RUN_UNTIL(server.held_count == 4);
  raw_connect(&one, server.port);
  RUN_UNTIL(raw_is_closed(&one));
  ck_assert_int_eq(server.refused_status, 503);
  raw_close(&one);
  for (size_t i = 0; i < 4; i++)
    dhcpha_http_answer(server.http, server.held[i], 200, ANSWER, strlen(ANSWER));
  for (int i = 0; i < 4; i++) {
    RUN_UNTIL(raw_has(&many[i], ANSWER));
    raw_close(&many[i]);
  }
  server.holds = false;
  raw_connect(&one, server.port);
  raw_print(&one, GOOD);
  RUN_UNTIL(raw_has(&one, ANSWER));
  raw_close(&one);
}
END_TEST

START_TEST(a_crowd_from_one_address_does_not_keep_out_another) {
  for (int i = 0; i < 4; i++) raw_connect(&many[i], server.port);
  let_pass(0.1);
  raw_connect_from(&one, server.port, "127.0.0.9");
  raw_print(&one, GOOD);
  RUN_UNTIL(raw_has(&one, ANSWER));
  raw_close(&one);
  for (int i = 0; i < 4; i++) raw_close(&many[i]);
}
END_TEST

START_TEST(a_crowd_comes_and_goes) {
  for (int round = 0; round < 5; round++) {
    for (int i = 0; i < MANY; i++) raw_connect(&many[i], server.port);
    for (int i = 0; i < 5; i++) turn();
    for (int i = 0; i < MANY; i++) raw_print(&many[i], "POST / HT");
    for (int i = 0; i < 5; i++) turn();
    for (int i = 0; i < MANY; i++) raw_close(&many[i]);
  }
  let_pass(0.1);
  raw_connect(&one, server.port);
  raw_print(&one, GOOD);
  RUN_UNTIL(raw_has(&one, ANSWER));
  raw_close(&one);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("listener");
  TCase *tcase = tcase_create("listener");
  tcase_set_timeout(tcase, 120);
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_loop_test(tcase, a_request_is_answered_as_kea_does, 0,
                      sizeof requests / sizeof requests[0]);
  tcase_add_loop_test(tcase, what_is_no_request_at_all_is_not_answered, 0, 2);
  tcase_add_test(tcase, an_answer_looks_as_keas);
  tcase_add_test(tcase, who_is_not_authorised_is_told_how);
  tcase_add_test(tcase, head_gets_a_header_only);
  tcase_add_test(tcase, requests_on_each_others_heels_are_answered_in_order);
  tcase_add_test(tcase, a_request_in_single_bytes_is_a_request);
  tcase_add_test(tcase, who_closed_the_sending_side_with_the_request_is_answered);
  tcase_add_test(tcase, who_resets_the_connection_while_waiting_is_gone);
  tcase_add_test(tcase, who_leaves_within_a_large_answer_does_no_harm);
  tcase_add_loop_test(tcase, hostile_bytes_do_no_harm, 0, 4);
  suite_add_tcase(suite, tcase);
  TCase *strict = tcase_create("limits");
  tcase_set_timeout(strict, 120);
  tcase_add_checked_fixture(strict, start_strict, end);
  tcase_add_test(strict, who_trickles_is_cut_off_while_another_is_served);
  tcase_add_test(strict, who_trickles_a_header_on_a_kept_connection_is_cut_off);
  tcase_add_test(strict, who_says_nothing_is_cut_off);
  tcase_add_test(strict, a_connection_idle_for_too_long_is_closed_without_a_word);
  tcase_add_test(strict, a_host_may_take_its_time);
  tcase_add_test(strict, who_does_not_take_his_answer_is_cut_off);
  tcase_add_loop_test(strict, sizes_have_limits, 0, sizeof sizes / sizeof sizes[0]);
  tcase_add_test(strict, an_idle_connection_gives_way_to_a_new_one);
  tcase_add_test(strict, when_all_are_busy_a_new_one_is_turned_away);
  tcase_add_test(strict, a_crowd_from_one_address_does_not_keep_out_another);
  tcase_add_test(strict, a_crowd_comes_and_goes);
  suite_add_tcase(suite, strict);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failures = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
