/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/heartbeat.h"

#include "base/deadline.h"
#include "base/http_date.h"
#include "memory/log.h"
#include "rules/ha_commands.h"

#include <stdio.h>
#include <string.h>

bool dhcpha_heartbeat_is_sent(const dhcpha_service *service) {
  const dhcpha_relationship *relationship = service->relationship;
  return relationship->heartbeat_delay_ms > 0 && relationship->partner != NULL &&
         relationship->self->role != DHCPHA_ROLE_BACKUP &&
         relationship->mode != DHCPHA_MODE_PASSIVE_BACKUP &&
         (dhcpha_state_get_behavior(service->state)->heartbeats ||
          /* They tell whether the cause is gone. */
          (service->state == DHCPHA_STATE_TERMINATED &&
           relationship->recover_terminated_after_s > 0));
}

void dhcpha_heartbeat_hasten(dhcpha_service *service, int64_t delay_ms) {
  if (service->heartbeat_due_ms == DHCPHA_NEVER) return;
  service->heartbeat_due_ms =
      dhcpha_deadline_earlier(service->heartbeat_due_ms,
                              dhcpha_deadline_after(service->context->now.monotonic_ms, delay_ms));
}

void dhcpha_heartbeat_schedule(dhcpha_service *service) {
  if (service->heartbeat_due_ms != DHCPHA_NEVER || service->heartbeat_in_flight) return;
  if (!dhcpha_heartbeat_is_sent(service)) return;
  if (service->sync.active && service->sync.automatic) return; /* P2 1.5 "S sequence" */
  service->heartbeat_due_ms = dhcpha_deadline_after(service->context->now.monotonic_ms,
                                                    service->relationship->heartbeat_delay_ms);
  if (service->state == DHCPHA_STATE_READY || service->sync_complete_notified)
    dhcpha_heartbeat_hasten(service, DHCPHA_HEARTBEAT_READY_MS);
}

void dhcpha_heartbeat_stop(dhcpha_service *service) {
  service->heartbeat_due_ms = DHCPHA_NEVER;
}

/* An answer that has not come when the partner has been silent for too long will not be waited
 * for: partner-down comes with the bound, not with the end of the exchange, and not with the end
 * of an answer that comes byte by byte. */
static void limit_wait(const dhcpha_service *service, dhcpha_exchange *exchange) {
  int64_t now_ms = service->context->now.monotonic_ms;
  int64_t silent_ms = dhcpha_partner_silent_from(&service->partner,
                                                 service->relationship->max_response_delay_ms);
  if (silent_ms <= now_ms) return;
  int64_t least_ms = dhcpha_deadline_after(now_ms, DHCPHA_HEARTBEAT_WAIT_MIN_MS);
  int64_t end_ms = silent_ms > least_ms ? silent_ms : least_ms;
  exchange->last_deadline_ms = dhcpha_deadline_earlier(exchange->last_deadline_ms, end_ms);
  dhcpha_exchanges_set_deadline(&service->context->exchanges, exchange,
                                dhcpha_deadline_earlier(exchange->deadline_ms, end_ms));
}

void dhcpha_heartbeat_send(dhcpha_service *service) {
  dhcpha_context *context = service->context;
  const dhcpha_relationship *relationship = service->relationship;
  dhcpha_exchange *exchange = NULL;
  service->heartbeat_due_ms = DHCPHA_NEVER;
  dhcpha_action *action =
      dhcpha_context_start(context, DHCPHA_EXCHANGE_HEARTBEAT, service->index,
                           relationship->partner, DHCPHA_EXCHANGE_TIMEOUT_MS, &exchange);
  if (action != NULL) {
    limit_wait(service, exchange);
    service->heartbeat_id = exchange->id;
    dhcpha_write_heartbeat(&action->json, context->family, relationship->self->name);
  }
  if (action == NULL || dhcpha_context_send(context, action) != DHCPHA_OK) {
    dhcpha_heartbeat_schedule(service);
    dhcpha_log(context, DHCPHA_MESSAGE_OUT_OF_MEMORY, "no memory for a heartbeat to %s",
               relationship->partner->name);
    return;
  }
  service->heartbeat_in_flight = true;
  context->counters[DHCPHA_COUNTER_HEARTBEATS_SENT]++;
}

void dhcpha_heartbeat_abandon(dhcpha_service *service) {
  dhcpha_exchanges *exchanges = &service->context->exchanges;
  if (!service->heartbeat_in_flight) return;
  dhcpha_exchange *exchange = dhcpha_exchanges_find(exchanges, service->heartbeat_id);
  if (exchange != NULL) dhcpha_exchanges_remove(exchanges, exchange);
  service->heartbeat_in_flight = false;
  dhcpha_heartbeat_schedule(service);
}

static bool copy_state_name(const dhcpha_json_value *value, char name[32]) {
  if (!dhcpha_json_is(value, DHCPHA_JSON_STRING) || value->text_len >= 32) return false;
  memcpy(name, value->text, value->text_len);
  name[value->text_len] = '\0';
  return strlen(name) == value->text_len;
}

