/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/lease_updates.h"

#include "dhcp/address.h"
#include "dhcp/lease.h"
#include "dhcp/query.h"
#include "memory/log.h"
#include "rules/ha_commands.h"

#include <string.h>

typedef enum treatment { TREAT_SEND, TREAT_QUEUE, TREAT_LEAVE_OUT } treatment;

/* P2 4.3. */
static treatment treat(const dhcpha_service *service, const dhcpha_peer *peer) {
  if (peer->role == DHCPHA_ROLE_BACKUP) return TREAT_SEND;
  switch (dhcpha_state_get_behavior(service->state)->updates) {
  case DHCPHA_UPDATES_QUEUE: return TREAT_QUEUE;
  case DHCPHA_UPDATES_SEND:
    return service->relationship->self->role == DHCPHA_ROLE_BACKUP ? TREAT_LEAVE_OUT
                                                                   : TREAT_SEND;
  default: return TREAT_LEAVE_OUT;
  }
}

static bool is_awaited(const dhcpha_service *service, const dhcpha_peer *peer) {
  return peer->role != DHCPHA_ROLE_BACKUP || service->relationship->wait_backup_ack;
}

/* DHCPv4 has one command for each lease, DHCPv6 one for all (P2 4.4). */
static size_t count_commands(const dhcpha_service *service, const dhcpha_lease_changes *changes) {
  if (service->context->family == DHCPHA_DHCP6) return 1;
  return changes->lease_count + changes->deleted_count;
}

static size_t count_awaited(const dhcpha_service *service, const dhcpha_lease_changes *changes) {
  const dhcpha_relationship *relationship = service->relationship;
  size_t awaited = 0;
  for (size_t i = 0; i < relationship->peer_count; i++) {
    const dhcpha_peer *peer = relationship->peers[i];
    if (peer != relationship->self && treat(service, peer) == TREAT_SEND &&
        is_awaited(service, peer))
      awaited += count_commands(service, changes);
  }
  return awaited;
}

static void queue(dhcpha_service *service, const dhcpha_lease_changes *changes) {
  bool had_overflowed = service->backlog.overflowed;
  for (size_t i = 0; i < changes->deleted_count; i++)
    dhcpha_backlog_push(&service->backlog, true, dhcpha_lease_at(changes->deleted, i));
  for (size_t i = 0; i < changes->lease_count; i++)
    dhcpha_backlog_push(&service->backlog, false, dhcpha_lease_at(changes->leases, i));
  if (service->backlog.overflowed && !had_overflowed)
    dhcpha_log(service->context, DHCPHA_MESSAGE_BACKLOG_OVERFLOWED,
               "more than %zu lease updates wait for %s: the databases will have to be "
               "synchronized",
               service->backlog.limit, service->relationship->partner->name);
}

/* One answer less is awaited; with the last one the query goes on, unless it was dropped. */
static bool settle_parked(dhcpha_service *service, uint32_t index, bool drop) {
  dhcpha_context *context = service->context;
  dhcpha_parked_query *query = dhcpha_parked_get(&context->parked, index);
  query->missing--;
  if (query->release != NULL && (drop || query->missing == 0)) {
    query->release->enabled = !drop;
    if (drop) context->counters[DHCPHA_COUNTER_QUERIES_DROPPED]++;
    dhcpha_outbox_put(&context->outbox, query->release);
    query->release = NULL;
  }
  if (query->missing != 0) return false;
  dhcpha_parked_remove(&context->parked, index);
  return true;
}

static void write_command(dhcpha_service *service, dhcpha_buffer *out,
                          const dhcpha_lease_changes *changes, size_t command) {
  if (service->context->family == DHCPHA_DHCP6)
    dhcpha_write_lease6_bulk(out, changes->leases, changes->lease_count, changes->deleted,
                             changes->deleted_count);
  else if (command < changes->deleted_count)
    dhcpha_write_lease4_delete(out, dhcpha_lease_at(changes->deleted, command));
  else
    dhcpha_write_lease4_update(
        out, dhcpha_lease_at(changes->leases, command - changes->deleted_count));
}

static void send_to(dhcpha_service *service, const dhcpha_peer *peer,
                    const dhcpha_lease_changes *changes, uint32_t parked) {
  dhcpha_context *context = service->context;
  size_t commands = count_commands(service, changes);
  for (size_t command = 0; command < commands; command++) {
    dhcpha_exchange *exchange = NULL;
    dhcpha_action *action =
        dhcpha_context_start(context, DHCPHA_EXCHANGE_UPDATE, service->index, peer,
                             DHCPHA_EXCHANGE_TIMEOUT_MS, &exchange);
    if (action != NULL) {
      exchange->parked = parked;
      write_command(service, &action->json, changes, command);
    }
    if (action == NULL || dhcpha_context_send(context, action) != DHCPHA_OK) {
      if (parked != DHCPHA_NO_INDEX) (void)settle_parked(service, parked, true);
      dhcpha_log(context, DHCPHA_MESSAGE_OUT_OF_MEMORY, "no memory for a lease update to %s",
                 peer->name);
      continue;
    }
    context->counters[DHCPHA_COUNTER_UPDATES_SENT]++;
  }
}

