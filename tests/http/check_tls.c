/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* TLS: who gets through to whom, with real handshakes over the loopback. */
#include "tls_peer.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TLS12 "NORMAL:-VERS-ALL:+VERS-TLS1.2"
#define TLS13 "NORMAL:-VERS-ALL:+VERS-TLS1.3"
#define TLS11 "NORMAL:-VERS-ALL:+VERS-TLS1.1:+VERS-TLS1.0"
#define HEARTBEAT "{ \"command\": \"ha-heartbeat\" }"

static void start(void) {
  host_start(&client, client_options.size > 0 ? &client_options : NULL);
  host_start(&server, server_options.size > 0 ? &server_options : NULL);
}

static void end(void) {
  no_hosts();
  memset(&client_options, 0, sizeof client_options);
  memset(&server_options, 0, sizeof server_options);
}

static void listen_at(const char *text, const char *ca, const char *who, bool require) {
  dhcpha_peer self = tls_peer("self", "", ca, who);
  dhcpha_address address;
  dhcpha_http_listen_options options;
  dhcpha_http_listen_options_init(&options);
  options.trust_anchor = self.trust_anchor;
  options.cert_file = self.cert_file;
  options.key_file = self.key_file;
  options.require_client_certs = require;
  dhcpha_address_parse(&address, text);
  ck_assert_int_eq(dhcpha_http_listen_with(server.http, &address, 0, &options, NULL), DHCPHA_OK);
  server.port = dhcpha_http_get_port(server.http, 0);
  snprintf(server.url, sizeof server.url, address.family == 6 ? "https://[%s]:%u/" : "https://%s:%u/",
           text, (unsigned)server.port);
}

static void listen_for(const char *ca, const char *who, bool require) {
  listen_at("127.0.0.1", ca, who, require);
}

static void know(const char *name, const char *ca, const char *who) {
  dhcpha_peer peer = tls_peer(name, server.url, ca, who);
  ck_assert_msg(dhcpha_http_add_peer(client.http, &peer) == DHCPHA_OK, "%s",
                dhcpha_http_get_error(client.http));
}

/* Sends a command and waits for its outcome; true: it was answered. */
static bool reaches(const char *name) {
  static uint64_t id = 100;
  size_t before = client.answered + client.failed, good = client.answered;
  ck_assert_int_eq(dhcpha_http_send_to(client.http, ++id, name, HEARTBEAT, sizeof HEARTBEAT - 1,
                                       TOO_LONG_S * 1000),
                   DHCPHA_OK);
  RUN_UNTIL(client.answered + client.failed > before);
  return client.answered > good;
}

/* --- Certificates ----------------------------------------------------------------------------- */

static const struct {
  const char *sentence;
  const char *client_ca, *client;
  const char *server_ca, *server;
  bool require;
  bool good;
  const char *text;    /* What the client says. */
  const char *refused; /* What the listener says. */
} rows[] = {
  { "each is of the other's trust anchor", "ca.crt", "server1", "ca.crt", "server2", true, true,
    NULL, NULL },
  { "trust anchors in folders", "ca", "server1", "ca", "server2", true, true, NULL, NULL },
  { "a requester's certificate is not asked for", "ca.crt", "stranger", "ca.crt", "server2", false,
    true, NULL, NULL },
  { "each has a CA of its own", "other-ca.crt", "server1", "ca.crt", "stranger", true, true, NULL,
    NULL },
  { "the requester is a stranger", "ca.crt", "stranger", "ca.crt", "server2", true, false, "",
    "the requester's certificate is not of the trust-anchor" },
  { "the requester's certificate has expired", "ca.crt", "expired", "ca.crt", "server2", true,
    false, "", "the requester's certificate has expired" },
  { "the requester's certificate is not valid yet", "ca.crt", "future", "ca.crt", "server2", true,
    false, "", "the requester's certificate is not valid yet" },
  { "the listener is a stranger", "ca.crt", "server1", "ca.crt", "stranger", true, false,
    "the peer's certificate is not trusted", "the TLS handshake failed" },
  { "the listener's certificate has expired", "ca.crt", "server1", "ca.crt", "expired", true,
    false, "certificate has expired", "the TLS handshake failed" },
  { "the listener's certificate is not valid yet", "ca.crt", "server1", "ca.crt", "future", true,
    false, "not yet valid", "the TLS handshake failed" },
  { "the requester trusts another CA", "other-ca.crt", "server1", "ca.crt", "server2", true, false,
    "the peer's certificate is not trusted", "the TLS handshake failed" },
  { "the listener trusts another CA", "ca.crt", "server1", "other-ca.crt", "server2", true, false,
    "", "the requester's certificate is not of the trust-anchor" },
};

