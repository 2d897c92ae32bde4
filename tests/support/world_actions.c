/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* What the hub of a server asks for is done, and what can be seen of it is traced. */
#include "support/world.h"

#include "support/clients.h"
#include "support/network.h"

#include "base/allocator.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#define AGREE_WITHIN_MS 20000

static const char *name_in(const world_server *s, size_t relationship) {
  return relationship == 0 ? s->name : s->more[relationship - 1].name;
}

/* What a server serves, as its status says: "server1 server2". */
static bool read_scopes(world_server *s, size_t relationship, char scopes[WORLD_SCOPES_SIZE]) {
  const char *status = dhcpha_hub_get_status(s->hub);
  if (status == NULL) return false;
  dhcpha_allocator plain = dhcpha_allocator_resolve(NULL);
  dhcpha_arena arena;
  dhcpha_arena_init(&arena, &plain, 1 << 20);
  const dhcpha_json_value *list = dhcpha_json_read(&arena, status, strlen(status), NULL);
  const dhcpha_json_value *entry = list == NULL ? NULL : list->first;
  for (size_t i = 0; entry != NULL && i < relationship; i++) entry = entry->next;
  const dhcpha_json_value *servers = dhcpha_json_get(entry, "ha-servers");
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

static void enter_state(world_server *s, size_t relationship, dhcpha_state state) {
  const char *name = name_in(s, relationship);
  dhcpha_state *seen = relationship == 0 ? &s->state : &s->more[relationship - 1].state;
  if (state == *seen) return;
  if (*seen == DHCPHA_STATE_NONE)
    world_trace(s->world, "%s starts: %s", name, dhcpha_state_get_name(state));
  else if (state != DHCPHA_STATE_NONE)
    world_trace(s->world, "%s %s -> %s", name, dhcpha_state_get_name(*seen),
                dhcpha_state_get_name(state));
  *seen = state;
}

/* The log tells of states that were left within the same event: "server1: ready -> waiting (". */
static void read_state_change(world_server *s, const char *line) {
  char name[32] = {0}, self[32] = {0};
  dhcpha_state state;
  const char *arrow = strstr(line, "-> ");
  if (arrow == NULL) return;
  size_t len = strcspn(arrow + 3, " ");
  memcpy(name, arrow + 3, len < sizeof name ? len : 0);
  if (dhcpha_state_parse(name, &state) != DHCPHA_OK)
    world_wrong(s->world, "%s: a change to no state: %s", s->name, line);
  len = strcspn(line, ":");
  memcpy(self, line, len < sizeof self ? len : 0);
  size_t relationship = world_relationship_of(s, self);
  enter_state(s, relationship == SIZE_MAX ? 0 : relationship, state);
}

static void look_at_scopes(world_server *s, size_t relationship) {
  char scopes[WORLD_SCOPES_SIZE];
  char *seen = relationship == 0 ? s->scopes : s->more[relationship - 1].scopes;
  if (!read_scopes(s, relationship, scopes) || strcmp(scopes, seen) == 0) return;
  memcpy(seen, scopes, sizeof scopes);
  world_trace(s->world, "%s serves %s", name_in(s, relationship),
              scopes[0] == '\0' ? "nobody" : scopes);
}

typedef struct store_outcome {
  unsigned life;
  uint64_t id;
  size_t count;
  dhcpha_stored results[];
} store_outcome;

/* An earlier hub of this server asked for it. */
static bool is_late(const world_server *s, dhcpha_status status) {
  return s->reloaded && status == DHCPHA_ERR_UNKNOWN;
}

static void stored_happens(void *subject, void *detail) {
  world_server *s = subject;
  store_outcome *outcome = detail;
  if (s->hub != NULL && s->life == outcome->life) {
    world_set_hub_time(s);
    dhcpha_status status =
        dhcpha_hub_leases_stored(s->hub, outcome->id, outcome->results, outcome->count);
    if (status != DHCPHA_OK && status != DHCPHA_ERR_NOMEM && !is_late(s, status))
      world_wrong(s->world, "%s: leases_stored: %s", s->name, dhcpha_strerror(status));
    world_pull(s);
  }
  free(outcome);
}

static void stored_is_forgotten(void *subject, void *detail) {
  (void)subject;
  free(detail);
}

static bool is_at_fault(const world_server *s, const dhcpha_lease *lease) {
  const dhcpha_address *at = &s->store_fault_at;
  return s->store_fault >= 0 &&
         (at->family == 0 || memcmp(at->bytes, lease->address.bytes, sizeof at->bytes) == 0);
}

static void store_leases(world_server *s, const dhcpha_action *action) {
  const dhcpha_lease_batch *batch = dhcpha_action_get_leases(action);
  size_t count = dhcpha_lease_batch_get_count(batch);
  store_outcome *outcome = must_allocate(sizeof *outcome + count * sizeof outcome->results[0]);
  outcome->life = s->life;
  outcome->id = dhcpha_action_get_id(action);
  outcome->count = count;
  for (size_t i = 0; i < count; i++) {
    const dhcpha_lease *lease = dhcpha_lease_batch_get_lease(batch, i);
    outcome->results[i] =
        is_at_fault(s, lease)
            ? (dhcpha_stored)s->store_fault
            : store_apply(&s->leases, dhcpha_lease_batch_get_operation(batch, i), lease);
  }
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
    if (status != DHCPHA_OK && status != DHCPHA_ERR_NOMEM && !is_late(s, status))
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

/* The host of `stop_at`: once the event is over, so is its server. */
static void count_pull(world_server *s) {
  world *w = s->world;
  if (w->depth != 0 || ++w->pulls != w->stop_at) return;
  w->stop_at = 0;
  world_stop(s);
}

void world_pull(world_server *s) {
  dhcpha_state before[WORLD_RELATIONSHIPS_MAX + 1];
  bool answered = false;
  dhcpha_action *action;
  before[0] = s->state;
  for (size_t i = 0; i < s->more_count; i++) before[i + 1] = s->more[i].state;
  s->world->depth++;
  while ((action = dhcpha_hub_next_action(s->hub)) != NULL) {
    answered |= perform(s, action);
    dhcpha_action_free(action);
  }
  for (size_t i = 0; i <= s->more_count; i++) {
    enter_state(s, i, dhcpha_hub_get_state(s->hub, i)); /* if its log message was lost */
    if (before[i] != (i == 0 ? s->state : s->more[i - 1].state) || answered) look_at_scopes(s, i);
  }
  check_service(s);
  s->world->depth--;
  count_pull(s);
}
