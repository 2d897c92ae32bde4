/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "intake.h"

#include <stdlib.h>

#include "log.h"
#include "serve4.h"

#define BATCHES_MAX 4           /* read from one socket before the others have their turn */
#define COMPLAIN_EVERY_MS 10000 /* about bad packets */
#define RECLAIM_MAX 10000       /* leases reclaimed at a time */
#define RECLAIM_AGAIN_S 60      /* for a lease that is the partner's to reclaim */
#define SHED_FROM 2048          /* answers waiting: new clients are left for later */
#define BOOTREQUEST 1
#define CLIENT_ID_MIN 2 /* RFC 2132 9.14; shorter ones name no lease */
#define CLIENT_ID_MAX 255

/* ---- sending ---- */

static void send_answer(struct server *server, struct answer *answer) {
  if (answer->len > 0 &&
      !sockets_send(&server->sockets, &answer->route, answer->bytes, answer->len))
    server->counters[COUNTER_UNSENT]++;
  answers_give_back(&server->answers, answer);
}

static void withhold(struct server *server, struct answer *answer) {
  if (answer->len > 0) server->counters[COUNTER_WITHHELD]++;
  answers_give_back(&server->answers, answer);
}

void intake_release(struct server *server, uint64_t query_id, bool send) {
  struct answer *answer = answers_find(&server->answers, query_id);
  if (answer == NULL) return;
  if (send) send_answer(server, answer);
  else withhold(server, answer);
}

/* Tell the hub of the changes; it says whether the answer has to wait for the peers. */
static dhcpha_status announce(struct server *server, const struct answer *answer, bool *parked) {
  dhcpha_query query;
  dhcpha_lease leased, deleted;
  size_t leased_count = 0, deleted_count = 0;
  answer_get_query(answer, &query);
  const struct lease_entry *entry = lease_table_find(&server->store.table, answer->leased);
  if (answer->leased != 0 && entry == NULL) return DHCPHA_ERR_UNKNOWN; /* gone meanwhile */
  if (answer->leased != 0) {
    lease_entry_get(entry, &leased);
    leased_count = 1;
  }
  if (answer->deleted != NULL) {
    lease_entry_get(answer->deleted, &deleted);
    deleted_count = 1;
  }
  return dhcpha_hub_leases_changed(server->hub, answer->id, &query, &leased, leased_count,
                                   &deleted, deleted_count, parked);
}

void intake_committed(struct server *server, bool durable) {
  struct answer *answer = server->committing, *next;
  server->committing = NULL;
  server->committing_end = &server->committing;
  for (; answer != NULL; answer = next) {
    next = answer->next;
    bool parked = false;
    uint64_t id = answer->id;
    dhcpha_status status = durable ? DHCPHA_OK : DHCPHA_ERR_IO;
    if (durable && server->hub != NULL) status = announce(server, answer, &parked);
    if (answers_find(&server->answers, id) == NULL) continue; /* released at once */
    if (status != DHCPHA_OK) withhold(server, answer);
    else if (!parked) send_answer(server, answer);
  }
}

/* ---- taking in ---- */

/* What is wrong with packets is told now and then only: anyone may send any number of them. */
static void complain(struct server *server, const struct datagram *datagram, const char *what) {
  server->counters[COUNTER_MALFORMED]++;
  int64_t now = server_time().monotonic_ms;
  if (server->complained_ms != 0 && now - server->complained_ms < COMPLAIN_EVERY_MS) return;
  server->complained_ms = now;
  log_line(DHCPHA_LEVEL_INFO, "packet_malformed",
           "dropped %zu bytes from %u.%u.%u.%u: %s; %llu so far", datagram->len,
           datagram->from >> 24, datagram->from >> 16 & 255, datagram->from >> 8 & 255,
           datagram->from & 255, what, (unsigned long long)server->counters[COUNTER_MALFORMED]);
}

static void log_query(const struct query4 *query, const char *what) {
  char name[3 * 20 + 1] = "";
  const uint8_t *hw = query->client.hw_address;
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < query->client.hw_address_len && i < 20; i++) {
    name[3 * i] = digits[hw[i] >> 4];
    name[3 * i + 1] = digits[hw[i] & 15];
    name[3 * i + 2] = i + 1 < query->client.hw_address_len ? ':' : '\0';
  }
  log_line(DHCPHA_LEVEL_DEBUG, "query", "type %u from %s, xid %08x: %s", query->packet->type,
           name, query->packet->xid, what);
}

static void count(struct server *server, const struct result4 *result, uint8_t type) {
  enum counter counter = !result->answer      ? COUNTER_NOT_ANSWERED
                         : result->nak        ? COUNTER_NAKS
                         : type == DHCPDISCOVER ? COUNTER_OFFERS
                                              : COUNTER_ACKS;
  server->counters[counter]++;
}

static void serve(struct server *server, size_t socket, const struct datagram *datagram,
                  const struct query4 *query, const dhcpha_query *facts) {
  /* Under too much load, those who have an offer are served, rather than all too late. */
  bool shed = query->packet->type == DHCPDISCOVER && server->answers.waiting >= SHED_FROM;
  struct answer *answer = shed ? NULL : answers_take(&server->answers);
  if (answer == NULL) {
    server->counters[COUNTER_BUSY]++;
    return;
  }
  struct result4 result;
  serve4(&server->allocator, query, answer->bytes, &result);
  count(server, &result, query->packet->type);
  if (log_enabled(DHCPHA_LEVEL_DEBUG)) log_query(query, result.why);
  answer->len = result.answer ? result.out.len : 0;
  answer->leased = result.leased;
  answer->deleted = result.deleted;
  answer->route =
      sockets_route(&server->sockets, socket, datagram, query->packet, result.nak);
  if (!result.commit) {
    send_answer(server, answer);
    return;
  }
  answer_keep_query(answer, facts);
  *server->committing_end = answer;
  server->committing_end = &answer->next;
}

