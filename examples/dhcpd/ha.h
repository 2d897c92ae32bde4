/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * ha: what connects the hub of High Availability with this server's store, answers and transport.
 */
#ifndef DHCPD_HA_H
#define DHCPD_HA_H

#include "server.h"

/* Make the transport, and the hub where there is High Availability; listen on this server's own
 * URLs and for administrators.  False: TEXT says why. */
bool ha_open(struct server *server, char *text, size_t text_size);
/* High Availability ends in good order. */
void ha_close(struct server *server);
/* Take over the `high-availability` parameters of CONFIG, which stays the caller's; nothing else of
 * it.  Leases and sockets stay; the state machines begin anew (P2 3.5).  False: the server can't go
 * on. */
bool ha_reload(struct server *server, struct config *config);

/* Load trust anchors, certificates and keys again; it is logged how that went. */
void ha_reload_certificates(struct server *server);

/* The batches that wait for a commit are DURABLE now, or could not be made so. */
void ha_committed(struct server *server, bool durable);

/* Do what is due by now. */
void ha_expire(struct server *server);

/* Milliseconds until ha_expire() is to be called; -1: never. */
int64_t ha_next_ms(struct server *server);

#endif
