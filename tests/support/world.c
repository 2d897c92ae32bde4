/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "support/world.h"

#include "support/clients.h"
#include "support/liar.h"
#include "support/network.h"

#include "base/allocator.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#define STEPS_AT_ONE_MOMENT_MAX 20000
#define START_AGAIN_MS 1000
#define AGREE_WITHIN_MS 20000

void world_init(world *w, const dhcpha_allocator *allocator) {
  memset(w, 0, sizeof *w);
  w->allocator = *allocator;
}

static void forget_server(world_server *s) {
  world_kill(s, false);
  liar_free(s->liar);
  store_free(&s->leases);
  free(s->parked);
  free(s->subnets);
  free(s->config);
  free(s);
}

void world_free(world *w) {
  network_forget_all(w);
  agenda_free(&w->agenda);
  for (size_t i = 0; i < w->server_count; i++) forget_server(w->servers[i]);
  text_free(&w->wrongs);
}

world_server *world_add_server(world *w, const char *name, const char *config) {
  if (w->server_count == WORLD_SERVERS_MAX) abort();
  world_server *s = must_allocate(sizeof *s);
  s->world = w;
  s->index = w->server_count;
  strncpy(s->name, name, sizeof s->name - 1);
  s->config = must_copy(config, strlen(config));
  s->state = DHCPHA_STATE_NONE;
  s->store_fault = -1;
  w->servers[w->server_count++] = s;
  return s;
}

world_server *world_find(world *w, const char *name) {
  for (size_t i = 0; i < w->server_count; i++)
    if (strcmp(w->servers[i]->name, name) == 0) return w->servers[i];
  return NULL;
}

void world_set_subnets(world_server *s, const dhcpha_subnet *subnets, size_t count) {
  free(s->subnets);
  s->subnets = must_allocate(count * sizeof *subnets);
  memcpy(s->subnets, subnets, count * sizeof *subnets);
  s->subnet_count = count;
}

/* Each server has a monotonic clock of its own, as two machines do. */
static int64_t monotonic_offset(const world_server *s) {
  return 1000000 * (int64_t)(s->index + 1);
}

dhcpha_time world_time(const world_server *s) {
  dhcpha_time time = {s->world->now_ms + monotonic_offset(s),
                      WORLD_EPOCH * INT64_C(1000) + s->world->now_ms + s->skew_ms};
  return time;
}

void world_set_hub_time(world_server *s) { dhcpha_hub_set_time(s->hub, world_time(s)); }

void world_trace(world *w, const char *format, ...) {
  if (w->watch.line == NULL) return;
  text line = {0};
  va_list arguments;
  va_start(arguments, format);
  text_format(&line, "[%6lld] ", (long long)(w->now_ms - w->zero_ms));
  text_vformat(&line, format, arguments);
  va_end(arguments);
  w->watch.line(text_of(&line), w->watch.user_data);
  text_free(&line);
}

void world_wrong(world *w, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  size_t from = w->wrongs.len;
  text_format(&w->wrongs, "WRONG [%6lld] ", (long long)(w->now_ms - w->zero_ms));
  text_vformat(&w->wrongs, format, arguments);
  va_end(arguments);
  if (w->watch.line != NULL) w->watch.line(w->wrongs.data + from, w->watch.user_data);
  text_add(&w->wrongs, "\n");
}

/* What a server serves, as its status says: "server1 server2". */
static bool read_scopes(world_server *s, char scopes[WORLD_SCOPES_SIZE]) {
  const char *status = dhcpha_hub_get_status(s->hub);
  if (status == NULL) return false;
  dhcpha_allocator plain = dhcpha_allocator_resolve(NULL);
  dhcpha_arena arena;
  dhcpha_arena_init(&arena, &plain, 1 << 20);
  const dhcpha_json_value *list = dhcpha_json_read(&arena, status, strlen(status), NULL);
  const dhcpha_json_value *servers =
      dhcpha_json_get(list == NULL ? NULL : list->first, "ha-servers");
  const dhcpha_json_value *names = dhcpha_json_get(dhcpha_json_get(servers, "local"), "scopes");
  scopes[0] = '\0';
  if (names == NULL) world_wrong(s->world, "%s: no scopes in its status: %s", s->name, status);
  for (const dhcpha_json_value *v = names == NULL ? NULL : names->first; v != NULL; v = v->next) {
    if (scopes[0] != '\0') strncat(scopes, " ", WORLD_SCOPES_SIZE - strlen(scopes) - 1);
    strncat(scopes, v->text, WORLD_SCOPES_SIZE - strlen(scopes) - 1);
  }
  dhcpha_arena_free(&arena);
  return true;
}

