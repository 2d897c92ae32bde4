/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "service/hub_leases.h"

#include "dhcp/lease.h"
#include "dhcp/query.h"
#include "memory/log.h"
#include "procedures/lease_commands.h"
#include "procedures/lease_pages.h"
#include "rules/config.h"
#include "service/hub.h"
#include "service/outcomes.h"

#include <string.h>

/* The relationship that a name selects, P1 1.12. */
static bool find_relationship(const dhcpha_hub *hub, const char *server_name, size_t *index) {
  *index = 0;
  if (hub->services.count == 1) return true;
  return server_name != NULL &&
         dhcpha_config_find_peer(hub->config, server_name, strlen(server_name), index);
}

/* Of leases that were committed.  A DHCPv4 RELEASE or DECLINE selects no subnet, and Kea loses it
 * (P2 15.33); but a lease has one. */
static bool find_relationship_of(const dhcpha_hub *hub, const dhcpha_query *query,
                                 const dhcpha_lease_changes *changes, size_t *index) {
  const char *server_name = query == NULL ? NULL : query->server_name;
  if (find_relationship(hub, server_name, index)) return true;
  if (server_name != NULL || changes->lease_count + changes->deleted_count == 0)
    return false;
  const dhcpha_lease *lease = changes->lease_count > 0 ? dhcpha_lease_at(changes->leases, 0)
                                                       : dhcpha_lease_at(changes->deleted, 0);
  *index = dhcpha_subnets_get_relationship(&hub->context.subnets, lease->subnet_id);
  return *index != DHCPHA_UNBOUND;
}

/* P2 10: for developers only, since it comes with every query of the partner's. */
static void log_refusal(dhcpha_hub *hub, const dhcpha_verdict *verdict) {
  if (verdict->reason == DHCPHA_REASON_NO_IDENTITY)
    dhcpha_log(&hub->context, DHCPHA_MESSAGE_NO_IDENTIFIER,
               "a query has neither a client identifier nor a hardware address to hash");
  else
    dhcpha_log(&hub->context, DHCPHA_MESSAGE_NOT_FOR_US, "a query of class %s is not served here",
               verdict->client_class);
  dhcpha_hub_end(hub, NULL);
}

dhcpha_status dhcpha_hub_query_received(dhcpha_hub *hub, const dhcpha_query *query,
                                        dhcpha_verdict *verdict) {
  size_t index = 0;
  verdict->serve = false;
  verdict->client_class = "";
  verdict->relationship = 0;
  verdict->reason = DHCPHA_REASON_SERVICE_DISABLED;
  if (!hub->started) return DHCPHA_ERR_STATE;
  if (!dhcpha_service_switch_is_enabled(&hub->context.service)) return DHCPHA_OK;
  if (!find_relationship(hub, query->server_name, &index)) {
    verdict->reason = DHCPHA_REASON_NO_RELATIONSHIP;
    return DHCPHA_OK;
  }
  dhcpha_service *service = &hub->services.list[index];
  verdict->relationship = index;
  /* Dropped unseen (P2 3.3): no scope test, no failure analysis. */
  if (!dhcpha_service_switch_serves(&hub->context.service, index)) return DHCPHA_OK;
  dhcpha_service_judge(service, query, verdict);
  if (verdict->serve) return DHCPHA_OK;
  dhcpha_hub_begin(hub);
  if (dhcpha_log_wants(&hub->context, DHCPHA_MESSAGE_NOT_FOR_US)) log_refusal(hub, verdict);
  if (!dhcpha_service_is_interrupted(service)) return DHCPHA_OK;
  dhcpha_service_note_unserved(service, query);
  dhcpha_hub_end(hub, service);
  return DHCPHA_OK;
}

