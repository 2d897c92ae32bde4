/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/lease_request.h"

#include "dhcp/address.h"
#include "dhcp/lease.h"
#include "memory/log.h"

#include <stdio.h>
#include <string.h>

const char *dhcpha_lease_kind(const dhcpha_context *context) {
  return context->family == DHCPHA_DHCP4 ? "IPv4" : "IPv6";
}

void dhcpha_lease_request_refuse(dhcpha_context *context, dhcpha_action *answer, int result,
                                 const char *text) {
  if (result == DHCPHA_RESULT_ERROR) {
    context->counters[DHCPHA_COUNTER_COMMANDS_MALFORMED]++;
    dhcpha_log(context, DHCPHA_MESSAGE_COMMAND_MALFORMED, "a lease command was refused: %s",
               text);
  }
  dhcpha_context_answer(context, answer, result, text);
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
             dhcpha_lease_kind(context), lease->subnet_id);
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

int dhcpha_lease_request_read(dhcpha_context *context, const dhcpha_json_value *map,
                              dhcpha_lease_reading *reading,
                              char text[DHCPHA_COMMAND_TEXT_SIZE]) {
  int result = DHCPHA_RESULT_SUCCESS;
  dhcpha_buffer_clear(&context->scratch);
  reading->scratch = &context->scratch;
  dhcpha_status status =
      dhcpha_lease_json_read(reading, context->family, DHCPHA_LEASE_FORM_UPDATE, map);
  if (status == DHCPHA_OK) {
    result = settle_subnet(context, reading, text);
    if (result != DHCPHA_RESULT_SUCCESS) return result;
    status = dhcpha_lease_json_settle(reading, dhcpha_context_utc_seconds(context));
  }
  if (status == DHCPHA_OK) return result;
  snprintf(text, DHCPHA_COMMAND_TEXT_SIZE, "%s",
           status == DHCPHA_ERR_NOMEM ? "out of memory" : reading->error);
  return DHCPHA_RESULT_ERROR;
}

/* ---- what is to be deleted ---- */

/* P1 4.8: `type` tells an IPv6 address from a prefix.  Temporary ones Kea knows up to 3.0. */
static bool read_type(const dhcpha_json_value *map, dhcpha_lease *lease) {
  const dhcpha_json_value *type = dhcpha_json_get(map, "type");
  if (type == NULL) return true;
  for (uint8_t i = 0; i <= DHCPHA_LEASE_PREFIX; i++)
    if (dhcpha_json_text_equals(type, dhcpha_lease_type_names[i])) {
      lease->type = i;
      return true;
    }
  return false;
}

/* How a lease without address is named, P1 4.8; NULL: well enough for the host to find it. */
static const char *check_identifier(const dhcpha_json_value *map) {
  if (!dhcpha_json_is(dhcpha_json_get(map, "subnet-id"), DHCPHA_JSON_INTEGER))
    return "Mandatory 'subnet-id' parameter missing.";
  if (!dhcpha_json_is(dhcpha_json_get(map, "identifier-type"), DHCPHA_JSON_STRING))
    return "No 'ip-address' provided and 'identifier-type' is either missing or not a string.";
  if (!dhcpha_json_is(dhcpha_json_get(map, "identifier"), DHCPHA_JSON_STRING))
    return "No 'ip-address' provided and 'identifier' is either missing or not a string.";
  return NULL;
}

dhcpha_status dhcpha_lease_request_read_deleted(dhcpha_context *context,
                                                const dhcpha_json_value *map,
                                                dhcpha_lease *lease,
                                                char text[DHCPHA_COMMAND_TEXT_SIZE]) {
  const char *wrong = NULL;
  dhcpha_lease_init(lease);
  const dhcpha_json_value *address = dhcpha_json_get(map, "ip-address");
  if (!dhcpha_json_is(map, DHCPHA_JSON_MAP)) {
    wrong = "Parameters missing or are not a map.";
  } else if (context->family == DHCPHA_DHCP6 && !read_type(map, lease)) {
    wrong = "Invalid lease type specified: only supported values are: IA_NA, IA_TA and IA_PD";
  } else if (address == NULL) {
    wrong = check_identifier(map);
    if (wrong == NULL) return DHCPHA_ERR_FOREIGN;
  } else if (address->type != DHCPHA_JSON_STRING) {
    wrong = "'ip-address' is not a string.";
  } else if (!dhcpha_address_read(&lease->address, address->text, address->text_len)) {
    snprintf(text, DHCPHA_COMMAND_TEXT_SIZE,
             "Failed to convert string to address '%.100s': Invalid argument", address->text);
    return DHCPHA_ERR_MALFORMED;
  } else if (lease->address.family != (uint8_t)context->family) {
    snprintf(text, DHCPHA_COMMAND_TEXT_SIZE, "Invalid %s address specified: %.100s",
             dhcpha_lease_kind(context), address->text);
    return DHCPHA_ERR_MALFORMED;
  }
  if (wrong == NULL) return DHCPHA_OK;
  snprintf(text, DHCPHA_COMMAND_TEXT_SIZE, "%s", wrong);
  return DHCPHA_ERR_MALFORMED;
}

