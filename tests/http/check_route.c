/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* Several URLs for a peer, and names in them. */
#include "host.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* --- The names there are: before the C library's own ------------------------------------------ */

static const char *address_of_name; /* NULL: the name is unknown. */
static unsigned lookups, lookup_us;

DHCPHA_API int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                           struct addrinfo **result) {
  struct room {
    struct addrinfo info;
    struct sockaddr_in where;
  };
  (void)service;
  (void)hints;
  __atomic_add_fetch(&lookups, 1, __ATOMIC_SEQ_CST);
  if (lookup_us > 0) usleep(lookup_us);
  const char *text = __atomic_load_n(&address_of_name, __ATOMIC_SEQ_CST);
  if (strcmp(name, "ha.example") != 0 || text == NULL) return EAI_NONAME;
  struct addrinfo *first = NULL;
  for (; text != NULL; text = strchr(text, ' ') != NULL ? strchr(text, ' ') + 1 : NULL) {
    char word[32];
    struct room *room = calloc(1, sizeof *room);
    sscanf(text, "%31s", word);
    room->where.sin_family = AF_INET;
    inet_pton(AF_INET, word, &room->where.sin_addr);
    room->info.ai_family = AF_INET;
    room->info.ai_addr = (struct sockaddr *)&room->where;
    struct addrinfo **end = &first;
    while (*end != NULL) end = &(*end)->ai_next;
    *end = &room->info;
  }
  *result = first;
  return 0;
}

DHCPHA_API void freeaddrinfo(struct addrinfo *info) {
  while (info != NULL) {
    struct addrinfo *next = info->ai_next;
    free(info);
    info = next;
  }
}

/* --- Places ----------------------------------------------------------------------------------- */

static int blackhole_fd, blackhole_filler[8];
static char dead[64], hole[64], alive[64], named[64];
static const char *urls[4];

/* Nobody listens there. */
static void make_dead(void) {
  uint16_t port;
  int fd = raw_listen(&port);
  close(fd);
  snprintf(dead, sizeof dead, "http://127.0.0.1:%u/", (unsigned)port);
}

