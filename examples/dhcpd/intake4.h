/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * intake4: the way of a query, from the datagram to the answer that leaves.
 */
#ifndef DHCPD_INTAKE4_H
#define DHCPD_INTAKE4_H

#include "server.h"

/* Read what has come in by a socket. */
void intake4_readable(struct server *server, size_t socket);

/* The leases of the answers that wait for a commit are DURABLE now, or could not be made so. */
void intake4_committed(struct server *server, bool durable);

/* The peers have acknowledged, or not: send the answer or drop it. */
void intake4_release(struct server *server, uint64_t query_id, bool send);

/* Reclaim leases that are over. */
void intake4_reclaim(struct server *server);

#endif