/* ---- the host's store ---- */

int dhcpha_lease_request_judge(const dhcpha_lease_note *note, dhcpha_stored stored,
                               char text[DHCPHA_COMMAND_TEXT_SIZE]) {
  char address[DHCPHA_ADDRESS_TEXT_SIZE];
  dhcpha_address_format(&note->address, address);
  switch (stored) {
  case DHCPHA_STORED_MISSING:
    snprintf(text, DHCPHA_COMMAND_TEXT_SIZE,
             "failed to update the lease with address %s either because the lease has been "
             "deleted or it has changed in the database, in both cases a retry might succeed",
             address);
    return DHCPHA_RESULT_CONFLICT;
  case DHCPHA_STORED_BUSY:
    snprintf(text, DHCPHA_COMMAND_TEXT_SIZE, "ResourceBusy: IP address:%s could not be updated.",
             address);
    return DHCPHA_RESULT_CONFLICT;
  case DHCPHA_STORED_REFUSED:
    snprintf(text, DHCPHA_COMMAND_TEXT_SIZE,
             "the lease with address %s is not changed: a registered lease does not become "
             "another, nor another a registered one",
             address);
    return DHCPHA_RESULT_ERROR;
  default:
    snprintf(text, DHCPHA_COMMAND_TEXT_SIZE, "the lease store failed for address %s", address);
    return DHCPHA_RESULT_ERROR;
  }
}

dhcpha_action *dhcpha_lease_request_open(dhcpha_context *context, dhcpha_exchange **exchange) {
  *exchange = dhcpha_exchanges_add(&context->exchanges, DHCPHA_EXCHANGE_SERVE_STORE, 0, NULL);
  if (*exchange == NULL) return NULL;
  dhcpha_action *action =
      dhcpha_action_take(&context->actions, DHCPHA_ACTION_STORE_LEASES, (*exchange)->id);
  if (action != NULL && dhcpha_action_take_batch(action) == DHCPHA_OK) return action;
  dhcpha_action_free(action);
  dhcpha_exchanges_remove(&context->exchanges, *exchange);
  return NULL;
}

bool dhcpha_lease_request_add(dhcpha_action *action, dhcpha_action *answer,
                              dhcpha_lease_operation operation, const dhcpha_lease *lease) {
  static const uint8_t unspecified[16];
  dhcpha_lease_note note;
  memset(&note, 0, sizeof note);
  note.address = lease->address;
  note.type = lease->type;
  note.deleted = operation == DHCPHA_LEASE_DELETE;
  if (memcmp(lease->address.bytes, unspecified, sizeof unspecified) == 0 &&
      lease->client_id_len <= DHCPHA_DUID_MAX)
    note.duid_len = (uint8_t)lease->client_id_len;
  dhcpha_buffer_append(&answer->notes, &note, sizeof note);
  dhcpha_buffer_append(&answer->notes, lease->client_id, note.duid_len);
  return answer->notes.status == DHCPHA_OK &&
         dhcpha_lease_batch_add(action->leases, operation, lease) == DHCPHA_OK;
}

void dhcpha_lease_request_discard(dhcpha_context *context, dhcpha_action *action) {
  dhcpha_exchanges_remove(&context->exchanges,
                          dhcpha_exchanges_find(&context->exchanges, action->id));
  dhcpha_action_free(action);
}

void dhcpha_lease_note_read(const dhcpha_action *answer, size_t *offset, dhcpha_lease_note *note,
                            uint8_t duid[DHCPHA_DUID_MAX]) {
  const char *from = answer->notes.data + *offset;
  memcpy(note, from, sizeof *note);
  memcpy(duid, from + sizeof *note, note->duid_len);
  *offset += sizeof *note + note->duid_len;
}
