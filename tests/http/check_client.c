/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* The client against plain sockets: what it sends, and what it makes of what comes back. */
#include "host.h"

#include "peer_url.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BODY "{ \"arguments\": { \"server-name\": \"server1\" }, \"command\": \"ha-heartbeat\" }"

static int listening;
static uint16_t port;
static char url[64];
static raw peer, other;

static void start(void) {
  host_start(&client, NULL);
  listening = raw_listen(&port);
  snprintf(url, sizeof url, "http://127.0.0.1:%u/", (unsigned)port);
}

static void end(void) {
  host_end(&client);
  close(listening);
}

static void send_to(const char *where, uint64_t id, uint32_t timeout_ms) {
  ck_assert_int_eq(dhcpha_http_send(client.http, id, where, BODY, sizeof BODY - 1, timeout_ms),
                   DHCPHA_OK);
}

static void take_command(raw *one) { RUN_UNTIL(raw_has(one, BODY)); }

static void accept_command(raw *one) {
  RUN_UNTIL(raw_accept(one, listening));
  take_command(one);
}

static bool is_over(void) { return client.answered + client.failed > 0; }

START_TEST(a_command_looks_as_keas) {
  char expected[512];
  send_to(url, 1, 10000);
  accept_command(&peer);
  snprintf(expected, sizeof expected,
           "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
           "Content-Length: %zu\r\n\r\n%s",
           sizeof BODY - 1, BODY);
  ck_assert_str_eq(peer.data, expected);
  raw_close(&peer);
}
END_TEST

START_TEST(over_ipv6_the_host_has_no_brackets) {
  struct sockaddr_in6 address;
  socklen_t length = sizeof address;
  memset(&address, 0, sizeof address);
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  close(listening);
  listening = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (listening < 0 || bind(listening, (struct sockaddr *)&address, length) != 0) return;
  ck_assert_int_eq(listen(listening, 5), 0);
  ck_assert_int_eq(getsockname(listening, (struct sockaddr *)&address, &length), 0);
  snprintf(url, sizeof url, "http://[::1]:%u/path", (unsigned)ntohs(address.sin6_port));
  send_to(url, 1, 10000);
  accept_command(&peer);
  ck_assert(raw_has(&peer, "POST / HTTP/1.1\r\nHost: ::1\r\n"));
  raw_close(&peer);
}
END_TEST

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

static const struct {
  const char *sentence, *bytes;
  bool closes;
  dhcpha_status status;
  const char *body;
} answers[] = {
  { "as Kea answers", OK_HEAD "Content-Length: 2\r\n\r\n[]", false, DHCPHA_OK, "[]" },
  { "the status code is not looked at: 500",
    "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\n[]", false, DHCPHA_OK,
    "[]" },
  { "401 asks for no credentials",
    "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"\"\r\nContent-Length: 2\r\n"
    "\r\n{}",
    false, DHCPHA_OK, "{}" },
  { "a redirection is not followed",
    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 2\r\n\r\n[]", false,
    DHCPHA_OK, "[]" },
  { "HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n[]", true, DHCPHA_OK, "[]" },
  { "an interim answer first",
    "HTTP/1.1 100 Continue\r\n\r\n" OK_HEAD "Content-Length: 2\r\n\r\n[]", false, DHCPHA_OK,
    "[]" },
  { "an empty body", OK_HEAD "Content-Length: 0\r\n\r\n", false, DHCPHA_OK, "" },
  { "no content", "HTTP/1.1 204 No Content\r\n\r\n", false, DHCPHA_OK, "" },
  { "a length that the end of the connection gives", OK_HEAD "\r\n[]", true, DHCPHA_OK, "[]" },
  { "in chunks", OK_HEAD "Transfer-Encoding: chunked\r\n\r\n1\r\n[\r\n1\r\n]\r\n0\r\n\r\n",
    false, DHCPHA_OK, "[]" },
  { "compressed, as nobody asked for: passed on as it is",
    OK_HEAD "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n[]", false, DHCPHA_OK, "[]" },
  { "nothing", "", true, DHCPHA_ERR_REFUSED, NULL },
  { "part of a header", "HTTP/1.1 200 OK\r\nContent-Le", true, DHCPHA_ERR_REFUSED, NULL },
  { "part of a body", OK_HEAD "Content-Length: 5\r\n\r\n[", true, DHCPHA_ERR_REFUSED, NULL },
  { "not HTTP", "SSH-2.0-OpenSSH_9.2\r\n", true, DHCPHA_ERR_MALFORMED, NULL },
  { "not text", "\x16\x03\x01\x02\x01\xff\xfe\r\n", true, DHCPHA_ERR_MALFORMED, NULL },
  { "a negative length", OK_HEAD "Content-Length: -5\r\n\r\n[]", true, DHCPHA_ERR_MALFORMED, NULL },
  { "a chunk of no size", OK_HEAD "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", true,
    DHCPHA_ERR_MALFORMED, NULL },
  { "a version there is not", "HTTP/7.3 200 OK\r\n\r\n[]", true, DHCPHA_ERR_MALFORMED, NULL },
};

