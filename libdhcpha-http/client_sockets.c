/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "client_sockets.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct dhcpha_client_socket {
  dhcpha_watch watch;
  dhcpha_client_sockets *sockets;
  int fd;
  bool watched;
  uint32_t watched_for;
  uint32_t wanted;
  dhcpha_client_socket *next_closed;
};

static dhcpha_client_socket *find(const dhcpha_client_sockets *sockets, curl_socket_t fd) {
  return (size_t)fd < sockets->by_fd_room ? sockets->by_fd[fd] : NULL;
}

static bool make_room(dhcpha_client_sockets *sockets, size_t fd) {
  if (fd < sockets->by_fd_room) return true;
  size_t room = (fd + 1) * 2;
  dhcpha_client_socket **by_fd = realloc(sockets->by_fd, room * sizeof(dhcpha_client_socket *));
  if (by_fd == NULL) return false;
  for (size_t i = sockets->by_fd_room; i < room; i++) by_fd[i] = NULL;
  sockets->by_fd = by_fd;
  sockets->by_fd_room = room;
  return true;
}

static void watch_for(dhcpha_client_socket *socket, uint32_t events) {
  dhcpha_loop *loop = socket->sockets->loop;
  if (!socket->watched)
    socket->watched = dhcpha_loop_watch(loop, socket->fd, events, &socket->watch);
  else if (socket->watched_for != events)
    dhcpha_loop_rewatch(loop, socket->fd, events, &socket->watch);
  socket->watched_for = events;
}

static void unwatch(dhcpha_client_socket *socket) {
  if (socket->watched) dhcpha_loop_unwatch(socket->sockets->loop, socket->fd);
  socket->watched = false;
}

static void ready(void *owner, uint32_t events) {
  dhcpha_client_socket *socket = owner;
  int running;
  int what = 0;
  if (socket->fd < 0) return; /* Closed since. */
  if (socket->wanted == 0) {
    unwatch(socket);
    return;
  }
  if ((events & (socket->wanted | EPOLLERR | EPOLLHUP)) == 0) {
    watch_for(socket, socket->wanted);
    return;
  }
  if (events & EPOLLIN) what |= CURL_CSELECT_IN;
  if (events & EPOLLOUT) what |= CURL_CSELECT_OUT;
  if (events & (EPOLLERR | EPOLLHUP)) what |= CURL_CSELECT_ERR;
  curl_multi_socket_action(socket->sockets->multi, socket->fd, what, &running);
}

static void forget(dhcpha_client_sockets *sockets, dhcpha_client_socket *socket) {
  sockets->by_fd[socket->fd] = NULL;
  socket->fd = -1;
  socket->next_closed = sockets->closed;
  sockets->closed = socket;
}

curl_socket_t dhcpha_client_sockets_open(void *user, curlsocktype purpose,
                                         struct curl_sockaddr *address) {
  dhcpha_client_sockets *sockets = user;
  (void)purpose;
  int fd = socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                  address->protocol);
  if (fd < 0) return CURL_SOCKET_BAD;
  dhcpha_client_socket *socket = calloc(1, sizeof *socket);
  if (socket == NULL || !make_room(sockets, (size_t)fd)) {
    free(socket);
    close(fd);
    return CURL_SOCKET_BAD;
  }
  /* libcurl closes a socket that is still connecting without telling us. */
  if (sockets->by_fd[fd] != NULL) forget(sockets, sockets->by_fd[fd]);
  socket->watch.ready = ready;
  socket->watch.owner = socket;
  socket->sockets = sockets;
  socket->fd = fd;
  sockets->by_fd[fd] = socket;
  return fd;
}

int dhcpha_client_sockets_close(void *user, curl_socket_t fd) {
  dhcpha_client_sockets *sockets = user;
  dhcpha_client_socket *socket = find(sockets, fd);
  if (socket != NULL) {
    unwatch(socket);
    forget(sockets, socket);
  }
  return close(fd);
}

int dhcpha_client_sockets_want(CURL *easy, curl_socket_t fd, int what, void *user, void *unused) {
  dhcpha_client_socket *socket = find(user, fd);
  (void)easy;
  (void)unused;
  if (socket == NULL) return 0;
  switch (what) {
  case CURL_POLL_IN: socket->wanted = EPOLLIN; break;
  case CURL_POLL_OUT: socket->wanted = EPOLLOUT; break;
  case CURL_POLL_INOUT: socket->wanted = EPOLLIN | EPOLLOUT; break;
  default: socket->wanted = 0; return 0;
  }
  watch_for(socket, socket->wanted);
  return 0;
}

void dhcpha_client_sockets_free_closed(dhcpha_client_sockets *sockets) {
  while (sockets->closed != NULL) {
    dhcpha_client_socket *socket = sockets->closed;
    sockets->closed = socket->next_closed;
    free(socket);
  }
}

void dhcpha_client_sockets_free(dhcpha_client_sockets *sockets) {
  dhcpha_client_sockets_free_closed(sockets);
  for (size_t fd = 0; fd < sockets->by_fd_room; fd++) free(sockets->by_fd[fd]);
  free(sockets->by_fd);
  memset(sockets, 0, sizeof *sockets);
}
