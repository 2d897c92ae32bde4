/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "tls_peer.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/dhcpha-certificates-XXXXXX";

static int run(const char *const *words) {
  int status = -1;
  pid_t child = fork();
  if (child == 0) {
    if (freopen("/dev/null", "w", stdout) == NULL) _exit(126);
    execvp(words[0], (char *const *)(uintptr_t)words);
    _exit(127);
  }
  if (child < 0 || waitpid(child, &status, 0) != child) return -1;
  return status;
}

const char *certificates_make(void) {
  const char *const find[] = { "openssl", "version", NULL };
  const char *const make[] = { "sh", CERTIFICATES, folder, "server1", "server2", NULL };
  if (run(find) != 0 || mkdtemp(folder) == NULL) return NULL;
  if (run(make) == 0) return folder;
  certificates_remove();
  return NULL;
}

void certificates_remove(void) {
  const char *const words[] = { "rm", "-rf", folder, NULL };
  run(words);
}

const char *certificate(const char *name) {
  static char paths[8][256];
  static size_t turn_of;
  char *path = paths[turn_of++ % 8];
  snprintf(path, sizeof paths[0], "%s/%s", folder, name);
  return path;
}

void certificate_write(const char *name, const char *text) {
  FILE *file = fopen(certificate(name), "w");
  ck_assert_ptr_nonnull(file);
  fputs(text, file);
  fclose(file);
}

void certificate_copy(const char *from, const char *to) {
  char text[65536];
  FILE *file = fopen(certificate(from), "r");
  ck_assert_ptr_nonnull(file);
  size_t len = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[len] = '\0';
  certificate_write(to, text);
}

dhcpha_peer tls_peer(const char *name, const char *url, const char *ca, const char *who) {
  char file[64];
  dhcpha_peer peer = plain_peer(url);
  peer.name = name;
  peer.tls = ca != NULL;
  peer.trust_anchor = peer.cert_file = peer.key_file = "";
  if (ca == NULL) return peer;
  peer.trust_anchor = certificate(ca);
  snprintf(file, sizeof file, "%s.crt", who);
  peer.cert_file = certificate(file);
  snprintf(file, sizeof file, "%s.key", who);
  peer.key_file = certificate(file);
  return peer;
}

void tls_hand_start(tls_hand *hand, bool as_server, const char *priorities, const char *who) {
  unsigned role = as_server ? GNUTLS_SERVER : GNUTLS_CLIENT;
  hand->shaken = hand->closed = false;
  hand->error = 0;
  hand->len = 0;
  hand->data[0] = '\0';
  ck_assert_int_eq(gnutls_certificate_allocate_credentials(&hand->credentials), 0);
  if (who != NULL) {
    dhcpha_peer peer = tls_peer("", "", "ca.crt", who);
    ck_assert_int_eq(gnutls_certificate_set_x509_key_file(hand->credentials, peer.cert_file,
                                                          peer.key_file, GNUTLS_X509_FMT_PEM),
                     0);
  }
  ck_assert_int_eq(gnutls_init(&hand->session, role | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL), 0);
  ck_assert_int_eq(gnutls_priority_set_direct(hand->session, priorities, NULL), 0);
  ck_assert_int_eq(
    gnutls_credentials_set(hand->session, GNUTLS_CRD_CERTIFICATE, hand->credentials), 0);
  fcntl(hand->socket.fd, F_SETFL, fcntl(hand->socket.fd, F_GETFL) | O_NONBLOCK);
  gnutls_transport_set_int(hand->session, hand->socket.fd);
}

bool tls_hand_shake(tls_hand *hand) {
  if (hand->shaken || hand->error != 0) return true;
  int error = gnutls_handshake(hand->session);
  if (error == 0) hand->shaken = true;
  else if (gnutls_error_is_fatal(error)) hand->error = error;
  return hand->shaken || hand->error != 0;
}

void tls_hand_print(tls_hand *hand, const char *text) {
  ck_assert_int_eq(gnutls_record_send(hand->session, text, strlen(text)), (int)strlen(text));
}

static void pull(tls_hand *hand) {
  while (!hand->closed && hand->len < sizeof hand->data - 1) {
    ssize_t got = gnutls_record_recv(hand->session, hand->data + hand->len,
                                     sizeof hand->data - 1 - hand->len);
    if (got == GNUTLS_E_AGAIN) return;
    if (got < 0 && !gnutls_error_is_fatal((int)got)) continue;
    if (got <= 0) {
      hand->closed = true;
      hand->error = (int)got;
      return;
    }
    hand->len += (size_t)got;
    hand->data[hand->len] = '\0';
  }
}

bool tls_hand_has(tls_hand *hand, const char *text) {
  pull(hand);
  return strstr(hand->data, text) != NULL;
}

bool tls_hand_is_closed(tls_hand *hand) {
  pull(hand);
  return hand->closed;
}

void tls_hand_end(tls_hand *hand) {
  gnutls_deinit(hand->session);
  gnutls_certificate_free_credentials(hand->credentials);
  raw_close(&hand->socket);
}
