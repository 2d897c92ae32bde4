/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/recovery.h"

#include "memory/log.h"
#include "rules/ha_commands.h"

#define BULK_LEASE_BYTES 420 /* of a lease's JSON, without what has no fixed length */

/* flags of a BACKLOG exchange: its flight, and whether it carries many leases. */
#define FLIGHT_MASK 0xffu
#define IN_BULK 0x100u

_Static_assert(DHCPHA_FLUSH_WINDOW <= DHCPHA_BACKLOG_FLIGHTS_MAX, "there must be enough flights");

/* ---- sending ---- */

static bool sends_in_bulk(const dhcpha_service *service) {
  return service->context->family == DHCPHA_DHCP6 && !service->sends_singly;
}

static unsigned window_of(const dhcpha_service *service) {
  return sends_in_bulk(service) ? DHCPHA_FLUSH_BULK_WINDOW : DHCPHA_FLUSH_WINDOW;
}

/* An update that left before communication was lost may still be under way: what was kept since
 * must not overtake it. */
static bool is_under_way(const dhcpha_service *service, const dhcpha_lease *lease) {
  const dhcpha_relationship *relationship = service->relationship;
  const dhcpha_updates *updates = &service->context->updates;
  dhcpha_update_key key = {service->index, 0, lease->address, lease->type};
  if (updates->count == 0) return false;
  while (relationship->peers[key.peer] != relationship->partner) key.peer++;
  return dhcpha_updates_find(updates, &key) != DHCPHA_NO_UPDATE;
}

/* The first that may be sent comes to the front; false: none may. */
static bool find_next(dhcpha_service *service) {
  dhcpha_backlog *backlog = &service->backlog;
  while (backlog->waiting.first != NULL && is_under_way(service, backlog->waiting.first->lease))
    dhcpha_backlog_put_off_first(backlog);
  return backlog->waiting.first != NULL;
}

/* Decided now: the partner may be another version than when the update was kept. */
static bool goes_as_delete(const dhcpha_service *service, const dhcpha_backlog_entry *entry) {
  const dhcpha_peer_abilities *partner =
      dhcpha_service_get_abilities(service, service->relationship->partner);
  return dhcpha_goes_as_delete(entry->lease, entry->is_delete, dhcpha_peer_get_abilities(partner));
}

static void write_single(dhcpha_service *service, dhcpha_buffer *out, unsigned flight) {
  const dhcpha_backlog_entry *entry = dhcpha_backlog_board(&service->backlog, flight);
  bool is_delete = goes_as_delete(service, entry);
  if (service->context->family == DHCPHA_DHCP6)
    (is_delete ? dhcpha_write_lease6_delete : dhcpha_write_lease6_update)(out, entry->lease);
  else
    (is_delete ? dhcpha_write_lease4_delete : dhcpha_write_lease4_update)(out, entry->lease);
}

static size_t estimate_bytes(const dhcpha_lease *lease) {
  return BULK_LEASE_BYTES + 3 * (lease->hw_address_len + lease->client_id_len) +
         6 * lease->hostname_len + lease->user_context_len;
}

/* Deleted leases from the front, the others from behind: each kind lies together. */
static void write_bulk(dhcpha_service *service, dhcpha_buffer *out, unsigned flight) {
  dhcpha_lease leases[DHCPHA_FLUSH_BULK_LEASES];
  dhcpha_backlog *backlog = &service->backlog;
  size_t deleted = 0, others = DHCPHA_FLUSH_BULK_LEASES, bytes = 0;
  while (deleted < others && find_next(service)) {
    bytes += estimate_bytes(backlog->waiting.first->lease);
    if (bytes > DHCPHA_FLUSH_BULK_BYTES && backlog->flights[flight].first != NULL) break;
    const dhcpha_backlog_entry *entry = dhcpha_backlog_board(backlog, flight);
    leases[goes_as_delete(service, entry) ? deleted++ : --others] = *entry->lease;
  }
  dhcpha_write_lease6_bulk(out, leases + others, DHCPHA_FLUSH_BULK_LEASES - others, leases,
                           deleted);
}

static dhcpha_action *start(dhcpha_service *service, dhcpha_exchange_kind kind,
                            dhcpha_exchange **exchange) {
  dhcpha_action *action =
      dhcpha_context_start(service->context, kind, service->index, service->relationship->partner,
                           DHCPHA_EXCHANGE_TIMEOUT_MS, exchange);
  if (action != NULL) (*exchange)->attempt = service->recovery_attempt;
  return action;
}

