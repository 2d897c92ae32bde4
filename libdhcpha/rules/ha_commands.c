/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/ha_commands.h"

#include "dhcp/address.h"
#include "dhcp/lease_json.h"

#include <stdio.h>
#include <string.h>

/* ---- written ---- */

static void write_text_member(dhcpha_buffer *out, const char *key, const char *text) {
  dhcpha_buffer_append_char(out, '"');
  dhcpha_buffer_append_text(out, key);
  dhcpha_buffer_append_text(out, "\":");
  dhcpha_json_write_string(out, text, strlen(text));
}

static void write_integer_member(dhcpha_buffer *out, const char *key, int64_t value) {
  dhcpha_buffer_append_char(out, '"');
  dhcpha_buffer_append_text(out, key);
  dhcpha_buffer_append_text(out, "\":");
  dhcpha_buffer_append_integer(out, value);
}

static void write_named(dhcpha_buffer *out, dhcpha_family family, const char *command,
                        const char *server_name) {
  dhcpha_command_open(out);
  write_text_member(out, "server-name", server_name);
  dhcpha_command_close(out, command, family);
}

void dhcpha_write_heartbeat(dhcpha_buffer *out, dhcpha_family family, const char *server_name) {
  write_named(out, family, "ha-heartbeat", server_name);
}

void dhcpha_write_list_commands(dhcpha_buffer *out, dhcpha_family family) {
  dhcpha_command_open(out);
  dhcpha_command_close(out, "list-commands", family);
}

void dhcpha_write_reset(dhcpha_buffer *out, dhcpha_family family, const char *server_name) {
  write_named(out, family, "ha-reset", server_name);
}

void dhcpha_write_disable(dhcpha_buffer *out, dhcpha_family family, int64_t origin_id,
                          int64_t max_period_s) {
  dhcpha_command_open(out);
  if (max_period_s > 0) {
    write_integer_member(out, "max-period", max_period_s);
    dhcpha_buffer_append_char(out, ',');
  }
  dhcpha_buffer_append_text(out, "\"origin\":\"ha-partner\",");
  write_integer_member(out, "origin-id", origin_id);
  dhcpha_command_close(out, "dhcp-disable", family);
}

void dhcpha_write_enable(dhcpha_buffer *out, dhcpha_family family, int64_t origin_id) {
  dhcpha_command_open(out);
  dhcpha_buffer_append_text(out, "\"origin\":\"ha-partner\",");
  write_integer_member(out, "origin-id", origin_id);
  dhcpha_command_close(out, "dhcp-enable", family);
}

void dhcpha_write_sync_complete(dhcpha_buffer *out, dhcpha_family family, int64_t origin_id,
                                const char *server_name) {
  dhcpha_command_open(out);
  write_integer_member(out, "origin", origin_id); /* an integer here, P1 trap 11 */
  dhcpha_buffer_append_char(out, ',');
  write_integer_member(out, "origin-id", origin_id);
  dhcpha_buffer_append_char(out, ',');
  write_text_member(out, "server-name", server_name);
  dhcpha_command_close(out, "ha-sync-complete-notify", family);
}

void dhcpha_write_get_page(dhcpha_buffer *out, dhcpha_family family, const char *from,
                           uint32_t limit) {
  dhcpha_command_open(out);
  write_text_member(out, "from", from);
  dhcpha_buffer_append_char(out, ',');
  write_integer_member(out, "limit", limit);
  dhcpha_command_close(out, family == DHCPHA_DHCP4 ? "lease4-get-page" : "lease6-get-page",
                       family);
}

void dhcpha_write_maintenance_notify(dhcpha_buffer *out, dhcpha_family family, bool cancel,
                                     const char *server_name, const char *state) {
  dhcpha_command_open(out);
  dhcpha_buffer_append_text(out, cancel ? "\"cancel\":true," : "\"cancel\":false,");
  write_text_member(out, "server-name", server_name);
  dhcpha_buffer_append_char(out, ',');
  write_text_member(out, "state", state);
  dhcpha_command_close(out, "ha-maintenance-notify", family);
}

static const char origin_member[] = ",\"origin\":\"ha-partner\"";

