/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* Both ends are ours. */
#include "host.h"

#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

START_TEST(a_command_and_its_answer_come_through_unchanged) {
  const char bytes[] = "{ \"command\": \"ha-heartbeat\", \"odd\": \"\xc3\xa9 \\u00e9\" }\n\0after";
  ck_assert_int_eq(dhcpha_http_send(client.http, 7, server.url, bytes, sizeof bytes, 10000),
                   DHCPHA_OK);
  ck_assert_uint_eq(client.answered, 0); /* Never before the call returns. */
  RUN_UNTIL(client.answered == 1);
  ck_assert_uint_eq(client.last_id, 7);
  ck_assert_uint_eq(client.last_len, sizeof bytes);
  ck_assert_mem_eq(client.last, bytes, sizeof bytes);
  ck_assert_uint_eq(server.received, 1);
  ck_assert_uint_eq(client.failed, 0);
}
END_TEST

START_TEST(an_empty_command_and_an_empty_answer_pass) {
  send_text(1, "");
  RUN_UNTIL(client.answered == 1);
  ck_assert_uint_eq(server.last_len, 0);
  ck_assert_uint_eq(client.last_len, 0);
}
END_TEST

static void send_another(host *one, uint64_t id) {
  if (id < 1000) send_text(id + 1, "[]");
  ck_assert_uint_eq(one->failed, 0);
}

START_TEST(a_thousand_in_a_row_each_sent_when_the_last_was_answered) {
  client.on_answered = send_another;
  send_text(1, "[]");
  RUN_UNTIL(client.answered == 1000);
  ck_assert_uint_eq(server.received, 1000);
}
END_TEST

START_TEST(two_thousand_at_once) {
  char json[32];
  for (uint64_t id = 1; id <= 2000; id++) {
    snprintf(json, sizeof json, "[ %u ]", (unsigned)id);
    send_text(id, json);
  }
  RUN_UNTIL(client.answered == 2000);
  ck_assert_uint_eq(client.failed, 0);
  ck_assert_uint_eq(server.received, 2000);
}
END_TEST

static void answer_held(size_t i, const char *json) {
  ck_assert_int_eq(dhcpha_http_answer(server.http, server.held[i], 200, json, strlen(json)),
                   DHCPHA_OK);
}

START_TEST(as_many_as_connections_are_on_their_way_and_late_answers_go_where_they_belong) {
  char json[32];
  server.holds = true;
  for (uint64_t id = 1; id <= 60; id++) send_text(id, "[]");
  RUN_UNTIL(server.held_count == 32);
  for (int i = 0; i < 10; i++) turn();
  ck_assert_uint_eq(server.held_count, 32);
  for (size_t done = 0; done < 60; done++) {
    RUN_UNTIL(server.held_count > done);
    snprintf(json, sizeof json, "[ %zu ]", done);
    answer_held(done, json);
    RUN_UNTIL(client.answered == done + 1);
    ck_assert_str_eq(client.last, json);
  }
}
END_TEST

static void answer_all_held(host *one, uint64_t id) {
  (void)one;
  (void)id;
  for (size_t i = 0; i < server.held_count; i++) answer_held(i, "[]");
  server.held_count = 0;
}

START_TEST(an_answer_may_be_given_from_any_callback) {
  server.holds = true;
  for (uint64_t id = 1; id <= 5; id++) send_text(id, "[]");
  RUN_UNTIL(server.held_count == 5);
  server.on_failed = answer_all_held;
  ck_assert_int_eq(dhcpha_http_send(server.http, 1, "http://127.0.0.1:1/", "", 0, 1000), DHCPHA_OK);
  RUN_UNTIL(client.answered == 5);
}
END_TEST

START_TEST(an_answer_is_taken_once) {
  server.holds = true;
  send_text(1, "[]");
  RUN_UNTIL(server.held_count == 1);
  answer_held(0, "[]");
  ck_assert_int_eq(dhcpha_http_answer(server.http, server.held[0], 200, "", 0),
                   DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_http_answer(server.http, 0, 200, "", 0), DHCPHA_ERR_UNKNOWN);
  ck_assert_int_eq(dhcpha_http_answer(server.http, UINT64_MAX, 200, "", 0), DHCPHA_ERR_UNKNOWN);
  RUN_UNTIL(client.answered == 1);
}
END_TEST

START_TEST(a_requester_that_is_gone_is_unknown) {
  server.holds = true;
  for (uint64_t id = 1; id <= 4; id++) send_text(id, "[]");
  RUN_UNTIL(server.held_count == 4);
  dhcpha_http_cancel_all(client.http);
  for (int i = 0; i < 20; i++) turn();
  for (size_t i = 0; i < 4; i++)
    ck_assert_int_eq(dhcpha_http_answer(server.http, server.held[i], 200, "[]", 2),
                     DHCPHA_ERR_UNKNOWN);
  server.holds = false;
  send_text(9, "[]");
  RUN_UNTIL(client.answered == 1);
  ck_assert_uint_eq(client.last_id, 9);
}
END_TEST

