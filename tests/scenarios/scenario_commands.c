/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "scenarios/scenario.h"

#include "support/network.h"
#include "support/pair_config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETTLE_HEARTBEATS_MAX 20
#define HEARTBEAT_DELAY_MS 10000 /* the default, P1 1.2 */

/* ---- servers ---- */

static bool is_normal_state(const world_server *s, dhcpha_state state) {
  switch (state) {
    case DHCPHA_STATE_HOT_STANDBY:
    case DHCPHA_STATE_LOAD_BALANCING:
    case DHCPHA_STATE_PASSIVE_BACKUP:
    case DHCPHA_STATE_BACKUP: return true;
    default: return s->hub == NULL;
  }
}

static bool is_normal(const world_server *s) {
  bool normal = is_normal_state(s, s->state);
  for (size_t i = 0; i < s->more_count; i++) normal &= is_normal_state(s, s->more[i].state);
  return normal;
}

/* Time counts from a heartbeat after which all are in their normal state. */
void scenario_settle(scenario *s, int64_t heartbeat_ms) {
  world *w = &s->world;
  for (int i = 0; i < SETTLE_HEARTBEATS_MAX; i++) {
    bool normal = true;
    world_run_until(w, w->now_ms + heartbeat_ms);
    for (size_t k = 0; k < w->server_count; k++) normal &= is_normal(w->servers[k]);
    if (normal) break;
  }
  int64_t next_ms = world_next_expiry(w);
  if (next_ms <= w->now_ms + heartbeat_ms) world_run_until(w, next_ms);
  w->zero_ms = w->now_ms;
}

static void pair(scenario *s, const scenario_line *line) {
  world *w = &s->world;
  pair_parameter parameters[SCENARIO_WORDS_MAX];
  size_t count = 0, backups = (size_t)scenario_number(line, "backups", 0);
  const char *mode = scenario_option(line, "mode");
  if (mode == NULL) mode = "hot-standby";
  if (scenario_number(line, "family", 4) == 6) w->family = DHCPHA_DHCP6;
  for (size_t i = 0; i < line->option_count; i++)
    if (strcmp(line->options[i], "mode") != 0 && strcmp(line->options[i], "backups") != 0 &&
        strcmp(line->options[i], "family") != 0)
      parameters[count++] = (pair_parameter){line->options[i], line->values[i]};
  size_t servers = pair_config_server_count(mode, backups);
  for (size_t i = 0; i < servers; i++) {
    text config = {0};
    char name[32];
    snprintf(name, sizeof name, "server%zu", i + 1);
    pair_config_write(&config, mode, i, backups, parameters, count);
    world_add_server(w, name, text_of(&config));
    text_free(&config);
  }
  if (scenario_word(line, "cold")) return;
  s->quiet = true;
  for (size_t i = 0; i < w->server_count; i++) world_start(w->servers[i]);
  scenario_settle(s, scenario_number(line, "heartbeat-delay", HEARTBEAT_DELAY_MS));
}

static void start(scenario *s, const scenario_line *line) {
  for (size_t i = 0; i < line->word_count; i++) {
    if (strcmp(line->words[i], "quiet") == 0) continue;
    world_server *server = scenario_server_at(s, line, i);
    if (server != NULL) world_start(server);
  }
}

static void kill_server(scenario *s, const scenario_line *line) {
  world_server *server = scenario_server_at(s, line, 0);
  if (server != NULL) world_kill(server, scenario_word(line, "silent"));
}

static void stop(scenario *s, const scenario_line *line) {
  world_server *server = scenario_server_at(s, line, 0);
  if (server != NULL) world_stop(server);
}

static void reload(scenario *s, const scenario_line *line) {
  world_server *server = scenario_server_at(s, line, 0);
  if (server != NULL) world_reload(server);
}

