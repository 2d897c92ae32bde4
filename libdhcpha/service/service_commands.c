/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "service/service_commands.h"

#include "base/deadline.h"
#include "memory/log.h"
#include "procedures/bulk_apply.h"
#include "procedures/heartbeat.h"
#include "procedures/lease_commands.h"
#include "procedures/lease_pages.h"
#include "procedures/sync.h"
#include "rules/config.h"
#include "rules/ha_commands.h"
#include "rules/version_table.h"

#include <stdio.h>
#include <string.h>

/* Everything a handler may need. */
struct request {
  dhcpha_services *services;
  dhcpha_context *context;
  const dhcpha_command *command;
  size_t through;          /* whose listener took it; DHCPHA_EVERYWHERE: that can't be told */
  dhcpha_service *service; /* of its server-name, or the first */
  dhcpha_action *answer;
};

static void succeed(struct request *request, const char *text) {
  dhcpha_context_answer(request->context, request->answer, DHCPHA_RESULT_SUCCESS, text);
}

static void refuse(struct request *request, const char *text) {
  request->context->counters[DHCPHA_COUNTER_COMMANDS_MALFORMED]++;
  dhcpha_context_answer(request->context, request->answer, DHCPHA_RESULT_ERROR, text);
}

/* ---- one relationship ---- */

static dhcpha_status heartbeat(struct request *request) {
  dhcpha_heartbeat_write_answer(request->service, &request->answer->json);
  dhcpha_context_send_answer(request->context, request->answer);
  return DHCPHA_OK;
}

static dhcpha_status reset(struct request *request) {
  if (request->service->state == DHCPHA_STATE_WAITING) {
    succeed(request, "HA state machine already in WAITING state.");
    return DHCPHA_OK;
  }
  succeed(request, "HA state machine reset.");
  dhcpha_service_reset(request->service);
  return DHCPHA_OK;
}

static dhcpha_status proceed(struct request *request) {
  dhcpha_service *service = request->service;
  if (!service->paused) {
    succeed(request, "HA state machine is not paused.");
    return DHCPHA_OK;
  }
  service->paused = false;
  dhcpha_log(request->context, DHCPHA_MESSAGE_CONTINUED, "%s goes on from state %s",
             service->relationship->self->name, dhcpha_state_get_name(service->state));
  succeed(request, "HA state machine continues.");
  dhcpha_service_settle(service, 0); /* P2 15.5 */
  return DHCPHA_OK;
}

static dhcpha_status scopes(struct request *request) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  const dhcpha_json_value *names = NULL;
  const char *wrong = dhcpha_read_scopes(request->command, &names, text);
  if (wrong == NULL) {
    const dhcpha_json_value *unknown = dhcpha_scopes_set(&request->service->scopes, names);
    if (unknown != NULL) {
      snprintf(text, sizeof text,
               "invalid server name specified '%.*s' while enabling/disabling HA scopes",
               (int)(unknown->text_len < 100 ? unknown->text_len : 100), unknown->text);
      wrong = text;
    }
  }
  if (wrong != NULL) {
    refuse(request, wrong);
    return DHCPHA_OK;
  }
  dhcpha_service_adjust(request->service);
  succeed(request, "New HA scopes configured.");
  return DHCPHA_OK;
}

static const dhcpha_peer *find_peer(const dhcpha_service *service, const dhcpha_json_value *name) {
  for (size_t i = 0; i < service->relationship->peer_count; i++)
    if (dhcpha_json_text_equals(name, service->relationship->peers[i]->name))
      return service->relationship->peers[i];
  return NULL;
}

static dhcpha_status sync(struct request *request) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  int64_t max_period_s = 0;
  const char *wrong = dhcpha_read_sync(request->command, &max_period_s, text);
  if (wrong != NULL) {
    refuse(request, wrong);
    return DHCPHA_OK;
  }
  const dhcpha_json_value *name = dhcpha_json_get(request->command->arguments, "server-name");
  const dhcpha_peer *peer = find_peer(request->service, name);
  if (peer == request->service->relationship->self) {
    snprintf(text, sizeof text, "'%s' points to local server but should point to a partner",
             peer->name);
    refuse(request, text);
    return DHCPHA_OK;
  }
  dhcpha_sync_start_command(request->service, peer, max_period_s, request->answer);
  return DHCPHA_OK;
}

