/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/recovery.h"

#include "memory/log.h"
#include "rules/ha_commands.h"

static bool may_start(const dhcpha_service *service) {
  return !service->recovering && !service->waits_for_heartbeat;
}

static void start(dhcpha_service *service, dhcpha_exchange_kind kind) {
  dhcpha_context *context = service->context;
  const dhcpha_backlog_entry *entry = service->backlog.first;
  dhcpha_exchange *exchange = NULL;
  dhcpha_action *action =
      dhcpha_context_start(context, kind, service->index, service->relationship->partner,
                           DHCPHA_EXCHANGE_TIMEOUT_MS, &exchange);
  if (action != NULL) {
    exchange->attempt = service->recovery_attempt;
    if (kind == DHCPHA_EXCHANGE_RESET)
      dhcpha_write_reset(&action->json, context->family, service->relationship->self->name);
    else if (context->family == DHCPHA_DHCP6)
      dhcpha_write_lease6_bulk(&action->json, entry->lease, entry->is_delete ? 0 : 1,
                               entry->lease, entry->is_delete ? 1 : 0);
    else if (entry->is_delete)
      dhcpha_write_lease4_delete(&action->json, entry->lease);
    else
      dhcpha_write_lease4_update(&action->json, entry->lease);
  }
  if (action == NULL || dhcpha_context_send(context, action) != DHCPHA_OK)
    service->waits_for_heartbeat = true;
  else
    service->recovering = true;
}

void dhcpha_recovery_flush(dhcpha_service *service) {
  if (!may_start(service)) return;
  dhcpha_log(service->context, DHCPHA_MESSAGE_BACKLOG_START, "sending %zu lease updates to %s",
             service->backlog.count, service->relationship->partner->name);
  start(service, DHCPHA_EXCHANGE_BACKLOG);
}

void dhcpha_recovery_reset_partner(dhcpha_service *service) {
  if (may_start(service)) start(service, DHCPHA_EXCHANGE_RESET);
}

static bool finish_reset(dhcpha_service *service, const dhcpha_answer *answer) {
  if (answer->kind == DHCPHA_ANSWER_SUCCESS) return true;
  service->waits_for_heartbeat = true;
  dhcpha_log(service->context, DHCPHA_MESSAGE_RESET_FAILED,
             "ha-reset of %s failed: %s; it is tried again after the next heartbeat",
             service->relationship->partner->name, answer->text);
  return false;
}

static void finish_update(dhcpha_service *service, const dhcpha_answer *answer) {
  dhcpha_context *context = service->context;
  const char *peer = service->relationship->partner->name;
  if (answer->kind == DHCPHA_ANSWER_SUCCESS) {
    dhcpha_backlog_pop(&service->backlog);
    if (service->backlog.first != NULL)
      start(service, DHCPHA_EXCHANGE_BACKLOG);
    else
      dhcpha_log(context, DHCPHA_MESSAGE_BACKLOG_DONE, "all lease updates were sent to %s", peer);
    return;
  }
  /* No answer: the lease is sent again.  A refusal: only a synchronization can help. */
  if (answer->kind == DHCPHA_ANSWER_NONE)
    service->waits_for_heartbeat = true;
  else
    service->backlog.overflowed = true;
  dhcpha_log(context, DHCPHA_MESSAGE_BACKLOG_FAILED, "a kept lease update to %s failed: %s", peer,
             answer->text);
}

bool dhcpha_recovery_finish(dhcpha_service *service, const dhcpha_exchange *exchange,
                            const dhcpha_answer *answer) {
  if (exchange->attempt != service->recovery_attempt) return false;
  service->recovering = false;
  if (exchange->kind == DHCPHA_EXCHANGE_RESET) return finish_reset(service, answer);
  finish_update(service, answer);
  return false;
}

void dhcpha_recovery_clear(dhcpha_service *service) {
  dhcpha_backlog_clear(&service->backlog);
  service->recovering = false;
  service->waits_for_heartbeat = false;
  service->recovery_attempt++;
}
