/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "service/service.h"

#include "base/deadline.h"
#include "memory/log.h"
#include "procedures/heartbeat.h"
#include "procedures/recovery.h"
#include "procedures/sync.h"
#include "procedures/terminated.h"
#include "procedures/update_flow.h"
#include "procedures/versions.h"
#include "rules/ha_commands.h"

#include <stdio.h>
#include <string.h>

/* No chain of the table is longer; a test walks all of them. */
#define STEPS_MAX 16

/* P2 1.3 partnerDown: who is no heir of the partner's clients, or does not hear them, goes by
 * time alone. */
static bool needs_unacked_clients(const dhcpha_service *service) {
  return dhcpha_service_switch_serves(&service->context->service, service->index) &&
         (service->relationship->mode == DHCPHA_MODE_LOAD_BALANCING ||
          service->relationship->self->role == DHCPHA_ROLE_STANDBY);
}

static bool has_too_many_rejects(dhcpha_service *service) {
  uint32_t max = service->relationship->max_rejected_lease_updates;
  return max != 0 && dhcpha_rejected_updates_count(
                         &service->rejected, service->context->now.monotonic_ms) >= max;
}

static uint32_t configured_facts(const dhcpha_relationship *relationship) {
  uint32_t facts = relationship->mode == DHCPHA_MODE_LOAD_BALANCING ? DHCPHA_FACT_LOAD_BALANCING
                   : relationship->mode == DHCPHA_MODE_HOT_STANDBY  ? DHCPHA_FACT_HOT_STANDBY
                                                                    : DHCPHA_FACT_PASSIVE_BACKUP;
  if (relationship->self->role == DHCPHA_ROLE_PRIMARY) facts |= DHCPHA_FACT_IS_PRIMARY;
  if (relationship->self->role == DHCPHA_ROLE_BACKUP) facts |= DHCPHA_FACT_IS_BACKUP;
  if (relationship->sync_leases) facts |= DHCPHA_FACT_SYNCS_LEASES;
  if (relationship->delayed_updates_limit > 0) facts |= DHCPHA_FACT_QUEUES_UPDATES;
  return facts;
}

uint32_t dhcpha_service_get_facts(dhcpha_service *service) {
  const dhcpha_relationship *relationship = service->relationship;
  uint32_t facts = configured_facts(relationship);
  if (dhcpha_service_is_interrupted(service)) facts |= DHCPHA_FACT_PARTNER_SILENT;
  if (!needs_unacked_clients(service) ||
      dhcpha_unacked_clients_show_failure(&service->unacked, relationship->max_unacked_clients))
    facts |= DHCPHA_FACT_CLIENTS_UNSERVED;
  if (dhcpha_partner_has_new_unsent(&service->partner)) facts |= DHCPHA_FACT_NEW_UNSENT;
  if (service->backlog.overflowed) facts |= DHCPHA_FACT_BACKLOG_OVERFLOWED;
  if (dhcpha_backlog_is_empty(&service->backlog)) facts |= DHCPHA_FACT_BACKLOG_EMPTY;
  if (dhcpha_partner_is_terminated_long(&service->partner, service->context->now.monotonic_ms))
    facts |= DHCPHA_FACT_TERMINATED_LONG;
  if (dhcpha_clock_skew_must_terminate(&service->skew) || has_too_many_rejects(service))
    facts |= DHCPHA_FACT_MUST_TERMINATE;
  if (service->paused) facts |= DHCPHA_FACT_PAUSED;
  return facts;
}

/* ---- entering a state ---- */

void dhcpha_service_adjust(dhcpha_service *service) {
  dhcpha_context *context = service->context;
  /* The own origin is set even where another one has disabled the service already, so that
   * nobody else can enable it for us (P2 13).  It concerns this relationship's clients only. */
  dhcpha_service_switch_set_own(&context->service, service->index,
                                !dhcpha_state_get_behavior(service->state)->service);
}

