/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/context.h"

#include "base/deadline.h"
#include "rules/command.h"

#include <string.h>

#define SCRATCH_MAX (1024 * 1024)
#define COMMAND_FIRST_BYTES 512

dhcpha_status dhcpha_context_init(dhcpha_context *context, const dhcpha_allocator *allocator,
                                  dhcpha_family family) {
  memset(context, 0, sizeof *context);
  context->allocator = allocator;
  context->family = family;
  context->log_level = DHCPHA_LEVEL_INFO;
  dhcpha_action_pool_init(&context->actions, allocator);
  dhcpha_service_switch_init(&context->service, allocator);
  dhcpha_subnets_init(&context->subnets, allocator);
  dhcpha_arena_init(&context->arena, allocator, DHCPHA_ARENA_MAX);
  dhcpha_buffer_init(&context->scratch, allocator, SCRATCH_MAX);
  dhcpha_status status = dhcpha_exchanges_init(&context->exchanges, allocator);
  if (status == DHCPHA_OK) status = dhcpha_parked_init(&context->parked, allocator);
  if (status == DHCPHA_OK) status = dhcpha_updates_init(&context->updates, allocator);
  return status;
}

void dhcpha_context_free(dhcpha_context *context) {
  dhcpha_outbox_clear(&context->outbox);
  dhcpha_exchanges_free(&context->exchanges);
  dhcpha_parked_free(&context->parked);
  dhcpha_updates_free(&context->updates);
  dhcpha_service_switch_free(&context->service);
  dhcpha_subnets_free(&context->subnets);
  dhcpha_arena_free(&context->arena);
  dhcpha_buffer_free(&context->scratch);
  dhcpha_action_pool_free(&context->actions);
}

int64_t dhcpha_context_utc_seconds(const dhcpha_context *context) {
  return context->now.utc_ms / 1000;
}

dhcpha_action *dhcpha_context_prepare(dhcpha_context *context, dhcpha_exchange_kind kind,
                                      size_t relationship, const dhcpha_peer *peer) {
  dhcpha_exchange *exchange =
      dhcpha_exchanges_add(&context->exchanges, kind, relationship, peer);
  if (exchange == NULL) return NULL;
  dhcpha_action *action =
      dhcpha_action_take(&context->actions, DHCPHA_ACTION_SEND_COMMAND, exchange->id);
  if (action == NULL || !dhcpha_buffer_reserve(&action->json, COMMAND_FIRST_BYTES)) {
    dhcpha_action_free(action);
    dhcpha_exchanges_remove(&context->exchanges, exchange);
    return NULL;
  }
  action->peer = peer;
  return action;
}

dhcpha_exchange *dhcpha_context_depart(dhcpha_context *context, dhcpha_action *action,
                                       uint32_t timeout_ms) {
  dhcpha_exchange *exchange = dhcpha_exchanges_find(&context->exchanges, action->id);
  int64_t now_ms = context->now.monotonic_ms;
  action->timeout_ms = timeout_ms;
  exchange->timeout_ms = timeout_ms;
  exchange->last_deadline_ms =
      dhcpha_deadline_after(now_ms, (int64_t)timeout_ms * DHCPHA_EXCHANGE_TIMEOUTS_MAX);
  dhcpha_exchanges_set_deadline(&context->exchanges, exchange,
                                dhcpha_deadline_after(now_ms, timeout_ms));
  return exchange;
}

void dhcpha_context_give_up(dhcpha_context *context, dhcpha_action *action) {
  dhcpha_exchanges_remove(&context->exchanges,
                          dhcpha_exchanges_find(&context->exchanges, action->id));
  dhcpha_action_free(action);
}

dhcpha_action *dhcpha_context_start(dhcpha_context *context, dhcpha_exchange_kind kind,
                                    size_t relationship, const dhcpha_peer *peer,
                                    uint32_t timeout_ms, dhcpha_exchange **exchange) {
  dhcpha_action *action = dhcpha_context_prepare(context, kind, relationship, peer);
  *exchange = action == NULL ? NULL : dhcpha_context_depart(context, action, timeout_ms);
  return action;
}

dhcpha_status dhcpha_context_send(dhcpha_context *context, dhcpha_action *action) {
  dhcpha_status status = action->json.status;
  if (status == DHCPHA_OK) {
    dhcpha_outbox_put(&context->outbox, action);
    return DHCPHA_OK;
  }
  dhcpha_context_give_up(context, action);
  return status;
}

dhcpha_action *dhcpha_context_make_answer(dhcpha_context *context, uint64_t id) {
  dhcpha_action *answer =
      dhcpha_action_take(&context->actions, DHCPHA_ACTION_ANSWER_COMMAND, id);
  if (answer == NULL) return NULL;
  answer->http_status = 200;
  return answer;
}

/* What was done is told truly even when its text finds no memory. */
static const char *wordless_answer(int result) {
  switch (result) {
  case DHCPHA_RESULT_SUCCESS: return "[{\"result\":0,\"text\":\"\"}]";
  case DHCPHA_RESULT_EMPTY: return "[{\"result\":3,\"text\":\"\"}]";
  case DHCPHA_RESULT_CONFLICT: return "[{\"result\":4,\"text\":\"out of memory for the reason\"}]";
  default: return "[{\"result\":1,\"text\":\"out of memory\"}]";
  }
}

void dhcpha_context_answer(dhcpha_context *context, dhcpha_action *answer, int result,
                           const char *text) {
  dhcpha_buffer_clear(&answer->json);
  dhcpha_answer_write(&answer->json, result, text);
  if (answer->json.status != DHCPHA_OK) answer->fixed_json = wordless_answer(result);
  dhcpha_outbox_put(&context->outbox, answer);
}

void dhcpha_context_send_answer(dhcpha_context *context, dhcpha_action *answer) {
  if (answer->json.status == DHCPHA_ERR_LIMIT)
    answer->fixed_json = "[{\"result\":1,\"text\":\"the answer would be too large\"}]";
  else if (answer->json.status != DHCPHA_OK)
    answer->fixed_json = "[{\"result\":1,\"text\":\"out of memory\"}]";
  dhcpha_outbox_put(&context->outbox, answer);
}
