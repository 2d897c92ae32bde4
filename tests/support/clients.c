/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "support/clients.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALID_LFT 4000
#define PROBATION_LFT 86400 /* of a declined address */

void client_query_init(client_query *q, unsigned number) {
  memset(q, 0, sizeof *q);
  q->number = number;
  q->type = CLIENTS_DISCOVER;
  q->hw_address[0] = 2;
  q->hw_address[4] = (uint8_t)(number >> 8);
  q->hw_address[5] = (uint8_t)number;
  q->hw_address_len = 6;
  q->subnet_id = 1;
  q->valid_lft = VALID_LFT;
}

static dhcpha_address address_of(const world_server *s, const client_query *q) {
  const dhcpha_subnet *subnet = world_find_subnet(s, q->subnet_id);
  unsigned offset = q->number + 9;
  if (q->address.family != 0) return q->address;
  if (subnet != NULL && subnet->server_name != NULL) {
    dhcpha_address within = subnet->prefix;
    within.bytes[3] = (uint8_t)offset;
    return within;
  }
  dhcpha_address address = {4, {192, 0, (uint8_t)(2 + (offset >> 8)), (uint8_t)offset}};
  return address;
}

static dhcpha_lease lease_of(const world_server *s, const client_query *q) {
  dhcpha_lease lease;
  dhcpha_lease_init(&lease);
  lease.address = address_of(s, q);
  lease.subnet_id = q->subnet_id;
  lease.valid_lft = q->valid_lft;
  lease.cltt = world_time(s).utc_ms / 1000;
  lease.hw_address = q->hw_address;
  lease.hw_address_len = q->hw_address_len;
  lease.client_id = q->client_id;
  lease.client_id_len = q->client_id_len;
  if (q->type == CLIENTS_DECLINE) {
    lease.state = DHCPHA_LEASE_DECLINED;
    lease.hw_address_len = lease.client_id_len = 0;
    lease.valid_lft = PROBATION_LFT;
  }
  if (q->type == CLIENTS_RELEASE) {
    lease.state = DHCPHA_LEASE_RELEASED;
    lease.valid_lft = 0;
  }
  return lease;
}

static void query_of(const world_server *s, const client_query *q, dhcpha_query *query) {
  const dhcpha_subnet *subnet = world_find_subnet(s, q->subnet_id);
  dhcpha_query_init(query);
  query->server_name = subnet == NULL ? NULL : subnet->server_name;
  query->type = q->type;
  query->secs = q->secs;
  query->hw_address = q->hw_address;
  query->hw_address_len = q->hw_address_len;
  query->client_id = q->client_id;
  query->client_id_len = q->client_id_len;
}

static void remember(world_server *s, uint64_t id, const client_query *q, const char *lease) {
  if (s->parked_count == s->parked_capacity) {
    s->parked_capacity = s->parked_capacity == 0 ? 8 : s->parked_capacity * 2;
    s->parked = realloc(s->parked, s->parked_capacity * sizeof *s->parked);
    if (s->parked == NULL) abort();
  }
  parked_query *p = &s->parked[s->parked_count++];
  p->id = id;
  snprintf(p->client, sizeof p->client, "client%u", q->number);
  snprintf(p->lease, sizeof p->lease, "%s", lease);
}

static void outcome(world_server *s, const char *client, const char *lease, bool answered) {
  if (answered)
    s->world->queries_answered++;
  else
    s->world->queries_dropped++;
  world_trace(s->world, "%s %s %s %s", s->name, answered ? "answers" : "drops", client, lease);
}

void clients_released(world_server *s, uint64_t id, bool send) {
  for (size_t i = 0; i < s->parked_count; i++) {
    if (s->parked[i].id != id) continue;
    parked_query released = s->parked[i];
    s->parked_count--;
    memmove(&s->parked[i], &s->parked[i + 1], (s->parked_count - i) * sizeof *s->parked);
    outcome(s, released.client, released.lease, send);
    return;
  }
  world_wrong(s->world, "%s releases a query that is not parked", s->name);
}

/* The lease is committed first, then the hub is asked whether the answer may go. */
static void commit(world_server *s, const client_query *q, dhcpha_query *query) {
  char name[32], lease_text[DHCPHA_ADDRESS_TEXT_SIZE];
  uint64_t id = ++s->world->query_count;
  dhcpha_lease lease = lease_of(s, q), previous;
  bool released = q->type == CLIENTS_RELEASE, parked = false;
  const dhcpha_lease *gone = released ? &lease : NULL;
  dhcpha_address_format(&lease.address, lease_text);
  store_apply(&s->leases, DHCPHA_LEASE_PUT, &lease);
  if (q->previous.family != 0) {
    previous = lease;
    previous.address = q->previous;
    store_apply(&s->leases, DHCPHA_LEASE_DELETE, &previous);
    gone = &previous;
  }
  snprintf(name, sizeof name, "client%u", q->number);
  remember(s, id, q, lease_text);
  /* As in Kea, these have not been through the selection of a subnet (P2 15.33). */
  if (released || q->type == CLIENTS_DECLINE) query->server_name = NULL;
  dhcpha_status status = dhcpha_hub_leases_changed(s->hub, id, query, released ? NULL : &lease,
                                                   released ? 0 : 1, gone, gone == NULL ? 0 : 1,
                                                   &parked);
  if (status != DHCPHA_OK || !parked) {
    s->parked_count--;
    outcome(s, name, lease_text, status == DHCPHA_OK);
  }
  if (status != DHCPHA_OK && status != DHCPHA_ERR_NOMEM)
    world_wrong(s->world, "%s: leases_changed: %s", s->name, dhcpha_strerror(status));
}

void clients_send(world_server *s, const client_query *q) {
  static const char *const reasons[] = {"in scope",    "not subject",     "not in scope",
                                        "no identity", "no relationship", "service disabled"};
  if (s->hub == NULL) return;
  dhcpha_query query;
  dhcpha_verdict verdict;
  query_of(s, q, &query);
  dhcpha_verdict_init(&verdict);
  world_set_hub_time(s);
  dhcpha_status status = dhcpha_hub_query_received(s->hub, &query, &verdict);
  if (status != DHCPHA_OK)
    world_wrong(s->world, "%s: query_received: %s", s->name, dhcpha_strerror(status));
  if (s->world->watch.verdicts)
    world_trace(s->world, "%s %s client%u: %s%s%s", s->name, verdict.serve ? "serves" : "ignores",
                q->number, reasons[verdict.reason], verdict.client_class[0] == '\0' ? "" : ", ",
                verdict.client_class);
  else if (verdict.serve && q->type == CLIENTS_DISCOVER)
    world_trace(s->world, "%s offers client%u", s->name, q->number);
  if (verdict.serve && q->type != CLIENTS_DISCOVER) commit(s, q, &query);
  world_pull(s);
}