START_TEST(nothing_is_told_of_what_was_cancelled) {
  for (uint64_t id = 1; id <= 50; id++) send_text(id, "[]");
  for (int i = 0; i < 3; i++) turn();
  size_t before = client.answered;
  dhcpha_http_cancel_all(client.http);
  for (int i = 0; i < 20; i++) turn();
  ck_assert_uint_eq(client.answered, before);
  ck_assert_uint_eq(client.failed, 0);
  send_text(51, "[]");
  RUN_UNTIL(client.answered == before + 1);
  ck_assert_uint_eq(client.last_id, 51);
}
END_TEST

static void cancel_all(host *one, uint64_t id) {
  (void)id;
  one->on_answered = NULL;
  dhcpha_http_cancel_all(one->http);
  dhcpha_http_dispatch(one->http); /* Does nothing from here. */
  send_text(1000, "[]");
}

START_TEST(all_may_be_cancelled_from_a_callback) {
  client.on_answered = cancel_all;
  for (uint64_t id = 1; id <= 50; id++) send_text(id, "[]");
  RUN_UNTIL(client.answered == 2);
  ck_assert_uint_eq(client.last_id, 1000);
  for (int i = 0; i < 10; i++) turn();
  ck_assert_uint_eq(client.answered, 2);
}
END_TEST

static void exchange_over(const char *address) {
  host_end(&server);
  host_start(&server, NULL);
  host_listen(&server, address);
  send_text(1, "[ 1 ]");
  RUN_UNTIL(client.answered == 1);
  ck_assert_str_eq(client.last, "[ 1 ]");
}

static bool has_ipv6(void) {
  struct sockaddr_in6 address;
  memset(&address, 0, sizeof address);
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  int fd = socket(AF_INET6, SOCK_STREAM, 0);
  bool has = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
  if (fd >= 0) close(fd);
  return has;
}

START_TEST(ipv6_works_as_ipv4) {
  if (has_ipv6()) exchange_over("::1");
}
END_TEST

START_TEST(several_listeners_have_numbers) {
  dhcpha_address address;
  size_t number = 99;
  dhcpha_address_parse(&address, "127.0.0.2");
  ck_assert_int_eq(dhcpha_http_listen(server.http, &address, 0, &number), DHCPHA_OK);
  ck_assert_uint_eq(number, 1);
  ck_assert_uint_ne(dhcpha_http_get_port(server.http, 1), 0);
  ck_assert_uint_eq(dhcpha_http_get_port(server.http, 2), 0);
  snprintf(server.url, sizeof server.url, "http://127.0.0.2:%u/",
           (unsigned)dhcpha_http_get_port(server.http, 1));
  send_text(1, "[]");
  RUN_UNTIL(client.answered == 1);
}
END_TEST

START_TEST(an_address_in_use_is_refused_with_errno) {
  dhcpha_address address;
  dhcpha_address_parse(&address, "127.0.0.1");
  errno = 0;
  ck_assert_int_eq(dhcpha_http_listen(client.http, &address, server.port, NULL), DHCPHA_ERR_IO);
  ck_assert_int_eq(errno, EADDRINUSE);
  dhcpha_address_parse(&address, "192.0.2.1");
  ck_assert_int_eq(dhcpha_http_listen(client.http, &address, 0, NULL), DHCPHA_ERR_IO);
  ck_assert_int_eq(errno, EADDRNOTAVAIL);
  address.family = 0;
  ck_assert_int_eq(dhcpha_http_listen(client.http, &address, 0, NULL), DHCPHA_ERR_ARGUMENT);
}
END_TEST

START_TEST(a_large_answer_comes_whole_and_shows_progress) {
  size_t size = 5u << 20;
  char *large = large_text(size);
  server.answer = large;
  server.answer_len = size;
  for (uint64_t id = 1; id <= 3; id++) {
    send_text(id, "[]");
    RUN_UNTIL(client.answered == id);
    ck_assert_uint_eq(client.last_len, size);
    ck_assert_mem_eq(client.last, large, size);
  }
  free(large);
}
END_TEST

START_TEST(a_large_command_arrives_whole) {
  size_t size = 3u << 20;
  char *large = large_text(size);
  ck_assert_int_eq(dhcpha_http_send(client.http, 1, server.url, large, size, 10000), DHCPHA_OK);
  RUN_UNTIL(client.answered == 1);
  ck_assert_uint_eq(server.last_len, size);
  ck_assert_mem_eq(client.last, large, size);
  free(large);
}
END_TEST

