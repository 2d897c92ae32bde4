/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/bulk_apply.h"

#include "memory/log.h"
#include "procedures/lease_request.h"

#include <stdio.h>

/* A bulk on its way to the store. */
typedef struct bulk {
  dhcpha_context *context;
  dhcpha_action *action; /* of the store */
  dhcpha_action *answer;
  char text[DHCPHA_COMMAND_TEXT_SIZE]; /* why it is refused */
} bulk;

/* ---- all is read before anything is done ---- */

static dhcpha_status no_memory(bulk *b) {
  snprintf(b->text, sizeof b->text, "out of memory");
  return DHCPHA_ERR_NOMEM;
}

static dhcpha_status read_deleted(bulk *b, const dhcpha_json_value *list) {
  dhcpha_lease lease;
  for (const dhcpha_json_value *v = list == NULL ? NULL : list->first; v != NULL; v = v->next) {
    dhcpha_status status = dhcpha_lease_request_read_deleted(b->context, v, &lease, b->text);
    if (status != DHCPHA_OK) return status;
    if (!dhcpha_lease_request_add(b->action, b->answer, DHCPHA_LEASE_DELETE, &lease))
      return no_memory(b);
  }
  return DHCPHA_OK;
}

/* A subnet that is not there is an error here, not a conflict (P1 trap 15). */
static dhcpha_status read_leases(bulk *b, const dhcpha_json_value *list) {
  dhcpha_lease_reading reading;
  for (const dhcpha_json_value *v = list == NULL ? NULL : list->first; v != NULL; v = v->next) {
    if (dhcpha_lease_request_read(b->context, v, &reading, b->text) != DHCPHA_RESULT_SUCCESS)
      return DHCPHA_ERR_MALFORMED;
    if (!dhcpha_lease_request_add(b->action, b->answer, DHCPHA_LEASE_PUT, &reading.lease))
      return no_memory(b);
  }
  return DHCPHA_OK;
}

/* NULL, or what is wrong with the arguments as a whole. */
static const char *check_arguments(const dhcpha_json_value *arguments) {
  if (!dhcpha_json_is(arguments, DHCPHA_JSON_MAP))
    return "Command arguments missing or a not a map.";
  const dhcpha_json_value *deleted = dhcpha_json_get(arguments, "deleted-leases");
  const dhcpha_json_value *leases = dhcpha_json_get(arguments, "leases");
  if (deleted == NULL && leases == NULL)
    return "neither 'deleted-leases' nor 'leases' parameter specified";
  if (deleted != NULL && deleted->type != DHCPHA_JSON_LIST)
    return "the 'deleted-leases' parameter must be a list";
  if (leases != NULL && leases->type != DHCPHA_JSON_LIST)
    return "the 'leases' parameter must be a list";
  return NULL;
}

dhcpha_status dhcpha_bulk_apply(dhcpha_context *context, const dhcpha_command *command,
                                dhcpha_action *answer) {
  dhcpha_exchange *exchange;
  const char *wrong = check_arguments(command->arguments);
  if (wrong != NULL) {
    dhcpha_lease_request_refuse(context, answer, DHCPHA_RESULT_ERROR, wrong);
    return DHCPHA_OK;
  }
  bulk b = {.context = context, .answer = answer};
  b.action = dhcpha_lease_request_open(context, &exchange);
  if (b.action == NULL) {
    dhcpha_context_answer(context, answer, DHCPHA_RESULT_ERROR, "out of memory");
    return DHCPHA_OK;
  }
  dhcpha_status status =
      read_deleted(&b, dhcpha_json_get(command->arguments, "deleted-leases"));
  if (status == DHCPHA_OK)
    status = read_leases(&b, dhcpha_json_get(command->arguments, "leases"));
  size_t count = dhcpha_lease_batch_get_count(b.action->leases);
  if (status == DHCPHA_OK && count > 0) {
    exchange->answer = answer;
    exchange->flags = DHCPHA_SERVES_BULK;
    exchange->count = (uint32_t)count;
    dhcpha_outbox_put(&context->outbox, b.action);
    return DHCPHA_OK;
  }
  dhcpha_lease_request_discard(context, b.action);
  if (status == DHCPHA_ERR_FOREIGN) return status;
  if (status == DHCPHA_OK)
    dhcpha_context_answer(context, answer, DHCPHA_RESULT_EMPTY,
                          "Bulk apply of 0 IPv6 leases completed.");
  else
    dhcpha_lease_request_refuse(context, answer, DHCPHA_RESULT_ERROR, b.text);
  return DHCPHA_OK;
}

/* ---- the store is done ---- */

