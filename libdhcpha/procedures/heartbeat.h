/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * heartbeat: when one is due; what its answer tells us; how one is answered.
 * Floor: procedures.  Spec: P1 3.2, 3.3, 5.1; P2 3.2.
 */
#ifndef DHCPHA_PROCEDURES_HEARTBEAT_H
#define DHCPHA_PROCEDURES_HEARTBEAT_H

#include "memory/service_memory.h"
#include "rules/command.h"

/* A partner that has been silent for max-response-delay is given up then, even while a heartbeat
 * is on its way, unless that was sent less than this before. */
#define DHCPHA_HEARTBEAT_WAIT_MIN_MS 1000
/* After ha-sync-complete-notify the next heartbeat is sent this soon: the service is off until it
 * shows the partner ready (P2 6.7). */
#define DHCPHA_HEARTBEAT_NOTIFIED_MS 200
/* In the ready state, and in partner-down once the partner has synchronized, nobody may be serving:
 * heartbeats come at least this often, so that the partner's step is not noticed one
 * heartbeat-delay late. */
#define DHCPHA_HEARTBEAT_READY_MS 500

/* In this state, as configured. */
bool dhcpha_heartbeat_is_sent(const dhcpha_service *service);
/* Arms the timer unless it is armed, or this server sends no heartbeats in its state. */
void dhcpha_heartbeat_schedule(dhcpha_service *service);
void dhcpha_heartbeat_hasten(dhcpha_service *service, int64_t delay_ms);
void dhcpha_heartbeat_stop(dhcpha_service *service);
/* The timer has run out. */
void dhcpha_heartbeat_send(dhcpha_service *service);
/* The one in flight was sent before the partner spoke: its failure would say nothing of now. */
void dhcpha_heartbeat_abandon(dhcpha_service *service);
/* Takes the outcome in, and arms the timer anew.  True when the partner was contacted. */
bool dhcpha_heartbeat_finish(dhcpha_service *service, dhcpha_answer *answer);
/* The answer to a partner's heartbeat. */
void dhcpha_heartbeat_write_answer(const dhcpha_service *service, dhcpha_buffer *out);

#endif