START_TEST(an_answer_is_taken_for_what_it_is) {
  send_to(url, 1, 10000);
  accept_command(&peer);
  raw_print(&peer, answers[_i].bytes);
  if (answers[_i].closes) raw_close(&peer);
  RUN_UNTIL(is_over());
  ck_assert_msg((client.answered == 1) == (answers[_i].status == DHCPHA_OK), "%s: %s",
                answers[_i].sentence, client.text);
  ck_assert_msg(client.why == answers[_i].status, "%s: %s: %s", answers[_i].sentence,
                dhcpha_strerror(client.why), client.text);
  if (answers[_i].body != NULL) ck_assert_str_eq(client.last, answers[_i].body);
  if (!answers[_i].closes) raw_close(&peer);
}
END_TEST

START_TEST(an_endless_header_is_cut_off) {
  send_to(url, 1, 10000);
  accept_command(&peer);
  raw_print(&peer, "HTTP/1.1 200 OK\r\n");
  for (int i = 0; i < 5000 && !is_over(); i++) {
    raw_print(&peer, "X-More: 0123456789\r\n");
    if (i % 100 == 0) turn();
  }
  RUN_UNTIL(is_over());
  ck_assert_int_eq(client.why, DHCPHA_ERR_LIMIT);
  raw_close(&peer);
}
END_TEST

START_TEST(nobody_listening_is_refused) {
  close(listening);
  listening = -1;
  send_to(url, 1, 10000);
  ck_assert_uint_eq(client.failed, 0);
  RUN_UNTIL(client.failed == 1);
  ck_assert_int_eq(client.why, DHCPHA_ERR_REFUSED);
  ck_assert_ptr_nonnull(strstr(client.text, "Connection refused"));
  ck_assert_ptr_nonnull(strstr(client.text, url));
}
END_TEST

START_TEST(a_url_without_a_port_never_works) {
  send_to("http://127.0.0.1/", 1, 10000);
  RUN_UNTIL(client.failed == 1);
  ck_assert_int_eq(client.why, DHCPHA_ERR_REFUSED);
}
END_TEST

START_TEST(silence_is_a_timeout_for_those_in_flight_and_those_behind_them) {
  double began = seconds();
  for (uint64_t id = 1; id <= 30; id++) send_to(url, id, 300);
  RUN_UNTIL(client.failed == 30);
  ck_assert_int_eq(client.why, DHCPHA_ERR_TIMEOUT);
  ck_assert_double_ge(seconds() - began, 0.299);
  ck_assert_double_le(seconds() - began, 10);
}
END_TEST

START_TEST(a_silent_peer_does_not_hold_up_another) {
  host_start(&server, NULL);
  host_listen(&server, "127.0.0.1");
  for (uint64_t id = 1; id <= 100; id++) send_to(url, id, 20000);
  for (uint64_t id = 101; id <= 200; id++) send_text(id, "[]");
  RUN_UNTIL(client.answered == 100);
  ck_assert_uint_eq(client.failed, 0);
  host_end(&server);
}
END_TEST

START_TEST(a_peer_that_trickles_is_not_silent) {
  send_to(url, 1, 400);
  accept_command(&peer);
  raw_print(&peer, OK_HEAD "Content-Length: 12\r\n\r\n");
  for (int i = 0; i < 12; i++) {
    ck_assert_uint_eq(client.failed, 0);
    raw_print(&peer, "x");
    double next = seconds() + 0.12;
    while (seconds() < next) turn();
  }
  RUN_UNTIL(client.answered == 1);
  ck_assert_str_eq(client.last, "xxxxxxxxxxxx");
  ck_assert_uint_gt(client.progressed, 2);
  ck_assert_uint_le(client.progressed, 14);
  raw_close(&peer);
}
END_TEST

