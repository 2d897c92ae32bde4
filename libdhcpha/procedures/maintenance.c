/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/maintenance.h"

#include "memory/log.h"
#include "procedures/heartbeat.h"
#include "rules/ha_commands.h"

#include <stdio.h>
#include <string.h>

#define SAY(step, code, ...)                                                                   \
  ((step)->result = (code), (void)snprintf((step)->text, sizeof(step)->text, __VA_ARGS__))

static void clear(dhcpha_maintenance_step *step) {
  memset(step, 0, sizeof *step);
  step->go_to = DHCPHA_STATE_NONE;
}

/* Kea 2.x tells none (P2 14).  It has answered, and so is not unavailable; the next heartbeat,
 * which comes at once, tells which state it has returned to. */
static dhcpha_state partner_state_of(const dhcpha_json_value *state) {
  dhcpha_state found = DHCPHA_STATE_UNAVAILABLE;
  if (state == NULL) return DHCPHA_STATE_NONE;
  if (!dhcpha_json_is(state, DHCPHA_JSON_STRING) ||
      dhcpha_state_parse(state->text, &found) != DHCPHA_OK)
    return DHCPHA_STATE_UNAVAILABLE;
  return found;
}

static void note_partner(dhcpha_service *service, const dhcpha_json_value *state) {
  const dhcpha_peer *partner = service->relationship->partner;
  if (partner != NULL)
    dhcpha_peer_note(dhcpha_service_get_abilities(service, partner),
                     DHCPHA_ABILITY_MAINTENANCE_STATE, state != NULL);
  dhcpha_partner_set_state(&service->partner, partner_state_of(state),
                           service->context->now.monotonic_ms);
  if (state == NULL) dhcpha_heartbeat_hasten(service, DHCPHA_HEARTBEAT_NOTIFIED_MS);
}

void dhcpha_maintenance_notified(dhcpha_service *service, bool cancel,
                                 const dhcpha_json_value *state,
                                 dhcpha_maintenance_step *step) {
  clear(step);
  if (cancel && service->state != DHCPHA_STATE_IN_MAINTENANCE) {
    SAY(step, DHCPHA_RESULT_ERROR,
        "Unable to cancel the maintenance for the server not in the in-maintenance state.");
    return;
  }
  if (cancel) {
    step->go_to = service->previous;
    step->canceled = true;
    /* An answer from before this, partner-in-maintenance, would lead straight back. */
    dhcpha_heartbeat_abandon(service);
    note_partner(service, state);
    SAY(step, DHCPHA_RESULT_SUCCESS, "Server maintenance canceled.");
    return;
  }
  /* Who asks the partner for the same at this moment refuses, as one who has been granted it:
   * else both would be taken out of service, or both would serve everything. */
  if (service->maintenance_answer != NULL || service->state == DHCPHA_STATE_BACKUP ||
      service->state == DHCPHA_STATE_PARTNER_IN_MAINTENANCE ||
      service->state == DHCPHA_STATE_TERMINATED) {
    SAY(step, DHCPHA_RESULT_MAINTENANCE_NOT_ALLOWED,
        "Unable to transition the server from the %s to in-maintenance state.",
        dhcpha_state_get_name(service->state));
    return;
  }
  step->go_to = DHCPHA_STATE_IN_MAINTENANCE;
  SAY(step, DHCPHA_RESULT_SUCCESS, "Server is in-maintenance state.");
}

static void ask_partner(dhcpha_service *service, bool cancel, dhcpha_state state,
                        dhcpha_maintenance_step *step) {
  dhcpha_context *context = service->context;
  const dhcpha_relationship *relationship = service->relationship;
  dhcpha_exchange *exchange = NULL;
  dhcpha_action *action = dhcpha_context_start(
      context, cancel ? DHCPHA_EXCHANGE_MAINTENANCE_CANCEL : DHCPHA_EXCHANGE_MAINTENANCE_START,
      service->index, relationship->partner, DHCPHA_EXCHANGE_TIMEOUT_MS, &exchange);
  if (action != NULL)
    dhcpha_write_maintenance_notify(&action->json, context->family, cancel,
                                    relationship->self->name, dhcpha_state_get_name(state));
  if (action != NULL && dhcpha_context_send(context, action) == DHCPHA_OK)
    step->waits = true;
  else
    SAY(step, DHCPHA_RESULT_ERROR, "out of memory");
}

/* P2 7.6, the preconditions. */
static bool may_start(const dhcpha_service *service, dhcpha_maintenance_step *step) {
  switch (service->state) {
  case DHCPHA_STATE_BACKUP:
  case DHCPHA_STATE_IN_MAINTENANCE:
  case DHCPHA_STATE_PARTNER_IN_MAINTENANCE:
  case DHCPHA_STATE_TERMINATED:
    SAY(step, DHCPHA_RESULT_ERROR,
        "Unable to transition the server from the %s to partner-in-maintenance state.",
        dhcpha_state_get_name(service->state));
    return false;
  default: return true;
  }
}

