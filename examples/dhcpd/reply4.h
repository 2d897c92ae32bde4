/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * reply4: the options of an answer.
 */
#ifndef DHCPD_REPLY4_H
#define DHCPD_REPLY4_H

#include "serve4.h"

/* The server identifier that answers to this query carry. */
uint32_t reply4_server_id(const struct query4 *query);

/* How long a lease runs that starts now, seconds. */
uint32_t reply4_lifetime(const struct query4 *query);

/* Write an answer.  POOL may be NULL; LIFETIME is 0 for an answer without a lease. */
void reply4_write(struct result4 *result, const struct query4 *query, uint8_t *bytes,
                  uint8_t type, uint32_t yiaddr, const struct pool_config *pool, uint32_t lifetime);

#endif
