/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "client_peer.h"

#include "credentials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Peers without a name are forgotten beyond this many, if they have no command. */
#define CASUAL_MAX 64
#define KEY_SIZE (DHCPHA_HOST_SIZE + sizeof ":65535")

/* --- The peers -------------------------------------------------------------------------------- */

static void free_peer(dhcpha_client_peer *peer) {
  dhcpha_lookup_give_up(peer->lookup);
  dhcpha_timers_remove(&peer->sockets->loop->timers, &peer->lookup_timer);
  for (unsigned i = 0; i < peer->slot_count; i++) dhcpha_client_slot_free(peer->slots[i]);
  free(peer->slots);
  dhcpha_route_free(&peer->route);
  free(peer->name);
  free(peer->key);
  free(peer);
}

static void link_in(dhcpha_client_peer **list, dhcpha_client_peer *peer) {
  peer->previous = NULL;
  peer->next = *list;
  if (*list != NULL) (*list)->previous = peer;
  *list = peer;
}

static void link_out(dhcpha_client_peer **list, dhcpha_client_peer *peer) {
  *(peer->previous != NULL ? &peer->previous->next : list) = peer->next;
  if (peer->next != NULL) peer->next->previous = peer->previous;
}

static void forget(dhcpha_client_peers *peers, dhcpha_client_peer *peer) {
  dhcpha_index_remove(&peers->by_name, &peer->by_name);
  dhcpha_index_remove(&peers->by_key, &peer->by_key);
}

/* Not while slots may be waiting to tell their progress. */
static void forget_idle_peers(dhcpha_client_peers *peers) {
  dhcpha_client_peer *next;
  if (peers->sockets->loop->dispatching) return;
  for (dhcpha_client_peer *peer = peers->casual; peer != NULL; peer = next) {
    next = peer->next;
    if (peer->in_flight > 0 || peer->first != NULL) continue;
    if (!peer->retired && peers->casual_count < CASUAL_MAX) continue;
    link_out(&peers->casual, peer);
    peers->casual_count--;
    forget(peers, peer);
    free_peer(peer);
  }
}

static void pass_lookup_time(void *owner) {
  dhcpha_client_peer *peer = owner;
  dhcpha_timers_move(&peer->sockets->loop->timers, &peer->lookup_timer, DHCPHA_NEVER);
  peer->lookup_ended(peer);
}

static char *copy(const char *text) {
  size_t size = strlen(text) + 1;
  char *copied = malloc(size);
  return copied != NULL ? memcpy(copied, text, size) : NULL;
}

static void write_key(const dhcpha_peer_url *url, char key[KEY_SIZE]) {
  char text[DHCPHA_ADDRESS_TEXT_SIZE];
  const char *host = url->host;
  if (url->address.family != 0) host = dhcpha_address_format(&url->address, text);
  snprintf(key, KEY_SIZE, "%s:%u", host, (unsigned)url->port);
}

static dhcpha_status set_up(dhcpha_client_peer *peer, const dhcpha_client_peer_terms *terms) {
  char key[KEY_SIZE];
  char *credentials = NULL;
  dhcpha_loop *loop = peer->sockets->loop;
  peer->tls = terms->tls;
  if (terms->user != NULL && terms->user[0] != '\0') {
    credentials = dhcpha_credentials_encode(terms->user,
                                            terms->password != NULL ? terms->password : "");
    if (credentials == NULL) return DHCPHA_ERR_NOMEM;
  }
  dhcpha_status status = dhcpha_route_init(&peer->route, terms->urls, terms->url_count,
                                           terms->tls != NULL, credentials);
  dhcpha_secret_free(credentials);
  if (status != DHCPHA_OK) return status;
  write_key(&peer->route.targets[0].url, key);
  peer->key = copy(key);
  peer->slots = calloc(loop->options.connections_per_peer_max, sizeof(dhcpha_client_slot *));
  if (peer->key == NULL || peer->slots == NULL) return DHCPHA_ERR_NOMEM;
  if (terms->name != NULL && (peer->name = copy(terms->name)) == NULL) return DHCPHA_ERR_NOMEM;
  return dhcpha_timers_add(&loop->timers, &peer->lookup_timer, DHCPHA_NEVER) ? DHCPHA_OK
                                                                             : DHCPHA_ERR_NOMEM;
}

static dhcpha_status new_peer(dhcpha_client_peers *peers, const dhcpha_client_peer_terms *terms,
                              dhcpha_client_peer **result) {
  dhcpha_client_peer *peer = calloc(1, sizeof *peer);
  if (peer == NULL) return DHCPHA_ERR_NOMEM;
  peer->client = peers->client;
  peer->sockets = peers->sockets;
  peer->lookup_ended = peers->lookup_ended;
  peer->lookup_timer.passed = pass_lookup_time;
  peer->lookup_timer.owner = peer;
  dhcpha_status status = set_up(peer, terms);
  if (status == DHCPHA_OK)
    *result = peer;
  else
    free_peer(peer);
  return status;
}

static void retire(dhcpha_client_peers *peers, dhcpha_client_peer *peer) {
  forget(peers, peer);
  link_out(&peers->first, peer);
  peer->retired = true;
  link_in(&peers->casual, peer);
  peers->casual_count++;
  forget_idle_peers(peers);
}

/* A URL that was just a URL is the peer's now; that of another peer stays so. */
static bool claim_key(dhcpha_client_peers *peers, dhcpha_client_peer *peer) {
  dhcpha_client_peer *other = dhcpha_index_find(&peers->by_key, peer->key);
  if (other != NULL && other->name != NULL) return true;
  if (!dhcpha_index_add(&peers->by_key, &peer->by_key, peer->key, peer)) return false;
  if (other != NULL) {
    dhcpha_index_remove(&peers->by_key, &other->by_key);
    other->retired = true;
  }
  return true;
}

