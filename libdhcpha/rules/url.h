/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * url: where a peer listens: "http://192.0.2.1:8000/".
 * Floor: rules.  Spec: P1 1.6.
 */
#ifndef DHCPHA_RULES_URL_H
#define DHCPHA_RULES_URL_H

#include <dhcpha/types.h>

typedef struct dhcpha_url {
  bool https;
  const char *host;       /* points into the text; without brackets */
  size_t host_len;
  dhcpha_address address; /* family 0: the host is no address, which P1 1.6 refuses */
  bool has_name;          /* but a name, which it refuses, too; we do not */
  bool has_port;
  uint32_t port;    /* as written; above 65535 it is truncated where it is used */
  const char *path; /* points into the text; "" when there is none */
} dhcpha_url;

/* NULL when the grammar is kept, else what is wrong in Kea's words. */
const char *dhcpha_url_read(dhcpha_url *url, const char *text);

#endif