static void write_lease_update(dhcpha_buffer *out, dhcpha_family family, const char *command,
                               const dhcpha_lease *lease) {
  dhcpha_command_open(out);
  dhcpha_lease_json_write_members(out, family, DHCPHA_LEASE_FORM_UPDATE, lease);
  dhcpha_buffer_append_text(out, ",\"force-create\":true");
  dhcpha_buffer_append_text(out, origin_member);
  dhcpha_command_close(out, command, family);
}

static void write_lease_delete(dhcpha_buffer *out, dhcpha_family family, const char *command,
                               const dhcpha_lease *lease) {
  dhcpha_command_open(out);
  dhcpha_lease_json_write_members(out, family, DHCPHA_LEASE_FORM_UPDATE, lease);
  dhcpha_buffer_append_text(out, origin_member);
  dhcpha_command_close(out, command, family);
}

void dhcpha_write_lease4_update(dhcpha_buffer *out, const dhcpha_lease *lease) {
  write_lease_update(out, DHCPHA_DHCP4, "lease4-update", lease);
}

void dhcpha_write_lease4_delete(dhcpha_buffer *out, const dhcpha_lease *lease) {
  write_lease_delete(out, DHCPHA_DHCP4, "lease4-del", lease);
}

void dhcpha_write_lease6_update(dhcpha_buffer *out, const dhcpha_lease *lease) {
  write_lease_update(out, DHCPHA_DHCP6, "lease6-update", lease);
}

void dhcpha_write_lease6_delete(dhcpha_buffer *out, const dhcpha_lease *lease) {
  write_lease_delete(out, DHCPHA_DHCP6, "lease6-del", lease);
}

static void write_lease6_list(dhcpha_buffer *out, const char *key, const dhcpha_lease *leases,
                              size_t count) {
  dhcpha_buffer_append_char(out, '"');
  dhcpha_buffer_append_text(out, key);
  dhcpha_buffer_append_text(out, "\":[");
  for (size_t i = 0; i < count; i++) {
    if (i != 0) dhcpha_buffer_append_char(out, ',');
    dhcpha_lease_json_write(out, DHCPHA_DHCP6, DHCPHA_LEASE_FORM_UPDATE,
                            dhcpha_lease_at(leases, i));
  }
  dhcpha_buffer_append_char(out, ']');
}

void dhcpha_write_lease6_bulk(dhcpha_buffer *out, const dhcpha_lease *leases, size_t lease_count,
                              const dhcpha_lease *deleted, size_t deleted_count) {
  dhcpha_command_open(out);
  write_lease6_list(out, "deleted-leases", deleted, deleted_count);
  dhcpha_buffer_append_char(out, ',');
  write_lease6_list(out, "leases", leases, lease_count);
  dhcpha_buffer_append_text(out, origin_member);
  dhcpha_command_close(out, "lease6-bulk-apply", DHCPHA_DHCP6);
}

/* ---- read ---- */

#define SAY(...) (snprintf(text, DHCPHA_COMMAND_TEXT_SIZE, __VA_ARGS__), text)
#define NAME(command) (int)(command)->name_len, (command)->name

/* A number that is no integer is still "a number" to nobody: Kea wants integers here. */
static const char *read_origin(const dhcpha_json_value *arguments, int64_t *origin,
                               char text[DHCPHA_COMMAND_TEXT_SIZE]) {
  const dhcpha_json_value *id = dhcpha_json_get(arguments, "origin-id");
  if (id != NULL) {
    if (id->type != DHCPHA_JSON_INTEGER) return "'origin-id' argument must be a number";
    *origin = id->integer;
    return NULL;
  }
  const dhcpha_json_value *named = dhcpha_json_get(arguments, "origin");
  if (named == NULL) return NULL;
  if (named->type == DHCPHA_JSON_INTEGER) {
    *origin = named->integer;
  } else if (named->type != DHCPHA_JSON_STRING) {
    return "'origin' argument must be a string or a number";
  } else if (dhcpha_json_text_equals(named, "ha-partner")) {
    *origin = DHCPHA_ORIGIN_REMOTE;
  } else if (!dhcpha_json_text_equals(named, "user")) {
    return SAY("invalid value used for 'origin' parameter: %.*s",
               (int)(named->text_len < 64 ? named->text_len : 64), named->text);
  }
  return NULL;
}