static dhcpha_status sync_complete(struct request *request) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  int64_t origin = -1;
  const char *wrong = dhcpha_read_sync_complete(request->command, &origin, text);
  if (wrong != NULL) {
    refuse(request, wrong);
    return DHCPHA_OK;
  }
  /* Kea's default is 2001, which nobody uses; an old peer means 2000 (P2 15.6). */
  if (origin < 0) origin = DHCPHA_ORIGIN_REMOTE;
  dhcpha_service_sync_completed(request->service, request->through, origin);
  succeed(request, "Server successfully notified about the synchronization completion.");
  return DHCPHA_OK;
}

static dhcpha_status maintenance_notify(struct request *request) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  bool cancel = false;
  const dhcpha_json_value *state = NULL;
  dhcpha_maintenance_step step;
  const char *wrong = dhcpha_read_maintenance_notify(request->command, &cancel, &state, text);
  if (wrong != NULL) {
    refuse(request, wrong);
    return DHCPHA_OK;
  }
  dhcpha_maintenance_notified(request->service, cancel, state, &step);
  if (step.go_to != DHCPHA_STATE_NONE)
    dhcpha_service_go(request->service, step.go_to, step.canceled);
  if (step.canceled) {
    snprintf(text, sizeof text, "{\"state\":\"%s\"}",
             dhcpha_state_get_name(request->service->state));
    dhcpha_answer_write_with(&request->answer->json, text, step.result, step.text);
    dhcpha_context_send_answer(request->context, request->answer);
  } else {
    dhcpha_context_answer(request->context, request->answer, step.result, step.text);
  }
  return DHCPHA_OK;
}

/* ---- all relationships, one after the other (P2 7.6, 7.7) ---- */

typedef void (*maintenance_step)(dhcpha_service *service, dhcpha_maintenance_step *step);

/* From one relationship on: ends with the last one's answer; start ends with the first refusal. */
static void walk(dhcpha_services *services, size_t index, maintenance_step ask, bool stops,
                 dhcpha_action *answer) {
  dhcpha_maintenance_step step;
  for (;; index++) {
    ask(&services->list[index], &step);
    if (step.waits) {
      services->list[index].maintenance_answer = answer;
      return;
    }
    if (index + 1 == services->count || (stops && step.result != DHCPHA_RESULT_SUCCESS)) break;
  }
  dhcpha_context_answer(services->context, answer, step.result, step.text);
}

static dhcpha_status maintenance_start(struct request *request) {
  walk(request->services, 0, dhcpha_maintenance_start, true, request->answer);
  return DHCPHA_OK;
}

static dhcpha_status maintenance_cancel(struct request *request) {
  walk(request->services, 0, dhcpha_maintenance_cancel, false, request->answer);
  return DHCPHA_OK;
}

void dhcpha_service_command_continue(dhcpha_services *services, dhcpha_service *service,
                                     const dhcpha_exchange *exchange) {
  bool starts = exchange->kind == DHCPHA_EXCHANGE_MAINTENANCE_START;
  dhcpha_action *answer = service->maintenance_answer;
  if (!starts && exchange->kind != DHCPHA_EXCHANGE_MAINTENANCE_CANCEL) return;
  if (answer == NULL) return;
  service->maintenance_answer = NULL;
  bool stop = starts && service->maintenance_result != DHCPHA_RESULT_SUCCESS;
  if (stop || service->index + 1 == services->count)
    dhcpha_context_answer(services->context, answer, service->maintenance_result,
                          service->maintenance_text);
  else
    walk(services, service->index + 1,
         starts ? dhcpha_maintenance_start : dhcpha_maintenance_cancel, starts, answer);
}

/* ---- the whole server ---- */