static void pause_if_configured(dhcpha_service *service) {
  dhcpha_pause policy = service->relationship->pause[service->state];
  if (service->paused || policy == DHCPHA_PAUSE_NEVER) return;
  if (policy == DHCPHA_PAUSE_ONCE && service->was_paused[service->state]) return;
  service->was_paused[service->state] = true;
  service->paused = true;
  dhcpha_log(service->context, DHCPHA_MESSAGE_PAUSED,
             "%s is paused in state %s until ha-continue", service->relationship->self->name,
             dhcpha_state_get_name(service->state));
}

static void leave(dhcpha_service *service) {
  service->waits_for_heartbeat = false;
  switch (service->state) {
  case DHCPHA_STATE_COMMUNICATION_RECOVERY: dhcpha_recovery_clear(service); break;
  case DHCPHA_STATE_SYNCING: dhcpha_sync_abandon(service); break;
  case DHCPHA_STATE_TERMINATED: dhcpha_terminated_leave(service); break;
  case DHCPHA_STATE_PARTNER_DOWN:
    service->sync_complete_notified = false;
    service->entered_for_maintenance = false;
    break;
  default: break;
  }
}

static void log_entry(dhcpha_service *service, const char *reason) {
  dhcpha_context *context = service->context;
  const dhcpha_relationship *relationship = service->relationship;
  const char *partner = dhcpha_state_get_name(service->partner.state);
  dhcpha_log(context, DHCPHA_MESSAGE_STATE_CHANGE, "%s: %s -> %s (%s%s%s)",
             relationship->self->name,
             service->previous == DHCPHA_STATE_NONE ? "started"
                                                    : dhcpha_state_get_name(service->previous),
             dhcpha_state_get_name(service->state), reason,
             *partner == '\0' ? "" : "; the partner is ", partner);
  if (service->state == DHCPHA_STATE_TERMINATED)
    dhcpha_log(context, DHCPHA_MESSAGE_TERMINATED,
               "High Availability is terminated: repair the cause, then restart both servers%s",
               service->relationship->recover_terminated_after_s > 0
                   ? ", or wait: it recovers when the cause is gone"
                   : "");
  if (service->state == DHCPHA_STATE_IN_MAINTENANCE)
    dhcpha_log(context, DHCPHA_MESSAGE_SHUTDOWN_SAFE, "%s may be shut down",
               relationship->self->name);
  if (service->state == DHCPHA_STATE_READY && service->previous == DHCPHA_STATE_WAITING)
    dhcpha_log(context, DHCPHA_MESSAGE_SYNC_SKIPPED, "sync-leases is false: no synchronization");
}

static bool is_normal(dhcpha_state state) {
  return state == DHCPHA_STATE_LOAD_BALANCING || state == DHCPHA_STATE_HOT_STANDBY;
}

/* Whether lease updates go to the partner from now on, P2 10. */
static void log_updates(dhcpha_service *service) {
  dhcpha_context *context = service->context;
  const dhcpha_relationship *relationship = service->relationship;
  if (relationship->partner == NULL || relationship->self->role == DHCPHA_ROLE_BACKUP) return;
  if (!relationship->send_lease_updates)
    dhcpha_log(context, DHCPHA_MESSAGE_UPDATES_OFF_ADMIN,
               "send-lease-updates is false: no lease updates are sent");
  else if (dhcpha_state_get_behavior(service->state)->updates == DHCPHA_UPDATES_SEND)
    dhcpha_log(context, DHCPHA_MESSAGE_UPDATES_ON, "lease updates are sent to %s",
               relationship->partner->name);
  else
    dhcpha_log(context, DHCPHA_MESSAGE_UPDATES_OFF, "lease updates are not sent to %s",
               relationship->partner->name);
}