/* False: there is no memory for it. */
static bool send_some(dhcpha_service *service) {
  dhcpha_exchange *exchange;
  dhcpha_action *action = start(service, DHCPHA_EXCHANGE_BACKLOG, &exchange);
  if (action == NULL) return false;
  unsigned flight = dhcpha_backlog_open_flight(&service->backlog);
  exchange->flags = flight | (sends_in_bulk(service) ? IN_BULK : 0);
  if (sends_in_bulk(service))
    write_bulk(service, &action->json, flight);
  else
    write_single(service, &action->json, flight);
  if (dhcpha_context_send(service->context, action) == DHCPHA_OK) return true;
  dhcpha_backlog_close_flight(&service->backlog, flight, DHCPHA_BACKLOG_NOT_SENT);
  return false;
}

/* Until the next heartbeat. */
static void pause(dhcpha_service *service) {
  service->flushing = false;
  service->waits_for_heartbeat = true;
}

void dhcpha_recovery_flush(dhcpha_service *service) {
  dhcpha_backlog *backlog = &service->backlog;
  if (service->waits_for_heartbeat || service->resetting) return;
  if (!service->flushing) {
    service->flushing = true;
    dhcpha_backlog_resume(backlog);
    dhcpha_log(service->context, DHCPHA_MESSAGE_BACKLOG_START,
               "sending %zu lease updates to %s", dhcpha_backlog_count_leases(backlog),
               service->relationship->partner->name);
  }
  while (backlog->flight_count < window_of(service) && find_next(service))
    if (!send_some(service)) {
      pause(service);
      return;
    }
  if (backlog->flight_count != 0) return;
  dhcpha_log(service->context, DHCPHA_MESSAGE_BACKLOG_FAILED,
             "%zu kept lease updates to %s are put off: these leases are busy",
             dhcpha_backlog_count_leases(backlog), service->relationship->partner->name);
  pause(service);
}

void dhcpha_recovery_reset_partner(dhcpha_service *service) {
  dhcpha_exchange *exchange;
  if (service->waits_for_heartbeat || service->resetting || service->backlog.flight_count != 0)
    return;
  dhcpha_action *action = start(service, DHCPHA_EXCHANGE_RESET, &exchange);
  if (action != NULL)
    dhcpha_write_reset(&action->json, service->context->family,
                       service->relationship->self->name);
  if (action == NULL || dhcpha_context_send(service->context, action) != DHCPHA_OK)
    service->waits_for_heartbeat = true;
  else
    service->resetting = true;
}

/* ---- outcomes ---- */

static bool finish_reset(dhcpha_service *service, const dhcpha_answer *answer) {
  service->resetting = false;
  if (answer->kind == DHCPHA_ANSWER_SUCCESS) {
    service->partner_lacks_updates = service->state == DHCPHA_STATE_COMMUNICATION_RECOVERY;
    return true;
  }
  service->waits_for_heartbeat = true;
  dhcpha_log(service->context, DHCPHA_MESSAGE_RESET_FAILED,
             "ha-reset of %s failed: %s; it is tried again after the next heartbeat",
             service->relationship->partner->name, answer->text);
  return false;
}

/* Whatever was lost, the partner has to take all leases from us. */
static void give_up(dhcpha_service *service, const char *why) {
  service->flushing = false;
  if (service->backlog.overflowed) return;
  dhcpha_log(service->context, DHCPHA_MESSAGE_BACKLOG_FAILED,
             "a kept lease update to %s failed: %.200s", service->relationship->partner->name, why);
  dhcpha_backlog_overflow(&service->backlog);
}

/* The lease is locked by another request at the partner: it is put off, but not for ever. */
static bool put_off(dhcpha_service *service, dhcpha_backlog_entry *entry) {
  if (entry == NULL || entry->tries == DHCPHA_FLUSH_TRIES_MAX) return false;
  service->context->counters[DHCPHA_COUNTER_UPDATES_CONTENDED]++;
  entry->put_off = entry->in_flight;
  return true;
}

static dhcpha_backlog_entry *find_named(dhcpha_service *service, const dhcpha_json_value *named) {
  dhcpha_address address;
  uint8_t type;
  if (!dhcpha_answer_entry_get_lease(named, &address, &type)) return NULL;
  return dhcpha_backlog_find(&service->backlog, &address, type);
}

