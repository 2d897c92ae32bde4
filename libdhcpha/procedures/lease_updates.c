/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/lease_updates.h"

#include "base/deadline.h"
#include "dhcp/lease.h"
#include "dhcp/query.h"
#include "memory/log.h"
#include "procedures/update_flow.h"
#include "procedures/update_send.h"
#include "procedures/versions.h"

#include <string.h>

/* ---- sent ---- */

static bool is_awaited(const dhcpha_service *service, const dhcpha_peer *peer) {
  return peer->role != DHCPHA_ROLE_BACKUP || service->relationship->wait_backup_ack;
}

static size_t count_awaited(const dhcpha_service *service, const dhcpha_lease_changes *changes) {
  const dhcpha_relationship *relationship = service->relationship;
  size_t awaited = 0;
  for (size_t i = 0; i < relationship->peer_count; i++) {
    const dhcpha_peer *peer = relationship->peers[i];
    if (peer != relationship->self && is_awaited(service, peer) &&
        dhcpha_update_flow_treat(service, peer) == DHCPHA_TREAT_SEND)
      awaited += changes->lease_count + changes->deleted_count;
  }
  return awaited;
}

static dhcpha_status park(dhcpha_service *service, uint64_t query_id, const dhcpha_query *query,
                          size_t awaited, uint32_t *index) {
  dhcpha_context *context = service->context;
  uint8_t key[DHCPHA_CLIENT_KEY_MAX];
  dhcpha_status status = dhcpha_parked_add(&context->parked, context->now.monotonic_ms, index);
  if (status != DHCPHA_OK) {
    if (status == DHCPHA_ERR_LIMIT)
      dhcpha_log(context, DHCPHA_MESSAGE_PARKED_LIMIT,
                 "%u queries wait for the peers already: a client is not answered",
                 context->parked.count);
    return status;
  }
  dhcpha_parked_query *parked = dhcpha_parked_get(&context->parked, *index);
  parked->missing = (uint32_t)awaited;
  parked->release =
      dhcpha_action_take(&context->actions, DHCPHA_ACTION_RELEASE_QUERY, query_id);
  if (parked->release == NULL) {
    dhcpha_parked_remove(&context->parked, *index);
    return DHCPHA_ERR_NOMEM;
  }
  size_t len = dhcpha_query_get_client_key(query, context->family, key);
  if (len <= sizeof parked->client_key) {
    memcpy(parked->client_key, key, len);
    parked->client_key_len = (uint16_t)len;
  }
  context->counters[DHCPHA_COUNTER_QUERIES_PARKED]++;
  return DHCPHA_OK;
}

/* P2 4.4: all that was deleted comes first. */
static void send_to(dhcpha_service *service, size_t peer, const dhcpha_lease_changes *changes,
                    uint32_t parked) {
  uint64_t group = ++service->context->updates.groups;
  for (size_t i = 0; i < changes->deleted_count; i++)
    dhcpha_update_flow_take(service, peer, true, dhcpha_lease_at(changes->deleted, i), group,
                            parked);
  for (size_t i = 0; i < changes->lease_count; i++)
    dhcpha_update_flow_take(service, peer, false, dhcpha_lease_at(changes->leases, i), group,
                            parked);
  dhcpha_update_send(service, peer);
}

static void keep(dhcpha_service *service, const dhcpha_lease_changes *changes) {
  for (size_t i = 0; i < changes->deleted_count; i++)
    dhcpha_update_flow_keep(service, true, dhcpha_lease_at(changes->deleted, i));
  for (size_t i = 0; i < changes->lease_count; i++)
    dhcpha_update_flow_keep(service, false, dhcpha_lease_at(changes->leases, i));
}

dhcpha_status dhcpha_lease_updates_send(dhcpha_service *service, uint64_t query_id,
                                        const dhcpha_query *query,
                                        const dhcpha_lease_changes *changes, bool *parked) {
  const dhcpha_relationship *relationship = service->relationship;
  uint32_t index = DHCPHA_NO_INDEX;
  *parked = false;
  if (!relationship->send_lease_updates) return DHCPHA_OK;
  if (changes->lease_count + changes->deleted_count == 0) return DHCPHA_OK;
  /* All outcomes are counted before the first command leaves: none can come too early. */
  size_t awaited = query == NULL ? 0 : count_awaited(service, changes);
  if (awaited > 0) {
    dhcpha_status status = park(service, query_id, query, awaited, &index);
    if (status != DHCPHA_OK) return status;
    *parked = true;
  }
  for (size_t i = 0; i < relationship->peer_count; i++) {
    const dhcpha_peer *peer = relationship->peers[i];
    if (peer == relationship->self) continue;
    switch (dhcpha_update_flow_treat(service, peer)) {
    case DHCPHA_TREAT_SEND:
      send_to(service, i, changes, is_awaited(service, peer) ? index : DHCPHA_NO_INDEX);
      break;
    case DHCPHA_TREAT_QUEUE: keep(service, changes); break;
    case DHCPHA_TREAT_LEAVE_OUT: dhcpha_update_flow_count_unsent(service); break;
    }
  }
  return DHCPHA_OK;
}

