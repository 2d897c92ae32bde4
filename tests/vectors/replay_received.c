/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* (a): what others send, and how the hub answers. */
#include "vectors/replay_parts.h"

#include "vectors/compare.h"
#include "vectors/replay_leases.h"
#include "vectors/tally.h"

#include <stdio.h>
#include <string.h>

size_t replay_states_equal, replay_states;

/* "DHCPv4 ... (<wire>:0:42)": the position in the text is Kea's own matter. */
static bool same_answer_text(const dhcpha_json_value *wanted, const dhcpha_json_value *got) {
  if (wanted == NULL || got == NULL) return wanted == got;
  size_t len = wanted->text_len;
  const char *position = strstr(wanted->text, "(<");
  if (position != NULL) len = (size_t)(position - wanted->text);
  while (len > 0 && wanted->text[len - 1] == ' ') len--;
  if (position != NULL && len > 3 && memcmp(wanted->text + len - 3, " in", 3) == 0) len -= 3;
  return got->text_len >= len && memcmp(wanted->text, got->text, len) == 0;
}

static void count_state(const replay *r, const dhcpha_json_value *wanted,
                        const dhcpha_json_value *got) {
  bool same = replay_same_text(replay_argument(wanted, "state"), replay_argument(got, "state"));
  replay_states++;
  replay_states_equal += same;
  if (!same) replay_show(r, "is in another state than Kea", replay_argument(wanted, "state")->text);
}

/* Where an older version answers otherwise, P1 6 and P2 14. */
static const char *known_difference(const replay *r, const recorded_exchange *x, int64_t wanted,
                                    const dhcpha_json_value *answer) {
  int64_t got = recording_result(answer);
  bool lease = replay_is_update(x->command);
  bool old = replay_is_version(r, "2."), oldest = replay_is_version(r, "2.2");
  const char *asks = replay_peer_version(r, x->from);
  if (x->status >= 500) return "Kea failed inside";
  if (asks != NULL && asks[0] == '2' && !old && strstr(x->command, "-get-page") != NULL)
    return "2.x reads no released lease: told as 2.6 keeps it (P2 15.8)";
  if (x->command[0] == '\0' && wanted == 1 && got == 1) return "Kea names the type of the whole";
  if (oldest && lease && wanted == 1 && got == 4) return "2.2 has no conflicts";
  if (old && lease && wanted == 1 && got == 0) return "2.x knows fewer lease states";
  if (oldest && strncmp(x->command, "dhcp-", 5) == 0 && wanted == 1 && got == 0)
    return "2.2 wants the origin as a string";
  if (old && !lease && wanted == 0 && got == 1) return "2.x looks at fewer arguments";
  if (old && strcmp(x->command, "ha-maintenance-notify") == 0 && wanted == 0 && got == 0)
    return "2.x does not tell its state";
  if (strcmp(x->command, "ha-maintenance-cancel") == 0 && wanted == 1 && got == 1)
    return "Kea is in partner-down, with a partner that has just agreed to maintenance";
  return NULL;
}

static void check_answer(replay *r, const recorded_exchange *x) {
  const dhcpha_json_value *wanted = recording_answer(x->answer);
  const dhcpha_json_value *tree = replay_read(r, text_of(&r->answer), r->answer.len);
  const dhcpha_json_value *got =
      dhcpha_json_is(tree, DHCPHA_JSON_LIST) ? tree->first : tree;
  const dhcpha_json_value *arguments = dhcpha_json_get(wanted, "arguments");
  text why = {0}, whole = {0};
  bool good = false;
  recording_body(r->scenario, x->t_ms, x->answer, &whole);
  const char *known = known_difference(r, x, recording_result(wanted), got);
  if (recording_result(wanted) != recording_result(got))
    text_add(&why, "another result");
  else if (x->status != r->http_status)
    text_add(&why, "another HTTP status");
  else if (replay_is_version(r, "3.") &&
           strcmp(x->command, "ha-sync") != 0 && /* it tells of errors of the network */
           !same_answer_text(dhcpha_json_get(wanted, "text"), dhcpha_json_get(got, "text")))
    text_add(&why, "another text");
  else if ((arguments == NULL) != (dhcpha_json_get(got, "arguments") == NULL))
    text_add(&why, "arguments");
  else
    good = arguments == NULL ||
           (strncmp(x->command, "lease", 5) == 0
                ? compare_values(arguments, dhcpha_json_get(got, "arguments"), &why)
                : compare_shapes(arguments, dhcpha_json_get(got, "arguments"), "", &why));
  if (good && strcmp(x->command, "ha-heartbeat") == 0) count_state(r, wanted, got);
  if (good)
    tally_checked(TALLY_ANSWERED, x->command);
  else if (known != NULL)
    tally_left_out(TALLY_ANSWERED, x->command, known);
  else
    replay_differs(r, x, "answered", text_of(&why), text_of(&whole), text_of(&r->answer));
  text_free(&why);
  text_free(&whole);
}

/* Why a request is not for the hub at all; NULL when it is. */
static const char *not_ours(const recorded_exchange *x) {
  const dhcpha_json_value *said = dhcpha_json_get(recording_answer(x->answer), "text");
  if (x->unusual) return "not framed as servers do: check_http_vectors has it";
  if (x->answer == NULL) return "Kea gave no answer";
  if (dhcpha_json_get(x->request, "base64") != NULL) return "not text";
  if (dhcpha_json_get(x->answer, "json") == NULL) return "Kea's answer is not JSON";
  if (x->status == 401 || x->status == 408) return "answered by HTTP: check_http_vectors has it";
  if (said != NULL && (strstr(said->text, "Control Agent") != NULL ||
                       strstr(said->text, "forwarding socket") != NULL))
    return "the control agent's to answer";
  return NULL;
}

