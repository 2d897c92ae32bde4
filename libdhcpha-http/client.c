/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "client.h"

#include "client_peer.h"
#include "peer_url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRESS_INTERVAL_MS 100
#define CONNECTIONS_KEPT_MAX 1024L
/* Rounds of libcurl in one dispatch: a command that follows another starts at once. */
#define ROUNDS_MAX 4

struct dhcpha_client {
  dhcpha_loop *loop;
  CURLM *multi;
  int64_t due; /* libcurl's timeout. */
  dhcpha_client_sockets sockets;
  dhcpha_client_peers peers;
  size_t commands;
  dhcpha_client_slot *progressed;
};

static int take_timeout(CURLM *multi, long timeout_ms, void *user) {
  dhcpha_client *client = user;
  (void)multi;
  client->due = timeout_ms < 0 ? DHCPHA_NEVER : client->loop->now + timeout_ms;
  return 0;
}

dhcpha_status dhcpha_client_new(dhcpha_loop *loop, dhcpha_client **result) {
  dhcpha_client *client = calloc(1, sizeof *client);
  if (client == NULL) return DHCPHA_ERR_NOMEM;
  client->loop = loop;
  client->due = DHCPHA_NEVER;
  client->multi = curl_multi_init();
  if (client->multi == NULL) {
    free(client);
    return DHCPHA_ERR_NOMEM;
  }
  client->sockets.loop = loop;
  client->sockets.multi = client->multi;
  client->peers.client = client;
  client->peers.sockets = &client->sockets;
  curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, dhcpha_client_sockets_want);
  curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA, &client->sockets);
  curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, take_timeout);
  curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
  curl_multi_setopt(client->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
  curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, CONNECTIONS_KEPT_MAX);
  *result = client;
  return DHCPHA_OK;
}

/* --- A command from the queue to a slot and back ---------------------------------------------- */

static void progressed(dhcpha_client_slot *slot) {
  dhcpha_client_command *cmd = slot->command;
  if (cmd == NULL) return;
  dhcpha_client *client = cmd->peer->client;
  int64_t now = client->loop->now;
  dhcpha_timers_move(&client->loop->timers, &cmd->timer, now + cmd->timeout_ms);
  if (slot->body.len == 0 && slot->header_len == 0) return; /* Only sent so far. */
  if (slot->in_progressed || now - cmd->told_progress < PROGRESS_INTERVAL_MS) return;
  cmd->told_progress = now;
  slot->in_progressed = true;
  slot->next_progressed = client->progressed;
  client->progressed = slot;
}

static void leave_slot(dhcpha_client_command *cmd) {
  curl_multi_remove_handle(cmd->peer->client->multi, cmd->slot->easy);
  dhcpha_client_peer_return_slot(cmd);
}

/* A command that is in no queue.  The peer's silence counts from now on. */
static dhcpha_status start(dhcpha_client_command *cmd) {
  dhcpha_client_peer *to = cmd->peer;
  dhcpha_loop *loop = to->client->loop;
  dhcpha_client_slot *slot = dhcpha_client_peer_take_slot(to, cmd, progressed);
  if (slot == NULL) return DHCPHA_ERR_NOMEM;
  cmd->told_progress = loop->now;
  dhcpha_timers_move(&loop->timers, &cmd->timer, loop->now + cmd->timeout_ms);
  CURLMcode code = curl_multi_add_handle(to->client->multi, slot->easy);
  if (code == CURLM_OK) return DHCPHA_OK;
  leave_slot(cmd);
  return code == CURLM_OUT_OF_MEMORY ? DHCPHA_ERR_NOMEM : DHCPHA_ERR_IO;
}

static void free_command(dhcpha_client_command *cmd) {
  dhcpha_client *client = cmd->peer->client;
  dhcpha_timers_remove(&client->loop->timers, &cmd->timer);
  client->commands--;
  free(cmd);
}

/* The command is gone before its outcome is told: the host may do anything then. */
static void tell_failure(dhcpha_client_command *cmd, dhcpha_status why, const char *text) {
  dhcpha_loop *loop = cmd->peer->client->loop;
  uint64_t id = cmd->id;
  free_command(cmd);
  loop->callbacks.command_failed(id, why, text, loop->user_data);
}

static void start_waiting(dhcpha_client_peer *to) {
  while (to->first != NULL && dhcpha_client_peer_has_free_slot(to)) {
    dhcpha_client_command *cmd = to->first;
    dhcpha_client_peer_dequeue(cmd);
    dhcpha_status status = start(cmd);
    if (status != DHCPHA_OK) tell_failure(cmd, status, "the command could not be started");
  }
}

static void fall_silent(void *owner) {
  dhcpha_client_command *cmd = owner;
  dhcpha_client_peer *to = cmd->peer;
  char text[DHCPHA_CLIENT_TEXT_SIZE];
  bool waiting = cmd->slot == NULL;
  snprintf(text, sizeof text, waiting ? "%s: no connection became free in %lu ms"
                                      : "%s: silent for %lu ms",
           to->url, (unsigned long)cmd->timeout_ms);
  if (waiting)
    dhcpha_client_peer_dequeue(cmd);
  else
    leave_slot(cmd);
  tell_failure(cmd, DHCPHA_ERR_TIMEOUT, text);
  start_waiting(to);
}

/* --- What the host asks for ------------------------------------------------------------------- */

