/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "support/world.h"

#include "support/liar.h"
#include "support/network.h"

#include <stdlib.h>
#include <string.h>

#define STEPS_AT_ONE_MOMENT_MAX 20000
#define START_AGAIN_MS 1000

void world_init(world *w, const dhcpha_allocator *allocator) {
  memset(w, 0, sizeof *w);
  w->family = DHCPHA_DHCP4;
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
    if (world_relationship_of(w->servers[i], name) <= w->servers[i]->more_count)
      return w->servers[i];
  return NULL;
}

void world_add_name(world_server *s, const char *name) {
  if (s->more_count == WORLD_RELATIONSHIPS_MAX) abort();
  world_relationship *r = &s->more[s->more_count++];
  strncpy(r->name, name, sizeof r->name - 1);
  r->state = DHCPHA_STATE_NONE;
}

size_t world_relationship_of(const world_server *s, const char *name) {
  if (strcmp(s->name, name) == 0) return 0;
  for (size_t i = 0; i < s->more_count; i++)
    if (strcmp(s->more[i].name, name) == 0) return i + 1;
  return SIZE_MAX;
}

const dhcpha_subnet *world_find_subnet(const world_server *s, uint32_t id) {
  for (size_t i = 0; i < s->subnet_count; i++)
    if (s->subnets[i].id == id) return &s->subnets[i];
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

static void start_happens(void *subject, void *detail) {
  world_server *s = subject;
  (void)detail;
  if (s->wanted && s->hub == NULL) world_start(s);
}

static void start_is_forgotten(void *subject, void *detail) {
  (void)subject;
  (void)detail;
}

static dhcpha_status make_hub(world_server *s, const dhcpha_hub *former) {
  dhcpha_config *config = NULL;
  dhcpha_messages *messages = NULL;
  dhcpha_status status = dhcpha_config_parse(s->world->family, s->config, strlen(s->config),
                                             &s->world->allocator, &config, &messages);
  for (size_t i = 0; status == DHCPHA_ERR_CONFIG && i < dhcpha_messages_get_count(messages); i++)
    world_wrong(s->world, "%s: %s", s->name, dhcpha_messages_get_text(messages, i));
  dhcpha_messages_free(messages);
  if (status != DHCPHA_OK) return status;
  status = dhcpha_hub_new(config, NULL, NULL, &s->hub);
  dhcpha_config_free(config);
  if (status != DHCPHA_OK) return status;
  if (s->subnet_count != 0) status = dhcpha_hub_set_subnets(s->hub, s->subnets, s->subnet_count);
  if (status == DHCPHA_OK && former != NULL) status = dhcpha_hub_inherit(s->hub, former);
  dhcpha_hub_set_log_level(s->hub, DHCPHA_LEVEL_INFO);
  world_set_hub_time(s);
  return status == DHCPHA_OK ? dhcpha_hub_start(s->hub) : status;
}

static void run_hub(world_server *s, const dhcpha_hub *former) {
  s->disagree_ms = -1;
  dhcpha_status status = make_hub(s, former);
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

void world_start(world_server *s) {
  if (s->hub != NULL) return;
  s->wanted = true;
  s->life++;
  s->service = true; /* until the hub says otherwise */
  s->reloaded = false;
  run_hub(s, NULL);
}

static void stop_hub(world_server *s) {
  world *w = s->world;
  world_set_hub_time(s);
  dhcpha_status status = dhcpha_hub_stop(s->hub);
  for (int i = 0; status == DHCPHA_ERR_NOMEM && i < STEPS_AT_ONE_MOMENT_MAX; i++)
    status = dhcpha_hub_stop(s->hub);
  if (status != DHCPHA_OK) world_wrong(w, "%s: stop: %s", s->name, dhcpha_strerror(status));
  w->depth++; /* this event is not to be stopped at */
  world_pull(s);
  w->depth--;
  if (s->parked_count != 0)
    world_wrong(w, "%s stops, and forgets %zu queries", s->name, s->parked_count);
  for (const exchange *x = w->exchanges; x != NULL; x = x->next)
    if (x->to == s) world_wrong(w, "%s stops, and forgets to answer %s", s->name, x->command);
  for (size_t i = 0; i < w->server_count; i++) {
    if (s->owes[i]) world_wrong(w, "%s stops, and leaves %s disabled", s->name,
                                w->servers[i]->name);
    s->owes[i] = false;
  }
  if (s->service != dhcpha_hub_get_service(s->hub))
    world_wrong(w, "%s stops, and leaves the service %s", s->name, s->service ? "on" : "off");
  if (dhcpha_hub_get_expiry(s->hub) != DHCPHA_NEVER)
    world_wrong(w, "%s stops, and wants to be called again", s->name);
}

void world_stop(world_server *s) {
  if (s->hub == NULL) return;
  stop_hub(s);
  world_trace(s->world, "%s stops", s->name);
  world_kill(s, false);
}

void world_reload(world_server *s) {
  if (s->hub == NULL) return;
  dhcpha_hub *former = s->hub;
  stop_hub(s);
  s->hub = NULL;
  s->reloaded = true;
  world_trace(s->world, "%s reloads", s->name);
  run_hub(s, former);
  dhcpha_hub_free(former);
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
  for (size_t i = 0; i < s->more_count; i++) {
    s->more[i].state = DHCPHA_STATE_NONE;
    s->more[i].scopes[0] = '\0';
  }
  memset(s->owes, 0, sizeof s->owes);
  s->parked_count = 0;
  s->service = false;
  if (!silent) network_break_off(s);
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
      world_wrong(w, "time stands still: %s is always due",
                  due == NULL ? "the network" : due->name);
      break;
    }
    one_step(w, due);
  }
  if (at_ms > w->now_ms) w->now_ms = at_ms;
}

void world_settle(world *w) { world_run_until(w, w->now_ms); }
