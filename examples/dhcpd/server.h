/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * server: all that a running server consists of, and its loop.
 *
 * Each turn of the loop takes in what has come (queries, commands, timers), then makes all
 * changes of leases durable in one transaction, and only then lets out what waited for that:
 * answers to clients, and reports to the hub.  See server_settle().
 */
#ifndef DHCPD_SERVER_H
#define DHCPD_SERVER_H

#include <dhcpha/http.h>
#include <uv.h>

#include "allocator.h"
#include "answers.h"
#include "sockets.h"
#include "store.h"

enum counter {
  COUNTER_RECEIVED,     /* datagrams */
  COUNTER_MALFORMED,    /* of these */
  COUNTER_NOT_SERVED,   /* of these: another server's, or the service is disabled */
  COUNTER_NOT_ANSWERED, /* of these: there was nothing to answer */
  COUNTER_OFFERS,
  COUNTER_ACKS,
  COUNTER_NAKS,
  COUNTER_WITHHELD, /* a lease was not durable, or a peer did not acknowledge it */
  COUNTER_BUSY,     /* too many answers were waiting */
  COUNTER_UNSENT,   /* the network refused an answer */
  COUNTER_RECLAIMED,
  COUNTERS
};

/* Leases that the hub had stored, and what became of them; told when they are durable. */
struct stored_batch {
  struct stored_batch *next;
  uint64_t id;
  size_t count;
  dhcpha_stored results[];
};

struct server;

struct udp_watch {
  uv_poll_t poll;
  struct server *server;
  size_t socket;
};

struct server {
  struct config *config;
  struct store store;
  struct allocator allocator;
  struct answers answers;
  struct sockets sockets;
  dhcpha_hub *hub; /* NULL: no High Availability */
  dhcpha_http *http; /* NULL: nor any commands */
  bool service; /* DHCP is enabled */
  size_t in_flight; /* commands to peers */

  struct answer *committing, **committing_end; /* waiting for the commit, first come first */
  struct stored_batch *stored, **stored_end;

  uv_loop_t loop;
  uv_prepare_t before_sleep;
  uv_timer_t wake; /* the next that hub or transport want */
  uv_timer_t tick; /* each second */
  uv_signal_t terminated, interrupted, hung_up;
  uv_poll_t *http_poll; /* NULL: the transport is not watched */
  bool failed; /* it did not end by a signal */
  struct config *(*reread)(void *user_data); /* the configuration, anew; NULL: it has errors */
  void *reread_data;
  struct udp_watch *watches;

  int64_t started; /* UTC, seconds */
  uint64_t counters[COUNTERS];
  int64_t complained_ms; /* when a bad packet was last logged */
};

/* Open all that CONFIG names; ENDPOINTS take the place of its interfaces when there are any.
 * False: it was logged why.  CONFIG then belongs to the server, too. */
bool server_open(struct server *server, struct config *config,
                 const struct interface *endpoints, size_t endpoint_count);

/* Serve until a signal ends it. */
void server_run(struct server *server);
void server_close(struct server *server);
/* Wake up for the transport, or no more.  False: that can't be. */
bool server_watch_http(struct server *server, bool watch);

dhcpha_time server_time(void);
const char *counter_name(enum counter counter);

#endif