static dhcpha_client_command *new_command(dhcpha_client_peer *to, uint64_t id, const char *json,
                                          size_t json_len, uint32_t timeout_ms) {
  dhcpha_loop *loop = to->client->loop;
  if (json_len > SIZE_MAX - sizeof(dhcpha_client_command)) return NULL;
  dhcpha_client_command *cmd = malloc(sizeof *cmd + json_len);
  if (cmd == NULL) return NULL;
  memset(cmd, 0, sizeof *cmd);
  cmd->id = id;
  cmd->peer = to;
  cmd->timeout_ms = timeout_ms;
  cmd->timer.passed = fall_silent;
  cmd->timer.owner = cmd;
  if (!dhcpha_timers_add(&loop->timers, &cmd->timer, loop->now + timeout_ms)) {
    free(cmd);
    return NULL;
  }
  cmd->json_len = json_len;
  memcpy(cmd->json, json, json_len);
  to->client->commands++;
  return cmd;
}

dhcpha_status dhcpha_client_send(dhcpha_client *client, uint64_t id, const char *url,
                                 const char *json, size_t json_len, uint32_t timeout_ms) {
  dhcpha_address address;
  uint16_t port;
  dhcpha_status status = dhcpha_peer_url_parse(url, &address, &port);
  if (status != DHCPHA_OK) return status;
  if (client->commands >= client->loop->options.queue_max) return DHCPHA_ERR_LIMIT;
  dhcpha_client_peer *to = dhcpha_client_peers_find(&client->peers, &address, port);
  if (to == NULL) return DHCPHA_ERR_NOMEM;
  dhcpha_client_command *cmd = new_command(to, id, json, json_len, timeout_ms);
  if (cmd == NULL) return DHCPHA_ERR_NOMEM;
  if (to->first != NULL || !dhcpha_client_peer_has_free_slot(to)) {
    dhcpha_client_peer_enqueue(to, cmd);
    return DHCPHA_OK;
  }
  status = start(cmd);
  if (status != DHCPHA_OK) free_command(cmd);
  return status;
}

void dhcpha_client_cancel_all(dhcpha_client *client) {
  for (dhcpha_client_peer *one = client->peers.first; one != NULL; one = one->next) {
    while (one->first != NULL) {
      dhcpha_client_command *cmd = one->first;
      dhcpha_client_peer_dequeue(cmd);
      free_command(cmd);
    }
    for (unsigned i = 0; i < one->slot_count; i++) {
      dhcpha_client_command *cmd = one->slots[i]->command;
      if (cmd == NULL) continue;
      leave_slot(cmd);
      free_command(cmd);
    }
  }
}

/* --- What libcurl has done -------------------------------------------------------------------- */

static void tell_progress(dhcpha_client *client) {
  dhcpha_loop *loop = client->loop;
  while (client->progressed != NULL) {
    dhcpha_client_slot *slot = client->progressed;
    client->progressed = slot->next_progressed;
    slot->in_progressed = false;
    dhcpha_client_command *cmd = slot->command;
    if (cmd == NULL || loop->callbacks.command_progressed == NULL) continue;
    if (cmd->told_progress != loop->now) continue; /* Another command by now. */
    loop->callbacks.command_progressed(cmd->id, loop->user_data);
  }
}

static void conclude(dhcpha_client_slot *slot, CURLcode code) {
  dhcpha_client_command *cmd = slot->command;
  dhcpha_client_peer *from = cmd->peer;
  dhcpha_loop *loop = from->client->loop;
  char text[DHCPHA_CLIENT_TEXT_SIZE];
  dhcpha_status status = dhcpha_client_slot_outcome(slot, code, from->url, text);
  /* The answer outlives its slot's next command only here: taken out while it is told. */
  dhcpha_body answer = dhcpha_body_take(&slot->body);
  leave_slot(cmd);
  start_waiting(from);
  if (status != DHCPHA_OK) {
    tell_failure(cmd, status, text);
  } else {
    uint64_t id = cmd->id;
    free_command(cmd);
    loop->callbacks.command_answered(id, dhcpha_body_get(&answer), answer.len, loop->user_data);
  }
  dhcpha_body_give_back(&slot->body, answer);
}

static void tell_outcomes(dhcpha_client *client) {
  CURLMsg *message;
  int left;
  while ((message = curl_multi_info_read(client->multi, &left)) != NULL) {
    char *slot = NULL;
    CURLcode code = message->data.result;
    if (message->msg != CURLMSG_DONE) continue;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
    conclude((dhcpha_client_slot *)(void *)slot, code);
  }
}

int64_t dhcpha_client_get_due(const dhcpha_client *client) { return client->due; }

void dhcpha_client_dispatch(dhcpha_client *client) {
  int running;
  for (int round = 0; round < ROUNDS_MAX; round++) {
    if (client->due <= client->loop->now) {
      client->due = DHCPHA_NEVER;
      curl_multi_socket_action(client->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    tell_progress(client);
    tell_outcomes(client);
    if (client->due > client->loop->now) break;
  }
  dhcpha_client_sockets_free_closed(&client->sockets);
}

void dhcpha_client_free(dhcpha_client *client) {
  if (client == NULL) return;
  dhcpha_client_cancel_all(client);
  dhcpha_client_peers_free(&client->peers);
  curl_multi_cleanup(client->multi);
  dhcpha_client_sockets_free(&client->sockets);
  free(client);
}
