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

static const uint8_t duid_ll[] = {0, 3, 0, 1}; /* RFC 8415 section 11.4 */

void client_query_init(client_query *q, dhcpha_family family, unsigned number) {
  memset(q, 0, sizeof *q);
  q->number = number;
  q->hw_address[0] = 2;
  q->hw_address[4] = (uint8_t)(number >> 8);
  q->hw_address[5] = (uint8_t)number;
  q->hw_address_len = 6;
  q->subnet_id = 1;
  q->valid_lft = VALID_LFT;
  client_query_set_wish(q, family, CLIENTS_WANT_OFFER);
  if (family != DHCPHA_DHCP6) return;
  memcpy(q->client_id, duid_ll, sizeof duid_ll);
  memcpy(q->client_id + sizeof duid_ll, q->hw_address, q->hw_address_len);
  q->client_id_len = sizeof duid_ll + q->hw_address_len;
  q->hw_address_len = 0;
}

void client_query_set_wish(client_query *q, dhcpha_family family, client_wish wish) {
  static const uint8_t types[][2] = {{1, 1}, {3, 3}, {7, 8}, {4, 9}};
  q->wish = wish;
  q->type = types[wish][family == DHCPHA_DHCP6];
}

static dhcpha_address address_of(const world_server *s, const client_query *q) {
  const dhcpha_subnet *subnet = world_find_subnet(s, q->subnet_id);
  unsigned offset = q->number + 9;
  if (q->address.family != 0) return q->address;
  if (s->world->family == DHCPHA_DHCP6) {
    dhcpha_address address = {6, {0x20, 0x01, 0x0d, 0xb8}};
    address.bytes[14] = (uint8_t)(offset >> 8);
    address.bytes[15] = (uint8_t)offset;
    return address;
  }
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
  lease.subnet_id = q->subnet_id;
  lease.valid_lft = q->valid_lft;
  lease.cltt = world_time(s).utc_ms / 1000;
  lease.hw_address = q->hw_address;
  lease.hw_address_len = q->hw_address_len;
  lease.client_id = q->client_id;
  lease.client_id_len = q->client_id_len;
  if (s->world->family == DHCPHA_DHCP6) {
    lease.iaid = 1;
    lease.preferred_lft = q->valid_lft / 2;
  }
  return lease;
}

size_t client_query_get_leases(const world_server *s, const client_query *q,
                               dhcpha_lease leases[CLIENTS_LEASES_MAX]) {
  size_t count = 0;
  if (!q->no_address) {
    leases[count] = lease_of(s, q);
    leases[count].prefix_len = s->world->family == DHCPHA_DHCP6 ? 128 : 0;
    leases[count++].address = address_of(s, q);
  }
  if (q->prefix.family != 0) {
    leases[count] = lease_of(s, q);
    leases[count].type = DHCPHA_LEASE_PREFIX;
    leases[count].prefix_len = q->prefix_len;
    leases[count++].address = q->prefix;
  }
  return count;
}

/* A prefix cannot be declined.  A released lease that is kept is told of as released. */
static size_t committed_leases(const world_server *s, const client_query *q,
                               dhcpha_lease leases[CLIENTS_LEASES_MAX]) {
  static const uint8_t no_duid[1];
  size_t count = client_query_get_leases(s, q, leases);
  for (size_t i = 0; i < count; i++) {
    dhcpha_lease *lease = &leases[i];
    if (q->wish == CLIENTS_DECLINE) {
      lease->state = DHCPHA_LEASE_DECLINED;
      lease->hw_address_len = lease->client_id_len = 0;
      lease->valid_lft = PROBATION_LFT;
      lease->preferred_lft = 0;
    }
    if (q->wish == CLIENTS_DECLINE && s->world->family == DHCPHA_DHCP6) {
      lease->client_id = no_duid; /* P1 4.7 */
      lease->client_id_len = sizeof no_duid;
      lease->iaid = 0;
    }
    if (q->wish == CLIENTS_RELEASE && !q->forgets) {
      lease->state = DHCPHA_LEASE_RELEASED;
      lease->valid_lft = lease->preferred_lft = 0;
    }
  }
  return count;
}

static void query_of(const world_server *s, const client_query *q, dhcpha_query *query) {
  const dhcpha_subnet *subnet = world_find_subnet(s, q->subnet_id);
  dhcpha_query_init(query);
  query->server_name = subnet == NULL ? NULL : subnet->server_name;
  query->type = q->type;
  query->secs = q->secs;
  query->has_elapsed = q->has_elapsed;
  query->elapsed = q->elapsed;
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

static void write_leases(const dhcpha_lease *leases, size_t count,
                         char out[WORLD_LEASES_TEXT_SIZE]) {
  size_t len = 0;
  out[0] = '\0';
  for (size_t i = 0; i < count; i++) {
    char address[DHCPHA_ADDRESS_TEXT_SIZE], prefix[8] = "";
    if (leases[i].type == DHCPHA_LEASE_PREFIX)
      snprintf(prefix, sizeof prefix, "/%u", leases[i].prefix_len);
    len += (size_t)snprintf(out + len, WORLD_LEASES_TEXT_SIZE - len, "%s%s%s", i == 0 ? "" : " ",
                            dhcpha_address_format(&leases[i].address, address), prefix);
  }
}

/* The leases are committed first, then the hub is asked whether the answer may go. */
static void commit(world_server *s, const client_query *q, dhcpha_query *query) {
  char name[32], lease_text[WORLD_LEASES_TEXT_SIZE];
  uint64_t id = ++s->world->query_count;
  bool released = q->wish == CLIENTS_RELEASE, parked = false;
  dhcpha_lease leases[CLIENTS_LEASES_MAX], previous;
  size_t count = committed_leases(s, q, leases), gone_count = released ? count : 0;
  const dhcpha_lease *gone = released ? leases : NULL;
  for (size_t i = 0; i < count; i++)
    store_apply(&s->leases,
                released && q->forgets ? DHCPHA_LEASE_DELETE : DHCPHA_LEASE_PUT, &leases[i]);
  if (q->previous.family != 0) {
    previous = leases[0];
    previous.address = q->previous;
    store_apply(&s->leases, DHCPHA_LEASE_DELETE, &previous);
    gone = &previous;
    gone_count = 1;
  }
  write_leases(leases, count, lease_text);
  snprintf(name, sizeof name, "client%u", q->number);
  remember(s, id, q, lease_text);
  /* As in Kea, these have not been through the selection of a subnet (P2 15.33). */
  if (released || q->wish == CLIENTS_DECLINE) query->server_name = NULL;
  dhcpha_status status =
      dhcpha_hub_leases_changed(s->hub, id, query, released ? NULL : leases, released ? 0 : count,
                                gone, gone_count, &parked);
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
  else if (verdict.serve && q->wish == CLIENTS_WANT_OFFER)
    world_trace(s->world, "%s offers client%u", s->name, q->number);
  if (verdict.serve && q->wish != CLIENTS_WANT_OFFER) commit(s, q, &query);
  world_pull(s);
}
