/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "client.h"

#include "client_slot.h"
#include "peer_url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRESS_INTERVAL_MS 100
/* Peers without a command are forgotten beyond this many. */
#define PEERS_MAX 64
#define CONNECTIONS_KEPT_MAX 1024L
/* Rounds of libcurl in one dispatch: a command that follows another starts at once. */
#define ROUNDS_MAX 4
#define URL_SIZE (sizeof "http://[]:65535/" + DHCPHA_ADDRESS_TEXT_SIZE)

typedef struct command command;
typedef struct peer peer;

struct command {
  dhcpha_timer timer;
  uint64_t id;
  peer *peer;
  dhcpha_client_slot *slot; /* NULL: waiting for one. */
  command *previous, *next; /* In the peer's queue. */
  uint32_t timeout_ms;
  int64_t told_progress;
  size_t json_len;
  char json[];
};

struct peer {
  dhcpha_client *client;
  peer *next;
  dhcpha_address address;
  uint16_t port;
  char url[URL_SIZE];
  struct curl_slist *headers;
  command *first, *last; /* Waiting. */
  dhcpha_client_slot **slots;
  unsigned slot_count;
  unsigned in_flight;
  dhcpha_client_slot *free_slot;
};

struct dhcpha_client {
  dhcpha_http *http;
  CURLM *multi;
  int64_t due; /* libcurl's timeout. */
  dhcpha_client_sockets sockets;
  peer *peers;
  unsigned peer_count;
  size_t commands;
  dhcpha_client_slot *progressed;
};

static int take_timeout(CURLM *multi, long timeout_ms, void *user) {
  dhcpha_client *client = user;
  (void)multi;
  client->due = timeout_ms < 0 ? DHCPHA_NEVER : client->http->now + timeout_ms;
  return 0;
}

dhcpha_status dhcpha_client_new(dhcpha_http *http, dhcpha_client **result) {
  dhcpha_client *client = calloc(1, sizeof *client);
  if (client == NULL) return DHCPHA_ERR_NOMEM;
  client->http = http;
  client->due = DHCPHA_NEVER;
  client->multi = curl_multi_init();
  if (client->multi == NULL) {
    free(client);
    return DHCPHA_ERR_NOMEM;
  }
  client->sockets.http = http;
  client->sockets.multi = client->multi;
  curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, dhcpha_client_sockets_want);
  curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA, &client->sockets);
  curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, take_timeout);
  curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
  curl_multi_setopt(client->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
  curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, CONNECTIONS_KEPT_MAX);
  *result = client;
  return DHCPHA_OK;
}

/* --- Peers -------------------------------------------------------------------------------- */

static void free_peer(peer *one) {
  for (unsigned i = 0; i < one->slot_count; i++) dhcpha_client_slot_free(one->slots[i]);
  free(one->slots);
  curl_slist_free_all(one->headers);
  free(one);
}

/* Not while slots may be waiting to tell their progress. */
static void forget_idle_peer(dhcpha_client *client) {
  if (client->http->dispatching) return;
  for (peer **link = &client->peers; *link != NULL; link = &(*link)->next) {
    peer *one = *link;
    if (one->in_flight > 0 || one->first != NULL) continue;
    *link = one->next;
    client->peer_count--;
    free_peer(one);
    return;
  }
}

static peer *new_peer(dhcpha_client *client, const dhcpha_address *address, uint16_t port) {
  char text[DHCPHA_ADDRESS_TEXT_SIZE];
  if (client->peer_count >= PEERS_MAX) forget_idle_peer(client);
  peer *one = calloc(1, sizeof *one);
  if (one == NULL) return NULL;
  one->client = client;
  one->address = *address;
  one->port = port;
  snprintf(one->url, sizeof one->url, address->family == 6 ? "http://[%s]:%u/" : "http://%s:%u/",
           dhcpha_address_format(address, text), (unsigned)port);
  one->slots = calloc(client->http->options.connections_per_peer_max,
                      sizeof(dhcpha_client_slot *));
  one->headers = dhcpha_client_slot_headers(address);
  if (one->slots == NULL || one->headers == NULL) {
    free_peer(one);
    return NULL;
  }
  one->next = client->peers;
  client->peers = one;
  client->peer_count++;
  return one;
}

static peer *find_peer(dhcpha_client *client, const dhcpha_address *address, uint16_t port) {
  for (peer *one = client->peers; one != NULL; one = one->next)
    if (one->port == port && one->address.family == address->family &&
        memcmp(one->address.bytes, address->bytes, sizeof address->bytes) == 0)
      return one;
  return new_peer(client, address, port);
}

