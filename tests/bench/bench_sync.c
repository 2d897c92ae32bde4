/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * sync: ha-sync between two processes over loopback, each a hub with the ready-made transport and
 * an array of leases; from the command to its answer.  And what the synchronizing side's hub
 * takes of memory at the most, for N leases and for twice as many: it must not grow.
 */
#define _DEFAULT_SOURCE
#include "bench/node.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define LEASES 500000
#define TARGET_PER_S 300000
#define SYNC_MS_MAX 120000

static const bench_pair_settings no_ports = {.heartbeat_delay_ms = 1000,
                                             .max_response_delay_ms = 60000};

/* The other process: it has the leases, and runs until it is ended. */
static pid_t start_partner(const bench_pair_settings *settings, const bench_leases *leases) {
  pid_t pid = fork();
  bench_check(pid >= 0, "cannot fork");
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  bench_node node;
  bench_node_start(&node, settings, 0);
  node.leases = *leases;
  for (;;) bench_node_step(&node, 1000);
}

static size_t get_peak_rss_kb(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (size_t)usage.ru_maxrss;
}

static double synchronize(bench_node *node) {
  static const char command[] =
      "{\"command\":\"ha-sync\",\"service\":[\"dhcp4\"],\"arguments\":{\"server-name\":"
      "\"server1\",\"max-period\":60}}";
  int64_t begin = bench_now_ns();
  bench_check(dhcpha_hub_command_received(node->hub, BENCH_OWN_COMMAND, command,
                                          sizeof command - 1, 0) == DHCPHA_OK,
              "ha-sync is refused");
  while (!node->own_answered) {
    bench_check(bench_now_ns() - begin < (int64_t)SYNC_MS_MAX * 1000000, "ha-sync takes too long");
    bench_node_step(node, 100);
  }
  double seconds = (double)(bench_now_ns() - begin) / 1e9;
  bench_check(strstr(node->own_answer, "synchronization complete") != NULL, node->own_answer);
  return seconds;
}

/* In a process of its own, so that its peak of memory is its own. */
static void measure(size_t count, const char *suffix, bool print_rate) {
  bench_pair_settings settings = no_ports;
  bench_leases theirs;
  bench_node node;
  char name[64];
  bench_find_ports(settings.ports);
  bench_leases_init(&theirs, count);
  bench_leases_fill(&theirs, count, bench_clock(NULL).utc_ms / 1000);
  pid_t partner = start_partner(&settings, &theirs);
  bench_node_start(&node, &settings, 1);
  bench_leases_init(&node.leases, count);
  bench_node_await(&node, DHCPHA_STATE_HOT_STANDBY);
  size_t before_kb = get_peak_rss_kb();
  double seconds = synchronize(&node);
  size_t after_kb = get_peak_rss_kb();
  kill(partner, SIGKILL);
  waitpid(partner, NULL, 0);
  bench_check(bench_leases_equal(&node.leases, &theirs), "the leases differ");
  if (print_rate) bench_print("sync_leases_per_s", (double)count / seconds, "leases/s",
                              TARGET_PER_S);
  snprintf(name, sizeof name, "sync_hub_memory%s_kb", suffix);
  bench_print(name, (double)node.memory.peak / 1024, "kB", BENCH_NO_TARGET);
  snprintf(name, sizeof name, "sync_process_memory%s_kb", suffix);
  bench_print(name, (double)(after_kb - before_kb), "kB", BENCH_NO_TARGET);
  bench_node_end(&node);
  bench_leases_free(&theirs);
}

static int measure_apart(size_t count, const char *suffix, bool print_rate) {
  pid_t pid = fork();
  int status = 1;
  bench_check(pid >= 0, "cannot fork");
  if (pid == 0) {
    measure(count, suffix, print_rate);
    exit(0);
  }
  waitpid(pid, &status, 0);
  return status;
}

int main(int argc, char **argv) {
  size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : LEASES;
  int failed = measure_apart(count, "", true);
  failed |= measure_apart(2 * count, "_doubled", false);
  return failed != 0;
}
