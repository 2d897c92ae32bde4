/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* Basic authentication: what is sent, and what is let in (P1 1.8, 4.3). */
#include "host.h"

#include "credentials.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static raw one;

static dhcpha_peer make_peer(const char *url, const char *user, const char *password) {
  dhcpha_peer peer = plain_peer(url);
  peer.basic_auth_user = user;
  peer.basic_auth_password = password;
  return peer;
}

static void listen_for(const char *user, const char *password) {
  dhcpha_http_listen_options options;
  dhcpha_address address;
  dhcpha_http_listen_options_init(&options);
  options.user = user;
  options.password = password;
  dhcpha_address_parse(&address, "127.0.0.1");
  ck_assert_int_eq(dhcpha_http_listen_with(server.http, &address, 0, &options, NULL), DHCPHA_OK);
  server.port = dhcpha_http_get_port(server.http, 0);
  snprintf(server.url, sizeof server.url, "http://127.0.0.1:%u/", (unsigned)server.port);
}

static void start(void) {
  host_start(&client, NULL);
  host_start(&server, NULL);
}

static const struct {
  const char *sentence, *user, *password, *encoded;
} encodings[] = {
  { "plain text", "foo", "b:ar", "Zm9vOmI6YXI=" }, /* P1 4.1 */
  { "an empty password", "u", "", "dTo=" },
  { "no padding", "ab", "abc", "YWI6YWJj" },
  { "one sign of padding", "ab", "ab", "YWI6YWI=" },
  { "bytes from 0x80 on are taken for Latin-1 and doubled", "\xc3\xbc", "\xff",
    "w4PCvDrDvw==" },
};

START_TEST(credentials_are_encoded_as_kea_does) {
  char *encoded = dhcpha_credentials_encode(encodings[_i].user, encodings[_i].password);
  ck_assert_str_eq(encoded, encodings[_i].encoded);
  dhcpha_secret_free(encoded);
}
END_TEST

