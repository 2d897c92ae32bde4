/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * A stand-in for a DHCP server, so that embed.c can be run: it has no clients, and a store that
 * is empty and read-only.  Usage: embed FILE, with Kea's "high-availability" list in it.
 */
#define _POSIX_C_SOURCE 200809L

#include "host.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define CONFIG_SIZE_MAX 65536

static volatile sig_atomic_t stopped;

static void stop(int signal_number) {
  (void)signal_number;
  stopped = 1;
}

bool host_is_running(void) {
  return !stopped;
}

static int64_t read_clock_ms(clockid_t which) {
  struct timespec now;
  clock_gettime(which, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

dhcpha_time host_clock(void) {
  dhcpha_time now = { read_clock_ms(CLOCK_MONOTONIC), read_clock_ms(CLOCK_REALTIME) };
  return now;
}

int host_wait_ms(int64_t expiry, int timeout_ms) {
  if (expiry == DHCPHA_NEVER) return timeout_ms;
  int64_t left = expiry - read_clock_ms(CLOCK_MONOTONIC);
  if (left < 0) left = 0;
  if (left > 60000) left = 60000;
  return timeout_ms < 0 || left < timeout_ms ? (int)left : timeout_ms;
}

void host_perform(dhcpha_hub *hub, const dhcpha_action *action) {
  uint64_t id = dhcpha_action_get_id(action);
  switch (dhcpha_action_get_type(action)) {
  case DHCPHA_ACTION_READ_LEASES: dhcpha_hub_leases_read_done(hub, id, DHCPHA_OK); break;
  case DHCPHA_ACTION_STORE_LEASES: dhcpha_hub_leases_stored(hub, id, NULL, 0); break;
  case DHCPHA_ACTION_SET_SERVICE:
    printf("DHCP service: %s\n", dhcpha_action_get_enabled(action) ? "on" : "off");
    break;
  case DHCPHA_ACTION_LOG:
    printf("%s: %s\n", dhcpha_action_get_message_id(action), dhcpha_action_get_text(action));
    break;
  case DHCPHA_ACTION_RELEASE_QUERY:
    if (dhcpha_action_get_enabled(action))
      host_send_answer(id);
    else
      host_drop_answer(id);
    break;
  default: break;
  }
}

bool host_make_lease(const uint8_t *packet, size_t len, dhcpha_lease *lease) {
  (void)packet, (void)len, (void)lease;
  return false;
}

void host_send_answer(uint64_t query_id) {
  printf("query %llu: answered\n", (unsigned long long)query_id);
}

void host_drop_answer(uint64_t query_id) {
  printf("query %llu: dropped\n", (unsigned long long)query_id);
}

static void print_messages(const dhcpha_messages *messages) {
  for (size_t i = 0; i < dhcpha_messages_get_count(messages); i++)
    fprintf(stderr, "embed: %s\n", dhcpha_messages_get_text(messages, i));
}

static dhcpha_status run(const char *json, size_t json_len) {
  dhcpha_config *config = NULL;
  dhcpha_messages *messages = NULL;
  dhcpha_status status =
      dhcpha_config_parse(DHCPHA_DHCP4, json, json_len, NULL, &config, &messages);
  print_messages(messages);
  dhcpha_messages_free(messages);
  if (status == DHCPHA_OK)
    status = embed_run(config, dhcpha_config_get_relationship(config, 0));
  dhcpha_config_free(config);
  return status;
}

int main(int argc, char **argv) {
  static char json[CONFIG_SIZE_MAX];
  struct sigaction action = { .sa_handler = stop };
  FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
  if (file == NULL) {
    fprintf(stderr, "usage: embed FILE: %s\n", argc == 2 ? strerror(errno) : "one file");
    return 2;
  }
  size_t json_len = fread(json, 1, sizeof json, file);
  fclose(file);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  setvbuf(stdout, NULL, _IOLBF, 0);
  dhcpha_status status = run(json, json_len);
  if (status != DHCPHA_OK) fprintf(stderr, "embed: %s\n", dhcpha_strerror(status));
  return status != DHCPHA_OK;
}
