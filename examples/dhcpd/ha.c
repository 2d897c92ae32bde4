/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "ha.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "intake.h"
#include "log.h"

#define LEASES_AT_A_TIME 256
/* A partner makes all updates that arrive together durable in one transaction, so many at a time
 * pay off: each has a connection of its own. */
#define CONNECTIONS_PER_PEER_MAX 48
#define CONNECTIONS_MAX 256
#define TEXT_MAX 512
#define FAREWELL_MS 1000 /* what a hub that ends has to tell its peers gets so long */

/* ---- the hub's callbacks ---- */

static dhcpha_time on_clock(void *user_data) {
  (void)user_data;
  return server_time();
}

static dhcpha_status on_send_command(uint64_t id, const char *peer, const char *url,
                                     const char *json, size_t json_len, uint32_t timeout_ms,
                                     void *user_data) {
  struct server *server = user_data;
  (void)url; /* The transport knows all URLs of the peer. */
  dhcpha_status status =
      dhcpha_http_send_to(server->http, id, peer, json, json_len, timeout_ms);
  if (status == DHCPHA_OK) server->in_flight++;
  return status;
}

static void on_answer_command(uint64_t id, int http_status, const char *json, size_t json_len,
                              void *user_data) {
  struct server *server = user_data;
  dhcpha_http_answer(server->http, id, http_status, json, json_len);
}

static void on_set_service(bool enabled, void *user_data) {
  struct server *server = user_data;
  server->service = enabled;
}

static dhcpha_status on_leases_read(uint64_t id, const dhcpha_lease_range *range,
                                    void *user_data) {
  struct server *server = user_data;
  dhcpha_lease leases[LEASES_AT_A_TIME];
  /* All types of that address have been read (P2 6.3). */
  struct lease_id after = { ip_of(&range->after), UINT8_MAX };
  uint32_t left = range->limit;
  dhcpha_status status = DHCPHA_OK;
  const struct lease_entry *entry = NULL;
  do {
    size_t count = 0;
    while (count < LEASES_AT_A_TIME && left > 0 &&
           (entry = lease_table_after(&server->store.table, &after)) != NULL) {
      lease_entry_get(entry, &leases[count++]);
      after = entry->id;
      left--;
    }
    if (count == 0) break;
    status = dhcpha_hub_leases_read(server->hub, id, leases, count);
  } while (status == DHCPHA_OK);
  dhcpha_hub_leases_read_done(server->hub, id, status);
  return DHCPHA_OK;
}

static dhcpha_status on_leases_store(uint64_t id, const dhcpha_lease_batch *leases,
                                     void *user_data) {
  struct server *server = user_data;
  size_t count = dhcpha_lease_batch_get_count(leases);
  struct stored_batch *batch = malloc(sizeof *batch + count * sizeof batch->results[0]);
  if (batch == NULL) return DHCPHA_ERR_NOMEM;
  batch->next = NULL;
  batch->id = id;
  batch->count = count;
  for (size_t i = 0; i < count; i++)
    batch->results[i] = store_change(&server->store, dhcpha_lease_batch_get_lease(leases, i),
                                     dhcpha_lease_batch_get_operation(leases, i));
  *server->stored_end = batch;
  server->stored_end = &batch->next;
  return DHCPHA_OK;
}

static void on_release_query(uint64_t query_id, bool send, void *user_data) {
  intake_release(user_data, query_id, send);
}

static void on_log(dhcpha_level level, const char *message_id, const char *text,
                   void *user_data) {
  (void)user_data;
  log_line(level, message_id, "%s", text);
}

void ha_committed(struct server *server, bool durable) {
  struct stored_batch *batch = server->stored, *next;
  server->stored = NULL;
  server->stored_end = &server->stored;
  for (; batch != NULL; batch = next) {
    next = batch->next;
    dhcpha_hub_leases_stored(server->hub, batch->id, batch->results, durable ? batch->count : 0);
    free(batch);
  }
}

/* ---- the transport's callbacks ---- */

static void on_command_received(uint64_t id, const char *json, size_t json_len, size_t listener,
                                void *user_data) {
  struct server *server = user_data;
  /* Listeners are opened in the order of the relationships; those behind them are for
   * administrators, and to the hub no relationship's: `restrict-commands` does not concern them. */
  dhcpha_status status = DHCPHA_ERR_FOREIGN;
  if (server->hub != NULL)
    status = dhcpha_hub_command_received(server->hub, id, json, json_len, listener);
  if (status == DHCPHA_ERR_FOREIGN) commands_answer(server, id, json, json_len);
  else if (status != DHCPHA_OK) commands_refuse(server, id, dhcpha_strerror(status));
}

