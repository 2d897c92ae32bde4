/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * messages: what was found wrong, or doubtful, in a configuration.
 * Floor: rules.
 * Errors come before warnings, each kind in the order it was added.  Bytes
 * that are not printable ASCII are shown as \xNN, since names and keys come
 * from outside and end up on terminals and in logs.
 */
#ifndef DHCPHA_RULES_MESSAGES_H
#define DHCPHA_RULES_MESSAGES_H

#include <dhcpha/config.h>

/* Further ones are counted, and summed up in a last one; an error takes a warning's place. */
#define DHCPHA_MESSAGES_MAX 256

#define DHCPHA_PLACE_SIZE 256 /* a longer place is cut off */

typedef struct dhcpha_place {
  char text[DHCPHA_PLACE_SIZE];
} dhcpha_place;

dhcpha_place dhcpha_place_make(const char *format, ...) __attribute__((format(printf, 1, 2)));

dhcpha_messages *dhcpha_messages_new(const dhcpha_allocator *allocator);
/* The text shown is "PLACE: TEXT", or TEXT for an empty place. */
dhcpha_status dhcpha_messages_add(dhcpha_messages *messages, dhcpha_severity severity,
                                  const char *place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* A message that was lost for want of memory may have been an error, and counts as one. */
bool dhcpha_messages_has_error(const dhcpha_messages *messages);
/* NOMEM when any message could not be added, so that who adds many asks once. */
dhcpha_status dhcpha_messages_get_status(const dhcpha_messages *messages);

#endif
