/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * sockets: the UDP sockets of a DHCPv4 server, and where an answer goes.
 *
 * An interface's socket takes what arrives there, broadcasts included.  A socket for an address
 * and port takes what is sent there: by relays, and by clients that renew.
 *
 * Where answers go (RFC 2131 4.1):
 *  - through a relay: to giaddr, port 67, or the port it sends from if it asks for that (RFC 8357);
 *  - to a client that has an address (ciaddr): there, port 68;
 *  - to any other: 255.255.255.255, port 68, on the interface it came in by.  A client without an
 *    address that could be reached by unicast is broadcast to as well: that needs no raw socket.
 * A socket whose own port is not 67 is for tests: its answers go to the address and port that the
 * query came from, unless that is a relay's port 67.
 */
#ifndef DHCPD_SOCKETS_H
#define DHCPD_SOCKETS_H

#include <net/if.h>
#include <netinet/in.h>

#include "configuration.h"
#include "packet4.h"

#define SOCKETS_BATCH 32 /* datagrams read at a time */

struct socket {
  int fd;
  uint32_t address;            /* the server identifier; 0: where the query was sent to */
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
  uint32_t from;
  uint16_t from_port;
  uint32_t to; /* an address of this server's */
};

/* Where an answer goes. */
struct route {
  uint16_t socket; /* its index */
  uint16_t port;
  uint32_t address;
  uint32_t source; /* the server's own address, or 0 */
};

/* Open a socket for INTERFACE; "*" opens one for each.  False: TEXT says why. */
bool sockets_open(struct sockets *sockets, const struct interface *interface, char *text,
                   size_t text_size);
void sockets_close(struct sockets *sockets);

/* Read what is there, without waiting: up to SOCKETS_BATCH datagrams. */
size_t sockets_read(const struct socket *socket, struct datagram datagrams[SOCKETS_BATCH]);

struct route sockets_route(const struct sockets *sockets, size_t socket,
                             const struct datagram *datagram, const struct packet4 *query,
                             bool nak);
bool sockets_send(const struct sockets *sockets, const struct route *route,
                   const uint8_t *bytes, size_t len);

#endif
