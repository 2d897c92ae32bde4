/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "sockets.h"

#include <errno.h>
#include <ifaddrs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SERVER_PORT 67
#define CLIENT_PORT 68
#define RECEIVE_BUFFER (8 << 20) /* bytes the kernel is asked to keep for a busy server */

/* The first IPv4 address of an interface; 0: it has none. */
static uint32_t address_of_interface(const char *name) {
  struct ifaddrs *all = NULL;
  uint32_t address = 0;
  if (getifaddrs(&all) != 0) return 0;
  for (const struct ifaddrs *at = all; at != NULL && address == 0; at = at->ifa_next)
    if (at->ifa_addr != NULL && at->ifa_addr->sa_family == AF_INET &&
        strcmp(at->ifa_name, name) == 0)
      address = ntohl(((const struct sockaddr_in *)(const void *)at->ifa_addr)->sin_addr.s_addr);
  freeifaddrs(all);
  return address;
}

static bool prepare(struct socket *made) {
  int on = 1, size = RECEIVE_BUFFER;
  made->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (made->fd < 0) return false;
  setsockopt(made->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size); /* as much as is allowed */
  setsockopt(made->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  if (setsockopt(made->fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on) != 0 ||
      setsockopt(made->fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) != 0)
    return false;
  struct sockaddr_in local = { .sin_family = AF_INET, .sin_port = htons(made->port) };
  if (made->interface[0] == '\0') local.sin_addr.s_addr = htonl(made->address);
  else if (setsockopt(made->fd, SOL_SOCKET, SO_BINDTODEVICE, made->interface,
                      (socklen_t)strlen(made->interface)) != 0)
    return false;
  return bind(made->fd, (struct sockaddr *)&local, sizeof local) == 0;
}

/* The name and the address of the interface, where there is one. */
static bool find_interface(struct socket *made, const struct interface *interface) {
  if (interface->name[0] == '\0') return true;
  errno = ENODEV;
  if (if_nametoindex(interface->name) == 0) return false; /* too long a name, too */
  memcpy(made->interface, interface->name, strlen(interface->name) + 1);
  if (made->address == 0) made->address = address_of_interface(interface->name);
  errno = EADDRNOTAVAIL;
  return made->address != 0;
}

static bool open_one(struct sockets *sockets, const struct interface *interface, char *text,
                     size_t text_size) {
  struct socket made = { .fd = -1, .address = interface->address, .port = interface->port };
  struct socket *list = NULL;
  if (find_interface(&made, interface) && prepare(&made))
    list = realloc(sockets->list, (sockets->count + 1) * sizeof *list);
  if (list == NULL) {
    uint32_t a = made.address;
    snprintf(text, text_size, "%s%s%u.%u.%u.%u:%u: %s", interface->name,
             interface->name[0] != '\0' ? "/" : "", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255,
             made.port, strerror(errno));
    if (made.fd >= 0) close(made.fd);
    return false;
  }
  sockets->list = list;
  list[sockets->count++] = made;
  return true;
}

/* Every interface that is up and has an IPv4 address, but the loopback. */
static bool open_all(struct sockets *sockets, uint16_t port, char *text, size_t text_size) {
  struct ifaddrs *all = NULL;
  bool fine = true;
  if (getifaddrs(&all) != 0) return false;
  for (const struct ifaddrs *at = all; at != NULL && fine; at = at->ifa_next) {
    if (at->ifa_addr == NULL || at->ifa_addr->sa_family != AF_INET ||
        (at->ifa_flags & IFF_UP) == 0 || (at->ifa_flags & IFF_LOOPBACK) != 0)
      continue;
    size_t i = 0;
    while (i < sockets->count && strcmp(sockets->list[i].interface, at->ifa_name) != 0) i++;
    struct interface interface = { at->ifa_name, 0, port };
    if (i == sockets->count) fine = open_one(sockets, &interface, text, text_size);
  }
  freeifaddrs(all);
  return fine;
}

bool sockets_open(struct sockets *sockets, const struct interface *interface, char *text,
                   size_t text_size) {
  if (strcmp(interface->name, "*") == 0) return open_all(sockets, interface->port, text, text_size);
  return open_one(sockets, interface, text, text_size);
}

void sockets_close(struct sockets *sockets) {
  for (size_t i = 0; i < sockets->count; i++) close(sockets->list[i].fd);
  free(sockets->list);
  memset(sockets, 0, sizeof *sockets);
}

/* ---- datagrams ---- */

union control {
  struct cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
};

static uint32_t local_address(struct msghdr *message) {
  for (struct cmsghdr *at = CMSG_FIRSTHDR(message); at != NULL; at = CMSG_NXTHDR(message, at))
    if (at->cmsg_level == IPPROTO_IP && at->cmsg_type == IP_PKTINFO) {
      struct in_pktinfo info;
      memcpy(&info, CMSG_DATA(at), sizeof info);
      return ntohl(info.ipi_spec_dst.s_addr);
    }
  return 0;
}

size_t sockets_read(const struct socket *socket, struct datagram datagrams[SOCKETS_BATCH]) {
  static uint8_t bytes[SOCKETS_BATCH][PACKET4_SIZE_MAX + 1]; /* the last byte tells "too long" */
  static struct sockaddr_in from[SOCKETS_BATCH];
  static union control control[SOCKETS_BATCH];
  struct mmsghdr messages[SOCKETS_BATCH];
  struct iovec parts[SOCKETS_BATCH];
  memset(messages, 0, sizeof messages);
  for (size_t i = 0; i < SOCKETS_BATCH; i++) {
    parts[i] = (struct iovec){ bytes[i], sizeof bytes[i] };
    messages[i].msg_hdr = (struct msghdr){ .msg_name = &from[i], .msg_namelen = sizeof from[i],
                                           .msg_iov = &parts[i], .msg_iovlen = 1,
                                           .msg_control = &control[i],
                                           .msg_controllen = sizeof control[i] };
  }
  int count = recvmmsg(socket->fd, messages, SOCKETS_BATCH, MSG_DONTWAIT, NULL);
  for (int i = 0; i < count; i++)
    datagrams[i] = (struct datagram){ .bytes = bytes[i], .len = messages[i].msg_len,
                                       .from = ntohl(from[i].sin_addr.s_addr),
                                       .from_port = ntohs(from[i].sin_port),
                                       .to = local_address(&messages[i].msg_hdr) };
  return count > 0 ? (size_t)count : 0;
}

#define RELAY_SOURCE_PORT 19

/* The relay wants its answers at the port it sends from (RFC 8357). */
static bool has_relay_port(const struct packet4 *query) {
  const struct option4_view *relay = &query->options[OPTION_RELAY_AGENT];
  for (size_t at = 0; at + 2 <= relay->len; at += 2u + relay->bytes[at + 1])
    if (relay->bytes[at] == RELAY_SOURCE_PORT) return true;
  return false;
}

struct route sockets_route(const struct sockets *sockets, size_t socket,
                             const struct datagram *datagram, const struct packet4 *query,
                             bool nak) {
  const struct socket *by = &sockets->list[socket];
  struct route route = { .socket = (uint16_t)socket, .port = CLIENT_PORT,
                          .address = INADDR_BROADCAST,
                          .source = by->address != 0 ? by->address : datagram->to };
  bool from_relay = query->giaddr != 0 && datagram->from_port == SERVER_PORT;
  if (by->port != SERVER_PORT && !from_relay && datagram->from != 0) {
    route.address = datagram->from;
    route.port = datagram->from_port;
  } else if (query->giaddr != 0) {
    route.address = query->giaddr;
    route.port = has_relay_port(query) ? datagram->from_port : SERVER_PORT;
  } else if (query->ciaddr != 0 && !nak) {
    route.address = query->ciaddr;
  }
  return route;
}

bool sockets_send(const struct sockets *sockets, const struct route *route,
                   const uint8_t *bytes, size_t len) {
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(route->port),
                            .sin_addr.s_addr = htonl(route->address) };
  struct iovec part = { .iov_base = (void *)(uintptr_t)bytes, .iov_len = len };
  union control control;
  struct msghdr message = { .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &part,
                            .msg_iovlen = 1 };
  const struct socket *by = &sockets->list[route->socket];
  if (route->source != 0 && by->interface[0] != '\0') { /* the others are bound to theirs */
    struct in_pktinfo info = { .ipi_spec_dst.s_addr = htonl(route->source) };
    memset(&control, 0, sizeof control);
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = IPPROTO_IP;
    header->cmsg_type = IP_PKTINFO;
    header->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(header), &info, sizeof info);
  }
  return sendmsg(by->fd, &message, MSG_DONTWAIT) == (ssize_t)len;
}
