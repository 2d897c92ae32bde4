/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/node.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define AWAIT_MS 20000

static const char config_format[] =
    "[{\"this-server-name\":\"server%d\",\"mode\":\"%s\",\"heartbeat-delay\":%u,"
    "\"delayed-updates-limit\":%u,"
    "\"max-response-delay\":%u,\"max-unacked-clients\":0,\"sync-leases\":false,"
    "\"restrict-commands\":false,\"peers\":["
    "{\"name\":\"server1\",\"url\":\"http://127.0.0.1:%u/\",\"role\":\"primary\"},"
    "{\"name\":\"server2\",\"url\":\"http://127.0.0.1:%u/\",\"role\":\"%s\"}]}]";

/* What the hub asks for. */

static dhcpha_status send_command(uint64_t id, const char *peer, const char *url, const char *json,
                                  size_t json_len, uint32_t timeout_ms, void *user_data) {
  bench_node *node = user_data;
  (void)peer;
  if (node->cut) return DHCPHA_ERR_REFUSED;
  if (node->on_send != NULL) node->on_send(node, json, json_len);
  return dhcpha_http_send(node->http, id, url, json, json_len, timeout_ms);
}

static void answer_command(uint64_t id, int http_status, const char *json, size_t json_len,
                           void *user_data) {
  bench_node *node = user_data;
  if (id != BENCH_OWN_COMMAND) {
    dhcpha_http_answer(node->http, id, http_status, json, json_len);
    return;
  }
  node->own_answered = true;
  snprintf(node->own_answer, sizeof node->own_answer, "%.*s", (int)json_len, json);
}

static dhcpha_status read_leases(uint64_t id, const dhcpha_lease_range *range, void *user_data) {
  bench_node *node = user_data;
  return bench_leases_read(&node->leases, node->hub, id, range);
}

static dhcpha_status store_leases(uint64_t id, const dhcpha_lease_batch *batch, void *user_data) {
  bench_node *node = user_data;
  return bench_leases_store(&node->leases, node->hub, id, batch);
}

static void set_service(bool enabled, void *user_data) {
  (void)enabled, (void)user_data;
}

static void release_query(uint64_t id, bool send, void *user_data) {
  (void)id, (void)send, (void)user_data;
}

static void log_nothing(dhcpha_level level, const char *id, const char *text, void *user_data) {
  (void)level, (void)id, (void)text, (void)user_data;
}

/* What the transport tells. */

static void command_received(uint64_t id, const char *json, size_t json_len, size_t listener,
                             void *user_data) {
  static const char refused[] = "[ { \"result\": 2, \"text\": \"not supported\" } ]";
  bench_node *node = user_data;
  if (dhcpha_hub_command_received(node->hub, id, json, json_len, listener) != DHCPHA_OK)
    dhcpha_http_answer(node->http, id, 200, refused, sizeof refused - 1);
}

static void command_answered(uint64_t id, const char *json, size_t json_len, void *user_data) {
  bench_node *node = user_data;
  node->heard_ns = bench_now_ns();
  dhcpha_hub_command_answered(node->hub, id, json, json_len);
}

static void command_failed(uint64_t id, dhcpha_status why, const char *text, void *user_data) {
  dhcpha_hub_command_failed(((bench_node *)user_data)->hub, id, why, text);
}

static void command_progressed(uint64_t id, void *user_data) {
  dhcpha_hub_command_progressed(((bench_node *)user_data)->hub, id);
}

