/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/update_send.h"

#include "memory/log.h"
#include "procedures/update_flow.h"
#include "rules/ha_commands.h"

#define NONE DHCPHA_NO_UPDATE

static const dhcpha_peer *peer_at(const dhcpha_service *service, size_t peer) {
  return service->relationship->peers[peer];
}

static dhcpha_update *update_at(const dhcpha_service *service, uint32_t index) {
  return dhcpha_updates_get(&service->context->updates, index);
}

/* Boards what leaves in one command: DHCPv4 one lease, DHCPv6 those of one exchange. */
static uint32_t board(dhcpha_service *service, size_t peer, uint64_t exchange) {
  dhcpha_context *context = service->context;
  dhcpha_update_list *ready = &service->queues[peer].ready;
  uint32_t first = ready->first, last = NONE;
  size_t max = context->family == DHCPHA_DHCP6 ? DHCPHA_BULK_LEASES_MAX : 1;
  uint64_t group = update_at(service, first)->group;
  for (size_t count = 0; count < max; count++) {
    uint32_t index = ready->first;
    if (index == NONE || update_at(service, index)->group != group) break;
    dhcpha_update *update = update_at(service, index);
    dhcpha_update_list_unlink(&context->updates, ready, index);
    update->stage = DHCPHA_UPDATE_UNDER_WAY;
    update->exchange = exchange;
    update->busy = false;
    if (update->attempts++ == 0)
      update->first_ms = context->now.monotonic_ms;
    else
      context->counters[DHCPHA_COUNTER_UPDATES_RETRIED]++;
    if (last != NONE) update_at(service, last)->after = index;
    last = index;
  }
  return first;
}

/* Decided now: by what is known of the peer when it is sent. */
static bool goes_as_delete(const dhcpha_service *service, const dhcpha_update *update) {
  const dhcpha_peer_abilities *abilities =
      dhcpha_service_get_abilities(service, peer_at(service, update->key.peer));
  return dhcpha_goes_as_delete(update->load.lease, update->load.is_delete,
                               dhcpha_peer_get_abilities(abilities));
}

static size_t gather(const dhcpha_service *service, uint32_t first, bool is_delete,
                     dhcpha_lease *leases) {
  size_t count = 0;
  for (uint32_t i = first; i != NONE; i = update_at(service, i)->after)
    if (goes_as_delete(service, update_at(service, i)) == is_delete)
      leases[count++] = *update_at(service, i)->load.lease;
  return count;
}

static void write_bulk(const dhcpha_service *service, dhcpha_buffer *out, uint32_t first) {
  dhcpha_lease leases[DHCPHA_BULK_LEASES_MAX];
  size_t deleted = gather(service, first, true, leases);
  size_t others = gather(service, first, false, leases + deleted);
  dhcpha_write_lease6_bulk(out, leases + deleted, others, leases, deleted);
}

static void write_command(const dhcpha_service *service, dhcpha_buffer *out, uint32_t first) {
  const dhcpha_update_load *load = &update_at(service, first)->load;
  if (service->context->family == DHCPHA_DHCP6)
    write_bulk(service, out, first);
  else if (goes_as_delete(service, update_at(service, first)))
    dhcpha_write_lease4_delete(out, load->lease);
  else
    dhcpha_write_lease4_update(out, load->lease);
}

/* False: there is no memory for it, and what was to leave first is lost. */
static bool send_next(dhcpha_service *service, size_t peer) {
  dhcpha_context *context = service->context;
  dhcpha_exchange *exchange = NULL;
  dhcpha_action *action =
      dhcpha_context_start(context, DHCPHA_EXCHANGE_UPDATE, service->index,
                           peer_at(service, peer), DHCPHA_EXCHANGE_TIMEOUT_MS, &exchange);
  if (action == NULL) {
    dhcpha_update_flow_lose(service, service->queues[peer].ready.first);
    return false;
  }
  uint32_t first = board(service, peer, exchange->id);
  exchange->updates = first;
  exchange->flags = (uint32_t)peer;
  write_command(service, &action->json, first);
  if (dhcpha_context_send(context, action) == DHCPHA_OK) {
    dhcpha_peer_queue_note_sent(&service->queues[peer]);
    context->counters[DHCPHA_COUNTER_UPDATES_SENT]++;
    return true;
  }
  for (uint32_t index = first, next; index != NONE; index = next) {
    next = update_at(service, index)->after;
    dhcpha_update_flow_count_lost(service, peer);
    (void)dhcpha_update_flow_end(service, index, true);
  }
  return false;
}

void dhcpha_update_send(dhcpha_service *service, size_t peer) {
  dhcpha_peer_queue *queue = &service->queues[peer];
  const dhcpha_peer *to = peer_at(service, peer);
  while (queue->ready.first != NONE && dhcpha_peer_queue_is_open(queue, to))
    if (!send_next(service, peer))
      dhcpha_log(service->context, DHCPHA_MESSAGE_OUT_OF_MEMORY,
                 "no memory for a lease update to %s", to->name);
}
