/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRESS_INTERVAL_MS 100
#define CONNECTIONS_KEPT_MAX 1024L
/* Rounds of libcurl in one dispatch: a command that follows another starts at once. */
#define ROUNDS_MAX 4
/* While there is another place to try: for a connection, and for the address of a name. */
#define CONNECT_MS_MAX 3000
#define LOOKUP_MS_MAX 3000

struct dhcpha_client {
  dhcpha_loop *loop;
  CURLM *multi;
  int64_t due; /* libcurl's timeout. */
  dhcpha_resolver *resolver;
  dhcpha_client_sockets sockets;
  dhcpha_client_peers peers;
  size_t commands;
  dhcpha_client_slot *progressed;
};

static void end_lookup(void *owner);

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
  client->resolver = dhcpha_resolver_new(loop);
  if (client->multi == NULL || client->resolver == NULL) {
    curl_multi_cleanup(client->multi);
    dhcpha_resolver_free(client->resolver);
    free(client);
    return DHCPHA_ERR_NOMEM;
  }
  client->sockets.loop = loop;
  client->sockets.multi = client->multi;
  client->peers.client = client;
  client->peers.sockets = &client->sockets;
  client->peers.lookup_ended = end_lookup;
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

/* How long a connection may take; 0: as long as the peer may be silent. */
static long get_connect_ms(const dhcpha_client_command *cmd) {
  if (!dhcpha_route_has_more(&cmd->peer->route, &cmd->cursor)) return 0;
  int64_t half = (cmd->timer.due - cmd->peer->client->loop->now) / 2;
  return half < 1 ? 1 : half < CONNECT_MS_MAX ? (long)half : CONNECT_MS_MAX;
}

static dhcpha_status go(dhcpha_client_command *cmd) {
  dhcpha_client_peer *to = cmd->peer;
  dhcpha_client_slot *slot =
    dhcpha_client_peer_take_slot(to, cmd, get_connect_ms(cmd), progressed);
  if (slot == NULL) return DHCPHA_ERR_NOMEM;
  CURLMcode code = curl_multi_add_handle(to->client->multi, slot->easy);
  if (code == CURLM_OK) return DHCPHA_OK;
  leave_slot(cmd);
  return code == CURLM_OUT_OF_MEMORY ? DHCPHA_ERR_NOMEM : DHCPHA_ERR_IO;
}

static void take_addresses(void *owner, const dhcpha_addresses *found) {
  dhcpha_client_peer *peer = owner;
  dhcpha_route_take_addresses(&peer->route, peer->lookup_target, found, peer->client->loop->now);
  peer->lookup = NULL;
  if (peer->lookup_awaited) peer->lookup_ended(peer);
}

/* The command, and those behind it, wait in the queue. */
static dhcpha_status look_up(dhcpha_client_command *cmd) {
  dhcpha_client_peer *to = cmd->peer;
  dhcpha_loop *loop = to->client->loop;
  size_t target = cmd->cursor.target;
  if (to->lookup == NULL || to->lookup_target != target) {
    dhcpha_lookup_give_up(to->lookup);
    to->lookup_target = target;
    to->lookup = dhcpha_lookup_start(to->client->resolver, to->route.targets[target].url.host,
                                     take_addresses, to);
    if (to->lookup == NULL) return DHCPHA_ERR_NOMEM;
  }
  to->lookup_awaited = true;
  dhcpha_timers_move(&loop->timers, &to->lookup_timer,
                     dhcpha_route_has_more(&to->route, &cmd->cursor) ? loop->now + LOOKUP_MS_MAX
                                                                     : DHCPHA_NEVER);
  dhcpha_client_peer_enqueue_first(to, cmd);
  return DHCPHA_OK;
}

/* What went wrong with a command so far. */
typedef struct failure {
  dhcpha_status status; /* DHCPHA_OK: nothing. */
  char text[DHCPHA_CLIENT_TEXT_SIZE];
} failure;

static void describe_end(const dhcpha_client_command *cmd, failure *why) {
  const dhcpha_client_target *target = &cmd->peer->route.targets[cmd->cursor.target];
  const char *wrong = target->addresses.wrong;
  if (why->status != DHCPHA_OK) return;
  why->status = DHCPHA_ERR_IO;
  snprintf(why->text, sizeof why->text, "%s: %s", target->url.host,
           wrong != NULL ? wrong : "it takes too long to look up this name");
}

/* A command that is in no queue goes to its next place.  False: it fails. */
static bool proceed(dhcpha_client_command *cmd, failure *why) {
  dhcpha_client_peer *to = cmd->peer;
  dhcpha_loop *loop = to->client->loop;
  dhcpha_status status = DHCPHA_OK;
  if (!cmd->started) {
    cmd->started = true;
    cmd->told_progress = loop->now;
    dhcpha_timers_move(&loop->timers, &cmd->timer, loop->now + cmd->timeout_ms);
  }
  switch (dhcpha_route_advance(&to->route, &cmd->cursor, loop->now)) {
  case DHCPHA_ROUTE_GO: status = go(cmd); break;
  case DHCPHA_ROUTE_LOOK_UP: status = look_up(cmd); break;
  case DHCPHA_ROUTE_END:
    describe_end(cmd, why);
    dhcpha_route_begin_again(&to->route);
    return false;
  }
  if (status == DHCPHA_OK) return true;
  why->status = status;
  snprintf(why->text, sizeof why->text, "the command could not be started");
  return false;
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
  while (to->first != NULL && dhcpha_client_peer_is_ready(to)) {
    failure why = { DHCPHA_OK, "" };
    dhcpha_client_command *cmd = to->first;
    dhcpha_client_peer_dequeue(cmd);
    if (!proceed(cmd, &why)) tell_failure(cmd, why.status, why.text);
  }
}