static void restart(scenario *s, const scenario_line *line) {
  world_server *server = scenario_server_at(s, line, 0);
  const char *leases = scenario_option(line, "leases");
  if (server == NULL) return;
  world_kill(server, false);
  if (leases != NULL && strcmp(leases, "lost") == 0) store_free(&server->leases);
  world_settle(&s->world); /* what it was to answer breaks off before it is back */
  world_start(server);
}

static void skew(scenario *s, const scenario_line *line) {
  world_server *server = scenario_server_at(s, line, 0);
  const char *by = scenario_option(line, "by");
  if (server != NULL && by != NULL) server->skew_ms = scenario_time(by);
}

static void subnets(scenario *s, const scenario_line *line) {
  dhcpha_subnet list[SCENARIO_WORDS_MAX];
  world_server *server = scenario_server_at(s, line, 0);
  size_t count = 0;
  for (size_t i = 0; i < line->option_count; i++) {
    char prefix[64] = {0};
    const char *slash = strchr(line->values[i], '/');
    if (slash == NULL || slash - line->values[i] >= (long)sizeof prefix) continue;
    memcpy(prefix, line->values[i], (size_t)(slash - line->values[i]));
    dhcpha_subnet_init(&list[count]);
    list[count].id = (uint32_t)atol(line->options[i]);
    list[count].prefix_len = (uint8_t)atoi(slash + 1);
    list[count].valid_lft = 4000;
    if (dhcpha_address_parse(&list[count].prefix, prefix) == DHCPHA_OK) count++;
  }
  if (server != NULL) world_set_subnets(server, list, count);
}

static void store_faults(scenario *s, const scenario_line *line) {
  world_server *server = scenario_server_at(s, line, 0);
  const char *fault = scenario_option(line, "fault"), *delay = scenario_option(line, "delay"),
             *reads = scenario_option(line, "reads");
  if (server == NULL) return;
  if (delay != NULL) server->store_delay_ms = scenario_time(delay);
  if (reads != NULL) server->reads_fail = strcmp(reads, "fail") == 0;
  if (fault == NULL) return;
  server->store_fault_at = scenario_address(s, line, "address");
  server->store_fault = strcmp(fault, "busy") == 0     ? DHCPHA_STORED_BUSY
                        : strcmp(fault, "failed") == 0 ? DHCPHA_STORED_FAILED
                                                       : -1;
}

/* ---- time and network ---- */

static void run(scenario *s, const scenario_line *line) {
  const char *until = scenario_option(line, "until"), *duration = scenario_option(line, "for");
  if (until != NULL) world_run_until(&s->world, s->world.zero_ms + scenario_time(until));
  if (duration != NULL) world_run_until(&s->world, s->world.now_ms + scenario_time(duration));
}

static void change_link(link_state *link, const scenario_line *line) {
  const char *by = scenario_option(line, "by");
  if (strcmp(line->name, "cut") == 0) {
    link->refused = scenario_word(line, "refused");
    link->cut = !link->refused;
  } else if (strcmp(line->name, "heal") == 0) {
    link->cut = link->refused = false;
  } else if (strcmp(line->name, "twice") == 0) {
    link->twice = !scenario_word(line, "off");
  } else if (by != NULL) {
    link->delay_ms = scenario_time(by);
  }
}

static void links(scenario *s, const scenario_line *line) {
  world_server *from = scenario_server_at(s, line, 0), *to = scenario_server_at(s, line, 1);
  if (from == NULL || to == NULL) return;
  change_link(&s->world.links[from->index][to->index], line);
  if (!scenario_word(line, "oneway")) change_link(&s->world.links[to->index][from->index], line);
}

/* ---- leases ---- */

static void list_leases(scenario *s, const world_server *server) {
  scenario_say(s, "%s has %zu leases", server->name, server->leases.count);
  for (size_t i = 0; i < server->leases.count; i++) {
    text one = {0};
    store_lease_text(&server->leases.leases[i], WORLD_EPOCH, &one);
    scenario_say(s, "%s", text_of(&one));
    text_free(&one);
  }
}

