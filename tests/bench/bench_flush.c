/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * flush: a server of a load-balancing pair commits leases while it cannot reach its partner, and
 * then sends them; from the first update to the state load-balancing.  The partner is a process of
 * ours over loopback; or, as `bench_flush kea PORT PORT`, a Kea that listens on the second port and
 * has us as server1 on the first.  What Kea does is then compared with the very same commands from
 * a plain client, with as many connections as are best for it; the ratio is of two in turn.
 */
#define _DEFAULT_SOURCE
#include "bench/node.h"
#include "bench/plain_client.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define UPDATES 10000
#define LIMIT 20000
#define ROUNDS 5 /* the median counts */
#define TARGET_PER_S 20000
#define TARGET_RATIO 0.9

static const bench_pair_settings pair = {.heartbeat_delay_ms = 200,
                                         .max_response_delay_ms = 60000,
                                         .load_balancing = true,
                                         .delayed_updates_limit = LIMIT};
static volatile sig_atomic_t asked_to_end;

static void ask_to_end(int signal_number) {
  (void)signal_number;
  asked_to_end = 1;
}

/* The other process; ends well when it has got what was expected. */
static pid_t start_partner(const bench_pair_settings *settings, const bench_leases *expected) {
  pid_t pid = fork();
  bench_check(pid >= 0, "cannot fork");
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGTERM, ask_to_end);
  bench_node node;
  bench_node_start(&node, settings, 1);
  bench_leases_init(&node.leases, UPDATES);
  while (!asked_to_end) bench_node_step(&node, 100);
  _exit(bench_leases_equal(&node.leases, expected) ? 0 : 1);
}

/* ---- one flush ---- */

typedef struct observer {
  int64_t first_ns;     /* when the first update was sent */
  bench_bodies *bodies; /* where the commands go, or NULL */
} observer;

static void observe(bench_node *node, const char *json, size_t json_len) {
  observer *o = node->on_send_data;
  if (o->first_ns != 0 && o->bodies == NULL) return;
  if (strstr(json, "\"lease4-update\"") == NULL) return;
  if (o->first_ns == 0) o->first_ns = bench_now_ns();
  if (o->bodies != NULL) bench_bodies_add(o->bodies, json, json_len);
}

static void commit(bench_node *node, const bench_record *record) {
  dhcpha_query query;
  dhcpha_lease lease;
  bool parked;
  dhcpha_query_init(&query);
  query.type = 3;
  query.hw_address = record->hw_address;
  query.hw_address_len = sizeof record->hw_address;
  bench_leases_write(&lease, record);
  bench_check(dhcpha_hub_leases_changed(node->hub, 1, &query, &lease, 1, NULL, 0, &parked) ==
                      DHCPHA_OK && !parked, "a lease is not kept");
}

