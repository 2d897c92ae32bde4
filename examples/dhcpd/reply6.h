/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * reply6: the options of an answer.
 */
#ifndef DHCPD_REPLY6_H
#define DHCPD_REPLY6_H

#include "serve6.h"

/* How long a lease runs that starts now, seconds. */
struct lifetimes6 {
  uint32_t preferred, valid;
};

/* HINT is what the client asks for; NULL: nothing. */
struct lifetimes6 reply6_lifetimes(const struct subnet *subnet, const struct hint6 *hint);

/* Begin an answer: it repeats the client's id and carries the server's. */
bool reply6_start(struct result6 *result, const struct query6 *query, const struct config *config,
                  uint8_t *bytes, uint8_t type);

/* An IA of the answer, with what is put into it between the two calls.  Open returns 0 when there
 * is no room. */
size_t reply6_open_ia(struct result6 *result, const struct query6 *query, const struct ia6 *ia);
void reply6_close_ia(struct result6 *result, size_t begin);
void reply6_put_address(struct result6 *result, const struct ia6 *ia, struct ip address,
                        uint8_t prefix_len, struct lifetimes6 lifetimes);

/* The configured options that the client asks for, then the end of the message. */
void reply6_end(struct result6 *result, const struct query6 *query);

#endif