/* P2 1.4. */
static void enter(dhcpha_service *service, dhcpha_state state, const char *reason) {
  if (service->state == state) return; /* and `previous` stays what it was (P2 15.28) */
  /* The administrator's word that the partner goes holds when it has gone (P2 15.14). */
  bool for_maintenance = service->state == DHCPHA_STATE_PARTNER_IN_MAINTENANCE;
  leave(service);
  if (for_maintenance && state == DHCPHA_STATE_PARTNER_DOWN) service->entered_for_maintenance = true;
  service->previous = service->state;
  service->state = state;
  const dhcpha_behavior *behavior = dhcpha_state_get_behavior(state);
  dhcpha_scopes_choose(&service->scopes, behavior->scopes,
                       service->relationship->self->auto_failover ||
                           service->entered_for_maintenance);
  dhcpha_service_adjust(service);
  if (is_normal(state)) dhcpha_partner_settle_unsent(&service->partner);
  if (behavior->clears_rejected) dhcpha_rejected_updates_clear(&service->rejected);
  if (state == DHCPHA_STATE_TERMINATED) dhcpha_terminated_enter(service, reason);
  if (!dhcpha_heartbeat_is_sent(service)) dhcpha_heartbeat_stop(service);
  if (state == DHCPHA_STATE_READY) dhcpha_heartbeat_hasten(service, DHCPHA_HEARTBEAT_READY_MS);
  dhcpha_update_flow_state_changed(service);
  log_entry(service, reason);
  log_updates(service);
  pause_if_configured(service);
}

/* ---- following the table ---- */

static void warn_of_clocks(dhcpha_service *service) {
  dhcpha_context *context = service->context;
  if (!dhcpha_clock_skew_should_warn(&service->skew, context->now.monotonic_ms)) return;
  dhcpha_log(context, DHCPHA_MESSAGE_SKEW_WARNING,
             "the clock of %s differs by %lld s; above %d s High Availability is terminated",
             service->relationship->partner->name,
             (long long)dhcpha_clock_skew_seconds(&service->skew), DHCPHA_SKEW_TERMINATE_S);
}

static void log_termination(dhcpha_service *service) {
  dhcpha_context *context = service->context;
  if (dhcpha_clock_skew_must_terminate(&service->skew))
    dhcpha_log(context, DHCPHA_MESSAGE_SKEW_TERMINATE, "the clock of %s differs by %lld s",
               service->relationship->partner->name,
               (long long)dhcpha_clock_skew_seconds(&service->skew));
  else
    dhcpha_log(context, DHCPHA_MESSAGE_REJECTS_TERMINATE,
               "%s refused the lease updates of %u clients or more",
               service->relationship->partner->name,
               service->relationship->max_rejected_lease_updates);
}

/* What is worth telling of a rule that was followed. */
static void log_rule(dhcpha_service *service, const dhcpha_rule *rule) {
  dhcpha_context *context = service->context;
  if (rule->next == DHCPHA_STATE_TERMINATED && strcmp(rule->code, "must-terminate") == 0)
    log_termination(service);
  else if (strcmp(rule->code, "partner-not-restarted") == 0)
    dhcpha_log(context, DHCPHA_MESSAGE_TERMINATED_TIMEOUT,
               "%s has been terminated for 10 minutes and was not restarted",
               service->relationship->partner->name);
  else if (strcmp(rule->code, "partner-in-other-mode") == 0)
    dhcpha_log(context, DHCPHA_MESSAGE_INVALID_PARTNER_STATE,
               "%s is in state %s, which the mode %s does not have",
               service->relationship->partner->name,
               dhcpha_state_get_name(service->partner.state),
               dhcpha_mode_get_name(service->relationship->mode));
  else if (service->state == DHCPHA_STATE_WAITING && rule->next == DHCPHA_STATE_NONE &&
           strcmp(rule->code, "partner-terminated") == 0)
    dhcpha_log(context, DHCPHA_MESSAGE_WAITING_FOR_TERMINATED,
               "waiting: %s is terminated and has to be restarted too",
               service->relationship->partner->name);
}

