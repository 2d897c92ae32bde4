/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "service/hub.h"

#include "base/allocator.h"
#include "base/deadline.h"
#include "memory/log.h"
#include "procedures/lease_commands.h"
#include "rules/config.h"
#include "rules/ha_commands.h"
#include "service/performer.h"
#include "service/service_commands.h"
#include "service/service_status.h"
#include "service/timetable.h"

#include <string.h>

/* When memory was short for something due, it is tried again after this. */
#define RETRY_MS 1000
#define UNANSWERED_MAX 4096 /* received commands whose answer waits for the host's store */

struct dhcpha_hub {
  dhcpha_context context;
  dhcpha_config *config;
  dhcpha_performer performer;
  dhcpha_services services;
  dhcpha_timetable timetable;
  bool started;
  bool announced;       /* the host has been told about the DHCP service once */
  bool service_enabled; /* as the host was told last */
  int64_t retry_ms;     /* DHCPHA_NEVER: nothing was put off */
  dhcpha_buffer status;
};

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
  dhcpha_buffer_free(&hub->status);
  dhcpha_context_free(&hub->context);
  dhcpha_release(&allocator, hub);
  dhcpha_config_free(config);
}

/* ---- around every event ---- */

static void begin(dhcpha_hub *hub) {
  dhcpha_performer_read_clock(&hub->performer, &hub->context.now);
}

/* Tells the host when the DHCP service has changed; when that finds no memory, it is done later:
 * what is remembered is what the host knows. */