/* Known or not, or not in time: whoever waited for it goes on. */
static void end_lookup(void *owner) {
  dhcpha_client_peer *peer = owner;
  dhcpha_loop *loop = peer->client->loop;
  if (peer->lookup != NULL) { /* Goes on, for later commands. */
    static const dhcpha_addresses none;
    dhcpha_route_take_addresses(&peer->route, peer->lookup_target, &none, loop->now);
  }
  peer->lookup_awaited = false;
  dhcpha_timers_move(&loop->timers, &peer->lookup_timer, DHCPHA_NEVER);
  start_waiting(peer);
}

static void describe_silence(const dhcpha_client_command *cmd, char *text, size_t text_size) {
  char label[DHCPHA_PLACE_LABEL_SIZE];
  const char *what = "silent for";
  dhcpha_route_write_label(&cmd->peer->route, &cmd->cursor, label);
  if (cmd->slot == NULL)
    what = cmd->peer->lookup_awaited ? "its address was not found in"
                                     : "no connection became free in";
  snprintf(text, text_size, "%s: %s %lu ms", label, what, (unsigned long)cmd->timeout_ms);
}

static void fall_silent(void *owner) {
  dhcpha_client_command *cmd = owner;
  dhcpha_client_peer *to = cmd->peer;
  char text[DHCPHA_CLIENT_TEXT_SIZE];
  describe_silence(cmd, text, sizeof text);
  if (cmd->slot == NULL)
    dhcpha_client_peer_dequeue(cmd);
  else
    leave_slot(cmd);
  if (cmd->started) dhcpha_route_begin_again(&to->route);
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

dhcpha_client_peers *dhcpha_client_get_peers(dhcpha_client *client) { return &client->peers; }

dhcpha_status dhcpha_client_send(dhcpha_client *client, dhcpha_client_peer *to, uint64_t id,
                                 const char *json, size_t json_len, uint32_t timeout_ms) {
  failure why = { DHCPHA_OK, "" };
  if (client->commands >= client->loop->options.queue_max) return DHCPHA_ERR_LIMIT;
  dhcpha_client_command *cmd = new_command(to, id, json, json_len, timeout_ms);
  if (cmd == NULL) return DHCPHA_ERR_NOMEM;
  if (to->first != NULL || !dhcpha_client_peer_is_ready(to))
    dhcpha_client_peer_enqueue(to, cmd);
  else if (!proceed(cmd, &why))
    free_command(cmd);
  return why.status;
}

static void cancel(dhcpha_client_peer *peer) {
  while (peer->first != NULL) {
    dhcpha_client_command *cmd = peer->first;
    dhcpha_client_peer_dequeue(cmd);
    free_command(cmd);
  }
  for (unsigned i = 0; i < peer->slot_count; i++) {
    dhcpha_client_command *cmd = peer->slots[i]->command;
    if (cmd == NULL) continue;
    leave_slot(cmd);
    free_command(cmd);
  }
}

void dhcpha_client_cancel_all(dhcpha_client *client) {
  for (dhcpha_client_peer *one = client->peers.first; one != NULL; one = one->next) cancel(one);
  for (dhcpha_client_peer *one = client->peers.casual; one != NULL; one = one->next) cancel(one);
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

/* Nobody was found there: the command may go elsewhere. */
static bool go_elsewhere(dhcpha_client_command *cmd, CURLcode code, failure *why) {
  if (!dhcpha_client_slot_found_nobody(code)) return false;
  leave_slot(cmd);
  return proceed(cmd, why);
}

static void conclude(dhcpha_client_slot *slot, CURLcode code) {
  dhcpha_client_command *cmd = slot->command;
  dhcpha_client_peer *from = cmd->peer;
  dhcpha_loop *loop = from->client->loop;
  failure why;
  why.status = dhcpha_client_slot_outcome(slot, code, why.text);
  if (why.status == DHCPHA_OK)
    dhcpha_route_prefer(&from->route, &cmd->cursor);
  else if (go_elsewhere(cmd, code, &why))
    return;
  else
    dhcpha_route_begin_again(&from->route);
  /* The answer outlives its slot's next command only here: taken out while it is told. */
  dhcpha_body answer = dhcpha_body_take(&slot->body);
  if (cmd->slot != NULL) leave_slot(cmd);
  start_waiting(from);
  if (why.status != DHCPHA_OK) {
    tell_failure(cmd, why.status, why.text);
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
  dhcpha_resolver_free(client->resolver);
  free(client);
}