START_TEST(silence_within_an_answer_is_a_timeout) {
  send_to(url, 1, 300);
  accept_command(&peer);
  raw_print(&peer, OK_HEAD "Content-Length: 12\r\n\r\n[");
  RUN_UNTIL(client.failed == 1);
  ck_assert_int_eq(client.why, DHCPHA_ERR_TIMEOUT);
  RUN_UNTIL(raw_is_closed(&peer));
  raw_close(&peer);
}
END_TEST

START_TEST(a_connection_is_kept) {
  send_to(url, 1, 10000);
  accept_command(&peer);
  for (uint64_t id = 2; id <= 20; id++) {
    raw_print(&peer, OK_HEAD "Content-Length: 2\r\n\r\n[]");
    RUN_UNTIL(client.answered == id - 1);
    raw_forget(&peer);
    send_to(url, id, 10000);
    take_command(&peer);
  }
  ck_assert(!raw_accept(&other, listening));
  raw_close(&peer);
}
END_TEST

START_TEST(a_kept_connection_that_the_peer_closed_is_no_failure) {
  send_to(url, 1, 10000);
  accept_command(&peer);
  raw_print(&peer, OK_HEAD "Content-Length: 2\r\n\r\n[]");
  RUN_UNTIL(client.answered == 1);
  raw_close(&peer);
  send_to(url, 2, 10000);
  accept_command(&other);
  raw_print(&other, OK_HEAD "Content-Length: 2\r\n\r\n[]");
  RUN_UNTIL(client.answered == 2);
  raw_close(&other);
}
END_TEST

START_TEST(a_kept_connection_closed_as_the_command_arrives_is_no_failure) {
  send_to(url, 1, 10000);
  accept_command(&peer);
  raw_print(&peer, OK_HEAD "Content-Length: 2\r\n\r\n[]");
  RUN_UNTIL(client.answered == 1);
  raw_forget(&peer);
  send_to(url, 2, 10000);
  take_command(&peer); /* Sent, and then: */
  raw_close(&peer);
  accept_command(&other);
  raw_print(&other, OK_HEAD "Content-Length: 2\r\n\r\n[]");
  RUN_UNTIL(client.answered == 2);
  ck_assert_uint_eq(client.failed, 0);
  raw_close(&other);
}
END_TEST

START_TEST(connection_close_is_honoured) {
  send_to(url, 1, 10000);
  accept_command(&peer);
  raw_print(&peer, OK_HEAD "Connection: close\r\nContent-Length: 2\r\n\r\n[]");
  RUN_UNTIL(client.answered == 1);
  RUN_UNTIL(raw_is_closed(&peer));
  raw_close(&peer);
}
END_TEST

START_TEST(bytes_after_an_answer_do_not_become_the_next) {
  send_to(url, 1, 10000);
  accept_command(&peer);
  raw_print(&peer, OK_HEAD "Content-Length: 2\r\n\r\n[]" OK_HEAD "Content-Length: 3\r\n\r\nbad");
  RUN_UNTIL(client.answered == 1);
  ck_assert_str_eq(client.last, "[]");
  raw_forget(&peer);
  send_to(url, 2, 10000);
  RUN_UNTIL(raw_accept(&other, listening) || raw_has(&peer, BODY) || client.answered == 2);
  ck_assert_str_ne(client.last, "bad");
}
END_TEST

START_TEST(the_environment_names_no_proxy) {
  send_to(url, 1, 10000);
  accept_command(&peer);
  ck_assert(raw_has(&peer, "POST / HTTP/1.1\r\n"));
  raw_close(&peer);
}
END_TEST

static void set_proxy(void) {
  setenv("http_proxy", "http://127.0.0.1:1/", 1);
  setenv("ALL_PROXY", "http://127.0.0.1:1/", 1);
  start();
}

