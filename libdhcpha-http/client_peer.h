/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * client_peer: the peers we know, the commands waiting for each, and its slots.
 * The queue is ours, one per peer: libcurl's own is one for all peers, and a peer that is silent
 * would hold up the others in it.
 */
#ifndef DHCPHA_HTTP_CLIENT_PEER_H
#define DHCPHA_HTTP_CLIENT_PEER_H

#include "client_slot.h"

#define DHCPHA_CLIENT_PEER_URL_SIZE (sizeof "http://[]:65535/" + DHCPHA_ADDRESS_TEXT_SIZE)

typedef struct dhcpha_client dhcpha_client; /* Whoever has the peers; unknown here. */
typedef struct dhcpha_client_command dhcpha_client_command;
typedef struct dhcpha_client_peer dhcpha_client_peer;

struct dhcpha_client_command {
  dhcpha_timer timer;
  uint64_t id;
  dhcpha_client_peer *peer;
  dhcpha_client_slot *slot;        /* NULL: waiting for one. */
  dhcpha_client_command *previous, *next; /* In the peer's queue. */
  uint32_t timeout_ms;
  int64_t told_progress;
  size_t json_len;
  char json[];
};

struct dhcpha_client_peer {
  dhcpha_client *client;
  dhcpha_client_sockets *sockets;
  dhcpha_client_peer *next;
  dhcpha_address address;
  uint16_t port;
  char url[DHCPHA_CLIENT_PEER_URL_SIZE];
  struct curl_slist *headers;
  dhcpha_client_command *first, *last; /* Waiting. */
  dhcpha_client_slot **slots;
  unsigned slot_count;
  unsigned in_flight;
  dhcpha_client_slot *free_slot;
};

typedef struct dhcpha_client_peers {
  dhcpha_client *client;
  dhcpha_client_sockets *sockets;
  dhcpha_client_peer *first;
  unsigned count;
} dhcpha_client_peers;

/* Made when it is not known yet; NULL: out of memory. */
dhcpha_client_peer *dhcpha_client_peers_find(dhcpha_client_peers *peers,
                                             const dhcpha_address *address, uint16_t port);
/* After all commands have gone. */
void dhcpha_client_peers_free(dhcpha_client_peers *peers);

void dhcpha_client_peer_enqueue(dhcpha_client_peer *peer, dhcpha_client_command *command);
void dhcpha_client_peer_dequeue(dhcpha_client_command *command);

bool dhcpha_client_peer_has_free_slot(const dhcpha_client_peer *peer);
/* For a command; NULL: out of memory. */
dhcpha_client_slot *dhcpha_client_peer_take_slot(dhcpha_client_peer *peer,
                                                 dhcpha_client_command *command,
                                                 void (*progressed)(dhcpha_client_slot *slot));
/* The command leaves its slot. */
void dhcpha_client_peer_return_slot(dhcpha_client_command *command);

#endif
