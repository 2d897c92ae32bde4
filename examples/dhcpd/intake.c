/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "intake.h"

#include <stdlib.h>

#include "log.h"

#define BATCHES_MAX 4           /* read from one socket before the others have their turn */
#define COMPLAIN_EVERY_MS 10000 /* about bad packets */
#define RECLAIM_MAX 10000       /* leases reclaimed at a time */
#define RECLAIM_AGAIN_S 60      /* for a lease that is the partner's to reclaim */
#define SHED_FROM 2048          /* answers waiting: new clients are left for later */

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
  dhcpha_lease leased[ANSWER_LEASES_MAX], deleted[ANSWER_LEASES_MAX];
  const struct changes *changes = &answer->changes;
  answer_get_query(answer, &query);
  for (size_t i = 0; i < changes->leased_count; i++) {
    const struct lease_entry *entry =
        lease_table_find(&server->store.table, changes->leased[i]);
    if (entry == NULL) return DHCPHA_ERR_UNKNOWN; /* gone meanwhile */
    lease_entry_get(entry, &leased[i]);
  }
  for (size_t i = 0; i < changes->deleted_count; i++)
    lease_entry_get(changes->deleted[i], &deleted[i]);
  return dhcpha_hub_leases_changed(server->hub, answer->id, &query, leased,
                                   changes->leased_count, deleted, changes->deleted_count,
                                   parked);
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
void intake_complain(struct server *server, const struct datagram *datagram, const char *what) {
  char from[DHCPHA_ADDRESS_TEXT_SIZE];
  server->counters[COUNTER_MALFORMED]++;
  int64_t now = server_time().monotonic_ms;
  if (server->complained_ms != 0 && now - server->complained_ms < COMPLAIN_EVERY_MS) return;
  server->complained_ms = now;
  log_line(DHCPHA_LEVEL_INFO, "packet_malformed", "dropped %zu bytes from %s: %s; %llu so far",
           datagram->len, ip_format(server->config->family, datagram->from, from), what,
           (unsigned long long)server->counters[COUNTER_MALFORMED]);
}

bool intake_is_served(struct server *server, const dhcpha_query *facts,
                      const char **client_class) {
  *client_class = "";
  if (server->hub == NULL) return true;
  dhcpha_verdict verdict;
  dhcpha_verdict_init(&verdict);
  dhcpha_hub_query_received(server->hub, facts, &verdict);
  *client_class = verdict.client_class;
  if (!verdict.serve) server->counters[COUNTER_NOT_SERVED]++;
  return verdict.serve;
}

struct answer *intake_take_answer(struct server *server, bool begins) {
  bool shed = begins && server->answers.waiting >= SHED_FROM;
  struct answer *answer = shed ? NULL : answers_take(&server->answers);
  if (answer == NULL) server->counters[COUNTER_BUSY]++;
  return answer;
}

void intake_finish(struct server *server, struct answer *answer, const dhcpha_query *facts,
                   bool commit) {
  if (!commit) {
    send_answer(server, answer);
    return;
  }
  answer_keep_query(answer, facts);
  *server->committing_end = answer;
  server->committing_end = &answer->next;
}

void intake_readable(struct server *server, size_t socket) {
  struct datagram datagrams[SOCKETS_BATCH];
  for (int batch = 0; batch < BATCHES_MAX; batch++) {
    size_t read = sockets_read(&server->sockets.list[socket], datagrams);
    for (size_t i = 0; i < read; i++) {
      server->counters[COUNTER_RECEIVED]++;
      if (server->config->family == 4) intake4_take(server, socket, &datagrams[i]);
      else intake6_take(server, socket, &datagrams[i]);
    }
    if (read < SOCKETS_BATCH) return;
  }
}

/* ---- subnets ---- */

const struct subnet *intake_subnet(const struct server *server, uint32_t subnet_id) {
  for (size_t i = 0; i < server->config->subnet_count; i++)
    if (server->config->subnets[i].id == subnet_id) return &server->config->subnets[i];
  return NULL;
}

const char *intake_server_name(const struct server *server, uint32_t subnet_id) {
  const struct subnet *subnet = intake_subnet(server, subnet_id);
  return subnet != NULL ? subnet->ha_server_name : NULL;
}

/* ---- reclaiming ---- */

/* Nobody is told: each server reclaims for itself (P2 4.2). */
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
    if (server->hub != NULL &&
        !dhcpha_hub_may_reclaim(server->hub, &lease,
                                intake_server_name(server, lease.subnet_id))) {
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
