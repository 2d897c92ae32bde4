/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "connection_tls.h"

#include <gnutls/x509.h>

int dhcpha_connection_give_no_certificate(gnutls_session_t session,
                                          const gnutls_datum_t *authorities, int authority_count,
                                          const gnutls_pk_algorithm_t *algorithms,
                                          int algorithm_count, gnutls_pcert_st **certificates,
                                          unsigned *certificate_count, gnutls_privkey_t *key) {
  (void)session;
  (void)authorities;
  (void)authority_count;
  (void)algorithms;
  (void)algorithm_count;
  (void)certificates;
  (void)certificate_count;
  (void)key;
  return -1;
}

static const struct {
  unsigned status;
  const char *text;
} mistrusts[] = {
  { GNUTLS_CERT_EXPIRED, "the requester's certificate has expired" },
  { GNUTLS_CERT_NOT_ACTIVATED, "the requester's certificate is not valid yet" },
  { GNUTLS_CERT_SIGNER_NOT_FOUND, "the requester's certificate is not of the trust-anchor" },
};

/* Not 0: it is refused. */
static int verify_requester(gnutls_session_t session) {
  dhcpha_connection *connection = gnutls_session_get_ptr(session);
  unsigned status = 0;
  if (gnutls_certificate_verify_peers2(session, &status) == 0 && status == 0) return 0;
  connection->mistrust = "the requester's certificate is not trusted";
  for (size_t i = 0; i < sizeof mistrusts / sizeof mistrusts[0]; i++)
    if (status & mistrusts[i].status) connection->mistrust = mistrusts[i].text;
  return -1;
}

static int note_end(gnutls_session_t session, unsigned type, unsigned when, unsigned incoming,
                    const gnutls_datum_t *message) {
  dhcpha_connection *connection = gnutls_session_get_ptr(session);
  (void)type;
  (void)when;
  (void)message;
  if (incoming) connection->handshaken = true;
  return 0;
}

static gnutls_session_t get_session(const dhcpha_connection *connection) {
  const union MHD_ConnectionInfo *info =
    MHD_get_connection_info(connection->mhd, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  return info != NULL ? (gnutls_session_t)info->tls_session : NULL;
}

bool dhcpha_connection_secure(dhcpha_connection *connection) {
  const dhcpha_door *door = connection->door;
  gnutls_session_t session = get_session(connection);
  if (session == NULL) return false;
  connection->tls = dhcpha_tls_hold(door->tls);
  connection->session = session;
  gnutls_session_set_ptr(session, connection);
  if (gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, connection->tls->credentials) < 0)
    return false;
  gnutls_certificate_server_set_request(
    session, door->require_client_certs ? GNUTLS_CERT_REQUIRE : GNUTLS_CERT_IGNORE);
  if (door->require_client_certs) gnutls_session_set_verify_function(session, verify_requester);
  gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_FINISHED, GNUTLS_HOOK_POST,
                                     note_end);
  return true;
}
