/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* intake6: DHCPv6 datagrams, from bytes to an answer. */
#include "intake.h"
#include "log.h"
#include "packet6.h"
#include "serve6.h"

#define SERVER_PORT 547
#define CLIENT_PORT 546
#define DUID_TEXT_BYTES 20

static void log_query(const struct packet6 *packet, const char *what) {
  char name[3 * DUID_TEXT_BYTES + 1] = "";
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < packet->client_id.len && i < DUID_TEXT_BYTES; i++) {
    name[3 * i] = digits[packet->client_id.bytes[i] >> 4];
    name[3 * i + 1] = digits[packet->client_id.bytes[i] & 15];
    name[3 * i + 2] = i + 1 < packet->client_id.len && i + 1 < DUID_TEXT_BYTES ? ':' : '\0';
  }
  log_line(DHCPHA_LEVEL_DEBUG, "query", "type %u from %s, xid %06x, %zu relays: %s",
           packet->type, name, packet->transaction, packet->relay_count, what);
}

/* Where an answer goes: back the way the query came.  To a relay's port or a client's; on a socket
 * whose own port is not 547, which is for tests, to the port that the query came from. */
static struct route route6(const struct server *server, size_t socket,
                           const struct datagram *datagram, const struct packet6 *packet) {
  bool test = server->sockets.list[socket].port != SERVER_PORT;
  bool relayed = packet->relay_count > 0;
  bool from_port = test || (relayed && packet->relays[0].port.bytes != NULL);
  struct route route = { .socket = (uint16_t)socket, .address = datagram->from,
                         .scope = datagram->scope,
                         .port = from_port ? datagram->from_port
                                 : relayed ? SERVER_PORT
                                           : CLIENT_PORT };
  if (datagram->to.high >> 56 != 0xff) route.source = datagram->to; /* no group's */
  return route;
}

static void count(struct server *server, const struct result6 *result, uint8_t type) {
  server->counters[!result->answer                          ? COUNTER_NOT_ANSWERED
                   : type == DHCP6_SOLICIT && !result->commit ? COUNTER_OFFERS
                                                            : COUNTER_ACKS]++;
}

static void serve(struct server *server, size_t socket, const struct datagram *datagram,
                  const struct query6 *query, const dhcpha_query *facts) {
  struct answer *answer = intake_take_answer(server, query->packet->type == DHCP6_SOLICIT);
  if (answer == NULL) return;
  struct result6 result;
  serve6(&server->allocator, query, answer->bytes, &answer->changes, &result);
  count(server, &result, query->packet->type);
  if (log_enabled(DHCPHA_LEVEL_DEBUG)) log_query(query->packet, result.why);
  answer->len = result.answer ? result.out.len : 0;
  answer->route = route6(server, socket, datagram, query->packet);
  intake_finish(server, answer, facts, result.commit);
}

/* The subnet of the first lease that is released or declined: it is about its lease, wherever it
 * comes from (P2, trap 33). */
static const struct subnet *subnet_of_lease(const struct server *server,
                                            const struct packet6 *packet) {
  for (size_t i = 0; i < packet->ia_count; i++) {
    struct hint6 hint;
    uint8_t type = packet->ias[i].code == OPTION6_IA_PD ? DHCPHA_LEASE_PREFIX
                                                        : DHCPHA_LEASE_ADDRESS;
    for (size_t at = 0; ia6_next(&packet->ias[i], &at, &hint);) {
      const struct lease_entry *lease = lease_table_find(
          &server->store.table, (struct lease_id){ hint.address, type });
      if (lease != NULL) return intake_subnet(server, lease->subnet_id);
    }
  }
  return NULL;
}

static const struct subnet *subnet_of(const struct server *server, const struct packet6 *packet,
                                      const struct socket *by, struct ip from) {
  const struct subnet *subnet = NULL;
  if (packet->type == DHCP6_RELEASE || packet->type == DHCP6_DECLINE)
    subnet = subnet_of_lease(server, packet);
  return subnet != NULL ? subnet : serve6_subnet(server->config, packet, by->interface, from);
}

void intake6_take(struct server *server, size_t socket, const struct datagram *datagram) {
  static struct packet6 packet; /* large, and one at a time */
  dhcpha_query facts;
  dhcpha_query_init(&facts);
  if (!packet6_read(&packet, datagram->bytes, datagram->len) ||
      dhcpha_query_read(&facts, DHCPHA_DHCP6, datagram->bytes, datagram->len) != DHCPHA_OK ||
      facts.client_id_len > PACKET6_DUID_MAX) {
    intake_complain(server, datagram, "not a DHCPv6 query");
    return;
  }
  const struct socket *by = &server->sockets.list[socket];
  bool unicast = packet.relay_count == 0 && by->port == SERVER_PORT &&
                 datagram->to.high >> 56 != 0xff;
  dhcpha_time time = server_time();
  struct query6 query = {
    .packet = &packet,
    .subnet = subnet_of(server, &packet, by, datagram->from),
    .client = { .duid = packet.client_id.bytes, .duid_len = packet.client_id.len },
    .now_ms = time.monotonic_ms,
    .now = time.utc_ms / 1000,
  };
  if (query.subnet != NULL) facts.server_name = query.subnet->ha_server_name;
  if (!intake_is_served(server, &facts, &query.client.client_class)) return;
  const char *refusal = serve6_refusal(server->config, &packet, unicast);
  if (refusal != NULL) { /* such as a query for another server: all servers hear it */
    server->counters[COUNTER_NOT_ANSWERED]++;
    if (log_enabled(DHCPHA_LEVEL_DEBUG)) log_query(&packet, refusal);
    return;
  }
  if (query.subnet != NULL && !classes_allow(&query.subnet->classes, query.client.client_class))
    query.subnet = NULL;
  serve(server, socket, datagram, &query, &facts);
}
