/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * bench_http: commands per second over the loopback, client and server in a process each.
 * Usage: bench_http [COMMANDS [IN-FLIGHT [BODY-BYTES [late]]]]
 * "late": the server answers after dhcpha_http_dispatch() has returned.
 */
#include <dhcpha/http.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LATE_MAX 1024

static const char answer[] =
  "[ { \"arguments\": { \"date-time\": \"Sun, 22 Nov 2026 13:26:32 GMT\", \"scopes\": [ \"server1\" ], "
  "\"state\": \"load-balancing\", \"unsent-update-count\": 0 }, \"result\": 0, "
  "\"text\": \"HA peer status returned.\" } ]";

typedef struct bench {
  dhcpha_http *http;
  bool late;
  uint64_t waiting[LATE_MAX];
  size_t waiting_count;
  char url[64];
  char *body;
  size_t body_len;
  uint64_t sent, wanted, answered, failed;
} bench;

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void send_next(bench *b) {
  if (b->sent >= b->wanted) return;
  dhcpha_status status = dhcpha_http_send(b->http, ++b->sent, b->url, b->body, b->body_len, 10000);
  if (status != DHCPHA_OK) {
    fprintf(stderr, "send: %s\n", dhcpha_strerror(status));
    exit(1);
  }
}

static void received(uint64_t id, const char *json, size_t json_len, size_t listener, void *user) {
  bench *b = user;
  (void)json;
  (void)json_len;
  (void)listener;
  if (b->late && b->waiting_count < LATE_MAX)
    b->waiting[b->waiting_count++] = id;
  else
    dhcpha_http_answer(b->http, id, 200, answer, sizeof answer - 1);
}

static void answered(uint64_t id, const char *json, size_t json_len, void *user) {
  bench *b = user;
  (void)id;
  (void)json;
  (void)json_len;
  b->answered++;
  send_next(b);
}

static void failed(uint64_t id, dhcpha_status why, const char *text, void *user) {
  bench *b = user;
  (void)id;
  if (b->failed++ == 0) fprintf(stderr, "%s: %s\n", dhcpha_strerror(why), text);
  send_next(b);
}

static void turn(bench *b) {
  struct pollfd fd = { dhcpha_http_get_fd(b->http), POLLIN, 0 };
  poll(&fd, 1, dhcpha_http_get_timeout_ms(b->http));
  dhcpha_http_dispatch(b->http);
  for (size_t i = 0; i < b->waiting_count; i++)
    dhcpha_http_answer(b->http, b->waiting[i], 200, answer, sizeof answer - 1);
  b->waiting_count = 0;
}

static void make(bench *b) {
  dhcpha_http_callbacks callbacks;
  dhcpha_http_callbacks_init(&callbacks);
  callbacks.command_received = received;
  callbacks.command_answered = answered;
  callbacks.command_failed = failed;
  if (dhcpha_http_new(NULL, &callbacks, b, &b->http) != DHCPHA_OK) exit(1);
}

static pid_t start_server(bench *b, uint16_t *port) {
  int ends[2];
  if (pipe(ends) != 0) exit(1);
  pid_t child = fork();
  if (child != 0) {
    close(ends[1]);
    if (read(ends[0], port, sizeof *port) != sizeof *port) exit(1);
    close(ends[0]);
    return child;
  }
  dhcpha_address address;
  make(b);
  dhcpha_address_parse(&address, "127.0.0.1");
  if (dhcpha_http_listen(b->http, &address, 0, NULL) != DHCPHA_OK) exit(1);
  *port = dhcpha_http_get_port(b->http, 0);
  if (write(ends[1], port, sizeof *port) != sizeof *port) exit(1);
  close(ends[1]);
  for (;;) turn(b);
}

static double cpu(int who) {
  struct rusage usage;
  getrusage(who, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv) {
  bench b;
  uint16_t port = 0;
  memset(&b, 0, sizeof b);
  b.wanted = argc > 1 ? strtoull(argv[1], NULL, 10) : 200000;
  uint64_t in_flight = argc > 2 ? strtoull(argv[2], NULL, 10) : 64;
  b.body_len = argc > 3 ? strtoull(argv[3], NULL, 10) : 96;
  b.late = argc > 4 && strcmp(argv[4], "late") == 0;
  b.body = malloc(b.body_len + 1);
  if (b.body == NULL) return 1;
  memset(b.body, ' ', b.body_len);
  pid_t child = start_server(&b, &port);
  make(&b);
  snprintf(b.url, sizeof b.url, "http://127.0.0.1:%u/", (unsigned)port);
  double began = seconds();
  for (uint64_t i = 0; i < in_flight; i++) send_next(&b);
  while (b.answered + b.failed < b.wanted) turn(&b);
  double took = seconds() - began;
  double mine = cpu(RUSAGE_SELF);
  kill(child, SIGTERM);
  waitpid(child, NULL, 0);
  printf("%llu answered, %llu failed in %.2f s: %.0f per second; CPU per command: client %.1f us, "
         "server %.1f us\n",
         (unsigned long long)b.answered, (unsigned long long)b.failed, took,
         (double)b.wanted / took, mine * 1e6 / (double)b.wanted,
         cpu(RUSAGE_CHILDREN) * 1e6 / (double)b.wanted);
  dhcpha_http_free(b.http);
  free(b.body);
  return b.failed > 0;
}
