/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "server.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "duid.h"
#include "ha.h"
#include "intake.h"
#include "log.h"

#define TICK_MS 1000
#define TEXT_MAX 512
#define LEASE_FOLDER "/var/lib/dhcpha"

dhcpha_time server_time(void) {
  struct timespec monotonic, utc;
  clock_gettime(CLOCK_MONOTONIC, &monotonic);
  clock_gettime(CLOCK_REALTIME, &utc);
  dhcpha_time time = { (int64_t)monotonic.tv_sec * 1000 + monotonic.tv_nsec / 1000000,
                       (int64_t)utc.tv_sec * 1000 + utc.tv_nsec / 1000000 };
  return time;
}

const char *counter_name(enum counter counter) {
  static const char *const names[COUNTERS] = {
    [COUNTER_RECEIVED] = "received",         [COUNTER_MALFORMED] = "malformed",
    [COUNTER_NOT_SERVED] = "not-served",     [COUNTER_NOT_ANSWERED] = "not-answered",
    [COUNTER_OFFERS] = "offers",             [COUNTER_ACKS] = "acks",
    [COUNTER_NAKS] = "naks",                 [COUNTER_WITHHELD] = "withheld",
    [COUNTER_BUSY] = "busy",                 [COUNTER_UNSENT] = "unsent",
    [COUNTER_RECLAIMED] = "reclaimed",
  };
  return names[counter];
}

/* ---- the loop ---- */

/* Make durable what was changed, then let out what waited for it.  What is let out may change
 * more; a failed commit is tried again with the next one. */
static void server_settle(struct server *server) {
  bool durable = true;
  while (durable && (store_is_dirty(&server->store) || server->committing != NULL ||
                     server->stored != NULL)) {
    durable = store_commit(&server->store);
    intake_committed(server, durable);
    ha_committed(server, durable);
  }
}

static void on_wake(uv_timer_t *timer) { ha_expire(timer->data); }

static void on_before_sleep(uv_prepare_t *prepare) {
  struct server *server = prepare->data;
  server_settle(server);
  if (server->http == NULL) return;
  int64_t next = ha_next_ms(server);
  if (next < 0) {
    uv_timer_stop(&server->wake);
    return;
  }
  uv_update_time(&server->loop);
  uv_timer_start(&server->wake, on_wake, (uint64_t)next, 0);
}

static void on_tick(uv_timer_t *timer) { intake_reclaim(timer->data); }

static void on_udp(uv_poll_t *poll, int status, int events) {
  struct udp_watch *watch = poll->data;
  (void)events;
  if (status == 0) intake_readable(watch->server, watch->socket);
}

static void on_http(uv_poll_t *poll, int status, int events) {
  struct server *server = poll->data;
  (void)status;
  (void)events;
  dhcpha_http_dispatch(server->http);
}

static void on_signal(uv_signal_t *handle, int number) {
  struct server *server = handle->data;
  log_line(DHCPHA_LEVEL_INFO, "stopping", "signal %d", number);
  uv_stop(&server->loop);
}

/* New certificates may be there, or new parameters of High Availability; for another
 * configuration it must be started anew. */
static void on_hang_up(uv_signal_t *handle, int number) {
  struct server *server = handle->data;
  (void)number;
  if (server->reread == NULL || server->config->ha == NULL) {
    if (server->http != NULL) ha_reload_certificates(server);
    return;
  }
  struct config *config = server->reread(server->reread_data);
  if (config == NULL) {
    log_line(DHCPHA_LEVEL_ERROR, "not_reloaded", "the configuration that is in use stays so");
    return;
  }
  if (!ha_reload(server, config)) {
    log_line(DHCPHA_LEVEL_ERROR, "stopping", "High Availability could not be started again");
    server->failed = true;
    uv_stop(&server->loop);
  }
  config_free(config);
}

static void start_loop(struct server *server) {
  uv_prepare_init(&server->loop, &server->before_sleep);
  uv_timer_init(&server->loop, &server->wake);
  uv_timer_init(&server->loop, &server->tick);
  uv_signal_init(&server->loop, &server->terminated);
  uv_signal_init(&server->loop, &server->interrupted);
  uv_signal_init(&server->loop, &server->hung_up);
  server->before_sleep.data = server->wake.data = server->tick.data = server;
  server->terminated.data = server->interrupted.data = server->hung_up.data = server;
  uv_prepare_start(&server->before_sleep, on_before_sleep);
  uv_timer_start(&server->tick, on_tick, TICK_MS, TICK_MS);
  uv_signal_start(&server->terminated, on_signal, SIGTERM);
  uv_signal_start(&server->interrupted, on_signal, SIGINT);
  uv_signal_start(&server->hung_up, on_hang_up, SIGHUP);
}

