/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/command.h"

#include "dhcp/address.h"

#include <dhcpha/lease.h>

#include <stdio.h>
#include <string.h>

dhcpha_status dhcpha_command_read(dhcpha_command *command, const dhcpha_json_value *request) {
  static const char *const known[] = {"command", "arguments", "service", "remote-address"};
  const char *prefix = "Error during command processing: invalid command: ";
  command->name = "";
  command->name_len = 0;
  command->arguments = NULL;
  command->error[0] = '\0';
  if (!dhcpha_json_is(request, DHCPHA_JSON_MAP)) {
    snprintf(command->error, sizeof command->error,
             "%sexpected toplevel entry to be a map, got %s instead", prefix,
             dhcpha_json_type_name(request->type));
    return DHCPHA_ERR_MALFORMED;
  }
  const dhcpha_json_value *name = dhcpha_json_get(request, "command");
  if (name == NULL) {
    snprintf(command->error, sizeof command->error,
             "%sdoes not contain mandatory 'command'", prefix);
    return DHCPHA_ERR_MALFORMED;
  }
  if (name->type != DHCPHA_JSON_STRING) {
    snprintf(command->error, sizeof command->error,
             "%sexpected 'command' to be a string, got %s instead", prefix,
             dhcpha_json_type_name(name->type));
    return DHCPHA_ERR_MALFORMED;
  }
  for (const dhcpha_json_value *member = request->first; member != NULL; member = member->next) {
    bool found = false;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
      found = found || (member->key_len == strlen(known[i]) &&
                        memcmp(member->key, known[i], member->key_len) == 0);
    if (!found) {
      snprintf(command->error, sizeof command->error, "%sunsupported parameter '%.*s'", prefix,
               (int)(member->key_len < 64 ? member->key_len : 64), member->key);
      return DHCPHA_ERR_MALFORMED;
    }
  }
  command->name = name->text;
  command->name_len = name->text_len;
  command->arguments = dhcpha_json_get(request, "arguments");
  return DHCPHA_OK;
}

bool dhcpha_command_is(const dhcpha_command *command, const char *name) {
  return command->name_len == strlen(name) && memcmp(command->name, name, command->name_len) == 0;
}

void dhcpha_command_open(dhcpha_buffer *out) {
  dhcpha_buffer_append_text(out, "{\"arguments\":{");
}

void dhcpha_command_close(dhcpha_buffer *out, const char *name, dhcpha_family family) {
  dhcpha_buffer_append_text(out, "},\"command\":\"");
  dhcpha_buffer_append_text(out, name);
  dhcpha_buffer_append_text(out, family == DHCPHA_DHCP4 ? "\",\"service\":[\"dhcp4\"]}"
                                                        : "\",\"service\":[\"dhcp6\"]}");
}

void dhcpha_answer_write(dhcpha_buffer *out, int result, const char *text) {
  dhcpha_buffer_append_text(out, "[{\"result\":");
  dhcpha_buffer_append_integer(out, result);
  dhcpha_buffer_append_text(out, ",\"text\":");
  dhcpha_json_write_string(out, text, strlen(text));
  dhcpha_buffer_append_text(out, "}]");
}

void dhcpha_answer_write_with(dhcpha_buffer *out, const char *arguments, int result,
                              const char *text) {
  dhcpha_buffer_append_text(out, "[{\"arguments\":");
  dhcpha_buffer_append_text(out, arguments);
  dhcpha_buffer_append_text(out, ",\"result\":");
  dhcpha_buffer_append_integer(out, result);
  dhcpha_buffer_append_text(out, ",\"text\":");
  dhcpha_json_write_string(out, text, strlen(text));
  dhcpha_buffer_append_text(out, "}]");
}

void dhcpha_answer_write_http(dhcpha_buffer *out, int http_status) {
  const char *text = http_status == 400   ? "Bad Request"
                     : http_status == 403 ? "Forbidden"
                                          : "Internal Server Error";
  dhcpha_buffer_append_format(out, "{ \"result\": %d, \"text\": \"%s\" }", http_status, text);
}

static void set_text(dhcpha_answer *answer, const char *text, size_t len) {
  size_t room = sizeof answer->text - 1;
  size_t used = 0;
  for (size_t i = 0; i < len && used < room; i++)
    answer->text[used++] = (unsigned char)text[i] < 0x20 ? ' ' : text[i];
  answer->text[used] = '\0';
}

static void set_malformed(dhcpha_answer *answer, const char *what) {
  answer->kind = DHCPHA_ANSWER_MALFORMED;
  answer->code = DHCPHA_RESULT_ERROR;
  set_text(answer, what, strlen(what));
}

/* P1 4.8: how Kea tells that another thread holds the address: result 4, in version 2.2 result 1. */
static bool is_contention(const dhcpha_json_value *result, const dhcpha_json_value *text) {
  static const char prefix[] = "ResourceBusy";
  return dhcpha_json_is(result, DHCPHA_JSON_INTEGER) &&
         (result->integer == DHCPHA_RESULT_CONFLICT || result->integer == DHCPHA_RESULT_ERROR) &&
         dhcpha_json_is(text, DHCPHA_JSON_STRING) && text->text_len >= sizeof prefix - 1 &&
         memcmp(text->text, prefix, sizeof prefix - 1) == 0;
}

