/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include <config.h>

#include "commands.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands_parts.h"

#define EXPLAIN_COMMAND "dhcpha-explain"

static const char *const hub_counters[DHCPHA_COUNTER_COUNT] = {
  [DHCPHA_COUNTER_HEARTBEATS_SENT] = "heartbeats-sent",
  [DHCPHA_COUNTER_HEARTBEATS_FAILED] = "heartbeats-failed",
  [DHCPHA_COUNTER_UPDATES_SENT] = "updates-sent",
  [DHCPHA_COUNTER_UPDATES_ACKNOWLEDGED] = "updates-acknowledged",
  [DHCPHA_COUNTER_UPDATES_FAILED] = "updates-failed",
  [DHCPHA_COUNTER_UPDATES_REJECTED] = "updates-rejected",
  [DHCPHA_COUNTER_QUERIES_PARKED] = "queries-parked",
  [DHCPHA_COUNTER_QUERIES_DROPPED] = "queries-dropped",
  [DHCPHA_COUNTER_COMMANDS_RECEIVED] = "commands-received",
  [DHCPHA_COUNTER_COMMANDS_MALFORMED] = "commands-malformed",
  [DHCPHA_COUNTER_ANSWERS_MALFORMED] = "answers-malformed",
  [DHCPHA_COUNTER_ANSWERS_LATE] = "answers-late",
  [DHCPHA_COUNTER_LEASES_SYNCHRONIZED] = "leases-synchronized",
  [DHCPHA_COUNTER_LEASES_REFUSED] = "leases-refused",
  [DHCPHA_COUNTER_LOGS_LOST] = "logs-lost",
  [DHCPHA_COUNTER_UPDATES_CONTENDED] = "updates-contended",
  [DHCPHA_COUNTER_UPDATES_RETRIED] = "updates-retried",
  [DHCPHA_COUNTER_UPDATES_COALESCED] = "updates-coalesced",
  [DHCPHA_COUNTER_UPDATES_LOST] = "updates-lost",
};

