/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * body: the bytes of a request or an answer as they come in.
 * The memory is kept from one message to the next unless it has grown large.  Knows no limit: those
 * who append do.
 */
#ifndef DHCPHA_HTTP_BODY_H
#define DHCPHA_HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>

typedef struct dhcpha_body {
  char *bytes; /* NULL: no memory yet. */
  size_t len;
  size_t room;
} dhcpha_body;

/* False: out of memory; the body is as it was. */
bool dhcpha_body_make_room(dhcpha_body *body, size_t wanted);
bool dhcpha_body_append(dhcpha_body *body, const char *data, size_t len);
/* What it holds; "" when empty. */
const char *dhcpha_body_get(const dhcpha_body *body);
void dhcpha_body_clear(dhcpha_body *body);
/* The body, whose memory becomes the receiver's; what is left is empty. */
dhcpha_body dhcpha_body_take(dhcpha_body *body);
/* Gives memory back to a body that has got none since. */
void dhcpha_body_give_back(dhcpha_body *body, dhcpha_body taken);
void dhcpha_body_free(dhcpha_body *body);

#endif