START_TEST(certificates_decide_who_gets_through) {
  listen_for(rows[_i].server_ca, rows[_i].server, rows[_i].require);
  know("peer", rows[_i].client_ca, rows[_i].client);
  bool good = reaches("peer");
  ck_assert_msg(good == rows[_i].good, "%s: %s", rows[_i].sentence, client.text);
  ck_assert_uint_eq(server.received, good);
  if (good) return;
  ck_assert_int_eq(client.why, DHCPHA_ERR_REFUSED);
  ck_assert_msg(strstr(client.text, rows[_i].text) != NULL, "%s: %s", rows[_i].sentence,
                client.text);
  RUN_UNTIL(server.refused > 0);
  ck_assert_int_eq(server.refused_status, 0);
  ck_assert_str_eq(server.refused_text, rows[_i].refused);
}
END_TEST

START_TEST(tls_depends_on_the_parameters_not_on_the_scheme) {
  listen_for("ca.crt", "server2", true);
  memmove(server.url + 4, server.url + 5, strlen(server.url + 4));
  ck_assert(strncmp(server.url, "http://127", 10) == 0);
  know("peer", "ca.crt", "server1");
  ck_assert(reaches("peer"));
  ck_assert_int_eq(dhcpha_http_send(client.http, 1, server.url, "x", 1, 10000), DHCPHA_OK);
  RUN_UNTIL(client.answered == 2);
}
END_TEST

START_TEST(without_parameters_https_is_refused) {
  ck_assert_int_eq(dhcpha_http_send(client.http, 1, "https://127.0.0.1:1/", "", 0, 1000),
                   DHCPHA_ERR_ARGUMENT);
}
END_TEST

START_TEST(over_ipv6_too) {
  dhcpha_address address;
  dhcpha_address_parse(&address, "::1");
  if (dhcpha_http_listen(client.http, &address, 0, NULL) != DHCPHA_OK) return; /* There is none. */
  listen_at("::1", "ca.crt", "server2", true);
  know("peer", "ca.crt", "server1");
  ck_assert(reaches("peer"));
}
END_TEST

/* --- Versions, and those who do not speak TLS ------------------------------------------------- */

static tls_hand hand;

static const struct {
  const char *sentence, *priorities, *who;
  bool require, good;
} requesters[] = {
  { "TLS 1.3", TLS13, "server1", true, true },
  { "TLS 1.2", TLS12, "server1", true, true },
  { "TLS 1.1", TLS11, "server1", true, false },
  { "no certificate, with TLS 1.3", TLS13, NULL, true, false },
  { "no certificate, with TLS 1.2", TLS12, NULL, true, false },
  { "no certificate, where none is required", TLS13, NULL, false, true },
};

