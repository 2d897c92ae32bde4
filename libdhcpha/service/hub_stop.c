/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "service/hub_stop.h"

#include "memory/log.h"
#include "procedures/sync.h"
#include "rules/config.h"
#include "service/hub.h"

#include <string.h>

static const char reason[] = "the server is shutting down";

/* What tells a peer that a synchronization is over must leave, whatever else is given up. */
static bool is_farewell(dhcpha_context *context, const dhcpha_action *action) {
  const dhcpha_exchange *exchange = dhcpha_exchanges_find(&context->exchanges, action->id);
  return exchange != NULL && (exchange->kind == DHCPHA_EXCHANGE_SYNC_COMPLETE ||
                              exchange->kind == DHCPHA_EXCHANGE_SYNC_ENABLE);
}

static bool is_pointless(dhcpha_context *context, const dhcpha_action *action) {
  switch (action->type) {
  case DHCPHA_ACTION_SEND_COMMAND: return !is_farewell(context, action);
  case DHCPHA_ACTION_READ_LEASES:
  case DHCPHA_ACTION_STORE_LEASES: return true;
  default: return false;
  }
}

/* Actions nobody has taken yet, whose outcome nobody will take in. */
static void drop_pointless(dhcpha_context *context, dhcpha_outbox *outbox) {
  dhcpha_outbox kept = {0};
  dhcpha_action *action;
  while ((action = dhcpha_outbox_take(outbox)) != NULL) {
    if (is_pointless(context, action))
      dhcpha_action_free(action);
    else
      dhcpha_outbox_put(&kept, action);
  }
  *outbox = kept;
}

static void stop_service(dhcpha_service *service) {
  dhcpha_context *context = service->context;
  dhcpha_sync_stop(service, reason);
  if (service->maintenance_answer != NULL)
    dhcpha_context_answer(context, service->maintenance_answer, DHCPHA_RESULT_ERROR, reason);
  service->maintenance_answer = NULL;
  dhcpha_backlog_clear(&service->backlog);
  service->state = DHCPHA_STATE_NONE;
}

/* Commands that wait for the host's store are answered; all else that is in flight is forgotten:
 * its outcome will be of nothing known. */
static void end_exchanges(dhcpha_context *context) {
  dhcpha_exchanges *exchanges = &context->exchanges;
  for (uint32_t i = 0; i < exchanges->capacity; i++) {
    dhcpha_exchange *exchange = &exchanges->slots[i];
    if (exchange->kind == DHCPHA_EXCHANGE_FREE) continue;
    if (exchange->answer != NULL)
      dhcpha_context_answer(context, exchange->answer, DHCPHA_RESULT_ERROR, reason);
    dhcpha_exchanges_remove(exchanges, exchange);
  }
}

static void drop_parked(dhcpha_context *context) {
  dhcpha_parked *parked = &context->parked;
  for (uint32_t i = 0; i < parked->capacity; i++) {
    dhcpha_action *release = parked->slots[i].release;
    if (release == NULL) continue;
    parked->slots[i].release = NULL;
    release->enabled = false;
    context->counters[DHCPHA_COUNTER_QUERIES_DROPPED]++;
    dhcpha_outbox_put(&context->outbox, release);
  }
}

dhcpha_status dhcpha_hub_stop(dhcpha_hub *hub) {
  dhcpha_context *context = &hub->context;
  if (!hub->started && !hub->stopped) return DHCPHA_ERR_STATE;
  dhcpha_hub_begin(hub);
  if (!hub->stopped) {
    dhcpha_log(context, DHCPHA_MESSAGE_SHUT_DOWN, "High Availability is shut down");
    drop_pointless(context, &context->outbox);
    drop_pointless(context, &hub->performer.waiting);
    for (size_t i = 0; i < hub->services.count; i++) stop_service(&hub->services.list[i]);
    end_exchanges(context);
    drop_parked(context);
    dhcpha_service_switch_release_all(&context->service);
    hub->started = false;
    hub->stopped = true;
  }
  hub->retry_ms = DHCPHA_NEVER;
  dhcpha_hub_end(hub, NULL);
  return hub->retry_ms == DHCPHA_NEVER ? DHCPHA_OK : DHCPHA_ERR_NOMEM;
}

/* What the former hub had not sent to a backup, it will never have. */
static uint64_t count_losses(const dhcpha_hub *former, const char *backup) {
  size_t index = 0;
  if (!dhcpha_config_find_peer(former->config, backup, strlen(backup), &index)) return 0;
  const dhcpha_service *service = &former->services.list[index];
  for (size_t i = 0; i < service->relationship->peer_count; i++)
    if (strcmp(service->relationship->peers[i]->name, backup) == 0 &&
        service->relationship->peers[i]->role == DHCPHA_ROLE_BACKUP)
      return service->queues[i].lost + service->queues[i].outstanding;
  return 0;
}

static void inherit_losses(dhcpha_hub *hub, const dhcpha_hub *former) {
  for (size_t i = 0; i < hub->services.count; i++) {
    const dhcpha_relationship *relationship = hub->services.list[i].relationship;
    for (size_t k = 0; k < relationship->peer_count; k++)
      if (relationship->peers[k]->role == DHCPHA_ROLE_BACKUP)
        hub->services.list[i].queues[k].lost =
            count_losses(former, relationship->peers[k]->name);
  }
}

/* A new configuration is no way around the recoveries that a day may have. */
static void inherit_recoveries(dhcpha_hub *hub, const dhcpha_hub *former) {
  for (size_t i = 0; i < hub->services.count; i++) {
    dhcpha_service *service = &hub->services.list[i];
    const char *name = service->relationship->self->name;
    size_t index = 0;
    if (!dhcpha_config_find_peer(former->config, name, strlen(name), &index)) continue;
    const dhcpha_supervision *was = &former->services.list[index].supervision;
    memcpy(service->supervision.recovered_ms, was->recovered_ms, sizeof was->recovered_ms);
    service->supervision.recoveries = was->recoveries;
  }
}

dhcpha_status dhcpha_hub_inherit(dhcpha_hub *hub, const dhcpha_hub *former) {
  if (former == NULL) return DHCPHA_ERR_ARGUMENT;
  if (hub->started || hub->stopped || !former->stopped) return DHCPHA_ERR_STATE;
  dhcpha_status status =
      dhcpha_service_switch_inherit(&hub->context.service, &former->context.service);
  if (status != DHCPHA_OK) return status;
  hub->context.exchanges.sequence = former->context.exchanges.sequence;
  hub->context.now = former->context.now;
  inherit_losses(hub, former);
  inherit_recoveries(hub, former);
  return DHCPHA_OK;
}
