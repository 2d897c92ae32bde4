/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "connection.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

bool dhcpha_connections_init(dhcpha_connections *connections, dhcpha_loop *loop) {
  connections->loop = loop;
  connections->place_count =
    (size_t)loop->options.connections_max + DHCPHA_CONNECTIONS_CLOSING_MAX;
  connections->places = calloc(connections->place_count, sizeof(dhcpha_connection *));
  return connections->places != NULL;
}

void dhcpha_connections_free(dhcpha_connections *connections) { free(connections->places); }

static uint64_t count_acknowledged(const dhcpha_connection *connection) {
  struct tcp_info info;
  socklen_t length = sizeof info;
  memset(&info, 0, sizeof info);
  if (getsockopt(connection->fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return 0;
  return info.tcpi_bytes_acked;
}

void dhcpha_connection_enter(dhcpha_connection *connection, dhcpha_phase phase) {
  const dhcpha_http_options *options = &connection->loop->options;
  int64_t due = DHCPHA_NEVER;
  if (phase == DHCPHA_PHASE_RECEIVING) due = connection->loop->now + options->receive_timeout_ms;
  if (phase == DHCPHA_PHASE_IDLE || phase == DHCPHA_PHASE_SENDING)
    due = connection->loop->now + options->idle_timeout_ms;
  connection->phase = phase;
  dhcpha_timers_move(&connection->loop->timers, &connection->timer, due);
}

void dhcpha_connection_shut_down(dhcpha_connection *connection) {
  if (connection->phase == DHCPHA_PHASE_CLOSING) return;
  dhcpha_connection_enter(connection, DHCPHA_PHASE_CLOSING);
  connection->connections->closing++;
  shutdown(connection->fd, SHUT_RDWR);
}

/* An answer that nobody takes is given up; one that is taken slowly is not. */
static void check_sending(dhcpha_connection *connection) {
  uint64_t acknowledged = count_acknowledged(connection);
  if (acknowledged == connection->acknowledged) {
    dhcpha_connection_shut_down(connection);
    return;
  }
  connection->acknowledged = acknowledged;
  dhcpha_connection_enter(connection, DHCPHA_PHASE_SENDING);
}

/* libmicrohttpd answers no request that is not complete.  Nothing of ours is on its way on a
 * connection that receives, so the refusal can be written past it. */
static void refuse_late(dhcpha_connection *connection) {
  char answer[256];
  const char *body = dhcpha_refusal_get_body(408);
  int length = snprintf(answer, sizeof answer,
                        "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n"
                        "Content-Length: %zu\r\nContent-Type: application/json\r\n\r\n%s",
                        strlen(body), body);
  dhcpha_refusals_note(&connection->connections->refusals, connection->door->number, 408,
                       "the request was not complete in time");
  /* Whoever is not there to read it misses nothing. */
  ssize_t sent = connection->session != NULL
                   ? gnutls_record_send(connection->session, answer, (size_t)length)
                   : send(connection->fd, answer, (size_t)length, MSG_NOSIGNAL | MSG_DONTWAIT);
  (void)sent;
}

static void run_out(void *owner) {
  dhcpha_connection *connection = owner;
  switch (connection->phase) {
  case DHCPHA_PHASE_RECEIVING:
    refuse_late(connection);
    dhcpha_connection_shut_down(connection);
    break;
  case DHCPHA_PHASE_SENDING: check_sending(connection); break;
  case DHCPHA_PHASE_IDLE: dhcpha_connection_shut_down(connection); break;
  case DHCPHA_PHASE_PROCESSING:
  case DHCPHA_PHASE_CLOSING:
    dhcpha_timers_move(&connection->loop->timers, &connection->timer, DHCPHA_NEVER);
    break;
  }
}

static bool has_bytes(const dhcpha_connection *connection) {
  char byte;
  return recv(connection->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/* A requester that closes while it waits for its answer is gone.  One that had closed its sending
 * side by the end of its request means to read the answer. */
static void ready(void *owner, uint32_t events) {
  dhcpha_connection *connection = owner;
  bool closed = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  if (connection->phase == DHCPHA_PHASE_IDLE) {
    if (closed && !has_bytes(connection))
      dhcpha_connection_shut_down(connection);
    else if (events & EPOLLIN)
      dhcpha_connection_enter(connection, DHCPHA_PHASE_RECEIVING);
  } else if (connection->phase == DHCPHA_PHASE_PROCESSING && connection->suspended && closed) {
    if (connection->half_closed && !(events & (EPOLLHUP | EPOLLERR))) return;
    connection->id = 0;
    connection->broken = true;
    dhcpha_connection_resume(connection);
  }
}

static bool take_place(dhcpha_connections *connections, dhcpha_connection *connection) {
  for (size_t place = 0; place < connections->place_count; place++) {
    if (connections->places[place] != NULL) continue;
    connections->places[place] = connection;
    connection->place = place;
    connections->count++;
    return true;
  }
  return false;
}

dhcpha_connection *dhcpha_connection_new(dhcpha_connections *connections, dhcpha_door *door, int fd,
                                         const struct sockaddr_storage *address) {
  dhcpha_loop *loop = connections->loop;
  dhcpha_connection *connection = calloc(1, sizeof *connection);
  if (connection == NULL) return NULL;
  connection->loop = loop;
  connection->connections = connections;
  connection->door = door;
  connection->fd = fd;
  connection->address = *address;
  connection->watch.ready = ready;
  connection->watch.owner = connection;
  connection->timer.passed = run_out;
  connection->timer.owner = connection;
  if (!take_place(connections, connection)) {
    free(connection);
    return NULL;
  }
  if (!dhcpha_timers_add(&loop->timers, &connection->timer,
                         loop->now + loop->options.receive_timeout_ms) ||
      !dhcpha_loop_watch(loop, fd, EPOLLIN | EPOLLRDHUP | EPOLLET, &connection->watch)) {
    dhcpha_connection_free(connection);
    return NULL;
  }
  return connection;
}

void dhcpha_connection_process(dhcpha_connection *connection) {
  uint64_t number = ++connection->connections->requests;
  connection->id = number << DHCPHA_CONNECTION_PLACE_BITS | connection->place;
  dhcpha_connection_enter(connection, DHCPHA_PHASE_PROCESSING);
}

dhcpha_connection *dhcpha_connections_find(const dhcpha_connections *connections, uint64_t id) {
  size_t place = id & ((1u << DHCPHA_CONNECTION_PLACE_BITS) - 1);
  if (id == 0 || place >= connections->place_count) return NULL;
  dhcpha_connection *connection = connections->places[place];
  return connection != NULL && connection->id == id ? connection : NULL;
}

void dhcpha_connection_forget_request(dhcpha_connection *connection) {
  if (connection->answer != NULL) MHD_destroy_response(connection->answer);
  connection->answer = NULL;
  connection->id = 0;
  connection->looked_at = false;
  connection->broken = false;
  connection->old_version = false;
  connection->refusal = 0;
  dhcpha_body_clear(&connection->body);
}

/* The session is libmicrohttpd's, and gone by now. */
static void end_tls(dhcpha_connection *connection) {
  if (connection->door->tls != NULL && !connection->handshaken &&
      connection->phase != DHCPHA_PHASE_CLOSING)
    dhcpha_refusals_note(&connection->connections->refusals, connection->door->number, 0,
                         connection->mistrust != NULL ? connection->mistrust
                                                      : "the TLS handshake failed");
  dhcpha_tls_release(connection->tls);
}

void dhcpha_connection_free(dhcpha_connection *connection) {
  dhcpha_connections *connections = connection->connections;
  end_tls(connection);
  dhcpha_connection_forget_request(connection);
  dhcpha_body_free(&connection->body);
  dhcpha_timers_remove(&connection->loop->timers, &connection->timer);
  dhcpha_loop_unwatch(connection->loop, connection->fd);
  connections->places[connection->place] = NULL;
  connections->count--;
  if (connection->phase == DHCPHA_PHASE_CLOSING) connections->closing--;
  free(connection);
}

void dhcpha_connection_suspend(dhcpha_connection *connection) {
  struct pollfd look = { connection->fd, POLLRDHUP, 0 };
  connection->half_closed = poll(&look, 1, 0) > 0 && (look.revents & POLLRDHUP);
  connection->suspended = true;
  MHD_suspend_connection(connection->mhd);
}

void dhcpha_connection_resume(dhcpha_connection *connection) {
  if (!connection->suspended) return;
  connection->suspended = false;
  connection->door->has_work = true;
  MHD_resume_connection(connection->mhd);
}

/* --- Who gives way ---------------------------------------------------------------------------- */

static bool same_address(const struct sockaddr_storage *a, const struct sockaddr_storage *b) {
  if (a->ss_family != b->ss_family) return false;
  if (a->ss_family == AF_INET)
    return ((const struct sockaddr_in *)a)->sin_addr.s_addr ==
           ((const struct sockaddr_in *)b)->sin_addr.s_addr;
  return memcmp(&((const struct sockaddr_in6 *)a)->sin6_addr,
                &((const struct sockaddr_in6 *)b)->sin6_addr, sizeof(struct in6_addr)) == 0;
}

static size_t count_from(const dhcpha_connections *connections,
                         const struct sockaddr_storage *address) {
  size_t count = 0;
  for (size_t i = 0; i < connections->place_count; i++) {
    const dhcpha_connection *one = connections->places[i];
    if (one != NULL && one->phase != DHCPHA_PHASE_CLOSING && same_address(&one->address, address))
      count++;
  }
  return count;
}

/* The connection idle for longest; if none is, of the requester that has most connections, and
 * more than the newcomer would have, the one that must finish first.  So nobody can keep out the
 * others, however many connections he opens; the work of the host is never thrown away. */
dhcpha_connection *dhcpha_connections_choose_victim(const dhcpha_connections *connections,
                                                    const struct sockaddr_storage *newcomer) {
  dhcpha_connection *idle = NULL;
  dhcpha_connection *busy = NULL;
  size_t busy_count = count_from(connections, newcomer) + 1;
  for (size_t i = 0; i < connections->place_count; i++) {
    dhcpha_connection *one = connections->places[i];
    if (one == NULL) continue;
    if (one->phase == DHCPHA_PHASE_IDLE && (idle == NULL || one->timer.due < idle->timer.due))
      idle = one;
    if (idle != NULL ||
        (one->phase != DHCPHA_PHASE_RECEIVING && one->phase != DHCPHA_PHASE_SENDING))
      continue;
    size_t count = count_from(connections, &one->address);
    if (count > busy_count ||
        (count == busy_count && busy != NULL && one->timer.due < busy->timer.due)) {
      busy = one;
      busy_count = count;
    }
  }
  return idle != NULL ? idle : busy;
}
