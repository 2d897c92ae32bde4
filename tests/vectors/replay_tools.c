/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "vectors/replay_parts.h"

#include "base/http_date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t replay_differences;

const dhcpha_json_value *replay_read(replay *r, const char *json, size_t len) {
  const dhcpha_json_value *tree = dhcpha_json_read(&r->arena, json, len, NULL);
  if (tree == NULL) fprintf(stderr, "not JSON: %.*s\n", (int)len, json);
  return tree;
}

static const dhcpha_json_value *first_relationship(const replay *r) {
  const dhcpha_json_value *config = r->server->config;
  return dhcpha_json_is(config, DHCPHA_JSON_LIST) ? config->first : config;
}

const char *replay_peer_version(const replay *r, const char *peer) {
  for (size_t i = 0; i < r->scenario->server_count; i++)
    if (strcmp(r->scenario->servers[i].name, peer) == 0) return r->scenario->servers[i].version;
  return NULL;
}

static bool is_released(const dhcpha_json_value *lease) {
  const dhcpha_json_value *state = dhcpha_json_get(lease, "state");
  return dhcpha_json_is(state, DHCPHA_JSON_INTEGER) && state->integer == DHCPHA_LEASE_RELEASED;
}

bool replay_is_release_to_old(const replay *r, const recorded_exchange *x) {
  const char *version = replay_peer_version(r, x->to);
  const dhcpha_json_value *arguments =
      dhcpha_json_get(dhcpha_json_get(x->request, "json"), "arguments");
  const dhcpha_json_value *leases = dhcpha_json_get(arguments, "leases");
  if (version == NULL || version[0] != '2') return false;
  return is_released(arguments) || (leases != NULL && is_released(leases->first));
}

bool replay_is_hub(const replay *r) {
  return first_relationship(r)->next != NULL;
}

bool replay_is_self(const replay *r, const char *name) {
  for (const dhcpha_json_value *v = first_relationship(r); v != NULL; v = v->next)
    if (dhcpha_json_text_equals(dhcpha_json_get(v, "this-server-name"), name)) return true;
  return strcmp(name, r->server->name) == 0;
}

size_t replay_relationship(const replay *r, const char *peer) {
  size_t index = 0;
  for (const dhcpha_json_value *v = first_relationship(r); v != NULL; v = v->next, index++) {
    const dhcpha_json_value *peers = dhcpha_json_get(v, "peers");
    for (const dhcpha_json_value *p = peers->first; p != NULL; p = p->next)
      if (dhcpha_json_text_equals(dhcpha_json_get(p, "name"), peer)) return index;
  }
  return 0;
}

const char *replay_state(const replay *r, const recorded_exchange *x) {
  size_t index = replay_relationship(r, replay_is_self(r, x->from) ? x->to : x->from);
  return dhcpha_state_get_name(dhcpha_hub_get_state(r->hub, index));
}

void replay_differs(const replay *r, const recorded_exchange *x, const char *what,
                    const char *why, const char *wanted, const char *got) {
  replay_differences++;
  printf("%s %s #%zu, %s %s -> %s as %s in state %s: %s: %s\n  Kea: %s\n  hub: %s\n", r->file,
         r->scenario->name, x->number, x->command, x->from, x->to, r->server->name, replay_state(r, x),
         what, why, wanted, got);
}

bool replay_is_version(const replay *r, const char *start) {
  return strncmp(r->server->version, start, strlen(start)) == 0;
}

/* VECTORS_SHOW=scenario in the environment shows how its replay goes.  VECTORS_SHOW="is in another
 * state than Kea" shows only this, of all. */
void replay_show(const replay *r, const char *what, const char *more) {
  const char *wanted = getenv("VECTORS_SHOW");
  if (wanted != NULL && (strcmp(wanted, r->scenario->name) == 0 || strcmp(wanted, what) == 0))
    printf("%s %s [%6lld] %s %s: %s\n", r->file, r->scenario->name, (long long)r->now_ms,
           r->server->name, what, more);
}

const dhcpha_json_value *replay_argument(const dhcpha_json_value *request, const char *name) {
  return dhcpha_json_get(dhcpha_json_get(request, "arguments"), name);
}

bool replay_same_text(const dhcpha_json_value *a, const dhcpha_json_value *b) {
  if (a == NULL || b == NULL) return a == b;
  return a->text_len == b->text_len && memcmp(a->text, b->text, a->text_len) == 0;
}

bool replay_is_update(const char *command) {
  return strcmp(command, "lease4-update") == 0 || strcmp(command, "lease4-del") == 0 ||
         strcmp(command, "lease6-update") == 0 || strcmp(command, "lease6-del") == 0 ||
         strcmp(command, "lease6-bulk-apply") == 0;
}

/* Was the server started between these moments?  Its clock may have been another. */
static bool started_between(const replay *r, int64_t a_ms, int64_t b_ms) {
  int64_t from = a_ms < b_ms ? a_ms : b_ms, to = a_ms < b_ms ? b_ms : a_ms;
  size_t len = strlen(r->server->name);
  for (size_t i = 0; i < r->scenario->event_count; i++) {
    const recorded_event *e = &r->scenario->events[i];
    if (strcmp(e->kind, "start") == 0 && e->t_ms > from && e->t_ms <= to &&
        strncmp(e->text, r->server->name, len) == 0)
      return true;
  }
  return false;
}

/* How far the server's clock was off, seconds: its own date-times tell. */
static int64_t clock_offset(const replay *r) {
  int64_t offset = 0, nearest = INT64_MAX;
  for (size_t i = 0; i < r->scenario->exchange_count; i++) {
    const recorded_exchange *x = &r->scenario->exchanges[i];
    int64_t distance = llabs((long long)(x->t_ms - r->now_ms)), seconds;
    const dhcpha_json_value *date = dhcpha_json_get(
        dhcpha_json_get(recording_answer(x->answer), "arguments"), "date-time");
    if (!replay_is_self(r, x->to) || date == NULL || distance >= nearest ||
        started_between(r, x->t_ms, r->now_ms))
      continue;
    nearest = distance;
    offset = 0;
    if (dhcpha_http_date_parse(date->text, date->text_len, &seconds))
      offset = seconds - (r->scenario->start + x->t_ms / 1000);
  }
  return offset;
}

void replay_set_time(replay *r, int64_t t_ms) {
  if (t_ms > r->now_ms) r->now_ms = t_ms;
  dhcpha_time time = {r->now_ms + 1000000,
                      (r->scenario->start + clock_offset(r)) * 1000 + r->now_ms};
  if (r->hub != NULL) dhcpha_hub_set_time(r->hub, time);
}
