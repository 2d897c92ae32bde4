/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * listener: listening sockets, and who is let in.
 * We accept, and hand each connection to the listener's libmicrohttpd daemon.
 */
#ifndef DHCPHA_HTTP_LISTENER_H
#define DHCPHA_HTTP_LISTENER_H

#include "loop.h"
#include "tls.h"

typedef struct dhcpha_listeners dhcpha_listeners;

/* Who is let in. */
typedef struct dhcpha_listener_terms {
  const dhcpha_tls *tls; /* NULL: none. */
  bool require_client_certs;
  const char *user, *password; /* NULL or "": no credentials are asked for. */
  bool joins; /* Another socket of the listener that was added last. */
} dhcpha_listener_terms;

dhcpha_status dhcpha_listeners_new(dhcpha_loop *loop, dhcpha_listeners **listeners);
dhcpha_status dhcpha_listeners_add(dhcpha_listeners *listeners, const dhcpha_address *address,
                                   uint16_t port, const dhcpha_listener_terms *terms,
                                   size_t *listener);
/* Sockets, and back to so many of them. */
size_t dhcpha_listeners_count(const dhcpha_listeners *listeners);
void dhcpha_listeners_truncate(dhcpha_listeners *listeners, size_t count);
uint16_t dhcpha_listeners_get_port(const dhcpha_listeners *listeners, size_t listener);
/* True: there is work without an event. */
bool dhcpha_listeners_have_work(const dhcpha_listeners *listeners);
void dhcpha_listeners_dispatch(dhcpha_listeners *listeners);
dhcpha_status dhcpha_listeners_answer(dhcpha_listeners *listeners, uint64_t id, int http_status,
                                      const char *json, size_t json_len);
void dhcpha_listeners_free(dhcpha_listeners *listeners);

#endif
