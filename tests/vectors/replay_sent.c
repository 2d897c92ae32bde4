/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* (b) and (c): what the hub sends, and how it takes in the answer. */
#include "vectors/replay_parts.h"

#include "support/kea_partner.h"
#include "vectors/compare.h"
#include "vectors/replay_leases.h"
#include "vectors/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW_MS 2500          /* what follows from a heartbeat was recorded within */
#define COMMAND_WINDOW_MS 15000 /* what follows from a command */
#define EARLY_MS 10

typedef struct sent {
  uint64_t id;
  char peer[RECORDING_NAME_SIZE];
  text json;
  const recorded_exchange *waits_for;
} sent;

static void store_leases(replay *r, const dhcpha_action *action) {
  const dhcpha_lease_batch *batch = dhcpha_action_get_leases(action);
  size_t count = dhcpha_lease_batch_get_count(batch);
  dhcpha_stored *results = must_allocate(count * sizeof *results);
  for (size_t i = 0; i < count; i++)
    results[i] = store_apply(&r->leases, dhcpha_lease_batch_get_operation(batch, i),
                             dhcpha_lease_batch_get_lease(batch, i));
  dhcpha_hub_leases_stored(r->hub, dhcpha_action_get_id(action), results, count);
  free(results);
}

static void read_leases(replay *r, const dhcpha_action *action) {
  const dhcpha_lease_range *range = dhcpha_action_get_range(action);
  size_t from = store_after(&r->leases, &range->after), count = r->leases.count - from;
  if (count > range->limit) count = range->limit;
  dhcpha_status status = count == 0 ? DHCPHA_OK
                                    : dhcpha_hub_leases_read(r->hub, dhcpha_action_get_id(action),
                                                             &r->leases.leases[from], count);
  dhcpha_hub_leases_read_done(r->hub, dhcpha_action_get_id(action), status);
}

static sent *append(sent **list, size_t *count) {
  *list = realloc(*list, (*count + 1) * sizeof **list);
  if (*list == NULL) abort();
  memset(&(*list)[*count], 0, sizeof **list);
  return &(*list)[(*count)++];
}

static void remember_sent(replay *r, const dhcpha_action *action) {
  sent *s = append(&r->sent, &r->sent_count);
  s->id = dhcpha_action_get_id(action);
  snprintf(s->peer, sizeof s->peer, "%s", dhcpha_action_get_peer(action));
  text_append(&s->json, dhcpha_action_get_json(action), dhcpha_action_get_json_len(action));
}

void replay_pull(replay *r) {
  dhcpha_action *action;
  while ((action = dhcpha_hub_next_action(r->hub)) != NULL) {
    switch (dhcpha_action_get_type(action)) {
      case DHCPHA_ACTION_SEND_COMMAND: remember_sent(r, action); break;
      case DHCPHA_ACTION_ANSWER_COMMAND:
        text_clear(&r->answer);
        text_append(&r->answer, dhcpha_action_get_json(action),
                    dhcpha_action_get_json_len(action));
        r->http_status = dhcpha_action_get_http_status(action);
        r->answered = true;
        break;
      case DHCPHA_ACTION_READ_LEASES: read_leases(r, action); break;
      case DHCPHA_ACTION_STORE_LEASES: store_leases(r, action); break;
      case DHCPHA_ACTION_RELEASE_QUERY:
        r->released = true;
        r->released_send = dhcpha_action_get_enabled(action);
        break;
      case DHCPHA_ACTION_LOG: replay_show(r, "log", dhcpha_action_get_text(action)); break;
      default: break;
    }
    dhcpha_action_free(action);
  }
}

static bool same_addresses(const dhcpha_json_value *a, const dhcpha_json_value *b) {
  a = a == NULL ? NULL : a->first;
  b = b == NULL ? NULL : b->first;
  for (; a != NULL && b != NULL; a = a->next, b = b->next)
    if (!replay_same_text(dhcpha_json_get(a, "ip-address"), dhcpha_json_get(b, "ip-address")))
      return false;
  return a == b;
}

