/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "support/network.h"

#include "support/liar.h"

#include "base/allocator.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#define TRIES_MAX 1000

static exchange *hold(exchange *x) {
  x->references++;
  return x;
}

static void let_go(exchange *x) {
  if (--x->references != 0) return;
  text_free(&x->json);
  free(x);
}

static void is_forgotten(void *subject, void *detail) {
  let_go(subject);
  if (detail != NULL) text_free(detail);
  free(detail);
}

static link_state *way(world *w, const world_server *from, const world_server *to) {
  return &w->links[from->index][to->index];
}

static void happens_at(exchange *x, int64_t at_ms, void (*happen)(void *, void *), text *detail) {
  agenda_add(&x->world->agenda, at_ms, happen, is_forgotten, hold(x), detail);
}

/* The first member of this name that a reader finds at the top of a request or answer. */
static bool member(const char *json, size_t len, const char *key, text *value) {
  dhcpha_allocator plain = dhcpha_allocator_resolve(NULL);
  dhcpha_arena arena;
  dhcpha_arena_init(&arena, &plain, (size_t)64 << 20);
  const dhcpha_json_value *top = dhcpha_json_read(&arena, json, len, NULL);
  if (dhcpha_json_is(top, DHCPHA_JSON_LIST)) top = top->first;
  const dhcpha_json_value *found = dhcpha_json_get(top, key);
  if (found != NULL && found->text != NULL) text_append(value, found->text, found->text_len);
  dhcpha_arena_free(&arena);
  return found != NULL;
}

void network_command_name(const char *json, size_t len, char name[NETWORK_COMMAND_SIZE]) {
  text value = {0};
  strcpy(name, "?");
  if (member(json, len, "command", &value) && value.len != 0)
    strncpy(name, text_of(&value), NETWORK_COMMAND_SIZE - 1);
  name[NETWORK_COMMAND_SIZE - 1] = '\0';
  text_free(&value);
}

static exchange *make_exchange(world *w, world_server *from, world_server *to, const char *json,
                               size_t len) {
  exchange *x = must_allocate(sizeof *x);
  x->world = w;
  x->number = ++w->exchange_count;
  x->from = from;
  x->to = to;
  x->from_life = from == NULL ? 0 : from->life;
  text_append(&x->json, json, len);
  network_command_name(json, len, x->command);
  return x;
}

/* ---- the way back ---- */

static void trace_outcome(const exchange *x, const char *outcome, const char *json) {
  const world_watch *watch = &x->world->watch;
  if (!watch->commands) return;
  world_trace(x->world, "%s < %s %s: %s%s%s%s", x->from->name, x->to->name, x->command, outcome,
              x->over ? " (late)" : "", watch->json && json != NULL ? " " : "",
              watch->json && json != NULL ? json : "");
}

/* Whom a server has disabled it has to enable again. */
static void note_switch(const exchange *x) {
  if (strcmp(x->command, "dhcp-disable") == 0)
    x->from->owes[x->to->index] = true;
  else if (strcmp(x->command, "dhcp-enable") == 0 ||
           strcmp(x->command, "ha-sync-complete-notify") == 0)
    x->from->owes[x->to->index] = false;
}

static void note_refused_switch(const exchange *x) {
  if (strcmp(x->command, "dhcp-disable") == 0) x->from->owes[x->to->index] = false;
}

/* The hub that sent it is told, unless it has died since.  What comes after the first outcome
 * must be unknown to it. */
static void check_told(exchange *x, dhcpha_status status) {
  if (x->over && status != DHCPHA_ERR_UNKNOWN)
    world_wrong(x->world, "%s took a second outcome of %s: %s", x->from->name, x->command,
                dhcpha_strerror(status));
  if (!x->over && status != DHCPHA_OK && status != DHCPHA_ERR_NOMEM &&
      status != DHCPHA_ERR_UNKNOWN)
    world_wrong(x->world, "%s: outcome of %s: %s", x->from->name, x->command,
                dhcpha_strerror(status));
  x->over = true;
  world_pull(x->from);
}

