/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* (b) and (c): what the hub sends, and how it takes in the answer. */
#include "vectors/replay_parts.h"

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

static void remember_sent(replay *r, const dhcpha_action *action) {
  r->sent = realloc(r->sent, (r->sent_count + 1) * sizeof *r->sent);
  if (r->sent == NULL) abort();
  sent *s = &r->sent[r->sent_count++];
  memset(s, 0, sizeof *s);
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

/* The first of Kea's requests like this one that has not been met yet. */
static recorded_exchange *find_recorded(replay *r, const sent *s,
                                        const dhcpha_json_value *request) {
  const dhcpha_json_value *name = dhcpha_json_get(request, "command");
  int64_t window_ms = r->commanded ? COMMAND_WINDOW_MS : WINDOW_MS;
  for (size_t i = 0; i < r->scenario->exchange_count; i++) {
    recorded_exchange *x = &r->scenario->exchanges[i];
    const dhcpha_json_value *other = dhcpha_json_get(x->request, "json");
    if (x->used || strcmp(x->from, r->server->name) != 0 || strcmp(x->to, s->peer) != 0 ||
        !dhcpha_json_text_equals(name, x->command) || x->t_ms < r->now_ms - EARLY_MS ||
        x->t_ms > r->now_ms + window_ms)
      continue;
    if (replay_same_text(replay_argument(request, "ip-address"),
                         replay_argument(other, "ip-address")) &&
        replay_same_text(replay_argument(request, "from"), replay_argument(other, "from")))
      return x;
  }
  return NULL;
}

/* Before Kea sent this it could not connect: then it is a later attempt. */
static bool connection_failed(const replay *r, const sent *s, int64_t t_ms) {
  for (size_t i = 0; i < r->scenario->event_count; i++) {
    const recorded_event *e = &r->scenario->events[i];
    size_t len = strlen(r->server->name);
    if (strncmp(e->kind, "connect-", 8) == 0 && e->t_ms >= r->now_ms - EARLY_MS &&
        e->t_ms < t_ms && strncmp(e->text, r->server->name, len) == 0 &&
        strstr(e->text + len, s->peer) != NULL)
      return true;
  }
  return false;
}

static void check_sent(replay *r, const recorded_exchange *x, const dhcpha_json_value *request,
                       const text *json) {
  text why = {0}, wanted = {0};
  if (!replay_is_version(r, "3.")) {
    tally_left_out(TALLY_SENT, x->command, "sent by a version that says less");
  } else if (compare_values(dhcpha_json_get(x->request, "json"), request, &why)) {
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

/* What must be seen after an answer: P1 4.5, P2 4.6. */
static const char *wrong_after(replay *r, const recorded_exchange *x, verdict v, uint64_t before,
                               bool was_lost) {
  const dhcpha_json_value *answer = recording_answer(x->answer);
  dhcpha_state partner = dhcpha_hub_get_partner_state(r->hub, 0);
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
  if (strcmp(x->command, "lease4-get-page") == 0 && v == VERDICT_SUCCESS &&
      !replay_has_leases(&r->leases, replay_argument(answer, "leases")))
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
  bool was_lost = dhcpha_hub_get_partner_state(r->hub, 0) == DHCPHA_STATE_UNAVAILABLE;
  dhcpha_status status = dhcpha_hub_command_answered(r->hub, id, text_of(&json), json.len);
  replay_pull(r);
  const char *wrong = status != DHCPHA_OK ? dhcpha_strerror(status)
                                          : wrong_after(r, x, v, before, was_lost);
  if (v != VERDICT_ERROR &&
      dhcpha_hub_get_counter(r->hub, DHCPHA_COUNTER_ANSWERS_MALFORMED) != malformed)
    wrong = "called malformed";
  if (wrong != NULL)
    replay_differs(r, x, "taken in", wrong, text_of(&json),
            dhcpha_state_get_name(dhcpha_hub_get_partner_state(r->hub, 0)));
  else
    tally_checked(TALLY_TAKEN_IN, x->command);
  text_free(&json);
}

/* Kea sent nothing like this then: heartbeats are answered with the last one recorded. */
static void answer_anyway(replay *r, const sent *s) {
  const recorded_exchange *last = NULL;
  bool is_heartbeat = strstr(text_of(&s->json), "\"ha-heartbeat\"") != NULL;
  for (size_t i = 0; i < r->scenario->exchange_count; i++) {
    const recorded_exchange *x = &r->scenario->exchanges[i];
    if (x->t_ms > r->now_ms) break;
    if (strcmp(x->from, r->server->name) == 0 && strcmp(x->to, s->peer) == 0 &&
        strcmp(x->command, "ha-heartbeat") == 0 && is_heartbeat)
      last = x;
  }
  text json = {0};
  if (last != NULL && last->answer != NULL)
    recording_body(r->scenario, r->now_ms, last->answer, &json);
  if (json.len != 0)
    dhcpha_hub_command_answered(r->hub, s->id, text_of(&json), json.len);
  else
    dhcpha_hub_command_failed(r->hub, s->id, DHCPHA_ERR_REFUSED, NULL);
  text_free(&json);
  replay_pull(r);
}

void replay_deliver(replay *r) {
  while (r->sent_count > 0) {
    sent s = r->sent[0];
    memmove(r->sent, r->sent + 1, --r->sent_count * sizeof *r->sent);
    const dhcpha_json_value *request = replay_read(r, text_of(&s.json), s.json.len);
    recorded_exchange *x =
        request == NULL || r->left_out ? NULL : find_recorded(r, &s, request);
    if (r->unreachable || (x != NULL && connection_failed(r, &s, x->t_ms))) {
      dhcpha_hub_command_failed(r->hub, s.id, DHCPHA_ERR_REFUSED, NULL);
      replay_pull(r);
      text_free(&s.json);
      continue;
    }
    if (x != NULL) {
      x->used = true;
      replay_set_time(r, x->t_ms);
      check_sent(r, x, request, &s.json);
    }
    replay_show(r, x == NULL ? "sends what Kea did not" : "sends", text_of(&s.json));
    if (x == NULL)
      answer_anyway(r, &s);
    else if (x->answer != NULL)
      take_in(r, x, s.id);
    else
      dhcpha_hub_command_failed(r->hub, s.id, DHCPHA_ERR_TIMEOUT, NULL);
    replay_pull(r);
    text_free(&s.json);
  }
}

void replay_forget_sent(replay *r) {
  for (size_t i = 0; i < r->sent_count; i++) text_free(&r->sent[i].json);
  free(r->sent);
  r->sent = NULL;
  r->sent_count = 0;
}
