/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/update_flow.h"

#include "memory/log.h"
#include "rules/state_table.h"

#define NONE DHCPHA_NO_UPDATE

static const dhcpha_peer *peer_at(const dhcpha_service *service, size_t peer) {
  return service->relationship->peers[peer];
}

static dhcpha_update *update_at(const dhcpha_service *service, uint32_t index) {
  return dhcpha_updates_get(&service->context->updates, index);
}

/* ---- what the state demands ---- */

dhcpha_treatment dhcpha_update_flow_treat(const dhcpha_service *service,
                                          const dhcpha_peer *peer) {
  if (peer->role == DHCPHA_ROLE_BACKUP) return DHCPHA_TREAT_SEND;
  switch (dhcpha_state_get_behavior(service->state)->updates) {
  case DHCPHA_UPDATES_QUEUE: return DHCPHA_TREAT_QUEUE;
  case DHCPHA_UPDATES_SEND:
    return service->relationship->self->role == DHCPHA_ROLE_BACKUP ? DHCPHA_TREAT_LEAVE_OUT
                                                                   : DHCPHA_TREAT_SEND;
  default: return DHCPHA_TREAT_LEAVE_OUT;
  }
}

void dhcpha_update_flow_count_unsent(dhcpha_service *service) {
  service->unsent_count = service->unsent_count == UINT64_MAX ? 1 : service->unsent_count + 1;
}

void dhcpha_update_flow_keep(dhcpha_service *service, bool is_delete,
                             const dhcpha_lease *lease) {
  bool had_overflowed = service->backlog.overflowed;
  dhcpha_backlog_push(&service->backlog, is_delete, lease);
  if (service->backlog.overflowed && !had_overflowed)
    dhcpha_log(service->context, DHCPHA_MESSAGE_BACKLOG_OVERFLOWED,
               "more than %zu lease updates wait for %s: the databases will have to be "
               "synchronized",
               service->backlog.limit, service->relationship->partner->name);
}

/* ---- the queries that wait ---- */

typedef enum ending { END_GO_ON, END_DROP, END_LEFT_OUT } ending;

static void release(dhcpha_context *context, dhcpha_action *action, bool send) {
  action->enabled = send;
  if (!send) context->counters[DHCPHA_COUNTER_QUERIES_DROPPED]++;
  dhcpha_outbox_put(&context->outbox, action);
}

void dhcpha_update_flow_expire_queries(dhcpha_context *context) {
  dhcpha_action *expired;
  while ((expired = dhcpha_parked_expire(&context->parked, context->now.monotonic_ms)) != NULL)
    release(context, expired, false);
}

/* Where this server does not serve now, it is the partner that answers the client next, and it lacks
 * the lease. */
static bool is_dropped(const dhcpha_service *service, ending how) {
  return how == END_DROP ||
         (how == END_LEFT_OUT && !dhcpha_state_get_behavior(service->state)->service);
}

/* One outcome less is awaited; with the last one the query goes on, unless it was dropped. */
static bool settle_query(dhcpha_service *service, uint32_t parked, ending how) {
  dhcpha_context *context = service->context;
  if (parked == DHCPHA_NO_INDEX) return false;
  dhcpha_parked_query *query = dhcpha_parked_get(&context->parked, parked);
  query->missing--;
  if (how == END_LEFT_OUT && !query->left_out) {
    query->left_out = true;
    dhcpha_update_flow_count_unsent(service);
  }
  bool drop = is_dropped(service, how);
  if (query->release != NULL && (drop || query->missing == 0)) {
    release(context, query->release, !drop);
    query->release = NULL;
  }
  if (query->missing != 0) return false;
  dhcpha_parked_remove(&context->parked, parked);
  return true;
}

/* Those of the leases it overtook share its outcome, the oldest first.  Then its place is free. */
static bool finish(dhcpha_service *service, uint32_t index, ending how) {
  dhcpha_updates *updates = &service->context->updates;
  bool completed = false;
  uint32_t rider;
  while ((rider = dhcpha_updates_take_rider(updates, index)) != NONE) {
    completed |= settle_query(service, update_at(service, rider)->load.parked, how);
    dhcpha_updates_remove(updates, rider);
  }
  completed |= settle_query(service, update_at(service, index)->load.parked, how);
  dhcpha_updates_remove(updates, index);
  return completed;
}

