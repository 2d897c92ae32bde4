/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "service/outcomes.h"

#include "memory/log.h"
#include "procedures/lease_commands.h"
#include "procedures/lease_pages.h"

/* Ends an exchange with a peer. */
static bool take_exchange(dhcpha_context *context, uint64_t id, dhcpha_exchange *exchange) {
  dhcpha_exchange *found = dhcpha_exchanges_find(&context->exchanges, id);
  if (found == NULL || found->deadline_ms == DHCPHA_NEVER) {
    context->counters[DHCPHA_COUNTER_ANSWERS_LATE]++;
    if (dhcpha_log_wants(context, DHCPHA_MESSAGE_ANSWER_LATE))
      dhcpha_log(context, DHCPHA_MESSAGE_ANSWER_LATE, "an answer came to nothing in flight");
    return false;
  }
  *exchange = *found;
  dhcpha_exchanges_remove(&context->exchanges, found);
  return true;
}

bool dhcpha_outcome_answered(dhcpha_services *services, uint64_t id, const char *json,
                             size_t json_len, dhcpha_service **touched) {
  dhcpha_exchange exchange;
  if (!take_exchange(services->context, id, &exchange)) return false;
  dhcpha_service *service = &services->list[exchange.relationship];
  if (json_len > DHCPHA_ANSWER_JSON_MAX)
    dhcpha_service_failed(service, &exchange, "the answer is too large");
  else
    dhcpha_service_answered(service, &exchange, json, json_len);
  dhcpha_service_command_continue(services, service, &exchange);
  *touched = service;
  return true;
}

bool dhcpha_outcome_failed(dhcpha_services *services, uint64_t id, const char *why,
                           dhcpha_service **touched) {
  dhcpha_exchange exchange;
  if (!take_exchange(services->context, id, &exchange)) return false;
  dhcpha_service *service = &services->list[exchange.relationship];
  dhcpha_service_failed(service, &exchange, why);
  dhcpha_service_command_continue(services, service, &exchange);
  *touched = service;
  return true;
}

bool dhcpha_outcome_read(dhcpha_services *services, uint64_t id, dhcpha_status status) {
  dhcpha_exchange *exchange = dhcpha_exchanges_find(&services->context->exchanges, id);
  if (exchange == NULL || exchange->kind != DHCPHA_EXCHANGE_SERVE_READ) return false;
  dhcpha_lease_read_done(services->context, exchange, status);
  return true;
}

bool dhcpha_outcome_stored(dhcpha_services *services, uint64_t id, const dhcpha_stored *results,
                           size_t count, dhcpha_service **touched) {
  dhcpha_context *context = services->context;
  dhcpha_exchange *found = dhcpha_exchanges_find(&context->exchanges, id);
  if (found != NULL && found->kind == DHCPHA_EXCHANGE_SERVE_STORE) {
    dhcpha_lease_stored(context, found, results, count);
    return true;
  }
  if (found == NULL || found->kind != DHCPHA_EXCHANGE_SYNC_STORE) return false;
  dhcpha_exchange exchange = *found;
  dhcpha_exchanges_remove(&context->exchanges, found);
  *touched = &services->list[exchange.relationship];
  dhcpha_service_stored(*touched, &exchange, results, count);
  return true;
}
