/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "service/hub.h"

#include "base/allocator.h"
#include "base/deadline.h"
#include "memory/log.h"
#include "procedures/update_flow.h"
#include "procedures/update_send.h"
#include "rules/config.h"
#include "rules/ha_commands.h"
#include "service/outcomes.h"

#include <string.h>

/* When memory was short for something due, it is tried again after this. */
#define RETRY_MS 1000

/* ---- birth and death ---- */

static dhcpha_status make_services(dhcpha_hub *hub) {
  size_t count = dhcpha_config_get_relationship_count(hub->config);
  hub->services.context = &hub->context;
  hub->services.config = hub->config;
  hub->services.list =
      dhcpha_allocate(hub->context.allocator, count, sizeof(dhcpha_service));
  if (hub->services.list == NULL) return DHCPHA_ERR_NOMEM;
  for (size_t i = 0; i < count; i++) {
    dhcpha_status status = dhcpha_service_memory_init(
        &hub->services.list[i], &hub->context, dhcpha_config_get_relationship(hub->config, i), i);
    hub->services.count = i + 1;
    if (status != DHCPHA_OK) return status;
  }
  dhcpha_status status = dhcpha_service_switch_make_own(&hub->context.service, count);
  if (status != DHCPHA_OK) return status;
  return dhcpha_timetable_init(&hub->timetable, hub->context.allocator, hub->services.list,
                               count);
}

dhcpha_status dhcpha_hub_new(const dhcpha_config *config, const dhcpha_callbacks *callbacks,
                             void *user_data, dhcpha_hub **hub) {
  if (hub == NULL) return DHCPHA_ERR_ARGUMENT;
  *hub = NULL;
  if (config == NULL) return DHCPHA_ERR_ARGUMENT;
  const dhcpha_allocator *allocator = dhcpha_config_get_allocator(config);
  dhcpha_hub *made = dhcpha_allocate(allocator, 1, sizeof *made);
  if (made == NULL) return DHCPHA_ERR_NOMEM;
  made->config = dhcpha_config_hold(config);
  made->retry_ms = DHCPHA_NEVER;
  dhcpha_performer_init(&made->performer, callbacks, user_data);
  dhcpha_buffer_init(&made->status, allocator, DHCPHA_ACTION_JSON_MAX);
  dhcpha_status status =
      dhcpha_context_init(&made->context, allocator, dhcpha_config_get_family(config));
  if (status == DHCPHA_OK) status = make_services(made);
  if (status == DHCPHA_OK) {
    made->spare = dhcpha_action_take(&made->context.actions, DHCPHA_ACTION_SET_SERVICE, 0);
    if (made->spare == NULL) status = DHCPHA_ERR_NOMEM;
  }
  if (status != DHCPHA_OK) {
    dhcpha_hub_free(made);
    return status;
  }
  *hub = made;
  return DHCPHA_OK;
}

void dhcpha_hub_free(dhcpha_hub *hub) {
  if (hub == NULL) return;
  const dhcpha_allocator allocator = *hub->context.allocator;
  dhcpha_config *config = hub->config;
  for (size_t i = 0; i < hub->services.count; i++)
    dhcpha_service_memory_free(&hub->services.list[i]);
  dhcpha_release(&allocator, hub->services.list);
  dhcpha_timetable_free(&hub->timetable, &allocator);
  dhcpha_performer_free(&hub->performer);
  dhcpha_action_free(hub->spare);
  dhcpha_buffer_free(&hub->status);
  dhcpha_context_free(&hub->context);
  dhcpha_release(&allocator, hub);
  dhcpha_config_free(config);
}

/* ---- around every event ---- */

void dhcpha_hub_begin(dhcpha_hub *hub) {
  dhcpha_performer_read_clock(&hub->performer, &hub->context.now);
}

/* Tells the host when the DHCP service has changed; when that finds no memory, it is done later:
 * what is remembered is what the host knows. */
