/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "service/service_status.h"

#include "base/http_date.h"
#include "procedures/terminated.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- status-get ---- */

static void write_time(dhcpha_buffer *out, bool known, int64_t utc_s) {
  char text[DHCPHA_STATUS_TIME_SIZE];
  if (!known) {
    dhcpha_buffer_append_text(out, "null");
    return;
  }
  dhcpha_status_time_format(utc_s, text);
  dhcpha_buffer_append_format(out, "\"%s\"", text);
}

static void write_name(dhcpha_buffer *out, const char *name) {
  dhcpha_buffer_append_text(out, ",\"server-name\":");
  dhcpha_json_write_string(out, name, strlen(name));
}

/* Both came with 2.7.4. */
static bool has_times(dhcpha_status_form form) {
  return form != DHCPHA_STATUS_KEA_2_2 && form != DHCPHA_STATUS_KEA_2_6;
}

static void write_local(const dhcpha_service *service, dhcpha_status_form form,
                        dhcpha_buffer *out) {
  const dhcpha_peer *self = service->relationship->self;
  dhcpha_buffer_append_format(out, "{\"role\":\"%s\",\"scopes\":",
                              dhcpha_role_get_name(self->role));
  dhcpha_scopes_write(&service->scopes, out);
  if (form != DHCPHA_STATUS_KEA_2_2) write_name(out, self->name);
  dhcpha_buffer_append_format(out, ",\"state\":\"%s\"", dhcpha_state_get_name(service->state));
  if (has_times(form)) {
    dhcpha_buffer_append_text(out, ",\"system-time\":");
    write_time(out, service->skew.known, service->skew.own_utc_s);
  }
  dhcpha_buffer_append_char(out, '}');
}

static unsigned long long unacked_left(const dhcpha_service *service) {
  size_t max = service->relationship->max_unacked_clients;
  if (!dhcpha_service_is_interrupted(service) || max < service->unacked.unacked) return 0;
  return (unsigned long long)max - service->unacked.unacked + 1;
}

static void write_remote_times(const dhcpha_service *service, dhcpha_buffer *out) {
  dhcpha_buffer_append_text(out, ",\"clock-skew\":");
  if (service->skew.known)
    dhcpha_buffer_append_integer(out, dhcpha_clock_skew_seconds(&service->skew));
  else
    dhcpha_buffer_append_text(out, "null");
  dhcpha_buffer_append_text(out, ",\"system-time\":");
  write_time(out, service->skew.known, service->skew.partner_utc_s);
}

static void write_remote(const dhcpha_service *service, dhcpha_status_form form,
                         dhcpha_buffer *out) {
  const dhcpha_peer *peer = service->relationship->partner;
  const dhcpha_partner *partner = &service->partner;
  bool interrupted = dhcpha_service_is_interrupted(service);
  int64_t age_ms = service->context->now.monotonic_ms - partner->contact_ms;
  dhcpha_buffer_append_format(out, "{\"age\":%lld,\"analyzed-packets\":%llu",
                              partner->heard ? (long long)(age_ms / 1000) : 0,
                              (unsigned long long)service->unacked.analyzed);
  dhcpha_buffer_append_format(out,
                              ",\"communication-interrupted\":%s,\"connecting-clients\":%zu,"
                              "\"in-touch\":%s,\"last-scopes\":%s,\"last-state\":\"%s\","
                              "\"role\":\"%s\"",
                              interrupted ? "true" : "false",
                              dhcpha_unacked_clients_count(&service->unacked),
                              partner->heard ? "true" : "false",
                              partner->scopes.len == 0 ? "[]"
                                                       : dhcpha_buffer_text(&partner->scopes),
                              dhcpha_state_get_name(partner->state),
                              dhcpha_role_get_name(peer->role));
  if (form != DHCPHA_STATUS_KEA_2_2) write_name(out, peer->name);
  if (has_times(form)) write_remote_times(service, out);
  dhcpha_buffer_append_format(out, ",\"unacked-clients\":%zu,\"unacked-clients-left\":%llu}",
                              service->unacked.unacked, unacked_left(service));
}

