/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * client_slot: one command in flight.
 * An easy handle with all that stays the same from command to command (P1 4.1), the answer as it
 * comes in, and what the end of the exchange means.  Knows no queue; client.c has that.
 */
#ifndef DHCPHA_HTTP_CLIENT_SLOT_H
#define DHCPHA_HTTP_CLIENT_SLOT_H

#include "body.h"
#include "client_sockets.h"

#define DHCPHA_CLIENT_TEXT_SIZE 512 /* Of a failure. */

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
  char error[CURL_ERROR_SIZE];
} dhcpha_client_slot;

/* What every request to one peer carries beside the body; NULL: out of memory. */
struct curl_slist *dhcpha_client_slot_headers(const dhcpha_address *address);

/* NULL: out of memory.  The headers stay the caller's. */
dhcpha_client_slot *dhcpha_client_slot_new(dhcpha_client_sockets *sockets, const char *url,
                                           struct curl_slist *headers);
void dhcpha_client_slot_prepare(dhcpha_client_slot *slot, const char *json, size_t json_len);
void dhcpha_client_slot_clear(dhcpha_client_slot *slot);
void dhcpha_client_slot_free(dhcpha_client_slot *slot);

/* How the exchange ended; the text only when not DHCPHA_OK. */
dhcpha_status dhcpha_client_slot_outcome(const dhcpha_client_slot *slot, CURLcode code,
                                         const char *url, char text[DHCPHA_CLIENT_TEXT_SIZE]);

#endif
