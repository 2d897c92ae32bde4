/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * connection: one accepted connection, from accept() to close().
 *
 * libmicrohttpd moves the bytes; we keep the time.  Its own timeouts count whole seconds and start
 * anew with each byte; ours end a request that is not complete after receive_timeout_ms however
 * steadily it trickles in.  Beside libmicrohttpd's, each socket is in our own epoll set, edge
 * triggered: this tells when a request begins on a kept connection, and when a requester goes away
 * while its answer is being made (libmicrohttpd does not look then).
 *
 * Nothing here closes a socket: it is shut down, libmicrohttpd notices, and closes it.
 */
#ifndef DHCPHA_HTTP_CONNECTION_H
#define DHCPHA_HTTP_CONNECTION_H

#include "body.h"
#include "loop.h"
#include "refusals.h"
#include "tls.h"

#include <microhttpd.h>
#include <sys/socket.h>

/* Connections beyond connections_max: those shut down and not yet closed. */
#define DHCPHA_CONNECTIONS_CLOSING_MAX 16u
/* A request's number holds its connection's place in the low bits. */
#define DHCPHA_CONNECTION_PLACE_BITS 20
#define DHCPHA_CONNECTIONS_MAX \
  ((1u << DHCPHA_CONNECTION_PLACE_BITS) - DHCPHA_CONNECTIONS_CLOSING_MAX)

typedef enum dhcpha_phase {
  DHCPHA_PHASE_RECEIVING = 0, /* A request is coming in; a new connection owes one. */
  DHCPHA_PHASE_PROCESSING,    /* The host has it. */
  DHCPHA_PHASE_SENDING,       /* The answer is going out. */
  DHCPHA_PHASE_IDLE,          /* Kept, no request. */
  DHCPHA_PHASE_CLOSING        /* Shut down. */
} dhcpha_phase;

typedef struct dhcpha_connections dhcpha_connections;

/* What connections know of the listener that they came through. */
typedef struct dhcpha_door {
  size_t number; /* The listener's. */
  bool has_work; /* libmicrohttpd does not say that a connection was resumed. */
  const dhcpha_tls *tls;     /* NULL: HTTP without TLS. */
  bool require_client_certs; /* Signed by the trust anchor of tls. */
  char *credentials;         /* Those a request must carry; NULL: none. */
} dhcpha_door;

typedef struct dhcpha_connection {
  dhcpha_loop *loop;
  dhcpha_connections *connections;
  dhcpha_door *door;
  struct MHD_Connection *mhd;
  int fd;
  size_t place;
  dhcpha_phase phase;
  dhcpha_watch watch;
  dhcpha_timer timer;
  struct sockaddr_storage address; /* The requester's; the port is of no interest. */
  uint64_t acknowledged;           /* Bytes of answers, when last looked at. */
  /* With TLS. */
  dhcpha_tls_material *tls;
  gnutls_session_t session; /* libmicrohttpd's. */
  bool handshaken;
  const char *mistrust; /* Why the requester's certificate was refused; NULL: it was not. */
  /* The request at hand. */
  uint64_t id;      /* 0: not with the host. */
  bool looked_at;   /* Its header was. */
  bool half_closed; /* The requester's sending side was closed when its request was complete. */
  bool suspended;   /* libmicrohttpd waits for dhcpha_connection_resume(). */
  bool broken;      /* To be closed without an answer. */
  bool old_version; /* HTTP/1.0. */
  int refusal;      /* HTTP status; 0: not refused. */
  const char *refusal_text;
  dhcpha_body body;
  struct MHD_Response *answer; /* Made, not yet handed to libmicrohttpd. */
  unsigned answer_status;
} dhcpha_connection;

struct dhcpha_connections {
  dhcpha_loop *loop;
  dhcpha_refusals refusals; /* Of requests and of connections. */
  dhcpha_connection **places;
  size_t place_count;
  size_t count;   /* All. */
  size_t closing; /* Those of them shut down. */
  uint64_t requests;
};

bool dhcpha_connections_init(dhcpha_connections *connections, dhcpha_loop *loop);
void dhcpha_connections_free(dhcpha_connections *connections);

/* Takes a place and starts watching.  NULL: no memory or place, or the kernel refused; the socket
 * stays the caller's. */
dhcpha_connection *dhcpha_connection_new(dhcpha_connections *connections, dhcpha_door *door, int fd,
                                         const struct sockaddr_storage *address);
/* The socket is about to be closed by libmicrohttpd, or by the caller. */
void dhcpha_connection_free(dhcpha_connection *connection);

/* Sets the phase and its deadline. */
void dhcpha_connection_enter(dhcpha_connection *connection, dhcpha_phase phase);
/* The host gets its request: gives it its number. */
void dhcpha_connection_process(dhcpha_connection *connection);
/* The connection whose request has this number; NULL: gone, or answered. */
dhcpha_connection *dhcpha_connections_find(const dhcpha_connections *connections, uint64_t id);
/* A request is over, however it ended. */
void dhcpha_connection_forget_request(dhcpha_connection *connection);
void dhcpha_connection_shut_down(dhcpha_connection *connection);
/* The host has not answered yet. */
void dhcpha_connection_suspend(dhcpha_connection *connection);
void dhcpha_connection_resume(dhcpha_connection *connection);

/* All places are taken: the connection that gives way to one from this address; NULL: none does. */
dhcpha_connection *dhcpha_connections_choose_victim(const dhcpha_connections *connections,
                                                    const struct sockaddr_storage *newcomer);

#endif
