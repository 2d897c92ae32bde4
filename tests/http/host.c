/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "host.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

host client, server;
dhcpha_http_options server_options, client_options;

double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void let_pass(double time) {
  double until = seconds() + time;
  while (seconds() < until) turn();
}

dhcpha_peer plain_peer(const char *url) {
  dhcpha_peer peer;
  memset(&peer, 0, sizeof peer);
  peer.size = sizeof peer;
  peer.name = "peer";
  peer.url = url;
  peer.basic_auth_user = peer.basic_auth_password = "";
  return peer;
}

char *large_text(size_t len) {
  char *text = malloc(len);
  ck_assert_ptr_nonnull(text);
  for (size_t i = 0; i < len; i++) text[i] = (char)('a' + i % 23);
  return text;
}

static void keep(host *to, uint64_t id, const char *json, size_t json_len) {
  free(to->last);
  to->last = malloc(json_len + 1);
  ck_assert_ptr_nonnull(to->last);
  memcpy(to->last, json, json_len);
  to->last[json_len] = '\0';
  to->last_len = json_len;
  to->last_id = id;
}

static void received(uint64_t id, const char *json, size_t json_len, size_t listener, void *user) {
  host *to = user;
  (void)listener;
  to->received++;
  keep(to, id, json, json_len);
  if (to->holds) {
    ck_assert_uint_lt(to->held_count, HELD_MAX);
    to->held[to->held_count++] = id;
    return;
  }
  bool echo = to->answer == NULL;
  dhcpha_status status = dhcpha_http_answer(to->http, id, to->answer_status, echo ? json : to->answer,
                                            echo ? json_len : to->answer_len);
  ck_assert_int_eq(status, DHCPHA_OK);
}

static void answered(uint64_t id, const char *json, size_t json_len, void *user) {
  host *to = user;
  to->answered++;
  keep(to, id, json, json_len);
  if (to->on_answered != NULL) to->on_answered(to, id);
}

static void failed(uint64_t id, dhcpha_status why, const char *text, void *user) {
  host *to = user;
  to->failed++;
  to->last_id = id;
  to->why = why;
  ck_assert_ptr_nonnull(text);
  ck_assert_str_ne(text, "");
  snprintf(to->text, sizeof to->text, "%s", text);
  if (to->on_failed != NULL) to->on_failed(to, id);
}

static void progressed(uint64_t id, void *user) {
  host *to = user;
  to->last_id = id;
  to->progressed++;
}

static void refused(size_t listener, int http_status, const char *text, void *user) {
  host *to = user;
  (void)listener;
  to->refused++;
  to->refused_status = http_status;
  snprintf(to->refused_text, sizeof to->refused_text, "%s", text);
}

void host_start(host *one, const dhcpha_http_options *options) {
  dhcpha_http_callbacks callbacks;
  dhcpha_http_callbacks_init(&callbacks);
  callbacks.command_received = received;
  callbacks.command_answered = answered;
  callbacks.command_failed = failed;
  callbacks.command_progressed = progressed;
  callbacks.request_refused = refused;
  memset(one, 0, sizeof *one);
  one->answer_status = 200;
  ck_assert_int_eq(dhcpha_http_new(options, &callbacks, one, &one->http), DHCPHA_OK);
}

void host_end(host *one) {
  dhcpha_http_free(one->http);
  free(one->last);
  memset(one, 0, sizeof *one);
}

void host_listen(host *one, const char *text) {
  dhcpha_address address;
  size_t listener;
  ck_assert_int_eq(dhcpha_address_parse(&address, text), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_http_listen(one->http, &address, 0, &listener), DHCPHA_OK);
  one->port = dhcpha_http_get_port(one->http, listener);
  ck_assert_uint_ne(one->port, 0);
  snprintf(one->url, sizeof one->url, address.family == 6 ? "http://[%s]:%u/" : "http://%s:%u/",
           text, (unsigned)one->port);
}