static bool watch_descriptors(struct server *server) {
  server->watches = calloc(server->sockets.count + 1, sizeof *server->watches);
  if (server->watches == NULL) return false;
  for (size_t i = 0; i < server->sockets.count; i++) {
    struct udp_watch *watch = &server->watches[i];
    watch->server = server;
    watch->socket = i;
    watch->poll.data = watch;
    if (uv_poll_init(&server->loop, &watch->poll, server->sockets.list[i].fd) != 0) return false;
    uv_poll_start(&watch->poll, UV_READABLE, on_udp);
  }
  return server->http == NULL || server_watch_http(server, true);
}

static void free_poll(uv_handle_t *handle) { free(handle); }

bool server_watch_http(struct server *server, bool watch) {
  uv_poll_t *poll = server->http_poll;
  if (!watch) {
    server->http_poll = NULL;
    if (poll != NULL) uv_close((uv_handle_t *)poll, free_poll);
    return true;
  }
  poll = malloc(sizeof *poll);
  if (poll == NULL) return false;
  poll->data = server;
  if (uv_poll_init(&server->loop, poll, dhcpha_http_get_fd(server->http)) != 0) {
    free(poll);
    return false;
  }
  server->http_poll = poll;
  return uv_poll_start(poll, UV_READABLE, on_http) == 0;
}

/* ---- opening and closing ---- */

static bool open_store(struct server *server, char *text, size_t text_size) {
  const char *path = server->config->lease_database == LEASES_IN_SQLITE
                         ? server->config->lease_path : NULL;
  if (path != NULL && strncmp(path, LEASE_FOLDER "/", sizeof LEASE_FOLDER) == 0)
    mkdir(LEASE_FOLDER, 0755);
  snprintf(text, text_size, "out of memory");
  if (!store_open(&server->store, server->config->family, path, text, text_size)) return false;
  if (!allocator_init(&server->allocator, server->config, &server->store)) return false;
  if (server->config->family == 6 && !duid_make(server->config, path, text, text_size))
    return false;
  log_line(DHCPHA_LEVEL_INFO, "leases_opened", "%zu leases in %s", server->store.table.count,
           path != NULL ? path : "memory: they are lost when this server ends");
  return true;
}

static bool open_sockets(struct server *server, const struct interface *endpoints,
                         size_t endpoint_count, char *text, size_t text_size) {
  const struct interface *interfaces = endpoint_count > 0 ? endpoints : server->config->interfaces;
  size_t count = endpoint_count > 0 ? endpoint_count : server->config->interface_count;
  if (count == 0)
    log_line(DHCPHA_LEVEL_WARNING, "no_interfaces", "no interface to take queries from");
  for (size_t i = 0; i < count; i++)
    if (!sockets_open(&server->sockets, server->config->family, &interfaces[i], text, text_size))
      return false;
  return true;
}

bool server_open(struct server *server, struct config *config,
                 const struct interface *endpoints, size_t endpoint_count) {
  char text[TEXT_MAX] = "out of memory";
  memset(server, 0, sizeof *server);
  server->config = config;
  server->service = true;
  server->committing_end = &server->committing;
  server->stored_end = &server->stored;
  server->started = server_time().utc_ms / 1000;
  if (uv_loop_init(&server->loop) != 0) return false;
  server->loop.data = server;
  start_loop(server);
  if (open_store(server, text, sizeof text) &&
      open_sockets(server, endpoints, endpoint_count, text, sizeof text) &&
      ((config->ha == NULL && config->control_count == 0) ||
       ha_open(server, text, sizeof text)) &&
      watch_descriptors(server))
    return true;
  log_line(DHCPHA_LEVEL_ERROR, "not_started", "%s", text);
  return false;
}

void server_run(struct server *server) { uv_run(&server->loop, UV_RUN_DEFAULT); }

static void close_handle(uv_handle_t *handle, void *nothing) {
  (void)nothing;
  if (!uv_is_closing(handle)) uv_close(handle, NULL);
}

void server_close(struct server *server) {
  if (server->loop.data != NULL) {
    (void)server_watch_http(server, false);
    uv_walk(&server->loop, close_handle, NULL);
    uv_run(&server->loop, UV_RUN_DEFAULT);
    uv_loop_close(&server->loop);
  }
  ha_close(server);
  sockets_close(&server->sockets);
  answers_free(&server->answers);
  allocator_free(&server->allocator);
  store_close(&server->store);
  config_free(server->config);
  free(server->watches);
}