static void enter_state(world_server *s, dhcpha_state state) {
  if (state == s->state) return;
  if (s->state == DHCPHA_STATE_NONE)
    world_trace(s->world, "%s starts: %s", s->name, dhcpha_state_get_name(state));
  else
    world_trace(s->world, "%s %s -> %s", s->name, dhcpha_state_get_name(s->state),
                dhcpha_state_get_name(state));
  s->state = state;
}

/* The log tells of states that were left within the same event: "server1: ready -> waiting (". */
static void read_state_change(world_server *s, const char *line) {
  char name[32] = {0};
  dhcpha_state state;
  const char *arrow = strstr(line, "-> ");
  if (arrow == NULL) return;
  size_t len = strcspn(arrow + 3, " ");
  memcpy(name, arrow + 3, len < sizeof name ? len : 0);
  if (dhcpha_state_parse(name, &state) != DHCPHA_OK)
    world_wrong(s->world, "%s: a change to no state: %s", s->name, line);
  else
    enter_state(s, state);
}

static void look_at_scopes(world_server *s) {
  char scopes[WORLD_SCOPES_SIZE];
  if (!read_scopes(s, scopes) || strcmp(scopes, s->scopes) == 0) return;
  memcpy(s->scopes, scopes, sizeof scopes);
  world_trace(s->world, "%s serves %s", s->name, scopes[0] == '\0' ? "nobody" : scopes);
}

static void start_happens(void *subject, void *detail) {
  world_server *s = subject;
  (void)detail;
  if (s->wanted && s->hub == NULL) world_start(s);
}

static void start_is_forgotten(void *subject, void *detail) {
  (void)subject;
  (void)detail;
}

static dhcpha_status make_hub(world_server *s) {
  dhcpha_config *config = NULL;
  dhcpha_messages *messages = NULL;
  dhcpha_status status = dhcpha_config_parse(DHCPHA_DHCP4, s->config, strlen(s->config),
                                             &s->world->allocator, &config, &messages);
  for (size_t i = 0; status == DHCPHA_ERR_CONFIG && i < dhcpha_messages_get_count(messages); i++)
    world_wrong(s->world, "%s: %s", s->name, dhcpha_messages_get_text(messages, i));
  dhcpha_messages_free(messages);
  if (status != DHCPHA_OK) return status;
  status = dhcpha_hub_new(config, NULL, NULL, &s->hub);
  dhcpha_config_free(config);
  if (status != DHCPHA_OK) return status;
  if (s->subnet_count != 0) status = dhcpha_hub_set_subnets(s->hub, s->subnets, s->subnet_count);
  dhcpha_hub_set_log_level(s->hub, DHCPHA_LEVEL_INFO);
  world_set_hub_time(s);
  return status == DHCPHA_OK ? dhcpha_hub_start(s->hub) : status;
}

void world_start(world_server *s) {
  if (s->hub != NULL) return;
  s->wanted = true;
  s->life++;
  s->service = true; /* until the hub says otherwise */
  s->disagree_ms = -1;
  dhcpha_status status = make_hub(s);
  if (status == DHCPHA_OK) {
    world_pull(s);
    return;
  }
  dhcpha_hub_free(s->hub);
  s->hub = NULL;
  if (status != DHCPHA_ERR_NOMEM)
    world_wrong(s->world, "%s cannot start: %s", s->name, dhcpha_strerror(status));
  else
    agenda_add(&s->world->agenda, s->world->now_ms + START_AGAIN_MS, start_happens,
               start_is_forgotten, s, NULL);
}

void world_kill(world_server *s, bool silent) {
  s->wanted = false;
  s->silent = silent;
  if (s->hub == NULL && s->liar == NULL) return;
  dhcpha_hub_free(s->hub);
  s->hub = NULL;
  liar_free(s->liar);
  s->liar = NULL;
  s->life++;
  s->state = DHCPHA_STATE_NONE;
  s->scopes[0] = '\0';
  s->parked_count = 0;
  s->service = false;
  if (!silent) network_break_off(s);
}

/* ---- what the hub asks for ---- */

typedef struct store_outcome {
  unsigned life;
  uint64_t id;
  size_t count;
  dhcpha_stored results[];
} store_outcome;

