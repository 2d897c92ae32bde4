/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* A stranger's program that uses the ready-made transport. */
#include <dhcpha/dhcpha.h>
#include <dhcpha/http.h>

#include <stdio.h>

static void received(uint64_t id, const char *json, size_t json_len, size_t listener,
                     void *user_data) {
  (void)id, (void)json, (void)json_len, (void)listener, (void)user_data;
}

static void answered(uint64_t id, const char *json, size_t json_len, void *user_data) {
  (void)id, (void)json, (void)json_len, (void)user_data;
}

static void failed(uint64_t id, dhcpha_status why, const char *text, void *user_data) {
  (void)id, (void)why, (void)text, (void)user_data;
}

int main(void) {
  dhcpha_http_callbacks callbacks;
  dhcpha_http *http;
  dhcpha_address address;
  size_t listener;
  dhcpha_http_callbacks_init(&callbacks);
  callbacks.command_received = received;
  callbacks.command_answered = answered;
  callbacks.command_failed = failed;
  if (dhcpha_http_new(NULL, &callbacks, NULL, &http) != DHCPHA_OK) return 1;
  if (dhcpha_address_parse(&address, "127.0.0.1") != DHCPHA_OK) return 1;
  if (dhcpha_http_listen(http, &address, 0, &listener) != DHCPHA_OK) return 1;
  printf("listening: %s\n", dhcpha_http_get_port(http, listener) != 0 ? "yes" : "no");
  dhcpha_http_free(http);
  return 0;
}
