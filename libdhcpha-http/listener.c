/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "listener.h"

#include "connection_tls.h"
#include "credentials.h"
#include "listener_request.h"
#include "listener_socket.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* Accepted at a time, so that the others get their turn. */
#define ACCEPTED_MAX 16
/* No descriptor or memory for another connection: looked at again after this. */
#define ACCEPT_PAUSE_MS 200
/* Rounds of libmicrohttpd in one dispatch: one takes up an answer, the next sends it. */
#define ROUNDS_MAX 2
/* Added to twice the longest header: room for libmicrohttpd's own and for the answer's header. */
#define CONNECTION_MEMORY_EXTRA 4096u

typedef struct listener {
  dhcpha_loop *loop;
  dhcpha_connections *connections; /* Of all listeners. */
  dhcpha_door door;
  int fd;
  uint16_t port;
  struct MHD_Daemon *daemon;
  dhcpha_connection *newcomer; /* On its way into libmicrohttpd. */
  dhcpha_watch accepting;
  dhcpha_watch moving;
  dhcpha_timer pause; /* Without an end while we accept. */
  bool has_callers;
} listener;

struct dhcpha_listeners {
  dhcpha_loop *loop;
  listener **all; /* In the order of their numbers; several may have the same. */
  size_t count;
  size_t number_count;
  dhcpha_connections connections;
};

dhcpha_status dhcpha_listeners_new(dhcpha_loop *loop, dhcpha_listeners **result) {
  dhcpha_listeners *listeners = calloc(1, sizeof *listeners);
  if (listeners == NULL) return DHCPHA_ERR_NOMEM;
  listeners->loop = loop;
  if (!dhcpha_connections_init(&listeners->connections, loop)) {
    free(listeners);
    return DHCPHA_ERR_NOMEM;
  }
  *result = listeners;
  return DHCPHA_OK;
}

/* --- libmicrohttpd ---------------------------------------------------------------------------- */

/* What libmicrohttpd refuses by itself reaches us as a line of its log, which does not name the
 * connection; and no MHD_OPTION of 0.9.75 replaces the HTML page it answers with.  So only what
 * passes its parser is refused in the words of P1 4.3. */
static void take_log(void *cls, const char *format, va_list arguments) {
  static const char refused[] = "Error processing request (HTTP response code is %u";
  listener *from = cls;
  if (strncmp(format, refused, sizeof refused - 1) != 0) return;
  unsigned http_status = va_arg(arguments, unsigned);
  dhcpha_refusals_note(&from->connections->refusals, from->door.number, (int)http_status,
                       http_status == 400 ? "malformed HTTP" : "HTTP out of bounds");
}

static void take_connection(void *cls, struct MHD_Connection *mhd, void **context,
                            enum MHD_ConnectionNotificationCode what) {
  listener *from = cls;
  if (what == MHD_CONNECTION_NOTIFY_STARTED) {
    *context = from->newcomer;
    from->newcomer->mhd = mhd;
    if (from->door.tls != NULL && !dhcpha_connection_secure(from->newcomer))
      dhcpha_connection_shut_down(from->newcomer);
    from->newcomer = NULL;
  } else if (*context != NULL) {
    dhcpha_connection_free(*context);
    *context = NULL;
  }
}

static bool start_daemon(listener *one) {
  const dhcpha_http_options *options = &one->loop->options;
  unsigned connections_max = options->connections_max + DHCPHA_CONNECTIONS_CLOSING_MAX;
  bool secured = one->door.tls != NULL;
  one->daemon = MHD_start_daemon(
    MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO |
      MHD_USE_ERROR_LOG | (secured ? MHD_USE_TLS : 0),
    0, NULL, NULL, dhcpha_request_take, one,
    MHD_OPTION_EXTERNAL_LOGGER, take_log, one,
    MHD_OPTION_NOTIFY_CONNECTION, take_connection, one,
    MHD_OPTION_URI_LOG_CALLBACK, dhcpha_request_begin, one,
    MHD_OPTION_NOTIFY_COMPLETED, dhcpha_request_end, one,
    MHD_OPTION_CONNECTION_LIMIT, connections_max + 1,
    MHD_OPTION_CONNECTION_MEMORY_LIMIT, options->header_max * 2 + CONNECTION_MEMORY_EXTRA,
    MHD_OPTION_CONNECTION_TIMEOUT, 0u,
    secured ? MHD_OPTION_HTTPS_PRIORITIES : MHD_OPTION_END, DHCPHA_TLS_PRIORITIES,
    MHD_OPTION_HTTPS_CERT_CALLBACK, dhcpha_connection_give_no_certificate, MHD_OPTION_END);
  return one->daemon != NULL;
}