/* With TLS 1.3 a requester learns only after its handshake that it was refused. */
START_TEST(requesters_with_other_means) {
  listen_for("ca.crt", "server2", requesters[_i].require);
  raw_connect(&hand.socket, server.port);
  tls_hand_start(&hand, false, requesters[_i].priorities, requesters[_i].who);
  RUN_UNTIL(tls_hand_shake(&hand));
  if (hand.shaken) {
    tls_hand_print(&hand, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                          "Content-Length: 2\r\n\r\n{}");
    RUN_UNTIL(tls_hand_has(&hand, "\r\n\r\n{}") || tls_hand_is_closed(&hand));
  }
  bool good = hand.shaken && !hand.closed;
  ck_assert_msg(good == requesters[_i].good, "%s", requesters[_i].sentence);
  ck_assert_uint_eq(server.received, good);
  if (!good) {
    RUN_UNTIL(server.refused > 0);
    ck_assert_int_eq(server.refused_status, 0);
    ck_assert_str_eq(server.refused_text, "the TLS handshake failed");
  }
  tls_hand_end(&hand);
}
END_TEST

static const struct {
  const char *sentence, *priorities, *text;
} listeners[] = {
  { "TLS 1.1 at the most", TLS11, "the TLS handshake failed" },
  { "no TLS at all", NULL, "the TLS handshake failed" },
};

