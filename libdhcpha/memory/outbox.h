/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * outbox: actions in order, waiting to be performed or taken.
 * Floor: memory.
 */
#ifndef DHCPHA_MEMORY_OUTBOX_H
#define DHCPHA_MEMORY_OUTBOX_H

#include "memory/action.h"

typedef struct dhcpha_outbox {
  dhcpha_action *first;
  dhcpha_action *last;
  size_t logs; /* LOG actions among them */
} dhcpha_outbox;

void dhcpha_outbox_put(dhcpha_outbox *outbox, dhcpha_action *action);
/* The oldest, or NULL. */
dhcpha_action *dhcpha_outbox_take(dhcpha_outbox *outbox);
/* Frees all. */
void dhcpha_outbox_clear(dhcpha_outbox *outbox);

#endif