void command_result(struct command *command, int result, const char *format, ...) {
  char text[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  json_put(command->out, "result");
  yajl_gen_integer(command->out, result);
  if (text[0] == '\0') return;
  json_put(command->out, "text");
  json_put(command->out, text);
}

/* ---- about the server ---- */

static void put_counter(yajl_gen out, const char *name, uint64_t value) {
  json_put(out, name);
  yajl_gen_integer(out, (long long)value);
}

static void put_explanations(struct command *command) {
  dhcpha_hub *hub = command->server->hub;
  yajl_gen_array_open(command->out);
  for (size_t i = 0; hub != NULL && i < dhcpha_hub_get_relationship_count(hub); i++) {
    dhcpha_explanation explanation;
    dhcpha_explanation_init(&explanation);
    if (dhcpha_hub_explain(hub, i, &explanation) != DHCPHA_OK) continue;
    yajl_gen_map_open(command->out);
    json_put(command->out, "state");
    json_put(command->out, dhcpha_state_get_name(dhcpha_hub_get_state(hub, i)));
    json_put(command->out, "code");
    json_put(command->out, explanation.code);
    json_put(command->out, "text");
    json_put(command->out, explanation.text);
    yajl_gen_map_close(command->out);
  }
  yajl_gen_array_close(command->out);
}

/* How lease updates fare on their way to each peer. */
static void put_queues(yajl_gen out, const dhcpha_hub *hub) {
  dhcpha_queue_report report;
  dhcpha_queue_report_init(&report);
  yajl_gen_array_open(out);
  for (size_t i = 0; hub != NULL && i < dhcpha_hub_get_relationship_count(hub); i++)
    for (size_t k = 0; dhcpha_hub_get_queue(hub, i, k, &report) == DHCPHA_OK; k++) {
      yajl_gen_map_open(out);
      json_put(out, "server-name");
      json_put(out, report.peer);
      put_counter(out, "updates-waiting", report.waiting);
      put_counter(out, "updates-lost", report.lost);
      json_put(out, "out-of-date");
      yajl_gen_bool(out, report.lost != 0);
      json_put(out, "too-slow");
      yajl_gen_bool(out, report.full);
      yajl_gen_map_close(out);
    }
  yajl_gen_array_close(out);
}

/* This server's own part of status-get. */
static void put_own_status(struct command *command) {
  const struct server *server = command->server;
  yajl_gen out = command->out;
  yajl_gen_map_open(out);
  json_put(out, "explanations");
  put_explanations(command);
  json_put(out, "queues");
  put_queues(out, server->hub);
  json_put(out, "packets");
  yajl_gen_map_open(out);
  for (int i = 0; i < COUNTERS; i++)
    put_counter(out, counter_name((enum counter)i), server->counters[i]);
  yajl_gen_map_close(out);
  put_counter(out, "leases", server->store.table.count);
  put_counter(out, "answers-waiting", server->answers.waiting);
  json_put(out, "service-enabled");
  yajl_gen_bool(out, server->service);
  json_put(out, "counters");
  yajl_gen_map_open(out);
  for (int i = 0; server->hub != NULL && i < DHCPHA_COUNTER_COUNT; i++)
    if (hub_counters[i] != NULL)
      put_counter(out, hub_counters[i], dhcpha_hub_get_counter(server->hub, (dhcpha_counter)i));
  yajl_gen_map_close(out);
  yajl_gen_map_close(out);
}

static void status_get(struct command *command) {
  struct server *server = command->server;
  yajl_gen out = command->out;
  int64_t uptime = server_time().utc_ms / 1000 - server->started;
  json_put(out, "arguments");
  yajl_gen_map_open(out);
  put_counter(out, "pid", (uint64_t)getpid());
  put_counter(out, "reload", (uint64_t)uptime); /* it is never configured anew */
  put_counter(out, "uptime", (uint64_t)uptime);
  const char *status = server->hub != NULL ? dhcpha_hub_get_status(server->hub) : NULL;
  if (status != NULL) {
    json_put(out, "high-availability");
    yajl_gen_number(out, status, strlen(status)); /* JSON as it is */
  }
  json_put(out, "dhcpha");
  put_own_status(command);
  yajl_gen_map_close(out);
  command_result(command, RESULT_SUCCESS, "%s", "");
}

static void explain(struct command *command) {
  json_put(command->out, "arguments");
  put_explanations(command);
  dhcpha_explanation first;
  dhcpha_explanation_init(&first);
  if (command->server->hub != NULL) dhcpha_hub_explain(command->server->hub, 0, &first);
  command_result(command, RESULT_SUCCESS, "%s", first.text);
}

static void version_get(struct command *command) {
  command_result(command, RESULT_SUCCESS, "%s", PACKAGE_VERSION);
}

/* A whole configuration is read and thrown away. */
static void config_test(struct command *command) {
  size_t len = 0;
  char *text = command->arguments != NULL ? json_text(command->arguments, &len) : NULL;
  if (text == NULL) {
    command_result(command, RESULT_ERROR, "Missing mandatory 'arguments' parameter.");
    return;
  }
  struct findings findings = { .count = 0 };
  struct config *config = config_read(command->server->config->family, text, len, false, &findings);
  yajl_gen out = command->out;
  json_put(out, "arguments");
  yajl_gen_map_open(out);
  json_put(out, "messages");
  yajl_gen_array_open(out);
  const char *first = NULL;
  for (size_t i = 0; i < findings.count; i++) {
    const struct finding *finding = &findings.list[i];
    if (first == NULL && finding->severity == DHCPHA_SEVERITY_ERROR) first = finding->text;
    yajl_gen_map_open(out);
    json_put(out, "severity");
    json_put(out, severity_name(finding->severity));
    json_put(out, "text");
    json_put(out, finding->text);
    yajl_gen_map_close(out);
  }
  yajl_gen_array_close(out);
  yajl_gen_map_close(out);
  if (config != NULL) command_result(command, RESULT_SUCCESS, "Configuration seems sane.");
  else command_result(command, RESULT_ERROR, "%s", first != NULL ? first : "out of memory");
  config_free(config);
  findings_free(&findings);
  free(text);
}

/* ---- the table ---- */

static void list_commands(struct command *command);

static const struct row {
  const char *name;
  void (*answer)(struct command *command);
  uint8_t family; /* 0: of both */
} rows[] = {
  { "config-test", config_test, 0 },
  { EXPLAIN_COMMAND, explain, 0 },
  { "lease4-add", command_lease_add, 4 },
  { "lease4-del", command_lease_del, 4 },
  { "lease4-get", command_lease_get, 4 },
  { "lease4-get-all", command_lease_get_all, 4 },
  { "lease4-get-by-client-id", command_lease_get_by_client_id, 4 },
  { "lease4-get-by-hostname", command_lease_get_by_hostname, 4 },
  { "lease4-get-by-hw-address", command_lease_get_by_hw_address, 4 },
  { "lease6-add", command_lease_add, 6 },
  { "lease6-del", command_lease_del, 6 },
  { "lease6-get", command_lease_get, 6 },
  { "lease6-get-all", command_lease_get_all, 6 },
  { "lease6-get-by-duid", command_lease_get_by_client_id, 6 },
  { "lease6-get-by-hostname", command_lease_get_by_hostname, 6 },
  { "list-commands", list_commands, 0 },
  { "status-get", status_get, 0 },
  { "version-get", version_get, 0 },
};
#define ROWS (sizeof rows / sizeof *rows)
#define HUB_COMMANDS_MAX 64

static bool is_ours(const struct command *command, const struct row *row) {
  return row->family == 0 || row->family == command->server->config->family;
}

static int compare_names(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Partners tell by the hub's names what they may send. */
static void list_commands(struct command *command) {
  const char *names[ROWS + HUB_COMMANDS_MAX];
  const dhcpha_hub *hub = command->server->hub;
  size_t count = 0;
  for (size_t i = 0; i < ROWS; i++)
    if (is_ours(command, &rows[i])) names[count++] = rows[i].name;
  for (size_t i = 0; hub != NULL && i < HUB_COMMANDS_MAX; i++) {
    const char *name = dhcpha_hub_get_command(hub, i);
    if (name != NULL) names[count++] = name;
  }
  qsort(names, count, sizeof *names, compare_names);
  json_put(command->out, "arguments");
  yajl_gen_array_open(command->out);
  for (size_t i = 0; i < count; i++)
    if (i == 0 || strcmp(names[i - 1], names[i]) != 0) json_put(command->out, names[i]);
  yajl_gen_array_close(command->out);
  command_result(command, RESULT_SUCCESS, "%s", "");
}

static void carry_out(struct command *command, const char *name) {
  for (size_t i = 0; i < ROWS; i++)
    if (strcmp(rows[i].name, name) == 0 && is_ours(command, &rows[i])) {
      rows[i].answer(command);
      return;
    }
  command_result(command, RESULT_UNSUPPORTED, "'%s' command not supported.", name);
}

/* ---- in and out ---- */

static void reply(struct command *command, uint64_t id, const char *name, const char *why) {
  command->out = yajl_gen_alloc(NULL);
  if (command->out == NULL) {
    static const char text[] = "{ \"result\": 500, \"text\": \"Internal Server Error\" }";
    dhcpha_http_answer(command->server->http, id, 500, text, sizeof text - 1);
    return;
  }
  yajl_gen_array_open(command->out);
  yajl_gen_map_open(command->out);
  if (name != NULL) carry_out(command, name);
  else command_result(command, RESULT_ERROR, "%s", why);
  yajl_gen_map_close(command->out);
  yajl_gen_array_close(command->out);
  const unsigned char *text = NULL;
  size_t len = 0;
  yajl_gen_get_buf(command->out, &text, &len);
  dhcpha_http_answer(command->server->http, id, 200, (const char *)text, len);
  yajl_gen_free(command->out);
}

void commands_answer(struct server *server, uint64_t id, const char *json, size_t json_len) {
  struct findings findings = { .count = 0 };
  struct command command = { .server = server };
  yajl_val request = json_read(json, json_len, false, &findings);
  const char *name = json_string(request, "command");
  command.arguments = json_member(request, "arguments");
  reply(&command, id, name, findings.count > 0 ? findings.list[0].text : "no command");
  yajl_tree_free(request);
  findings_free(&findings);
}

void commands_refuse(struct server *server, uint64_t id, const char *why) {
  struct command command = { .server = server };
  reply(&command, id, NULL, why);
}