dhcpha_status dhcpha_client_peers_add(dhcpha_client_peers *peers,
                                      const dhcpha_client_peer_terms *terms) {
  dhcpha_client_peer *peer;
  dhcpha_status status = new_peer(peers, terms, &peer);
  if (status != DHCPHA_OK) return status;
  dhcpha_client_peer *before = dhcpha_client_peers_find(peers, terms->name);
  if (!dhcpha_index_add(&peers->by_name, &peer->by_name, peer->name, peer)) {
    free_peer(peer);
    return DHCPHA_ERR_NOMEM;
  }
  if (before != NULL) retire(peers, before);
  if (!claim_key(peers, peer)) status = DHCPHA_ERR_NOMEM;
  link_in(&peers->first, peer);
  if (status != DHCPHA_OK) retire(peers, peer);
  return status;
}

dhcpha_client_peer *dhcpha_client_peers_find(const dhcpha_client_peers *peers, const char *name) {
  return dhcpha_index_find(&peers->by_name, name);
}

dhcpha_status dhcpha_client_peers_find_url(dhcpha_client_peers *peers, const char *url,
                                           dhcpha_client_peer **result) {
  char key[KEY_SIZE];
  dhcpha_peer_url parsed;
  dhcpha_status status = dhcpha_peer_url_parse(url, &parsed);
  if (status != DHCPHA_OK) return status;
  write_key(&parsed, key);
  *result = dhcpha_index_find(&peers->by_key, key);
  if (*result != NULL) return DHCPHA_OK;
  if (parsed.https) return DHCPHA_ERR_ARGUMENT; /* Whom to trust was not said. */
  const dhcpha_client_peer_terms terms = { NULL, &url, 1, NULL, NULL, NULL };
  forget_idle_peers(peers);
  status = new_peer(peers, &terms, result);
  if (status != DHCPHA_OK) return status;
  if (!dhcpha_index_add(&peers->by_key, &(*result)->by_key, (*result)->key, *result)) {
    free_peer(*result);
    return DHCPHA_ERR_NOMEM;
  }
  link_in(&peers->casual, *result);
  peers->casual_count++;
  return DHCPHA_OK;
}

static void free_list(dhcpha_client_peer *peer) {
  while (peer != NULL) {
    dhcpha_client_peer *next = peer->next;
    free_peer(peer);
    peer = next;
  }
}

void dhcpha_client_peers_free(dhcpha_client_peers *peers) {
  free_list(peers->first);
  free_list(peers->casual);
  dhcpha_index_free(&peers->by_name);
  dhcpha_index_free(&peers->by_key);
  peers->first = peers->casual = NULL;
  peers->casual_count = 0;
}

/* --- Their queues ----------------------------------------------------------------------------- */

void dhcpha_client_peer_enqueue(dhcpha_client_peer *peer, dhcpha_client_command *command) {
  command->previous = peer->last;
  command->next = NULL;
  *(peer->last != NULL ? &peer->last->next : &peer->first) = command;
  peer->last = command;
}

void dhcpha_client_peer_enqueue_first(dhcpha_client_peer *peer, dhcpha_client_command *command) {
  command->previous = NULL;
  command->next = peer->first;
  *(peer->first != NULL ? &peer->first->previous : &peer->last) = command;
  peer->first = command;
}

void dhcpha_client_peer_dequeue(dhcpha_client_command *command) {
  dhcpha_client_peer *peer = command->peer;
  *(command->previous != NULL ? &command->previous->next : &peer->first) = command->next;
  *(command->next != NULL ? &command->next->previous : &peer->last) = command->previous;
  command->previous = command->next = NULL;
}

/* --- Their slots ------------------------------------------------------------------------------ */

bool dhcpha_client_peer_is_ready(const dhcpha_client_peer *peer) {
  return !peer->lookup_awaited &&
         peer->in_flight < peer->sockets->loop->options.connections_per_peer_max;
}

static dhcpha_client_slot *find_slot(dhcpha_client_peer *peer) {
  dhcpha_client_slot *slot = peer->free_slot;
  if (slot != NULL) {
    peer->free_slot = slot->next_free;
    return slot;
  }
  slot = dhcpha_client_slot_new(peer->sockets, peer->tls != NULL);
  if (slot != NULL) peer->slots[peer->slot_count++] = slot;
  return slot;
}

dhcpha_client_slot *dhcpha_client_peer_take_slot(dhcpha_client_peer *peer,
                                                 dhcpha_client_command *command, long connect_ms,
                                                 void (*progressed)(dhcpha_client_slot *slot)) {
  dhcpha_client_slot *slot = find_slot(peer);
  if (slot == NULL) return NULL;
  if (!dhcpha_client_slot_aim(slot, &peer->route, &command->cursor, peer->tls, connect_ms)) {
    slot->next_free = peer->free_slot;
    peer->free_slot = slot;
    return NULL;
  }
  dhcpha_client_slot_load(slot, command->json, command->json_len);
  slot->progressed = progressed;
  slot->command = command;
  command->slot = slot;
  peer->in_flight++;
  return slot;
}

void dhcpha_client_peer_return_slot(dhcpha_client_command *command) {
  dhcpha_client_peer *peer = command->peer;
  dhcpha_client_slot *slot = command->slot;
  dhcpha_client_slot_clear(slot);
  slot->next_free = peer->free_slot;
  peer->free_slot = slot;
  peer->in_flight--;
  command->slot = NULL;
}
