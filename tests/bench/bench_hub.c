/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * hub: what many relationships in one hub cost, in virtual time: each sends a heartbeat a second,
 * which is answered, and answers one of its partner's.
 */
#define _POSIX_C_SOURCE 200809L /* clock_gettime() */
#include "bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MANY 1000
#define FEW 10
#define ROUNDS 5 /* the least of these counts: others use the machine, too */
#define EVENTS 240000 /* heartbeats sent and received in one measurement */
#define PERCENT_TARGET 2
#define KB_TARGET 32
#define COMMAND_SIZE 160

static const char answer[] =
    "[{\"result\":0,\"text\":\"HA peer status returned.\",\"arguments\":{\"state\":\"%s\","
    "\"date-time\":\"Thu, 01 Jan 1970 00:00:00 GMT\",\"scopes\":[\"spoke\"],"
    "\"unsent-update-count\":0}}]";

static const char other_answer[] = "[{\"result\":2,\"text\":\"not supported\"}]";

typedef struct waiting {
  uint64_t id;
  size_t relationship;
  bool heartbeat;
} waiting;

typedef struct hub_bench {
  size_t count;
  dhcpha_hub *hub;
  dhcpha_time now;
  bench_memory memory;
  waiting *sent; /* and not answered */
  size_t sent_count;
  char (*commands)[COMMAND_SIZE]; /* the partners' heartbeats */
  uint64_t answers;
  uint64_t events;
} hub_bench;

static int64_t cpu_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* ---- the host ---- */

static dhcpha_time read_clock(void *user_data) {
  return ((hub_bench *)user_data)->now;
}

static dhcpha_status note_command(uint64_t id, const char *peer, const char *url, const char *json,
                                  size_t json_len, uint32_t timeout_ms, void *user_data) {
  hub_bench *b = user_data;
  (void)url, (void)json_len, (void)timeout_ms;
  waiting *sent = &b->sent[b->sent_count++];
  sent->id = id;
  sent->relationship = strtoul(peer + 5, NULL, 10); /* spokeN */
  sent->heartbeat = strstr(json, "ha-heartbeat") != NULL;
  return DHCPHA_OK;
}

static void note_answer(uint64_t id, int http_status, const char *json, size_t json_len,
                        void *user_data) {
  (void)id, (void)json, (void)json_len;
  bench_check(http_status == 200, "a heartbeat was refused");
  ((hub_bench *)user_data)->answers++;
}

static void ignore_service(bool enabled, void *user_data) {
  (void)enabled, (void)user_data;
}

static void ignore_log(dhcpha_level level, const char *id, const char *text, void *user_data) {
  (void)level, (void)id, (void)text, (void)user_data;
}

/* ---- one hub ---- */

static char *write_config(size_t count, size_t *len) {
  char *json = malloc(count * 320 + 16);
  bench_check(json != NULL, "no memory");
  *len = (size_t)sprintf(json, "[");
  for (size_t i = 0; i < count; i++)
    *len += (size_t)sprintf(
        json + *len,
        "%s{\"this-server-name\":\"hub%zu\",\"mode\":\"hot-standby\",\"heartbeat-delay\":1000,"
        "\"sync-leases\":false,\"peers\":[{\"name\":\"hub%zu\",\"url\":"
        "\"http://192.0.2.1:%zu/\",\"role\":\"standby\"},{\"name\":\"spoke%zu\",\"url\":"
        "\"http://10.0.%zu.%zu:8000/\",\"role\":\"primary\"}]}",
        i == 0 ? "" : ",", i, i, 8000 + i, i, i / 250, i % 250 + 1);
  *len += (size_t)sprintf(json + *len, "]");
  return json;
}

static double parse(hub_bench *b, dhcpha_config **config) {
  size_t len;
  char *json = write_config(b->count, &len);
  dhcpha_allocator hooks = bench_memory_hooks(&b->memory);
  int64_t begin = cpu_ns();
  bench_check(dhcpha_config_parse(DHCPHA_DHCP4, json, len, &hooks, config, NULL) == DHCPHA_OK,
              "the configuration is refused");
  double ns = (double)(cpu_ns() - begin);
  free(json);
  return ns / (double)b->count;
}

static void make(hub_bench *b, size_t count) {
  dhcpha_config *config;
  dhcpha_callbacks callbacks;
  memset(b, 0, sizeof *b);
  b->count = count;
  b->sent = calloc(count * 4, sizeof *b->sent);
  b->commands = calloc(count, sizeof *b->commands);
  bench_check(b->sent != NULL && b->commands != NULL, "no memory");
  for (size_t i = 0; i < count; i++)
    snprintf(b->commands[i], COMMAND_SIZE,
             "{\"arguments\":{\"server-name\":\"spoke%zu\"},\"command\":\"ha-heartbeat\","
             "\"service\":[\"dhcp4\"]}", i);
  (void)parse(b, &config);
  b->memory.peak = b->memory.bytes;
  dhcpha_callbacks_init(&callbacks);
  callbacks.clock = read_clock;
  callbacks.send_command = note_command;
  callbacks.answer_command = note_answer;
  callbacks.set_service = ignore_service;
  callbacks.log = ignore_log;
  bench_check(dhcpha_hub_new(config, &callbacks, b, &b->hub) == DHCPHA_OK, "no hub");
  dhcpha_config_free(config);
  bench_check(dhcpha_hub_start(b->hub) == DHCPHA_OK, "the hub does not start");
}