static const char *const form_names[] = {
    [DHCPHA_FORM_UNKNOWN] = "unknown", [DHCPHA_FORM_LIST] = "list", [DHCPHA_FORM_MAP] = "map"};

/* What is known of each peer. */
static void write_peers(const dhcpha_service *service, dhcpha_buffer *out) {
  const char *between = "";
  dhcpha_buffer_append_text(out, ",\"dhcpha\":{\"peers\":[");
  for (size_t i = 0; i < service->relationship->peer_count; i++) {
    const dhcpha_peer *peer = service->relationship->peers[i];
    const dhcpha_peer_abilities *known = dhcpha_service_get_abilities(service, peer);
    const char *comma = "";
    if (peer == service->relationship->self) continue;
    dhcpha_buffer_append_format(out, "%s{\"abilities\":[", between);
    for (unsigned bit = 0; bit < DHCPHA_ABILITY_COUNT; bit++) {
      dhcpha_ability ability = (dhcpha_ability)(1u << bit);
      if (!dhcpha_peer_can(known, ability)) continue;
      dhcpha_buffer_append_format(out, "%s\"%s\"", comma, dhcpha_ability_get_name(ability));
      comma = ",";
    }
    dhcpha_buffer_append_char(out, ']');
    dhcpha_buffer_append_format(out, ",\"answers\":\"%s\"", form_names[known->form]);
    write_name(out, peer->name);
    dhcpha_buffer_append_format(out, ",\"version-at-least\":\"%s\"}",
                                dhcpha_version_get_name(known->version));
    between = ",";
  }
  dhcpha_buffer_append_text(out, "]}");
}

void dhcpha_service_write_status(const dhcpha_service *service, dhcpha_mode mode,
                                 dhcpha_status_form form, dhcpha_buffer *out) {
  dhcpha_buffer_append_format(out, "{\"ha-mode\":\"%s\",\"ha-servers\":{\"local\":",
                              dhcpha_mode_get_name(mode));
  write_local(service, form, out);
  /* A backup server and a passive-backup primary have no partner they talk to. */
  if (service->relationship->partner != NULL &&
      service->relationship->self->role != DHCPHA_ROLE_BACKUP) {
    dhcpha_buffer_append_text(out, ",\"remote\":");
    write_remote(service, form, out);
  }
  dhcpha_buffer_append_char(out, '}');
  if (form == DHCPHA_STATUS_OWN) write_peers(service, out);
  dhcpha_buffer_append_char(out, '}');
}

/* ---- explain ---- */

/* What waiting may change; the rest is configuration. */
#define CHANGEABLE                                                                             \
  (DHCPHA_FACT_PARTNER_SILENT | DHCPHA_FACT_CLIENTS_UNSERVED | DHCPHA_FACT_TERMINATED_LONG)

typedef struct writer {
  char *text;
  size_t used;
} writer;