void two_hosts(void) {
  host_start(&client, client_options.size > 0 ? &client_options : NULL);
  host_start(&server, server_options.size > 0 ? &server_options : NULL);
  host_listen(&server, "127.0.0.1");
}

void no_hosts(void) {
  host_end(&client);
  host_end(&server);
}

void send_text(uint64_t id, const char *json) {
  dhcpha_status status =
    dhcpha_http_send(client.http, id, server.url, json, strlen(json), TOO_LONG_S * 1000);
  ck_assert_int_eq(status, DHCPHA_OK);
}

void turn(void) {
  host *const all[] = { &client, &server };
  struct pollfd fds[2];
  nfds_t count = 0;
  int wait_ms = 20;
  for (size_t i = 0; i < 2; i++) {
    if (all[i]->http == NULL) continue;
    int timeout_ms = dhcpha_http_get_timeout_ms(all[i]->http);
    ck_assert_int_ge(timeout_ms, -1);
    if (timeout_ms >= 0 && timeout_ms < wait_ms) wait_ms = timeout_ms;
    fds[count++] = (struct pollfd){ dhcpha_http_get_fd(all[i]->http), POLLIN, 0 };
  }
  ck_assert_int_ge(poll(fds, count, wait_ms), 0);
  for (size_t i = 0; i < 2; i++)
    if (all[i]->http != NULL) dhcpha_http_dispatch(all[i]->http);
}

/* --- Plain sockets ----------------------------------------------------------------------------- */

static struct sockaddr_in loopback(uint16_t port) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int raw_listen(uint16_t *port) {
  *port = 0;
  return raw_listen_at(port);
}

int raw_listen_at(uint16_t *port) {
  int yes = 1;
  struct sockaddr_in address = loopback(*port);
  socklen_t length = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  ck_assert_int_ge(fd, 0);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
  ck_assert_int_eq(listen(fd, 16), 0);
  ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &length), 0);
  *port = ntohs(address.sin_port);
  return fd;
}

static void raw_use(raw *one, int fd) {
  one->fd = fd;
  one->closed = false;
  raw_forget(one);
}

bool raw_accept(raw *one, int listening) {
  int fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK);
  if (fd >= 0) raw_use(one, fd);
  return fd >= 0;
}

void raw_connect(raw *one, uint16_t port) { raw_connect_from(one, port, "127.0.0.1"); }

void raw_connect_from(raw *one, uint16_t port, const char *from) {
  struct sockaddr_in address = loopback(port);
  struct sockaddr_in mine = loopback(0);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  ck_assert_int_ge(fd, 0);
  ck_assert_int_eq(inet_pton(AF_INET, from, &mine.sin_addr), 1);
  ck_assert_int_eq(bind(fd, (struct sockaddr *)&mine, sizeof mine), 0);
  ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
  raw_use(one, fd);
}

void raw_send(raw *one, const char *data, size_t len) {
  size_t sent = 0;
  while (sent < len) {
    ssize_t count = send(one->fd, data + sent, len - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0) sent += (size_t)count;
    if (count < 0 && errno != EAGAIN) return; /* The other side has had enough. */
    if (count < 0) turn();
  }
}

void raw_print(raw *one, const char *text) { raw_send(one, text, strlen(text)); }

static void pull(raw *one) {
  while (!one->closed && one->len < RAW_MAX) {
    ssize_t count = recv(one->fd, one->data + one->len, RAW_MAX - one->len, MSG_DONTWAIT);
    if (count > 0) {
      one->len += (size_t)count;
      one->data[one->len] = '\0';
      continue;
    }
    if (count < 0 && errno == EAGAIN) return;
    one->closed = true;
  }
}

bool raw_has(raw *one, const char *text) {
  pull(one);
  return strstr(one->data, text) != NULL;
}

bool raw_is_closed(raw *one) {
  pull(one);
  return one->closed;
}

void raw_forget(raw *one) {
  one->len = 0;
  one->data[0] = '\0';
}

void raw_close(raw *one) { close(one->fd); }
