/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * tls: the trust anchor, certificate and key of a server or a peer (P1 1.7).
 * All files are read at once and checked; connections are made with what was read, never with what
 * a file has become since.  So a change of files takes effect as a whole, when it is asked for, or
 * not at all; connections that are there keep what they were made with.
 */
#ifndef DHCPHA_HTTP_TLS_H
#define DHCPHA_HTTP_TLS_H

#include "tls_files.h"

#include <gnutls/gnutls.h>

#define DHCPHA_TLS_TEXT_SIZE 512 /* Of what is wrong. */
#define DHCPHA_TLS_FILES 3       /* trust-anchor, cert-file, key-file */

/* What the files held at one time. */
typedef struct dhcpha_tls_material {
  unsigned users;
  dhcpha_pem pem[DHCPHA_TLS_FILES];
  gnutls_certificate_credentials_t credentials;
} dhcpha_tls_material;

/* Three files, and what they hold now.  Peers with the same files share one. */
typedef struct dhcpha_tls {
  struct dhcpha_tls *next;
  char *paths[DHCPHA_TLS_FILES];
  char *whose; /* Whom errors name. */
  dhcpha_tls_material *now;
} dhcpha_tls;

/* All of a transport; zeroes to start with. */
typedef struct dhcpha_tls_list {
  dhcpha_tls *first;
} dhcpha_tls_list;

/* Found, or loaded; it stays until the end of the list.  The text tells what is wrong, unless
 * memory ran out. */
dhcpha_status dhcpha_tls_find(dhcpha_tls_list *list, const char *const paths[DHCPHA_TLS_FILES],
                              const char *whose, dhcpha_tls **tls,
                              char text[DHCPHA_TLS_TEXT_SIZE]);
/* Whether they can be loaded. */
dhcpha_status dhcpha_tls_check(const char *const paths[DHCPHA_TLS_FILES], const char *whose,
                               char text[DHCPHA_TLS_TEXT_SIZE]);
/* Loads all files again; where something is wrong, that one stays as it is.  The status and the
 * text are of the first such. */
dhcpha_status dhcpha_tls_reload(dhcpha_tls_list *list, char text[DHCPHA_TLS_TEXT_SIZE]);
void dhcpha_tls_list_free(dhcpha_tls_list *list);

dhcpha_tls_material *dhcpha_tls_hold(const dhcpha_tls *tls);
void dhcpha_tls_release(dhcpha_tls_material *material); /* NULL is fine. */

#endif