static dhcpha_status park(dhcpha_service *service, uint64_t query_id, const dhcpha_query *query,
                          size_t awaited, uint32_t *index) {
  dhcpha_context *context = service->context;
  uint8_t key[DHCPHA_CLIENT_KEY_MAX];
  dhcpha_status status = dhcpha_parked_add(&context->parked, index);
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

dhcpha_status dhcpha_lease_updates_send(dhcpha_service *service, uint64_t query_id,
                                        const dhcpha_query *query,
                                        const dhcpha_lease_changes *changes, bool *parked) {
  const dhcpha_relationship *relationship = service->relationship;
  uint32_t index = DHCPHA_NO_INDEX;
  *parked = false;
  if (!relationship->send_lease_updates) return DHCPHA_OK;
  if (changes->lease_count + changes->deleted_count == 0) return DHCPHA_OK;
  /* All answers are counted before the first command leaves: none can come too early. */
  size_t awaited = count_awaited(service, changes);
  if (awaited > 0) {
    dhcpha_status status = park(service, query_id, query, awaited, &index);
    if (status != DHCPHA_OK) return status;
    *parked = true;
  }
  for (size_t i = 0; i < relationship->peer_count; i++) {
    const dhcpha_peer *peer = relationship->peers[i];
    if (peer == relationship->self) continue;
    switch (treat(service, peer)) {
    case TREAT_SEND:
      send_to(service, peer, changes, is_awaited(service, peer) ? index : DHCPHA_NO_INDEX);
      break;
    case TREAT_QUEUE: queue(service, changes); break;
    case TREAT_LEAVE_OUT:
      service->unsent_count = service->unsent_count == UINT64_MAX ? 1 : service->unsent_count + 1;
      break;
    }
  }
  return DHCPHA_OK;
}

/* The failures that a success may hide (P2 4.5). */
static void log_failed_leases(dhcpha_service *service, const dhcpha_exchange *exchange,
                              const dhcpha_answer *answer) {
  static const char *const lists[] = {"failed-leases", "failed-deleted-leases"};
  for (size_t i = 0; i < 2; i++) {
    const dhcpha_json_value *list = dhcpha_json_get(answer->arguments, lists[i]);
    if (!dhcpha_json_is(list, DHCPHA_JSON_LIST)) continue;
    for (const dhcpha_json_value *entry = list->first; entry != NULL; entry = entry->next) {
      const dhcpha_json_value *address = dhcpha_json_get(entry, "ip-address");
      const dhcpha_json_value *why = dhcpha_json_get(entry, "error-message");
      dhcpha_log(service->context, DHCPHA_MESSAGE_BULK_ITEM_FAILED, "%s: %s in %s: %.100s",
                 exchange->peer->name,
                 dhcpha_json_is(address, DHCPHA_JSON_STRING) ? address->text : "a lease",
                 lists[i], dhcpha_json_is(why, DHCPHA_JSON_STRING) ? why->text : "");
    }
  }
}

static void note_outcome(dhcpha_service *service, const dhcpha_exchange *exchange,
                         const dhcpha_answer *answer, const uint8_t *key, size_t key_len) {
  dhcpha_context *context = service->context;
  bool to_backup = exchange->peer->role == DHCPHA_ROLE_BACKUP;
  switch (answer->kind) {
  case DHCPHA_ANSWER_SUCCESS:
    context->counters[DHCPHA_COUNTER_UPDATES_ACKNOWLEDGED]++;
    if (!to_backup) dhcpha_rejected_updates_forget(&service->rejected, key, key_len);
    if (answer->arguments != NULL) log_failed_leases(service, exchange, answer);
    return;
  case DHCPHA_ANSWER_CONFLICT:
    context->counters[DHCPHA_COUNTER_UPDATES_REJECTED]++;
    dhcpha_rejected_updates_note(&service->rejected, key, key_len, context->now.monotonic_ms);
    dhcpha_log(context, DHCPHA_MESSAGE_UPDATE_CONFLICT, "%s refused a lease update: %s",
               exchange->peer->name, answer->text);
    return;
  default:
    context->counters[DHCPHA_COUNTER_UPDATES_FAILED]++;
    if (answer->kind == DHCPHA_ANSWER_MALFORMED)
      context->counters[DHCPHA_COUNTER_ANSWERS_MALFORMED]++;
    if (!to_backup) dhcpha_service_lose_partner(service);
    dhcpha_log(context, DHCPHA_MESSAGE_UPDATE_FAILED, "lease update to %s failed: %s",
               exchange->peer->name, answer->text);
    return;
  }
}

bool dhcpha_lease_updates_finish(dhcpha_service *service, const dhcpha_exchange *exchange,
                                 const dhcpha_answer *answer) {
  if (exchange->parked == DHCPHA_NO_INDEX) {
    note_outcome(service, exchange, answer, NULL, 0);
    return false;
  }
  const dhcpha_parked_query *query =
      dhcpha_parked_get(&service->context->parked, exchange->parked);
  note_outcome(service, exchange, answer, query->client_key, query->client_key_len);
  return settle_parked(service, exchange->parked, answer->kind != DHCPHA_ANSWER_SUCCESS);
}