static bool sender_lives(const exchange *x) {
  return x->from->hub != NULL && x->from->life == x->from_life;
}

static void fail(exchange *x, dhcpha_status why, const char *outcome) {
  if (!sender_lives(x)) return;
  trace_outcome(x, outcome, NULL);
  note_refused_switch(x);
  world_set_hub_time(x->from);
  check_told(x, dhcpha_hub_command_failed(x->from->hub, x->id, why, outcome));
}

static void refusal_happens(void *subject, void *detail) {
  exchange *x = subject;
  (void)detail;
  if (!x->over) fail(x, DHCPHA_ERR_REFUSED, "refused");
  let_go(x);
}

static void timeout_happens(void *subject, void *detail) {
  exchange *x = subject;
  (void)detail;
  if (!x->over) fail(x, DHCPHA_ERR_TIMEOUT, "timeout");
  let_go(x);
}

static void answer_happens(void *subject, void *detail) {
  exchange *x = subject;
  text *json = detail;
  if (sender_lives(x)) {
    text result = {0};
    if (!member(text_of(json), json->len, "result", &result)) text_add(&result, "no result");
    trace_outcome(x, text_of(&result), text_of(json));
    if (strcmp(text_of(&result), "0") != 0) note_refused_switch(x);
    text_free(&result);
    world_set_hub_time(x->from);
    check_told(x, dhcpha_hub_command_answered(x->from->hub, x->id, text_of(json), json->len));
  }
  is_forgotten(x, json);
}

static void send_back(exchange *x, const char *json, size_t len) {
  const link_state *back = way(x->world, x->to, x->from);
  for (int copies = back->twice ? 2 : 1; !back->cut && copies > 0; copies--) {
    text *answer = must_allocate(sizeof *answer);
    text_append(answer, json, len);
    happens_at(x, x->world->now_ms + back->delay_ms, answer_happens, answer);
  }
}

static void refuse(exchange *x) {
  const link_state *back = way(x->world, x->to, x->from);
  if (!back->cut) happens_at(x, x->world->now_ms + back->delay_ms, refusal_happens, NULL);
}

/* ---- at the receiver ---- */

static exchange *take_received(world *w, const world_server *to, uint64_t number) {
  for (exchange **p = &w->exchanges; *p != NULL; p = &(*p)->next) {
    exchange *x = *p;
    if (x->to != to || x->number != number) continue;
    *p = x->next;
    return x;
  }
  return NULL;
}

void network_answer(world_server *from, uint64_t number, int http_status, const char *json,
                    size_t len) {
  exchange *x = take_received(from->world, from, number);
  if (x == NULL) {
    world_wrong(from->world, "%s answers what nobody asked: %s", from->name, json);
    return;
  }
  if (x->from != NULL)
    send_back(x, json, len);
  else if (http_status == 200)
    world_trace(from->world, "%s answers %.*s", from->name, (int)len, json);
  else
    world_trace(from->world, "%s answers %d %.*s", from->name, http_status, (int)len, json);
  let_go(x);
}

/* What a host that serves nothing else tells its partner. */
static void list_commands(const dhcpha_hub *hub, text *answer) {
  const char *name;
  text_add(answer, "[{\"result\":0,\"arguments\":[\"list-commands\"");
  for (size_t i = 0; (name = dhcpha_hub_get_command(hub, i)) != NULL; i++)
    text_format(answer, ",\"%s\"", name);
  text_add(answer, "]}]");
}

static void not_taken(exchange *x, dhcpha_status status) {
  if (take_received(x->world, x->to, x->number) == NULL) {
    world_wrong(x->world, "%s is answered, and yet: %s", x->command, dhcpha_strerror(status));
    return;
  }
  text answer = {0};
  if (status == DHCPHA_ERR_FOREIGN && strcmp(x->command, "list-commands") == 0)
    list_commands(x->to->hub, &answer);
  else
    text_format(&answer, "[{\"result\":2,\"text\":\"'%s' command not supported.\"}]",
                x->command);
  if (x->from == NULL)
    world_trace(x->world, "%s does not take %s: %s", x->to->name, x->command,
                dhcpha_strerror(status));
  else if (status == DHCPHA_ERR_FOREIGN)
    send_back(x, text_of(&answer), answer.len);
  else
    refuse(x);
  text_free(&answer);
  let_go(x);
}