START_TEST(listeners_with_other_means) {
  int listening = raw_listen(&server.port);
  snprintf(server.url, sizeof server.url, "https://127.0.0.1:%u/", (unsigned)server.port);
  know("peer", "ca.crt", "server1");
  dhcpha_http_send_to(client.http, 1, "peer", "x", 1, 10000);
  RUN_UNTIL(raw_accept(&hand.socket, listening));
  if (listeners[_i].priorities != NULL) {
    tls_hand_start(&hand, true, listeners[_i].priorities, "server2");
    RUN_UNTIL(tls_hand_shake(&hand));
    ck_assert(!hand.shaken);
    tls_hand_end(&hand);
  } else {
    raw_print(&hand.socket, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  }
  RUN_UNTIL(client.failed == 1);
  ck_assert_int_eq(client.why, DHCPHA_ERR_REFUSED);
  ck_assert_msg(strstr(client.text, listeners[_i].text) != NULL, "%s: %s", listeners[_i].sentence,
                client.text);
  if (listeners[_i].priorities == NULL) raw_close(&hand.socket);
  close(listening);
}
END_TEST

START_TEST(plain_http_does_not_reach_a_listener_with_tls) {
  listen_for("ca.crt", "server2", false);
  raw_connect(&hand.socket, server.port);
  raw_print(&hand.socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                          "Content-Length: 2\r\n\r\n{}");
  RUN_UNTIL(raw_is_closed(&hand.socket));
  ck_assert(!raw_has(&hand.socket, "HTTP"));
  ck_assert_uint_eq(server.received, 0);
  ck_assert_str_eq(server.refused_text, "the TLS handshake failed");
  raw_close(&hand.socket);
}
END_TEST

START_TEST(tls_does_not_reach_a_plain_listener) {
  host_listen(&server, "127.0.0.1");
  know("peer", "ca.crt", "server1");
  ck_assert(!reaches("peer"));
  ck_assert_int_eq(client.why, DHCPHA_ERR_REFUSED);
  ck_assert_uint_eq(server.received, 0);
}
END_TEST

/* --- Time ------------------------------------------------------------------------------------- */

START_TEST(a_handshake_that_never_ends_is_cut_off) {
  listen_for("ca.crt", "server2", true);
  raw_connect(&hand.socket, server.port);
  raw_send(&hand.socket, "\x16\x03\x01", 3);
  RUN_UNTIL(raw_is_closed(&hand.socket));
  ck_assert(!raw_has(&hand.socket, "HTTP"));
  ck_assert_int_eq(server.refused_status, 408);
  raw_close(&hand.socket);
}
END_TEST

START_TEST(a_late_request_is_told_so_in_tls) {
  listen_for("ca.crt", "server2", true);
  raw_connect(&hand.socket, server.port);
  tls_hand_start(&hand, false, TLS13, "server1");
  RUN_UNTIL(tls_hand_shake(&hand));
  tls_hand_print(&hand, "POST / HTTP/1.1\r\nHo");
  RUN_UNTIL(tls_hand_is_closed(&hand));
  ck_assert(tls_hand_has(&hand, "HTTP/1.1 408 Request Timeout\r\n"));
  tls_hand_end(&hand);
}
END_TEST

START_TEST(a_peer_that_does_not_shake_hands_is_silent) {
  int listening = raw_listen(&server.port);
  snprintf(server.url, sizeof server.url, "https://127.0.0.1:%u/", (unsigned)server.port);
  know("peer", "ca.crt", "server1");
  dhcpha_http_send_to(client.http, 1, "peer", "x", 1, 200);
  RUN_UNTIL(client.failed == 1);
  ck_assert_int_eq(client.why, DHCPHA_ERR_TIMEOUT);
  close(listening);
}
END_TEST

/* --- Much at a time --------------------------------------------------------------------------- */

START_TEST(large_commands_and_answers) {
  size_t len = 3u << 20;
  char *large = large_text(len);
  listen_for("ca.crt", "server2", true);
  know("peer", "ca.crt", "server1");
  for (uint64_t id = 1; id <= 4; id++)
    ck_assert_int_eq(dhcpha_http_send_to(client.http, id, "peer", large, len, 20000), DHCPHA_OK);
  RUN_UNTIL(client.answered == 4);
  ck_assert_uint_eq(client.last_len, len);
  ck_assert_mem_eq(client.last, large, len);
  free(large);
}
END_TEST

/* Neither asks for a timeout: the descriptor alone must wake them. */
static void turn_by_descriptors(void) {
  struct pollfd fds[2] = { { dhcpha_http_get_fd(client.http), POLLIN, 0 },
                           { dhcpha_http_get_fd(server.http), POLLIN, 0 } };
  ck_assert_msg(poll(fds, 2, 5000) > 0, "nobody was woken");
  if (fds[0].revents) dhcpha_http_dispatch(client.http);
  if (fds[1].revents) dhcpha_http_dispatch(server.http);
}

START_TEST(the_descriptor_alone_suffices) {
  static char body[40000];
  memset(body, 'x', sizeof body);
  listen_for("ca.crt", "server2", true);
  know("peer", "ca.crt", "server1");
  for (uint64_t id = 1; id <= 200; id++)
    dhcpha_http_send_to(client.http, id, "peer", body, id % 2 ? 10 : sizeof body, 20000);
  while (client.answered < 200) {
    ck_assert_uint_eq(client.failed, 0);
    turn_by_descriptors();
  }
}
END_TEST

START_TEST(answers_may_be_late) {
  listen_for("ca.crt", "server2", true);
  know("peer", "ca.crt", "server1");
  server.holds = true;
  for (uint64_t id = 1; id <= 8; id++)
    dhcpha_http_send_to(client.http, id, "peer", "x", 1, 20000);
  RUN_UNTIL(server.held_count == 8);
  for (int i = 0; i < 5; i++) turn();
  for (size_t i = 0; i < 8; i++) dhcpha_http_answer(server.http, server.held[7 - i], 200, "[]", 2);
  RUN_UNTIL(client.answered == 8);
}
END_TEST

START_TEST(who_leaves_while_it_waits_is_gone) {
  listen_for("ca.crt", "server2", true);
  server.holds = true;
  know("peer", "ca.crt", "server1");
  dhcpha_http_send_to(client.http, 1, "peer", "x", 1, 20000);
  RUN_UNTIL(server.held_count == 1);
  dhcpha_http_cancel_all(client.http);
  for (int i = 0; i < 20; i++) turn();
  ck_assert_int_eq(dhcpha_http_answer(server.http, server.held[0], 200, "[]", 2),
                   DHCPHA_ERR_UNKNOWN);
}
END_TEST

/* --- Other files ------------------------------------------------------------------------------ */

static void replace_files(const char *ca, const char *who) {
  char file[64];
  certificate_copy(ca, "live-ca.crt");
  snprintf(file, sizeof file, "%s.crt", who);
  certificate_copy(file, "live.crt");
  snprintf(file, sizeof file, "%s.key", who);
  certificate_copy(file, "live.key");
}

START_TEST(a_listener_shows_its_new_certificate_to_new_connections) {
  replace_files("ca.crt", "server2");
  listen_for("live-ca.crt", "live", true);
  know("old", "ca.crt", "server1");
  know("new", "other-ca.crt", "stranger");
  ck_assert(reaches("old"));
  ck_assert(!reaches("new"));
  replace_files("other-ca.crt", "stranger");
  ck_assert(!reaches("new"));
  ck_assert_int_eq(dhcpha_http_reload_certificates(server.http), DHCPHA_OK);
  ck_assert(reaches("new"));
  ck_assert_msg(reaches("old"), "a connection that was there: %s", client.text);
}
END_TEST

START_TEST(a_requester_shows_its_new_certificate) {
  replace_files("ca.crt", "stranger");
  listen_for("ca.crt", "server2", true);
  know("peer", "live-ca.crt", "live");
  ck_assert(!reaches("peer"));
  replace_files("ca.crt", "server1");
  ck_assert(!reaches("peer"));
  ck_assert_int_eq(dhcpha_http_reload_certificates(client.http), DHCPHA_OK);
  ck_assert_msg(reaches("peer"), "%s", client.text);
  replace_files("other-ca.crt", "server1");
  ck_assert_int_eq(dhcpha_http_reload_certificates(client.http), DHCPHA_OK);
  ck_assert(!reaches("peer"));
}
END_TEST

START_TEST(what_cannot_be_loaded_changes_nothing) {
  replace_files("ca.crt", "server2");
  listen_for("live-ca.crt", "live", true);
  know("peer", "ca.crt", "server1");
  certificate_write("live.key", "nonsense");
  ck_assert_int_eq(dhcpha_http_reload_certificates(server.http), DHCPHA_ERR_CONFIG);
  const char *error = dhcpha_http_get_error(server.http);
  ck_assert_msg(strstr(error, "live.key' of the listener: ") != NULL, "%s", error);
  ck_assert(reaches("peer"));
}
END_TEST

static const struct {
  const char *sentence, *ca, *certificate, *key, *text;
} bad_files[] = {
  { "no trust anchor", "none", "server1.crt", "server1.key",
    "trust-anchor '%s/none' of peer 'peer': No such file" },
  { "no certificate", "ca.crt", "none", "server1.key",
    "cert-file '%s/none' of peer 'peer': No such file" },
  { "no key", "ca.crt", "server1.crt", "none", "key-file '%s/none' of peer 'peer': No such file" },
  { "a trust anchor that is none", "server1.key", "server1.crt", "server1.key",
    "trust-anchor '%s/server1.key' of peer 'peer': contains no certificate" },
  { "a certificate that is none", "ca.crt", "server1.key", "server1.key",
    "cert-file '%s/server1.key' of peer 'peer': contains no certificate" },
  { "a key that is none", "ca.crt", "server1.crt", "server1.crt",
    "key-file '%s/server1.crt' of peer 'peer': " },
  { "another's key", "ca.crt", "server1.crt", "server2.key",
    "key-file '%s/server2.key' of peer 'peer': is not the key of the certificate in cert-file" },
  { "an empty file", "ca.crt", "server1.crt", "empty", "key-file '%s/empty' of peer 'peer': " },
  { "a folder without a file named by hash", "empty.d", "server1.crt", "server1.key",
    "trust-anchor '%s/empty.d' of peer 'peer': no file in this folder is named by hash" },
  { "a folder for a certificate", "ca.crt", "ca", "server1.key",
    "cert-file '%s/ca' of peer 'peer': is not a regular file" },
};

START_TEST(files_that_do_not_suit_are_named) {
  char text[512], expected[512];
  certificate_write("empty", "");
  mkdir(certificate("empty.d"), 0755);
  dhcpha_peer peer = tls_peer("peer", "https://127.0.0.1:1/", bad_files[_i].ca, "server1");
  peer.cert_file = certificate(bad_files[_i].certificate);
  peer.key_file = certificate(bad_files[_i].key);
  ck_assert_int_eq(dhcpha_http_check_peer(&peer, text, sizeof text), DHCPHA_ERR_CONFIG);
  snprintf(expected, sizeof expected, "%s", bad_files[_i].text);
  char *mark = strstr(expected, "%s");
  snprintf(mark, sizeof expected - (size_t)(mark - expected), "%.*s%s",
           (int)(strlen(certificate("")) - 1), certificate(""),
           bad_files[_i].text + (mark - expected) + 2);
  ck_assert_msg(strncmp(text, expected, strlen(expected)) == 0, "%s: %s", bad_files[_i].sentence,
                text);
  ck_assert_int_eq(dhcpha_http_add_peer(client.http, &peer), DHCPHA_ERR_CONFIG);
  ck_assert_str_eq(dhcpha_http_get_error(client.http), text);
  ck_assert_int_eq(dhcpha_http_listen_peer(client.http, &peer, true, NULL), DHCPHA_ERR_CONFIG);
  ck_assert_str_eq(dhcpha_http_get_error(client.http), text);
}
END_TEST

START_TEST(good_files_are_fine) {
  char text[512] = "x";
  dhcpha_peer peer = tls_peer("peer", "https://127.0.0.1:1/", "ca", "server1");
  ck_assert_int_eq(dhcpha_http_check_peer(&peer, text, sizeof text), DHCPHA_OK);
  ck_assert_str_eq(text, "");
  peer.tls = false;
  peer.key_file = "/nowhere";
  ck_assert_int_eq(dhcpha_http_check_peer(&peer, NULL, 0), DHCPHA_OK);
}
END_TEST

static void limit_time(void) {
  dhcpha_http_options_init(&server_options);
  server_options.receive_timeout_ms = 200;
  start();
}

int main(void) {
  if (certificates_make() == NULL) return 77;
  Suite *suite = suite_create("tls");
  TCase *tcase = tcase_create("tls");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_loop_test(tcase, certificates_decide_who_gets_through, 0, COUNT_OF(rows));
  tcase_add_test(tcase, tls_depends_on_the_parameters_not_on_the_scheme);
  tcase_add_test(tcase, without_parameters_https_is_refused);
  tcase_add_test(tcase, over_ipv6_too);
  tcase_add_loop_test(tcase, requesters_with_other_means, 0, COUNT_OF(requesters));
  tcase_add_loop_test(tcase, listeners_with_other_means, 0, COUNT_OF(listeners));
  tcase_add_test(tcase, plain_http_does_not_reach_a_listener_with_tls);
  tcase_add_test(tcase, tls_does_not_reach_a_plain_listener);
  tcase_add_test(tcase, a_peer_that_does_not_shake_hands_is_silent);
  tcase_add_test(tcase, large_commands_and_answers);
  tcase_add_test(tcase, the_descriptor_alone_suffices);
  tcase_add_test(tcase, answers_may_be_late);
  tcase_add_test(tcase, who_leaves_while_it_waits_is_gone);
  tcase_add_test(tcase, a_listener_shows_its_new_certificate_to_new_connections);
  tcase_add_test(tcase, a_requester_shows_its_new_certificate);
  tcase_add_test(tcase, what_cannot_be_loaded_changes_nothing);
  tcase_add_loop_test(tcase, files_that_do_not_suit_are_named, 0, COUNT_OF(bad_files));
  tcase_add_test(tcase, good_files_are_fine);
  suite_add_tcase(suite, tcase);
  TCase *time = tcase_create("time");
  tcase_set_timeout(time, 60);
  tcase_add_checked_fixture(time, limit_time, end);
  tcase_add_test(time, a_handshake_that_never_ends_is_cut_off);
  tcase_add_test(time, a_late_request_is_told_so_in_tls);
  suite_add_tcase(suite, time);
  int status = unit_run_suite(suite);
  certificates_remove();
  return status;
}