static void announce_service(dhcpha_hub *hub) {
  dhcpha_context *context = &hub->context;
  bool enabled = dhcpha_service_switch_is_enabled(&context->service);
  if (hub->announced && hub->service_enabled == enabled) return;
  dhcpha_action *action = dhcpha_action_take(&context->actions, DHCPHA_ACTION_SET_SERVICE, 0);
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

static void perform(dhcpha_hub *hub) {
  if (hub->performer.busy) return; /* the actions wait their turn */
  hub->performer.busy = true;
  dhcpha_action *action;
  while ((action = dhcpha_outbox_take(&hub->context.outbox)) != NULL) {
    if (!dhcpha_performer_can(&hub->performer, action)) {
      dhcpha_performer_set_aside(&hub->performer, action);
      continue;
    }
    dhcpha_status status = dhcpha_performer_do(&hub->performer, action);
    uint64_t id = action->id;
    dhcpha_action_type type = action->type;
    dhcpha_action_free(action);
    if (status == DHCPHA_OK) continue;
    if (type == DHCPHA_ACTION_SEND_COMMAND)
      (void)dhcpha_hub_command_failed(hub, id, status, NULL);
    else if (type == DHCPHA_ACTION_STORE_LEASES)
      (void)dhcpha_hub_leases_stored(hub, id, NULL, 0);
    else if (type == DHCPHA_ACTION_READ_LEASES)
      (void)dhcpha_hub_leases_read_done(hub, id, status);
  }
  hub->performer.busy = false;
}

/* `service` is the one whose timers may have moved; NULL for none. */
static void end(dhcpha_hub *hub, dhcpha_service *service) {
  if (service != NULL) dhcpha_timetable_update(&hub->timetable, service);
  announce_service(hub);
  perform(hub);
}

dhcpha_status dhcpha_hub_start(dhcpha_hub *hub) {
  if (hub->started) return DHCPHA_ERR_STATE;
  begin(hub);
  hub->started = true;
  for (size_t i = 0; i < hub->services.count; i++) {
    dhcpha_service_start(&hub->services.list[i]);
    dhcpha_timetable_update(&hub->timetable, &hub->services.list[i]);
  }
  end(hub, NULL);
  return DHCPHA_OK;
}

void dhcpha_hub_set_time(dhcpha_hub *hub, dhcpha_time time) {
  hub->context.now = time;
}

dhcpha_status dhcpha_hub_set_subnets(dhcpha_hub *hub, const dhcpha_subnet *subnets,
                                     size_t count) {
  return dhcpha_subnets_set(&hub->context.subnets, subnets, count);
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
  return dhcpha_deadline_earlier(expiry_ms, hub->retry_ms);
}

static void expire_exchanges(dhcpha_hub *hub) {
  dhcpha_context *context = &hub->context;
  dhcpha_exchange *due;
  while ((due = dhcpha_exchanges_first_due(&context->exchanges)) != NULL &&
         dhcpha_deadline_passed(due->deadline_ms, context->now.monotonic_ms)) {
    dhcpha_exchange exchange = *due;
    dhcpha_exchanges_remove(&context->exchanges, due);
    dhcpha_service *service = &hub->services.list[exchange.relationship];
    dhcpha_service_failed(service, &exchange, "no answer in time");
    dhcpha_service_command_continue(&hub->services, service, &exchange);
    dhcpha_timetable_update(&hub->timetable, service);
  }
}

dhcpha_status dhcpha_hub_handle_expiry(dhcpha_hub *hub) {
  int64_t number = 0;
  dhcpha_service *service;
  if (!hub->started) return DHCPHA_ERR_STATE;
  begin(hub);
  int64_t now_ms = hub->context.now.monotonic_ms;
  if (dhcpha_deadline_passed(hub->retry_ms, now_ms)) hub->retry_ms = DHCPHA_NEVER;
  while (dhcpha_service_switch_expire(&hub->context.service, now_ms, &number)) continue;
  expire_exchanges(hub);
  while ((service = dhcpha_timetable_first_due(&hub->timetable, now_ms)) != NULL) {
    dhcpha_service_expired(service);
    dhcpha_timetable_update(&hub->timetable, service);
  }
  end(hub, NULL);
  return DHCPHA_OK;
}

/* ---- commands ---- */

static void answer_http(dhcpha_hub *hub, dhcpha_action *answer, int http_status) {
  answer->http_status = http_status;
  dhcpha_answer_write_http(&answer->json, http_status);
  dhcpha_context_send_answer(&hub->context, answer);
}

static void refuse_text(dhcpha_hub *hub, dhcpha_action *answer, const dhcpha_json_error *error) {
  dhcpha_context *context = &hub->context;
  context->counters[DHCPHA_COUNTER_COMMANDS_MALFORMED]++;
  dhcpha_log(context, DHCPHA_MESSAGE_COMMAND_MALFORMED,
             "a request is not JSON at byte %zu: %s", error->offset, error->text);
  answer_http(hub, answer, 400);
}

static void refuse_command(dhcpha_hub *hub, dhcpha_action *answer, const char *text) {
  dhcpha_context *context = &hub->context;
  context->counters[DHCPHA_COUNTER_COMMANDS_MALFORMED]++;
  dhcpha_log(context, DHCPHA_MESSAGE_COMMAND_MALFORMED, "a request is no command: %s", text);
  dhcpha_context_answer(context, answer, DHCPHA_RESULT_ERROR, text);
}

static bool is_forbidden(const dhcpha_hub *hub, const dhcpha_command *command,
                         size_t relationship) {
  return relationship < hub->services.count && command->name_len > 0 &&
         hub->services.list[relationship].relationship->restrict_commands &&
         !dhcpha_command_is_peer_command(command, hub->context.family);
}

/* P1 4.3: first the JSON, then the accept list, then the command. */
static dhcpha_status receive(dhcpha_hub *hub, dhcpha_action *answer, const char *json,
                             size_t json_len, size_t relationship) {
  dhcpha_context *context = &hub->context;
  dhcpha_json_error error;
  dhcpha_command command;
  if (json_len == 0) {
    refuse_command(hub, answer, "Command processing failed: NULL command parameter");
    return DHCPHA_OK;
  }
  dhcpha_arena_reset(&context->arena);
  const dhcpha_json_value *tree = NULL;
  if (json_len <= DHCPHA_REQUEST_JSON_MAX) {
    tree = dhcpha_json_read(&context->arena, json, json_len, &error);
  } else {
    error.status = DHCPHA_ERR_LIMIT;
    error.offset = DHCPHA_REQUEST_JSON_MAX;
    strcpy(error.text, "the request is too large");
  }
  if (tree == NULL && error.status == DHCPHA_ERR_NOMEM) {
    dhcpha_action_free(answer);
    return DHCPHA_ERR_NOMEM;
  }
  if (tree == NULL) {
    refuse_text(hub, answer, &error);
    return DHCPHA_OK;
  }
  dhcpha_status status = dhcpha_command_read(&command, tree);
  const dhcpha_json_value *name = dhcpha_json_get(tree, "command");
  if (dhcpha_json_is(name, DHCPHA_JSON_STRING)) {
    command.name = name->text;
    command.name_len = name->text_len;
    if (is_forbidden(hub, &command, relationship)) {
      dhcpha_log(context, DHCPHA_MESSAGE_COMMAND_FORBIDDEN,
                 "restrict-commands: '%.100s' was refused", command.name);
      answer_http(hub, answer, 403);
      return DHCPHA_OK;
    }
  }
  if (status != DHCPHA_OK) {
    refuse_command(hub, answer, command.error);
    return DHCPHA_OK;
  }
  return dhcpha_service_command(&hub->services, &command, answer);
}

dhcpha_status dhcpha_hub_command_received(dhcpha_hub *hub, uint64_t id, const char *json,
                                          size_t json_len, size_t relationship) {
  dhcpha_context *context = &hub->context;
  if (!hub->started) return DHCPHA_ERR_STATE;
  begin(hub);
  if (context->exchanges.count >= DHCPHA_EXCHANGES_MAX - UNANSWERED_MAX) return DHCPHA_ERR_LIMIT;
  dhcpha_action *answer = dhcpha_context_make_answer(context, id);
  if (answer == NULL) return DHCPHA_ERR_NOMEM;
  context->counters[DHCPHA_COUNTER_COMMANDS_RECEIVED]++;
  dhcpha_status status = receive(hub, answer, json, json_len, relationship);
  if (status == DHCPHA_ERR_FOREIGN) dhcpha_action_free(answer);
  end(hub, hub->services.touched);
  hub->services.touched = NULL;
  return status;
}

/* Ends an exchange with a peer; false when there is none with this id. */
static bool take_exchange(dhcpha_hub *hub, uint64_t id, dhcpha_exchange *exchange) {
  dhcpha_context *context = &hub->context;
  dhcpha_exchange *found = dhcpha_exchanges_find(&context->exchanges, id);
  if (found == NULL || found->deadline_ms == DHCPHA_NEVER) {
    context->counters[DHCPHA_COUNTER_ANSWERS_LATE]++;
    if (dhcpha_log_wants(context, DHCPHA_MESSAGE_ANSWER_LATE))
      dhcpha_log(context, DHCPHA_MESSAGE_ANSWER_LATE, "an answer came to nothing in flight");
    end(hub, NULL);
    return false;
  }
  *exchange = *found;
  dhcpha_exchanges_remove(&context->exchanges, found);
  return true;
}

dhcpha_status dhcpha_hub_command_answered(dhcpha_hub *hub, uint64_t id, const char *json,
                                          size_t json_len) {
  dhcpha_exchange exchange;
  begin(hub);
  if (!take_exchange(hub, id, &exchange)) return DHCPHA_ERR_UNKNOWN;
  dhcpha_service *service = &hub->services.list[exchange.relationship];
  if (json_len > DHCPHA_ANSWER_JSON_MAX)
    dhcpha_service_failed(service, &exchange, "the answer is too large");
  else
    dhcpha_service_answered(service, &exchange, json, json_len);
  dhcpha_service_command_continue(&hub->services, service, &exchange);
  end(hub, service);
  return DHCPHA_OK;
}

dhcpha_status dhcpha_hub_command_failed(dhcpha_hub *hub, uint64_t id, dhcpha_status why,
                                        const char *text) {
  dhcpha_exchange exchange;
  begin(hub);
  if (!take_exchange(hub, id, &exchange)) return DHCPHA_ERR_UNKNOWN;
  dhcpha_service *service = &hub->services.list[exchange.relationship];
  dhcpha_service_failed(service, &exchange, text != NULL ? text : dhcpha_strerror(why));
  dhcpha_service_command_continue(&hub->services, service, &exchange);
  end(hub, service);
  return DHCPHA_OK;
}

dhcpha_status dhcpha_hub_command_progressed(dhcpha_hub *hub, uint64_t id) {
  dhcpha_context *context = &hub->context;
  begin(hub);
  dhcpha_exchange *exchange = dhcpha_exchanges_find(&context->exchanges, id);
  if (exchange == NULL || exchange->deadline_ms == DHCPHA_NEVER) return DHCPHA_ERR_UNKNOWN;
  int64_t deadline_ms =
      dhcpha_deadline_after(context->now.monotonic_ms, exchange->timeout_ms);
  dhcpha_exchanges_set_deadline(&context->exchanges, exchange,
                                dhcpha_deadline_earlier(deadline_ms, exchange->last_deadline_ms));
  return DHCPHA_OK;
}

/* ---- queries ---- */

/* The relationship of a query, P1 1.12. */
static bool find_relationship(const dhcpha_hub *hub, const dhcpha_query *query, size_t *index) {
  *index = 0;
  if (hub->services.count == 1) return true;
  return query->server_name != NULL &&
         dhcpha_config_find_peer(hub->config, query->server_name, strlen(query->server_name),
                                 index);
}

dhcpha_status dhcpha_hub_query_received(dhcpha_hub *hub, const dhcpha_query *query,
                                        dhcpha_verdict *verdict) {
  size_t index = 0;
  verdict->serve = false;
  verdict->client_class = "";
  verdict->relationship = 0;
  verdict->reason = DHCPHA_REASON_SERVICE_DISABLED;
  if (!hub->started) return DHCPHA_ERR_STATE;
  if (!dhcpha_service_switch_is_enabled(&hub->context.service)) return DHCPHA_OK;
  if (!find_relationship(hub, query, &index)) {
    verdict->reason = DHCPHA_REASON_NO_RELATIONSHIP;
    return DHCPHA_OK;
  }
  dhcpha_service *service = &hub->services.list[index];
  dhcpha_service_judge(service, query, verdict);
  if (verdict->serve) return DHCPHA_OK;
  begin(hub);
  if (!dhcpha_service_is_interrupted(service)) return DHCPHA_OK;
  dhcpha_service_note_unserved(service, query);
  end(hub, service);
  return DHCPHA_OK;
}

dhcpha_status dhcpha_hub_leases_changed(dhcpha_hub *hub, uint64_t query_id,
                                        const dhcpha_query *query, const dhcpha_lease *leases,
                                        size_t lease_count, const dhcpha_lease *deleted,
                                        size_t deleted_count, bool *parked) {
  dhcpha_context *context = &hub->context;
  dhcpha_lease_changes changes = {leases, lease_count, deleted, deleted_count};
  size_t index = 0;
  *parked = false;
  if (!hub->started) return DHCPHA_ERR_STATE;
  for (size_t i = 0; i < lease_count; i++)
    if (!dhcpha_lease_is_valid(dhcpha_lease_at(leases, i), context->family))
      return DHCPHA_ERR_ARGUMENT;
  for (size_t i = 0; i < deleted_count; i++)
    if (!dhcpha_lease_is_valid(dhcpha_lease_at(deleted, i), context->family))
      return DHCPHA_ERR_ARGUMENT;
  begin(hub);
  dhcpha_status status = DHCPHA_ERR_UNKNOWN;
  if (find_relationship(hub, query, &index))
    status = dhcpha_lease_updates_send(&hub->services.list[index], query_id, query, &changes,
                                       parked);
  else
    dhcpha_log(context, DHCPHA_MESSAGE_NO_RELATIONSHIP,
               "leases were committed for a query of no relationship");
  end(hub, NULL);
  return status;
}

/* ---- the host's store ---- */

dhcpha_status dhcpha_hub_leases_read(dhcpha_hub *hub, uint64_t id, const dhcpha_lease *leases,
                                     size_t count) {
  dhcpha_exchange *exchange = dhcpha_exchanges_find(&hub->context.exchanges, id);
  if (exchange == NULL || exchange->kind != DHCPHA_EXCHANGE_SERVE_READ) return DHCPHA_ERR_UNKNOWN;
  return dhcpha_lease_read(&hub->context, exchange, leases, count);
}

dhcpha_status dhcpha_hub_leases_read_done(dhcpha_hub *hub, uint64_t id, dhcpha_status status) {
  begin(hub);
  dhcpha_exchange *exchange = dhcpha_exchanges_find(&hub->context.exchanges, id);
  if (exchange == NULL || exchange->kind != DHCPHA_EXCHANGE_SERVE_READ) return DHCPHA_ERR_UNKNOWN;
  dhcpha_lease_read_done(&hub->context, exchange, status);
  end(hub, NULL);
  return DHCPHA_OK;
}

dhcpha_status dhcpha_hub_leases_stored(dhcpha_hub *hub, uint64_t id,
                                       const dhcpha_stored *results, size_t count) {
  dhcpha_context *context = &hub->context;
  begin(hub);
  dhcpha_exchange *found = dhcpha_exchanges_find(&context->exchanges, id);
  if (found != NULL && found->kind == DHCPHA_EXCHANGE_SERVE_STORE) {
    dhcpha_lease_stored(context, found, results, count);
    end(hub, NULL);
    return DHCPHA_OK;
  }
  if (found == NULL || found->kind != DHCPHA_EXCHANGE_SYNC_STORE) return DHCPHA_ERR_UNKNOWN;
  dhcpha_exchange exchange = *found;
  dhcpha_exchanges_remove(&context->exchanges, found);
  dhcpha_service *service = &hub->services.list[exchange.relationship];
  dhcpha_service_stored(service, &exchange, results, count);
  end(hub, service);
  return DHCPHA_OK;
}

/* ---- questions ---- */

size_t dhcpha_hub_get_relationship_count(const dhcpha_hub *hub) {
  return hub->services.count;
}

dhcpha_state dhcpha_hub_get_state(const dhcpha_hub *hub, size_t relationship) {
  return relationship < hub->services.count ? hub->services.list[relationship].state
                                            : DHCPHA_STATE_NONE;
}

dhcpha_state dhcpha_hub_get_partner_state(const dhcpha_hub *hub, size_t relationship) {
  return relationship < hub->services.count ? hub->services.list[relationship].partner.state
                                            : DHCPHA_STATE_NONE;
}

bool dhcpha_hub_get_service(const dhcpha_hub *hub) {
  return dhcpha_service_switch_is_enabled(&hub->context.service);
}

const char *dhcpha_hub_get_status(dhcpha_hub *hub) {
  if (!hub->started) return NULL;
  begin(hub);
  dhcpha_buffer_clear(&hub->status);
  dhcpha_buffer_append_char(&hub->status, '[');
  for (size_t i = 0; i < hub->services.count; i++) {
    if (i != 0) dhcpha_buffer_append_char(&hub->status, ',');
    dhcpha_service_write_status(&hub->services.list[i],
                                hub->services.list[0].relationship->mode, &hub->status);
  }
  dhcpha_buffer_append_char(&hub->status, ']');
  return hub->status.status == DHCPHA_OK ? dhcpha_buffer_text(&hub->status) : NULL;
}

dhcpha_status dhcpha_hub_explain(dhcpha_hub *hub, size_t relationship,
                                 dhcpha_explanation *explanation) {
  if (!hub->started) return DHCPHA_ERR_STATE;
  if (relationship >= hub->services.count) return DHCPHA_ERR_UNKNOWN;
  begin(hub);
  dhcpha_service_explain(&hub->services.list[relationship], explanation);
  return DHCPHA_OK;
}

uint64_t dhcpha_hub_get_counter(const dhcpha_hub *hub, dhcpha_counter counter) {
  return (unsigned)counter < DHCPHA_COUNTER_COUNT ? hub->context.counters[counter] : 0;
}
