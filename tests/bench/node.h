/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * node: one server of a pair on this machine: a hub, the ready-made transport, a
 * store, and the loop around them.
 */
#ifndef TESTS_BENCH_NODE_H
#define TESTS_BENCH_NODE_H

#include "bench/leases.h"

#include <dhcpha/http.h>

/* The id of commands that come from the program itself; the transport's are counted from 1. */
#define BENCH_OWN_COMMAND (UINT64_MAX - 1)

typedef struct bench_node {
  dhcpha_hub *hub;
  dhcpha_http *http;
  bench_memory memory; /* of the hub */
  bench_leases leases;
  bool own_answered; /* BENCH_OWN_COMMAND has its answer ... */
  char own_answer[512];
  int64_t heard_ns; /* the last good answer of the partner */
  bool cut;         /* nothing can be sent */
  /* Sees each command that is sent, when not NULL. */
  void (*on_send)(struct bench_node *node, const char *json, size_t json_len);
  void *on_send_data;
} bench_node;

typedef struct bench_pair_settings {
  uint16_t ports[2];
  unsigned heartbeat_delay_ms;
  unsigned max_response_delay_ms;
  bool load_balancing; /* else hot-standby */
  unsigned delayed_updates_limit;
} bench_pair_settings;

/* Ports that nobody listens on. */
void bench_find_ports(uint16_t ports[2]);
/* Server 0 is the primary, server 1 the other. */
void bench_node_start(bench_node *node, const bench_pair_settings *settings, int server);
/* Waits for what comes next, and handles it; at most about `wait_ms`. */
void bench_node_step(bench_node *node, int wait_ms);
/* Steps until the state is reached. */
void bench_node_await(bench_node *node, dhcpha_state state);
void bench_node_end(bench_node *node);

#endif
