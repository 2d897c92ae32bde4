/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * client_peer: the peers we know, the commands waiting for each, and its slots.
 * The queue is ours, one per peer: libcurl's own is one for all peers, and a peer that is silent
 * would hold up the others in it.
 * A peer is one that the host has told us of by name, or just a URL that it sends to.
 */
#ifndef DHCPHA_HTTP_CLIENT_PEER_H
#define DHCPHA_HTTP_CLIENT_PEER_H

#include "client_slot.h"
#include "index.h"

#include <dhcpha/config.h>

typedef struct dhcpha_client dhcpha_client; /* Whoever has the peers; unknown here. */
typedef struct dhcpha_client_command dhcpha_client_command;
typedef struct dhcpha_client_peer dhcpha_client_peer;

struct dhcpha_client_command {
  dhcpha_timer timer;
  uint64_t id;
  dhcpha_client_peer *peer;
  dhcpha_client_slot *slot;        /* NULL: waiting for one, or for the address of a name. */
  dhcpha_client_command *previous, *next; /* In the peer's queue. */
  dhcpha_route_cursor cursor;
  bool started; /* The peer's silence counts. */
  uint32_t timeout_ms;
  int64_t told_progress;
  size_t json_len;
  char json[];
};

struct dhcpha_client_peer {
  dhcpha_client *client;
  dhcpha_client_sockets *sockets;
  dhcpha_client_peer *previous, *next;
  char *name; /* NULL: just a URL. */
  char *key;  /* Host and port of the first URL. */
  bool retired; /* Another has its name; ends when it is idle. */
  dhcpha_index_node by_name, by_key;
  const dhcpha_tls *tls; /* NULL: none. */
  dhcpha_client_route route;
  void (*lookup_ended)(void *peer);
  dhcpha_lookup *lookup; /* Of a target's name; the queue waits for it, for a time. */
  size_t lookup_target;
  bool lookup_awaited;
  dhcpha_timer lookup_timer;
  dhcpha_client_command *first, *last; /* Waiting. */
  dhcpha_client_slot **slots;
  unsigned slot_count;
  unsigned in_flight;
  dhcpha_client_slot *free_slot;
};

/* What a new peer is made of. */
typedef struct dhcpha_client_peer_terms {
  const char *name; /* NULL: just a URL. */
  const char *const *urls;
  size_t url_count;
  const dhcpha_tls *tls; /* NULL: none. */
  const char *user, *password; /* NULL or "": no credentials. */
} dhcpha_client_peer_terms;

typedef struct dhcpha_client_peers {
  dhcpha_client *client;
  dhcpha_client_sockets *sockets;
  void (*lookup_ended)(void *peer); /* By its end, or because it took too long. */
  dhcpha_client_peer *first;  /* With a name, and not retired. */
  dhcpha_client_peer *casual; /* All others. */
  unsigned casual_count;
  dhcpha_index by_name, by_key;
} dhcpha_client_peers;

/* Replaces the one of that name. */
dhcpha_status dhcpha_client_peers_add(dhcpha_client_peers *peers,
                                      const dhcpha_client_peer_terms *terms);
/* NULL: there is none of that name. */
dhcpha_client_peer *dhcpha_client_peers_find(const dhcpha_client_peers *peers, const char *name);
/* Made when the URL is not known yet. */
dhcpha_status dhcpha_client_peers_find_url(dhcpha_client_peers *peers, const char *url,
                                           dhcpha_client_peer **peer);
/* After all commands have gone. */
void dhcpha_client_peers_free(dhcpha_client_peers *peers);

void dhcpha_client_peer_enqueue(dhcpha_client_peer *peer, dhcpha_client_command *command);
void dhcpha_client_peer_enqueue_first(dhcpha_client_peer *peer, dhcpha_client_command *command);
void dhcpha_client_peer_dequeue(dhcpha_client_command *command);

/* A command could start at once, were it the first of the queue. */
bool dhcpha_client_peer_is_ready(const dhcpha_client_peer *peer);
/* For a command, aimed and loaded; NULL: out of memory. */
dhcpha_client_slot *dhcpha_client_peer_take_slot(dhcpha_client_peer *peer,
                                                 dhcpha_client_command *command, long connect_ms,
                                                 void (*progressed)(dhcpha_client_slot *slot));
/* The command leaves its slot. */
void dhcpha_client_peer_return_slot(dhcpha_client_command *command);

#endif
