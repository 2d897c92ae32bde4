/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * peer_url: the URL of a peer (P1 1.6).
 */
#ifndef DHCPHA_HTTP_PEER_URL_H
#define DHCPHA_HTTP_PEER_URL_H

#include <dhcpha/types.h>

/* DHCPHA_ERR_ARGUMENT: not "http://", an address, and perhaps a port.  A missing port gives 0; the
 * path is not looked at. */
dhcpha_status dhcpha_peer_url_parse(const char *url, dhcpha_address *address, uint16_t *port);

#endif
