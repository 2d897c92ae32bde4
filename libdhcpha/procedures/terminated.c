/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/terminated.h"

#include "base/deadline.h"
#include "memory/log.h"
#include "procedures/heartbeat.h"

#include <string.h>

static bool is_supervised(const dhcpha_service *service) {
  return service->relationship->recover_terminated_after_s > 0;
}

static dhcpha_cause cause_of(const dhcpha_service *service, const char *reason) {
  if (strcmp(reason, "must-terminate") != 0) return DHCPHA_CAUSE_PARTNER;
  return dhcpha_clock_skew_must_terminate(&service->skew) ? DHCPHA_CAUSE_CLOCKS
                                                          : DHCPHA_CAUSE_REJECTS;
}

static bool is_gone(const dhcpha_service *service) {
  switch (service->supervision.cause) {
  case DHCPHA_CAUSE_CLOCKS:
    return service->skew.known && !dhcpha_clock_skew_must_terminate(&service->skew);
  case DHCPHA_CAUSE_REJECTS: return true; /* those who were rejected are forgotten on entry */
  case DHCPHA_CAUSE_PARTNER:
    switch (service->partner.state) {
    case DHCPHA_STATE_TERMINATED:
    case DHCPHA_STATE_UNAVAILABLE:
    case DHCPHA_STATE_NONE: return false;
    default: return true;
    }
  default: return false;
  }
}

void dhcpha_terminated_enter(dhcpha_service *service, const char *reason) {
  dhcpha_supervision_begin(&service->supervision, cause_of(service, reason));
  dhcpha_terminated_watch(service);
}

void dhcpha_terminated_leave(dhcpha_service *service) {
  int64_t now_ms = service->context->now.monotonic_ms;
  dhcpha_supervision_end(&service->supervision);
  service->partner.terminated_since_ms = DHCPHA_NEVER;
  if (is_supervised(service)) { /* heartbeats have told all the time */
    dhcpha_partner_set_state(&service->partner, service->partner.state, now_ms);
    return;
  }
  dhcpha_clock_skew_forget(&service->skew);
  dhcpha_partner_set_state(&service->partner, DHCPHA_STATE_NONE, now_ms);
  if (service->relationship->heartbeat_delay_ms > 0)
    service->heartbeat_due_ms = dhcpha_deadline_after(now_ms, DHCPHA_HEARTBEAT_NOTIFIED_MS);
}

static int64_t due_of(const dhcpha_service *service) {
  return dhcpha_supervision_due(&service->supervision,
                                service->relationship->recover_terminated_after_s,
                                service->relationship->recover_terminated_per_day,
                                service->context->now.monotonic_ms);
}

void dhcpha_terminated_watch(dhcpha_service *service) {
  dhcpha_context *context = service->context;
  const dhcpha_relationship *relationship = service->relationship;
  if (!is_supervised(service) || service->supervision.cause == DHCPHA_CAUSE_NONE) return;
  if (!dhcpha_supervision_note(&service->supervision, is_gone(service),
                               context->now.monotonic_ms))
    return;
  unsigned left = dhcpha_supervision_left(&service->supervision,
                                          relationship->recover_terminated_per_day,
                                          context->now.monotonic_ms);
  dhcpha_log(context, left > 0 ? DHCPHA_MESSAGE_RECOVERY_PLANNED : DHCPHA_MESSAGE_RECOVERY_PUT_OFF,
             "the cause of the termination is gone: %s recovers in %lld s, if it stays so; %u of "
             "%u recoveries in 24 hours are left",
             relationship->self->name,
             (long long)((due_of(service) - context->now.monotonic_ms) / 1000),
             left, relationship->recover_terminated_per_day);
}

int64_t dhcpha_terminated_due(const dhcpha_service *service) {
  if (!is_supervised(service) || service->supervision.cause == DHCPHA_CAUSE_NONE)
    return DHCPHA_NEVER;
  if (service->paused) return DHCPHA_NEVER; /* P2 7.9: nobody leaves a state by itself */
  return due_of(service);
}

void dhcpha_terminated_recovers(dhcpha_service *service) {
  dhcpha_supervision_recovered(&service->supervision, service->context->now.monotonic_ms);
  dhcpha_log(service->context, DHCPHA_MESSAGE_RECOVERED,
             "%s leaves terminated by itself, for the %u. time since its start",
             service->relationship->self->name, service->supervision.recoveries);
}
