/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/lease_commands.h"

#include "dhcp/address.h"
#include "dhcp/lease.h"
#include "dhcp/lease_json.h"
#include "memory/log.h"
#include "rules/ha_commands.h"

#include <stdio.h>
#include <string.h>

/* flags of a SERVE_STORE exchange: what the answer is about. */
enum { SERVES_UPDATE = 1, SERVES_DELETE = 2 };

static const char *kind_name(const dhcpha_context *context) {
  return context->family == DHCPHA_DHCP4 ? "IPv4" : "IPv6";
}

static void refuse(dhcpha_context *context, dhcpha_action *answer, int result,
                   const char *text) {
  if (result == DHCPHA_RESULT_ERROR) {
    context->counters[DHCPHA_COUNTER_COMMANDS_MALFORMED]++;
    dhcpha_log(context, DHCPHA_MESSAGE_COMMAND_MALFORMED, "a lease command was refused: %s",
               text);
  }
  dhcpha_context_answer(context, answer, result, text);
}

static void store(dhcpha_context *context, dhcpha_action *answer, uint32_t flags,
                  dhcpha_lease_operation operation, const dhcpha_lease *lease) {
  dhcpha_exchange *exchange =
      dhcpha_exchanges_add(&context->exchanges, DHCPHA_EXCHANGE_SERVE_STORE, 0, NULL);
  dhcpha_action *action = NULL;
  if (exchange != NULL)
    action = dhcpha_action_take(&context->actions, DHCPHA_ACTION_STORE_LEASES, exchange->id);
  if (action == NULL || dhcpha_action_take_batch(action) != DHCPHA_OK ||
      dhcpha_lease_batch_add(action->leases, operation, lease) != DHCPHA_OK) {
    dhcpha_action_free(action);
    if (exchange != NULL) dhcpha_exchanges_remove(&context->exchanges, exchange);
    dhcpha_context_answer(context, answer, DHCPHA_RESULT_ERROR, "out of memory");
    return;
  }
  exchange->answer = answer;
  exchange->flags = flags;
  exchange->count = 1;
  dhcpha_address_format(&lease->address, answer->subject);
  dhcpha_outbox_put(&context->outbox, action);
}

/* P1 4.8, the row `subnet-id`: DHCPHA_RESULT_SUCCESS, or the result to answer with. */
static int settle_subnet(const dhcpha_context *context, dhcpha_lease_reading *reading,
                         char text[DHCPHA_COMMAND_TEXT_SIZE]) {
  dhcpha_lease *lease = &reading->lease;
  char address[DHCPHA_ADDRESS_TEXT_SIZE];
  char prefix[DHCPHA_ADDRESS_TEXT_SIZE];
  if (context->subnets.count == 0) return DHCPHA_RESULT_SUCCESS;
  dhcpha_address_format(&lease->address, address);
  const dhcpha_subnet *subnet = reading->has_subnet_id
                                    ? dhcpha_subnets_find(&context->subnets, lease->subnet_id)
                                    : dhcpha_subnets_find_address(&context->subnets,
                                                                  &lease->address);
  if (subnet == NULL && reading->has_subnet_id) {
    snprintf(text, DHCPHA_COMMAND_TEXT_SIZE,
             "Invalid subnet-id: No %s subnet with subnet-id=%u currently configured.",
             kind_name(context), lease->subnet_id);
    return DHCPHA_RESULT_CONFLICT;
  }
  if (subnet == NULL) {
    snprintf(text, DHCPHA_COMMAND_TEXT_SIZE,
             "subnet-id not specified and failed to find a subnet for address %s", address);
    return DHCPHA_RESULT_CONFLICT;
  }
  if (lease->type != DHCPHA_LEASE_PREFIX &&
      !dhcpha_address_in_prefix(&lease->address, &subnet->prefix, subnet->prefix_len)) {
    snprintf(text, DHCPHA_COMMAND_TEXT_SIZE,
             "The address %s does not belong to subnet %s/%u, subnet-id=%u", address,
             dhcpha_address_format(&subnet->prefix, prefix), subnet->prefix_len, subnet->id);
    return DHCPHA_RESULT_CONFLICT;
  }
  lease->subnet_id = subnet->id;
  if (!reading->has_valid_lft) lease->valid_lft = subnet->valid_lft;
  if (!reading->has_preferred_lft) lease->preferred_lft = lease->valid_lft;
  return DHCPHA_RESULT_SUCCESS;
}