static void stored_happens(void *subject, void *detail) {
  world_server *s = subject;
  store_outcome *outcome = detail;
  if (s->hub != NULL && s->life == outcome->life) {
    world_set_hub_time(s);
    dhcpha_status status =
        dhcpha_hub_leases_stored(s->hub, outcome->id, outcome->results, outcome->count);
    if (status != DHCPHA_OK && status != DHCPHA_ERR_NOMEM)
      world_wrong(s->world, "%s: leases_stored: %s", s->name, dhcpha_strerror(status));
    world_pull(s);
  }
  free(outcome);
}

static void stored_is_forgotten(void *subject, void *detail) {
  (void)subject;
  free(detail);
}

static void store_leases(world_server *s, const dhcpha_action *action) {
  const dhcpha_lease_batch *batch = dhcpha_action_get_leases(action);
  size_t count = dhcpha_lease_batch_get_count(batch);
  store_outcome *outcome = must_allocate(sizeof *outcome + count * sizeof outcome->results[0]);
  outcome->life = s->life;
  outcome->id = dhcpha_action_get_id(action);
  outcome->count = count;
  for (size_t i = 0; i < count; i++)
    outcome->results[i] = s->store_fault >= 0
                              ? (dhcpha_stored)s->store_fault
                              : store_apply(&s->leases, dhcpha_lease_batch_get_operation(batch, i),
                                            dhcpha_lease_batch_get_lease(batch, i));
  if (s->store_delay_ms == 0)
    stored_happens(s, outcome);
  else
    agenda_add(&s->world->agenda, s->world->now_ms + s->store_delay_ms, stored_happens,
               stored_is_forgotten, s, outcome);
}

typedef struct store_reading {
  unsigned life;
  uint64_t id;
  dhcpha_address after;
  uint32_t limit;
} store_reading;

static void read_happens(void *subject, void *detail) {
  world_server *s = subject;
  store_reading *reading = detail;
  if (s->hub != NULL && s->life == reading->life) {
    dhcpha_status status = s->reads_fail ? DHCPHA_ERR_IO : DHCPHA_OK;
    size_t from = store_after(&s->leases, &reading->after), left = s->leases.count - from;
    if (left > reading->limit) left = reading->limit;
    world_set_hub_time(s);
    while (status == DHCPHA_OK && left > 0) { /* in parts, as a database hands them out */
      size_t part = left < 3 ? left : 3;
      status = dhcpha_hub_leases_read(s->hub, reading->id, &s->leases.leases[from], part);
      from += part;
      left -= part;
    }
    status = dhcpha_hub_leases_read_done(s->hub, reading->id, status);
    if (status != DHCPHA_OK && status != DHCPHA_ERR_NOMEM)
      world_wrong(s->world, "%s: leases_read_done: %s", s->name, dhcpha_strerror(status));
    world_pull(s);
  }
  free(reading);
}

static void read_leases(world_server *s, const dhcpha_action *action) {
  const dhcpha_lease_range *range = dhcpha_action_get_range(action);
  store_reading *reading = must_allocate(sizeof *reading);
  *reading = (store_reading){s->life, dhcpha_action_get_id(action), range->after, range->limit};
  if (s->store_delay_ms == 0)
    read_happens(s, reading);
  else
    agenda_add(&s->world->agenda, s->world->now_ms + s->store_delay_ms, read_happens,
               stored_is_forgotten, s, reading);
}

/* Messages that are always part of the trace, in few words. */
static const char *const told[][2] = {
    {"sync_start", "sync starts"},       {"sync_done", "sync done"},
    {"sync_failed", "sync failed"},      {"paused", "paused"},
    {"continued", "continues"},          {"backlog_start", "sends its backlog"},
    {"backlog_done", "backlog sent"},    {"backlog_failed", "backlog failed"},
    {"backlog_overflowed", "backlog overflowed"}, {"reset_failed", "reset failed"},
};

static void log_message(world_server *s, const dhcpha_action *action) {
  static const char *const marks[] = {"debug", "info", "warning", "error"};
  dhcpha_level level = dhcpha_action_get_level(action);
  const char *id = dhcpha_action_get_message_id(action);
  if (strcmp(id, "state_change") == 0) read_state_change(s, dhcpha_action_get_text(action));
  if (s->world->watch.logs && level >= s->world->watch.log_level) {
    world_trace(s->world, "%s %s %s: %s", s->name, marks[level], id,
                dhcpha_action_get_text(action));
    return;
  }
  for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
    if (strcmp(id, told[i][0]) == 0) world_trace(s->world, "%s %s", s->name, told[i][1]);
}

