/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * client: commands to peers, and how they end.
 */
#ifndef DHCPHA_HTTP_CLIENT_H
#define DHCPHA_HTTP_CLIENT_H

#include "client_peer.h"

dhcpha_status dhcpha_client_new(dhcpha_loop *loop, dhcpha_client **client);
dhcpha_client_peers *dhcpha_client_get_peers(dhcpha_client *client);
dhcpha_status dhcpha_client_send(dhcpha_client *client, dhcpha_client_peer *peer, uint64_t id,
                                 const char *json, size_t json_len, uint32_t timeout_ms);
void dhcpha_client_cancel_all(dhcpha_client *client);
/* When libcurl wants its turn; DHCPHA_NEVER: not. */
int64_t dhcpha_client_get_due(const dhcpha_client *client);
/* After the events of the sockets: libcurl's timeout, then what is to be told. */
void dhcpha_client_dispatch(dhcpha_client *client);
void dhcpha_client_free(dhcpha_client *client);

#endif