static void make_hub(bench_node *node, const bench_pair_settings *settings, int server) {
  char json[1024];
  int len = snprintf(json, sizeof json, config_format, server + 1,
                     settings->load_balancing ? "load-balancing" : "hot-standby",
                     settings->heartbeat_delay_ms, settings->delayed_updates_limit,
                     settings->max_response_delay_ms, settings->ports[0], settings->ports[1],
                     settings->load_balancing ? "secondary" : "standby");
  dhcpha_allocator hooks = bench_memory_hooks(&node->memory);
  dhcpha_config *config;
  bench_check(dhcpha_config_parse(DHCPHA_DHCP4, json, (size_t)len, &hooks, &config, NULL) ==
                  DHCPHA_OK, "the configuration is refused");
  dhcpha_callbacks callbacks;
  dhcpha_callbacks_init(&callbacks);
  callbacks.clock = bench_clock;
  callbacks.send_command = send_command;
  callbacks.answer_command = answer_command;
  callbacks.set_service = set_service;
  callbacks.leases_read = read_leases;
  callbacks.leases_store = store_leases;
  callbacks.release_query = release_query;
  callbacks.log = log_nothing;
  bench_check(dhcpha_hub_new(config, &callbacks, node, &node->hub) == DHCPHA_OK, "no hub");
  dhcpha_config_free(config);
}

static void make_http(bench_node *node, uint16_t port) {
  dhcpha_http_callbacks callbacks;
  dhcpha_http_callbacks_init(&callbacks);
  callbacks.command_received = command_received;
  callbacks.command_answered = command_answered;
  callbacks.command_failed = command_failed;
  callbacks.command_progressed = command_progressed;
  bench_check(dhcpha_http_new(NULL, &callbacks, node, &node->http) == DHCPHA_OK, "no transport");
  dhcpha_address loopback;
  dhcpha_address_parse(&loopback, "127.0.0.1");
  bench_check(dhcpha_http_listen(node->http, &loopback, port, NULL) == DHCPHA_OK,
              "cannot listen");
}

void bench_find_ports(uint16_t ports[2]) {
  int sockets[2];
  for (int i = 0; i < 2; i++) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockets[i] = socket(AF_INET, SOCK_STREAM, 0);
    bench_check(sockets[i] >= 0 &&
                    bind(sockets[i], (struct sockaddr *)&address, sizeof address) == 0 &&
                    getsockname(sockets[i], (struct sockaddr *)&address, &len) == 0,
                "no free port");
    ports[i] = ntohs(address.sin_port);
  }
  close(sockets[0]);
  close(sockets[1]);
}

void bench_node_start(bench_node *node, const bench_pair_settings *settings, int server) {
  memset(node, 0, sizeof *node);
  make_hub(node, settings, server);
  make_http(node, settings->ports[server]);
  bench_check(dhcpha_hub_start(node->hub) == DHCPHA_OK, "the hub does not start");
}

static int earlier(int a_ms, int b_ms) {
  return b_ms < 0 || (a_ms >= 0 && a_ms < b_ms) ? a_ms : b_ms;
}

void bench_node_step(bench_node *node, int wait_ms) {
  int64_t expiry = dhcpha_hub_get_expiry(node->hub);
  if (expiry != DHCPHA_NEVER) {
    int64_t due_ms = expiry - bench_clock(NULL).monotonic_ms;
    if (due_ms < wait_ms) wait_ms = due_ms < 0 ? 0 : (int)due_ms;
  }
  struct pollfd descriptor = {.fd = dhcpha_http_get_fd(node->http), .events = POLLIN};
  poll(&descriptor, 1, earlier(wait_ms, dhcpha_http_get_timeout_ms(node->http)));
  dhcpha_http_dispatch(node->http);
  dhcpha_hub_handle_expiry(node->hub);
}

void bench_node_await(bench_node *node, dhcpha_state state) {
  int64_t end = bench_clock(NULL).monotonic_ms + AWAIT_MS;
  while (dhcpha_hub_get_state(node->hub, 0) != state) {
    bench_check(bench_clock(NULL).monotonic_ms < end, "a state is not reached");
    bench_node_step(node, 100);
  }
}

void bench_node_end(bench_node *node) {
  dhcpha_http_free(node->http);
  dhcpha_hub_free(node->hub);
  bench_leases_free(&node->leases);
}