/* --- A command from the queue to a slot and back --------------------------------------------- */

static void enqueue(peer *to, command *cmd) {
  cmd->previous = to->last;
  cmd->next = NULL;
  *(to->last != NULL ? &to->last->next : &to->first) = cmd;
  to->last = cmd;
}

static void dequeue(command *cmd) {
  *(cmd->previous != NULL ? &cmd->previous->next : &cmd->peer->first) = cmd->next;
  *(cmd->next != NULL ? &cmd->next->previous : &cmd->peer->last) = cmd->previous;
  cmd->previous = cmd->next = NULL;
}

static void progressed(dhcpha_client_slot *slot) {
  peer *from = slot->peer;
  command *cmd = slot->command;
  dhcpha_client *client = from->client;
  int64_t now = client->http->now;
  if (cmd == NULL) return;
  dhcpha_timers_move(&client->http->timers, &cmd->timer, now + cmd->timeout_ms);
  if (slot->body_len == 0 && slot->header_len == 0) return; /* Only sent so far. */
  if (slot->in_progressed || now - cmd->told_progress < PROGRESS_INTERVAL_MS) return;
  cmd->told_progress = now;
  slot->in_progressed = true;
  slot->next_progressed = client->progressed;
  client->progressed = slot;
}

static dhcpha_client_slot *take_slot(peer *to) {
  dhcpha_client_slot *slot = to->free_slot;
  if (slot != NULL) {
    to->free_slot = slot->next_free;
    return slot;
  }
  slot = dhcpha_client_slot_new(&to->client->sockets, to->url, to->headers);
  if (slot == NULL) return NULL;
  slot->peer = to;
  slot->progressed = progressed;
  to->slots[to->slot_count++] = slot;
  return slot;
}

static void leave_slot(command *cmd) {
  dhcpha_client_slot *slot = cmd->slot;
  peer *from = cmd->peer;
  curl_multi_remove_handle(from->client->multi, slot->easy);
  dhcpha_client_slot_clear(slot);
  slot->next_free = from->free_slot;
  from->free_slot = slot;
  from->in_flight--;
  cmd->slot = NULL;
}

/* A command that is in no queue.  The peer's silence counts from now on. */
static dhcpha_status start(command *cmd) {
  peer *to = cmd->peer;
  dhcpha_http *http = to->client->http;
  dhcpha_client_slot *slot = take_slot(to);
  if (slot == NULL) return DHCPHA_ERR_NOMEM;
  dhcpha_client_slot_prepare(slot, cmd->json, cmd->json_len);
  cmd->told_progress = http->now;
  dhcpha_timers_move(&http->timers, &cmd->timer, http->now + cmd->timeout_ms);
  slot->command = cmd;
  cmd->slot = slot;
  to->in_flight++;
  CURLMcode code = curl_multi_add_handle(to->client->multi, slot->easy);
  if (code == CURLM_OK) return DHCPHA_OK;
  leave_slot(cmd);
  return code == CURLM_OUT_OF_MEMORY ? DHCPHA_ERR_NOMEM : DHCPHA_ERR_IO;
}

static void free_command(command *cmd) {
  dhcpha_client *client = cmd->peer->client;
  dhcpha_timers_remove(&client->http->timers, &cmd->timer);
  client->commands--;
  free(cmd);
}

/* The command is gone before its outcome is told: the host may do anything then. */
static void tell_failure(command *cmd, dhcpha_status why, const char *text) {
  dhcpha_http *http = cmd->peer->client->http;
  uint64_t id = cmd->id;
  free_command(cmd);
  http->callbacks.command_failed(id, why, text, http->user_data);
}

static bool has_free_place(const peer *to) {
  return to->in_flight < to->client->http->options.connections_per_peer_max;
}

static void start_waiting(peer *to) {
  while (to->first != NULL && has_free_place(to)) {
    command *cmd = to->first;
    dequeue(cmd);
    dhcpha_status status = start(cmd);
    if (status != DHCPHA_OK) tell_failure(cmd, status, "the command could not be started");
  }
}