static void have_events(void *owner, uint32_t events) {
  listener *one = owner;
  (void)events;
  one->door.has_work = true;
}

/* --- Accepting -------------------------------------------------------------------------------- */

static void pause_accepting(listener *one) {
  dhcpha_loop_rewatch(one->loop, one->fd, 0, &one->accepting);
  dhcpha_timers_move(&one->loop->timers, &one->pause, one->loop->now + ACCEPT_PAUSE_MS);
}

static void accept_again(void *owner) {
  listener *one = owner;
  dhcpha_loop_rewatch(one->loop, one->fd, EPOLLIN, &one->accepting);
  dhcpha_timers_move(&one->loop->timers, &one->pause, DHCPHA_NEVER);
}

static bool make_place(dhcpha_connections *connections, const struct sockaddr_storage *newcomer) {
  unsigned open_max = connections->loop->options.connections_max;
  if (connections->count - connections->closing < open_max) return true;
  if (connections->count >= connections->place_count) return false;
  dhcpha_connection *victim = dhcpha_connections_choose_victim(connections, newcomer);
  if (victim == NULL) return false;
  dhcpha_connection_shut_down(victim);
  return true;
}

static void admit(listener *one, int fd, const struct sockaddr_storage *address,
                  socklen_t address_len) {
  dhcpha_connections *connections = one->connections;
  if (!make_place(connections, address)) {
    dhcpha_refusals_note(&connections->refusals, one->door.number, 503, "too many connections");
    close(fd);
    return;
  }
  dhcpha_connection *connection = dhcpha_connection_new(connections, &one->door, fd, address);
  if (connection == NULL) {
    close(fd);
    return;
  }
  one->newcomer = connection;
  one->door.has_work = true;
  enum MHD_Result added =
    MHD_add_connection(one->daemon, fd, (const struct sockaddr *)address, address_len);
  /* On failure libmicrohttpd has closed the socket. */
  if (added != MHD_YES && one->newcomer != NULL) dhcpha_connection_free(connection);
  one->newcomer = NULL;
}

static void have_callers(void *owner, uint32_t events) {
  listener *one = owner;
  (void)events;
  one->has_callers = true;
}

static void accept_some(listener *one) {
  one->has_callers = false;
  for (int i = 0; i < ACCEPTED_MAX; i++) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    memset(&address, 0, sizeof address);
    int fd = accept4(one->fd, (struct sockaddr *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      admit(one, fd, &address, length);
      continue;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
      pause_accepting(one);
    if (errno == EINTR || errno == ECONNABORTED) continue;
    return;
  }
}

/* --- Listening -------------------------------------------------------------------------------- */

static int get_daemon_fd(const listener *one) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(one->daemon, MHD_DAEMON_INFO_EPOLL_FD);
  return info != NULL ? info->epoll_fd : -1;
}

static bool start_watching(listener *one) {
  one->accepting.ready = have_callers;
  one->accepting.owner = one;
  one->moving.ready = have_events;
  one->moving.owner = one;
  return dhcpha_loop_watch(one->loop, one->fd, EPOLLIN, &one->accepting) &&
         dhcpha_loop_watch(one->loop, get_daemon_fd(one), EPOLLIN, &one->moving);
}

static void free_listener(listener *one) {
  int error = errno;
  dhcpha_timers_remove(&one->loop->timers, &one->pause);
  if (one->daemon != NULL) {
    dhcpha_loop_unwatch(one->loop, get_daemon_fd(one));
    MHD_stop_daemon(one->daemon);
  }
  if (one->fd >= 0) {
    dhcpha_loop_unwatch(one->loop, one->fd);
    close(one->fd);
  }
  dhcpha_secret_free(one->door.credentials);
  free(one);
  errno = error;
}

static dhcpha_status open_door(listener *one, const dhcpha_listener_terms *terms) {
  one->door.tls = terms->tls;
  one->door.require_client_certs = terms->require_client_certs;
  if (terms->user == NULL || terms->user[0] == '\0') return DHCPHA_OK;
  one->door.credentials =
    dhcpha_credentials_encode(terms->user, terms->password != NULL ? terms->password : "");
  return one->door.credentials != NULL ? DHCPHA_OK : DHCPHA_ERR_NOMEM;
}

static dhcpha_status new_listener(dhcpha_listeners *listeners, const dhcpha_address *address,
                                  uint16_t port, const dhcpha_listener_terms *terms,
                                  listener **result) {
  listener *one = calloc(1, sizeof *one);
  if (one == NULL) return DHCPHA_ERR_NOMEM;
  one->loop = listeners->loop;
  one->connections = &listeners->connections;
  one->fd = -1;
  one->pause.passed = accept_again;
  one->pause.owner = one;
  dhcpha_status status = open_door(one, terms);
  if (status == DHCPHA_OK && !dhcpha_timers_add(&one->loop->timers, &one->pause, DHCPHA_NEVER))
    status = DHCPHA_ERR_NOMEM;
  if (status == DHCPHA_OK &&
      ((one->fd = dhcpha_listener_socket_open(address, port, &one->port)) < 0 ||
       !start_daemon(one) || !start_watching(one)))
    status = DHCPHA_ERR_IO;
  if (status == DHCPHA_OK)
    *result = one;
  else
    free_listener(one);
  return status;
}

