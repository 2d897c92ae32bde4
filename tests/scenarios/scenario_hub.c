/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* A hub, which is one server with a relationship for each of its spokes (P1 1.12). */
#include "scenarios/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEARTBEAT_DELAY_MS 10000
#define SPOKES_DEFAULT 3
#define SPOKES_MAX (WORLD_SERVERS_MAX - 1)

static char subnet_names[SPOKES_MAX][32]; /* of the hub's subnets: the same in every scenario */

static void add_parameters(text *out, const scenario_line *line, const char *server) {
  for (size_t i = 0; i < line->option_count; i++) {
    const char *name = line->options[i], *dot = strchr(name, '.'), *value = line->values[i];
    if (strcmp(name, "spokes") == 0) continue;
    if (dot != NULL && (strlen(server) != (size_t)(dot - name) ||
                        strncmp(name, server, (size_t)(dot - name)) != 0))
      continue;
    bool plain = strcmp(value, "true") == 0 || strcmp(value, "false") == 0 ||
                 strspn(value, "0123456789") == strlen(value);
    text_format(out, plain ? ",\"%s\":%s" : ",\"%s\":\"%s\"", dot == NULL ? name : dot + 1, value);
  }
}

/* Spoke N is the primary, and the hub, as hubN, its standby. */
static void add_relationship(text *out, const scenario_line *line, size_t n, bool of_hub) {
  char self[32];
  snprintf(self, sizeof self, "%s%zu", of_hub ? "hub" : "spoke", n);
  text_format(out,
              "{\"mode\":\"hot-standby\",\"this-server-name\":\"%s\",\"restrict-commands\":false,"
              "\"peers\":[{\"name\":\"hub%zu\",\"url\":\"http://192.0.2.1:%zu/\","
              "\"role\":\"standby\"},{\"name\":\"spoke%zu\",\"url\":\"http://192.0.2.%zu:8000/\","
              "\"role\":\"primary\"}]",
              self, n, 8000 + n, n, n + 1);
  add_parameters(out, line, self);
  text_add(out, "}");
}

static void set_subnets(world_server *hub, size_t spokes) {
  dhcpha_subnet subnets[SPOKES_MAX];
  for (size_t i = 0; i < spokes; i++) {
    dhcpha_subnet_init(&subnets[i]);
    subnets[i].id = (uint32_t)i + 1;
    subnets[i].prefix = (dhcpha_address){4, {10, 0, (uint8_t)(i + 1)}};
    subnets[i].prefix_len = 24;
    snprintf(subnet_names[i], sizeof subnet_names[i], "spoke%zu", i + 1);
    subnets[i].server_name = subnet_names[i];
  }
  world_set_subnets(hub, subnets, spokes);
}

static void add_hub(scenario *s, const scenario_line *line, size_t spokes) {
  text config = {0};
  for (size_t n = 1; n <= spokes; n++) {
    text_add(&config, n == 1 ? "[" : ",");
    add_relationship(&config, line, n, true);
  }
  text_add(&config, "]");
  world_server *hub = world_add_server(&s->world, "hub1", text_of(&config));
  for (size_t n = 2; n <= spokes; n++) {
    char name[32];
    snprintf(name, sizeof name, "hub%zu", n);
    world_add_name(hub, name);
  }
  set_subnets(hub, spokes);
  text_free(&config);
}

/* Each spoke has the subnet of its number only, and does not know of any other. */
static void add_spoke(scenario *s, const scenario_line *line, size_t n) {
  text config = {0};
  char name[32];
  text_add(&config, "[");
  add_relationship(&config, line, n, false);
  text_add(&config, "]");
  snprintf(name, sizeof name, "spoke%zu", n);
  world_server *spoke = world_add_server(&s->world, name, text_of(&config));
  world_set_subnets(spoke, &s->world.servers[0]->subnets[n - 1], 1);
  text_free(&config);
}

void scenario_hub(scenario *s, const scenario_line *line) {
  const char *wanted = scenario_option(line, "spokes");
  const char *delay = scenario_option(line, "heartbeat-delay");
  size_t spokes = wanted == NULL ? SPOKES_DEFAULT : strtoul(wanted, NULL, 10);
  if (spokes < 1 || spokes > SPOKES_MAX || s->world.server_count != 0) {
    scenario_say(s, "a hub has 1 to %d spokes, and comes first", SPOKES_MAX);
    return;
  }
  add_hub(s, line, spokes);
  for (size_t n = 1; n <= spokes; n++) add_spoke(s, line, n);
  if (scenario_word(line, "cold")) return;
  s->quiet = true;
  for (size_t i = 0; i < s->world.server_count; i++) world_start(s->world.servers[i]);
  scenario_settle(s, delay == NULL ? HEARTBEAT_DELAY_MS : strtoll(delay, NULL, 10));
}
