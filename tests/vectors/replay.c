/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "vectors/replay_leases.h"
#include "vectors/replay_parts.h"
#include "vectors/tally.h"

#include "base/allocator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEAT_MS 1000 /* heartbeat-delay of the recordings */
#define ARROW " -> "
#define GAP_MS 2600  /* between heartbeats: some were left out */
#define ARENA_MAX ((size_t)64 << 20)

static void heartbeat(replay *r) {
  r->beat_ms = r->now_ms;
  if (dhcpha_hub_handle_expiry(r->hub) != DHCPHA_OK) abort();
  replay_pull(r);
  replay_deliver(r);
}

/* Why the hub did not send what Kea sent. */
static void leave_out(replay *r, const recorded_exchange *x) {
  static const struct {
    const char *scenario, *command; /* NULL: any */
    const char *reason;
  } rows[] = {
      {"comm-recovery-overflow", NULL, "the updates that overflowed were not recorded"},
      {"clock-skew-terminated", NULL, "silence of 3 s shows by time, in Kea with a heartbeat"},
      {"unsent-updates-hot-standby", NULL, "silence of 3 s shows by time, in Kea with a heartbeat"},
      {"sync-paused-then-blocked", "ha-heartbeat", "a page takes 12 s: they are not awaited here"},
      {"maintenance-errors", NULL, "asks at once after a cancellation with an unknown state"},
      {"ha-reset", "ha-heartbeat", "goes on at once after a command, Kea with a heartbeat"},
      {"ha-continue", "ha-heartbeat", "goes on at once after a command, Kea with a heartbeat"},
      {"status-get", "ha-heartbeat", "goes on at once after a command, Kea with a heartbeat"},
      {"ha-sync", "lease4-get-page", "2.2 synchronizes when it is told to fetch from itself"},
      {"ha-sync", "lease6-get-page", "2.2 synchronizes when it is told to fetch from itself"},
      {NULL, "ha-sync-complete-notify", "2.x ends a page at a lease it can't read (P2 15.8)"},
      {NULL, "dhcp-disable", "renewed beside the pages, not before each"},
  };
  char reason[96];
  snprintf(reason, sizeof reason, "not sent in state %s", replay_state(r, x));
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (rows[i].scenario != NULL && strcmp(rows[i].scenario, r->scenario->name) != 0) continue;
    if (rows[i].command != NULL && strcmp(rows[i].command, x->command) != 0) continue;
    snprintf(reason, sizeof reason, "%s", rows[i].reason);
    break;
  }
  if (replay_is_release_to_old(r, x))
    snprintf(reason, sizeof reason, "deleted instead: 2.x knows no released leases (P2 15.7)");
  replay_show(r, "not sent", x->command);
  tally_left_out(TALLY_SENT, x->command, reason);
  if (x->answer != NULL) tally_left_out(TALLY_TAKEN_IN, x->command, reason);
}

static void sent_by_kea(replay *r, recorded_exchange *x) {
  if (replay_deliver_waiting(r, x) || x->used) return;
  if (strcmp(x->command, "ha-heartbeat") == 0) {
    heartbeat(r);
  } else if (replay_is_update(x->command)) {
    r->deletes_instead = replay_is_release_to_old(r, x);
    replay_commit(r, x);
    replay_pull(r);
    replay_deliver(r);
    r->deletes_instead = false;
  }
  if (!x->used) leave_out(r, x);
}

/* ---- the run of one server ---- */

static void start(replay *r) {
  text config = {0};
  dhcpha_config *parsed = NULL;
  dhcpha_messages *messages = NULL;
  replay_write_config(r, &config);
  dhcpha_status status = dhcpha_config_parse(r->family, text_of(&config), config.len, NULL,
                                             &parsed, &messages);
  for (size_t i = 0; status != DHCPHA_OK && i < dhcpha_messages_get_count(messages); i++)
    printf("%s %s %s: %s\n", r->file, r->scenario->name, r->server->name,
           dhcpha_messages_get_text(messages, i));
  dhcpha_messages_free(messages);
  if (status != DHCPHA_OK || dhcpha_hub_new(parsed, NULL, NULL, &r->hub) != DHCPHA_OK) {
    replay_differences++;
    text_free(&config);
    return;
  }
  dhcpha_config_free(parsed);
  replay_set_subnets(r);
  r->beat_ms = r->now_ms;
  replay_set_time(r, r->now_ms);
  if (dhcpha_hub_start(r->hub) != DHCPHA_OK) abort();
  replay_pull(r);
  text_free(&config);
}

static void stop(replay *r) {
  replay_forget_sent(r);
  dhcpha_hub_free(r->hub);
  r->hub = NULL;
}

static void event(replay *r, const recorded_event *e) {
  char name[RECORDING_NAME_SIZE];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(e->text, " "), e->text);
  bool mine = replay_is_self(r, name);
  replay_set_time(r, e->t_ms);
  if (mine && strcmp(e->kind, "start") == 0) {
    stop(r);
    start(r);
  } else if (mine && strcmp(e->kind, "fault") == 0) {
    stop(r);
  } else if (mine && strncmp(e->kind, "connect-", 8) == 0 && r->hub != NULL) {
    snprintf(r->unreachable, sizeof r->unreachable, "%s", e->text + strlen(name) + strlen(ARROW));
    heartbeat(r);
    r->unreachable[0] = '\0';
  }
}

/* In long runs of equal heartbeats some were not recorded. */
static void fill_gap(replay *r, int64_t t_ms) {
  while (r->hub != NULL && t_ms - r->beat_ms > GAP_MS) {
    replay_set_time(r, r->beat_ms + BEAT_MS);
    r->left_out = true;
    heartbeat(r);
    r->left_out = false;
  }
}

static void exchange(replay *r, recorded_exchange *x) {
  bool sends = replay_is_self(r, x->from), gets = replay_is_self(r, x->to);
  if ((!sends && !gets) || r->hub == NULL) return;
  fill_gap(r, x->t_ms);
  replay_set_time(r, x->t_ms);
  dhcpha_arena_reset(&r->arena);
  if (sends) sent_by_kea(r, x);
  if (gets) replay_received(r, x);
}

static void play(recorded_scenario *s, const recorded_server *server, const char *file) {
  replay r;
  size_t next = 0;
  memset(&r, 0, sizeof r);
  r.scenario = s;
  r.server = server;
  r.file = file;
  r.family = strstr(file, "dhcp6") != NULL ? DHCPHA_DHCP6 : DHCPHA_DHCP4;
  r.plain = dhcpha_allocator_resolve(NULL);
  dhcpha_arena_init(&r.arena, &r.plain, ARENA_MAX);
  for (size_t i = 0; i < s->exchange_count; i++) s->exchanges[i].used = false;
  for (size_t i = 0; i < s->exchange_count; i++) {
    while (next < s->event_count && s->events[next].t_ms <= s->exchanges[i].t_ms)
      event(&r, &s->events[next++]);
    exchange(&r, &s->exchanges[i]);
  }
  stop(&r);
  store_free(&r.leases);
  text_free(&r.answer);
  dhcpha_arena_free(&r.arena);
}

void replay_scenario(recorded_scenario *s, const char *file) {
  for (size_t i = 0; i < s->server_count; i++) {
    const dhcpha_json_value *config = s->servers[i].config;
    if (dhcpha_json_is(config, DHCPHA_JSON_MAP) || dhcpha_json_is(config, DHCPHA_JSON_LIST))
      play(s, &s->servers[i], file);
  }
}