static void set_service(world_server *s, bool enabled) {
  if (enabled != s->service)
    world_trace(s->world, "%s service %s", s->name, enabled ? "on" : "off");
  s->service = enabled;
}

static bool perform(world_server *s, const dhcpha_action *action) {
  switch (dhcpha_action_get_type(action)) {
    case DHCPHA_ACTION_SEND_COMMAND: network_send(s, action); return false;
    case DHCPHA_ACTION_ANSWER_COMMAND:
      network_answer(s, dhcpha_action_get_id(action), dhcpha_action_get_http_status(action),
                     dhcpha_action_get_json(action), dhcpha_action_get_json_len(action));
      return true;
    case DHCPHA_ACTION_SET_SERVICE:
      set_service(s, dhcpha_action_get_enabled(action));
      return false;
    case DHCPHA_ACTION_READ_LEASES: read_leases(s, action); return false;
    case DHCPHA_ACTION_STORE_LEASES: store_leases(s, action); return false;
    case DHCPHA_ACTION_RELEASE_QUERY:
      clients_released(s, dhcpha_action_get_id(action), dhcpha_action_get_enabled(action));
      return false;
    case DHCPHA_ACTION_LOG: log_message(s, action); return false;
  }
  world_wrong(s->world, "%s: an action of no type", s->name);
  return false;
}

/* When memory was short the hub has to tell its host later, but not much later. */
static void check_service(world_server *s) {
  bool service = dhcpha_hub_get_service(s->hub);
  int64_t now_ms = s->world->now_ms;
  if (service == s->service) s->disagree_ms = -1;
  if (service != s->service && s->disagree_ms < 0) s->disagree_ms = now_ms;
  if (s->disagree_ms < 0 || now_ms - s->disagree_ms <= AGREE_WITHIN_MS) return;
  s->disagree_ms = now_ms;
  world_wrong(s->world, "%s: the service is %s, its host was told %s", s->name,
              service ? "on" : "off", s->service ? "on" : "off");
}

void world_pull(world_server *s) {
  dhcpha_state before = s->state;
  bool answered = false;
  dhcpha_action *action;
  while ((action = dhcpha_hub_next_action(s->hub)) != NULL) {
    answered |= perform(s, action);
    dhcpha_action_free(action);
  }
  enter_state(s, dhcpha_hub_get_state(s->hub, 0)); /* if its log message was lost */
  if (before != s->state || answered) look_at_scopes(s);
  check_service(s);
}

/* ---- time ---- */

static int64_t expiry_of(const world_server *s) {
  if (s->hub == NULL) return INT64_MAX;
  int64_t expiry = dhcpha_hub_get_expiry(s->hub);
  return expiry == DHCPHA_NEVER ? INT64_MAX : expiry - monotonic_offset(s);
}

static world_server *next_server(const world *w, int64_t *expiry) {
  world_server *next = NULL;
  *expiry = INT64_MAX;
  for (size_t i = 0; i < w->server_count; i++) {
    int64_t at = expiry_of(w->servers[i]);
    if (at < *expiry) {
      *expiry = at;
      next = w->servers[i];
    }
  }
  return next;
}

int64_t world_next_expiry(const world *w) {
  int64_t expiry;
  next_server(w, &expiry);
  return expiry;
}

static void one_step(world *w, world_server *due) {
  if (agenda_next(&w->agenda) <= w->now_ms) {
    agenda_entry entry = agenda_take(&w->agenda);
    entry.happen(entry.subject, entry.detail);
    return;
  }
  world_set_hub_time(due);
  dhcpha_status status = dhcpha_hub_handle_expiry(due->hub);
  if (status != DHCPHA_OK && status != DHCPHA_ERR_NOMEM)
    world_wrong(w, "%s: handle_expiry: %s", due->name, dhcpha_strerror(status));
  world_pull(due);
}

void world_run_until(world *w, int64_t at_ms) {
  unsigned steps = 0;
  for (;;) {
    int64_t expiry, next = agenda_next(&w->agenda);
    world_server *due = next_server(w, &expiry);
    if (expiry < next) next = expiry;
    if (next > at_ms) break;
    if (next > w->now_ms) {
      w->now_ms = next;
      steps = 0;
    }
    if (++steps > STEPS_AT_ONE_MOMENT_MAX) {
      world_wrong(w, "time stands still: %s is always due", due == NULL ? "the network" : due->name);
      break;
    }
    one_step(w, due);
  }
  if (at_ms > w->now_ms) w->now_ms = at_ms;
}

void world_settle(world *w) { world_run_until(w, w->now_ms); }
