/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "support/pair_config.h"

#include <stdio.h>
#include <string.h>

size_t pair_config_server_count(const char *mode, size_t backups) {
  return strcmp(mode, "passive-backup") == 0 ? 1 + (backups == 0 ? 1 : backups) : 2 + backups;
}

static const char *role_of(const char *mode, size_t index) {
  if (index == 0) return "primary";
  if (index == 1 && strcmp(mode, "hot-standby") == 0) return "standby";
  if (index == 1 && strcmp(mode, "load-balancing") == 0) return "secondary";
  return "backup";
}

/* The name without "serverN." if the parameter is for this server, or for all; else NULL. */
static const char *name_for(const pair_parameter *p, size_t index) {
  const char *dot = strchr(p->name, '.');
  char server[32];
  snprintf(server, sizeof server, "server%zu", index + 1);
  if (dot == NULL || strncmp(p->name, "server", 6) != 0) return p->name;
  size_t len = (size_t)(dot - p->name);
  return len == strlen(server) && strncmp(p->name, server, len) == 0 ? dot + 1 : NULL;
}

static void add_value(text *out, const char *value) {
  bool plain = strcmp(value, "true") == 0 || strcmp(value, "false") == 0 ||
               (value[0] != '\0' && strspn(value, "0123456789") == strlen(value));
  text_format(out, plain ? "%s" : "\"%s\"", value);
}

static void add_peers(text *out, const char *mode, size_t count,
                      const pair_parameter *parameters, size_t parameter_count) {
  text_add(out, ",\"peers\":[");
  for (size_t i = 0; i < count; i++) {
    text_format(out,
                "%s{\"name\":\"server%zu\",\"url\":\"http://192.0.2.%zu:8000/\","
                "\"role\":\"%s\"",
                i == 0 ? "" : ",", i + 1, i + 1, role_of(mode, i));
    for (size_t k = 0; k < parameter_count; k++) {
      const char *name = name_for(&parameters[k], i);
      if (name == NULL || strcmp(name, "auto-failover") != 0) continue;
      text_add(out, ",\"auto-failover\":");
      add_value(out, parameters[k].value);
    }
    text_add(out, "}");
  }
  text_add(out, "]");
}

void pair_config_write(text *out, const char *mode, size_t index, size_t backups,
                       const pair_parameter *parameters, size_t count) {
  text states = {0}, ours = {0};
  text_format(out, "[{\"mode\":\"%s\",\"this-server-name\":\"server%zu\"", mode, index + 1);
  add_peers(out, mode, pair_config_server_count(mode, backups), parameters, count);
  bool restricts = false;
  for (size_t k = 0; k < count; k++) {
    const char *name = name_for(&parameters[k], index);
    if (name == NULL || strcmp(name, "auto-failover") == 0) continue;
    restricts |= strcmp(name, "restrict-commands") == 0;
    if (strncmp(name, "pause.", 6) == 0) {
      text_format(&states, "%s{\"state\":\"%s\",\"pause\":\"%s\"}", states.len == 0 ? "" : ",",
                  name + 6, parameters[k].value);
      continue;
    }
    bool is_ours = strncmp(name, "dhcpha.", 7) == 0;
    text *to = is_ours ? &ours : out;
    text_format(to, "%s\"%s\":", is_ours && ours.len == 0 ? "" : ",", is_ours ? name + 7 : name);
    add_value(to, parameters[k].value);
  }
  if (!restricts) text_add(out, ",\"restrict-commands\":false"); /* for the administrator */
  if (states.len != 0)
    text_format(out, ",\"state-machine\":{\"states\":[%s]}", text_of(&states));
  if (ours.len != 0) text_format(out, ",\"dhcpha\":{%s}", text_of(&ours));
  text_add(out, "}]");
  text_free(&states);
  text_free(&ours);
}
