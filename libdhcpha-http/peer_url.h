/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * peer_url: the URL of a peer (P1 1.6).
 * The host may be a name as well, which P1 1.6 does not know.
 */
#ifndef DHCPHA_HTTP_PEER_URL_H
#define DHCPHA_HTTP_PEER_URL_H

#include <dhcpha/types.h>

#define DHCPHA_HOST_SIZE 255 /* Of a name, and its end: RFC 1123 2.1, RFC 1035 2.3.4. */

typedef struct dhcpha_peer_url {
  bool https;
  char host[DHCPHA_HOST_SIZE]; /* Without brackets. */
  dhcpha_address address;      /* family 0: the host is a name. */
  uint16_t port;               /* 0: there was none. */
} dhcpha_peer_url;

/* DHCPHA_ERR_ARGUMENT: not http or https, an address or a name, and perhaps a port.  The path is
 * not looked at. */
dhcpha_status dhcpha_peer_url_parse(const char *url, dhcpha_peer_url *result);

#endif
