/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* intake4: DHCPv4 datagrams, from bytes to an answer. */
#include "intake.h"
#include "log.h"
#include "route4.h"
#include "serve4.h"

#define BOOTREQUEST 1
#define CLIENT_ID_MIN 2 /* RFC 2132 9.14; shorter ones name no lease */
#define CLIENT_ID_MAX 255

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
  struct answer *answer = intake_take_answer(server, query->packet->type == DHCPDISCOVER);
  if (answer == NULL) return;
  struct result4 result;
  serve4(&server->allocator, query, answer->bytes, &answer->changes, &result);
  count(server, &result, query->packet->type);
  if (log_enabled(DHCPHA_LEVEL_DEBUG)) log_query(query, result.why);
  answer->len = result.answer ? result.out.len : 0;
  answer->route = route4(&server->sockets, socket, datagram, query->packet, result.nak);
  intake_finish(server, answer, facts, result.commit);
}

/* A release or decline is about its lease, wherever it comes from: the lease's subnet counts, and
 * so does its relationship (P2, trap 33). */
static const struct subnet *subnet_of(const struct server *server, const struct packet4 *packet,
                                      const struct socket *by, struct ip own, struct ip from) {
  uint32_t address = packet->type == DHCPRELEASE ? packet->ciaddr
                     : packet->type == DHCPDECLINE
                         ? packet4_get_address(packet, OPTION_REQUESTED_ADDRESS)
                         : 0;
  const struct lease_entry *lease = lease_table_find(&server->store.table, id_of_ip4(address));
  const struct subnet *subnet = lease != NULL ? intake_subnet(server, lease->subnet_id) : NULL;
  return subnet != NULL ? subnet
                        : serve4_subnet(server->config, packet, by->interface, (uint32_t)own.low,
                                        (uint32_t)from.low);
}

void intake4_take(struct server *server, size_t socket, const struct datagram *datagram) {
  static struct packet4 packet; /* large, and one at a time */
  dhcpha_query facts;
  if (!packet4_read(&packet, datagram->bytes, datagram->len) || packet.op != BOOTREQUEST) {
    intake_complain(server, datagram, "not a DHCPv4 query");
    return;
  }
  dhcpha_query_init(&facts);
  if (dhcpha_query_read(&facts, DHCPHA_DHCP4, datagram->bytes, datagram->len) != DHCPHA_OK ||
      facts.client_id_len > CLIENT_ID_MAX) {
    intake_complain(server, datagram, "its client cannot be told");
    return;
  }
  const struct socket *by = &server->sockets.list[socket];
  dhcpha_time time = server_time();
  struct ip own = !ip_is_none(by->address) ? by->address : datagram->to;
  struct query4 query = {
    .packet = &packet,
    .subnet = subnet_of(server, &packet, by, own, datagram->from),
    .client = { .hw_address = facts.hw_address, .hw_address_len = facts.hw_address_len,
                .client_id = facts.client_id, .client_id_len = facts.client_id_len },
    .server_id = (uint32_t)own.low,
    .now_ms = time.monotonic_ms,
    .now = time.utc_ms / 1000,
  };
  if (query.subnet != NULL) facts.server_name = query.subnet->ha_server_name;
  if (!intake_is_served(server, &facts, &query.client.client_class)) return;
  if (query.client.client_id_len < CLIENT_ID_MIN) query.client.client_id_len = 0;
  if (query.client.client_id_len == 0 && query.client.hw_address_len == 0) {
    intake_complain(server, datagram, "it names no client");
    return;
  }
  if (query.subnet != NULL && !classes_allow(&query.subnet->classes, query.client.client_class))
    query.subnet = NULL;
  serve(server, socket, datagram, &query, &facts);
}