/* ---- answered ---- */

static const char *const failed_lists[] = {"failed-leases", "failed-deleted-leases"};

static const dhcpha_json_value *first_failed(const dhcpha_answer *answer, size_t list) {
  const dhcpha_json_value *found = dhcpha_json_get(answer->arguments, failed_lists[list]);
  return dhcpha_json_is(found, DHCPHA_JSON_LIST) ? found->first : NULL;
}

/* The failures that a success may hide (P2 4.5). */
static void log_failed_leases(dhcpha_service *service, const dhcpha_exchange *exchange,
                              const dhcpha_answer *answer) {
  for (size_t i = 0; i < 2; i++) {
    const dhcpha_json_value *entry = first_failed(answer, i);
    for (; entry != NULL; entry = entry->next) {
      const dhcpha_json_value *address = dhcpha_json_get(entry, "ip-address");
      const dhcpha_json_value *why = dhcpha_json_get(entry, "error-message");
      if (dhcpha_answer_entry_is_contended(entry)) continue;
      dhcpha_log(service->context, DHCPHA_MESSAGE_BULK_ITEM_FAILED, "%s: %s in %s: %.100s",
                 exchange->peer->name,
                 dhcpha_json_is(address, DHCPHA_JSON_STRING) ? address->text : "a lease",
                 failed_lists[i], dhcpha_json_is(why, DHCPHA_JSON_STRING) ? why->text : "");
    }
  }
}

/* The update of this command that an entry of a failed list speaks of. */
static dhcpha_update *find_named(dhcpha_service *service, const dhcpha_exchange *exchange,
                                 const dhcpha_json_value *entry) {
  dhcpha_update_key key = {service->index, exchange->flags, {0, {0}}, DHCPHA_LEASE_ADDRESS};
  if (!dhcpha_answer_entry_get_lease(entry, &key.address, &key.type)) return NULL;
  uint32_t index = dhcpha_updates_find(&service->context->updates, &key);
  if (index == DHCPHA_NO_UPDATE) return NULL;
  dhcpha_update *update = dhcpha_updates_get(&service->context->updates, index);
  return update->stage == DHCPHA_UPDATE_UNDER_WAY && update->exchange == exchange->id ? update
                                                                                      : NULL;
}

static size_t mark_named(dhcpha_service *service, const dhcpha_exchange *exchange,
                         const dhcpha_answer *answer) {
  size_t marked = 0;
  for (size_t i = 0; answer->arguments != NULL && i < 2; i++) {
    const dhcpha_json_value *entry = first_failed(answer, i);
    for (; entry != NULL; entry = entry->next) {
      if (!dhcpha_answer_entry_is_contended(entry)) continue;
      dhcpha_update *update = find_named(service, exchange, entry);
      if (update == NULL) continue;
      update->busy = true;
      marked++;
    }
  }
  return marked;
}

/* Marks the leases that the peer was too busy for.  What the answer means for the others. */
static dhcpha_answer_kind mark_busy(dhcpha_service *service, const dhcpha_exchange *exchange,
                                    const dhcpha_answer *answer) {
  const dhcpha_updates *updates = &service->context->updates;
  size_t marked = mark_named(service, exchange, answer);
  if (answer->kind != DHCPHA_ANSWER_CONTENDED) return answer->kind;
  uint32_t index = marked == 0 ? exchange->updates : DHCPHA_NO_UPDATE; /* none named: all */
  for (; index != DHCPHA_NO_UPDATE; index = dhcpha_updates_get(updates, index)->after)
    dhcpha_updates_get(updates, index)->busy = true;
  return DHCPHA_ANSWER_SUCCESS;
}

static void note_answer(dhcpha_service *service, const dhcpha_exchange *exchange,
                        const dhcpha_answer *answer) {
  dhcpha_context *context = service->context;
  dhcpha_versions_note_update(service, exchange, answer);
  switch (answer->kind) {
  case DHCPHA_ANSWER_SUCCESS:
    context->counters[DHCPHA_COUNTER_UPDATES_ACKNOWLEDGED]++;
    if (answer->arguments != NULL) log_failed_leases(service, exchange, answer);
    return;
  case DHCPHA_ANSWER_CONTENDED: return;
  case DHCPHA_ANSWER_CONFLICT:
    context->counters[DHCPHA_COUNTER_UPDATES_REJECTED]++;
    dhcpha_log(context, DHCPHA_MESSAGE_UPDATE_CONFLICT, "%s refused a lease update: %s",
               exchange->peer->name, answer->text);
    return;
  default:
    context->counters[DHCPHA_COUNTER_UPDATES_FAILED]++;
    if (answer->kind == DHCPHA_ANSWER_MALFORMED)
      context->counters[DHCPHA_COUNTER_ANSWERS_MALFORMED]++;
    if (exchange->peer->role != DHCPHA_ROLE_BACKUP) dhcpha_service_lose_partner(service);
    dhcpha_log(context, DHCPHA_MESSAGE_UPDATE_FAILED, "lease update to %s failed: %s",
               exchange->peer->name, answer->text);
    return;
  }
}