bool dhcpha_answer_entry_is_contended(const dhcpha_json_value *entry) {
  return is_contention(dhcpha_json_get(entry, "result"), dhcpha_json_get(entry, "error-message"));
}

/* P1 4.5, the row "result 3, failed-leases": nothing succeeded, so the failures decide. */
static dhcpha_answer_kind judge_failed_leases(const dhcpha_json_value *arguments) {
  const dhcpha_json_value *failed = dhcpha_json_get(arguments, "failed-leases");
  dhcpha_answer_kind kind = DHCPHA_ANSWER_SUCCESS;
  if (!dhcpha_json_is(failed, DHCPHA_JSON_LIST)) return kind;
  for (const dhcpha_json_value *entry = failed->first; entry != NULL; entry = entry->next) {
    const dhcpha_json_value *result = dhcpha_json_get(entry, "result");
    if (dhcpha_answer_entry_is_contended(entry)) {
      if (kind == DHCPHA_ANSWER_SUCCESS) kind = DHCPHA_ANSWER_CONTENDED;
      continue;
    }
    if (!dhcpha_json_is(result, DHCPHA_JSON_INTEGER)) continue;
    if (result->integer == DHCPHA_RESULT_ERROR) return DHCPHA_ANSWER_ERROR;
    if (result->integer == DHCPHA_RESULT_CONFLICT) kind = DHCPHA_ANSWER_CONFLICT;
  }
  return kind;
}

static dhcpha_answer_kind judge(const dhcpha_json_value *result, const dhcpha_json_value *text,
                                const dhcpha_json_value *arguments) {
  if (is_contention(result, text)) return DHCPHA_ANSWER_CONTENDED;
  switch (result->integer) {
  case DHCPHA_RESULT_SUCCESS: return DHCPHA_ANSWER_SUCCESS;
  case DHCPHA_RESULT_UNSUPPORTED: return DHCPHA_ANSWER_UNSUPPORTED;
  case DHCPHA_RESULT_EMPTY: return judge_failed_leases(arguments);
  case DHCPHA_RESULT_CONFLICT: return DHCPHA_ANSWER_CONFLICT;
  default: return DHCPHA_ANSWER_ERROR;
  }
}

void dhcpha_answer_read(dhcpha_answer *answer, const dhcpha_json_value *tree) {
  answer->arguments = NULL;
  answer->text[0] = '\0';
  answer->form = DHCPHA_FORM_UNKNOWN;
  answer->map_result = 0;
  if (tree == NULL) {
    set_malformed(answer, "the answer is not JSON");
    return;
  }
  const dhcpha_json_value *first = tree;
  if (tree->type == DHCPHA_JSON_LIST) first = tree->first;
  const dhcpha_json_value *text = dhcpha_json_get(first, "text");
  if (tree->type == DHCPHA_JSON_MAP) {
    /* P1 4.3: a bare map is an error whatever its result says. */
    const dhcpha_json_value *said = dhcpha_json_get(first, "result");
    answer->form = DHCPHA_FORM_MAP;
    if (dhcpha_json_is(said, DHCPHA_JSON_INTEGER)) answer->map_result = said->integer;
    set_malformed(answer, "the answer is a map, not a list");
    if (dhcpha_json_is(text, DHCPHA_JSON_STRING)) {
      answer->kind = DHCPHA_ANSWER_ERROR;
      set_text(answer, text->text, text->text_len);
    }
    return;
  }
  if (tree->type != DHCPHA_JSON_LIST) {
    set_malformed(answer, "the answer is not a list");
    return;
  }
  answer->form = DHCPHA_FORM_LIST;
  const dhcpha_json_value *result = dhcpha_json_get(first, "result");
  if (!dhcpha_json_is(result, DHCPHA_JSON_INTEGER)) {
    set_malformed(answer, first == NULL ? "the answer is an empty list"
                                        : "the answer has no integer 'result'");
    return;
  }
  answer->code = result->integer;
  answer->arguments = dhcpha_json_get(first, "arguments");
  answer->kind = judge(result, text, answer->arguments);
  if (dhcpha_json_is(text, DHCPHA_JSON_STRING)) set_text(answer, text->text, text->text_len);
}

bool dhcpha_answer_entry_get_lease(const dhcpha_json_value *entry, dhcpha_address *address,
                                   uint8_t *type) {
  const dhcpha_json_value *text = dhcpha_json_get(entry, "ip-address");
  const dhcpha_json_value *name = dhcpha_json_get(entry, "type");
  *type = DHCPHA_LEASE_ADDRESS;
  if (dhcpha_json_is(name, DHCPHA_JSON_STRING)) {
    if (dhcpha_json_text_equals(name, "IA_PD")) *type = DHCPHA_LEASE_PREFIX;
    if (dhcpha_json_text_equals(name, "IA_TA")) *type = DHCPHA_LEASE_TEMPORARY;
  }
  return dhcpha_json_is(text, DHCPHA_JSON_STRING) &&
         dhcpha_address_read(address, text->text, text->text_len);
}