/* Does the hub ask for the last lease of a page again, which may be one of two (P2 6.2)? */
static bool asks_again(const dhcpha_json_value *kea, const dhcpha_json_value *hub) {
  dhcpha_address from, before;
  const dhcpha_json_value *a = replay_argument(kea, "from"), *b = replay_argument(hub, "from");
  if (a == NULL || b == NULL || dhcpha_address_parse(&from, a->text) != DHCPHA_OK ||
      dhcpha_address_parse(&before, b->text) != DHCPHA_OK || from.family != 6)
    return false;
  for (int i = 15; i >= 0 && ++before.bytes[i] == 0; i--)
    ;
  return memcmp(from.bytes, before.bytes, sizeof from.bytes) == 0;
}

/* About the same leases, from the same place? */
static bool same_subject(const dhcpha_json_value *a, const dhcpha_json_value *b) {
  return replay_same_text(replay_argument(a, "ip-address"), replay_argument(b, "ip-address")) &&
         (replay_same_text(replay_argument(a, "from"), replay_argument(b, "from")) ||
          asks_again(b, a)) &&
         same_addresses(replay_argument(a, "leases"), replay_argument(b, "leases")) &&
         same_addresses(replay_argument(a, "deleted-leases"), replay_argument(b, "deleted-leases"));
}

/* The first of Kea's requests like this one that has not been met yet. */
static recorded_exchange *find_recorded(replay *r, const sent *s,
                                        const dhcpha_json_value *request) {
  const dhcpha_json_value *name = dhcpha_json_get(request, "command");
  int64_t window_ms = r->commanded ? COMMAND_WINDOW_MS : WINDOW_MS;
  for (size_t i = 0; i < r->scenario->exchange_count; i++) {
    recorded_exchange *x = &r->scenario->exchanges[i];
    const dhcpha_json_value *other = dhcpha_json_get(x->request, "json");
    if (x->used || !replay_is_self(r, x->from) || strcmp(x->to, s->peer) != 0 ||
        !dhcpha_json_text_equals(name, x->command) || x->t_ms < r->now_ms - EARLY_MS ||
        x->t_ms > r->now_ms + window_ms)
      continue;
    if (same_subject(request, other)) return x;
  }
  return NULL;
}

/* Before Kea sent this it could not connect: then it is a later attempt. */
static bool connection_failed(const replay *r, const sent *s, int64_t t_ms) {
  for (size_t i = 0; i < r->scenario->event_count; i++) {
    const recorded_event *e = &r->scenario->events[i];
    char name[RECORDING_NAME_SIZE];
    size_t len = strcspn(e->text, " ");
    snprintf(name, sizeof name, "%.*s", (int)len, e->text);
    if (strncmp(e->kind, "connect-", 8) == 0 && e->t_ms >= r->now_ms - EARLY_MS &&
        e->t_ms < t_ms && replay_is_self(r, name) && strstr(e->text + len, s->peer) != NULL)
      return true;
  }
  return false;
}

