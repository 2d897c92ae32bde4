/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * route4: where a DHCPv4 answer goes (RFC 2131 4.1).
 *  - through a relay: to giaddr, port 67, or the port it sends from if it asks for that (RFC 8357);
 *  - to a client that has an address (ciaddr): there, port 68;
 *  - to any other: 255.255.255.255, port 68, on the interface it came in by.  A client without an
 *    address that could be reached by unicast is broadcast to as well: that needs no raw socket.
 * A socket whose own port is not 67 is for tests: its answers go to the address and port that the
 * query came from, unless that is a relay's port 67.
 */
#ifndef DHCPD_ROUTE4_H
#define DHCPD_ROUTE4_H

#include "packet4.h"
#include "sockets.h"

struct route route4(const struct sockets *sockets, size_t socket, const struct datagram *datagram,
                    const struct packet4 *query, bool nak);

#endif
