/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * client_slot: one command in flight.
 * An easy handle with all that stays the same from command to command (P1 4.1, 1.7), the answer as
 * it comes in, and what the end of the exchange means.  Knows no queue; client.c has that.
 */
#ifndef DHCPHA_HTTP_CLIENT_SLOT_H
#define DHCPHA_HTTP_CLIENT_SLOT_H

#include "body.h"
#include "client_route.h"
#include "client_sockets.h"
#include "tls.h"

#define DHCPHA_CLIENT_TEXT_SIZE 1024 /* Of a failure. */

typedef struct dhcpha_client_slot {
  CURL *easy;
  void *command; /* The owner's; NULL: free. */
  void (*progressed)(struct dhcpha_client_slot *slot); /* Bytes went out or came in. */
  struct dhcpha_client_slot *next_free;
  struct dhcpha_client_slot *next_progressed;
  bool in_progressed;
  dhcpha_body body; /* The answer's. */
  size_t body_max;
  size_t header_len;
  size_t header_max;
  bool header_complete;
  curl_off_t sent;
  dhcpha_status stopped; /* Why we ended the exchange; DHCPHA_OK: we did not. */
  char url[DHCPHA_PLACE_URL_SIZE];     /* Where it goes. */
  char label[DHCPHA_PLACE_LABEL_SIZE]; /* The same for people. */
  dhcpha_tls_material *tls;            /* What its handle refers to; NULL: none. */
  bool tls_complete;                   /* It refers to all of it. */
  char error[CURL_ERROR_SIZE];
} dhcpha_client_slot;

/* NULL: out of memory. */
dhcpha_client_slot *dhcpha_client_slot_new(dhcpha_client_sockets *sockets, bool tls);
/* Where it goes, and what connections are made with from now on (NULL: no TLS); it is not in
 * flight.  A connection must be there after so many ms; 0: some time.  False: out of memory. */
bool dhcpha_client_slot_aim(dhcpha_client_slot *slot, const dhcpha_client_route *route,
                            const dhcpha_route_cursor *cursor, const dhcpha_tls *tls,
                            long connect_ms);
/* What it sends, which stays the caller's. */
void dhcpha_client_slot_load(dhcpha_client_slot *slot, const char *json, size_t json_len);
void dhcpha_client_slot_clear(dhcpha_client_slot *slot);
void dhcpha_client_slot_free(dhcpha_client_slot *slot);

/* How the exchange ended; the text only when not DHCPHA_OK. */
dhcpha_status dhcpha_client_slot_outcome(const dhcpha_client_slot *slot, CURLcode code,
                                         char text[DHCPHA_CLIENT_TEXT_SIZE]);
/* Whether it ended before there was a connection: nothing was sent. */
bool dhcpha_client_slot_found_nobody(CURLcode code);

#endif
