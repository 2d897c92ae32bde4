/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "service/hub_commands.h"

#include "base/deadline.h"
#include "memory/log.h"
#include "rules/ha_commands.h"
#include "service/hub.h"
#include "service/outcomes.h"

#include <string.h>

#define UNANSWERED_MAX 4096 /* received commands whose answer waits for the host's store */

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
  return dhcpha_service_command(&hub->services, &command, relationship, answer);
}

dhcpha_status dhcpha_hub_command_received(dhcpha_hub *hub, uint64_t id, const char *json,
                                          size_t json_len, size_t relationship) {
  dhcpha_context *context = &hub->context;
  if (!hub->started) return DHCPHA_ERR_STATE;
  dhcpha_hub_begin(hub);
  if (context->exchanges.serving >= UNANSWERED_MAX) return DHCPHA_ERR_LIMIT;
  dhcpha_action *answer = dhcpha_context_make_answer(context, id);
  if (answer == NULL) return DHCPHA_ERR_NOMEM;
  context->counters[DHCPHA_COUNTER_COMMANDS_RECEIVED]++;
  dhcpha_status status = receive(hub, answer, json, json_len, relationship);
  if (status == DHCPHA_ERR_FOREIGN) dhcpha_action_free(answer);
  dhcpha_hub_end(hub, hub->services.touched);
  hub->services.touched = NULL;
  return status;
}

dhcpha_status dhcpha_hub_command_answered(dhcpha_hub *hub, uint64_t id, const char *json,
                                          size_t json_len) {
  dhcpha_service *service = NULL;
  dhcpha_hub_begin(hub);
  bool known = dhcpha_outcome_answered(&hub->services, id, json, json_len, &service);
  dhcpha_hub_end(hub, service);
  return known ? DHCPHA_OK : DHCPHA_ERR_UNKNOWN;
}

dhcpha_status dhcpha_hub_command_failed(dhcpha_hub *hub, uint64_t id, dhcpha_status why,
                                        const char *text) {
  dhcpha_service *service = NULL;
  dhcpha_hub_begin(hub);
  bool known = dhcpha_outcome_failed(&hub->services, id,
                                     text != NULL ? text : dhcpha_strerror(why), &service);
  dhcpha_hub_end(hub, service);
  return known ? DHCPHA_OK : DHCPHA_ERR_UNKNOWN;
}

dhcpha_status dhcpha_hub_command_progressed(dhcpha_hub *hub, uint64_t id) {
  dhcpha_context *context = &hub->context;
  dhcpha_hub_begin(hub);
  dhcpha_exchange *exchange = dhcpha_exchanges_find(&context->exchanges, id);
  if (exchange == NULL || exchange->deadline_ms == DHCPHA_NEVER) return DHCPHA_ERR_UNKNOWN;
  int64_t deadline_ms =
      dhcpha_deadline_after(context->now.monotonic_ms, exchange->timeout_ms);
  dhcpha_exchanges_set_deadline(&context->exchanges, exchange,
                                dhcpha_deadline_earlier(deadline_ms, exchange->last_deadline_ms));
  return DHCPHA_OK;
}