static void act(dhcpha_service *service, dhcpha_activity activity) {
  if (service->waits_for_heartbeat) return;
  switch (activity) {
  case DHCPHA_ACTIVITY_SYNCHRONIZE:
    if (service->sync.active) return;
    dhcpha_heartbeat_stop(service);
    dhcpha_sync_start(service);
    return;
  case DHCPHA_ACTIVITY_FLUSH: dhcpha_recovery_flush(service); return;
  case DHCPHA_ACTIVITY_RESET_PARTNER: dhcpha_recovery_reset_partner(service); return;
  case DHCPHA_ACTIVITY_NONE: return;
  }
}

static bool watches_clocks(dhcpha_state state) {
  switch (state) {
  case DHCPHA_STATE_BACKUP:
  case DHCPHA_STATE_TERMINATED:
  case DHCPHA_STATE_IN_MAINTENANCE:
  case DHCPHA_STATE_PASSIVE_BACKUP:
  case DHCPHA_STATE_NONE: return false;
  default: return true;
  }
}

void dhcpha_service_settle(dhcpha_service *service, uint32_t once) {
  if (watches_clocks(service->state)) warn_of_clocks(service);
  for (int step = 0; step < STEPS_MAX; step++) {
    const dhcpha_rule *rule = dhcpha_state_decide(service->state, service->partner.state,
                                                  dhcpha_service_get_facts(service) | once);
    log_rule(service, rule);
    if (rule->next == DHCPHA_STATE_NONE) {
      act(service, rule->activity);
      break;
    }
    enter(service, rule->next, rule->code);
    once = 0;
  }
  dhcpha_heartbeat_schedule(service);
}

void dhcpha_service_start(dhcpha_service *service) {
  dhcpha_context *context = service->context;
  const dhcpha_relationship *relationship = service->relationship;
  dhcpha_partner_contacted(&service->partner, context->now.monotonic_ms);
  dhcpha_unacked_clients_reserve(&service->unacked);
  dhcpha_log(context, DHCPHA_MESSAGE_SERVICE_STARTED, "%s: mode %s, role %s, %s%s",
             relationship->self->name, dhcpha_mode_get_name(relationship->mode),
             dhcpha_role_get_name(relationship->self->role),
             relationship->partner == NULL ? "no partner" : "partner ",
             relationship->partner == NULL ? "" : relationship->partner->name);
  enter(service, DHCPHA_STATE_WAITING, "start");
  dhcpha_service_settle(service, 0);
}

void dhcpha_service_go(dhcpha_service *service, dhcpha_state state, bool canceled) {
  enter(service, state, canceled ? "maintenance-canceled" : "command");
  dhcpha_service_settle(service, canceled ? DHCPHA_FACT_CANCELED : 0);
}

/* Who resets us is most often the partner, back after a cut: it is asked before it is taken for
 * failed.  Otherwise we would serve alone, and not fetch what it gave (P2 5.5). */
void dhcpha_service_reset(dhcpha_service *service) {
  if (service->partner.state == DHCPHA_STATE_UNAVAILABLE) {
    dhcpha_heartbeat_abandon(service);
    dhcpha_partner_set_state(&service->partner, DHCPHA_STATE_NONE,
                             service->context->now.monotonic_ms);
    dhcpha_heartbeat_hasten(service, DHCPHA_HEARTBEAT_NOTIFIED_MS);
  }
  dhcpha_service_go(service, DHCPHA_STATE_WAITING, false);
}

/* ---- events ---- */

int64_t dhcpha_service_get_expiry(const dhcpha_service *service) {
  int64_t expiry_ms = service->heartbeat_due_ms;
  int64_t silent_ms = dhcpha_partner_silent_from(&service->partner,
                                                 service->relationship->max_response_delay_ms);
  /* The bound of silence matters when it comes, not when it has passed. */
  if (service->relationship->partner != NULL && silent_ms > service->context->now.monotonic_ms)
    expiry_ms = dhcpha_deadline_earlier(expiry_ms, silent_ms);
  return dhcpha_deadline_earlier(expiry_ms, dhcpha_terminated_due(service));
}