void dhcpha_lease_update(dhcpha_context *context, const dhcpha_command *command,
                         dhcpha_action *answer) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  dhcpha_lease_reading reading;
  if (!dhcpha_json_is(command->arguments, DHCPHA_JSON_MAP)) {
    snprintf(text, sizeof text, "no parameters specified for %.*s command",
             (int)command->name_len, command->name);
    refuse(context, answer, DHCPHA_RESULT_ERROR, text);
    return;
  }
  dhcpha_buffer_clear(&context->scratch);
  reading.scratch = &context->scratch;
  dhcpha_status status = dhcpha_lease_json_read(&reading, context->family,
                                                DHCPHA_LEASE_FORM_UPDATE, command->arguments);
  if (status == DHCPHA_OK) {
    int result = settle_subnet(context, &reading, text);
    if (result != DHCPHA_RESULT_SUCCESS) {
      refuse(context, answer, result, text);
      return;
    }
    status = dhcpha_lease_json_settle(&reading, dhcpha_context_utc_seconds(context));
  }
  if (status != DHCPHA_OK) {
    refuse(context, answer, DHCPHA_RESULT_ERROR,
           status == DHCPHA_ERR_NOMEM ? "out of memory" : reading.error);
    return;
  }
  store(context, answer, SERVES_UPDATE,
        reading.force_create ? DHCPHA_LEASE_PUT : DHCPHA_LEASE_PUT_EXISTING, &reading.lease);
}

/* P1 4.8: `type` tells an IPv6 address from a prefix. */
static bool read_type(const dhcpha_command *command, dhcpha_lease *lease) {
  const dhcpha_json_value *type = dhcpha_json_get(command->arguments, "type");
  if (type == NULL || dhcpha_json_text_equals(type, "IA_NA")) return true;
  lease->type = DHCPHA_LEASE_PREFIX;
  return dhcpha_json_text_equals(type, "IA_PD");
}

/* How a lease without address is named, P1 4.8; NULL: well enough for the host to find it. */
static const char *check_identifier(const dhcpha_command *command) {
  const dhcpha_json_value *subnet = dhcpha_json_get(command->arguments, "subnet-id");
  if (!dhcpha_json_is(subnet, DHCPHA_JSON_INTEGER))
    return "Mandatory 'subnet-id' parameter missing.";
  if (!dhcpha_json_is(dhcpha_json_get(command->arguments, "identifier-type"),
                      DHCPHA_JSON_STRING))
    return "No 'ip-address' provided and 'identifier-type' is either missing or not a string.";
  if (!dhcpha_json_is(dhcpha_json_get(command->arguments, "identifier"), DHCPHA_JSON_STRING))
    return "No 'ip-address' provided and 'identifier' is either missing or not a string.";
  return NULL;
}

dhcpha_status dhcpha_lease_delete(dhcpha_context *context, const dhcpha_command *command,
                                  dhcpha_action *answer) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  dhcpha_lease lease;
  dhcpha_lease_init(&lease);
  const char *wrong = NULL;
  if (!dhcpha_json_is(command->arguments, DHCPHA_JSON_MAP)) {
    refuse(context, answer, DHCPHA_RESULT_ERROR, "Parameters missing or are not a map.");
    return DHCPHA_OK;
  }
  const dhcpha_json_value *address = dhcpha_json_get(command->arguments, "ip-address");
  if (address == NULL) {
    wrong = check_identifier(command);
    if (wrong == NULL) return DHCPHA_ERR_FOREIGN;
  } else if (address->type != DHCPHA_JSON_STRING) {
    wrong = "'ip-address' is not a string.";
  } else if (!dhcpha_address_read(&lease.address, address->text, address->text_len)) {
    snprintf(text, sizeof text, "Failed to convert string to address '%.100s': Invalid argument",
             address->text);
    wrong = text;
  } else if (lease.address.family != (uint8_t)context->family) {
    snprintf(text, sizeof text, "Invalid %s address specified: %.100s", kind_name(context),
             address->text);
    wrong = text;
  } else if (context->family == DHCPHA_DHCP6 && !read_type(command, &lease)) {
    wrong = "Invalid lease type: 'type' must be IA_NA or IA_PD";
  }
  if (wrong != NULL)
    refuse(context, answer, DHCPHA_RESULT_ERROR, wrong);
  else
    store(context, answer, SERVES_DELETE, DHCPHA_LEASE_DELETE, &lease);
  return DHCPHA_OK;
}