static dhcpha_status disable(struct request *request) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  dhcpha_context *context = request->context;
  dhcpha_switch_arguments arguments;
  const char *wrong = dhcpha_read_switch(request->command, &arguments, text);
  if (wrong != NULL) {
    refuse(request, wrong);
    return DHCPHA_OK;
  }
  int64_t until_ms = DHCPHA_NEVER;
  /* A period of centuries is no period. */
  if (arguments.max_period_s > 0 && arguments.max_period_s < INT64_MAX / 1000)
    until_ms = dhcpha_deadline_after(context->now.monotonic_ms, arguments.max_period_s * 1000);
  dhcpha_status status =
      dhcpha_service_switch_disable(&context->service, request->through, arguments.origin,
                                    until_ms);
  if (status != DHCPHA_OK) {
    refuse(request, dhcpha_strerror(status));
    return DHCPHA_OK;
  }
  const char *family = context->family == DHCPHA_DHCP4 ? "DHCPv4" : "DHCPv6";
  if (arguments.max_period_s > 0)
    snprintf(text, sizeof text, "%s service disabled for %lld seconds", family,
             (long long)arguments.max_period_s);
  else
    snprintf(text, sizeof text, "%s service disabled", family);
  succeed(request, text);
  return DHCPHA_OK;
}

static dhcpha_status enable(struct request *request) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  dhcpha_switch_arguments arguments;
  const char *wrong = dhcpha_read_switch(request->command, &arguments, text);
  if (wrong != NULL) {
    refuse(request, wrong);
    return DHCPHA_OK;
  }
  dhcpha_service_switch_enable(&request->context->service, request->through, arguments.origin);
  succeed(request, "DHCP service successfully enabled");
  return DHCPHA_OK;
}

/* That it is listed tells a peer what we are. */
static dhcpha_status version_get(struct request *request) {
  dhcpha_answer_write_with(&request->answer->json, "{\"library\":\"libdhcpha\"}",
                           DHCPHA_RESULT_SUCCESS, DHCPHA_VERSION);
  dhcpha_context_send_answer(request->context, request->answer);
  return DHCPHA_OK;
}

static dhcpha_status lease_update(struct request *request) {
  dhcpha_lease_update(request->context, request->command, request->answer);
  return DHCPHA_OK;
}

static dhcpha_status lease_delete(struct request *request) {
  return dhcpha_lease_delete(request->context, request->command, request->answer);
}

static dhcpha_status lease_bulk_apply(struct request *request) {
  return dhcpha_bulk_apply(request->context, request->command, request->answer);
}

/* A page's request does not say who asks: what the least able of all peers can read.  All are looked
 * at, which is little beside the leases. */
static dhcpha_released_treatment released_in_pages(const dhcpha_services *services) {
  dhcpha_released_treatment released = DHCPHA_RELEASED_AS_THEY_ARE;
  for (size_t i = 0; i < services->count; i++) {
    const dhcpha_service *service = &services->list[i];
    for (size_t k = 0; k < service->relationship->peer_count; k++) {
      const dhcpha_peer *peer = service->relationship->peers[k];
      if (peer == service->relationship->self) continue;
      dhcpha_released_treatment one =
          dhcpha_peer_released_in_pages(dhcpha_service_get_abilities(service, peer));
      if (one > released) released = one;
    }
  }
  return released;
}

static dhcpha_status lease_get_page(struct request *request) {
  dhcpha_lease_get_page(request->context, request->command, request->answer,
                        released_in_pages(request->services));
  return DHCPHA_OK;
}

static dhcpha_status lease_get_all(struct request *request) {
  dhcpha_lease_get_all(request->context, request->command, request->answer,
                       released_in_pages(request->services));
  return DHCPHA_OK;
}

typedef enum concern {
  ALL,       /* the whole server */
  NAMED,     /* the relationship of its server-name, or the first */
  PARTNERS   /* the same, but without a name it is the one it came through: older partners send
              * none */
} concern;

static const struct {
  const char *name;
  dhcpha_status (*handle)(struct request *request);
  int family; /* 0: both */
  concern concerns;
} handlers[] = {
    {"ha-heartbeat", heartbeat, 0, PARTNERS},
    {"ha-reset", reset, 0, NAMED},
    {"ha-continue", proceed, 0, NAMED},
    {"ha-scopes", scopes, 0, NAMED},
    {"ha-sync", sync, 0, NAMED},
    {"ha-sync-complete-notify", sync_complete, 0, PARTNERS},
    {"ha-maintenance-notify", maintenance_notify, 0, PARTNERS},
    {"ha-maintenance-start", maintenance_start, 0, ALL},
    {"ha-maintenance-cancel", maintenance_cancel, 0, ALL},
    {"dhcp-disable", disable, 0, ALL},
    {"dhcp-enable", enable, 0, ALL},
    {DHCPHA_VERSION_COMMAND, version_get, 0, ALL},
    {"lease4-update", lease_update, 4, ALL},
    {"lease4-del", lease_delete, 4, ALL},
    {"lease4-get-all", lease_get_all, 4, ALL},
    {"lease4-get-page", lease_get_page, 4, ALL},
    {"lease6-bulk-apply", lease_bulk_apply, 6, ALL},
    {"lease6-update", lease_update, 6, ALL},
    {"lease6-del", lease_delete, 6, ALL},
    {"lease6-get-all", lease_get_all, 6, ALL},
    {"lease6-get-page", lease_get_page, 6, ALL},
};

