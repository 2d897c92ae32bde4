/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * transport: one descriptor and one timeout for everything.
 *
 * The parts, lowest first; each includes only those above it, and this header:
 *   timers            deadlines
 *   refusals          what the listeners refused, to be told
 *   peer_url          "http://192.0.2.1:8000/" to address and port
 *   client_sockets    libcurl's sockets in our epoll set
 *   client_slot       one command in flight: an easy handle, kept for the next command
 *   client            peers, their queues, outcomes
 *   connection        one accepted connection: its phase, its deadline, who gives way when full
 *   listener_request  from libmicrohttpd's callbacks to command_received, and back to an answer
 *   listener          listening sockets and accepting
 *   transport         the loop, and the public functions
 *
 * What is to come has its place: TLS towards a peer goes where client_slot.c makes an easy handle
 * (and the peers of client.c are then told apart by their TLS parameters too); TLS of a listener
 * goes where listener.c starts libmicrohttpd.  Credentials for a peer are one more line in the
 * header list of client_slot.c; credentials of a requester are one more row among the checks of
 * listener_request.c (P1 4.3 has their order).
 */
#ifndef DHCPHA_HTTP_TRANSPORT_H
#define DHCPHA_HTTP_TRANSPORT_H

#include <dhcpha/http.h>

#include "refusals.h"
#include "timers.h"

/* Something in our epoll set. */
typedef struct dhcpha_watch {
  void (*ready)(void *owner, uint32_t events);
  void *owner;
} dhcpha_watch;

typedef struct dhcpha_client dhcpha_client;
typedef struct dhcpha_listeners dhcpha_listeners;

struct dhcpha_http {
  dhcpha_http_options options; /* With the defaults filled in. */
  dhcpha_http_callbacks callbacks;
  void *user_data;
  int epoll_fd;
  bool dispatching;
  int64_t now; /* Monotonic milliseconds; read when the host calls. */
  dhcpha_timers timers;
  dhcpha_refusals refusals;
  dhcpha_client *client;
  dhcpha_listeners *listeners;
};

void dhcpha_transport_read_clock(dhcpha_http *http);
/* False: the kernel refused; errno tells. */
bool dhcpha_transport_watch(dhcpha_http *http, int fd, uint32_t events, dhcpha_watch *watch);
void dhcpha_transport_rewatch(dhcpha_http *http, int fd, uint32_t events, dhcpha_watch *watch);
void dhcpha_transport_unwatch(dhcpha_http *http, int fd);

/* Room for at least the wanted bytes, growing by doubling; false: out of memory. */
bool dhcpha_transport_make_room(char **memory, size_t *room, size_t wanted);

#endif