/* The result and text that go with what became of the lease; `address` names it. */
static int judge(const dhcpha_context *context, uint32_t flags, dhcpha_stored stored,
                 const char *address, char text[DHCPHA_COMMAND_TEXT_SIZE]) {
  const char *kind = kind_name(context);
  switch (stored) {
  case DHCPHA_STORED_ADDED:
    snprintf(text, DHCPHA_COMMAND_TEXT_SIZE, "%s lease added.", kind);
    return DHCPHA_RESULT_SUCCESS;
  case DHCPHA_STORED_UPDATED:
  case DHCPHA_STORED_KEPT:
    snprintf(text, DHCPHA_COMMAND_TEXT_SIZE, "%s lease updated.", kind);
    return DHCPHA_RESULT_SUCCESS;
  case DHCPHA_STORED_DELETED:
    snprintf(text, DHCPHA_COMMAND_TEXT_SIZE, "%s lease deleted.", kind);
    return DHCPHA_RESULT_SUCCESS;
  case DHCPHA_STORED_MISSING:
    if (flags == SERVES_DELETE) {
      snprintf(text, DHCPHA_COMMAND_TEXT_SIZE, "%s lease not found.", kind);
      return DHCPHA_RESULT_EMPTY;
    }
    snprintf(text, DHCPHA_COMMAND_TEXT_SIZE,
             "failed to update the lease with address %s either because the lease has been "
             "deleted or it has changed in the database, in both cases a retry might succeed",
             address);
    return DHCPHA_RESULT_CONFLICT;
  case DHCPHA_STORED_BUSY:
    snprintf(text, DHCPHA_COMMAND_TEXT_SIZE, "ResourceBusy: IP address:%s could not be updated.",
             address);
    return DHCPHA_RESULT_CONFLICT;
  default:
    snprintf(text, DHCPHA_COMMAND_TEXT_SIZE, "the lease store failed for address %s", address);
    return DHCPHA_RESULT_ERROR;
  }
}

void dhcpha_lease_stored(dhcpha_context *context, dhcpha_exchange *exchange,
                         const dhcpha_stored *results, size_t count) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  dhcpha_action *answer = exchange->answer;
  uint32_t flags = exchange->flags;
  dhcpha_stored stored = count == 0 ? DHCPHA_STORED_FAILED : results[0];
  dhcpha_exchanges_remove(&context->exchanges, exchange);
  int result = judge(context, flags, stored, answer->subject, text);
  if (result == DHCPHA_RESULT_ERROR) dhcpha_log(context, DHCPHA_MESSAGE_STORE_FAILED, "%s", text);
  dhcpha_context_answer(context, answer, result, text);
}

void dhcpha_lease_get_page(dhcpha_context *context, const dhcpha_command *command,
                           dhcpha_action *answer) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  dhcpha_page_arguments arguments;
  const char *wrong = dhcpha_read_get_page(command, context->family, &arguments, text);
  if (wrong != NULL) {
    refuse(context, answer, DHCPHA_RESULT_ERROR, wrong);
    return;
  }
  dhcpha_exchange *exchange =
      dhcpha_exchanges_add(&context->exchanges, DHCPHA_EXCHANGE_SERVE_READ, 0, NULL);
  dhcpha_action *action = NULL;
  if (exchange != NULL)
    action = dhcpha_action_take(&context->actions, DHCPHA_ACTION_READ_LEASES, exchange->id);
  if (action == NULL) {
    if (exchange != NULL) dhcpha_exchanges_remove(&context->exchanges, exchange);
    dhcpha_context_answer(context, answer, DHCPHA_RESULT_ERROR, "out of memory");
    return;
  }
  exchange->answer = answer;
  exchange->limit = arguments.limit;
  dhcpha_buffer_append_text(&answer->json, "[{\"arguments\":{\"leases\":[");
  action->range.size = sizeof action->range;
  action->range.after = arguments.after;
  action->range.limit = arguments.limit;
  dhcpha_outbox_put(&context->outbox, action);
}

dhcpha_status dhcpha_lease_read(dhcpha_context *context, dhcpha_exchange *exchange,
                                const dhcpha_lease *leases, size_t count) {
  dhcpha_buffer *out = &exchange->answer->json;
  for (size_t i = 0; i < count; i++) {
    if (exchange->count == exchange->limit) return DHCPHA_ERR_LIMIT;
    if (exchange->count++ != 0) dhcpha_buffer_append_char(out, ',');
    dhcpha_lease_json_write(out, context->family, DHCPHA_LEASE_FORM_PAGE,
                            dhcpha_lease_at(leases, i));
    if (out->status != DHCPHA_OK) return out->status;
  }
  return DHCPHA_OK;
}

void dhcpha_lease_read_done(dhcpha_context *context, dhcpha_exchange *exchange,
                            dhcpha_status status) {
  dhcpha_action *answer = exchange->answer;
  uint32_t count = exchange->count;
  dhcpha_exchanges_remove(&context->exchanges, exchange);
  if (status != DHCPHA_OK && answer->json.status == DHCPHA_OK) {
    dhcpha_log(context, DHCPHA_MESSAGE_STORE_FAILED, "the lease store could not be read: %s",
               dhcpha_strerror(status));
    dhcpha_context_answer(context, answer, DHCPHA_RESULT_ERROR,
                          "the lease store could not be read");
    return;
  }
  dhcpha_buffer_append_format(
      &answer->json, "],\"count\":%u},\"result\":%d,\"text\":\"%u %s lease(s) found.\"}]", count,
      count == 0 ? DHCPHA_RESULT_EMPTY : DHCPHA_RESULT_SUCCESS, count, kind_name(context));
  dhcpha_context_send_answer(context, answer);
}
