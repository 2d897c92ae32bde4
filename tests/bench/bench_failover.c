/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * failover: the primary of a pair over loopback is killed; how much later than its last answer
 * plus max-response-delay the standby is in partner-down.  The worst of several runs.
 */
#define _DEFAULT_SOURCE
#include "bench/node.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUNS 8
#define HEARTBEAT_DELAY_MS 300
#define MAX_RESPONSE_DELAY_MS 1000
#define TARGET_MS 20

static pid_t start_primary(const bench_pair_settings *settings) {
  pid_t pid = fork();
  bench_check(pid >= 0, "cannot fork");
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  bench_node node;
  bench_node_start(&node, settings, 0);
  for (;;) bench_node_step(&node, 1000);
}

/* The kill comes at another moment between two heartbeats in each run. */
static double run(int number) {
  bench_pair_settings settings = {.heartbeat_delay_ms = HEARTBEAT_DELAY_MS,
                                  .max_response_delay_ms = MAX_RESPONSE_DELAY_MS};
  bench_node node;
  bench_find_ports(settings.ports);
  pid_t primary = start_primary(&settings);
  bench_node_start(&node, &settings, 1);
  bench_node_await(&node, DHCPHA_STATE_HOT_STANDBY);
  int64_t end = bench_now_ns() + (int64_t)(500 + number * 47) * 1000000;
  while (bench_now_ns() < end) bench_node_step(&node, 1);
  kill(primary, SIGKILL);
  waitpid(primary, NULL, 0);
  bench_node_await(&node, DHCPHA_STATE_PARTNER_DOWN);
  double late_ms = (double)(bench_now_ns() - node.heard_ns) / 1e6 - MAX_RESPONSE_DELAY_MS;
  bench_node_end(&node);
  return late_ms;
}

int main(void) {
  double worst = -1e9, earliest = 1e9;
  for (int i = 0; i < RUNS; i++) {
    double late_ms = run(i);
    if (late_ms > worst) worst = late_ms;
    if (late_ms < earliest) earliest = late_ms;
  }
  /* The clock of a hub has whole milliseconds, so that half of one is lost on both sides. */
  bench_check(earliest > -2, "partner-down came too early");
  bench_print("partner_down_late_ms", worst, "ms", TARGET_MS);
  return 0;
}
