/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "vectors/replay.h"

#include "vectors/compare.h"
#include "vectors/replay_leases.h"
#include "vectors/tally.h"

#include "base/allocator.h"
#include "base/http_date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW_MS 2500           /* what follows from a heartbeat was recorded within */
#define COMMAND_WINDOW_MS 15000  /* what follows from a command */
#define EARLY_MS 10
#define BEAT_MS 1000 /* heartbeat-delay of the recordings */
#define GAP_MS 2600  /* between heartbeats: some were left out */
#define SENT_MAX 64
#define ARENA_MAX ((size_t)64 << 20)

size_t replay_differences, replay_states_equal, replay_states;

typedef struct sent {
  uint64_t id;
  char peer[RECORDING_NAME_SIZE];
  text json;
} sent;

static const dhcpha_json_value *read_json(replay *r, const char *json, size_t len) {
  const dhcpha_json_value *tree = dhcpha_json_read(&r->arena, json, len, NULL);
  if (tree == NULL) fprintf(stderr, "not JSON: %.*s\n", (int)len, json);
  return tree;
}

static const char *state_name(const replay *r) {
  return dhcpha_state_get_name(dhcpha_hub_get_state(r->hub, 0));
}

static void differs(const replay *r, const recorded_exchange *x, const char *what,
                    const char *why, const char *wanted, const char *got) {
  replay_differences++;
  printf("%s %s #%zu, %s %s -> %s as %s in state %s: %s: %s\n  Kea: %s\n  hub: %s\n", r->file,
         r->scenario->name, x->number, x->command, x->from, x->to, r->server->name, state_name(r),
         what, why, wanted, got);
}

static bool is_version(const replay *r, const char *start) {
  return strncmp(r->server->version, start, strlen(start)) == 0;
}

/* ---- time ---- */

/* How far the server's clock was off, seconds: its own date-times tell. */
static int64_t clock_offset(const replay *r) {
  int64_t offset = 0, nearest = INT64_MAX;
  for (size_t i = 0; i < r->scenario->exchange_count; i++) {
    const recorded_exchange *x = &r->scenario->exchanges[i];
    int64_t distance = llabs((long long)(x->t_ms - r->now_ms)), seconds;
    const dhcpha_json_value *date = dhcpha_json_get(
        dhcpha_json_get(recording_answer(x->answer), "arguments"), "date-time");
    if (strcmp(x->to, r->server->name) != 0 || date == NULL || distance >= nearest) continue;
    nearest = distance;
    offset = 0;
    if (dhcpha_http_date_parse(date->text, date->text_len, &seconds))
      offset = seconds - (r->scenario->start + x->t_ms / 1000);
  }
  return offset;
}

static void set_time(replay *r, int64_t t_ms) {
  if (t_ms > r->now_ms) r->now_ms = t_ms;
  dhcpha_time time = {r->now_ms + 1000000,
                      (r->scenario->start + clock_offset(r)) * 1000 + r->now_ms};
  if (r->hub != NULL) dhcpha_hub_set_time(r->hub, time);
}

/* ---- what the hub asks for ---- */

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
  if (r->sent_count == SENT_MAX) abort();
  sent *s = &r->sent[r->sent_count++];
  memset(s, 0, sizeof *s);
  s->id = dhcpha_action_get_id(action);
  snprintf(s->peer, sizeof s->peer, "%s", dhcpha_action_get_peer(action));
  text_append(&s->json, dhcpha_action_get_json(action), dhcpha_action_get_json_len(action));
}

/* VECTORS_SHOW=scenario in the environment shows how its replay goes.  VECTORS_SHOW="is in another
 * state than Kea" shows only this, of all. */
static void show(const replay *r, const char *what, const char *more) {
  const char *wanted = getenv("VECTORS_SHOW");
  if (wanted != NULL && (strcmp(wanted, r->scenario->name) == 0 || strcmp(wanted, what) == 0))
    printf("%s %s [%6lld] %s %s: %s\n", r->file, r->scenario->name, (long long)r->now_ms,
           r->server->name, what, more);
}

