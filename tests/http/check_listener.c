/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* The listener against plain sockets: P1 4.3, and requesters that mean no good. */
#include "listening.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BAD_REQUEST "{ \"result\": 400, \"text\": \"Bad Request\" }"

static void start(void) {
  dhcpha_http_options_init(&server_options);
  start_listening();
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

int main(void) {
  Suite *suite = suite_create("listener");
  TCase *tcase = tcase_create("listener");
  tcase_set_timeout(tcase, 120);
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_loop_test(tcase, a_request_is_answered_as_kea_does, 0, COUNT_OF(requests));
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
  return unit_run_suite(suite);
}
