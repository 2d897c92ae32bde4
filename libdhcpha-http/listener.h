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

typedef struct dhcpha_listeners dhcpha_listeners;

dhcpha_status dhcpha_listeners_new(dhcpha_loop *loop, dhcpha_listeners **listeners);
dhcpha_status dhcpha_listeners_add(dhcpha_listeners *listeners, const dhcpha_address *address,
                                   uint16_t port, size_t *listener);
uint16_t dhcpha_listeners_get_port(const dhcpha_listeners *listeners, size_t listener);
/* True: there is work without an event. */
bool dhcpha_listeners_have_work(const dhcpha_listeners *listeners);
void dhcpha_listeners_dispatch(dhcpha_listeners *listeners);
dhcpha_status dhcpha_listeners_answer(dhcpha_listeners *listeners, uint64_t id, int http_status,
                                      const char *json, size_t json_len);
void dhcpha_listeners_free(dhcpha_listeners *listeners);

#endif
