/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "transport.h"

#include "client.h"
#include "listener.h"

#include <curl/curl.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_MAX 128

/* --- For the parts --------------------------------------------------------------------------------- */

void dhcpha_transport_read_clock(dhcpha_http *http) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  http->now = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool control(dhcpha_http *http, int operation, int fd, uint32_t events,
                    dhcpha_watch *watch) {
  struct epoll_event event;
  memset(&event, 0, sizeof event);
  event.events = events;
  event.data.ptr = watch;
  return epoll_ctl(http->epoll_fd, operation, fd, &event) == 0;
}

bool dhcpha_transport_watch(dhcpha_http *http, int fd, uint32_t events, dhcpha_watch *watch) {
  return control(http, EPOLL_CTL_ADD, fd, events, watch);
}

void dhcpha_transport_rewatch(dhcpha_http *http, int fd, uint32_t events, dhcpha_watch *watch) {
  control(http, EPOLL_CTL_MOD, fd, events, watch);
}

void dhcpha_transport_unwatch(dhcpha_http *http, int fd) {
  control(http, EPOLL_CTL_DEL, fd, 0, NULL);
}

bool dhcpha_transport_make_room(char **memory, size_t *room, size_t wanted) {
  if (wanted <= *room) return true;
  size_t larger = *room <= SIZE_MAX / 2 && *room * 2 > wanted ? *room * 2 : wanted;
  char *moved = realloc(*memory, larger);
  if (moved == NULL) return false;
  *memory = moved;
  *room = larger;
  return true;
}

/* --- Making and ending ------------------------------------------------------------------------------ */

static void fill_in_defaults(dhcpha_http_options *options) {
  if (options->request_body_max == 0) options->request_body_max = (size_t)4 << 20;
  if (options->answer_body_max == 0) options->answer_body_max = (size_t)64 << 20;
  if (options->header_max == 0) options->header_max = 16384;
  if (options->connections_max == 0) options->connections_max = 64;
  if (options->connections_max > DHCPHA_CONNECTIONS_MAX)
    options->connections_max = DHCPHA_CONNECTIONS_MAX;
  if (options->connections_per_peer_max == 0) options->connections_per_peer_max = 8;
  if (options->queue_max == 0) options->queue_max = 65536;
  if (options->receive_timeout_ms == 0) options->receive_timeout_ms = 10000;
  if (options->idle_timeout_ms == 0) options->idle_timeout_ms = 30000;
}

static void copy_sized(void *to, size_t to_size, const void *from, size_t from_size) {
  memcpy(to, from, from_size < to_size ? from_size : to_size);
}

static dhcpha_status start(dhcpha_http *http) {
  http->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (http->epoll_fd < 0) return DHCPHA_ERR_IO;
  dhcpha_status status = dhcpha_client_new(http, &http->client);
  if (status == DHCPHA_OK) status = dhcpha_listeners_new(http, &http->listeners);
  return status;
}

dhcpha_status dhcpha_http_new(const dhcpha_http_options *options,
                              const dhcpha_http_callbacks *callbacks, void *user_data,
                              dhcpha_http **result) {
  if (result == NULL) return DHCPHA_ERR_ARGUMENT;
  *result = NULL;
  if (callbacks == NULL || callbacks->command_received == NULL ||
      callbacks->command_answered == NULL || callbacks->command_failed == NULL)
    return DHCPHA_ERR_ARGUMENT;
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return DHCPHA_ERR_IO;
  dhcpha_http *http = calloc(1, sizeof *http);
  if (http == NULL) {
    curl_global_cleanup();
    return DHCPHA_ERR_NOMEM;
  }
  if (options != NULL)
    copy_sized(&http->options, sizeof http->options, options, options->size);
  fill_in_defaults(&http->options);
  copy_sized(&http->callbacks, sizeof http->callbacks, callbacks, callbacks->size);
  http->user_data = user_data;
  dhcpha_transport_read_clock(http);
  dhcpha_status status = start(http);
  if (status == DHCPHA_OK)
    *result = http;
  else
    dhcpha_http_free(http);
  return status;
}

void dhcpha_http_free(dhcpha_http *http) {
  if (http == NULL) return;
  dhcpha_client_free(http->client);
  dhcpha_listeners_free(http->listeners);
  if (http->epoll_fd >= 0) close(http->epoll_fd);
  dhcpha_timers_free(&http->timers);
  free(http);
  curl_global_cleanup();
}

/* --- The host's calls -------------------------------------------------------------------------------- */

dhcpha_status dhcpha_http_listen(dhcpha_http *http, const dhcpha_address *address, uint16_t port,
                                 size_t *listener) {
  if (http == NULL || address == NULL) return DHCPHA_ERR_ARGUMENT;
  return dhcpha_listeners_add(http->listeners, address, port, listener);
}

uint16_t dhcpha_http_get_port(const dhcpha_http *http, size_t listener) {
  return http != NULL ? dhcpha_listeners_get_port(http->listeners, listener) : 0;
}

dhcpha_status dhcpha_http_send(dhcpha_http *http, uint64_t id, const char *url, const char *json,
                               size_t json_len, uint32_t timeout_ms) {
  if (http == NULL || url == NULL || (json == NULL && json_len > 0) || timeout_ms == 0)
    return DHCPHA_ERR_ARGUMENT;
  dhcpha_transport_read_clock(http);
  return dhcpha_client_send(http->client, id, url, json, json_len, timeout_ms);
}

void dhcpha_http_cancel_all(dhcpha_http *http) {
  if (http != NULL) dhcpha_client_cancel_all(http->client);
}

dhcpha_status dhcpha_http_answer(dhcpha_http *http, uint64_t id, int http_status, const char *json,
                                 size_t json_len) {
  if (http == NULL || (json == NULL && json_len > 0) || http_status < 200 || http_status > 599)
    return DHCPHA_ERR_ARGUMENT;
  dhcpha_transport_read_clock(http);
  return dhcpha_listeners_answer(http->listeners, id, http_status, json, json_len);
}

int dhcpha_http_get_fd(const dhcpha_http *http) { return http != NULL ? http->epoll_fd : -1; }

int dhcpha_http_get_timeout_ms(dhcpha_http *http) {
  if (http == NULL) return -1;
  if (dhcpha_listeners_have_work(http->listeners)) return 0;
  int64_t due = dhcpha_timers_earliest(&http->timers);
  int64_t client_due = dhcpha_client_get_due(http->client);
  if (client_due < due) due = client_due;
  if (due == DHCPHA_NEVER) return -1;
  dhcpha_transport_read_clock(http);
  int64_t left = due - http->now;
  if (left <= 0) return 0;
  return left < INT_MAX ? (int)left : INT_MAX;
}

static void handle_events(dhcpha_http *http) {
  struct epoll_event events[EVENTS_MAX];
  int count = epoll_wait(http->epoll_fd, events, EVENTS_MAX, 0);
  for (int i = 0; i < count; i++) {
    dhcpha_watch *watch = events[i].data.ptr;
    watch->ready(watch->owner, events[i].events);
  }
}

void dhcpha_http_dispatch(dhcpha_http *http) {
  dhcpha_timer *timer;
  if (http == NULL || http->dispatching) return;
  http->dispatching = true;
  dhcpha_transport_read_clock(http);
  /* No connection is freed before the listeners' turn, no closed socket before the client's: what
   * the events point at stays. */
  handle_events(http);
  while ((timer = dhcpha_timers_reached(&http->timers, http->now)) != NULL)
    timer->passed(timer->owner);
  dhcpha_client_dispatch(http->client);
  dhcpha_listeners_dispatch(http->listeners);
  http->dispatching = false;
}