static void recover(dhcpha_service *service) {
  dhcpha_terminated_recovers(service);
  enter(service, DHCPHA_STATE_WAITING, "cause-gone");
  dhcpha_service_settle(service, 0);
}

void dhcpha_service_expired(dhcpha_service *service) {
  if (dhcpha_deadline_passed(dhcpha_terminated_due(service), service->context->now.monotonic_ms))
    recover(service);
  if (dhcpha_deadline_passed(service->heartbeat_due_ms, service->context->now.monotonic_ms))
    dhcpha_heartbeat_send(service);
  /* Of time alone, only silence is a reason to move. */
  if (dhcpha_service_is_interrupted(service)) dhcpha_service_settle(service, 0);
}

static void end_sync(dhcpha_service *service, dhcpha_sync_result result) {
  if (result == DHCPHA_SYNC_GOES_ON) return;
  bool succeeded = result == DHCPHA_SYNC_SUCCEEDED;
  if (succeeded) dhcpha_partner_settle_unsent(&service->partner);
  /* A failed attempt of the state's is repeated after the next heartbeat (P2 6.6). */
  if (!succeeded && service->sync.automatic) service->waits_for_heartbeat = true;
  dhcpha_service_settle(service, succeeded ? DHCPHA_FACT_SYNCHRONIZED : 0);
}

static void end_heartbeat(dhcpha_service *service, dhcpha_answer *answer) {
  bool contacted = dhcpha_heartbeat_finish(service, answer);
  service->waits_for_heartbeat = false;
  dhcpha_terminated_watch(service);
  if (!contacted && service->sync_complete_notified) {
    /* The partner that was to be ready is lost: serve on (P2 6.7 step 6b, 15.3). */
    service->sync_complete_notified = false;
    dhcpha_service_adjust(service);
  }
  dhcpha_service_settle(service, 0);
  if (contacted) dhcpha_recovery_follow_up(service);
  if (contacted) dhcpha_versions_reached(service, service->relationship->partner);
}

static void end_maintenance(dhcpha_service *service, const dhcpha_exchange *exchange,
                            const dhcpha_answer *answer) {
  dhcpha_maintenance_step step;
  dhcpha_maintenance_answered(service, exchange, answer, &step);
  service->maintenance_result = step.result;
  memcpy(service->maintenance_text, step.text, sizeof service->maintenance_text);
  if (step.go_to == DHCPHA_STATE_NONE) return;
  service->entered_for_maintenance = step.go_to == DHCPHA_STATE_PARTNER_DOWN;
  dhcpha_service_go(service, step.go_to, step.canceled);
}

static void take_outcome(dhcpha_service *service, const dhcpha_exchange *exchange,
                         dhcpha_answer *answer) {
  switch (exchange->kind) {
  case DHCPHA_EXCHANGE_HEARTBEAT: end_heartbeat(service, answer); return;
  case DHCPHA_EXCHANGE_UPDATE:
    if (dhcpha_lease_updates_finish(service, exchange, answer)) dhcpha_service_settle(service, 0);
    dhcpha_lease_updates_go_on(service, exchange);
    return;
  case DHCPHA_EXCHANGE_LIST_COMMANDS: dhcpha_versions_finish(service, exchange, answer); return;
  case DHCPHA_EXCHANGE_BACKLOG:
  case DHCPHA_EXCHANGE_RESET: {
    bool reset = dhcpha_recovery_finish(service, exchange, answer);
    dhcpha_service_settle(service, reset ? DHCPHA_FACT_PARTNER_RESET : 0);
    return;
  }
  case DHCPHA_EXCHANGE_MAINTENANCE_START:
  case DHCPHA_EXCHANGE_MAINTENANCE_CANCEL: end_maintenance(service, exchange, answer); return;
  default: end_sync(service, dhcpha_sync_answered(service, exchange, answer)); return;
  }
}