/* P1 3.3: the checks in order.  What an earlier one learned is kept when a later one fails.
 * NULL, or what is wrong. */
static const char *learn(dhcpha_service *service, const dhcpha_answer *answer) {
  dhcpha_context *context = service->context;
  char name[32];
  dhcpha_state state = DHCPHA_STATE_NONE;
  int64_t partner_utc_s = 0;
  if (!dhcpha_json_is(answer->arguments, DHCPHA_JSON_MAP)) return "'arguments' is not a map";
  if (!copy_state_name(dhcpha_json_get(answer->arguments, "state"), name))
    return "'state' is missing or not a string";
  if (dhcpha_state_parse(name, &state) != DHCPHA_OK) return "'state' is not a state";
  /* It has restarted, maybe as another version. */
  if (state == DHCPHA_STATE_WAITING && service->partner.state != state)
    dhcpha_service_get_abilities(service, service->relationship->partner)->asked = false;
  dhcpha_partner_set_state(&service->partner, state, context->now.monotonic_ms);
  const dhcpha_json_value *date = dhcpha_json_get(answer->arguments, "date-time");
  if (!dhcpha_json_is(date, DHCPHA_JSON_STRING) ||
      !dhcpha_http_date_parse(date->text, date->text_len, &partner_utc_s))
    return "'date-time' is missing or not of the form of RFC 1123";
  dhcpha_clock_skew_learn(&service->skew, partner_utc_s, dhcpha_context_utc_seconds(context));
  dhcpha_partner_take_scopes(&service->partner, dhcpha_json_get(answer->arguments, "scopes"));
  const dhcpha_json_value *unsent = dhcpha_json_get(answer->arguments, "unsent-update-count");
  if (unsent == NULL) return NULL;
  if (unsent->type != DHCPHA_JSON_INTEGER) return "'unsent-update-count' is not an integer";
  dhcpha_partner_take_unsent(&service->partner, (uint64_t)unsent->integer);
  return NULL;
}

static void note_failure(dhcpha_service *service, const dhcpha_answer *answer,
                         const char *wrong) {
  dhcpha_context *context = service->context;
  const char *peer = service->relationship->partner->name;
  context->counters[DHCPHA_COUNTER_HEARTBEATS_FAILED]++;
  if (answer->kind == DHCPHA_ANSWER_SUCCESS || answer->kind == DHCPHA_ANSWER_MALFORMED)
    context->counters[DHCPHA_COUNTER_ANSWERS_MALFORMED]++;
  dhcpha_service_lose_partner(service);
  dhcpha_log(context, DHCPHA_MESSAGE_HEARTBEAT_FAILED, "heartbeat to %s failed: %s", peer,
             wrong);
  if (dhcpha_service_is_interrupted(service))
    dhcpha_log(context, DHCPHA_MESSAGE_COMMUNICATION_INTERRUPTED,
               "communication with %s is interrupted: last contact %lld ms ago", peer,
               (long long)(context->now.monotonic_ms - service->partner.contact_ms));
}

bool dhcpha_heartbeat_finish(dhcpha_service *service, dhcpha_answer *answer) {
  service->heartbeat_in_flight = false;
  const char *wrong = answer->text;
  if (answer->kind == DHCPHA_ANSWER_SUCCESS) wrong = learn(service, answer);
  if (wrong == NULL) {
    dhcpha_partner_contacted(&service->partner, service->context->now.monotonic_ms);
    dhcpha_unacked_clients_clear(&service->unacked);
  } else {
    note_failure(service, answer, wrong);
  }
  dhcpha_heartbeat_schedule(service);
  return wrong == NULL;
}

/* A partner that has taken the end of maintenance in must not hear of the maintenance before its answer
 * has come here: it would go back into it, and both would stay. */
static dhcpha_state told_state(const dhcpha_service *service) {
  bool cancels = service->state == DHCPHA_STATE_PARTNER_IN_MAINTENANCE &&
                 service->maintenance_answer != NULL;
  return cancels ? service->previous : service->state;
}

void dhcpha_heartbeat_write_answer(const dhcpha_service *service, dhcpha_buffer *out) {
  char date[DHCPHA_HTTP_DATE_SIZE];
  dhcpha_http_date_format(dhcpha_context_utc_seconds(service->context), date);
  dhcpha_buffer_append_text(out, "[{\"arguments\":{\"date-time\":\"");
  dhcpha_buffer_append_text(out, date);
  dhcpha_buffer_append_text(out, "\",\"scopes\":");
  dhcpha_scopes_write(&service->scopes, out);
  dhcpha_buffer_append_format(out,
                              ",\"state\":\"%s\",\"unsent-update-count\":%llu},\"result\":0,"
                              "\"text\":\"HA peer status returned.\"}]",
                              dhcpha_state_get_name(told_state(service)),
                              (unsigned long long)service->unsent_count);
}