static void end(hub_bench *b) {
  dhcpha_hub_free(b->hub);
  bench_check(b->memory.bytes == 0, "memory was not given back");
  free(b->sent);
  free(b->commands);
}

/* Other commands ask what the partner can do. */
static bool answer_heartbeat(hub_bench *b, size_t i, const char *json, size_t len) {
  const waiting *sent = &b->sent[i];
  if (sent->heartbeat)
    dhcpha_hub_command_answered(b->hub, sent->id, json, len);
  else
    dhcpha_hub_command_answered(b->hub, sent->id, other_answer, strlen(other_answer));
  return sent->heartbeat;
}

/* What is due; each heartbeat is answered, and met by the partner's own. */
static void step(hub_bench *b, const char *json, size_t len) {
  b->now.monotonic_ms = dhcpha_hub_get_expiry(b->hub);
  dhcpha_hub_handle_expiry(b->hub);
  for (size_t i = 0; i < b->sent_count; i++) { /* what follows from an answer, too */
    size_t relationship = b->sent[i].relationship;
    if (!answer_heartbeat(b, i, json, len)) continue;
    const char *command = b->commands[relationship];
    dhcpha_hub_command_received(b->hub, relationship, command, strlen(command), relationship);
    b->events += 2;
  }
  b->sent_count = 0;
}

static void run(hub_bench *b, dhcpha_state partner, int64_t until_ms) {
  char json[300];
  size_t len = (size_t)snprintf(json, sizeof json, answer, dhcpha_state_get_name(partner));
  while (dhcpha_hub_get_expiry(b->hub) <= until_ms) step(b, json, len);
}

/* So that they are not all due at once: the first heartbeats are answered one by one. */
static void spread(hub_bench *b) {
  char json[300];
  size_t len = (size_t)snprintf(json, sizeof json, answer, "ready");
  b->now.monotonic_ms = dhcpha_hub_get_expiry(b->hub);
  dhcpha_hub_handle_expiry(b->hub);
  for (size_t i = 0; i < b->sent_count; i++) {
    b->now.monotonic_ms += (i + 1) % (b->count / FEW) == 0;
    (void)answer_heartbeat(b, i, json, len);
  }
  b->sent_count = 0;
}

static void bring_up(hub_bench *b) {
  spread(b);
  run(b, DHCPHA_STATE_READY, b->now.monotonic_ms + 3000);
  run(b, DHCPHA_STATE_HOT_STANDBY, b->now.monotonic_ms + 3000);
  for (size_t i = 0; i < b->count; i++)
    bench_check(dhcpha_hub_get_state(b->hub, i) == DHCPHA_STATE_HOT_STANDBY,
                "a relationship does not reach its normal state");
}

/* CPU nanoseconds of one event. */
static double measure(hub_bench *b) {
  int64_t virtual_ms = (int64_t)(EVENTS / 2 / b->count) * 1000;
  b->events = b->answers = 0;
  int64_t begin = cpu_ns();
  run(b, DHCPHA_STATE_HOT_STANDBY, b->now.monotonic_ms + virtual_ms);
  double ns = (double)(cpu_ns() - begin);
  bench_check(b->events > EVENTS * 0.95 && b->events < EVENTS * 1.05, "heartbeats are missing");
  bench_check(b->answers == b->events / 2, "answers are missing");
  return ns / (double)b->events;
}

static double best(hub_bench *b) {
  double least = 0;
  for (int i = 0; i < ROUNDS; i++) {
    double ns = measure(b);
    if (i == 0 || ns < least) least = ns;
  }
  return least;
}

static double best_parse(size_t count) {
  double least = 0;
  for (int i = 0; i < ROUNDS * 2; i++) {
    hub_bench b = {.count = count};
    dhcpha_config *config;
    double ns = parse(&b, &config);
    dhcpha_config_free(config);
    if (i == 0 || ns < least) least = ns;
  }
  return least;
}

int main(void) {
  hub_bench many, few;
  make(&many, MANY);
  bring_up(&many);
  double many_ns = best(&many);
  double kb_each = (double)many.memory.peak / MANY / 1024;
  uint64_t requests = many.memory.requests;
  (void)measure(&many);
  requests = many.memory.requests - requests;
  end(&many);
  make(&few, FEW);
  bring_up(&few);
  double few_ns = best(&few);
  end(&few);
  bench_print("hub_core_percent", many_ns * MANY * 2 / 1e9 * 100, "%", PERCENT_TARGET);
  bench_print("hub_kb_each", kb_each, "kB", KB_TARGET);
  bench_print("hub_event_ns", many_ns, "ns", BENCH_NO_TARGET);
  bench_print("hub_event_ratio", many_ns / few_ns, "x", BENCH_NO_TARGET);
  bench_print("hub_allocations", (double)requests, "allocations", 0);
  bench_print("hub_parse_ratio", best_parse(MANY) / best_parse(FEW), "x", BENCH_NO_TARGET);
  return 0;
}