static void on_command_answered(uint64_t id, const char *json, size_t json_len, void *user_data) {
  struct server *server = user_data;
  server->in_flight--;
  dhcpha_hub_command_answered(server->hub, id, json, json_len);
}

static void on_command_failed(uint64_t id, dhcpha_status why, const char *text, void *user_data) {
  struct server *server = user_data;
  server->in_flight--;
  dhcpha_hub_command_failed(server->hub, id, why, text);
}

static void on_command_progressed(uint64_t id, void *user_data) {
  struct server *server = user_data;
  dhcpha_hub_command_progressed(server->hub, id);
}

static void on_request_refused(size_t listener, int http_status, const char *text,
                               void *user_data) {
  (void)user_data;
  log_line(DHCPHA_LEVEL_DEBUG, "request_refused", "listener %zu refused a request: %d %s",
           listener, http_status, text);
}

/* ---- opening and closing ---- */

/* FORMER: the hub whose place it takes, or NULL. */
static bool open_hub(struct server *server, const dhcpha_hub *former) {
  dhcpha_callbacks callbacks;
  dhcpha_callbacks_init(&callbacks);
  callbacks.clock = on_clock;
  callbacks.send_command = on_send_command;
  callbacks.answer_command = on_answer_command;
  callbacks.set_service = on_set_service;
  callbacks.leases_read = on_leases_read;
  callbacks.leases_store = on_leases_store;
  callbacks.release_query = on_release_query;
  callbacks.log = on_log;
  if (dhcpha_hub_new(server->config->ha, &callbacks, server, &server->hub) != DHCPHA_OK)
    return false;
  if (former != NULL && dhcpha_hub_inherit(server->hub, former) != DHCPHA_OK) return false;
  if (log_enabled(DHCPHA_LEVEL_DEBUG)) dhcpha_hub_set_log_level(server->hub, DHCPHA_LEVEL_DEBUG);

  size_t count = server->config->subnet_count;
  dhcpha_subnet *subnets = calloc(count + 1, sizeof *subnets);
  if (subnets == NULL) return false;
  for (size_t i = 0; i < count; i++) {
    const struct subnet *subnet = &server->config->subnets[i];
    dhcpha_subnet_init(&subnets[i]);
    subnets[i].id = subnet->id;
    subnets[i].prefix = ip_address(subnet->family, subnet->prefix);
    subnets[i].prefix_len = subnet->prefix_len;
    subnets[i].valid_lft = subnet->settings.valid_lft;
    subnets[i].server_name = subnet->ha_server_name;
  }
  dhcpha_status status = dhcpha_hub_set_subnets(server->hub, subnets, count);
  free(subnets);
  return status == DHCPHA_OK;
}

static bool listen_on(struct server *server, const dhcpha_address *address, uint16_t port,
                      char *text, size_t text_size) {
  char written[DHCPHA_ADDRESS_TEXT_SIZE];
  errno = 0;
  dhcpha_status status = dhcpha_http_listen(server->http, address, port, NULL);
  if (status == DHCPHA_OK) return true;
  snprintf(text, text_size, "%s port %u: %s", dhcpha_address_format(address, written), port,
           errno != 0 ? strerror(errno) : dhcpha_strerror(status));
  return false;
}

/* Listen on this server's own URLs, and know how to reach the others. */
static bool open_relationship(struct server *server, const dhcpha_relationship *relationship,
                              char *text, size_t text_size) {
  dhcpha_status status = dhcpha_http_listen_peer(server->http, relationship->self,
                                                 relationship->require_client_certs, NULL);
  for (size_t i = 0; i < relationship->peer_count && status == DHCPHA_OK; i++)
    if (relationship->peers[i] != relationship->self)
      status = dhcpha_http_add_peer(server->http, relationship->peers[i]);
  if (status == DHCPHA_OK) return true;
  const char *error = dhcpha_http_get_error(server->http);
  snprintf(text, text_size, "%s", error[0] != '\0' ? error : dhcpha_strerror(status));
  return false;
}

static bool open_transport(struct server *server, char *text, size_t text_size) {
  dhcpha_http_callbacks callbacks;
  dhcpha_http_callbacks_init(&callbacks);
  callbacks.command_received = on_command_received;
  callbacks.command_answered = on_command_answered;
  callbacks.command_failed = on_command_failed;
  callbacks.command_progressed = on_command_progressed;
  callbacks.request_refused = on_request_refused;
  dhcpha_http_options options;
  dhcpha_http_options_init(&options);
  options.connections_per_peer_max = CONNECTIONS_PER_PEER_MAX;
  options.connections_max = CONNECTIONS_MAX;
  dhcpha_status status = dhcpha_http_new(&options, &callbacks, server, &server->http);
  snprintf(text, text_size, "no transport: %s", dhcpha_strerror(status));
  if (status != DHCPHA_OK) return false;
  const struct config *config = server->config;
  const dhcpha_relationship *relationship;
  for (size_t i = 0; config->ha != NULL &&
                     (relationship = dhcpha_config_get_relationship(config->ha, i)) != NULL; i++)
    if (!open_relationship(server, relationship, text, text_size)) return false;
  for (size_t i = 0; i < config->control_count; i++)
    if (!listen_on(server, &config->controls[i].address, config->controls[i].port, text,
                   text_size))
      return false;
  return true;
}