/* ---- what becomes of each lease ---- */

static dhcpha_parked_query *query_of(dhcpha_service *service, uint32_t index) {
  uint32_t parked = dhcpha_updates_get(&service->context->updates, index)->load.parked;
  return parked == DHCPHA_NO_INDEX ? NULL : dhcpha_parked_get(&service->context->parked, parked);
}

/* P2 4.6.  Of those whose lease was overtaken, no word is known that was refused.  A client one of
 * whose leases was refused is rejected, whichever answer comes last (P2 15.18). */
static void note_client(dhcpha_service *service, uint32_t index, dhcpha_answer_kind kind,
                        bool is_backup) {
  const dhcpha_updates *updates = &service->context->updates;
  dhcpha_parked_query *query = query_of(service, index);
  if (kind == DHCPHA_ANSWER_CONFLICT && query != NULL) {
    query->refused = true;
    dhcpha_rejected_updates_note(&service->rejected, query->client_key, query->client_key_len,
                                 service->context->now.monotonic_ms);
  }
  if (kind != DHCPHA_ANSWER_SUCCESS || is_backup) return;
  uint32_t next = dhcpha_updates_get(updates, index)->riders;
  for (;; query = query_of(service, index)) {
    if (query != NULL && !query->refused)
      dhcpha_rejected_updates_forget(&service->rejected, query->client_key,
                                     query->client_key_len);
    if (next == DHCPHA_NO_UPDATE) return;
    index = next;
    next = dhcpha_updates_get(updates, index)->after;
  }
}

static bool end_busy(dhcpha_service *service, uint32_t index, int64_t due_ms) {
  dhcpha_context *context = service->context;
  const dhcpha_update *update = dhcpha_updates_get(&context->updates, index);
  size_t peer = update->key.peer;
  context->counters[DHCPHA_COUNTER_UPDATES_CONTENDED]++;
  if (update->attempts < DHCPHA_RETRY_ATTEMPTS_MAX &&
      due_ms <= dhcpha_deadline_after(update->first_ms, DHCPHA_RETRY_PERIOD_MS)) {
    dhcpha_update_flow_put_off(service, index, due_ms);
    return false;
  }
  dhcpha_log(context, DHCPHA_MESSAGE_UPDATE_CONTENDED,
             "%s was busy with a lease %u times: its update is given up",
             service->relationship->peers[peer]->name, update->attempts);
  dhcpha_update_flow_count_lost(service, peer);
  return dhcpha_update_flow_end(service, index, true);
}

static bool end_update(dhcpha_service *service, uint32_t index, dhcpha_answer_kind kind) {
  size_t peer = dhcpha_updates_get(&service->context->updates, index)->key.peer;
  bool is_backup = service->relationship->peers[peer]->role == DHCPHA_ROLE_BACKUP;
  note_client(service, index, kind, is_backup);
  if (kind != DHCPHA_ANSWER_SUCCESS) dhcpha_update_flow_count_lost(service, peer);
  return dhcpha_update_flow_end(service, index, kind != DHCPHA_ANSWER_SUCCESS);
}

bool dhcpha_lease_updates_finish(dhcpha_service *service, const dhcpha_exchange *exchange,
                                 const dhcpha_answer *answer) {
  dhcpha_context *context = service->context;
  dhcpha_peer_queue *queue = &service->queues[exchange->flags];
  dhcpha_answer_kind kind = mark_busy(service, exchange, answer);
  int64_t due_ms = DHCPHA_NEVER;
  bool completed = false;
  note_answer(service, exchange, answer);
  for (uint32_t index = exchange->updates, next; index != DHCPHA_NO_UPDATE; index = next) {
    const dhcpha_update *update = dhcpha_updates_get(&context->updates, index);
    next = update->after;
    if (!update->busy) {
      completed |= end_update(service, index, kind);
      continue;
    }
    if (due_ms == DHCPHA_NEVER)
      due_ms = dhcpha_deadline_after(context->now.monotonic_ms,
                                     dhcpha_retries_choose_wait(&context->updates));
    completed |= end_busy(service, index, due_ms);
  }
  if (dhcpha_peer_queue_note_outcome(queue, service->relationship,
                                     answer->kind == DHCPHA_ANSWER_SUCCESS))
    dhcpha_log(context, DHCPHA_MESSAGE_BACKUP_QUEUE_RECOVERED,
               "%s takes lease updates again; it lost %llu and needs ha-sync",
               exchange->peer->name, (unsigned long long)queue->lost);
  return completed;
}

void dhcpha_lease_updates_go_on(dhcpha_service *service, const dhcpha_exchange *exchange) {
  dhcpha_update_send(service, exchange->flags);
}
