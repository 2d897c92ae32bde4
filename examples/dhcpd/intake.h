/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * intake: the way of a query, from the datagram to the answer that leaves.
 */
#ifndef DHCPD_INTAKE_H
#define DHCPD_INTAKE_H

#include "server.h"

/* Read what has come in by a socket. */
void intake_readable(struct server *server, size_t socket);

/* The leases of the answers that wait for a commit are DURABLE now, or could not be made so. */
void intake_committed(struct server *server, bool durable);

/* The peers have acknowledged, or not: send the answer or drop it. */
void intake_release(struct server *server, uint64_t query_id, bool send);

/* Reclaim leases that are over. */
void intake_reclaim(struct server *server);

#endif