void dhcpha_service_answered(dhcpha_service *service, const dhcpha_exchange *exchange,
                             const char *json, size_t json_len) {
  dhcpha_context *context = service->context;
  dhcpha_json_error error;
  dhcpha_answer answer;
  if (exchange->kind == DHCPHA_EXCHANGE_SYNC_PAGE) {
    end_sync(service, dhcpha_sync_page_received(service, exchange, json, json_len));
    return;
  }
  dhcpha_arena_reset(&context->arena);
  const dhcpha_json_value *tree = dhcpha_json_read(&context->arena, json, json_len, &error);
  dhcpha_answer_read(&answer, tree);
  if (tree == NULL) snprintf(answer.text, sizeof answer.text, "%s", error.text);
  dhcpha_versions_note_answer(service, exchange->peer, &answer);
  if (answer.kind == DHCPHA_ANSWER_MALFORMED)
    dhcpha_log(context, DHCPHA_MESSAGE_ANSWER_MALFORMED, "an answer from %s is malformed: %s",
               exchange->peer->name, answer.text);
  take_outcome(service, exchange, &answer);
}

void dhcpha_service_failed(dhcpha_service *service, const dhcpha_exchange *exchange,
                           const char *why) {
  dhcpha_answer answer = {.kind = DHCPHA_ANSWER_NONE, .code = DHCPHA_RESULT_ERROR};
  snprintf(answer.text, sizeof answer.text, "%s", why);
  take_outcome(service, exchange, &answer);
}

void dhcpha_service_stored(dhcpha_service *service, const dhcpha_exchange *exchange,
                           const dhcpha_stored *results, size_t count) {
  end_sync(service, dhcpha_sync_stored(service, exchange, results, count));
}

void dhcpha_service_sync_completed(dhcpha_service *service, size_t through, int64_t origin) {
  dhcpha_context *context = service->context;
  service->partner_lacks_updates = false;
  if (service->state == DHCPHA_STATE_PARTNER_DOWN) {
    service->sync_complete_notified = true;
    dhcpha_heartbeat_abandon(service);
    dhcpha_service_switch_set_own(&context->service, service->index, true);
    dhcpha_heartbeat_hasten(service, DHCPHA_HEARTBEAT_NOTIFIED_MS);
  }
  dhcpha_service_switch_enable(&context->service, through, origin);
}

/* P1 2.3, 3.5. */
static void analyze(dhcpha_service *service, const dhcpha_query *query) {
  dhcpha_context *context = service->context;
  const dhcpha_relationship *relationship = service->relationship;
  dhcpha_client_news news = dhcpha_unacked_clients_note(
      &service->unacked, query, context->family, relationship->max_ack_delay_ms);
  if (news == DHCPHA_CLIENT_KNOWN) return;
  if (news == DHCPHA_CLIENT_CONNECTING) {
    if (dhcpha_log_wants(context, DHCPHA_MESSAGE_CLIENT_SEEN))
      dhcpha_log(context, DHCPHA_MESSAGE_CLIENT_SEEN, "a client of %s is trying to connect",
                 relationship->partner->name);
    return;
  }
  if (dhcpha_log_wants(context, DHCPHA_MESSAGE_CLIENT_UNACKED))
    dhcpha_log(context, DHCPHA_MESSAGE_CLIENT_UNACKED,
               "%s leaves clients unanswered: %zu, more than %u needed",
               relationship->partner->name, service->unacked.unacked,
               relationship->max_unacked_clients);
  if (service->unacked.unacked == (size_t)relationship->max_unacked_clients + 1)
    dhcpha_service_settle(service, 0);
}

void dhcpha_service_judge(dhcpha_service *service, const dhcpha_query *query,
                          dhcpha_verdict *verdict) {
  verdict->relationship = service->index;
  dhcpha_scopes_judge(&service->scopes, query, service->context->family, verdict);
}

void dhcpha_service_note_unserved(dhcpha_service *service, const dhcpha_query *query) {
  if (service->relationship->partner != NULL && dhcpha_service_is_interrupted(service))
    analyze(service, query);
}
