/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "listener_socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 128

static socklen_t make_socket_address(const dhcpha_address *address, uint16_t port,
                                     struct sockaddr_storage *result) {
  memset(result, 0, sizeof *result);
  if (address->family == 4) {
    struct sockaddr_in *in = (struct sockaddr_in *)result;
    in->sin_family = AF_INET;
    in->sin_port = htons(port);
    memcpy(&in->sin_addr, address->bytes, 4);
    return sizeof *in;
  }
  struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)result;
  in6->sin6_family = AF_INET6;
  in6->sin6_port = htons(port);
  memcpy(&in6->sin6_addr, address->bytes, 16);
  return sizeof *in6;
}

static bool set_up(int fd, struct sockaddr_storage *where, socklen_t length) {
  int yes = 1;
  if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0) return false;
  if (where->ss_family == AF_INET6 &&
      setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) != 0)
    return false;
  if (bind(fd, (struct sockaddr *)where, length) != 0) return false;
  if (listen(fd, BACKLOG) != 0) return false;
  return getsockname(fd, (struct sockaddr *)where, &length) == 0;
}

int dhcpha_listener_socket_open(const dhcpha_address *address, uint16_t port, uint16_t *got) {
  struct sockaddr_storage where;
  socklen_t length = make_socket_address(address, port, &where);
  int fd = socket(where.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  if (!set_up(fd, &where, length)) {
    int error = errno;
    close(fd);
    errno = error;
    return -1;
  }
  *got = ntohs(where.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&where)->sin6_port
                                           : ((struct sockaddr_in *)&where)->sin_port);
  return fd;
}