bool ha_open(struct server *server, char *text, size_t text_size) {
  if (!open_transport(server, text, text_size)) return false;
  snprintf(text, text_size, "out of memory");
  return server->config->ha == NULL ||
         (open_hub(server, NULL) && dhcpha_hub_start(server->hub) == DHCPHA_OK);
}

/* Clients that wait are dropped, commands are answered; and a partner that is disabled because we
 * copy its leases is told that it may serve again, for which there is a little time. */
static void stop_hub(struct server *server) {
  dhcpha_http_cancel_all(server->http);
  server->in_flight = 0;
  dhcpha_hub_stop(server->hub);
  dhcpha_http_dispatch(server->http); /* the answers */
  int64_t end = server_time().monotonic_ms + FAREWELL_MS, left = FAREWELL_MS;
  while (server->in_flight > 0 && left > 0) {
    struct pollfd watched = { .fd = dhcpha_http_get_fd(server->http), .events = POLLIN };
    int64_t timeout = dhcpha_http_get_timeout_ms(server->http);
    if (timeout < 0 || timeout > left) timeout = left;
    poll(&watched, 1, (int)timeout);
    dhcpha_http_dispatch(server->http);
    left = end - server_time().monotonic_ms;
  }
}

bool ha_reload(struct server *server, struct config *config) {
  char text[TEXT_MAX];
  dhcpha_hub *former = server->hub;
  dhcpha_config *kept = server->config->ha;
  if (former == NULL || config->ha == NULL) {
    log_line(DHCPHA_LEVEL_ERROR, "not_reloaded", "start anew to begin or end High Availability");
    return true;
  }
  stop_hub(server);
  server_watch_http(server, false);
  dhcpha_http_free(server->http);
  server->http = NULL;
  server->hub = NULL;
  server->config->ha = config->ha;
  config->ha = kept;
  bool opened = open_transport(server, text, sizeof text);
  if (!opened) { /* the addresses of before are free again */
    log_line(DHCPHA_LEVEL_ERROR, "not_reloaded", "%s: all stays as it was", text);
    dhcpha_http_free(server->http);
    config->ha = server->config->ha;
    server->config->ha = kept;
    opened = open_transport(server, text, sizeof text);
  }
  opened = opened && open_hub(server, former) && server_watch_http(server, true) &&
           dhcpha_hub_start(server->hub) == DHCPHA_OK;
  dhcpha_hub_free(former);
  return opened;
}

void ha_close(struct server *server) {
  if (server->hub != NULL && server->http != NULL) stop_hub(server);
  dhcpha_http_free(server->http);
  dhcpha_hub_free(server->hub);
  server->http = NULL;
  server->hub = NULL;
  for (struct stored_batch *batch = server->stored, *next; batch != NULL; batch = next) {
    next = batch->next;
    free(batch);
  }
  server->stored = NULL;
}

void ha_reload_certificates(struct server *server) {
  dhcpha_status status = dhcpha_http_reload_certificates(server->http);
  if (status == DHCPHA_OK) {
    log_line(DHCPHA_LEVEL_INFO, "certificates_loaded", "new connections use them");
    return;
  }
  const char *error = dhcpha_http_get_error(server->http);
  log_line(DHCPHA_LEVEL_ERROR, "certificates_kept", "those that were there stay in use: %s",
           error[0] != '\0' ? error : dhcpha_strerror(status));
}

/* ---- time ---- */

void ha_expire(struct server *server) {
  dhcpha_http_dispatch(server->http);
  if (server->hub != NULL) dhcpha_hub_handle_expiry(server->hub);
}

int64_t ha_next_ms(struct server *server) {
  int64_t expiry = server->hub != NULL ? dhcpha_hub_get_expiry(server->hub) : DHCPHA_NEVER;
  int64_t next = dhcpha_http_get_timeout_ms(server->http);
  if (expiry == DHCPHA_NEVER) return next;
  int64_t left = expiry - server_time().monotonic_ms;
  if (left < 0) left = 0;
  return next < 0 || left < next ? left : next;
}
