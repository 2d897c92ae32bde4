/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "reply4.h"

#include <string.h>

static const struct option *find_in(const struct option *options, size_t count, uint8_t code) {
  for (size_t i = 0; i < count; i++)
    if (options[i].code == code) return &options[i];
  return NULL;
}

/* A subnet's options include those set for all subnets. */
static const struct option *find_option(const struct query4 *query, const struct pool_config *pool,
                                         uint8_t code) {
  const struct option *option = NULL;
  if (pool != NULL) option = find_in(pool->options, pool->option_count, code);
  if (option == NULL && query->subnet != NULL)
    option = find_in(query->subnet->settings.options, query->subnet->settings.option_count, code);
  return option;
}

static uint32_t address_in(const struct option *option) {
  if (option == NULL || option->len != 4) return 0;
  const uint8_t *b = option->bytes;
  return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

uint32_t reply4_server_id(const struct query4 *query) {
  uint32_t configured = address_in(find_option(query, NULL, OPTION_SERVER_ID));
  return configured != 0 ? configured : query->server_id;
}

uint32_t reply4_lifetime(const struct query4 *query) {
  const struct settings *settings = &query->subnet->settings;
  uint32_t lifetime = packet4_get_uint32(query->packet, OPTION_LEASE_TIME);
  uint32_t low = settings->min_valid_lft != 0 ? settings->min_valid_lft : settings->valid_lft;
  uint32_t high = settings->max_valid_lft != 0 ? settings->max_valid_lft : settings->valid_lft;
  if (lifetime == 0) return settings->valid_lft;
  return lifetime < low ? low : lifetime > high ? high : lifetime;
}

static void put_times(struct writer4 *out, const struct settings *settings, uint32_t lifetime) {
  writer4_put_uint32(out, OPTION_LEASE_TIME, lifetime);
  if (lifetime == DHCPHA_LIFETIME_INFINITE) return;
  uint32_t renew = settings->renew_timer != 0 ? settings->renew_timer : lifetime / 2;
  uint32_t rebind = settings->rebind_timer != 0 ? settings->rebind_timer
                                                : (uint32_t)((uint64_t)lifetime * 7 / 8);
  if (renew < lifetime) writer4_put_uint32(out, OPTION_RENEWAL_TIME, renew);
  if (rebind < lifetime && rebind > renew) writer4_put_uint32(out, OPTION_REBINDING_TIME, rebind);
}

struct sent {
  uint64_t codes[4];
};

static bool first_time(struct sent *sent, uint8_t code) {
  uint64_t bit = UINT64_C(1) << (code % 64);
  bool first = (sent->codes[code / 64] & bit) == 0;
  sent->codes[code / 64] |= bit;
  return first;
}

static void put_configured(struct writer4 *out, struct sent *sent, const struct query4 *query,
                           const struct pool_config *pool, uint8_t code) {
  const struct option *option = find_option(query, pool, code);
  if (option != NULL && first_time(sent, code)) writer4_put(out, code, option->bytes, option->len);
}

/* What every client gets, then what this one asks for, then what is sent in any case. */
static void put_options(struct writer4 *out, const struct query4 *query,
                        const struct pool_config *pool) {
  static const uint8_t basic[] = { OPTION_ROUTERS, OPTION_DNS_SERVERS, OPTION_DOMAIN_NAME };
  struct sent sent = { { 0 } };
  first_time(&sent, OPTION_SERVER_ID); /* is there already */
  if (find_option(query, pool, OPTION_SUBNET_MASK) == NULL)
    writer4_put_uint32(out, OPTION_SUBNET_MASK, subnet_mask(query->subnet));
  put_configured(out, &sent, query, pool, OPTION_SUBNET_MASK);
  for (size_t i = 0; i < sizeof basic; i++) put_configured(out, &sent, query, pool, basic[i]);
  const struct option4_view *wanted = &query->packet->options[OPTION_PARAMETER_LIST];
  for (size_t i = 0; i < wanted->len; i++)
    put_configured(out, &sent, query, pool, wanted->bytes[i]);
  for (size_t i = 0; pool != NULL && i < pool->option_count; i++)
    if (pool->options[i].always)
      put_configured(out, &sent, query, pool, (uint8_t)pool->options[i].code);
  const struct settings *settings = &query->subnet->settings;
  for (size_t i = 0; i < settings->option_count; i++)
    if (settings->options[i].always)
      put_configured(out, &sent, query, pool, (uint8_t)settings->options[i].code);
}

void reply4_write(struct result4 *result, const struct query4 *query, uint8_t *bytes,
                  uint8_t type, uint32_t yiaddr, const struct pool_config *pool,
                  uint32_t lifetime) {
  struct writer4 *out = &result->out;
  const struct packet4 *packet = query->packet;
  const struct option4_view *client_id = &packet->options[OPTION_CLIENT_ID];
  const struct option4_view *relay = &packet->options[OPTION_RELAY_AGENT];
  writer4_start(out, bytes, packet, type);
  size_t room = relay->bytes != NULL ? relay->len + 2 * (relay->len / 255u + 1) : 0;
  if (room < out->limit - out->len) out->limit -= room;
  else room = 0;

  writer4_put_uint32(out, OPTION_SERVER_ID, reply4_server_id(query));
  if (client_id->bytes != NULL) /* RFC 6842 */
    writer4_put(out, OPTION_CLIENT_ID, client_id->bytes, client_id->len);
  if (type != DHCPNAK && query->subnet != NULL) {
    const struct settings *settings = &query->subnet->settings;
    writer4_set_addresses(out, type == DHCPOFFER ? 0 : packet->ciaddr, yiaddr,
                          settings->next_server);
    writer4_set_files(out, settings->server_hostname, settings->boot_file_name);
    if (lifetime != 0) put_times(out, settings, lifetime);
    put_options(out, query, pool);
  } else if (type == DHCPNAK && packet->giaddr != 0) {
    bytes[10] |= PACKET4_BROADCAST >> 8; /* the relay is to broadcast it (RFC 2131 4.3.2) */
  }
  out->limit += room;
  if (room != 0) writer4_put(out, OPTION_RELAY_AGENT, relay->bytes, relay->len); /* RFC 3046 2.2 */
  writer4_end(out);
  result->answer = true;
  result->nak = type == DHCPNAK;
}
