/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * transport: the public functions; the only one that knows both the client and the listeners.
 * FLOORS has the other parts, lowest first.
 *
 * What is to come has its place: TLS towards a peer goes where client_slot.c makes an easy handle
 * (and the peers of client_peer.c are then told apart by their TLS parameters too); TLS of a
 * listener goes where listener.c starts libmicrohttpd.  Credentials for a peer are one more line in
 * the header list of client_slot.c; credentials of a requester are one more row among the checks of
 * listener_request.c (P1 4.3 has their order).
 */
#include <dhcpha/http.h>

#include "client.h"
#include "connection.h"
#include "listener.h"
#include "loop.h"

#include <curl/curl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct dhcpha_http {
  dhcpha_loop loop;
  dhcpha_client *client;
  dhcpha_listeners *listeners;
};

/* --- Making and ending ------------------------------------------------------------------------ */

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
  if (!dhcpha_loop_init(&http->loop)) return DHCPHA_ERR_IO;
  dhcpha_status status = dhcpha_client_new(&http->loop, &http->client);
  if (status == DHCPHA_OK) status = dhcpha_listeners_new(&http->loop, &http->listeners);
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
  dhcpha_loop *loop = &http->loop;
  if (options != NULL) copy_sized(&loop->options, sizeof loop->options, options, options->size);
  fill_in_defaults(&loop->options);
  copy_sized(&loop->callbacks, sizeof loop->callbacks, callbacks, callbacks->size);
  loop->user_data = user_data;
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
  dhcpha_loop_free(&http->loop);
  free(http);
  curl_global_cleanup();
}

/* --- When to dispatch ------------------------------------------------------------------------- */

static int64_t get_due(const dhcpha_http *http) {
  if (dhcpha_listeners_have_work(http->listeners)) return http->loop.now;
  int64_t due = dhcpha_timers_earliest(&http->loop.timers);
  int64_t client_due = dhcpha_client_get_due(http->client);
  return client_due < due ? client_due : due;
}

/* After whatever may have left something to do: the host may be asleep by the last timeout it asked
 * for. */
static void wake_host(dhcpha_http *http) {
  if (!http->loop.dispatching && !http->loop.bell_rung)
    dhcpha_loop_wake_at(&http->loop, get_due(http));
}

int dhcpha_http_get_fd(const dhcpha_http *http) { return http != NULL ? http->loop.epoll_fd : -1; }

int dhcpha_http_get_timeout_ms(dhcpha_http *http) {
  if (http == NULL) return -1;
  dhcpha_loop_read_clock(&http->loop);
  int64_t due = get_due(http);
  if (due == DHCPHA_NEVER) return -1;
  int64_t left = due - http->loop.now;
  if (left <= 0) return 0;
  return left < INT_MAX ? (int)left : INT_MAX;
}

void dhcpha_http_dispatch(dhcpha_http *http) {
  if (http == NULL || http->loop.dispatching) return;
  http->loop.dispatching = true;
  dhcpha_loop_read_clock(&http->loop);
  /* No connection is freed before the listeners' turn, no closed socket before the client's: what
   * the events point at stays. */
  dhcpha_loop_run(&http->loop);
  dhcpha_client_dispatch(http->client);
  dhcpha_listeners_dispatch(http->listeners);
  http->loop.dispatching = false;
  wake_host(http);
}

/* --- The host's calls ------------------------------------------------------------------------- */

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
  dhcpha_loop_read_clock(&http->loop);
  dhcpha_status status = dhcpha_client_send(http->client, id, url, json, json_len, timeout_ms);
  wake_host(http);
  return status;
}

void dhcpha_http_cancel_all(dhcpha_http *http) {
  if (http == NULL) return;
  dhcpha_client_cancel_all(http->client);
  wake_host(http);
}

dhcpha_status dhcpha_http_answer(dhcpha_http *http, uint64_t id, int http_status, const char *json,
                                 size_t json_len) {
  if (http == NULL || (json == NULL && json_len > 0) || http_status < 200 || http_status > 599)
    return DHCPHA_ERR_ARGUMENT;
  dhcpha_loop_read_clock(&http->loop);
  dhcpha_status status = dhcpha_listeners_answer(http->listeners, id, http_status, json, json_len);
  wake_host(http);
  return status;
}
