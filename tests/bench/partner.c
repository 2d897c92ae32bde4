/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "bench/partner.h"

#include <stdio.h>
#include <string.h>

#define STEPS_MAX 1000
#define STEP_MS 100

static const char config_format[] =
    "[{\"this-server-name\":\"server1\",\"mode\":\"%s\",\"heartbeat-delay\":1000,"
    "\"max-response-delay\":60000,\"sync-leases\":false,\"peers\":["
    "{\"name\":\"server1\",\"url\":\"http://192.0.2.1:8005/\",\"role\":\"primary\"},"
    "{\"name\":\"server2\",\"url\":\"http://192.0.2.2:8005/\",\"role\":\"%s\"}]}]";

static dhcpha_time read_clock(void *user_data) {
  return ((bench_partner *)user_data)->now;
}

static dhcpha_status note_command(uint64_t id, const char *peer, const char *url, const char *json,
                                  size_t json_len, uint32_t timeout_ms, void *user_data) {
  bench_partner *partner = user_data;
  (void)peer, (void)url, (void)json, (void)timeout_ms;
  partner->sent_id = id;
  partner->sent_bytes += json_len;
  return DHCPHA_OK;
}

static void note_release(uint64_t query_id, bool send, void *user_data) {
  (void)query_id;
  bench_check(send, "a query was dropped");
  ((bench_partner *)user_data)->released++;
}

static void ignore_service(bool enabled, void *user_data) {
  (void)enabled, (void)user_data;
}

static void ignore_log(dhcpha_level level, const char *id, const char *text, void *user_data) {
  (void)level, (void)id, (void)text, (void)user_data;
}

/* The partner is ready, later in its normal state, and its clock goes right. */
static void answer_heartbeat(bench_partner *partner, dhcpha_state state) {
  char json[256];
  int len = snprintf(json, sizeof json,
                     "[{\"result\":0,\"text\":\"HA peer status returned.\",\"arguments\":{"
                     "\"state\":\"%s\",\"date-time\":\"Thu, 01 Jan 1970 00:00:00 GMT\","
                     "\"scopes\":[],\"unsent-update-count\":0}}]",
                     dhcpha_state_get_name(state));
  uint64_t id = partner->sent_id;
  partner->sent_id = 0;
  dhcpha_hub_command_answered(partner->hub, id, json, (size_t)len);
}

static void make_hub(bench_partner *partner, dhcpha_mode mode) {
  char json[1024];
  const char *role = mode == DHCPHA_MODE_LOAD_BALANCING ? "secondary" : "standby";
  int len = snprintf(json, sizeof json, config_format, dhcpha_mode_get_name(mode), role);
  dhcpha_allocator hooks = bench_memory_hooks(&partner->memory);
  dhcpha_config *config;
  bench_check(dhcpha_config_parse(DHCPHA_DHCP4, json, (size_t)len, &hooks, &config, NULL) ==
                  DHCPHA_OK, "the configuration is refused");
  dhcpha_callbacks callbacks;
  dhcpha_callbacks_init(&callbacks);
  callbacks.clock = read_clock;
  callbacks.send_command = note_command;
  callbacks.release_query = note_release;
  callbacks.set_service = ignore_service;
  callbacks.log = ignore_log;
  bench_check(dhcpha_hub_new(config, &callbacks, partner, &partner->hub) == DHCPHA_OK, "no hub");
  dhcpha_config_free(config);
}

void bench_partner_start(bench_partner *partner, dhcpha_mode mode) {
  memset(partner, 0, sizeof *partner);
  partner->normal = mode == DHCPHA_MODE_LOAD_BALANCING ? DHCPHA_STATE_LOAD_BALANCING
                                                       : DHCPHA_STATE_HOT_STANDBY;
  make_hub(partner, mode);
  bench_check(dhcpha_hub_start(partner->hub) == DHCPHA_OK, "the hub does not start");
  for (int i = 0; i < STEPS_MAX; i++) {
    dhcpha_state state = dhcpha_hub_get_state(partner->hub, 0);
    if (state == partner->normal && partner->sent_id == 0) return;
    if (partner->sent_id != 0)
      answer_heartbeat(partner, i < 2 ? DHCPHA_STATE_READY : partner->normal);
    partner->now.monotonic_ms += STEP_MS;
    dhcpha_hub_handle_expiry(partner->hub);
  }
  bench_check(false, "the hub does not reach its normal state");
}

void bench_partner_end(bench_partner *partner) {
  dhcpha_hub_free(partner->hub);
  bench_check(partner->memory.bytes == 0, "memory was not given back");
}