dhcpha_status dhcpha_listeners_add(dhcpha_listeners *listeners, const dhcpha_address *address,
                                   uint16_t port, const dhcpha_listener_terms *terms,
                                   size_t *number) {
  if (address->family != 4 && address->family != 6) return DHCPHA_ERR_ARGUMENT;
  listener **all = realloc(listeners->all, (listeners->count + 1) * sizeof(listener *));
  if (all == NULL) return DHCPHA_ERR_NOMEM;
  listeners->all = all;
  listener *one;
  dhcpha_status status = new_listener(listeners, address, port, terms, &one);
  if (status != DHCPHA_OK) return status;
  one->door.number = terms->joins ? listeners->number_count - 1 : listeners->number_count++;
  if (number != NULL) *number = one->door.number;
  all[listeners->count++] = one;
  return DHCPHA_OK;
}

size_t dhcpha_listeners_count(const dhcpha_listeners *listeners) { return listeners->count; }

void dhcpha_listeners_truncate(dhcpha_listeners *listeners, size_t count) {
  while (listeners->count > count) free_listener(listeners->all[--listeners->count]);
  listeners->number_count =
    count > 0 ? listeners->all[count - 1]->door.number + 1 : 0;
}

uint16_t dhcpha_listeners_get_port(const dhcpha_listeners *listeners, size_t number) {
  for (size_t i = number; i < listeners->count; i++)
    if (listeners->all[i]->door.number == number) return listeners->all[i]->port;
  return 0;
}

/* --- The loop --------------------------------------------------------------------------------- */

static bool has_work(const listener *one) {
  MHD_UNSIGNED_LONG_LONG timeout;
  return one->door.has_work ||
         (MHD_get_timeout(one->daemon, &timeout) == MHD_YES && timeout == 0);
}

bool dhcpha_listeners_have_work(const dhcpha_listeners *listeners) {
  if (listeners->connections.refusals.count > 0) return true;
  for (size_t i = 0; i < listeners->count; i++)
    if (has_work(listeners->all[i])) return true;
  return false;
}

static void tell_refusals(dhcpha_listeners *listeners) {
  const dhcpha_loop *loop = listeners->loop;
  dhcpha_refusals refusals = listeners->connections.refusals;
  listeners->connections.refusals.count = 0;
  if (loop->callbacks.request_refused == NULL) return;
  for (size_t i = 0; i < refusals.count; i++)
    loop->callbacks.request_refused(refusals.noted[i].listener, refusals.noted[i].http_status,
                                    refusals.noted[i].text, loop->user_data);
}

static void work(listener *one) {
  for (int round = 0; round < ROUNDS_MAX && has_work(one); round++) {
    one->door.has_work = false;
    MHD_run(one->daemon);
  }
}

/* Those that are there go first: some of them may be about to leave. */
void dhcpha_listeners_dispatch(dhcpha_listeners *listeners) {
  for (size_t i = 0; i < listeners->count; i++) {
    listener *one = listeners->all[i];
    work(one);
    if (!one->has_callers) continue;
    accept_some(one);
    work(one);
  }
  if (listeners->connections.refusals.count > 0) tell_refusals(listeners);
}

dhcpha_status dhcpha_listeners_answer(dhcpha_listeners *listeners, uint64_t id, int http_status,
                                      const char *json, size_t json_len) {
  dhcpha_connection *connection = dhcpha_connections_find(&listeners->connections, id);
  if (connection == NULL) return DHCPHA_ERR_UNKNOWN;
  return dhcpha_request_answer(connection, http_status, json, json_len);
}

/* libmicrohttpd cannot end while connections are suspended. */
static void resume_all(dhcpha_connections *connections) {
  for (size_t i = 0; i < connections->place_count; i++) {
    dhcpha_connection *connection = connections->places[i];
    if (connection == NULL) continue;
    connection->broken = true;
    dhcpha_connection_resume(connection);
  }
}

void dhcpha_listeners_free(dhcpha_listeners *listeners) {
  if (listeners == NULL) return;
  resume_all(&listeners->connections);
  for (size_t i = 0; i < listeners->count; i++) free_listener(listeners->all[i]);
  free(listeners->all);
  dhcpha_connections_free(&listeners->connections);
  free(listeners);
}