void dhcpha_maintenance_start(dhcpha_service *service, dhcpha_maintenance_step *step) {
  clear(step);
  if (!may_start(service, step)) return;
  if (service->relationship->partner == NULL)
    SAY(step, DHCPHA_RESULT_ERROR,
        "Unable to transition the server to the partner-in-maintenance state: it has no partner.");
  else if (service->maintenance_answer != NULL)
    SAY(step, DHCPHA_RESULT_ERROR, "the partner is being asked about maintenance already");
  else
    ask_partner(service, false, service->state, step);
}

void dhcpha_maintenance_cancel(dhcpha_service *service, dhcpha_maintenance_step *step) {
  clear(step);
  if (service->state != DHCPHA_STATE_PARTNER_IN_MAINTENANCE)
    SAY(step, DHCPHA_RESULT_ERROR,
        "Unable to cancel maintenance request because the server is not in the "
        "partner-in-maintenance state.");
  else if (service->maintenance_answer != NULL)
    SAY(step, DHCPHA_RESULT_ERROR, "the partner is being asked about maintenance already");
  else
    ask_partner(service, true, service->previous, step);
}

static void started(dhcpha_service *service, const dhcpha_answer *answer,
                    dhcpha_maintenance_step *step) {
  dhcpha_context *context = service->context;
  const char *peer = service->relationship->partner->name;
  if (answer->kind != DHCPHA_ANSWER_SUCCESS) dhcpha_service_lose_partner(service);
  if (!may_start(service, step)) return; /* the state has changed while the partner was asked */
  if (answer->kind == DHCPHA_ANSWER_NONE || answer->code == DHCPHA_RESULT_ERROR) {
    step->go_to = DHCPHA_STATE_PARTNER_DOWN;
    SAY(step, DHCPHA_RESULT_SUCCESS,
        "Server is now in the partner-down state as its partner appears to be offline for "
        "maintenance.");
    dhcpha_log(context, DHCPHA_MESSAGE_MAINTENANCE_PARTNER_DOWN,
               "%s is offline for maintenance: %s", peer, answer->text);
  } else if (answer->code == DHCPHA_RESULT_SUCCESS) {
    step->go_to = DHCPHA_STATE_PARTNER_IN_MAINTENANCE;
    /* What was stored may be "unavailable" from a maintenance that a 2.x partner has just cancelled
     * without its state (P2 14): that would lead to partner-down at once. */
    dhcpha_partner_set_state(&service->partner, DHCPHA_STATE_IN_MAINTENANCE,
                             context->now.monotonic_ms);
    SAY(step, DHCPHA_RESULT_SUCCESS,
        "Server is now in the partner-in-maintenance state and its partner is in-maintenance "
        "state. The partner can be now safely shut down.");
    dhcpha_log(context, DHCPHA_MESSAGE_MAINTENANCE_STARTED, "%s may be shut down", peer);
  } else {
    SAY(step, DHCPHA_RESULT_ERROR,
        "Unable to transition to the partner-in-maintenance state. The partner server responded "
        "with the following message to the ha-maintenance-notify command: %s (error code "
        "%lld).",
        answer->text, (long long)answer->code);
    dhcpha_log(context, DHCPHA_MESSAGE_MAINTENANCE_FAILED, "%s refuses maintenance: %s", peer,
               answer->text);
  }
}

static void canceled(dhcpha_service *service, const dhcpha_answer *answer,
                     dhcpha_maintenance_step *step) {
  if (answer->kind != DHCPHA_ANSWER_SUCCESS) {
    dhcpha_service_lose_partner(service);
    SAY(step, DHCPHA_RESULT_ERROR,
        "Unable to cancel maintenance. The partner server responded with the following message "
        "to the ha-maintenance-notify command: %s.",
        answer->text);
    dhcpha_log(service->context, DHCPHA_MESSAGE_MAINTENANCE_FAILED,
               "%s refuses to end maintenance: %s", service->relationship->partner->name,
               answer->text);
    return;
  }
  step->go_to = service->previous;
  step->canceled = true;
  note_partner(service, dhcpha_json_get(answer->arguments, "state"));
  SAY(step, DHCPHA_RESULT_SUCCESS, "Server maintenance successfully canceled.");
}

void dhcpha_maintenance_answered(dhcpha_service *service, const dhcpha_exchange *exchange,
                                 const dhcpha_answer *answer, dhcpha_maintenance_step *step) {
  clear(step);
  if (exchange->kind == DHCPHA_EXCHANGE_MAINTENANCE_START)
    started(service, answer, step);
  else if (service->state == DHCPHA_STATE_PARTNER_IN_MAINTENANCE)
    canceled(service, answer, step);
  else
    SAY(step, DHCPHA_RESULT_ERROR, "the partner-in-maintenance state was left in the meantime");
}