static void announce_service(dhcpha_hub *hub) {
  dhcpha_context *context = &hub->context;
  bool enabled = dhcpha_service_switch_is_enabled(&context->service);
  if (hub->announced && hub->service_enabled == enabled) return;
  dhcpha_action *action = hub->spare;
  hub->spare = NULL;
  if (action == NULL) action = dhcpha_action_take(&context->actions, DHCPHA_ACTION_SET_SERVICE, 0);
  if (action == NULL) {
    hub->retry_ms = dhcpha_deadline_after(context->now.monotonic_ms, RETRY_MS);
    return;
  }
  action->enabled = enabled;
  dhcpha_outbox_put(&context->outbox, action);
  hub->announced = true;
  hub->service_enabled = enabled;
  if (enabled)
    dhcpha_log(context, DHCPHA_MESSAGE_SERVICE_ON, "the DHCP service is enabled");
  else
    dhcpha_log(context, DHCPHA_MESSAGE_SERVICE_OFF, "the DHCP service is disabled");
}

/* The host could not even start: that is the outcome. */
static void note_failure(dhcpha_hub *hub, dhcpha_action_type type, uint64_t id,
                         dhcpha_status why) {
  dhcpha_service *service = NULL;
  dhcpha_hub_begin(hub);
  if (type == DHCPHA_ACTION_SEND_COMMAND)
    (void)dhcpha_outcome_failed(&hub->services, id, dhcpha_strerror(why), &service);
  else if (type == DHCPHA_ACTION_STORE_LEASES)
    (void)dhcpha_outcome_stored(&hub->services, id, NULL, 0, &service);
  else if (type == DHCPHA_ACTION_READ_LEASES)
    (void)dhcpha_outcome_read(&hub->services, id, why);
  if (service != NULL) dhcpha_timetable_update(&hub->timetable, service);
  announce_service(hub);
}

static void perform(dhcpha_hub *hub) {
  if (hub->performer.busy) return; /* the actions wait their turn */
  hub->performer.busy = true;
  dhcpha_action *action;
  while ((action = dhcpha_outbox_take(&hub->context.outbox)) != NULL) {
    if (!dhcpha_performer_can(&hub->performer, action)) {
      if (!dhcpha_performer_set_aside(&hub->performer, action))
        hub->context.counters[DHCPHA_COUNTER_LOGS_LOST]++;
      continue;
    }
    dhcpha_status status = dhcpha_performer_do(&hub->performer, action);
    uint64_t id = action->id;
    dhcpha_action_type type = action->type;
    dhcpha_action_free(action);
    if (status != DHCPHA_OK) note_failure(hub, type, id, status);
  }
  hub->performer.busy = false;
}

void dhcpha_hub_end(dhcpha_hub *hub, dhcpha_service *service) {
  if (!hub->started && !hub->stopped) return;
  if (service != NULL) dhcpha_timetable_update(&hub->timetable, service);
  announce_service(hub);
  perform(hub);
  if (hub->spare == NULL)
    hub->spare = dhcpha_action_take(&hub->context.actions, DHCPHA_ACTION_SET_SERVICE, 0);
}

dhcpha_status dhcpha_hub_start(dhcpha_hub *hub) {
  if (hub->started || hub->stopped) return DHCPHA_ERR_STATE;
  dhcpha_hub_begin(hub);
  hub->started = true;
  for (size_t i = 0; i < hub->services.count; i++) {
    dhcpha_service_start(&hub->services.list[i]);
    dhcpha_timetable_update(&hub->timetable, &hub->services.list[i]);
  }
  dhcpha_hub_end(hub, NULL);
  return DHCPHA_OK;
}

void dhcpha_hub_set_time(dhcpha_hub *hub, dhcpha_time time) {
  hub->context.now = time;
}