static void leases(scenario *s, const scenario_line *line) {
  world_server *a = world_find(&s->world, "server1"), *b = world_find(&s->world, "server2");
  if (!scenario_word(line, "compare")) {
    world_server *server = scenario_server_at(s, line, 0);
    if (server != NULL) list_leases(s, server);
    return;
  }
  text differences = {0};
  if (line->word_count == 3) {
    a = scenario_server_at(s, line, 1);
    b = scenario_server_at(s, line, 2);
  }
  if (a == NULL || b == NULL) return;
  bool differ = store_compare(&a->leases, a->name, &b->leases, b->name, WORLD_EPOCH, &differences);
  scenario_say(s, "%s has %zu leases, %s has %zu: %s", a->name, a->leases.count, b->name,
               b->leases.count, differ ? "they differ" : "equal");
  text_add(s->out, text_of(&differences));
  text_free(&differences);
}

/* ---- commands and questions ---- */

static void command(scenario *s, const scenario_line *line) {
  world_server *server = scenario_server_at(s, line, 0);
  text json = {0};
  if (server == NULL) return;
  if (line->word_count >= 2) {
    text_format(&json, "{\"command\":\"%s\",\"service\":[\"dhcp%d\"]", line->words[1],
                (int)s->world.family);
    if (line->json != NULL) text_format(&json, ",\"arguments\":%s", line->json);
    text_add(&json, "}");
  } else if (line->json != NULL) {
    text_add(&json, line->json);
  }
  network_command(server, text_of(&json));
  text_free(&json);
}

/* Whatever follows the server's name, byte by byte. */
static void raw(scenario *s, const scenario_line *line) {
  world_server *server = scenario_server_at(s, line, 0);
  text bytes = {0};
  for (size_t i = 1; i < line->word_count; i++)
    text_format(&bytes, "%s%s", i == 1 ? "" : " ", line->words[i]);
  if (line->json != NULL) text_add(&bytes, line->json);
  if (server != NULL) network_command(server, text_of(&bytes));
  text_free(&bytes);
}

static world_server *running_server(scenario *s, const scenario_line *line) {
  world_server *server = scenario_server_at(s, line, 0);
  if (server == NULL) return NULL;
  if (server->hub == NULL) {
    scenario_say(s, "%s does not run", server->name);
    return NULL;
  }
  world_set_hub_time(server);
  return server;
}

static void explain(scenario *s, const scenario_line *line) {
  world_server *server = running_server(s, line);
  dhcpha_explanation explanation;
  if (server == NULL) return;
  dhcpha_explanation_init(&explanation);
  dhcpha_status status = dhcpha_hub_explain(
      server->hub, world_relationship_of(server, line->words[0]), &explanation);
  if (status != DHCPHA_OK)
    scenario_say(s, "%s", dhcpha_strerror(status));
  else if (scenario_word(line, "code"))
    scenario_say(s, "%s: %s", explanation.code, explanation.text);
  else
    scenario_say(s, "%s", explanation.text);
}

static void status(scenario *s, const scenario_line *line) {
  world_server *server = running_server(s, line);
  if (server == NULL) return;
  const char *json = dhcpha_hub_get_status(server->hub);
  scenario_say(s, "%s", json == NULL ? "no status" : json);
}

static void say_state(scenario *s, const world_server *server, size_t relationship) {
  const world_relationship *other = relationship == 0 ? NULL : &server->more[relationship - 1];
  const char *scopes = other == NULL ? server->scopes : other->scopes;
  const char *partner =
      dhcpha_state_get_name(dhcpha_hub_get_partner_state(server->hub, relationship));
  scenario_say(s, "%s %s, service %s, serves %s, partner %s",
               other == NULL ? server->name : other->name,
               dhcpha_state_get_name(dhcpha_hub_get_state(server->hub, relationship)),
               server->service ? "on" : "off", scopes[0] == '\0' ? "nobody" : scopes,
               partner[0] == '\0' ? "unknown" : partner);
}