START_TEST(a_command_too_large_for_the_listener_is_answered_413) {
  size_t size = 5u << 20;
  char *large = calloc(1, size);
  ck_assert_ptr_nonnull(large);
  ck_assert_int_eq(dhcpha_http_send(client.http, 1, server.url, large, size, 10000), DHCPHA_OK);
  RUN_UNTIL(client.answered == 1);
  ck_assert_str_eq(client.last, "{ \"result\": 413, \"text\": \"Payload Too Large\" }");
  ck_assert_uint_eq(server.received, 0);
  RUN_UNTIL(server.refused == 1);
  ck_assert_int_eq(server.refused_status, 413);
  free(large);
}
END_TEST

START_TEST(an_answer_too_large_for_the_client_fails) {
  char large[2000];
  memset(large, ' ', sizeof large);
  dhcpha_http_options_init(&client_options);
  client_options.answer_body_max = 1999;
  host_end(&client);
  host_start(&client, &client_options);
  server.answer = large;
  server.answer_len = sizeof large;
  send_text(1, "[]");
  RUN_UNTIL(client.failed == 1);
  ck_assert_int_eq(client.why, DHCPHA_ERR_LIMIT);
  server.answer_len = 1999;
  send_text(2, "[]");
  RUN_UNTIL(client.answered == 1);
  ck_assert_uint_eq(client.last_len, 1999);
}
END_TEST

START_TEST(a_full_queue_is_said_at_once) {
  dhcpha_http_options_init(&client_options);
  client_options.queue_max = 3;
  host_end(&client);
  host_start(&client, &client_options);
  for (uint64_t id = 1; id <= 3; id++) send_text(id, "[]");
  ck_assert_int_eq(dhcpha_http_send(client.http, 4, server.url, "", 0, 1000), DHCPHA_ERR_LIMIT);
  RUN_UNTIL(client.answered == 3);
  send_text(5, "[]");
  RUN_UNTIL(client.answered == 4);
}
END_TEST

static const struct {
  const char *sentence;
  size_t in_flight, held;
} ends[] = {
  { "with nothing under way", 0, 0 },
  { "with commands under way", 20, 0 },
  { "with requests unanswered", 8, 8 },
  { "with more commands than places", 20, 8 },
};

START_TEST(a_transport_may_end_at_any_time) {
  server.holds = true;
  for (uint64_t id = 1; id <= ends[_i].in_flight; id++) send_text(id, ends[_i].sentence);
  RUN_UNTIL(server.held_count >= ends[_i].held);
  if (_i % 2 == 0) {
    host_end(&server);
    for (int i = 0; i < 5; i++) turn();
  }
  host_end(&client);
}
END_TEST

static size_t count_descriptors(void) {
  DIR *directory = opendir("/proc/self/fd");
  size_t count = 0;
  ck_assert_ptr_nonnull(directory);
  while (readdir(directory) != NULL) count++;
  closedir(directory);
  return count;
}

START_TEST(no_descriptor_is_left_open) {
  no_hosts();
  size_t before = count_descriptors();
  for (int turns = 0; turns < 6; turns++) {
    two_hosts();
    for (int round = 0; round < 4; round++) {
      for (uint64_t id = 1; id <= 20; id++) send_text(id, "[]");
      for (int i = 0; i < turns; i++) turn();
      dhcpha_http_cancel_all(client.http);
      for (int i = 0; i < round; i++) turn();
    }
    no_hosts();
  }
  ck_assert_uint_eq(count_descriptors(), before);
}
END_TEST

static unsigned sleeps;

/* A turn of hosts that know nothing of timeouts. */
static void sleep_and_dispatch(void) {
  struct pollfd fds[] = { { dhcpha_http_get_fd(client.http), POLLIN, 0 },
                          { dhcpha_http_get_fd(server.http), POLLIN, 0 } };
  ck_assert_msg(poll(fds, 2, TOO_LONG_S * 1000) > 0, "nobody is woken");
  if (fds[0].revents != 0) dhcpha_http_dispatch(client.http);
  if (fds[1].revents != 0) dhcpha_http_dispatch(server.http);
  sleeps++;
}

static void send_for(uint64_t id, uint32_t timeout_ms) {
  ck_assert_int_eq(dhcpha_http_send(client.http, id, server.url, "[]", 2, timeout_ms), DHCPHA_OK);
}

