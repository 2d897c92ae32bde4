/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * tls_peer: certificates for a test, and the other side of a connection with whatever version and
 * certificate the test likes.
 */
#ifndef TESTS_HTTP_TLS_PEER_H
#define TESTS_HTTP_TLS_PEER_H

#include "host.h"

#include <gnutls/gnutls.h>

/* The folder of tests/support/certificates.sh, for server1 and server2; NULL: there is no openssl
 * program.  To be removed at the end. */
const char *certificates_make(void);
void certificates_remove(void);
/* A path in it: one of a few texts that take turns. */
const char *certificate(const char *name);
/* What is there under this name becomes a copy of another. */
void certificate_copy(const char *from, const char *to);
void certificate_write(const char *name, const char *text);

/* A peer as the configuration has it.  CA, certificate and key: "ca.crt", "server1". */
dhcpha_peer tls_peer(const char *name, const char *url, const char *ca, const char *who);

/* TLS by hand, over a plain socket of host.h. */
typedef struct tls_hand {
  raw socket;
  gnutls_session_t session;
  gnutls_certificate_credentials_t credentials;
  bool shaken;
  int error; /* Of the handshake, or of what came after; 0: none. */
  char data[65536];
  size_t len;
  bool closed;
} tls_hand;

/* The socket is connected.  WHO: NULL for no certificate. */
void tls_hand_start(tls_hand *hand, bool as_server, const char *priorities, const char *who);
/* Does what it can; true when the handshake is over, one way or the other. */
bool tls_hand_shake(tls_hand *hand);
void tls_hand_print(tls_hand *hand, const char *text);
bool tls_hand_has(tls_hand *hand, const char *text);
bool tls_hand_is_closed(tls_hand *hand);
void tls_hand_end(tls_hand *hand);

#endif