static void pull(replay *r) {
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
      case DHCPHA_ACTION_LOG: show(r, "log", dhcpha_action_get_text(action)); break;
      default: break;
    }
    dhcpha_action_free(action);
  }
}

/* ---- (b) and (c): what the hub sends, and how it takes in the answer ---- */

static const dhcpha_json_value *argument(const dhcpha_json_value *request, const char *name) {
  return dhcpha_json_get(dhcpha_json_get(request, "arguments"), name);
}

static bool same_text(const dhcpha_json_value *a, const dhcpha_json_value *b) {
  if (a == NULL || b == NULL) return a == b;
  return a->text_len == b->text_len && memcmp(a->text, b->text, a->text_len) == 0;
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
    if (same_text(argument(request, "ip-address"), argument(other, "ip-address")) &&
        same_text(argument(request, "from"), argument(other, "from")))
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
  if (!is_version(r, "3.")) {
    tally_left_out(TALLY_SENT, x->command, "sent by a version that says less");
  } else if (compare_values(dhcpha_json_get(x->request, "json"), request, &why)) {
    tally_checked(TALLY_SENT, x->command);
  } else {
    recording_body(r->scenario, x->t_ms, x->request, &wanted);
    differs(r, x, "sent", text_of(&why), text_of(&wanted), text_of(json));
  }
  text_free(&why);
  text_free(&wanted);
}

static dhcpha_counter counter_of(verdict v) {
  return v == VERDICT_SUCCESS    ? DHCPHA_COUNTER_UPDATES_ACKNOWLEDGED
         : v == VERDICT_CONFLICT ? DHCPHA_COUNTER_UPDATES_REJECTED
                                 : DHCPHA_COUNTER_UPDATES_FAILED;
}

static bool is_update(const char *command) {
  return strcmp(command, "lease4-update") == 0 || strcmp(command, "lease4-del") == 0;
}

/* What must be seen after an answer: P1 4.5, P2 4.6. */
static const char *wrong_after(replay *r, const recorded_exchange *x, verdict v, uint64_t before,
                               bool was_lost) {
  const dhcpha_json_value *answer = recording_answer(x->answer);
  dhcpha_state partner = dhcpha_hub_get_partner_state(r->hub, 0);
  bool lost = partner == DHCPHA_STATE_UNAVAILABLE;
  if (strcmp(x->command, "ha-heartbeat") == 0) {
    const dhcpha_json_value *state = argument(answer, "state");
    if (v != VERDICT_SUCCESS) return lost ? NULL : "the partner should be unavailable";
    return dhcpha_json_text_equals(state, dhcpha_state_get_name(partner))
               ? NULL
               : "the partner's state is another";
  }
  if (is_update(x->command))
    return dhcpha_hub_get_counter(r->hub, counter_of(v)) == before + 1 ? NULL
                                                                       : "counted as another";
  if (strcmp(x->command, "ha-reset") == 0) return NULL; /* P2 3.2: it blames nobody */
  if (strcmp(x->command, "ha-maintenance-notify") == 0) return NULL; /* the command's answer tells */
  if (strcmp(x->command, "lease4-get-page") == 0 && v == VERDICT_SUCCESS &&
      !replay_has_leases(&r->leases, argument(answer, "leases")))
    return "leases of the page were not stored";
  bool should_be_lost = v == VERDICT_ERROR || v == VERDICT_CONFLICT;
  if (strcmp(x->command, "ha-sync-complete-notify") != 0) should_be_lost |= v == VERDICT_UNSUPPORTED;
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
  pull(r);
  const char *wrong = status != DHCPHA_OK ? dhcpha_strerror(status)
                                          : wrong_after(r, x, v, before, was_lost);
  if (v != VERDICT_ERROR &&
      dhcpha_hub_get_counter(r->hub, DHCPHA_COUNTER_ANSWERS_MALFORMED) != malformed)
    wrong = "called malformed";
  if (wrong != NULL)
    differs(r, x, "taken in", wrong, text_of(&json),
            dhcpha_state_get_name(dhcpha_hub_get_partner_state(r->hub, 0)));
  else
    tally_checked(TALLY_TAKEN_IN, x->command);
  text_free(&json);
}