dhcpha_status dhcpha_hub_leases_changed(dhcpha_hub *hub, uint64_t query_id,
                                        const dhcpha_query *query, const dhcpha_lease *leases,
                                        size_t lease_count, const dhcpha_lease *deleted,
                                        size_t deleted_count, bool *parked) {
  dhcpha_context *context = &hub->context;
  dhcpha_lease_changes changes = {leases, lease_count, deleted, deleted_count};
  size_t index = 0;
  *parked = false;
  if (!hub->started) return DHCPHA_ERR_STATE;
  for (size_t i = 0; i < lease_count; i++)
    if (!dhcpha_lease_is_valid(dhcpha_lease_at(leases, i), context->family))
      return DHCPHA_ERR_ARGUMENT;
  for (size_t i = 0; i < deleted_count; i++)
    if (!dhcpha_lease_is_valid(dhcpha_lease_at(deleted, i), context->family))
      return DHCPHA_ERR_ARGUMENT;
  dhcpha_hub_begin(hub);
  dhcpha_status status = DHCPHA_ERR_UNKNOWN;
  if (find_relationship_of(hub, query, &changes, &index))
    status = dhcpha_lease_updates_send(&hub->services.list[index], query_id, query, &changes,
                                       parked);
  else
    dhcpha_log(context, DHCPHA_MESSAGE_NO_RELATIONSHIP,
               "leases were committed for a query of no relationship");
  dhcpha_hub_end(hub, NULL);
  return status;
}

static void log_skipped(dhcpha_hub *hub, const dhcpha_lease *lease) {
  char address[DHCPHA_ADDRESS_TEXT_SIZE];
  dhcpha_hub_begin(hub);
  dhcpha_log(&hub->context, DHCPHA_MESSAGE_RECLAIM_SKIP,
             "the expired lease %s is the partner's to reclaim",
             dhcpha_address_format(&lease->address, address));
  dhcpha_hub_end(hub, NULL);
}

bool dhcpha_hub_may_reclaim(dhcpha_hub *hub, const dhcpha_lease *lease,
                            const char *server_name) {
  dhcpha_query query;
  dhcpha_verdict verdict;
  size_t index = 0;
  if (!hub->started || !dhcpha_service_switch_is_enabled(&hub->context.service)) return false;
  dhcpha_query_init(&query);
  dhcpha_verdict_init(&verdict);
  if (!find_relationship(hub, server_name, &index)) return true;
  if (!dhcpha_service_switch_serves(&hub->context.service, index)) return false;
  const dhcpha_service *service = &hub->services.list[index];
  if (service->state != DHCPHA_STATE_TERMINATED) return true;
  query.type = DHCPHA_QUERY_DISCOVER_OR_SOLICIT;
  query.hw_address = lease->hw_address;
  query.hw_address_len = lease->hw_address_len;
  query.client_id = lease->client_id;
  query.client_id_len = lease->client_id_len;
  dhcpha_scopes_judge(&service->scopes, &query, hub->context.family, &verdict);
  if (!verdict.serve && dhcpha_log_wants(&hub->context, DHCPHA_MESSAGE_RECLAIM_SKIP))
    log_skipped(hub, lease);
  return verdict.serve;
}

/* ---- the host's store ---- */

dhcpha_status dhcpha_hub_leases_read(dhcpha_hub *hub, uint64_t id, const dhcpha_lease *leases,
                                     size_t count) {
  dhcpha_exchange *exchange = dhcpha_exchanges_find(&hub->context.exchanges, id);
  if (exchange == NULL || exchange->kind != DHCPHA_EXCHANGE_SERVE_READ) return DHCPHA_ERR_UNKNOWN;
  return dhcpha_lease_read(&hub->context, exchange, leases, count);
}

dhcpha_status dhcpha_hub_leases_read_done(dhcpha_hub *hub, uint64_t id, dhcpha_status status) {
  dhcpha_hub_begin(hub);
  bool known = dhcpha_outcome_read(&hub->services, id, status);
  dhcpha_hub_end(hub, NULL);
  return known ? DHCPHA_OK : DHCPHA_ERR_UNKNOWN;
}

dhcpha_status dhcpha_hub_leases_stored(dhcpha_hub *hub, uint64_t id,
                                       const dhcpha_stored *results, size_t count) {
  dhcpha_service *service = NULL;
  dhcpha_hub_begin(hub);
  bool known = dhcpha_outcome_stored(&hub->services, id, results, count, &service);
  dhcpha_hub_end(hub, service);
  return known ? DHCPHA_OK : DHCPHA_ERR_UNKNOWN;
}
