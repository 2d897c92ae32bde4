/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * maintenance: the start, notify and cancel handshake.
 * Floor: procedures.  Spec: P2 7.5 to 7.7, P1 5.5, 5.6.
 * It says which state to go to; going there is the service's.
 */
#ifndef DHCPHA_PROCEDURES_MAINTENANCE_H
#define DHCPHA_PROCEDURES_MAINTENANCE_H

#include "memory/service_memory.h"
#include "rules/command.h"

/* What follows from a step. */
typedef struct dhcpha_maintenance_step {
  dhcpha_state go_to; /* DHCPHA_STATE_NONE: nowhere */
  bool canceled;      /* the rules must not move on from there at once */
  bool waits;         /* the partner is asked: there is no result yet */
  int result;         /* for the answer */
  char text[DHCPHA_MAINTENANCE_TEXT_SIZE];
} dhcpha_maintenance_step;

/* A partner tells that it takes over, or gives back. */
void dhcpha_maintenance_notified(dhcpha_service *service, bool cancel,
                                 const dhcpha_json_value *state, dhcpha_maintenance_step *step);
/* An administrator's words.  With `waits` the outcome comes to dhcpha_maintenance_answered(). */
void dhcpha_maintenance_start(dhcpha_service *service, dhcpha_maintenance_step *step);
void dhcpha_maintenance_cancel(dhcpha_service *service, dhcpha_maintenance_step *step);
void dhcpha_maintenance_answered(dhcpha_service *service, const dhcpha_exchange *exchange,
                                 const dhcpha_answer *answer, dhcpha_maintenance_step *step);

#endif
