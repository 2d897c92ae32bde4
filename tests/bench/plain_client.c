/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#define _GNU_SOURCE
#include "bench/plain_client.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define ANSWER_SIZE_MAX 4096
#define WAIT_MS_MAX 10000

typedef struct connection {
  int fd;
  size_t got;
  char answer[ANSWER_SIZE_MAX];
} connection;

typedef struct poster {
  const bench_bodies *bodies;
  size_t sent, answered;
  int epoll_fd;
  connection connections[BENCH_CONNECTIONS_MAX];
} poster;

void bench_bodies_add(bench_bodies *bodies, const char *json, size_t json_len) {
  if (bodies->count == bodies->count_max) {
    bodies->count_max = bodies->count_max == 0 ? 1024 : bodies->count_max * 2;
    bodies->ends = realloc(bodies->ends, bodies->count_max * sizeof bodies->ends[0]);
  }
  while (bodies->len + json_len > bodies->capacity) {
    bodies->capacity = bodies->capacity == 0 ? 1 << 20 : bodies->capacity * 2;
    bodies->bytes = realloc(bodies->bytes, bodies->capacity);
  }
  bench_check(bodies->bytes != NULL && bodies->ends != NULL, "no memory for bodies");
  memcpy(bodies->bytes + bodies->len, json, json_len);
  bodies->len += json_len;
  bodies->ends[bodies->count++] = bodies->len;
}

void bench_bodies_free(bench_bodies *bodies) {
  free(bodies->bytes);
  free(bodies->ends);
  memset(bodies, 0, sizeof *bodies);
}

static void open_connection(poster *p, connection *c, uint16_t port) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  int on = 1;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  c->got = 0;
  bench_check(c->fd >= 0 && connect(c->fd, (struct sockaddr *)&to, sizeof to) == 0,
              "the plain client cannot connect");
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  bench_check(epoll_ctl(p->epoll_fd, EPOLL_CTL_ADD, c->fd, &event) == 0, "epoll");
}

static void post_next(poster *p, const connection *c) {
  char header[256];
  if (p->sent == p->bodies->count) return;
  size_t begin = p->sent == 0 ? 0 : p->bodies->ends[p->sent - 1];
  size_t len = p->bodies->ends[p->sent++] - begin;
  int header_len = snprintf(header, sizeof header,
                            "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                            "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                            len);
  struct iovec parts[] = {{header, (size_t)header_len}, {p->bodies->bytes + begin, len}};
  bench_check(writev(c->fd, parts, 2) == (ssize_t)(len + (size_t)header_len),
              "the plain client cannot send");
}

/* Whether an answer is complete. */
static bool is_complete(const connection *c) {
  const char *end = memmem(c->answer, c->got, "\r\n\r\n", 4);
  if (end == NULL) return false;
  const char *length = strcasestr(c->answer, "Content-Length:");
  bench_check(length != NULL && length < end, "an answer without a length");
  return c->got >= (size_t)(end + 4 - c->answer) + strtoul(length + 15, NULL, 10);
}

static void take_answer(poster *p, connection *c) {
  ssize_t bytes = recv(c->fd, c->answer + c->got, sizeof c->answer - 1 - c->got, 0);
  bench_check(bytes > 0, "the server closed a connection");
  c->got += (size_t)bytes;
  c->answer[c->got] = '\0';
  if (!is_complete(c)) return;
  bench_check(strstr(c->answer, "\"result\": 0") != NULL ||
                  strstr(c->answer, "\"result\":0") != NULL, c->answer);
  c->got = 0;
  p->answered++;
  post_next(p, c);
}

double bench_plain_post(const bench_bodies *bodies, uint16_t port, unsigned connections) {
  static poster p;
  struct epoll_event events[BENCH_CONNECTIONS_MAX];
  p.bodies = bodies;
  p.sent = p.answered = 0;
  p.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  for (unsigned i = 0; i < connections; i++) open_connection(&p, &p.connections[i], port);
  int64_t begin = bench_now_ns();
  for (unsigned i = 0; i < connections; i++) post_next(&p, &p.connections[i]);
  while (p.answered < bodies->count) {
    int count = epoll_wait(p.epoll_fd, events, BENCH_CONNECTIONS_MAX, WAIT_MS_MAX);
    bench_check(count > 0, "the plain client waits in vain");
    for (int i = 0; i < count; i++) take_answer(&p, events[i].data.ptr);
  }
  double seconds = (double)(bench_now_ns() - begin) / 1e9;
  for (unsigned i = 0; i < connections; i++) close(p.connections[i].fd);
  close(p.epoll_fd);
  return seconds;
}