/* Kea sent nothing like this then: heartbeats are answered with the last one recorded. */
static void answer_anyway(replay *r, const sent *s) {
  const recorded_exchange *last = NULL;
  for (size_t i = 0; i < r->scenario->exchange_count; i++) {
    const recorded_exchange *x = &r->scenario->exchanges[i];
    if (x->t_ms > r->now_ms) break;
    if (strcmp(x->from, r->server->name) == 0 && strcmp(x->to, s->peer) == 0 &&
        strcmp(x->command, "ha-heartbeat") == 0 && strstr(text_of(&s->json), "ha-heartbeat") != NULL)
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
  pull(r);
}

static void deliver(replay *r) {
  while (r->sent_count > 0) {
    sent s = r->sent[0];
    memmove(r->sent, r->sent + 1, --r->sent_count * sizeof *r->sent);
    const dhcpha_json_value *request = read_json(r, text_of(&s.json), s.json.len);
    recorded_exchange *x =
        request == NULL || r->left_out ? NULL : find_recorded(r, &s, request);
    if (r->unreachable || (x != NULL && connection_failed(r, &s, x->t_ms))) {
      dhcpha_hub_command_failed(r->hub, s.id, DHCPHA_ERR_REFUSED, NULL);
      pull(r);
      text_free(&s.json);
      continue;
    }
    if (x != NULL) {
      x->used = true;
      set_time(r, x->t_ms);
      check_sent(r, x, request, &s.json);
    }
    show(r, x == NULL ? "sends what Kea did not" : "sends", text_of(&s.json));
    if (x == NULL)
      answer_anyway(r, &s);
    else if (x->answer != NULL)
      take_in(r, x, s.id);
    else
      dhcpha_hub_command_failed(r->hub, s.id, DHCPHA_ERR_TIMEOUT, NULL);
    pull(r);
    text_free(&s.json);
  }
}

static void heartbeat(replay *r) {
  r->beat_ms = r->now_ms;
  if (dhcpha_hub_handle_expiry(r->hub) != DHCPHA_OK) abort();
  pull(r);
  deliver(r);
}

static void leave_out(replay *r, const recorded_exchange *x) {
  char reason[96];
  snprintf(reason, sizeof reason, "not sent in state %s", state_name(r));
  if (is_version(r, "3.")) tally_left_out(TALLY_SENT, x->command, reason);
  if (x->answer != NULL) tally_left_out(TALLY_TAKEN_IN, x->command, reason);
}

static void sent_by_kea(replay *r, recorded_exchange *x) {
  if (x->used) return;
  if (strcmp(x->command, "ha-heartbeat") == 0) {
    heartbeat(r);
  } else if (is_update(x->command)) {
    replay_commit(r, x);
    pull(r);
    deliver(r);
  }
  if (!x->used) leave_out(r, x);
}

/* ---- (a): what others send ---- */

/* "DHCPv4 ... (<wire>:0:42)": the position in the text is Kea's own matter. */
static bool same_answer_text(const dhcpha_json_value *wanted, const dhcpha_json_value *got) {
  if (wanted == NULL || got == NULL) return wanted == got;
  size_t len = wanted->text_len;
  const char *position = strstr(wanted->text, "(<");
  if (position != NULL) len = (size_t)(position - wanted->text);
  while (len > 0 && wanted->text[len - 1] == ' ') len--;
  return got->text_len >= len && memcmp(wanted->text, got->text, len) == 0;
}

static void count_state(const replay *r, const dhcpha_json_value *wanted,
                        const dhcpha_json_value *got) {
  bool same = same_text(argument(wanted, "state"), argument(got, "state"));
  replay_states++;
  replay_states_equal += same;
  if (!same) show(r, "is in another state than Kea", argument(wanted, "state")->text);
}

/* Where an older version answers otherwise, P1 6 and P2 14. */
static const char *known_difference(const replay *r, const recorded_exchange *x, int64_t wanted,
                                    const dhcpha_json_value *answer) {
  int64_t got = recording_result(answer);
  bool lease = is_update(x->command), old = is_version(r, "2."), oldest = is_version(r, "2.2");
  if (x->status >= 500) return "Kea failed inside";
  if (x->command[0] == '\0' && wanted == 1 && got == 1) return "Kea names the type of the whole";
  if (oldest && lease && wanted == 1 && got == 4) return "2.2 has no conflicts";
  if (old && lease && wanted == 1 && got == 0) return "2.x knows fewer lease states";
  if (oldest && strncmp(x->command, "dhcp-", 5) == 0 && wanted == 1 && got == 0)
    return "2.2 wants the origin as a string";
  if (old && !lease && wanted == 0 && got == 1) return "2.x looks at fewer arguments";
  if (old && strcmp(x->command, "ha-maintenance-notify") == 0 && wanted == 0 && got == 0)
    return "2.x does not tell its state";
  return NULL;
}

static void check_answer(replay *r, const recorded_exchange *x) {
  const dhcpha_json_value *wanted = recording_answer(x->answer);
  const dhcpha_json_value *tree = read_json(r, text_of(&r->answer), r->answer.len);
  const dhcpha_json_value *got =
      dhcpha_json_is(tree, DHCPHA_JSON_LIST) ? tree->first : tree;
  const dhcpha_json_value *arguments = dhcpha_json_get(wanted, "arguments");
  text why = {0}, whole = {0};
  bool page = strcmp(x->command, "lease4-get-page") == 0, good = false;
  recording_body(r->scenario, x->t_ms, x->answer, &whole);
  const char *known = known_difference(r, x, recording_result(wanted), got);
  if (recording_result(wanted) != recording_result(got))
    text_add(&why, "another result");
  else if (x->status != r->http_status)
    text_add(&why, "another HTTP status");
  else if (is_version(r, "3.") && strcmp(x->command, "ha-sync") != 0 && /* errors of the network */
           !same_answer_text(dhcpha_json_get(wanted, "text"), dhcpha_json_get(got, "text")))
    text_add(&why, "another text");
  else if ((arguments == NULL) != (dhcpha_json_get(got, "arguments") == NULL))
    text_add(&why, "arguments");
  else
    good = arguments == NULL ||
           (page ? compare_values(arguments, dhcpha_json_get(got, "arguments"), &why)
                 : compare_shapes(arguments, dhcpha_json_get(got, "arguments"), &why));
  if (good && strcmp(x->command, "ha-heartbeat") == 0) count_state(r, wanted, got);
  if (good)
    tally_checked(TALLY_ANSWERED, x->command);
  else if (known != NULL)
    tally_left_out(TALLY_ANSWERED, x->command, known);
  else
    differs(r, x, "answered", text_of(&why), text_of(&whole), text_of(&r->answer));
  text_free(&why);
  text_free(&whole);
}

/* Why a request is not for the hub at all; NULL when it is. */
static const char *not_ours(const recorded_exchange *x) {
  const dhcpha_json_value *said = dhcpha_json_get(recording_answer(x->answer), "text");
  if (x->unusual) return "not framed as servers frame it";
  if (x->answer == NULL) return "Kea gave no answer";
  if (dhcpha_json_get(x->request, "base64") != NULL) return "not text";
  if (dhcpha_json_get(x->answer, "json") == NULL) return "Kea's answer is not JSON";
  if (x->status == 401 || x->status == 408) return "answered by HTTP";
  if (said != NULL && (strstr(said->text, "Control Agent") != NULL ||
                       strstr(said->text, "forwarding socket") != NULL))
    return "the control agent's to answer";
  return NULL;
}

/* restrict-commands is about the listener of High Availability only, P1 1.9. */
static bool has_listener(const replay *r) {
  const dhcpha_json_value *threads = dhcpha_json_get(r->server->config, "multi-threading");
  const dhcpha_json_value *enabled = dhcpha_json_get(threads, "enable-multi-threading");
  return enabled == NULL || enabled->boolean;
}

static void received_by_kea(replay *r, const recorded_exchange *x) {
  const char *reason = not_ours(x);
  if (reason != NULL) {
    tally_left_out(TALLY_ANSWERED, x->command, reason);
    return;
  }
  text json = {0};
  replay_prepare_store(r, x);
  recording_body(r->scenario, x->t_ms, x->request, &json);
  uint64_t malformed = dhcpha_hub_get_counter(r->hub, DHCPHA_COUNTER_COMMANDS_MALFORMED);
  show(r, "receives", text_of(&json));
  r->answered = false;
  r->commanded = true;
  bool restricted = !x->unix_socket && has_listener(r);
  dhcpha_status status = dhcpha_hub_command_received(r->hub, x->number + 1, text_of(&json),
                                                     json.len, restricted ? 0 : SIZE_MAX);
  pull(r);
  deliver(r);
  r->commanded = false;
  int64_t result = recording_result(recording_answer(x->answer));
  bool blamed = dhcpha_hub_get_counter(r->hub, DHCPHA_COUNTER_COMMANDS_MALFORMED) != malformed;
  if (status == DHCPHA_ERR_FOREIGN)
    tally_left_out(TALLY_ANSWERED, x->command, "the host's to answer");
  else if (status != DHCPHA_OK || !r->answered)
    differs(r, x, "not answered", dhcpha_strerror(status), text_of(&json), "");
  else if (blamed && (result == 0 || result == 3 || result == 4) && !is_version(r, "2."))
    differs(r, x, "called malformed", "", text_of(&json), text_of(&r->answer));
  else
    check_answer(r, x);
  text_free(&json);
}

/* ---- the run of one server ---- */

static void start(replay *r) {
  text config = {0};
  dhcpha_config *parsed = NULL;
  dhcpha_messages *messages = NULL;
  replay_write_config(r, &config);
  dhcpha_status status = dhcpha_config_parse(DHCPHA_DHCP4, text_of(&config), config.len, NULL,
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
  set_time(r, r->now_ms);
  if (dhcpha_hub_start(r->hub) != DHCPHA_OK) abort();
  pull(r);
  text_free(&config);
}

static void stop(replay *r) {
  for (size_t i = 0; i < r->sent_count; i++) text_free(&r->sent[i].json);
  r->sent_count = 0;
  dhcpha_hub_free(r->hub);
  r->hub = NULL;
}

static void event(replay *r, const recorded_event *e) {
  bool mine = strncmp(e->text, r->server->name, strlen(r->server->name)) == 0;
  set_time(r, e->t_ms);
  if (mine && strcmp(e->kind, "start") == 0) {
    stop(r);
    start(r);
  } else if (mine && strcmp(e->kind, "fault") == 0) {
    stop(r);
  } else if (mine && strncmp(e->kind, "connect-", 8) == 0 && r->hub != NULL) {
    r->unreachable = true;
    heartbeat(r);
    r->unreachable = false;
  }
}

/* In long runs of equal heartbeats some were not recorded. */
static void fill_gap(replay *r, int64_t t_ms) {
  while (r->hub != NULL && t_ms - r->beat_ms > GAP_MS) {
    set_time(r, r->beat_ms + BEAT_MS);
    r->left_out = true;
    heartbeat(r);
    r->left_out = false;
  }
}

static void exchange(replay *r, recorded_exchange *x) {
  bool sends = strcmp(x->from, r->server->name) == 0, gets = strcmp(x->to, r->server->name) == 0;
  if ((!sends && !gets) || r->hub == NULL) return;
  fill_gap(r, x->t_ms);
  set_time(r, x->t_ms);
  dhcpha_arena_reset(&r->arena);
  if (sends) sent_by_kea(r, x);
  if (gets) received_by_kea(r, x);
}

static void play(recorded_scenario *s, const recorded_server *server, const char *file) {
  replay r;
  size_t next = 0;
  memset(&r, 0, sizeof r);
  r.scenario = s;
  r.server = server;
  r.file = file;
  r.sent = must_allocate(SENT_MAX * sizeof *r.sent);
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
  free(r.sent);
}

void replay_scenario(recorded_scenario *s, const char *file) {
  for (size_t i = 0; i < s->server_count; i++) {
    if (dhcpha_json_is(s->servers[i].config, DHCPHA_JSON_MAP)) play(s, &s->servers[i], file);
  }
}