/* What became of one lease: DHCPHA_RESULT_SUCCESS, or the result and message of its entry. */
static int judge(const dhcpha_lease_note *note, dhcpha_stored stored,
                 char text[DHCPHA_COMMAND_TEXT_SIZE]) {
  switch (stored) {
  case DHCPHA_STORED_ADDED:
  case DHCPHA_STORED_UPDATED:
  case DHCPHA_STORED_KEPT:
  case DHCPHA_STORED_DELETED: return DHCPHA_RESULT_SUCCESS;
  default: break;
  }
  if (stored != DHCPHA_STORED_MISSING || !note->deleted)
    return dhcpha_lease_request_judge(note, stored, text);
  snprintf(text, DHCPHA_COMMAND_TEXT_SIZE, "lease not found");
  return DHCPHA_RESULT_EMPTY;
}

/* P1 4.8: of a lease without address the DUID is told. */
static void write_failed(dhcpha_buffer *out, const dhcpha_lease_note *note, const uint8_t *duid,
                         int result, const char *text) {
  char hex[DHCPHA_DUID_MAX * 3];
  char address[DHCPHA_ADDRESS_TEXT_SIZE];
  dhcpha_buffer_append_text(out, "{");
  if (note->duid_len > 0) {
    dhcpha_buffer_append_text(out, "\"duid\":\"");
    dhcpha_buffer_append(out, hex, dhcpha_hex_write(duid, note->duid_len, hex));
    dhcpha_buffer_append_text(out, "\",");
  }
  dhcpha_buffer_append_text(out, "\"error-message\":\"");
  dhcpha_buffer_append_text(out, text);
  if (note->duid_len == 0) {
    dhcpha_buffer_append_text(out, "\",\"ip-address\":\"");
    dhcpha_buffer_append_text(out, dhcpha_address_format(&note->address, address));
  }
  dhcpha_buffer_append_format(out, "\",\"result\":%d,\"type\":\"%s\"}", result,
                              dhcpha_lease_type_names[note->type]);
}

typedef struct outcome {
  size_t done;
  size_t failed; /* listed so far */
  size_t not_stored; /* of these, leases that were to be stored */
} outcome;

/* One of the two lists; the store's results are those of the batch, in its order. */
static void write_list(dhcpha_context *context, dhcpha_action *answer, bool deleted,
                       uint32_t lease_count, const dhcpha_stored *results, size_t count,
                       outcome *told) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  uint8_t duid[DHCPHA_DUID_MAX];
  dhcpha_lease_note note;
  dhcpha_buffer *out = &answer->json;
  size_t offset = 0;
  size_t listed = 0;
  for (uint32_t i = 0; i < lease_count; i++) {
    dhcpha_lease_note_read(answer, &offset, &note, duid);
    if (note.deleted != deleted) continue;
    dhcpha_stored stored = i < count ? results[i] : DHCPHA_STORED_FAILED;
    int result = judge(&note, stored, text);
    if (result == DHCPHA_RESULT_SUCCESS) {
      told->done++;
      continue;
    }
    if (result == DHCPHA_RESULT_ERROR && stored != DHCPHA_STORED_REFUSED)
      dhcpha_log(context, DHCPHA_MESSAGE_STORE_FAILED, "%s", text);
    told->not_stored += !deleted;
    if (listed++ == 0) {
      dhcpha_buffer_append_text(out, told->failed == 0 ? "[{\"arguments\":{" : ",");
      dhcpha_buffer_append_text(out, deleted ? "\"failed-deleted-leases\":["
                                             : "\"failed-leases\":[");
    } else {
      dhcpha_buffer_append_char(out, ',');
    }
    write_failed(out, &note, duid, result, text);
    told->failed++;
  }
  if (listed > 0) dhcpha_buffer_append_char(out, ']');
}

void dhcpha_bulk_stored(dhcpha_context *context, dhcpha_action *answer, uint32_t lease_count,
                        const dhcpha_stored *results, size_t count) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  outcome told = {0, 0, 0};
  write_list(context, answer, true, lease_count, results, count, &told);
  write_list(context, answer, false, lease_count, results, count, &told);
  int result = told.done > 0 ? DHCPHA_RESULT_SUCCESS : DHCPHA_RESULT_EMPTY;
  snprintf(text, sizeof text, "Bulk apply of %zu IPv6 leases completed.", told.done);
  if (told.failed > 0) {
    dhcpha_buffer_append_format(&answer->json, "},\"result\":%d,\"text\":\"%s\"}]", result, text);
    if (answer->json.status == DHCPHA_OK) {
      dhcpha_context_send_answer(context, answer);
      return;
    }
    /* Without the list, result 3 would be taken for success (P1 4.5). */
    if (result == DHCPHA_RESULT_EMPTY && told.not_stored > 0) result = DHCPHA_RESULT_ERROR;
  }
  dhcpha_context_answer(context, answer, result, text);
}