/* A success may hide failures (P2 4.5), which Kea's sender only logs.  NULL: none that matters. */
static const char *find_failure(dhcpha_service *service, const dhcpha_json_value *arguments) {
  static const char *const lists[] = {"failed-deleted-leases", "failed-leases"};
  for (size_t i = 0; i < 2; i++) {
    const dhcpha_json_value *list = dhcpha_json_get(arguments, lists[i]);
    if (!dhcpha_json_is(list, DHCPHA_JSON_LIST)) continue;
    for (const dhcpha_json_value *one = list->first; one != NULL; one = one->next) {
      const dhcpha_json_value *result = dhcpha_json_get(one, "result");
      const dhcpha_json_value *why = dhcpha_json_get(one, "error-message");
      const char *text = dhcpha_json_is(why, DHCPHA_JSON_STRING) ? why->text : "a lease failed";
      if (!dhcpha_json_is(result, DHCPHA_JSON_INTEGER)) continue;
      /* What is not there need not be deleted. */
      if (result->integer == DHCPHA_RESULT_SUCCESS || result->integer == DHCPHA_RESULT_EMPTY)
        continue;
      if (dhcpha_answer_entry_is_contended(one) && put_off(service, find_named(service, one)))
        continue;
      return text;
    }
  }
  return NULL;
}

static void take_refusal(dhcpha_service *service, unsigned flight, bool bulk,
                         const dhcpha_answer *answer) {
  dhcpha_backlog *backlog = &service->backlog;
  if (bulk && answer->kind == DHCPHA_ANSWER_UNSUPPORTED) {
    service->sends_singly = true;
    dhcpha_backlog_close_flight(backlog, flight, DHCPHA_BACKLOG_NOT_SENT);
    return;
  }
  bool busy = !bulk && answer->kind == DHCPHA_ANSWER_CONTENDED &&
              put_off(service, backlog->flights[flight].first);
  dhcpha_backlog_close_flight(backlog, flight, DHCPHA_BACKLOG_ACKNOWLEDGED);
  if (!busy) give_up(service, answer->text);
}

static void take_answer(dhcpha_service *service, unsigned flight, bool bulk,
                        const dhcpha_answer *answer) {
  dhcpha_backlog *backlog = &service->backlog;
  const char *failure = find_failure(service, answer->arguments);
  if (answer->kind == DHCPHA_ANSWER_NONE) {
    dhcpha_backlog_close_flight(backlog, flight, DHCPHA_BACKLOG_NOT_SENT);
    if (service->flushing)
      dhcpha_log(service->context, DHCPHA_MESSAGE_BACKLOG_FAILED,
                 "a kept lease update to %s failed: %s", service->relationship->partner->name,
                 answer->text);
    pause(service);
  } else if (failure != NULL) {
    dhcpha_backlog_close_flight(backlog, flight, DHCPHA_BACKLOG_ACKNOWLEDGED);
    give_up(service, failure);
  } else if (answer->kind == DHCPHA_ANSWER_SUCCESS ||
             (bulk && answer->kind == DHCPHA_ANSWER_CONTENDED &&
              answer->code == DHCPHA_RESULT_EMPTY)) {
    dhcpha_backlog_close_flight(backlog, flight, DHCPHA_BACKLOG_ACKNOWLEDGED);
  } else {
    take_refusal(service, flight, bulk, answer);
  }
}

bool dhcpha_recovery_finish(dhcpha_service *service, const dhcpha_exchange *exchange,
                            const dhcpha_answer *answer) {
  if (exchange->attempt != service->recovery_attempt) return false;
  if (exchange->kind == DHCPHA_EXCHANGE_RESET) return finish_reset(service, answer);
  take_answer(service, exchange->flags & FLIGHT_MASK, (exchange->flags & IN_BULK) != 0, answer);
  if (service->flushing && dhcpha_backlog_is_empty(&service->backlog)) {
    service->flushing = false;
    dhcpha_log(service->context, DHCPHA_MESSAGE_BACKLOG_DONE, "all lease updates were sent to %s",
               service->relationship->partner->name);
  }
  return false;
}

void dhcpha_recovery_follow_up(dhcpha_service *service) {
  dhcpha_state partner = service->partner.state;
  if (partner == DHCPHA_STATE_SYNCING || partner == DHCPHA_STATE_READY)
    service->partner_lacks_updates = false;
  if (service->paused) return; /* it moves nobody */
  if (!service->partner_lacks_updates || partner != DHCPHA_STATE_LOAD_BALANCING ||
      service->state != DHCPHA_STATE_LOAD_BALANCING)
    return;
  dhcpha_log(service->context, DHCPHA_MESSAGE_BACKLOG_FAILED,
             "%s lacks lease updates that were kept for it and given up: it is reset",
             service->relationship->partner->name);
  dhcpha_recovery_reset_partner(service);
}

void dhcpha_recovery_clear(dhcpha_service *service) {
  /* A command, or a failure, ended it: nothing else would bring what was kept to the partner. */
  if (service->backlog.overflowed || !dhcpha_backlog_is_empty(&service->backlog))
    service->partner_lacks_updates = true;
  dhcpha_backlog_clear(&service->backlog);
  service->flushing = false;
  service->resetting = false;
  service->sends_singly = false;
  service->waits_for_heartbeat = false;
  service->recovery_attempt++;
}