/* P1 1.12: with several relationships these are mistakes that nothing else tells of. */
static void warn_of_unbound(dhcpha_hub *hub) {
  dhcpha_context *context = &hub->context;
  const dhcpha_subnets *subnets = &context->subnets;
  if (hub->services.count == 1 || subnets->count == 0) return;
  size_t unbound = dhcpha_subnets_count_unbound(subnets);
  if (unbound > 0)
    dhcpha_log(context, DHCPHA_MESSAGE_SUBNETS_UNBOUND,
               "%zu of %zu subnets have no 'ha-server-name', or one that no peer has: their "
               "clients are not answered", unbound, subnets->count);
  for (size_t i = 0; i < hub->services.count; i++)
    if (!dhcpha_subnets_have_filter(subnets, i))
      dhcpha_log(context, DHCPHA_MESSAGE_SUBNETS_UNBOUND,
                 "no subnet has the 'ha-server-name' of %s or its partner: a synchronization "
                 "takes the leases of all subnets",
                 hub->services.list[i].relationship->self->name);
}

dhcpha_status dhcpha_hub_set_subnets(dhcpha_hub *hub, const dhcpha_subnet *subnets,
                                     size_t count) {
  dhcpha_status status = dhcpha_subnets_set(&hub->context.subnets, hub->config, subnets, count);
  if (status == DHCPHA_OK) warn_of_unbound(hub);
  return status;
}

void dhcpha_hub_set_log_level(dhcpha_hub *hub, dhcpha_level level) {
  hub->context.log_level = level;
}

dhcpha_action *dhcpha_hub_next_action(dhcpha_hub *hub) {
  return dhcpha_performer_next(&hub->performer);
}

/* ---- time ---- */

int64_t dhcpha_hub_get_expiry(const dhcpha_hub *hub) {
  if (!hub->started) return DHCPHA_NEVER;
  int64_t expiry_ms = dhcpha_timetable_get_expiry(&hub->timetable);
  expiry_ms =
      dhcpha_deadline_earlier(expiry_ms, dhcpha_exchanges_get_expiry(&hub->context.exchanges));
  expiry_ms = dhcpha_deadline_earlier(expiry_ms,
                                      dhcpha_service_switch_get_expiry(&hub->context.service));
  expiry_ms =
      dhcpha_deadline_earlier(expiry_ms, dhcpha_retries_get_expiry(&hub->context.updates));
  expiry_ms =
      dhcpha_deadline_earlier(expiry_ms, dhcpha_parked_get_expiry(&hub->context.parked));
  return dhcpha_deadline_earlier(expiry_ms, hub->retry_ms);
}

/* Leases that peers were too busy for. */
static void resume_updates(dhcpha_hub *hub) {
  const dhcpha_updates *updates = &hub->context.updates;
  uint32_t index;
  while ((index = dhcpha_retries_first_due(updates, hub->context.now.monotonic_ms)) !=
         DHCPHA_NO_UPDATE) {
    dhcpha_service *service =
        &hub->services.list[dhcpha_updates_get(updates, index)->key.relationship];
    dhcpha_update_send(service, dhcpha_update_flow_resume(service, index));
  }
}

static void expire_exchanges(dhcpha_hub *hub) {
  const dhcpha_exchange *due;
  while ((due = dhcpha_exchanges_first_due(&hub->context.exchanges)) != NULL &&
         dhcpha_deadline_passed(due->deadline_ms, hub->context.now.monotonic_ms)) {
    dhcpha_service *service = NULL;
    (void)dhcpha_outcome_failed(&hub->services, due->id, "no answer in time", &service);
    dhcpha_timetable_update(&hub->timetable, service);
  }
}

dhcpha_status dhcpha_hub_handle_expiry(dhcpha_hub *hub) {
  dhcpha_service *service;
  if (!hub->started) return DHCPHA_ERR_STATE;
  dhcpha_hub_begin(hub);
  int64_t now_ms = hub->context.now.monotonic_ms;
  if (dhcpha_deadline_passed(hub->retry_ms, now_ms)) hub->retry_ms = DHCPHA_NEVER;
  while (dhcpha_service_switch_expire(&hub->context.service, now_ms)) continue;
  expire_exchanges(hub);
  resume_updates(hub);
  dhcpha_update_flow_expire_queries(&hub->context);
  while ((service = dhcpha_timetable_first_due(&hub->timetable, now_ms)) != NULL) {
    dhcpha_service_expired(service);
    dhcpha_timetable_update(&hub->timetable, service);
  }
  dhcpha_hub_end(hub, NULL);
  return DHCPHA_OK;
}
