/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * connection_tls: how an accepted connection is secured.
 * libmicrohttpd makes a session for each and moves its bytes.  Which certificate it shows and whom
 * it trusts is ours to say, per connection: so certificates can change while others are open.
 */
#ifndef DHCPHA_HTTP_CONNECTION_TLS_H
#define DHCPHA_HTTP_CONNECTION_TLS_H

#include "connection.h"

#include <gnutls/abstract.h>

/* MHD_OPTION_HTTPS_PRIORITIES: TLS 1.2 at least. */
#define DHCPHA_TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

/* MHD_OPTION_HTTPS_CERT_CALLBACK.  libmicrohttpd does not start without a certificate, or someone
 * to ask for one; each session has got its own before it could ask. */
int dhcpha_connection_give_no_certificate(gnutls_session_t session,
                                          const gnutls_datum_t *authorities, int authority_count,
                                          const gnutls_pk_algorithm_t *algorithms,
                                          int algorithm_count, gnutls_pcert_st **certificates,
                                          unsigned *certificate_count, gnutls_privkey_t *key);

/* Before the handshake.  False: out of memory. */
bool dhcpha_connection_secure(dhcpha_connection *connection);

#endif