/* What this process has used of the processor, microseconds. */
static double get_cpu_us(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static double flush(bench_node *node, const bench_leases *leases, bench_bodies *bodies,
                    double *cpu_us) {
  observer o = {0, bodies};
  node->cut = true;
  bench_node_await(node, DHCPHA_STATE_COMMUNICATION_RECOVERY);
  for (size_t i = 0; i < leases->count; i++) commit(node, &leases->records[i]);
  node->on_send_data = &o;
  node->on_send = observe;
  node->cut = false;
  *cpu_us -= get_cpu_us();
  bench_node_await(node, DHCPHA_STATE_LOAD_BALANCING);
  *cpu_us += get_cpu_us();
  double seconds = (double)(bench_now_ns() - o.first_ns) / 1e9;
  node->on_send = NULL;
  bench_check(o.first_ns != 0, "nothing was sent");
  return seconds;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double values[ROUNDS]) {
  qsort(values, ROUNDS, sizeof values[0], by_value);
  return values[ROUNDS / 2];
}

/* ---- to one of ours ---- */

static int measure_ours(void) {
  bench_pair_settings settings = pair;
  bench_leases leases;
  bench_node node;
  double seconds[ROUNDS], cpu_us = 0;
  int status = 1;
  int64_t now_s = bench_clock(NULL).utc_ms / 1000;
  bench_find_ports(settings.ports);
  bench_leases_init(&leases, UPDATES);
  bench_leases_fill(&leases, UPDATES, now_s + ROUNDS - 1); /* as in the last round */
  pid_t partner = start_partner(&settings, &leases);
  bench_node_start(&node, &settings, 0);
  bench_node_await(&node, DHCPHA_STATE_LOAD_BALANCING);
  for (int i = 0; i < ROUNDS; i++) {
    bench_leases_fill(&leases, UPDATES, now_s + i);
    seconds[i] = flush(&node, &leases, NULL, &cpu_us);
  }
  kill(partner, SIGTERM);
  waitpid(partner, &status, 0);
  bench_check(status == 0, "the leases differ");
  bench_print("flush_updates_per_s", UPDATES / median(seconds), "updates/s", TARGET_PER_S);
  bench_print("flush_own_cpu_us", cpu_us / ROUNDS / UPDATES, "us", BENCH_NO_TARGET);
  bench_node_end(&node);
  bench_leases_free(&leases);
  return 0;
}

/* ---- to Kea ---- */

static unsigned find_best_connections(const bench_bodies *bodies, uint16_t port) {
  static const unsigned tried[] = {1, 2, 4, 8, 16, 32};
  unsigned best = 1;
  double best_s = 1e9;
  for (size_t i = 0; i < sizeof tried / sizeof tried[0]; i++) {
    double seconds = bench_plain_post(bodies, port, tried[i]);
    if (seconds >= best_s) continue;
    best_s = seconds;
    best = tried[i];
  }
  return best;
}

/* In turns, so that both meet the machine in the same mood.  Kea has the leases already. */
static int measure_kea(uint16_t our_port, uint16_t port) {
  bench_pair_settings settings = pair;
  bench_bodies bodies = {0};
  bench_leases leases;
  bench_node node;
  double flushes[ROUNDS], plain[ROUNDS], ratios[ROUNDS], flush_us = 0, plain_us = 0;
  settings.ports[0] = our_port;
  settings.ports[1] = port;
  bench_leases_init(&leases, UPDATES);
  bench_leases_fill(&leases, UPDATES, bench_clock(NULL).utc_ms / 1000);
  bench_node_start(&node, &settings, 0);
  bench_node_await(&node, DHCPHA_STATE_LOAD_BALANCING);
  (void)flush(&node, &leases, &bodies, &flush_us);
  bench_check(bodies.count == UPDATES, "not every update is a command");
  flush_us = 0;
  unsigned connections = find_best_connections(&bodies, port);
  for (int i = 0; i < ROUNDS; i++) {
    flushes[i] = flush(&node, &leases, NULL, &flush_us);
    plain_us -= get_cpu_us();
    plain[i] = bench_plain_post(&bodies, port, connections);
    plain_us += get_cpu_us();
    ratios[i] = plain[i] / flushes[i];
  }
  bench_print("flush_kea_updates_per_s", UPDATES / median(flushes), "updates/s", BENCH_NO_TARGET);
  bench_print("plain_kea_updates_per_s", UPDATES / median(plain), "updates/s", BENCH_NO_TARGET);
  bench_print("plain_kea_connections", connections, "connections", BENCH_NO_TARGET);
  bench_print("flush_kea_own_cpu_us", flush_us / ROUNDS / UPDATES, "us", BENCH_NO_TARGET);
  bench_print("plain_kea_own_cpu_us", plain_us / ROUNDS / UPDATES, "us", BENCH_NO_TARGET);
  bench_print("flush_kea_ratio", median(ratios), "x", TARGET_RATIO);
  bench_node_end(&node);
  bench_leases_free(&leases);
  bench_bodies_free(&bodies);
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 4 && strcmp(argv[1], "kea") == 0)
    return measure_kea((uint16_t)atoi(argv[2]), (uint16_t)atoi(argv[3]));
  return measure_ours();
}
