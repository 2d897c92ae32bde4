/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECEIVE_BUFFER (8 << 20) /* bytes the kernel is asked to keep for a busy server */

/* Both families' in one, without casts between them. */
union address {
  struct sockaddr any;
  struct sockaddr_in ip4;
  struct sockaddr_in6 ip6;
};

static union address make_address(uint8_t family, struct ip ip, uint16_t port, uint32_t scope,
                                  socklen_t *len) {
  union address address;
  memset(&address, 0, sizeof address);
  if (family == 4) {
    address.ip4.sin_family = AF_INET;
    address.ip4.sin_port = htons(port);
    address.ip4.sin_addr.s_addr = htonl((uint32_t)ip.low);
    *len = sizeof address.ip4;
  } else {
    dhcpha_address bytes = ip_address(6, ip);
    address.ip6.sin6_family = AF_INET6;
    address.ip6.sin6_port = htons(port);
    address.ip6.sin6_scope_id = scope;
    memcpy(&address.ip6.sin6_addr, bytes.bytes, sizeof bytes.bytes);
    *len = sizeof address.ip6;
  }
  return address;
}

/* ---- opening ---- */

static int domain_of(uint8_t family) { return family == 4 ? AF_INET : AF_INET6; }

/* The first IPv4 address of an interface. */
static struct ip address_of_interface(const char *name) {
  struct ifaddrs *all = NULL;
  uint32_t address = 0;
  if (getifaddrs(&all) != 0) return IP_NONE;
  for (const struct ifaddrs *at = all; at != NULL && address == 0; at = at->ifa_next)
    if (at->ifa_addr != NULL && at->ifa_addr->sa_family == AF_INET &&
        strcmp(at->ifa_name, name) == 0)
      address = ntohl(((const struct sockaddr_in *)(const void *)at->ifa_addr)->sin_addr.s_addr);
  freeifaddrs(all);
  return ip_of_ip4(address);
}

/* RFC 8415 7.1: All_DHCP_Relay_Agents_and_Servers, and All_DHCP_Servers. */
static bool join_groups(const struct socket *made) {
  static const char *const groups[] = { "ff02::1:2", "ff05::1:3" };
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
    struct ipv6_mreq group = { .ipv6mr_interface = if_nametoindex(made->interface) };
    inet_pton(AF_INET6, groups[i], &group.ipv6mr_multiaddr);
    if (setsockopt(made->fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &group, sizeof group) != 0)
      return false;
  }
  return true;
}

