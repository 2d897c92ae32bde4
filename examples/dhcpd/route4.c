/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "route4.h"

#define SERVER_PORT 67
#define CLIENT_PORT 68
#define RELAY_SOURCE_PORT 19

/* The relay wants its answers at the port it sends from (RFC 8357). */
static bool has_relay_port(const struct packet4 *query) {
  const struct option4_view *relay = &query->options[OPTION_RELAY_AGENT];
  for (size_t at = 0; at + 2 <= relay->len; at += 2u + relay->bytes[at + 1])
    if (relay->bytes[at] == RELAY_SOURCE_PORT) return true;
  return false;
}

struct route route4(const struct sockets *sockets, size_t socket, const struct datagram *datagram,
                    const struct packet4 *query, bool nak) {
  const struct socket *by = &sockets->list[socket];
  struct route route = { .socket = (uint16_t)socket, .port = CLIENT_PORT,
                         .address = ip_of_ip4(UINT32_MAX),
                         .source = !ip_is_none(by->address) ? by->address : datagram->to };
  bool from_relay = query->giaddr != 0 && datagram->from_port == SERVER_PORT;
  if (by->port != SERVER_PORT && !from_relay && !ip_is_none(datagram->from)) {
    route.address = datagram->from;
    route.port = datagram->from_port;
  } else if (query->giaddr != 0) {
    route.address = ip_of_ip4(query->giaddr);
    route.port = has_relay_port(query) ? datagram->from_port : SERVER_PORT;
  } else if (query->ciaddr != 0 && !nak) {
    route.address = ip_of_ip4(query->ciaddr);
  }
  return route;
}