/* High Availability's word on a query.  Without it every server serves all. */
static bool is_served(struct server *server, const dhcpha_query *facts, struct query4 *query) {
  query->client.client_class = "";
  if (server->hub == NULL) return true;
  dhcpha_verdict verdict;
  dhcpha_verdict_init(&verdict);
  dhcpha_hub_query_received(server->hub, facts, &verdict);
  query->client.client_class = verdict.client_class;
  return verdict.serve;
}

static void take_in(struct server *server, size_t socket, const struct datagram *datagram) {
  static struct packet4 packet; /* large, and one at a time */
  dhcpha_query facts;
  server->counters[COUNTER_RECEIVED]++;
  if (!packet4_read(&packet, datagram->bytes, datagram->len) || packet.op != BOOTREQUEST) {
    complain(server, datagram, "not a DHCPv4 query");
    return;
  }
  dhcpha_query_init(&facts);
  if (dhcpha_query_read(&facts, DHCPHA_DHCP4, datagram->bytes, datagram->len) != DHCPHA_OK ||
      facts.client_id_len > CLIENT_ID_MAX) {
    complain(server, datagram, "its client cannot be told");
    return;
  }
  const struct socket *by = &server->sockets.list[socket];
  dhcpha_time time = server_time();
  uint32_t own = by->address != 0 ? by->address : datagram->to;
  struct query4 query = {
    .packet = &packet,
    .subnet = serve4_subnet(server->config, &packet, by->interface, own, datagram->from),
    .client = { .hw_address = facts.hw_address, .hw_address_len = facts.hw_address_len,
                .client_id = facts.client_id, .client_id_len = facts.client_id_len },
    .server_id = own,
    .now_ms = time.monotonic_ms,
    .now = time.utc_ms / 1000,
  };
  if (query.subnet != NULL) facts.server_name = query.subnet->ha_server_name;
  if (!is_served(server, &facts, &query)) {
    server->counters[COUNTER_NOT_SERVED]++;
    return;
  }
  if (query.client.client_id_len < CLIENT_ID_MIN) query.client.client_id_len = 0;
  if (query.client.client_id_len == 0 && query.client.hw_address_len == 0) {
    complain(server, datagram, "it names no client");
    return;
  }
  if (query.subnet != NULL && !classes_allow(&query.subnet->classes, query.client.client_class))
    query.subnet = NULL;
  serve(server, socket, datagram, &query, &facts);
}

void intake_readable(struct server *server, size_t socket) {
  struct datagram datagrams[SOCKETS_BATCH];
  for (int batch = 0; batch < BATCHES_MAX; batch++) {
    size_t read = sockets_read(&server->sockets.list[socket], datagrams);
    for (size_t i = 0; i < read; i++) take_in(server, socket, &datagrams[i]);
    if (read < SOCKETS_BATCH) return;
  }
}

/* ---- reclaiming ---- */

/* A terminated pair divides the leases as it divides the clients (P2 2). */
static bool is_ours_to_reclaim(struct server *server, const dhcpha_lease *lease,
                               const char *server_name) {
  if (server->hub == NULL) return true;
  bool terminated = false;
  for (size_t i = 0; i < dhcpha_hub_get_relationship_count(server->hub); i++)
    if (dhcpha_hub_get_state(server->hub, i) == DHCPHA_STATE_TERMINATED) terminated = true;
  if (!terminated) return true;
  dhcpha_query facts;
  dhcpha_verdict verdict;
  dhcpha_query_init(&facts);
  dhcpha_verdict_init(&verdict);
  facts.type = DHCPDISCOVER;
  facts.hw_address = lease->hw_address;
  facts.hw_address_len = lease->hw_address_len;
  facts.client_id = lease->client_id;
  facts.client_id_len = lease->client_id_len;
  facts.server_name = server_name;
  return dhcpha_hub_query_received(server->hub, &facts, &verdict) == DHCPHA_OK && verdict.serve;
}

static const char *server_name_of(const struct server *server, uint32_t subnet_id) {
  for (size_t i = 0; i < server->config->subnet_count; i++)
    if (server->config->subnets[i].id == subnet_id)
      return server->config->subnets[i].ha_server_name;
  return NULL;
}

void intake_reclaim(struct server *server) {
  dhcpha_time time = server_time();
  int64_t now = time.utc_ms / 1000;
  offers_expire(&server->allocator.offers, time.monotonic_ms);
  if (!server->service) return; /* P2 2: not while the service is disabled */
  for (int i = 0; i < RECLAIM_MAX; i++) {
    struct lease_entry *entry = lease_table_first_due(&server->store.table);
    if (entry == NULL || entry->due >= now) return;
    dhcpha_lease lease;
    lease_entry_get(entry, &lease);
    if (!is_ours_to_reclaim(server, &lease, server_name_of(server, lease.subnet_id))) {
      lease_table_postpone(&server->store.table, entry, now + RECLAIM_AGAIN_S);
      continue;
    }
    bool declined = lease.state == DHCPHA_LEASE_DECLINED; /* it has no client to be kept for */
    lease.state = DHCPHA_LEASE_EXPIRED;
    if (store_change(&server->store, &lease, declined ? DHCPHA_LEASE_DELETE : DHCPHA_LEASE_PUT) ==
        DHCPHA_STORED_FAILED)
      return;
    server->counters[COUNTER_RECLAIMED]++;
  }
}