const char *dhcpha_read_switch(const dhcpha_command *command, dhcpha_switch_arguments *arguments,
                               char text[DHCPHA_COMMAND_TEXT_SIZE]) {
  arguments->origin = DHCPHA_ORIGIN_USER;
  arguments->max_period_s = 0;
  if (command->arguments == NULL) return NULL;
  if (command->arguments->type != DHCPHA_JSON_MAP)
    return SAY("arguments for the '%.*s' command must be a map", NAME(command));
  const dhcpha_json_value *period = dhcpha_json_get(command->arguments, "max-period");
  if (period != NULL && dhcpha_command_is(command, "dhcp-disable")) {
    if (period->type != DHCPHA_JSON_INTEGER) return "'max-period' argument must be a number";
    if (period->integer <= 0) return "'max-period' must be positive integer";
    arguments->max_period_s = period->integer;
  }
  return read_origin(command->arguments, &arguments->origin, text);
}

const char *dhcpha_read_get_page(const dhcpha_command *command, dhcpha_family family,
                                 dhcpha_page_arguments *arguments,
                                 char text[DHCPHA_COMMAND_TEXT_SIZE]) {
  const char *kind = family == DHCPHA_DHCP4 ? "IPv4" : "IPv6";
  if (command->arguments == NULL)
    return SAY("no parameters specified for the %.*s command", NAME(command));
  if (command->arguments->type != DHCPHA_JSON_MAP)
    return SAY("arguments for the '%.*s' command must be a map", NAME(command));
  const dhcpha_json_value *from = dhcpha_json_get(command->arguments, "from");
  if (from == NULL) return "'from' parameter not specified";
  if (from->type != DHCPHA_JSON_STRING) return "'from' parameter must be a string";
  memset(&arguments->after, 0, sizeof arguments->after);
  arguments->after.family = (uint8_t)family;
  if (!dhcpha_json_text_equals(from, "start")) {
    if (!dhcpha_address_read(&arguments->after, from->text, from->text_len))
      return SAY("'from' parameter value is neither 'start' keyword nor a valid %s address",
                 kind);
    if (arguments->after.family != (uint8_t)family)
      return SAY("'from' parameter value %.*s is not an %s address", (int)from->text_len,
                 from->text, kind);
  }
  const dhcpha_json_value *limit = dhcpha_json_get(command->arguments, "limit");
  if (limit == NULL) return "'limit' parameter not specified";
  if (limit->type != DHCPHA_JSON_INTEGER) return "'limit' parameter must be a number";
  if (limit->integer == 0) return "page size of retrieved leases must not be 0";
  if (limit->integer < 0 || limit->integer > UINT32_MAX)
    return "page size of retrieved leases must not be greater than 4294967295";
  arguments->limit = (uint32_t)limit->integer;
  return NULL;
}

const char *dhcpha_read_server_name(const dhcpha_command *command, const char **name,
                                    size_t *len, char text[DHCPHA_COMMAND_TEXT_SIZE]) {
  *name = NULL;
  if (command->arguments == NULL) return NULL;
  if (command->arguments->type != DHCPHA_JSON_MAP)
    return SAY("arguments in the '%.*s' command are not a map", NAME(command));
  const dhcpha_json_value *server = dhcpha_json_get(command->arguments, "server-name");
  if (server == NULL) return NULL;
  if (server->type != DHCPHA_JSON_STRING)
    return SAY("'server-name' must be a string in the '%.*s' command", NAME(command));
  *name = server->text;
  *len = server->text_len;
  return NULL;
}

const char *dhcpha_read_sync(const dhcpha_command *command, int64_t *max_period_s,
                             char text[DHCPHA_COMMAND_TEXT_SIZE]) {
  const char *name = NULL;
  size_t len = 0;
  *max_period_s = 0;
  if (command->arguments == NULL) return "arguments not found in the 'ha-sync' command";
  const char *error = dhcpha_read_server_name(command, &name, &len, text);
  if (error != NULL) return error;
  if (name == NULL) return "'server-name' is mandatory for the 'ha-sync' command";
  const dhcpha_json_value *period = dhcpha_json_get(command->arguments, "max-period");
  if (period != NULL && (period->type != DHCPHA_JSON_INTEGER || period->integer <= 0))
    return "'max-period' must be a positive integer in the 'ha-sync' command";
  if (period != NULL) *max_period_s = period->integer;
  return NULL;
}