START_TEST(a_host_that_watches_the_descriptor_alone_is_woken_for_everything) {
  server.holds = true;
  sleeps = 0;
  send_text(1, "[]");
  while (server.held_count < 1) sleep_and_dispatch();
  answer_held(0, "[]");
  while (client.answered < 1) sleep_and_dispatch();
  for (uint64_t id = 2; id <= 9; id++) send_for(id, 20000);
  while (server.held_count < 9) sleep_and_dispatch();
  /* Those in flight wait long; the one behind them does not, and nothing happens meanwhile. */
  double began = seconds();
  send_for(10, 200);
  while (client.failed < 1) sleep_and_dispatch();
  ck_assert_uint_eq(client.last_id, 10);
  ck_assert_double_ge(seconds() - began, 0.199);
  ck_assert_double_le(seconds() - began, 10);
  for (size_t i = 1; i < 9; i++) answer_held(i, "[]");
  while (client.answered < 9) sleep_and_dispatch();
  ck_assert_uint_le(sleeps, 200); /* Nor for nothing. */
}
END_TEST

START_TEST(what_is_missing_is_an_argument_error) {
  dhcpha_http_callbacks callbacks;
  dhcpha_http *http = NULL;
  dhcpha_address address;
  dhcpha_address_parse(&address, "127.0.0.1");
  dhcpha_http_callbacks_init(&callbacks);
  ck_assert_int_eq(dhcpha_http_new(NULL, &callbacks, NULL, &http), DHCPHA_ERR_ARGUMENT);
  ck_assert_int_eq(dhcpha_http_new(NULL, NULL, NULL, &http), DHCPHA_ERR_ARGUMENT);
  ck_assert_int_eq(dhcpha_http_listen(NULL, &address, 0, NULL), DHCPHA_ERR_ARGUMENT);
  ck_assert_int_eq(dhcpha_http_listen(client.http, NULL, 0, NULL), DHCPHA_ERR_ARGUMENT);
  ck_assert_int_eq(dhcpha_http_send(client.http, 1, NULL, "", 0, 1), DHCPHA_ERR_ARGUMENT);
  ck_assert_int_eq(dhcpha_http_send(client.http, 1, server.url, NULL, 1, 1), DHCPHA_ERR_ARGUMENT);
  ck_assert_int_eq(dhcpha_http_send(client.http, 1, server.url, "", 0, 0), DHCPHA_ERR_ARGUMENT);
  ck_assert_int_eq(dhcpha_http_answer(NULL, 1, 200, "", 0), DHCPHA_ERR_ARGUMENT);
  ck_assert_int_eq(dhcpha_http_get_fd(NULL), -1);
  ck_assert_int_eq(dhcpha_http_get_timeout_ms(NULL), -1);
  dhcpha_http_dispatch(NULL);
  dhcpha_http_cancel_all(NULL);
  dhcpha_http_free(NULL);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("exchange");
  TCase *tcase = tcase_create("exchange");
  tcase_set_timeout(tcase, 120);
  tcase_add_checked_fixture(tcase, two_hosts, no_hosts);
  tcase_add_test(tcase, a_command_and_its_answer_come_through_unchanged);
  tcase_add_test(tcase, an_empty_command_and_an_empty_answer_pass);
  tcase_add_test(tcase, a_thousand_in_a_row_each_sent_when_the_last_was_answered);
  tcase_add_test(tcase, two_thousand_at_once);
  tcase_add_test(
    tcase, as_many_as_connections_are_on_their_way_and_late_answers_go_where_they_belong);
  tcase_add_test(tcase, an_answer_may_be_given_from_any_callback);
  tcase_add_test(tcase, an_answer_is_taken_once);
  tcase_add_test(tcase, a_requester_that_is_gone_is_unknown);
  tcase_add_test(tcase, nothing_is_told_of_what_was_cancelled);
  tcase_add_test(tcase, all_may_be_cancelled_from_a_callback);
  tcase_add_test(tcase, ipv6_works_as_ipv4);
  tcase_add_test(tcase, several_listeners_have_numbers);
  tcase_add_test(tcase, an_address_in_use_is_refused_with_errno);
  tcase_add_test(tcase, a_large_answer_comes_whole_and_shows_progress);
  tcase_add_test(tcase, a_large_command_arrives_whole);
  tcase_add_test(tcase, a_command_too_large_for_the_listener_is_answered_413);
  tcase_add_test(tcase, an_answer_too_large_for_the_client_fails);
  tcase_add_test(tcase, a_full_queue_is_said_at_once);
  tcase_add_loop_test(tcase, a_transport_may_end_at_any_time, 0, COUNT_OF(ends));
  tcase_add_test(tcase, no_descriptor_is_left_open);
  tcase_add_test(tcase, a_host_that_watches_the_descriptor_alone_is_woken_for_everything);
  tcase_add_test(tcase, what_is_missing_is_an_argument_error);
  suite_add_tcase(suite, tcase);
  return unit_run_suite(suite);
}