static dhcpha_status receive(exchange *x) {
  world_server *s = x->to;
  x->to_life = s->life;
  exchange **last = &x->world->exchanges;
  while (*last != NULL) last = &(*last)->next;
  *last = hold(x);
  if (s->liar != NULL) {
    liar_received(s, x);
    return DHCPHA_OK;
  }
  world_set_hub_time(s);
  dhcpha_status status =
      dhcpha_hub_command_received(s->hub, x->number, text_of(&x->json), x->json.len,
                                  x->listener);
  if (status != DHCPHA_OK && status != DHCPHA_ERR_FOREIGN && status != DHCPHA_ERR_NOMEM)
    world_wrong(x->world, "%s: command_received: %s", s->name, dhcpha_strerror(status));
  if (status != DHCPHA_OK) not_taken(x, status);
  world_pull(s);
  return status;
}

static void arrival_happens(void *subject, void *detail) {
  exchange *x = subject;
  (void)detail;
  if (x->to->hub != NULL || x->to->liar != NULL)
    (void)receive(x);
  else if (!x->to->silent)
    refuse(x);
  let_go(x);
}

void network_send(world_server *from, const dhcpha_action *action) {
  world *w = from->world;
  world_server *to = world_find(w, dhcpha_action_get_peer(action));
  exchange *x = make_exchange(w, from, to, dhcpha_action_get_json(action),
                              dhcpha_action_get_json_len(action));
  x->id = dhcpha_action_get_id(action);
  x->listener = to == NULL ? 0 : world_relationship_of(to, dhcpha_action_get_peer(action));
  x->deadline_ms = w->now_ms + dhcpha_action_get_timeout_ms(action);
  hold(x);
  if (to == NULL) {
    world_wrong(w, "%s sends to nobody: %s", from->name, dhcpha_action_get_peer(action));
    let_go(x);
    return;
  }
  if (w->watch.commands)
    world_trace(w, "%s > %s %s", from->name, to->name,
                w->watch.json ? text_of(&x->json) : x->command);
  note_switch(x);
  const link_state *there = way(w, from, to);
  happens_at(x, x->deadline_ms, timeout_happens, NULL);
  if (there->refused)
    happens_at(x, w->now_ms, refusal_happens, NULL);
  else if (!there->cut)
    happens_at(x, w->now_ms + there->delay_ms, arrival_happens, NULL);
  let_go(x);
}

/* Where there was no memory for it the administrator tries again. */
void network_command(world_server *to, const char *json) {
  dhcpha_status status = DHCPHA_ERR_NOMEM;
  for (int tries = 0; status == DHCPHA_ERR_NOMEM && tries < TRIES_MAX; tries++) {
    exchange *x = hold(make_exchange(to->world, NULL, to, json, strlen(json)));
    x->listener = to->more_count == 0 ? 0 : SIZE_MAX; /* an administrator of a hub has his own */
    if (to->hub == NULL)
      world_trace(to->world, "%s does not run", to->name);
    status = to->hub == NULL ? DHCPHA_OK : receive(x);
    let_go(x);
  }
}

void network_break_off(world_server *s) {
  world *w = s->world;
  for (exchange **p = &w->exchanges; *p != NULL;) {
    exchange *x = *p;
    if (x->to != s) {
      p = &x->next;
      continue;
    }
    *p = x->next;
    if (x->from != NULL) refuse(x);
    let_go(x);
  }
}

void network_forget_all(world *w) {
  while (w->exchanges != NULL) {
    exchange *x = w->exchanges;
    w->exchanges = x->next;
    let_go(x);
  }
}
