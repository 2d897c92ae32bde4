/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * credentials: HTTP basic authentication (RFC 7617), as Kea does it (P1 1.8, 4.3).
 */
#ifndef DHCPHA_HTTP_CREDENTIALS_H
#define DHCPHA_HTTP_CREDENTIALS_H

#include <dhcpha/types.h>

/* What follows "Basic "; NULL: out of memory.  To be given to dhcpha_secret_free(). */
char *dhcpha_credentials_encode(const char *user, const char *password);
/* Whether the value of an Authorization header holds them; NULL: there was no such header.  How
 * long it takes does not depend on how much of it is right. */
bool dhcpha_credentials_match(const char *expected, const char *header);
/* Nothing of it stays in memory.  NULL is fine. */
void dhcpha_secret_free(char *secret);

#endif
