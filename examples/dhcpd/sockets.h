/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * sockets: the UDP sockets of a server.
 *
 * An interface's socket takes what arrives there, broadcasts and multicasts included.  A socket for
 * an address and port takes what is sent there: by relays, and by clients that renew.
 */
#ifndef DHCPD_SOCKETS_H
#define DHCPD_SOCKETS_H

#include <net/if.h>

#include "configuration.h"

#define SOCKETS_BATCH 32          /* datagrams read at a time */
#define SOCKETS_DATAGRAM_MAX 4096 /* longer ones are cut, which makes them malformed */

struct socket {
  int fd;
  uint8_t family;
  struct ip address;           /* DHCPv4: the server identifier; none: where a query was sent to */
  uint16_t port;
  char interface[IF_NAMESIZE]; /* "" when it is bound to an address */
};

struct sockets {
  struct socket *list;
  size_t count;
};

/* A datagram that came in.  BYTES are valid until the next sockets_read(). */
struct datagram {
  const uint8_t *bytes;
  size_t len;
  struct ip from;
  uint16_t from_port;
  uint32_t scope; /* the interface FROM is on, where its address does not tell */
  struct ip to;   /* an address of this server's, or a group's */
};

/* Where an answer goes. */
struct route {
  uint16_t socket; /* its index */
  uint16_t port;
  struct ip address;
  uint32_t scope;
  struct ip source; /* the server's own address, or none */
};

/* Open a socket for INTERFACE; "*" opens one for each.  False: TEXT says why. */
bool sockets_open(struct sockets *sockets, uint8_t family, const struct interface *interface,
                  char *text, size_t text_size);
void sockets_close(struct sockets *sockets);

/* Read what is there, without waiting: up to SOCKETS_BATCH datagrams. */
size_t sockets_read(const struct socket *socket, struct datagram datagrams[SOCKETS_BATCH]);

bool sockets_send(const struct sockets *sockets, const struct route *route, const uint8_t *bytes,
                  size_t len);

#endif