static void say(writer *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(writer *out, const char *format, ...) {
  va_list arguments;
  size_t room = DHCPHA_EXPLANATION_TEXT_SIZE - out->used;
  va_start(arguments, format);
  int written = vsnprintf(out->text + out->used, room, format, arguments);
  va_end(arguments);
  if (written > 0) out->used += (size_t)written < room ? (size_t)written : room - 1;
}

static const char *yes_or_no(uint32_t missing, uint32_t fact) {
  return (missing & fact) == 0 ? "yes" : "no";
}

static void say_conditions(writer *out, const dhcpha_service *service, const dhcpha_rule *rule,
                           uint32_t missing) {
  const dhcpha_relationship *relationship = service->relationship;
  int64_t now_ms = service->context->now.monotonic_ms;
  const char *separator = ":";
  if (rule->when & DHCPHA_FACT_PARTNER_SILENT) {
    say(out, "%s partner silent %lld s of %u: %s", separator,
        (long long)((now_ms - service->partner.contact_ms) / 1000),
        relationship->max_response_delay_ms / 1000,
        yes_or_no(missing, DHCPHA_FACT_PARTNER_SILENT));
    separator = ";";
  }
  if ((rule->when & DHCPHA_FACT_CLIENTS_UNSERVED) && relationship->max_unacked_clients > 0 &&
      (missing & DHCPHA_FACT_CLIENTS_UNSERVED)) {
    say(out, "%s unacked clients %zu, more than %u: no; %llu packets analysed", separator,
        service->unacked.unacked, relationship->max_unacked_clients,
        (unsigned long long)service->unacked.analyzed);
    separator = ";";
  }
  if (rule->when & DHCPHA_FACT_TERMINATED_LONG)
    say(out, "%s partner terminated %lld s of %d: %s", separator,
        (long long)((now_ms - service->partner.terminated_since_ms) / 1000),
        DHCPHA_TERMINATED_LONG_MS / 1000, yes_or_no(missing, DHCPHA_FACT_TERMINATED_LONG));
}

static const char *code_of_missing(uint32_t missing) {
  if (missing & DHCPHA_FACT_PARTNER_SILENT) return "waiting-for-silence";
  if (missing & DHCPHA_FACT_CLIENTS_UNSERVED) return "waiting-for-unacked-clients";
  return "waiting-for-partner-restart";
}

/* What would have to happen, by the reason of the rule that keeps the state. */
static const struct {
  const char *code;
  const char *text;
} outlooks[] = {
    {"backup", "a backup server takes lease updates and stays so"},
    {"passive-backup", "serves alone and sends lease updates to its backups"},
    {"in-maintenance", "waits to be shut down; ha-maintenance-cancel at the partner ends it"},
    {"paused", "paused: ha-continue lets it go on"},
    {"maintenance-canceled", "maintenance was canceled; the next heartbeat decides"},
    {"partner-in-maintenance", "serves alone until ha-maintenance-cancel, or the partner is shut "
                               "down"},
    {"partner-in-other-mode", "the partner is configured for another mode"},
    {"partner-terminated", "the partner is terminated and has to be restarted"},
    {"primary-goes-first", "the primary goes first; this server follows"},
    {"synchronizing", "fetches the partner's leases"},
    {"sending-backlog", "sends the lease updates it kept"},
    {"backlog-overflowed", "too many updates were kept: the partner has to be reset"},
    {"partner-synchronizes", "the partner fetches our leases first"},
    {"partner-silent", "the partner has been silent too long to go on"},
    {"normal", "all is well"},
    {"waiting-for-partner", "waits for the partner's next state"},
    {"partner-unavailable", "waits for the partner to come back"},
};

static const char *outlook_of(const char *code) {
  for (size_t i = 0; i < sizeof outlooks / sizeof outlooks[0]; i++)
    if (strcmp(outlooks[i].code, code) == 0) return outlooks[i].text;
  return code;
}

/* Backups that need an administrator. */
static void say_backups(writer *out, const dhcpha_service *service) {
  const dhcpha_relationship *relationship = service->relationship;
  for (size_t i = 0; i < relationship->peer_count; i++) {
    const dhcpha_peer_queue *queue = &service->queues[i];
    if (relationship->peers[i]->role != DHCPHA_ROLE_BACKUP || queue->lost == 0) continue;
    say(out, "; backup %s lost %llu updates and needs ha-sync%s", relationship->peers[i]->name,
        (unsigned long long)queue->lost,
        queue->stopped ? ", nothing is sent until it answers"
        : queue->full  ? ", it is too slow"
                       : "");
  }
}

static void say_termination(writer *out, const dhcpha_service *service) {
  const dhcpha_relationship *relationship = service->relationship;
  int64_t now_ms = service->context->now.monotonic_ms;
  switch (service->supervision.cause) {
  case DHCPHA_CAUSE_CLOCKS:
    say(out, ": the clocks of %s and %s differ by more than %d s (last seen: %lld s): mend them, "
             "then restart both servers or ha-reset them", relationship->self->name,
        relationship->partner->name, DHCPHA_SKEW_TERMINATE_S,
        (long long)dhcpha_clock_skew_seconds(&service->skew));
    break;
  case DHCPHA_CAUSE_REJECTS:
    say(out, ": %s refused too many lease updates: compare the subnets of both, then restart them "
             "or ha-reset them", relationship->partner->name);
    break;
  default:
    say(out, ": because %s was terminated; repair the cause there, then restart both servers or "
             "ha-reset them", relationship->partner->name);
  }
  if (relationship->recover_terminated_after_s == 0) return;
  unsigned left = dhcpha_supervision_left(&service->supervision,
                                          relationship->recover_terminated_per_day, now_ms);
  int64_t due_ms = dhcpha_terminated_due(service);
  if (due_ms == DHCPHA_NEVER)
    say(out, "; it recovers by itself %u s after the cause has gone",
        relationship->recover_terminated_after_s);
  else
    say(out, "; the cause has gone, it recovers by itself in %lld s",
        (long long)((due_ms - now_ms + 999) / 1000));
  say(out, "; %u of %u recoveries in 24 hours are left", left,
      relationship->recover_terminated_per_day);
}

static void say_partner(writer *out, const dhcpha_service *service) {
  const dhcpha_peer *partner = service->relationship->partner;
  dhcpha_state state = service->partner.state;
  say(out, "; partner %s: %s", partner->name,
      state == DHCPHA_STATE_NONE ? "not heard yet" : dhcpha_state_get_name(state));
  dhcpha_version version = dhcpha_service_get_abilities(service, partner)->version;
  if (version != DHCPHA_VERSION_UNKNOWN && version != DHCPHA_VERSION_LIBDHCPHA)
    say(out, " (%s or later)", dhcpha_version_get_name(version));
}

static void say_answers(writer *out, const dhcpha_service *service) {
  const dhcpha_peer *partner = service->relationship->partner;
  if (partner == NULL) return;
  const dhcpha_peer_abilities *known = dhcpha_service_get_abilities(service, partner);
  if (known->form == DHCPHA_FORM_MAP)
    say(out, "; %s answers with maps instead of lists, result %lld: %s", partner->name,
        (long long)known->map_result, dhcpha_peer_explain_map(known));
}

void dhcpha_service_explain(dhcpha_service *service, dhcpha_explanation *explanation) {
  writer out = {explanation->text, 0};
  uint32_t facts = dhcpha_service_get_facts(service);
  uint32_t missing = 0;
  dhcpha_state partner = service->partner.state;
  const dhcpha_rule *rule = dhcpha_state_decide(service->state, partner, facts);
  const dhcpha_rule *candidate = NULL;
  if (rule->next == DHCPHA_STATE_NONE && strcmp(rule->code, "paused") != 0 &&
      (partner == DHCPHA_STATE_UNAVAILABLE || partner == DHCPHA_STATE_TERMINATED))
    candidate =
        dhcpha_state_candidate(service->state, partner, facts, CHANGEABLE, &missing);
  say(&out, "%s", dhcpha_state_get_name(service->state));
  if (candidate != NULL) {
    explanation->code = code_of_missing(missing);
    say(&out, ", not %s", dhcpha_state_get_name(candidate->next));
    say_conditions(&out, service, candidate, missing);
  } else {
    explanation->code = rule->code;
    if (service->state == DHCPHA_STATE_TERMINATED)
      say_termination(&out, service);
    else
      say(&out, ": %s", outlook_of(rule->code));
    if (service->relationship->partner != NULL) say_partner(&out, service);
    if (service->paused && strcmp(rule->code, "paused") != 0)
      say(&out, "; paused: it goes nowhere by itself until ha-continue");
  }
  say_answers(&out, service);
  size_t others = dhcpha_service_switch_count(&service->context->service, service->index);
  if (others > 0 && dhcpha_state_get_behavior(service->state)->service)
    say(&out, "; the DHCP service is disabled by %zu other origin(s)", others);
  say_backups(&out, service);
}
