/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * transport: the public functions; the only one that knows both the client and the listeners.
 * FLOORS has the other parts, lowest first.
 */
#include <dhcpha/http.h>

#include "client.h"
#include "connection.h"
#include "listener.h"
#include "loop.h"
#include "peer_url.h"
#include "resolver.h"
#include "tls.h"

#include <curl/curl.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ERROR_SIZE 1024
#define PEER_WORDS_SIZE (sizeof "peer ''" + 255) /* A name is no longer: P1 1.5. */

struct dhcpha_http {
  dhcpha_loop loop;
  dhcpha_client *client;
  dhcpha_listeners *listeners;
  dhcpha_tls_list tls;
  char error[ERROR_SIZE];
};

/* --- Making and ending ------------------------------------------------------------------------ */

static void fill_in_defaults(dhcpha_http_options *options) {
  if (options->request_body_max == 0) options->request_body_max = (size_t)4 << 20;
  if (options->answer_body_max == 0) options->answer_body_max = (size_t)64 << 20;
  if (options->header_max == 0) options->header_max = 16384;
  if (options->connections_max == 0) options->connections_max = 64;
  if (options->connections_max > DHCPHA_CONNECTIONS_MAX)
    options->connections_max = DHCPHA_CONNECTIONS_MAX;
  if (options->connections_per_peer_max == 0) options->connections_per_peer_max = 32;
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
  dhcpha_tls_list_free(&http->tls);
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

/* --- TLS -------------------------------------------------------------------------------------- */

static bool is_set(const char *text) { return text != NULL && text[0] != '\0'; }

/* NULL when there is to be no TLS. */
static dhcpha_status find_tls(dhcpha_http *http, const char *const paths[DHCPHA_TLS_FILES],
                              const char *whose, dhcpha_tls **tls) {
  size_t set_count = 0;
  *tls = NULL;
  for (size_t i = 0; i < DHCPHA_TLS_FILES; i++)
    if (is_set(paths[i])) set_count++;
  if (set_count == 0) return DHCPHA_OK;
  if (set_count < DHCPHA_TLS_FILES) return DHCPHA_ERR_ARGUMENT;
  return dhcpha_tls_find(&http->tls, paths, whose, tls, http->error);
}

static const char *name_peer(const dhcpha_peer *peer, char words[PEER_WORDS_SIZE]) {
  snprintf(words, PEER_WORDS_SIZE, "peer '%s'", peer->name != NULL ? peer->name : "");
  return words;
}

static dhcpha_status find_peer_tls(dhcpha_http *http, const dhcpha_peer *peer, dhcpha_tls **tls) {
  char words[PEER_WORDS_SIZE];
  const char *const paths[DHCPHA_TLS_FILES] = { peer->trust_anchor, peer->cert_file,
                                                peer->key_file };
  *tls = NULL;
  return peer->tls ? find_tls(http, paths, name_peer(peer, words), tls) : DHCPHA_OK;
}

dhcpha_status dhcpha_http_check_peer(const dhcpha_peer *peer, char *text, size_t text_size) {
  char words[PEER_WORDS_SIZE];
  char wrong[DHCPHA_TLS_TEXT_SIZE] = "";
  if (peer == NULL) return DHCPHA_ERR_ARGUMENT;
  const char *const paths[DHCPHA_TLS_FILES] = { peer->trust_anchor, peer->cert_file,
                                                peer->key_file };
  dhcpha_status status = DHCPHA_OK;
  if (peer->tls) status = dhcpha_tls_check(paths, name_peer(peer, words), wrong);
  if (text != NULL && text_size > 0) snprintf(text, text_size, "%s", wrong);
  return status;
}

dhcpha_status dhcpha_http_reload_certificates(dhcpha_http *http) {
  if (http == NULL) return DHCPHA_ERR_ARGUMENT;
  http->error[0] = '\0';
  return dhcpha_tls_reload(&http->tls, http->error);
}

const char *dhcpha_http_get_error(const dhcpha_http *http) {
  return http != NULL ? http->error : "";
}

/* --- Listening -------------------------------------------------------------------------------- */

dhcpha_status dhcpha_http_listen_with(dhcpha_http *http, const dhcpha_address *address,
                                      uint16_t port, const dhcpha_http_listen_options *options,
                                      size_t *listener) {
  dhcpha_http_listen_options wanted;
  dhcpha_listener_terms terms;
  dhcpha_tls *tls;
  if (http == NULL || address == NULL) return DHCPHA_ERR_ARGUMENT;
  http->error[0] = '\0';
  dhcpha_http_listen_options_init(&wanted);
  if (options != NULL) copy_sized(&wanted, sizeof wanted, options, options->size);
  const char *const paths[DHCPHA_TLS_FILES] = { wanted.trust_anchor, wanted.cert_file,
                                                wanted.key_file };
  dhcpha_status status = find_tls(http, paths, "the listener", &tls);
  if (status != DHCPHA_OK) return status;
  terms = (dhcpha_listener_terms){ tls, wanted.require_client_certs, wanted.user, wanted.password,
                                   false };
  return dhcpha_listeners_add(http->listeners, address, port, &terms, listener);
}

dhcpha_status dhcpha_http_listen(dhcpha_http *http, const dhcpha_address *address, uint16_t port,
                                 size_t *listener) {
  return dhcpha_http_listen_with(http, address, port, NULL, listener);
}

static dhcpha_status listen_on_url(dhcpha_http *http, const char *url,
                                   const dhcpha_listener_terms *terms, size_t *listener) {
  char text[DHCPHA_ADDRESS_TEXT_SIZE];
  dhcpha_peer_url parsed;
  dhcpha_addresses found;
  dhcpha_status status = dhcpha_peer_url_parse(url, &parsed);
  if (status != DHCPHA_OK) return status;
  found.list[0] = parsed.address;
  found.wrong = NULL;
  if (parsed.address.family == 0) dhcpha_look_up(parsed.host, &found);
  if (found.wrong != NULL) {
    snprintf(http->error, sizeof http->error, "%s: %s", url, found.wrong);
    return DHCPHA_ERR_IO;
  }
  errno = 0;
  status = dhcpha_listeners_add(http->listeners, &found.list[0], parsed.port, terms, listener);
  if (status != DHCPHA_OK)
    snprintf(http->error, sizeof http->error, "%s port %u: %s",
             dhcpha_address_format(&found.list[0], text), (unsigned)parsed.port,
             errno != 0 ? strerror(errno) : dhcpha_strerror(status));
  return status;
}

static size_t get_urls(const dhcpha_peer *peer, const char *const **urls) {
  bool knows_all = peer->size >= sizeof *peer && peer->url_count > 0;
  *urls = knows_all ? peer->urls : &peer->url;
  return knows_all ? peer->url_count : 1;
}

dhcpha_status dhcpha_http_listen_peer(dhcpha_http *http, const dhcpha_peer *self,
                                      bool require_client_certs, size_t *listener) {
  const char *const *urls;
  dhcpha_tls *tls;
  if (http == NULL || self == NULL || self->url == NULL) return DHCPHA_ERR_ARGUMENT;
  http->error[0] = '\0';
  size_t count = get_urls(self, &urls);
  dhcpha_status status = find_peer_tls(http, self, &tls);
  dhcpha_listener_terms terms = { tls, require_client_certs, self->basic_auth_user,
                                  self->basic_auth_password, false };
  size_t before = dhcpha_listeners_count(http->listeners);
  for (size_t i = 0; i < count && status == DHCPHA_OK; i++) {
    status = listen_on_url(http, urls[i], &terms, listener);
    terms.joins = true;
  }
  if (status != DHCPHA_OK) dhcpha_listeners_truncate(http->listeners, before);
  return status;
}

uint16_t dhcpha_http_get_port(const dhcpha_http *http, size_t listener) {
  return http != NULL ? dhcpha_listeners_get_port(http->listeners, listener) : 0;
}

/* --- Sending and answering -------------------------------------------------------------------- */

dhcpha_status dhcpha_http_add_peer(dhcpha_http *http, const dhcpha_peer *peer) {
  dhcpha_tls *tls;
  dhcpha_client_peer_terms terms;
  if (http == NULL || peer == NULL || peer->url == NULL || peer->name == NULL)
    return DHCPHA_ERR_ARGUMENT;
  http->error[0] = '\0';
  dhcpha_status status = find_peer_tls(http, peer, &tls);
  if (status != DHCPHA_OK) return status;
  terms.name = peer->name;
  terms.url_count = get_urls(peer, &terms.urls);
  terms.tls = tls;
  terms.user = peer->basic_auth_user;
  terms.password = peer->basic_auth_password;
  return dhcpha_client_peers_add(dhcpha_client_get_peers(http->client), &terms);
}

dhcpha_status dhcpha_http_send_to(dhcpha_http *http, uint64_t id, const char *name,
                                  const char *json, size_t json_len, uint32_t timeout_ms) {
  if (http == NULL || name == NULL || (json == NULL && json_len > 0) || timeout_ms == 0)
    return DHCPHA_ERR_ARGUMENT;
  dhcpha_client_peer *to = dhcpha_client_peers_find(dhcpha_client_get_peers(http->client), name);
  if (to == NULL) return DHCPHA_ERR_UNKNOWN;
  dhcpha_loop_read_clock(&http->loop);
  dhcpha_status status = dhcpha_client_send(http->client, to, id, json, json_len, timeout_ms);
  wake_host(http);
  return status;
}

dhcpha_status dhcpha_http_send(dhcpha_http *http, uint64_t id, const char *url, const char *json,
                               size_t json_len, uint32_t timeout_ms) {
  if (http == NULL || url == NULL || (json == NULL && json_len > 0) || timeout_ms == 0)
    return DHCPHA_ERR_ARGUMENT;
  dhcpha_loop_read_clock(&http->loop);
  dhcpha_client_peer *to;
  dhcpha_status status =
    dhcpha_client_peers_find_url(dhcpha_client_get_peers(http->client), url, &to);
  if (status == DHCPHA_OK)
    status = dhcpha_client_send(http->client, to, id, json, json_len, timeout_ms);
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