/* ---- taken in ---- */

static void make_ready(dhcpha_service *service, uint32_t index) {
  dhcpha_update *update = update_at(service, index);
  update->stage = DHCPHA_UPDATE_READY;
  dhcpha_update_list_append(&service->context->updates,
                            &service->queues[update->key.peer].ready, index);
}

static void hold(dhcpha_service *service, uint32_t index, dhcpha_update_stage stage) {
  dhcpha_update *update = update_at(service, index);
  update->stage = stage;
  dhcpha_update_list_append(&service->context->updates,
                            &service->queues[update->key.peer].held, index);
}

/* Takes one that waits out of whatever it waits in. */
static void withdraw(dhcpha_service *service, uint32_t index) {
  dhcpha_updates *updates = &service->context->updates;
  dhcpha_update *update = update_at(service, index);
  dhcpha_peer_queue *queue = &service->queues[update->key.peer];
  dhcpha_update_list_unlink(
      updates, update->stage == DHCPHA_UPDATE_READY ? &queue->ready : &queue->held, index);
  if (update->stage == DHCPHA_UPDATE_PUT_OFF) dhcpha_retries_set(updates, index, DHCPHA_NEVER);
  if (update->stage == DHCPHA_UPDATE_BEHIND)
    update_at(service, dhcpha_updates_find(updates, &update->key))->behind = NONE;
  else
    dhcpha_updates_unmake_first(updates, index);
  queue->outstanding--;
}

void dhcpha_update_flow_count_lost(dhcpha_service *service, size_t peer) {
  if (peer_at(service, peer)->role != DHCPHA_ROLE_BACKUP) return;
  service->queues[peer].lost++;
  service->context->counters[DHCPHA_COUNTER_UPDATES_LOST]++;
}

void dhcpha_update_flow_lose(dhcpha_service *service, uint32_t index) {
  dhcpha_update_flow_count_lost(service, update_at(service, index)->key.peer);
  withdraw(service, index);
  (void)finish(service, index, END_DROP);
}

static void note_full(dhcpha_service *service, size_t peer) {
  const dhcpha_relationship *relationship = service->relationship;
  dhcpha_peer_queue *queue = &service->queues[peer];
  bool news = dhcpha_peer_queue_note_full(queue, relationship);
  if (news)
    dhcpha_log(service->context, DHCPHA_MESSAGE_BACKUP_QUEUE_FULL,
               "%u lease updates are on their way to %s: %s; it is out of date until ha-sync",
               queue->outstanding, peer_at(service, peer)->name,
               queue->stopped ? "nothing more is sent until it answers"
                              : "new ones are lost until there is room");
  if (!news || !queue->stopped) return;
  while (queue->ready.first != NONE) dhcpha_update_flow_lose(service, queue->ready.first);
  while (queue->held.first != NONE) dhcpha_update_flow_lose(service, queue->held.first);
}

/* The one that has not left yet: a later lease overtakes it. */
static uint32_t find_waiting(const dhcpha_service *service, uint32_t first) {
  if (first == NONE) return NONE;
  const dhcpha_update *update = update_at(service, first);
  return update->stage == DHCPHA_UPDATE_UNDER_WAY ? update->behind : first;
}

