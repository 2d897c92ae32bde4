/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/lease_commands.h"

#include "memory/log.h"
#include "procedures/bulk_apply.h"
#include "procedures/lease_request.h"

#include <stdio.h>

static void store(dhcpha_context *context, dhcpha_action *answer,
                  dhcpha_lease_operation operation, const dhcpha_lease *lease) {
  dhcpha_exchange *exchange;
  dhcpha_action *action = dhcpha_lease_request_open(context, &exchange);
  if (action == NULL || !dhcpha_lease_request_add(action, answer, operation, lease)) {
    if (action != NULL) dhcpha_lease_request_discard(context, action);
    dhcpha_context_answer(context, answer, DHCPHA_RESULT_ERROR, "out of memory");
    return;
  }
  exchange->answer = answer;
  exchange->count = 1;
  dhcpha_outbox_put(&context->outbox, action);
}

void dhcpha_lease_update(dhcpha_context *context, const dhcpha_command *command,
                         dhcpha_action *answer) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  dhcpha_lease_reading reading;
  if (!dhcpha_json_is(command->arguments, DHCPHA_JSON_MAP)) {
    snprintf(text, sizeof text, "no parameters specified for %.*s command",
             (int)command->name_len, command->name);
    dhcpha_lease_request_refuse(context, answer, DHCPHA_RESULT_ERROR, text);
    return;
  }
  int result = dhcpha_lease_request_read(context, command->arguments, &reading, text);
  if (result != DHCPHA_RESULT_SUCCESS)
    dhcpha_lease_request_refuse(context, answer, result, text);
  else
    store(context, answer, reading.force_create ? DHCPHA_LEASE_PUT : DHCPHA_LEASE_PUT_EXISTING,
          &reading.lease);
}

dhcpha_status dhcpha_lease_delete(dhcpha_context *context, const dhcpha_command *command,
                                  dhcpha_action *answer) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  dhcpha_lease lease;
  dhcpha_status status =
      dhcpha_lease_request_read_deleted(context, command->arguments, &lease, text);
  if (status == DHCPHA_ERR_FOREIGN) return status;
  if (status == DHCPHA_OK)
    store(context, answer, DHCPHA_LEASE_DELETE, &lease);
  else
    dhcpha_lease_request_refuse(context, answer, DHCPHA_RESULT_ERROR, text);
  return DHCPHA_OK;
}

/* The result and text that go with what became of the lease. */
static int judge(const dhcpha_context *context, const dhcpha_lease_note *note,
                 dhcpha_stored stored, char text[DHCPHA_COMMAND_TEXT_SIZE]) {
  const char *kind = dhcpha_lease_kind(context);
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
  default: break;
  }
  if (stored != DHCPHA_STORED_MISSING || !note->deleted)
    return dhcpha_lease_request_judge(note, stored, text);
  snprintf(text, DHCPHA_COMMAND_TEXT_SIZE, "%s lease not found.", kind);
  return DHCPHA_RESULT_EMPTY;
}

void dhcpha_lease_stored(dhcpha_context *context, dhcpha_exchange *exchange,
                         const dhcpha_stored *results, size_t count) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  uint8_t duid[DHCPHA_DUID_MAX];
  dhcpha_lease_note note;
  dhcpha_action *answer = exchange->answer;
  uint32_t lease_count = exchange->count;
  bool is_bulk = exchange->flags == DHCPHA_SERVES_BULK;
  dhcpha_exchanges_remove(&context->exchanges, exchange);
  if (is_bulk) {
    dhcpha_bulk_stored(context, answer, lease_count, results, count);
    return;
  }
  size_t offset = 0;
  dhcpha_lease_note_read(answer, &offset, &note, duid);
  dhcpha_stored stored = count == 0 ? DHCPHA_STORED_FAILED : results[0];
  int result = judge(context, &note, stored, text);
  if (result == DHCPHA_RESULT_ERROR && stored != DHCPHA_STORED_REFUSED)
    dhcpha_log(context, DHCPHA_MESSAGE_STORE_FAILED, "%s", text);
  dhcpha_context_answer(context, answer, result, text);
}
