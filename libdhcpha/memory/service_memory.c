/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/service_memory.h"

#include "base/allocator.h"
#include "rules/config.h"

#include <string.h>

dhcpha_status dhcpha_service_memory_init(dhcpha_service *service, dhcpha_context *context,
                                         const dhcpha_relationship *relationship,
                                         size_t index) {
  const dhcpha_allocator *allocator = context->allocator;
  memset(service, 0, sizeof *service);
  service->context = context;
  service->relationship = relationship;
  service->index = index;
  service->state = service->previous = DHCPHA_STATE_NONE;
  service->heartbeat_due_ms = DHCPHA_NEVER;
  service->expiry_ms = DHCPHA_NEVER;
  dhcpha_supervision_end(&service->supervision);
  dhcpha_partner_init(&service->partner, allocator, context->now.monotonic_ms);
  dhcpha_backlog_init(&service->backlog, allocator, relationship->delayed_updates_limit);
  service->abilities =
      dhcpha_allocate(allocator, relationship->peer_count, sizeof *service->abilities);
  if (service->abilities == NULL) return DHCPHA_ERR_NOMEM;
  dhcpha_status status = dhcpha_unacked_clients_init(&service->unacked, allocator);
  if (status == DHCPHA_OK) status = dhcpha_rejected_updates_init(&service->rejected, allocator);
  if (status == DHCPHA_OK) status = dhcpha_scopes_init(&service->scopes, allocator, relationship);
  if (status != DHCPHA_OK) return status;
  service->queues =
      dhcpha_allocate(allocator, relationship->peer_count, sizeof *service->queues);
  if (service->queues == NULL) return DHCPHA_ERR_NOMEM;
  for (size_t i = 0; i < relationship->peer_count; i++)
    dhcpha_peer_queue_init(&service->queues[i]);
  dhcpha_retries_seed(&context->updates, relationship->self->name);
  return DHCPHA_OK;
}

void dhcpha_service_memory_free(dhcpha_service *service) {
  if (service->context == NULL) return;
  dhcpha_partner_free(&service->partner);
  dhcpha_release(service->context->allocator, service->abilities);
  dhcpha_unacked_clients_free(&service->unacked);
  dhcpha_rejected_updates_free(&service->rejected);
  dhcpha_scopes_free(&service->scopes, service->context->allocator);
  dhcpha_backlog_clear(&service->backlog);
  dhcpha_release(service->context->allocator, service->queues);
  dhcpha_action_free(service->sync.farewell);
  service->sync.farewell = NULL;
  dhcpha_action_free(service->sync.answer);
  service->sync.answer = NULL;
  dhcpha_action_free(service->maintenance_answer);
  service->maintenance_answer = NULL;
}

dhcpha_peer_abilities *dhcpha_service_get_abilities(const dhcpha_service *service,
                                                    const dhcpha_peer *peer) {
  return &service->abilities[((const dhcpha_config_peer *)peer)->index];
}

void dhcpha_service_lose_partner(dhcpha_service *service) {
  const dhcpha_peer *partner = service->relationship->partner;
  if (partner != NULL) dhcpha_service_get_abilities(service, partner)->asked = false;
  dhcpha_partner_set_state(&service->partner, DHCPHA_STATE_UNAVAILABLE,
                           service->context->now.monotonic_ms);
  dhcpha_clock_skew_forget(&service->skew);
  dhcpha_unacked_clients_reserve(&service->unacked);
}

bool dhcpha_service_is_interrupted(const dhcpha_service *service) {
  return dhcpha_partner_is_silent(&service->partner, service->context->now.monotonic_ms,
                                  service->relationship->max_response_delay_ms);
}