/* The same names, modes and roles, and the same members? (P1 5.9)  In 2.2 there are fewer. */
static bool same_status(const replay *r, const dhcpha_json_value *wanted,
                        const dhcpha_json_value *got, text *why) {
  static const char *const servers[] = {"local", "remote"};
  const char *extra = replay_is_version(r, "2.2")   ? "server-name system-time clock-skew"
                      : replay_is_version(r, "2.6") ? "system-time clock-skew"
                                                    : "";
  bool good = compare_shapes(wanted, got, extra, why);
  for (; good && wanted != NULL && got != NULL; wanted = wanted->next, got = got->next) {
    good = replay_same_text(dhcpha_json_get(wanted, "ha-mode"), dhcpha_json_get(got, "ha-mode"));
    for (int i = 0; good && i < 2; i++) {
      const dhcpha_json_value *a = dhcpha_json_get(dhcpha_json_get(wanted, "ha-servers"), servers[i]);
      const dhcpha_json_value *b = dhcpha_json_get(dhcpha_json_get(got, "ha-servers"), servers[i]);
      const dhcpha_json_value *name = dhcpha_json_get(a, "server-name");
      good = replay_same_text(dhcpha_json_get(a, "role"), dhcpha_json_get(b, "role")) &&
             (name == NULL || replay_same_text(name, dhcpha_json_get(b, "server-name")));
    }
    if (!good) text_add(why, "a mode, role or name");
  }
  return good;
}

static const dhcpha_json_value *local_state(const dhcpha_json_value *relationship) {
  return dhcpha_json_get(
      dhcpha_json_get(dhcpha_json_get(relationship, "ha-servers"), "local"), "state");
}

/* The host answers it, with what the hub gives it. */
static void check_status(replay *r, const recorded_exchange *x) {
  const dhcpha_json_value *wanted =
      replay_argument(recording_answer(x->answer), "high-availability");
  dhcpha_status_form form = replay_is_version(r, "2.2")   ? DHCPHA_STATUS_KEA_2_2
                            : replay_is_version(r, "2.6") ? DHCPHA_STATUS_KEA_2_6
                                                          : DHCPHA_STATUS_KEA_3_0;
  const char *status = dhcpha_hub_get_status_as(r->hub, form);
  const dhcpha_json_value *got = replay_read(r, status, strlen(status));
  text why = {0}, whole = {0};
  if (!dhcpha_json_is(wanted, DHCPHA_JSON_LIST)) {
    tally_left_out(TALLY_ANSWERED, x->command, "without the part of High Availability");
  } else if (same_status(r, wanted->first, got->first, &why)) {
    tally_checked(TALLY_ANSWERED, x->command);
  } else if (!replay_same_text(local_state(wanted->first), local_state(got->first))) {
    tally_left_out(TALLY_ANSWERED, x->command, "Kea is in another state");
  } else {
    recording_write(wanted, &whole);
    replay_differs(r, x, "status", text_of(&why), text_of(&whole), status);
  }
  text_free(&why);
  text_free(&whole);
}

/* restrict-commands is about the listener of High Availability only, P1 1.9. */
static bool has_listener(const replay *r) {
  const dhcpha_json_value *threads = dhcpha_json_get(r->server->config, "multi-threading");
  const dhcpha_json_value *enabled = dhcpha_json_get(threads, "enable-multi-threading");
  return enabled == NULL || enabled->boolean;
}

void replay_received(replay *r, const recorded_exchange *x) {
  const char *reason = not_ours(x);
  if (reason != NULL) {
    tally_left_out(TALLY_ANSWERED, x->command, reason);
    return;
  }
  text json = {0};
  replay_prepare_store(r, x);
  recording_body(r->scenario, x->t_ms, x->request, &json);
  uint64_t malformed = dhcpha_hub_get_counter(r->hub, DHCPHA_COUNTER_COMMANDS_MALFORMED);
  replay_show(r, "receives", text_of(&json));
  r->answered = false;
  r->commanded = true;
  bool restricted = !x->unix_socket && has_listener(r);
  dhcpha_status status = dhcpha_hub_command_received(r->hub, x->number + 1, text_of(&json),
                                                     json.len, restricted ? 0 : SIZE_MAX);
  replay_pull(r);
  replay_deliver(r);
  r->commanded = false;
  int64_t result = recording_result(recording_answer(x->answer));
  bool blamed = dhcpha_hub_get_counter(r->hub, DHCPHA_COUNTER_COMMANDS_MALFORMED) != malformed;
  if (status == DHCPHA_ERR_FOREIGN && strcmp(x->command, "status-get") == 0)
    check_status(r, x);
  else if (status == DHCPHA_ERR_FOREIGN)
    tally_left_out(TALLY_ANSWERED, x->command, "the host's to answer");
  else if (status != DHCPHA_OK || !r->answered)
    replay_differs(r, x, "not answered", dhcpha_strerror(status), text_of(&json), "");
  else if (blamed && (result == 0 || result == 3 || result == 4) && !replay_is_version(r, "2."))
    replay_differs(r, x, "called malformed", "", text_of(&json), text_of(&r->answer));
  else
    check_answer(r, x);
  text_free(&json);
}
