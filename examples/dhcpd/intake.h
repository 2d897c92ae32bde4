/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * intake: the way of a query, from the datagram to the answer that leaves.
 * What a family does with its datagrams is in intake4 and intake6.
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

/* ---- for intake4 and intake6 ---- */

void intake4_take(struct server *server, size_t socket, const struct datagram *datagram);
void intake6_take(struct server *server, size_t socket, const struct datagram *datagram);

/* A datagram was dropped: say so in the log, but not too often. */
void intake_complain(struct server *server, const struct datagram *datagram, const char *what);

/* High Availability's word on a query.  Without it every server serves all. */
bool intake_is_served(struct server *server, const dhcpha_query *facts,
                      const char **client_class);

/* An answer to be filled in; NULL: there are too many.  Those that begin an exchange are left for
 * later under too much load, so that who has an offer is served, rather than all too late. */
struct answer *intake_take_answer(struct server *server, bool begins);

/* Send it, when its changes are durable and known to the peers. */
void intake_finish(struct server *server, struct answer *answer, const dhcpha_query *facts,
                   bool commit);

/* The `ha-server-name` of a subnet; NULL: it has none, or there is no such subnet. */
const char *intake_server_name(const struct server *server, uint32_t subnet_id);

/* The subnet with this id; NULL: there is none. */
const struct subnet *intake_subnet(const struct server *server, uint32_t subnet_id);

#endif