static bool set_options(const struct socket *made) {
  int on = 1;
  if (made->family == 4)
    return setsockopt(made->fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on) == 0 &&
           setsockopt(made->fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) == 0;
  return setsockopt(made->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0 &&
         setsockopt(made->fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on) == 0;
}

static bool prepare(struct socket *made) {
  int size = RECEIVE_BUFFER;
  bool on_interface = made->interface[0] != '\0';
  socklen_t len;
  union address local = make_address(made->family, on_interface ? IP_NONE : made->address,
                                     made->port, 0, &len);
  made->fd = socket(domain_of(made->family), SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (made->fd < 0) return false;
  setsockopt(made->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size); /* as much as is allowed */
  setsockopt(made->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  if (!set_options(made)) return false;
  if (on_interface && setsockopt(made->fd, SOL_SOCKET, SO_BINDTODEVICE, made->interface,
                                 (socklen_t)strlen(made->interface)) != 0)
    return false;
  if (bind(made->fd, &local.any, len) != 0) return false;
  return made->family == 4 || !on_interface || join_groups(made);
}

/* The name of the interface, and its IPv4 address, where there is one. */
static bool find_interface(struct socket *made, const struct interface *interface) {
  if (interface->name[0] == '\0') return true;
  errno = ENODEV;
  if (if_nametoindex(interface->name) == 0) return false; /* too long a name, too */
  memcpy(made->interface, interface->name, strlen(interface->name) + 1);
  if (made->family == 6) return true;
  if (ip_is_none(made->address)) made->address = address_of_interface(interface->name);
  errno = EADDRNOTAVAIL;
  return !ip_is_none(made->address);
}

static bool open_one(struct sockets *sockets, uint8_t family, const struct interface *interface,
                     char *text, size_t text_size) {
  struct socket made = { .fd = -1, .family = family, .address = interface->address,
                         .port = interface->port };
  struct socket *list = NULL;
  if (find_interface(&made, interface) && prepare(&made))
    list = realloc(sockets->list, (sockets->count + 1) * sizeof *list);
  if (list == NULL) {
    char address[DHCPHA_ADDRESS_TEXT_SIZE];
    snprintf(text, text_size, "%s%s%s port %u: %s", interface->name,
             interface->name[0] != '\0' ? "/" : "", ip_format(family, made.address, address),
             made.port, strerror(errno));
    if (made.fd >= 0) close(made.fd);
    return false;
  }
  sockets->list = list;
  list[sockets->count++] = made;
  return true;
}

/* Every interface that is up and has an address of the family, but the loopback. */
static bool open_all(struct sockets *sockets, uint8_t family, uint16_t port, char *text,
                     size_t text_size) {
  struct ifaddrs *all = NULL;
  bool fine = true;
  if (getifaddrs(&all) != 0) return false;
  for (const struct ifaddrs *at = all; at != NULL && fine; at = at->ifa_next) {
    if (at->ifa_addr == NULL || at->ifa_addr->sa_family != domain_of(family) ||
        (at->ifa_flags & IFF_UP) == 0 || (at->ifa_flags & IFF_LOOPBACK) != 0)
      continue;
    size_t i = 0;
    while (i < sockets->count && strcmp(sockets->list[i].interface, at->ifa_name) != 0) i++;
    struct interface interface = { at->ifa_name, IP_NONE, port };
    if (i == sockets->count) fine = open_one(sockets, family, &interface, text, text_size);
  }
  freeifaddrs(all);
  return fine;
}

bool sockets_open(struct sockets *sockets, uint8_t family, const struct interface *interface,
                  char *text, size_t text_size) {
  return strcmp(interface->name, "*") == 0
             ? open_all(sockets, family, interface->port, text, text_size)
             : open_one(sockets, family, interface, text, text_size);
}

void sockets_close(struct sockets *sockets) {
  for (size_t i = 0; i < sockets->count; i++) close(sockets->list[i].fd);
  free(sockets->list);
  memset(sockets, 0, sizeof *sockets);
}

/* ---- datagrams ---- */

/* No union with a struct cmsghdr: that ends in a flexible array, and has no array of its own. */
struct control {
  _Alignas(struct cmsghdr) char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

static struct ip local_address(struct msghdr *message) {
  for (struct cmsghdr *at = CMSG_FIRSTHDR(message); at != NULL; at = CMSG_NXTHDR(message, at))
    if (at->cmsg_level == IPPROTO_IP && at->cmsg_type == IP_PKTINFO) {
      struct in_pktinfo info;
      memcpy(&info, CMSG_DATA(at), sizeof info);
      return ip_of_ip4(ntohl(info.ipi_spec_dst.s_addr));
    } else if (at->cmsg_level == IPPROTO_IPV6 && at->cmsg_type == IPV6_PKTINFO) {
      struct in6_pktinfo info;
      memcpy(&info, CMSG_DATA(at), sizeof info);
      return ip_of_bytes(info.ipi6_addr.s6_addr);
    }
  return IP_NONE;
}

static struct datagram make_datagram(uint8_t family, const uint8_t *bytes, size_t len,
                                     const union address *from, struct msghdr *message) {
  struct datagram datagram = { .bytes = bytes, .len = len, .to = local_address(message) };
  if (family == 4) {
    datagram.from = ip_of_ip4(ntohl(from->ip4.sin_addr.s_addr));
    datagram.from_port = ntohs(from->ip4.sin_port);
  } else {
    datagram.from = ip_of_bytes(from->ip6.sin6_addr.s6_addr);
    datagram.from_port = ntohs(from->ip6.sin6_port);
    datagram.scope = from->ip6.sin6_scope_id;
  }
  return datagram;
}

size_t sockets_read(const struct socket *socket, struct datagram datagrams[SOCKETS_BATCH]) {
  static uint8_t bytes[SOCKETS_BATCH][SOCKETS_DATAGRAM_MAX];
  static union address from[SOCKETS_BATCH];
  static struct control control[SOCKETS_BATCH];
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
    datagrams[i] = make_datagram(socket->family, bytes[i], messages[i].msg_len, &from[i],
                                 &messages[i].msg_hdr);
  return count > 0 ? (size_t)count : 0;
}

/* The address that the answer is from: there may be several on the interface. */
static void put_source(const struct socket *by, const struct route *route,
                       struct msghdr *message, struct control *control) {
  memset(control, 0, sizeof *control);
  message->msg_control = control;
  message->msg_controllen = sizeof *control;
  struct cmsghdr *header = CMSG_FIRSTHDR(message);
  if (by->family == 4) {
    struct in_pktinfo info = { .ipi_spec_dst.s_addr = htonl((uint32_t)route->source.low) };
    header->cmsg_level = IPPROTO_IP;
    header->cmsg_type = IP_PKTINFO;
    header->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(header), &info, sizeof info);
  } else {
    dhcpha_address source = ip_address(6, route->source);
    struct in6_pktinfo info = { .ipi6_ifindex = route->scope };
    memcpy(&info.ipi6_addr, source.bytes, sizeof source.bytes);
    header->cmsg_level = IPPROTO_IPV6;
    header->cmsg_type = IPV6_PKTINFO;
    header->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(header), &info, sizeof info);
  }
  message->msg_controllen = CMSG_SPACE(by->family == 4 ? sizeof(struct in_pktinfo)
                                                       : sizeof(struct in6_pktinfo));
}

bool sockets_send(const struct sockets *sockets, const struct route *route, const uint8_t *bytes,
                  size_t len) {
  const struct socket *by = &sockets->list[route->socket];
  socklen_t to_len;
  union address to =
      make_address(by->family, route->address, route->port, route->scope, &to_len);
  struct iovec part = { .iov_base = (void *)(uintptr_t)bytes, .iov_len = len };
  struct control control;
  struct msghdr message = { .msg_name = &to, .msg_namelen = to_len, .msg_iov = &part,
                            .msg_iovlen = 1 };
  if (!ip_is_none(route->source) && by->interface[0] != '\0') /* the others are bound to theirs */
    put_source(by, route, &message, &control);
  return sendmsg(by->fd, &message, MSG_DONTWAIT) == (ssize_t)len;
}
