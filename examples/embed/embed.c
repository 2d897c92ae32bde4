/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */

#include <dhcpha/dhcpha.h>
#include <dhcpha/http.h>
#include <poll.h>

#include "host.h" /* yours: clocks, leases, DHCP packets */

static dhcpha_hub *hub;
static dhcpha_http *http;

static void received(uint64_t id, const char *json, size_t len, size_t listener, void *user_data) {
  if (dhcpha_hub_command_received(hub, id, json, len, listener) != DHCPHA_OK)
    dhcpha_http_answer(http, id, 400, "[]", 2); /* here your own commands are answered */
}
static void answered(uint64_t id, const char *json, size_t len, void *user_data) {
  dhcpha_hub_command_answered(hub, id, json, len);
}
static void failed(uint64_t id, dhcpha_status why, const char *text, void *user_data) {
  dhcpha_hub_command_failed(hub, id, why, text);
}

static void perform(const dhcpha_action *action) {
  uint64_t id = dhcpha_action_get_id(action);
  const char *json = dhcpha_action_get_json(action);
  size_t len = dhcpha_action_get_json_len(action);
  dhcpha_status status;
  switch (dhcpha_action_get_type(action)) {
  case DHCPHA_ACTION_SEND_COMMAND:
    status = dhcpha_http_send(http, id, dhcpha_action_get_url(action), json, len,
                              dhcpha_action_get_timeout_ms(action));
    if (status != DHCPHA_OK) dhcpha_hub_command_failed(hub, id, status, NULL);
    break;
  case DHCPHA_ACTION_ANSWER_COMMAND:
    dhcpha_http_answer(http, id, dhcpha_action_get_http_status(action), json, len);
    break;
  default: host_perform(hub, action); /* read or store leases, send a parked answer, log */
  }
}

dhcpha_status embed_run(const dhcpha_config *config, const dhcpha_relationship *pair) {
  dhcpha_http_callbacks tell;
  dhcpha_http_callbacks_init(&tell);
  tell.command_received = received, tell.command_answered = answered, tell.command_failed = failed;
  dhcpha_status status = dhcpha_hub_new(config, NULL, NULL, &hub);
  if (status == DHCPHA_OK) status = dhcpha_http_new(NULL, &tell, NULL, &http);
  if (status == DHCPHA_OK) /* with its TLS and credentials */
    status = dhcpha_http_listen_peer(http, pair->self, pair->require_client_certs, NULL);
  for (size_t i = 0; i < pair->peer_count && status == DHCPHA_OK; i++)
    status = dhcpha_http_add_peer(http, pair->peers[i]);
  if (status == DHCPHA_OK) dhcpha_hub_set_time(hub, host_clock());
  if (status == DHCPHA_OK) status = dhcpha_hub_start(hub);
  while (status == DHCPHA_OK && host_is_running()) {
    dhcpha_hub_set_time(hub, host_clock());
    dhcpha_http_dispatch(http);    /* what the network brought */
    dhcpha_hub_handle_expiry(hub); /* what is due */
    for (dhcpha_action *action; (action = dhcpha_hub_next_action(hub)) != NULL;
         dhcpha_action_free(action))
      perform(action);
    struct pollfd watched = { dhcpha_http_get_fd(http), POLLIN, 0 };
    poll(&watched, 1, host_wait_ms(dhcpha_hub_get_expiry(hub), dhcpha_http_get_timeout_ms(http)));
  }
  dhcpha_http_free(http);
  dhcpha_hub_free(hub);
  return status;
}