void dhcpha_update_flow_take(dhcpha_service *service, size_t peer, bool is_delete,
                             const dhcpha_lease *lease, uint64_t group, uint32_t parked) {
  dhcpha_context *context = service->context;
  dhcpha_updates *updates = &context->updates;
  dhcpha_peer_queue *queue = &service->queues[peer];
  dhcpha_update_key key = {service->index, peer, lease->address, lease->type};
  uint32_t first = dhcpha_updates_find(updates, &key);
  uint32_t waiting = find_waiting(service, first);
  uint32_t index = NONE;
  bool has_room = waiting != NONE || dhcpha_peer_queue_has_room(queue, peer_at(service, peer),
                                                                service->relationship);
  if (!has_room)
    note_full(service, peer);
  else if (dhcpha_updates_add(updates, &key, is_delete, lease, &index) != DHCPHA_OK)
    dhcpha_log(context, DHCPHA_MESSAGE_OUT_OF_MEMORY, "no memory for a lease update to %s",
               peer_at(service, peer)->name);
  if (index == NONE) {
    dhcpha_update_flow_count_lost(service, peer);
    (void)settle_query(service, parked, END_DROP);
    return;
  }
  update_at(service, index)->load.parked = parked;
  update_at(service, index)->group = group;
  if (waiting != NONE) {
    dhcpha_updates_overtake(updates, waiting, index);
    context->counters[DHCPHA_COUNTER_UPDATES_COALESCED]++;
    return;
  }
  queue->outstanding++;
  if (first == NONE) {
    dhcpha_updates_make_first(updates, index);
    make_ready(service, index);
  } else {
    update_at(service, first)->behind = index;
    hold(service, index, DHCPHA_UPDATE_BEHIND);
  }
}

/* ---- over ---- */

bool dhcpha_update_flow_end(dhcpha_service *service, uint32_t index, bool drop) {
  dhcpha_updates *updates = &service->context->updates;
  uint32_t behind = update_at(service, index)->behind;
  dhcpha_peer_queue *queue = &service->queues[update_at(service, index)->key.peer];
  dhcpha_updates_unmake_first(updates, index);
  queue->outstanding--;
  if (behind != NONE) {
    dhcpha_updates_make_first(updates, behind);
    dhcpha_update_list_unlink(updates, &queue->held, behind);
    make_ready(service, behind);
  }
  return finish(service, index, drop ? END_DROP : END_GO_ON);
}

/* Where another one waits behind it, that one is sent instead. */
void dhcpha_update_flow_put_off(dhcpha_service *service, uint32_t index, int64_t due_ms) {
  dhcpha_updates *updates = &service->context->updates;
  dhcpha_update *update = update_at(service, index);
  dhcpha_peer_queue *queue = &service->queues[update->key.peer];
  uint32_t behind = update->behind;
  if (behind != NONE) {
    dhcpha_update_list_unlink(updates, &queue->held, behind);
    update->behind = NONE;
    queue->outstanding--;
    dhcpha_updates_overtake(updates, index, behind);
    service->context->counters[DHCPHA_COUNTER_UPDATES_COALESCED]++;
  }
  hold(service, index, DHCPHA_UPDATE_PUT_OFF);
  dhcpha_retries_set(updates, index, due_ms);
}

size_t dhcpha_update_flow_resume(dhcpha_service *service, uint32_t index) {
  dhcpha_updates *updates = &service->context->updates;
  size_t peer = update_at(service, index)->key.peer;
  while (index != NONE && update_at(service, index)->key.peer == peer &&
         update_at(service, index)->key.relationship == service->index) {
    dhcpha_retries_set(updates, index, DHCPHA_NEVER);
    dhcpha_update_list_unlink(updates, &service->queues[peer].held, index);
    make_ready(service, index);
    index = dhcpha_retries_first_due(updates, service->context->now.monotonic_ms);
  }
  return peer;
}

/* ---- another state ---- */

static void settle_as(dhcpha_service *service, uint32_t index, dhcpha_treatment treatment) {
  const dhcpha_update_load *load = &update_at(service, index)->load;
  if (treatment == DHCPHA_TREAT_QUEUE)
    dhcpha_update_flow_keep(service, load->is_delete, load->lease);
  withdraw(service, index);
  (void)finish(service, index, treatment == DHCPHA_TREAT_QUEUE ? END_GO_ON : END_LEFT_OUT);
}

void dhcpha_update_flow_state_changed(dhcpha_service *service) {
  const dhcpha_relationship *relationship = service->relationship;
  for (size_t i = 0; i < relationship->peer_count; i++) {
    dhcpha_peer_queue *queue = &service->queues[i];
    dhcpha_treatment treatment = dhcpha_update_flow_treat(service, relationship->peers[i]);
    if (treatment == DHCPHA_TREAT_SEND) continue;
    while (queue->ready.first != NONE) settle_as(service, queue->ready.first, treatment);
    while (queue->held.first != NONE) settle_as(service, queue->held.first, treatment);
  }
}