START_TEST(credentials_are_sent_with_each_command) {
  char expected[256];
  int listening = raw_listen(&server.port);
  snprintf(server.url, sizeof server.url, "http://127.0.0.1:%u/", (unsigned)server.port);
  dhcpha_peer peer = make_peer(server.url, "foo", "b:ar");
  ck_assert_int_eq(dhcpha_http_add_peer(client.http, &peer), DHCPHA_OK);
  for (uint64_t id = 1; id <= 2; id++) {
    dhcpha_http_send_to(client.http, id, "peer", "{}", 2, 10000);
    if (id == 1) RUN_UNTIL(raw_accept(&one, listening));
    RUN_UNTIL(raw_has(&one, "{}"));
    snprintf(expected, sizeof expected,
             "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic Zm9vOmI6YXI=\r\n"
             "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    ck_assert_str_eq(one.data, expected);
    raw_forget(&one);
    raw_print(&one, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]");
    RUN_UNTIL(client.answered == id);
  }
  raw_close(&one);
  close(listening);
}
END_TEST

START_TEST(a_failure_does_not_tell_them) {
  int listening = raw_listen(&server.port);
  snprintf(server.url, sizeof server.url, "http://127.0.0.1:%u/", (unsigned)server.port);
  dhcpha_peer peer = make_peer(server.url, "foo", "b:ar");
  ck_assert_int_eq(dhcpha_http_add_peer(client.http, &peer), DHCPHA_OK);
  dhcpha_http_send_to(client.http, 1, "peer", "{}", 2, 10000);
  RUN_UNTIL(raw_accept(&one, listening));
  raw_print(&one, "nonsense\r\n\r\n");
  raw_close(&one);
  RUN_UNTIL(client.failed == 1);
  ck_assert(strstr(client.text, "foo") == NULL && strstr(client.text, "Zm9v") == NULL);
  close(listening);
}
END_TEST

START_TEST(a_url_alone_finds_the_peers_credentials) {
  listen_for("foo", "b:ar");
  dhcpha_peer peer = make_peer(server.url, "foo", "b:ar");
  send_text(1, "{}");
  RUN_UNTIL(client.answered == 1);
  ck_assert_str_eq(client.last, "{ \"result\": 401, \"text\": \"Unauthorized\" }");
  ck_assert_int_eq(dhcpha_http_add_peer(client.http, &peer), DHCPHA_OK);
  send_text(2, "{}");
  RUN_UNTIL(client.answered == 2);
  ck_assert_str_eq(client.last, "{}");
}
END_TEST

START_TEST(a_peer_told_again_has_new_credentials) {
  listen_for("foo", "b:ar");
  dhcpha_peer peer = make_peer(server.url, "foo", "wrong");
  ck_assert_int_eq(dhcpha_http_add_peer(client.http, &peer), DHCPHA_OK);
  dhcpha_http_send_to(client.http, 1, "peer", "{}", 2, 10000);
  peer.basic_auth_password = "b:ar";
  ck_assert_int_eq(dhcpha_http_add_peer(client.http, &peer), DHCPHA_OK);
  dhcpha_http_send_to(client.http, 2, "peer", "{}", 2, 10000);
  RUN_UNTIL(client.answered == 2);
  ck_assert_uint_eq(server.received, 1);
  ck_assert_uint_eq(server.refused, 1);
  ck_assert_int_eq(dhcpha_http_send_to(client.http, 3, "nobody", "", 0, 1), DHCPHA_ERR_UNKNOWN);
}
END_TEST

/* --- On receipt ------------------------------------------------------------------------------- */

#define JSON_TYPE "Content-Type: application/json\r\n"

static const struct {
  const char *sentence, *header;
  int http_status;
} requests[] = {
  { "the right credentials", JSON_TYPE "Authorization: Basic Zm9vOmI6YXI=\r\n", 200 },
  { "the scheme in capitals", JSON_TYPE "AUTHORIZATION: BASIC Zm9vOmI6YXI=\r\n", 200 },
  { "white space around", JSON_TYPE "Authorization:  \t basic \t Zm9vOmI6YXI= \t\r\n", 200 },
  { "none", JSON_TYPE, 401 },
  { "an empty header", JSON_TYPE "Authorization: \r\n", 401 },
  { "a scheme only", JSON_TYPE "Authorization: Basic\r\n", 401 },
  { "no space behind the scheme", JSON_TYPE "Authorization: BasicZm9vOmI6YXI=\r\n", 401 },
  { "another scheme", JSON_TYPE "Authorization: Bearer Zm9vOmI6YXI=\r\n", 401 },
  { "the last sign is wrong", JSON_TYPE "Authorization: Basic Zm9vOmI6YXI-\r\n", 401 },
  { "the first sign is wrong", JSON_TYPE "Authorization: Basic zm9vOmI6YXI=\r\n", 401 },
  { "a part of them", JSON_TYPE "Authorization: Basic Zm9vOmI6\r\n", 401 },
  { "them twice", JSON_TYPE "Authorization: Basic Zm9vOmI6YXI=Zm9vOmI6YXI=\r\n", 401 },
  { "more behind them", JSON_TYPE "Authorization: Basic Zm9vOmI6YXI= x\r\n", 401 },
  { "plain text", JSON_TYPE "Authorization: Basic foo:b:ar\r\n", 401 },
  { "what is wrong with the header comes first", "Content-Type: text/plain\r\n", 400 },
};

START_TEST(a_request_needs_the_right_credentials) {
  listen_for("foo", "b:ar");
  raw_connect(&one, server.port);
  raw_print(&one, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n");
  raw_print(&one, requests[_i].header);
  raw_print(&one, "\r\n{}");
  RUN_UNTIL(raw_has(&one, "{}") || raw_has(&one, "\" }"));
  ck_assert_msg(atoi(one.data + strlen("HTTP/1.1 ")) == requests[_i].http_status, "%s: %s",
                requests[_i].sentence, one.data);
  ck_assert_uint_eq(server.received, requests[_i].http_status == 200);
  if (requests[_i].http_status == 401) {
    ck_assert(raw_has(&one, "HTTP/1.1 401 Unauthorized\r\n"));
    ck_assert(raw_has(&one, "\r\nWWW-Authenticate: Basic realm=\"\"\r\n"));
    ck_assert(raw_has(&one, "\r\nContent-Type: application/json\r\n"));
    ck_assert(raw_has(&one, "\r\n\r\n{ \"result\": 401, \"text\": \"Unauthorized\" }"));
    ck_assert_int_eq(server.refused_status, 401);
    ck_assert_str_eq(server.refused_text, "the credentials are missing or wrong");
  }
  raw_close(&one);
}
END_TEST

START_TEST(a_refused_connection_can_try_again) {
  listen_for("foo", "b:ar");
  raw_connect(&one, server.port);
  raw_print(&one, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n" JSON_TYPE "\r\n{}");
  RUN_UNTIL(raw_has(&one, "\" }"));
  raw_forget(&one);
  raw_print(&one, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n" JSON_TYPE
                  "Authorization: Basic Zm9vOmI6YXI=\r\n\r\n{}");
  RUN_UNTIL(raw_has(&one, "\r\n\r\n{}"));
  raw_close(&one);
}
END_TEST

START_TEST(without_a_user_nobody_is_asked) {
  listen_for("", "password");
  send_text(1, "{}");
  RUN_UNTIL(client.answered == 1);
  ck_assert_str_eq(client.last, "{}");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("auth");
  TCase *tcase = tcase_create("auth");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, start, no_hosts);
  tcase_add_loop_test(tcase, credentials_are_encoded_as_kea_does, 0, COUNT_OF(encodings));
  tcase_add_test(tcase, credentials_are_sent_with_each_command);
  tcase_add_test(tcase, a_failure_does_not_tell_them);
  tcase_add_test(tcase, a_url_alone_finds_the_peers_credentials);
  tcase_add_test(tcase, a_peer_told_again_has_new_credentials);
  tcase_add_loop_test(tcase, a_request_needs_the_right_credentials, 0, COUNT_OF(requests));
  tcase_add_test(tcase, a_refused_connection_can_try_again);
  tcase_add_test(tcase, without_a_user_nobody_is_asked);
  suite_add_tcase(suite, tcase);
  return unit_run_suite(suite);
}
