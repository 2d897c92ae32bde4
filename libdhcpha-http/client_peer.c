/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "client_peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Peers without a command are forgotten beyond this many. */
#define PEERS_MAX 64

/* --- The peers -------------------------------------------------------------------------------- */

static void free_peer(dhcpha_client_peer *peer) {
  for (unsigned i = 0; i < peer->slot_count; i++) dhcpha_client_slot_free(peer->slots[i]);
  free(peer->slots);
  curl_slist_free_all(peer->headers);
  free(peer);
}

/* Not while slots may be waiting to tell their progress. */
static void forget_idle_peer(dhcpha_client_peers *peers) {
  if (peers->sockets->loop->dispatching) return;
  for (dhcpha_client_peer **link = &peers->first; *link != NULL; link = &(*link)->next) {
    dhcpha_client_peer *peer = *link;
    if (peer->in_flight > 0 || peer->first != NULL) continue;
    *link = peer->next;
    peers->count--;
    free_peer(peer);
    return;
  }
}

static dhcpha_client_peer *new_peer(dhcpha_client_peers *peers, const dhcpha_address *address,
                                    uint16_t port) {
  char text[DHCPHA_ADDRESS_TEXT_SIZE];
  if (peers->count >= PEERS_MAX) forget_idle_peer(peers);
  dhcpha_client_peer *peer = calloc(1, sizeof *peer);
  if (peer == NULL) return NULL;
  peer->client = peers->client;
  peer->sockets = peers->sockets;
  peer->address = *address;
  peer->port = port;
  snprintf(peer->url, sizeof peer->url,
           address->family == 6 ? "http://[%s]:%u/" : "http://%s:%u/",
           dhcpha_address_format(address, text), (unsigned)port);
  peer->slots = calloc(peers->sockets->loop->options.connections_per_peer_max,
                       sizeof(dhcpha_client_slot *));
  peer->headers = dhcpha_client_slot_headers(address);
  if (peer->slots == NULL || peer->headers == NULL) {
    free_peer(peer);
    return NULL;
  }
  peer->next = peers->first;
  peers->first = peer;
  peers->count++;
  return peer;
}

dhcpha_client_peer *dhcpha_client_peers_find(dhcpha_client_peers *peers,
                                             const dhcpha_address *address, uint16_t port) {
  for (dhcpha_client_peer *peer = peers->first; peer != NULL; peer = peer->next)
    if (peer->port == port && peer->address.family == address->family &&
        memcmp(peer->address.bytes, address->bytes, sizeof address->bytes) == 0)
      return peer;
  return new_peer(peers, address, port);
}

void dhcpha_client_peers_free(dhcpha_client_peers *peers) {
  while (peers->first != NULL) {
    dhcpha_client_peer *peer = peers->first;
    peers->first = peer->next;
    free_peer(peer);
  }
  peers->count = 0;
}

/* --- Their queues ----------------------------------------------------------------------------- */

void dhcpha_client_peer_enqueue(dhcpha_client_peer *peer, dhcpha_client_command *command) {
  command->previous = peer->last;
  command->next = NULL;
  *(peer->last != NULL ? &peer->last->next : &peer->first) = command;
  peer->last = command;
}

void dhcpha_client_peer_dequeue(dhcpha_client_command *command) {
  dhcpha_client_peer *peer = command->peer;
  *(command->previous != NULL ? &command->previous->next : &peer->first) = command->next;
  *(command->next != NULL ? &command->next->previous : &peer->last) = command->previous;
  command->previous = command->next = NULL;
}

/* --- Their slots ------------------------------------------------------------------------------ */

bool dhcpha_client_peer_has_free_slot(const dhcpha_client_peer *peer) {
  return peer->in_flight < peer->sockets->loop->options.connections_per_peer_max;
}

static dhcpha_client_slot *find_slot(dhcpha_client_peer *peer) {
  dhcpha_client_slot *slot = peer->free_slot;
  if (slot != NULL) {
    peer->free_slot = slot->next_free;
    return slot;
  }
  slot = dhcpha_client_slot_new(peer->sockets, peer->url, peer->headers);
  if (slot != NULL) peer->slots[peer->slot_count++] = slot;
  return slot;
}

dhcpha_client_slot *dhcpha_client_peer_take_slot(dhcpha_client_peer *peer,
                                                 dhcpha_client_command *command,
                                                 void (*progressed)(dhcpha_client_slot *slot)) {
  dhcpha_client_slot *slot = find_slot(peer);
  if (slot == NULL) return NULL;
  dhcpha_client_slot_prepare(slot, command->json, command->json_len);
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
