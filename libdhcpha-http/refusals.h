/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * refusals: what the listeners refused by themselves, kept until it can be told.
 * They are noticed in the middle of libmicrohttpd's work, where the host is not called.
 */
#ifndef DHCPHA_HTTP_REFUSALS_H
#define DHCPHA_HTTP_REFUSALS_H

#include <stddef.h>

/* Noted at a time. */
#define DHCPHA_REFUSALS_MAX 32

typedef struct dhcpha_refusal {
  size_t listener;
  int http_status;
  const char *text; /* Static. */
} dhcpha_refusal;

typedef struct dhcpha_refusals {
  dhcpha_refusal noted[DHCPHA_REFUSALS_MAX];
  size_t count;
} dhcpha_refusals;

/* What Kea's listener says when it refuses (P1 4.3). */
const char *dhcpha_refusal_get_body(int http_status);
/* Beyond DHCPHA_REFUSALS_MAX a refusal goes untold. */
void dhcpha_refusals_note(dhcpha_refusals *refusals, size_t listener, int http_status,
                          const char *text);

#endif
