/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* Clients, and the leases they get. */
#include "scenarios/scenario.h"

#include "support/clients.h"

#include <stdlib.h>
#include <string.h>

static size_t hex_option(const scenario_line *line, const char *key, uint8_t *bytes, size_t max,
                         size_t otherwise) {
  const char *value = scenario_option(line, key);
  size_t len = 0;
  if (value == NULL) return otherwise;
  while (*value != '\0' && len < max) {
    char *end;
    bytes[len++] = (uint8_t)strtoul(value, &end, 16);
    value = *end == ':' ? end + 1 : end;
  }
  return len;
}

/* "prefix=2001:db8:8::/56", or "prefix=/56": by the client's number. */
static void read_prefix(const scenario_line *line, client_query *q) {
  char prefix[64] = {0};
  const char *value = scenario_option(line, "prefix"), *slash;
  if (value == NULL || (slash = strchr(value, '/')) == NULL) return;
  if (slash - value >= (long)sizeof prefix) return;
  memcpy(prefix, value, (size_t)(slash - value));
  q->prefix_len = (uint8_t)atoi(slash + 1);
  if (slash == value)
    q->prefix = (dhcpha_address){6, {0x20, 0x01, 0x0d, 0xb8, 0, 1, (uint8_t)(q->number + 9)}};
  else if (dhcpha_address_parse(&q->prefix, prefix) != DHCPHA_OK)
    q->prefix.family = 0;
}

static void read_query(scenario *s, const scenario_line *line, unsigned number, client_query *q) {
  const char *secs = scenario_option(line, "secs"), *elapsed = scenario_option(line, "elapsed");
  client_query_init(q, s->world.family, number);
  if (secs != NULL) q->secs = (uint16_t)strtoul(secs, NULL, 0);
  q->has_elapsed = elapsed != NULL;
  if (elapsed != NULL) q->elapsed = (uint16_t)strtoul(elapsed, NULL, 0);
  q->hw_address_len =
      hex_option(line, "hw", q->hw_address, sizeof q->hw_address, q->hw_address_len);
  q->client_id_len =
      hex_option(line, "client-id", q->client_id, sizeof q->client_id, q->client_id_len);
  q->client_id_len =
      hex_option(line, "duid", q->client_id, sizeof q->client_id, q->client_id_len);
  q->address = scenario_address(s, line, "address");
  q->no_address = scenario_word(line, "no-address");
  q->forgets = scenario_word(line, "forgotten");
  q->previous = scenario_address(s, line, "previous");
  q->subnet_id = (uint32_t)scenario_number(line, "subnet", 1);
  q->valid_lft = (uint32_t)scenario_number(line, "valid", q->valid_lft);
  read_prefix(line, q);
}

static client_wish wish_of(const scenario_line *line) {
  if (strcmp(line->name, "clients") == 0) return CLIENTS_WANT_OFFER;
  if (strcmp(line->name, "release") == 0) return CLIENTS_RELEASE;
  return strcmp(line->name, "decline") == 0 ? CLIENTS_DECLINE : CLIENTS_WANT_LEASE;
}

static bool is_flag(const char *word) {
  return strcmp(word, "quiet") == 0 || strcmp(word, "no-address") == 0 ||
         strcmp(word, "forgotten") == 0;
}

/* Each of `count` clients, from a new one or from client=, sends to each server named. */
void scenario_clients(scenario *s, const scenario_line *line) {
  unsigned count = (unsigned)scenario_number(line, "count", 1);
  unsigned first = (unsigned)scenario_number(line, "client", s->client_count + 1);
  for (unsigned number = first; number < first + count; number++) {
    client_query q;
    read_query(s, line, number, &q);
    client_query_set_wish(&q, s->world.family, wish_of(line));
    q.type = (uint8_t)scenario_number(line, "type", q.type);
    for (size_t i = 0; i < line->word_count; i++) {
      if (is_flag(line->words[i])) continue;
      world_server *server = scenario_server_at(s, line, i);
      if (server != NULL) clients_send(server, &q);
    }
  }
  if (first + count - 1 > s->client_count) s->client_count = first + count - 1;
}

/* A lease appears in a server's store behind its back. */
void scenario_put(scenario *s, const scenario_line *line) {
  world_server *server = scenario_server_at(s, line, 0);
  unsigned count = (unsigned)scenario_number(line, "count", 1);
  unsigned first = (unsigned)scenario_number(line, "client", s->client_count + 1);
  const char *hostname = scenario_option(line, "hostname");
  if (server == NULL) return;
  for (unsigned number = first; number < first + count; number++) {
    client_query q;
    read_query(s, line, number, &q);
    dhcpha_lease leases[CLIENTS_LEASES_MAX];
    size_t lease_count = client_query_get_leases(server, &q, leases);
    for (size_t i = 0; i < lease_count; i++) {
      dhcpha_lease *lease = &leases[i];
      lease->state = (uint8_t)scenario_number(line, "state", 0);
      lease->cltt = WORLD_EPOCH + scenario_number(line, "cltt", 0);
      lease->hostname = hostname;
      lease->hostname_len = hostname == NULL ? 0 : strlen(hostname);
      lease->user_context = line->json;
      lease->user_context_len = line->json == NULL ? 0 : strlen(line->json);
      store_apply(&server->leases, DHCPHA_LEASE_PUT, lease);
    }
  }
  if (first + count - 1 > s->client_count) s->client_count = first + count - 1;
}
