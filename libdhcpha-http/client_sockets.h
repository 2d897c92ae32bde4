/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * client_sockets: libcurl's sockets in our epoll set.
 * libcurl stops watching a connection after each answer and starts again with the next command.
 * The epoll set is left as it is in between: only an event that nobody wants takes a socket out.
 */
#ifndef DHCPHA_HTTP_CLIENT_SOCKETS_H
#define DHCPHA_HTTP_CLIENT_SOCKETS_H

#include "loop.h"

#include <curl/curl.h>

typedef struct dhcpha_client_socket dhcpha_client_socket;

typedef struct dhcpha_client_sockets {
  dhcpha_loop *loop;
  CURLM *multi;
  dhcpha_client_socket **by_fd;
  size_t by_fd_room;
  dhcpha_client_socket *closed; /* An event for one may be waiting: freed when all are handled. */
} dhcpha_client_sockets;

/* CURLOPT_OPENSOCKETFUNCTION, CURLOPT_CLOSESOCKETFUNCTION, CURLMOPT_SOCKETFUNCTION; the pointer
 * handed to each is the dhcpha_client_sockets. */
curl_socket_t dhcpha_client_sockets_open(void *user, curlsocktype purpose,
                                         struct curl_sockaddr *address);
int dhcpha_client_sockets_close(void *user, curl_socket_t fd);
int dhcpha_client_sockets_want(CURL *easy, curl_socket_t fd, int what, void *user, void *unused);

void dhcpha_client_sockets_free_closed(dhcpha_client_sockets *sockets);
/* After curl_multi_cleanup(). */
void dhcpha_client_sockets_free(dhcpha_client_sockets *sockets);

#endif
