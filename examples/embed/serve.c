/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */

#include <dhcpha/dhcpha.h>

#include "host.h"

void embed_serve(dhcpha_hub *hub, uint64_t query_id, const uint8_t *packet, size_t len) {
  dhcpha_query query;
  dhcpha_verdict verdict;
  dhcpha_lease lease;
  bool parked = false;
  dhcpha_verdict_init(&verdict);
  dhcpha_lease_init(&lease);
  if (dhcpha_query_read(&query, DHCPHA_DHCP4, packet, len) != DHCPHA_OK) return;
  if (dhcpha_hub_query_received(hub, &query, &verdict) != DHCPHA_OK || !verdict.serve) return;
  if (!host_make_lease(packet, len, &lease)) return; /* stored and durable, not yet answered */
  if (dhcpha_hub_leases_changed(hub, query_id, &query, &lease, 1, NULL, 0, &parked) != DHCPHA_OK)
    host_drop_answer(query_id);
  else if (!parked)
    host_send_answer(query_id); /* else RELEASE_QUERY says later whether to send or drop it */
}