static const struct {
  const char *url;
  uint16_t port;
  bool good;
} urls[] = {
  { "http://192.0.2.1:8000/", 8000, true },
  { "http://192.0.2.1:8000", 8000, true },
  { "http://[2001:db8::1]:8000/any/path?x=y", 8000, true },
  { "http://192.0.2.1/", 0, true },
  { "http://[2001:db8::1]", 0, true },
  { "http://192.0.2.1:65536/", 0, true }, /* Truncated, as Kea does (P1 1.6). */
  { "http://localhost:8000/", 8000, true },
  { "http://a.b-1.example.", 0, true },
  { "HTTP://192.0.2.1:8000/", 0, false },
  { "http:/192.0.2.1:8000/", 0, false },
  { "http://", 0, false },
  { "http://:8000/", 0, false },
  { "http://192.0.2:8000/", 0, false },
  { "http://-a.example:8000/", 0, false },
  { "http://a..example:8000/", 0, false },
  { "http://a_b.example:8000/", 0, false },
  { "http://user@192.0.2.1:8000/", 0, false },
  { "http://[192.0.2.1:8000/", 0, false },
  { "http://[]:8000/", 0, false },
  { "http://192.0.2.1:/", 0, false },
  { "http://192.0.2.1:80x/", 0, false },
  { "http://192.0.2.1:-1/", 0, false },
  { "http://192.0.2.1:99999999999999999999/", 0, false },
  { "http://192.0.2.1/a:b", 0, false },
  { "http://0000000000000000000000000000000000000000000000000000000000000001/", 0, false },
  { "file:///etc/passwd", 0, false },
  { "", 0, false },
};

START_TEST(a_url_is_an_address_and_a_port) {
  dhcpha_peer_url got;
  dhcpha_status status = dhcpha_peer_url_parse(urls[_i].url, &got);
  ck_assert_msg((status == DHCPHA_OK) == urls[_i].good, "%s", urls[_i].url);
  if (urls[_i].good)
    ck_assert_uint_eq(got.port, urls[_i].port);
  else
    ck_assert_int_eq(dhcpha_http_send(client.http, 1, urls[_i].url, "", 0, 1),
                     DHCPHA_ERR_ARGUMENT);
}
END_TEST

START_TEST(peers_without_commands_are_forgotten) {
  for (unsigned i = 1; i <= 200; i++) {
    char where[64];
    snprintf(where, sizeof where, "http://127.0.0.1:%u/", i % 2 == 0 ? i : (unsigned)port);
    send_to(where, i, 1000);
    dhcpha_http_cancel_all(client.http);
  }
  for (int i = 0; i < 10; i++) turn();
  ck_assert(!is_over());
}
END_TEST

int main(void) {
  Suite *suite = suite_create("client");
  TCase *tcase = tcase_create("client");
  tcase_set_timeout(tcase, 120);
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, a_command_looks_as_keas);
  tcase_add_test(tcase, over_ipv6_the_host_has_no_brackets);
  tcase_add_loop_test(tcase, an_answer_is_taken_for_what_it_is, 0, COUNT_OF(answers));
  tcase_add_test(tcase, an_endless_header_is_cut_off);
  tcase_add_test(tcase, nobody_listening_is_refused);
  tcase_add_test(tcase, a_url_without_a_port_never_works);
  tcase_add_test(tcase, silence_is_a_timeout_for_those_in_flight_and_those_behind_them);
  tcase_add_test(tcase, a_silent_peer_does_not_hold_up_another);
  tcase_add_test(tcase, a_peer_that_trickles_is_not_silent);
  tcase_add_test(tcase, silence_within_an_answer_is_a_timeout);
  tcase_add_test(tcase, a_connection_is_kept);
  tcase_add_test(tcase, a_kept_connection_that_the_peer_closed_is_no_failure);
  tcase_add_test(tcase, a_kept_connection_closed_as_the_command_arrives_is_no_failure);
  tcase_add_test(tcase, connection_close_is_honoured);
  tcase_add_test(tcase, bytes_after_an_answer_do_not_become_the_next);
  tcase_add_test(tcase, peers_without_commands_are_forgotten);
  tcase_add_loop_test(tcase, a_url_is_an_address_and_a_port, 0, COUNT_OF(urls));
  suite_add_tcase(suite, tcase);
  TCase *proxy = tcase_create("proxy");
  tcase_add_checked_fixture(proxy, set_proxy, end);
  tcase_add_test(proxy, the_environment_names_no_proxy);
  suite_add_tcase(suite, proxy);
  return unit_run_suite(suite);
}