/* These check their own arguments before they look for the relationship (P1 5.2, 5.3, 5.6). */
static const char *check_own_arguments(const struct request *request, char *text) {
  const dhcpha_json_value *scopes = NULL;
  int64_t max_period_s = 0;
  bool cancel = false;
  if (dhcpha_command_is(request->command, "ha-sync"))
    return dhcpha_read_sync(request->command, &max_period_s, text);
  if (dhcpha_command_is(request->command, "ha-scopes"))
    return dhcpha_read_scopes(request->command, &scopes, text);
  if (dhcpha_command_is(request->command, "ha-maintenance-notify"))
    return dhcpha_read_maintenance_notify(request->command, &cancel, &scopes, text);
  return NULL;
}

/* Partners that use the listener of another relationship: what comes through it may be anybody's
 * from now on. */
static void distrust_listener(struct request *request, size_t named) {
  if (request->through == DHCPHA_EVERYWHERE || request->through == named) return;
  dhcpha_service *owner = &request->services->list[request->through];
  owner->listener_shared = true;
  request->through = DHCPHA_EVERYWHERE;
  dhcpha_log(request->context, DHCPHA_MESSAGE_LISTENER_SHARED,
             "a command for %s came to the listener of %s: a dhcp-disable that comes there "
             "disables all relationships; give each its own url",
             request->services->list[named].relationship->self->name,
             owner->relationship->self->name);
}

/* NULL, or what is wrong. */
static const char *choose_service(struct request *request, concern concerns,
                                  char text[DHCPHA_COMMAND_TEXT_SIZE]) {
  const char *name = NULL;
  size_t len = 0;
  size_t index = 0;
  const char *wrong = check_own_arguments(request, text);
  if (wrong == NULL) wrong = dhcpha_read_server_name(request->command, &name, &len, text);
  if (wrong != NULL) return wrong;
  if (name != NULL && !dhcpha_config_find_peer(request->services->config, name, len, &index)) {
    snprintf(text, DHCPHA_COMMAND_TEXT_SIZE, "%.*s matches no configured 'server-name'",
             (int)(len < 200 ? len : 200), name);
    return text;
  }
  if (name != NULL)
    distrust_listener(request, index);
  else if (concerns == PARTNERS && request->through != DHCPHA_EVERYWHERE)
    index = request->through;
  request->service = &request->services->list[index];
  return NULL;
}

const char *dhcpha_service_command_name(dhcpha_family family, size_t index) {
  for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++)
    if ((handlers[i].family == 0 || handlers[i].family == (int)family) && index-- == 0)
      return handlers[i].name;
  return NULL;
}

dhcpha_status dhcpha_service_command(dhcpha_services *services, const dhcpha_command *command,
                                     size_t through, dhcpha_action *answer) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  dhcpha_context *context = services->context;
  if (through >= services->count || services->list[through].listener_shared)
    through = DHCPHA_EVERYWHERE;
  for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++) {
    if (handlers[i].family != 0 && handlers[i].family != (int)context->family) continue;
    if (!dhcpha_command_is(command, handlers[i].name)) continue;
    struct request request = {services, context, command, through, &services->list[0], answer};
    bool chooses = handlers[i].concerns != ALL;
    const char *wrong =
        chooses ? choose_service(&request, handlers[i].concerns, text) : NULL;
    services->touched = chooses ? request.service : NULL;
    if (wrong == NULL) return handlers[i].handle(&request);
    refuse(&request, wrong);
    return DHCPHA_OK;
  }
  return DHCPHA_ERR_FOREIGN;
}
