/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* What the listener bears: time, sizes, and how many there are at a time. */
#include "listening.h"

#include <stdio.h>

#define MANY 100

static raw many[MANY];

/* All limits small. */
static void start(void) {
  dhcpha_http_options_init(&server_options);
  server_options.request_body_max = 4096;
  server_options.header_max = 4096;
  server_options.connections_max = 4;
  server_options.receive_timeout_ms = 500;
  server_options.idle_timeout_ms = 700;
  start_listening();
}

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
  Suite *suite = suite_create("limits");
  TCase *tcase = tcase_create("limits");
  tcase_set_timeout(tcase, 120);
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, who_trickles_is_cut_off_while_another_is_served);
  tcase_add_test(tcase, who_trickles_a_header_on_a_kept_connection_is_cut_off);
  tcase_add_test(tcase, who_says_nothing_is_cut_off);
  tcase_add_test(tcase, a_connection_idle_for_too_long_is_closed_without_a_word);
  tcase_add_test(tcase, a_host_may_take_its_time);
  tcase_add_test(tcase, who_does_not_take_his_answer_is_cut_off);
  tcase_add_loop_test(tcase, sizes_have_limits, 0, COUNT_OF(sizes));
  tcase_add_test(tcase, an_idle_connection_gives_way_to_a_new_one);
  tcase_add_test(tcase, when_all_are_busy_a_new_one_is_turned_away);
  tcase_add_test(tcase, a_crowd_from_one_address_does_not_keep_out_another);
  tcase_add_test(tcase, a_crowd_comes_and_goes);
  suite_add_tcase(suite, tcase);
  return unit_run_suite(suite);
}