/* What a version does not say in this command yet (P1 6, P2 14): the library says it to all. */
static const char *says_less(const char *version, const char *command) {
  static const struct {
    const char *version, *command, *members;
  } rows[] = {
      {"2.2", "ha-heartbeat", "arguments"},
      {"2.2", "ha-reset", "arguments"},
      {"2.2", "dhcp-disable", "origin-id"},
      {"2.2", "dhcp-enable", "origin-id"},
      {"2.2", "ha-sync-complete-notify", "arguments"},
      {"2.2", "ha-maintenance-notify", "server-name state"},
      {"2.2", "lease4-update", "origin"},
      {"2.2", "lease4-del", "origin"},
      {"2.2", "lease6-bulk-apply", "origin"},
      {"2.6", "ha-maintenance-notify", "state"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (strncmp(version, rows[i].version, strlen(rows[i].version)) == 0 &&
        strcmp(command, rows[i].command) == 0)
      return rows[i].members;
  return "";
}

static void check_sent(replay *r, const recorded_exchange *x, const dhcpha_json_value *request,
                       const text *json) {
  text why = {0}, wanted = {0};
  if (asks_again(dhcpha_json_get(x->request, "json"), request)) {
    tally_left_out(TALLY_SENT, x->command, "asks for the last prefix again: there may be two");
  } else if (compare_requests(dhcpha_json_get(x->request, "json"), request,
                       says_less(r->server->version, x->command), &why)) {
    tally_checked(TALLY_SENT, x->command);
  } else {
    recording_body(r->scenario, x->t_ms, x->request, &wanted);
    replay_differs(r, x, "sent", text_of(&why), text_of(&wanted), text_of(json));
  }
  text_free(&why);
  text_free(&wanted);
}

static dhcpha_counter counter_of(verdict v) {
  return v == VERDICT_SUCCESS    ? DHCPHA_COUNTER_UPDATES_ACKNOWLEDGED
         : v == VERDICT_CONFLICT ? DHCPHA_COUNTER_UPDATES_REJECTED
                                 : DHCPHA_COUNTER_UPDATES_FAILED;
}

static dhcpha_state partner_state(const replay *r, const recorded_exchange *x) {
  return dhcpha_hub_get_partner_state(r->hub, replay_relationship(r, x->to));
}

/* What must be seen after an answer: P1 4.5, P2 4.6. */
static const char *wrong_after(replay *r, const recorded_exchange *x, verdict v, uint64_t before,
                               bool was_lost) {
  const dhcpha_json_value *answer = recording_answer(x->answer);
  dhcpha_state partner = partner_state(r, x);
  bool lost = partner == DHCPHA_STATE_UNAVAILABLE;
  if (strcmp(x->command, "ha-heartbeat") == 0) {
    const dhcpha_json_value *state = replay_argument(answer, "state");
    if (v != VERDICT_SUCCESS) return lost ? NULL : "the partner should be unavailable";
    return dhcpha_json_text_equals(state, dhcpha_state_get_name(partner))
               ? NULL
               : "the partner's state is another";
  }
  if (replay_is_update(x->command))
    return dhcpha_hub_get_counter(r->hub, counter_of(v)) == before + 1 ? NULL
                                                                       : "counted as another";
  if (strcmp(x->command, "ha-reset") == 0) return NULL; /* P2 3.2: it blames nobody */
  if (strcmp(x->command, "ha-maintenance-notify") == 0) return NULL; /* the administrator is told */
  if (strstr(x->command, "-get-page") != NULL && v == VERDICT_SUCCESS &&
      !replay_has_leases(r, x, replay_argument(answer, "leases")))
    return "leases of the page were not stored";
  bool is_end = strcmp(x->command, "ha-sync-complete-notify") == 0;
  bool should_be_lost = v != VERDICT_SUCCESS && !(is_end && v == VERDICT_UNSUPPORTED);
  if (should_be_lost && !lost) return "the partner should be unavailable";
  return !should_be_lost && lost && !was_lost ? "the partner should not be unavailable" : NULL;
}

static void take_in(replay *r, recorded_exchange *x, uint64_t id) {
  text json = {0};
  recording_body(r->scenario, x->t_ms, x->answer, &json);
  verdict v = compare_classify(dhcpha_json_get(x->answer, "json"));
  uint64_t before = dhcpha_hub_get_counter(r->hub, counter_of(v));
  uint64_t malformed = dhcpha_hub_get_counter(r->hub, DHCPHA_COUNTER_ANSWERS_MALFORMED);
  bool was_lost = partner_state(r, x) == DHCPHA_STATE_UNAVAILABLE;
  dhcpha_status status = dhcpha_hub_command_answered(r->hub, id, text_of(&json), json.len);
  replay_pull(r);
  const char *wrong = status != DHCPHA_OK ? dhcpha_strerror(status)
                                          : wrong_after(r, x, v, before, was_lost);
  if (v != VERDICT_ERROR &&
      dhcpha_hub_get_counter(r->hub, DHCPHA_COUNTER_ANSWERS_MALFORMED) != malformed)
    wrong = "called malformed";
  if (wrong != NULL)
    replay_differs(r, x, "taken in", wrong, text_of(&json),
            dhcpha_state_get_name(partner_state(r, x)));
  else
    tally_checked(TALLY_TAKEN_IN, x->command);
  text_free(&json);
}

/* No recorded Kea asked for it: the peer tells its version. */
static bool answer_list_commands(replay *r, const sent *s) {
  if (strstr(text_of(&s->json), "\"list-commands\"") == NULL) return false;
  const char *version = replay_peer_version(r, s->peer);
  text json = {0};
  if (version != NULL) kea_partner_list_commands(version, &json);
  if (json.len == 0) text_add(&json, "[]");
  dhcpha_hub_command_answered(r->hub, s->id, text_of(&json), json.len);
  text_free(&json);
  replay_pull(r);
  return true;
}

/* Kea sent nothing like this then: heartbeats are answered with the last one recorded. */
static void answer_anyway(replay *r, const sent *s) {
  const recorded_exchange *last = NULL;
  bool is_heartbeat = strstr(text_of(&s->json), "\"ha-heartbeat\"") != NULL;
  for (size_t i = 0; i < r->scenario->exchange_count; i++) {
    const recorded_exchange *x = &r->scenario->exchanges[i];
    if (x->t_ms > r->now_ms) break;
    if (replay_is_self(r, x->from) && strcmp(x->to, s->peer) == 0 &&
        strcmp(x->command, "ha-heartbeat") == 0 && is_heartbeat)
      last = x;
  }
  text json = {0};
  if (r->deletes_instead && strstr(text_of(&s->json), "lease") != NULL)
    text_add(&json, "[{\"result\":0,\"text\":\"deleted\"}]");
  else if (last != NULL && last->answer != NULL)
    recording_body(r->scenario, r->now_ms, last->answer, &json);
  if (json.len != 0)
    dhcpha_hub_command_answered(r->hub, s->id, text_of(&json), json.len);
  else
    dhcpha_hub_command_failed(r->hub, s->id, DHCPHA_ERR_REFUSED, NULL);
  text_free(&json);
  replay_pull(r);
}

/* One command of the hub, and what came of it; x: what Kea sent, or NULL. */
static void deliver(replay *r, sent *s, recorded_exchange *x) {
  const dhcpha_json_value *request = replay_read(r, text_of(&s->json), s->json.len);
  if (strcmp(r->unreachable, s->peer) == 0 || (x != NULL && connection_failed(r, s, x->t_ms))) {
    dhcpha_hub_command_failed(r->hub, s->id, DHCPHA_ERR_REFUSED, NULL);
    replay_pull(r);
    return;
  }
  if (x != NULL) {
    x->used = true;
    replay_set_time(r, x->t_ms);
    check_sent(r, x, request, &s->json);
  }
  replay_show(r, x == NULL ? "sends what Kea did not" : "sends", text_of(&s->json));
  if (x == NULL)
    answer_anyway(r, s);
  else if (x->answer != NULL)
    take_in(r, x, s->id);
  else
    dhcpha_hub_command_failed(r->hub, s->id, DHCPHA_ERR_TIMEOUT, NULL);
  replay_pull(r);
}

/* A hub's heartbeats are due at the same time here, but were not there. */
static bool must_wait(const replay *r, const sent *s, const recorded_exchange *x) {
  return x != NULL && x->t_ms > r->now_ms + EARLY_MS &&
         strcmp(r->unreachable, s->peer) != 0 && strcmp(x->command, "ha-heartbeat") == 0 &&
         !connection_failed(r, s, x->t_ms);
}

void replay_deliver(replay *r) {
  while (r->sent_count > 0) {
    sent s = r->sent[0];
    memmove(r->sent, r->sent + 1, --r->sent_count * sizeof *r->sent);
    if (strcmp(r->unreachable, s.peer) != 0 && answer_list_commands(r, &s)) {
      text_free(&s.json);
      continue;
    }
    const dhcpha_json_value *request = replay_read(r, text_of(&s.json), s.json.len);
    recorded_exchange *x =
        request == NULL || r->left_out ? NULL : find_recorded(r, &s, request);
    if (must_wait(r, &s, x)) {
      x->used = true;
      s.waits_for = x;
      *append(&r->waiting, &r->waiting_count) = s;
      continue;
    }
    deliver(r, &s, x);
    text_free(&s.json);
  }
}

bool replay_deliver_waiting(replay *r, recorded_exchange *x) {
  for (size_t i = 0; i < r->waiting_count; i++) {
    if (r->waiting[i].waits_for != x) continue;
    sent s = r->waiting[i];
    r->waiting[i] = r->waiting[--r->waiting_count];
    deliver(r, &s, x);
    text_free(&s.json);
    replay_deliver(r);
    return true;
  }
  return false;
}

static void forget(sent **list, size_t *count) {
  for (size_t i = 0; i < *count; i++) text_free(&(*list)[i].json);
  free(*list);
  *list = NULL;
  *count = 0;
}

void replay_forget_sent(replay *r) {
  forget(&r->sent, &r->sent_count);
  forget(&r->waiting, &r->waiting_count);
}
