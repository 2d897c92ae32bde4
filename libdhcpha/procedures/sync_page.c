/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/sync_page.h"

#include "dhcp/address.h"
#include "dhcp/lease.h"
#include "dhcp/lease_json.h"
#include "memory/log.h"
#include "rules/command.h"

#include <stdio.h>
#include <string.h>

typedef struct reader {
  dhcpha_sync_page *page;
  dhcpha_service *service;
  dhcpha_lease_batch *batch;
  dhcpha_lease_reading reading;
  bool has_last; /* the element read last has an address */
  dhcpha_status status;
} reader;

static void note_unreadable(reader *state, const dhcpha_json_value *element) {
  dhcpha_context *context = state->service->context;
  const dhcpha_json_value *text = dhcpha_json_get(element, "ip-address");
  state->page->refused++;
  state->has_last = dhcpha_json_is(text, DHCPHA_JSON_STRING) &&
                    dhcpha_address_read(&state->page->last, text->text, text->text_len) &&
                    state->page->last.family == (uint8_t)context->family;
  dhcpha_log(context, DHCPHA_MESSAGE_SYNC_LEASE_FAILED, "lease %zu of a page from %s (%s): %s",
             state->page->elements, state->service->sync.peer->name,
             dhcpha_json_is(text, DHCPHA_JSON_STRING) ? text->text : "no address",
             state->reading.error);
}

static bool take_element(const dhcpha_json_value *element, void *user_data) {
  reader *state = user_data;
  dhcpha_context *context = state->service->context;
  state->page->elements++;
  state->reading.scratch = &context->scratch;
  dhcpha_buffer_clear(&context->scratch);
  dhcpha_status status = dhcpha_lease_json_read(&state->reading, context->family,
                                                DHCPHA_LEASE_FORM_PAGE, element);
  if (status == DHCPHA_ERR_NOMEM) state->status = status;
  if (status != DHCPHA_OK) {
    if (status != DHCPHA_ERR_NOMEM) note_unreadable(state, element);
    return state->status == DHCPHA_OK;
  }
  const dhcpha_lease *lease = &state->reading.lease;
  state->page->last = lease->address;
  state->page->last_is_prefix = lease->type == DHCPHA_LEASE_PREFIX;
  state->has_last = true;
  if (state->service->sync.filtered &&
      dhcpha_subnets_get_relationship(&context->subnets, lease->subnet_id) !=
          state->service->index)
    return true;
  state->status = dhcpha_lease_batch_add(state->batch, DHCPHA_LEASE_PUT_NEWER, lease);
  return state->status == DHCPHA_OK;
}

static bool refuse(dhcpha_sync_page *page, dhcpha_service *service, unsigned malformed,
                   const char *why) {
  dhcpha_sync_page_discard(page, service);
  page->malformed = malformed;
  snprintf(page->error, sizeof page->error, "%s", why);
  return false;
}

/* NULL, or why the page can't be used. */
static const char *check(const reader *state, const dhcpha_json_value *tree) {
  const dhcpha_service *service = state->service;
  const dhcpha_sync_page *page = state->page;
  if (!dhcpha_json_is(dhcpha_json_get(dhcpha_json_get(tree->first, "arguments"), "leases"),
                      DHCPHA_JSON_LIST))
    return "the answer has no list 'leases' in its arguments";
  if (page->elements < service->relationship->sync_page_limit) return NULL;
  if (!state->has_last) return "the last lease of a full page has no usable 'ip-address'";
  if (dhcpha_address_compare(&page->last, &service->sync.cursor) <= 0)
    return "the page repeats an earlier one, or goes backwards";
  return NULL;
}

static dhcpha_status prepare_store(dhcpha_sync_page *page, dhcpha_service *service) {
  dhcpha_context *context = service->context;
  dhcpha_exchange *exchange = dhcpha_exchanges_add(
      &context->exchanges, DHCPHA_EXCHANGE_SYNC_STORE, service->index, service->sync.peer);
  if (exchange == NULL) return DHCPHA_ERR_NOMEM;
  exchange->attempt = service->sync.attempt;
  page->store =
      dhcpha_action_take(&context->actions, DHCPHA_ACTION_STORE_LEASES, exchange->id);
  if (page->store != NULL && dhcpha_action_take_batch(page->store) == DHCPHA_OK)
    return DHCPHA_OK;
  dhcpha_exchanges_remove(&context->exchanges, exchange);
  dhcpha_action_free(page->store);
  page->store = NULL;
  return DHCPHA_ERR_NOMEM;
}

void dhcpha_sync_page_discard(dhcpha_sync_page *page, dhcpha_service *service) {
  dhcpha_context *context = service->context;
  if (page->store == NULL) return;
  dhcpha_exchanges_remove(&context->exchanges,
                          dhcpha_exchanges_find(&context->exchanges, page->store->id));
  dhcpha_action_free(page->store);
  page->store = NULL;
}

bool dhcpha_sync_page_read(dhcpha_sync_page *page, dhcpha_service *service, const char *json,
                           size_t json_len) {
  dhcpha_context *context = service->context;
  dhcpha_json_error error;
  dhcpha_answer answer;
  memset(page, 0, sizeof *page);
  if (prepare_store(page, service) != DHCPHA_OK) return refuse(page, service, 0, "out of memory");
  reader state = {.page = page, .service = service, .batch = page->store->leases};
  dhcpha_arena_reset(&context->arena);
  const dhcpha_json_value *tree = dhcpha_json_read_list(
      &context->arena, json, json_len, "arguments", "leases", take_element, &state, &error);
  if (state.status != DHCPHA_OK || (tree == NULL && error.status == DHCPHA_ERR_NOMEM))
    return refuse(page, service, 0, "out of memory");
  if (tree == NULL) return refuse(page, service, 1, error.text);
  dhcpha_answer_read(&answer, tree);
  if (answer.kind != DHCPHA_ANSWER_SUCCESS)
    return refuse(page, service, answer.kind == DHCPHA_ANSWER_MALFORMED, answer.text);
  const char *wrong = check(&state, tree);
  if (wrong != NULL) return refuse(page, service, 1, wrong);
  size_t count = dhcpha_lease_batch_get_count(state.batch);
  if (count == 0)
    dhcpha_sync_page_discard(page, service);
  else
    dhcpha_exchanges_find(&context->exchanges, page->store->id)->count = (uint32_t)count;
  return true;
}