/* Who connects there waits: the queue of those not yet accepted is full. */
static void make_hole(void) {
  struct sockaddr_in where;
  socklen_t length = sizeof where;
  memset(&where, 0, sizeof where);
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  blackhole_fd = socket(AF_INET, SOCK_STREAM, 0);
  ck_assert_int_eq(bind(blackhole_fd, (struct sockaddr *)&where, length), 0);
  ck_assert_int_eq(listen(blackhole_fd, 0), 0);
  ck_assert_int_eq(getsockname(blackhole_fd, (struct sockaddr *)&where, &length), 0);
  for (size_t i = 0; i < 8; i++) {
    blackhole_filler[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    connect(blackhole_filler[i], (struct sockaddr *)&where, length);
  }
  snprintf(hole, sizeof hole, "http://127.0.0.1:%u/", (unsigned)ntohs(where.sin_port));
}

static void start(void) {
  host_start(&client, NULL);
  host_start(&server, NULL);
  host_listen(&server, "127.0.0.1");
  snprintf(alive, sizeof alive, "%s", server.url);
  snprintf(named, sizeof named, "http://ha.example:%u/", (unsigned)server.port);
  make_dead();
  make_hole();
  address_of_name = "127.0.0.1";
  lookups = lookup_us = 0;
}

static void end(void) {
  no_hosts();
  for (size_t i = 0; i < 8; i++) close(blackhole_filler[i]);
  close(blackhole_fd);
}

static void know(const char *first, const char *second, const char *third) {
  dhcpha_peer peer = plain_peer(first);
  urls[0] = first;
  urls[1] = second;
  urls[2] = third;
  peer.urls = urls;
  while (peer.url_count < 3 && urls[peer.url_count] != NULL) peer.url_count++;
  ck_assert_int_eq(dhcpha_http_add_peer(client.http, &peer), DHCPHA_OK);
}

static uint64_t last_id;

static void send_one(uint32_t timeout_ms) {
  ck_assert_int_eq(dhcpha_http_send_to(client.http, ++last_id, "peer", "[]", 2, timeout_ms),
                   DHCPHA_OK);
}

/* Seconds until the outcome. */
static double send_and_wait(uint32_t timeout_ms) {
  size_t before = client.answered + client.failed;
  double begun = seconds();
  send_one(timeout_ms);
  RUN_UNTIL(client.answered + client.failed > before);
  return seconds() - begun;
}

/* --- Several URLs ----------------------------------------------------------------------------- */

START_TEST(where_nobody_listens_the_next_url_is_tried_at_once) {
  know(dead, dead, alive);
  ck_assert(send_and_wait(10000) < 2);
  ck_assert_uint_eq(client.answered, 1);
}
END_TEST

START_TEST(where_nobody_answers_the_next_url_is_tried_in_time) {
  know(hole, alive, NULL);
  double first = send_and_wait(1000);
  ck_assert_uint_eq(client.answered, 1);
  ck_assert_msg(first > 0.3 && first < 0.95, "%f", first);
  ck_assert_msg(send_and_wait(1000) < 0.3, "the URL that worked comes first");
}
END_TEST

START_TEST(when_no_url_works_the_time_is_that_of_one_command) {
  know(hole, hole, hole);
  double took = send_and_wait(600);
  ck_assert_int_eq(client.why, DHCPHA_ERR_TIMEOUT);
  ck_assert_msg(took > 0.5 && took < 2, "%f", took);
}
END_TEST

START_TEST(the_last_failure_is_told) {
  know(hole, dead, NULL);
  send_and_wait(1000);
  ck_assert_int_eq(client.why, DHCPHA_ERR_REFUSED);
  ck_assert_ptr_nonnull(strstr(client.text, dead));
}
END_TEST

START_TEST(after_a_failure_the_first_comes_first) {
  raw one;
  uint16_t port;
  char first[64];
  int listening = raw_listen(&port);
  snprintf(first, sizeof first, "http://127.0.0.1:%u/", (unsigned)port);
  close(listening);
  know(first, alive, NULL);
  send_and_wait(10000);
  ck_assert_uint_eq(client.answered, 1);
  listening = raw_listen_at(&port);
  send_and_wait(10000);
  ck_assert_uint_eq(client.answered, 2); /* Still where it worked. */
  host_end(&server);
  send_one(10000);
  RUN_UNTIL(raw_accept(&one, listening));
  raw_close(&one);
  close(listening);
}
END_TEST

START_TEST(a_command_that_was_sent_goes_nowhere_else) {
  raw one;
  uint16_t port;
  char where[64];
  int listening = raw_listen(&port);
  snprintf(where, sizeof where, "http://127.0.0.1:%u/", (unsigned)port);
  know(where, alive, NULL);
  send_one(10000);
  RUN_UNTIL(raw_accept(&one, listening));
  RUN_UNTIL(raw_has(&one, "[]"));
  raw_close(&one);
  close(listening);
  RUN_UNTIL(client.failed == 1);
  ck_assert_uint_eq(server.received, 0);
}
END_TEST

START_TEST(many_at_a_time_find_the_url_that_works) {
  know(dead, hole, alive);
  for (int i = 0; i < 50; i++) send_one(2000);
  RUN_UNTIL(client.answered == 50);
}
END_TEST

/* --- Names ------------------------------------------------------------------------------------ */

START_TEST(a_name_is_looked_up_once_while_it_works) {
  know(named, NULL, NULL);
  for (int i = 0; i < 20; i++) send_one(10000);
  RUN_UNTIL(client.answered == 20);
  send_and_wait(10000);
  ck_assert_uint_eq(lookups, 1);
  ck_assert_str_eq(client.text, "");
}
END_TEST

START_TEST(a_name_needs_no_peer) {
  ck_assert_int_eq(dhcpha_http_send(client.http, 1, named, "[]", 2, 10000), DHCPHA_OK);
  RUN_UNTIL(client.answered == 1);
}
END_TEST

START_TEST(all_addresses_of_a_name_are_tried) {
  address_of_name = "127.0.0.77 127.0.0.1";
  know(named, NULL, NULL);
  send_and_wait(10000);
  ck_assert_uint_eq(client.answered, 1);
  ck_assert_uint_eq(lookups, 1);
}
END_TEST

START_TEST(after_a_failure_a_name_is_looked_up_again) {
  address_of_name = "127.0.0.77";
  know(named, NULL, NULL);
  send_and_wait(10000);
  ck_assert_uint_eq(client.failed, 1);
  ck_assert_ptr_nonnull(strstr(client.text, "http://ha.example:"));
  ck_assert_ptr_nonnull(strstr(client.text, "(127.0.0.77)"));
  address_of_name = "127.0.0.1";
  send_and_wait(10000);
  ck_assert_uint_eq(client.answered, 1);
  ck_assert_uint_eq(lookups, 2);
}
END_TEST

START_TEST(a_name_that_is_unknown_fails_and_the_next_url_is_tried) {
  address_of_name = NULL;
  know(named, NULL, NULL);
  send_and_wait(10000);
  ck_assert_uint_eq(client.failed, 1);
  ck_assert_ptr_nonnull(strstr(client.text, "ha.example: "));
  know(named, alive, NULL);
  send_and_wait(10000);
  ck_assert_uint_eq(client.answered, 1);
}
END_TEST

START_TEST(a_slow_lookup_blocks_nobody) {
  lookup_us = 600000;
  know(named, alive, NULL);
  double begun = seconds();
  send_one(10000);
  dhcpha_http_dispatch(client.http);
  ck_assert(seconds() - begun < 0.3);
  ck_assert_int_eq(dhcpha_http_send(client.http, 99, alive, "[]", 2, 10000), DHCPHA_OK);
  RUN_UNTIL(client.answered == 1);
  ck_assert_msg(seconds() - begun < 0.5, "another peer waits for it");
  RUN_UNTIL(client.answered == 2);
}
END_TEST

START_TEST(a_lookup_without_an_end_is_bounded) {
  lookup_us = 1500000;
  know(named, NULL, NULL);
  double took = send_and_wait(300);
  ck_assert_int_eq(client.why, DHCPHA_ERR_TIMEOUT);
  ck_assert(took < 1);
  ck_assert_ptr_nonnull(strstr(client.text, "its address was not found in 300 ms"));
}
END_TEST

START_TEST(a_transport_may_end_within_a_lookup) {
  lookup_us = 300000;
  know(named, NULL, NULL);
  for (int i = 0; i < 3; i++) send_one(10000);
  dhcpha_http_cancel_all(client.http);
  send_one(10000);
  host_end(&client);
  host_start(&client, NULL);
  usleep(400000); /* For the thread to end, so that it leaves nothing. */
}
END_TEST

START_TEST(own_urls_may_be_names_and_several) {
  dhcpha_peer self;
  size_t listener = 9;
  uint16_t port = server.port;
  char first[64], second[64];
  host_end(&server);
  host_start(&server, NULL);
  memset(&self, 0, sizeof self);
  snprintf(first, sizeof first, "http://ha.example:%u/", (unsigned)port);
  snprintf(second, sizeof second, "http://127.0.0.2:%u/", (unsigned)port);
  const char *const own[] = { first, second };
  self.size = sizeof self;
  self.url = first;
  self.urls = own;
  self.url_count = 2;
  self.basic_auth_user = "";
  ck_assert_int_eq(dhcpha_http_listen_peer(server.http, &self, true, &listener), DHCPHA_OK);
  ck_assert_uint_eq(listener, 0);
  host_listen(&server, "127.0.0.1");
  ck_assert_uint_eq(dhcpha_http_get_port(server.http, 0), port);
  ck_assert_uint_eq(dhcpha_http_get_port(server.http, 1), server.port);
  ck_assert_int_eq(dhcpha_http_send(client.http, 1, alive, "[]", 2, 10000), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_http_send(client.http, 2, second, "[]", 2, 10000), DHCPHA_OK);
  RUN_UNTIL(client.answered == 2);
  ck_assert_int_eq(dhcpha_http_listen_peer(server.http, &self, true, NULL), DHCPHA_ERR_IO);
  ck_assert_ptr_nonnull(strstr(dhcpha_http_get_error(server.http), "Address already in use"));
  address_of_name = NULL;
  ck_assert_int_eq(dhcpha_http_listen_peer(server.http, &self, true, NULL), DHCPHA_ERR_IO);
  ck_assert_ptr_nonnull(strstr(dhcpha_http_get_error(server.http), first));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("route");
  TCase *tcase = tcase_create("route");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, where_nobody_listens_the_next_url_is_tried_at_once);
  tcase_add_test(tcase, where_nobody_answers_the_next_url_is_tried_in_time);
  tcase_add_test(tcase, when_no_url_works_the_time_is_that_of_one_command);
  tcase_add_test(tcase, the_last_failure_is_told);
  tcase_add_test(tcase, after_a_failure_the_first_comes_first);
  tcase_add_test(tcase, a_command_that_was_sent_goes_nowhere_else);
  tcase_add_test(tcase, many_at_a_time_find_the_url_that_works);
  tcase_add_test(tcase, a_name_is_looked_up_once_while_it_works);
  tcase_add_test(tcase, a_name_needs_no_peer);
  tcase_add_test(tcase, all_addresses_of_a_name_are_tried);
  tcase_add_test(tcase, after_a_failure_a_name_is_looked_up_again);
  tcase_add_test(tcase, a_name_that_is_unknown_fails_and_the_next_url_is_tried);
  tcase_add_test(tcase, a_slow_lookup_blocks_nobody);
  tcase_add_test(tcase, a_lookup_without_an_end_is_bounded);
  tcase_add_test(tcase, a_transport_may_end_within_a_lookup);
  tcase_add_test(tcase, own_urls_may_be_names_and_several);
  suite_add_tcase(suite, tcase);
  return unit_run_suite(suite);
}