static void fall_silent(void *owner) {
  command *cmd = owner;
  peer *to = cmd->peer;
  char text[DHCPHA_CLIENT_TEXT_SIZE];
  bool waiting = cmd->slot == NULL;
  snprintf(text, sizeof text, waiting ? "%s: no connection became free in %lu ms"
                                      : "%s: silent for %lu ms",
           to->url, (unsigned long)cmd->timeout_ms);
  if (waiting)
    dequeue(cmd);
  else
    leave_slot(cmd);
  tell_failure(cmd, DHCPHA_ERR_TIMEOUT, text);
  start_waiting(to);
}

/* --- What the host asks for ------------------------------------------------------------------ */

static command *new_command(peer *to, uint64_t id, const char *json, size_t json_len,
                            uint32_t timeout_ms) {
  dhcpha_http *http = to->client->http;
  if (json_len > SIZE_MAX - sizeof(command)) return NULL;
  command *cmd = malloc(sizeof *cmd + json_len);
  if (cmd == NULL) return NULL;
  memset(cmd, 0, sizeof *cmd);
  cmd->id = id;
  cmd->peer = to;
  cmd->timeout_ms = timeout_ms;
  cmd->timer.passed = fall_silent;
  cmd->timer.owner = cmd;
  if (!dhcpha_timers_add(&http->timers, &cmd->timer, http->now + timeout_ms)) {
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
  if (client->commands >= client->http->options.queue_max) return DHCPHA_ERR_LIMIT;
  peer *to = find_peer(client, &address, port);
  if (to == NULL) return DHCPHA_ERR_NOMEM;
  command *cmd = new_command(to, id, json, json_len, timeout_ms);
  if (cmd == NULL) return DHCPHA_ERR_NOMEM;
  if (to->first != NULL || !has_free_place(to)) {
    enqueue(to, cmd);
    return DHCPHA_OK;
  }
  status = start(cmd);
  if (status != DHCPHA_OK) free_command(cmd);
  return status;
}

void dhcpha_client_cancel_all(dhcpha_client *client) {
  for (peer *one = client->peers; one != NULL; one = one->next) {
    while (one->first != NULL) {
      command *cmd = one->first;
      dequeue(cmd);
      free_command(cmd);
    }
    for (unsigned i = 0; i < one->slot_count; i++) {
      command *cmd = one->slots[i]->command;
      if (cmd == NULL) continue;
      leave_slot(cmd);
      free_command(cmd);
    }
  }
}

/* --- What libcurl has done -------------------------------------------------------------------- */

static void tell_progress(dhcpha_client *client) {
  dhcpha_http *http = client->http;
  while (client->progressed != NULL) {
    dhcpha_client_slot *slot = client->progressed;
    client->progressed = slot->next_progressed;
    slot->in_progressed = false;
    command *cmd = slot->command;
    if (cmd == NULL || http->callbacks.command_progressed == NULL) continue;
    if (cmd->told_progress != http->now) continue; /* Another command by now. */
    http->callbacks.command_progressed(cmd->id, http->user_data);
  }
}

static void conclude(dhcpha_client_slot *slot, CURLcode code) {
  command *cmd = slot->command;
  peer *from = cmd->peer;
  dhcpha_http *http = from->client->http;
  char text[DHCPHA_CLIENT_TEXT_SIZE];
  dhcpha_status status = dhcpha_client_slot_outcome(slot, code, from->url, text);
  /* The answer outlives its slot's next command only here: taken out while it is told. */
  char *body = slot->body;
  size_t body_len = slot->body_len;
  size_t body_room = slot->body_room;
  slot->body = NULL;
  slot->body_room = 0;
  leave_slot(cmd);
  start_waiting(from);
  if (status != DHCPHA_OK) {
    tell_failure(cmd, status, text);
  } else {
    uint64_t id = cmd->id;
    free_command(cmd);
    http->callbacks.command_answered(id, body_len > 0 ? body : "", body_len, http->user_data);
  }
  dhcpha_client_slot_give_memory(slot, body, body_room);
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
    if (client->due <= client->http->now) {
      client->due = DHCPHA_NEVER;
      curl_multi_socket_action(client->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    tell_progress(client);
    tell_outcomes(client);
    if (client->due > client->http->now) break;
  }
  dhcpha_client_sockets_free_closed(&client->sockets);
}

void dhcpha_client_free(dhcpha_client *client) {
  if (client == NULL) return;
  dhcpha_client_cancel_all(client);
  while (client->peers != NULL) {
    peer *one = client->peers;
    client->peers = one->next;
    free_peer(one);
  }
  curl_multi_cleanup(client->multi);
  dhcpha_client_sockets_free(&client->sockets);
  free(client);
}
