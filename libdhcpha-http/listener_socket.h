/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * listener_socket: a socket that listens at an address.
 */
#ifndef DHCPHA_HTTP_LISTENER_SOCKET_H
#define DHCPHA_HTTP_LISTENER_SOCKET_H

#include <dhcpha/types.h>

/* -1: the kernel refused; errno tells.  Port 0 stands for any; the one it got is told. */
int dhcpha_listener_socket_open(const dhcpha_address *address, uint16_t port, uint16_t *got);

#endif
