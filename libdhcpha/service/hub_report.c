/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "service/hub_report.h"

#include "service/hub.h"
#include "service/service_status.h"

#include <string.h>

size_t dhcpha_hub_get_relationship_count(const dhcpha_hub *hub) {
  return hub->services.count;
}

dhcpha_state dhcpha_hub_get_state(const dhcpha_hub *hub, size_t relationship) {
  return relationship < hub->services.count ? hub->services.list[relationship].state
                                            : DHCPHA_STATE_NONE;
}

dhcpha_state dhcpha_hub_get_partner_state(const dhcpha_hub *hub, size_t relationship) {
  return relationship < hub->services.count ? hub->services.list[relationship].partner.state
                                            : DHCPHA_STATE_NONE;
}

bool dhcpha_hub_get_service(const dhcpha_hub *hub) {
  return dhcpha_service_switch_is_enabled(&hub->context.service);
}

const char *dhcpha_hub_get_status(dhcpha_hub *hub) {
  return dhcpha_hub_get_status_as(hub, DHCPHA_STATUS_OWN);
}

const char *dhcpha_hub_get_status_as(dhcpha_hub *hub, dhcpha_status_form form) {
  if (!hub->started) return NULL;
  dhcpha_hub_begin(hub);
  dhcpha_buffer_clear(&hub->status);
  dhcpha_buffer_append_char(&hub->status, '[');
  for (size_t i = 0; i < hub->services.count; i++) {
    if (i != 0) dhcpha_buffer_append_char(&hub->status, ',');
    dhcpha_service_write_status(&hub->services.list[i],
                                hub->services.list[0].relationship->mode, form, &hub->status);
  }
  dhcpha_buffer_append_char(&hub->status, ']');
  return hub->status.status == DHCPHA_OK ? dhcpha_buffer_text(&hub->status) : NULL;
}

const char *dhcpha_hub_get_command(const dhcpha_hub *hub, size_t index) {
  return dhcpha_service_command_name(hub->context.family, index);
}

dhcpha_status dhcpha_hub_explain(dhcpha_hub *hub, size_t relationship,
                                 dhcpha_explanation *explanation) {
  if (!hub->started) return DHCPHA_ERR_STATE;
  if (relationship >= hub->services.count) return DHCPHA_ERR_UNKNOWN;
  dhcpha_hub_begin(hub);
  dhcpha_service_explain(&hub->services.list[relationship], explanation);
  return DHCPHA_OK;
}

uint64_t dhcpha_hub_get_counter(const dhcpha_hub *hub, dhcpha_counter counter) {
  return (unsigned)counter < DHCPHA_COUNTER_COUNT ? hub->context.counters[counter] : 0;
}

static void fill_report(const dhcpha_service *service, size_t peer,
                        dhcpha_queue_report *report) {
  const dhcpha_peer_queue *queue = &service->queues[peer];
  dhcpha_queue_report whole;
  size_t size = report->size < sizeof whole ? report->size : sizeof whole; /* an older host's */
  dhcpha_queue_report_init(&whole);
  whole.size = report->size;
  whole.peer = service->relationship->peers[peer]->name;
  whole.backup = service->relationship->peers[peer]->role == DHCPHA_ROLE_BACKUP;
  whole.full = queue->full;
  whole.stopped = queue->stopped;
  whole.waiting = queue->outstanding;
  whole.lost = queue->lost;
  memcpy(report, &whole, size);
}

dhcpha_status dhcpha_hub_get_queue(const dhcpha_hub *hub, size_t relationship, size_t index,
                                   dhcpha_queue_report *report) {
  if (relationship >= hub->services.count) return DHCPHA_ERR_UNKNOWN;
  const dhcpha_service *service = &hub->services.list[relationship];
  const dhcpha_relationship *configured = service->relationship;
  for (size_t i = 0; i < configured->peer_count; i++) {
    if (configured->peers[i] == configured->self || index-- != 0) continue;
    fill_report(service, i, report);
    return DHCPHA_OK;
  }
  return DHCPHA_ERR_UNKNOWN;
}