const char *dhcpha_read_sync_complete(const dhcpha_command *command, int64_t *origin,
                                      char text[DHCPHA_COMMAND_TEXT_SIZE]) {
  static const char *const keys[] = {"origin-id", "origin"};
  *origin = -1;
  for (size_t i = 0; i < 2; i++) {
    const dhcpha_json_value *value = dhcpha_json_get(command->arguments, keys[i]);
    if (value == NULL) continue;
    if (value->type != DHCPHA_JSON_INTEGER)
      return SAY("'%s' must be an integer in the 'ha-sync-complete-notify' command", keys[i]);
    *origin = value->integer;
    break;
  }
  return NULL;
}

const char *dhcpha_read_scopes(const dhcpha_command *command, const dhcpha_json_value **scopes,
                               char text[DHCPHA_COMMAND_TEXT_SIZE]) {
  if (command->arguments == NULL) return "arguments not found in the 'ha-scopes' command";
  if (command->arguments->type != DHCPHA_JSON_MAP)
    return SAY("arguments in the '%.*s' command are not a map", NAME(command));
  *scopes = dhcpha_json_get(command->arguments, "scopes");
  if (*scopes == NULL) return "'scopes' is mandatory for the 'ha-scopes' command";
  if ((*scopes)->type != DHCPHA_JSON_LIST)
    return "'scopes' must be a list in the 'ha-scopes' command";
  for (const dhcpha_json_value *scope = (*scopes)->first; scope != NULL; scope = scope->next)
    if (scope->type != DHCPHA_JSON_STRING)
      return "scope name must be a string in the 'scopes' argument";
  return NULL;
}

const char *dhcpha_read_maintenance_notify(const dhcpha_command *command, bool *cancel,
                                           const dhcpha_json_value **state,
                                           char text[DHCPHA_COMMAND_TEXT_SIZE]) {
  const dhcpha_json_value *arguments = command->arguments;
  if (arguments == NULL)
    return "invalid command 'ha-maintenance-notify': no arguments specified";
  if (arguments->type != DHCPHA_JSON_MAP)
    return SAY("invalid command 'ha-maintenance-notify': expected 'arguments' to be a map, got "
               "%s instead",
               dhcpha_json_type_name(arguments->type));
  if (arguments->count == 0)
    return "invalid command 'ha-maintenance-notify': 'arguments' is empty";
  const dhcpha_json_value *flag = dhcpha_json_get(arguments, "cancel");
  if (flag == NULL) return "'cancel' is mandatory for the 'ha-maintenance-notify' command";
  if (flag->type != DHCPHA_JSON_BOOLEAN)
    return "'cancel' must be a boolean in the 'ha-maintenance-notify' command";
  *cancel = flag->boolean;
  *state = dhcpha_json_get(arguments, "state");
  if (*state != NULL && (*state)->type != DHCPHA_JSON_STRING)
    return "'state' must be a string in the 'ha-maintenance-notify' command";
  return NULL;
}

bool dhcpha_command_is_peer_command(const dhcpha_command *command, dhcpha_family family) {
  static const struct {
    const char *name;
    int family; /* 0: both */
  } taken[] = {
      {"list-commands", 0},         {"status-get", 0},       {"dhcp-disable", 0},
      {"dhcp-enable", 0},           {"ha-reset", 0},         {"ha-heartbeat", 0},
      {"ha-maintenance-notify", 0}, {"ha-sync-complete-notify", 0},
      {"lease4-update", 4},         {"lease4-del", 4},       {"lease4-get-all", 4},
      {"lease4-get-page", 4},       {"lease6-bulk-apply", 6}, {"lease6-update", 6},
      {"lease6-del", 6},            {"lease6-get-all", 6},   {"lease6-get-page", 6},
  };
  for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
    if ((taken[i].family == 0 || taken[i].family == (int)family) &&
        dhcpha_command_is(command, taken[i].name))
      return true;
  return false;
}
