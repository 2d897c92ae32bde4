/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * performer: hands actions to the host's callbacks; keeps those that have none.
 * Floor: service.
 */
#ifndef DHCPHA_SERVICE_PERFORMER_H
#define DHCPHA_SERVICE_PERFORMER_H

#include "memory/outbox.h"

#include <dhcpha/callbacks.h>

typedef struct dhcpha_performer {
  dhcpha_callbacks callbacks;
  void *user_data;
  bool busy;             /* a callback is being called */
  dhcpha_outbox waiting; /* for dhcpha_hub_next_action() */
} dhcpha_performer;

void dhcpha_performer_init(dhcpha_performer *performer, const dhcpha_callbacks *callbacks,
                           void *user_data);
void dhcpha_performer_free(dhcpha_performer *performer);
/* Leaves the time as it is where there is no clock. */
void dhcpha_performer_read_clock(const dhcpha_performer *performer, dhcpha_time *now);
bool dhcpha_performer_can(const dhcpha_performer *performer, const dhcpha_action *action);
dhcpha_status dhcpha_performer_do(const dhcpha_performer *performer,
                                  const dhcpha_action *action);
/* For dhcpha_hub_next_action().  False: a log message was lost, too many wait already. */
bool dhcpha_performer_set_aside(dhcpha_performer *performer, dhcpha_action *action);
dhcpha_action *dhcpha_performer_next(dhcpha_performer *performer);

#endif