static void states(scenario *s, const scenario_line *line) {
  (void)line;
  for (size_t i = 0; i < s->world.server_count; i++) {
    const world_server *server = s->world.servers[i];
    if (server->hub == NULL) {
      scenario_say(s, "%s %s", server->name, server->liar != NULL ? "lies" : "does not run");
      continue;
    }
    for (size_t k = 0; k <= server->more_count; k++) say_state(s, server, k);
  }
}

static void counters(scenario *s, const scenario_line *line) {
  static const char *const names[] = {
      "heartbeats-sent",      "heartbeats-failed",    "updates-sent",
      "updates-acknowledged", "updates-failed",       "updates-rejected",
      "queries-parked",       "queries-dropped",      "commands-received",
      "commands-malformed",   "answers-malformed",    "answers-late",
      "leases-synchronized",  "leases-refused",       "logs-lost",
      "updates-contended",    "updates-retried",      "updates-coalesced",
      "updates-lost"};
  world_server *server = running_server(s, line);
  text all = {0};
  if (server == NULL) return;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    uint64_t value = dhcpha_hub_get_counter(server->hub, (dhcpha_counter)i);
    bool asked = line->word_count <= 1 ? value != 0 : scenario_word(line, names[i]);
    if (asked)
      text_format(&all, "%s%s %llu", all.len == 0 ? "" : ", ", names[i],
                  (unsigned long long)value);
  }
  scenario_say(s, "%s: %s", server->name, all.len == 0 ? "nothing" : text_of(&all));
  text_free(&all);
}

static void expect(scenario *s, const scenario_line *line) {
  world_server *server = scenario_server_at(s, line, 0);
  if (server == NULL) return;
  const char *is[][2] = {{"state", dhcpha_state_get_name(server->state)},
                         {"service", server->service ? "on" : "off"},
                         {"serves", server->scopes}};
  for (size_t i = 0; i < 3; i++) {
    const char *wanted = scenario_option(line, is[i][0]);
    if (wanted != NULL && strcmp(wanted, is[i][1]) != 0)
      scenario_say(s, "%s: %s is %s, not %s", server->name, is[i][0], is[i][1], wanted);
  }
}

/* ---- what is traced ---- */

static void trace(scenario *s, const scenario_line *line) {
  world_watch *watch = &s->world.watch;
  if (scenario_word(line, "off"))
    watch->commands = watch->json = watch->logs = watch->verdicts = false;
  if (scenario_word(line, "commands")) watch->commands = true;
  if (scenario_word(line, "json")) watch->commands = watch->json = true;
  if (scenario_word(line, "verdicts")) watch->verdicts = true;
  if (!scenario_word(line, "logs") && !scenario_word(line, "warnings")) return;
  watch->logs = true;
  watch->log_level = scenario_word(line, "logs") ? DHCPHA_LEVEL_INFO : DHCPHA_LEVEL_WARNING;
}

static const struct {
  const char *name;
  void (*perform)(scenario *s, const scenario_line *line);
} commands[] = {
    {"pair", pair},                  {"start", start},                {"kill", kill_server},
    {"restart", restart},            {"skew", skew},                  {"subnets", subnets},
    {"store", store_faults},         {"run", run},                    {"cut", links},
    {"heal", links},                 {"delay", links},                {"twice", links},
    {"clients", scenario_clients},   {"lease", scenario_clients},     {"release", scenario_clients},
    {"decline", scenario_clients},   {"put", scenario_put},           {"leases", leases},
    {"command", command},            {"raw", raw},                    {"explain", explain},
    {"status", status},              {"states", states},              {"counters", counters},
    {"partner", scenario_partner},   {"hub", scenario_hub},           {"stop", stop},
    {"reload", reload},              {"expect", expect},              {"trace", trace},
    {"liar", scenario_liar},         {"answer", scenario_answer},
};

bool scenario_perform(scenario *s, const scenario_line *line) {
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
    if (strcmp(commands[i].name, line->name) != 0) continue;
    commands[i].perform(s, line);
    return true;
  }
  return false;
}
