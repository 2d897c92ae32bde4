/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "reply6.h"

#include <string.h>

/* ---- times ---- */

static uint32_t within(uint32_t wanted, uint32_t usual, uint32_t low, uint32_t high) {
  if (low == 0) low = usual;
  if (high == 0) high = usual;
  if (wanted == 0) return usual;
  return wanted < low ? low : wanted > high ? high : wanted;
}

static uint32_t part_of(uint32_t lifetime, uint32_t percent) {
  if (lifetime == DHCPHA_LIFETIME_INFINITE) return lifetime;
  return (uint32_t)((uint64_t)lifetime * percent / 100);
}

static uint32_t usual_preferred(const struct settings *settings) {
  return settings->preferred_lft != 0 ? settings->preferred_lft : part_of(settings->valid_lft, 62);
}

struct lifetimes6 reply6_lifetimes(const struct subnet *subnet, const struct hint6 *hint) {
  const struct settings *settings = &subnet->settings;
  struct lifetimes6 times = {
    within(hint != NULL ? hint->preferred_lft : 0, usual_preferred(settings),
           settings->min_preferred_lft, settings->max_preferred_lft),
    within(hint != NULL ? hint->valid_lft : 0, settings->valid_lft, settings->min_valid_lft,
           settings->max_valid_lft),
  };
  if (times.preferred > times.valid) times.preferred = times.valid;
  return times;
}

/* When the client is to renew: 0.5 and 0.8 of the preferred lifetime (RFC 8415 21.4). */
static void add_timers(struct writer6 *out, const struct subnet *subnet) {
  const struct settings *settings = &subnet->settings;
  uint32_t preferred = reply6_lifetimes(subnet, NULL).preferred;
  uint32_t t1 = settings->renew_timer != 0 ? settings->renew_timer : part_of(preferred, 50);
  uint32_t t2 = settings->rebind_timer != 0 ? settings->rebind_timer : part_of(preferred, 80);
  writer6_add32(out, t1 <= t2 ? t1 : t2);
  writer6_add32(out, t2);
}

/* ---- identity associations ---- */

#define IA_FIELDS 12
#define ADDRESS_FIELDS 24
#define PREFIX_FIELDS 25

size_t reply6_open_ia(struct result6 *result, const struct query6 *query, const struct ia6 *ia) {
  struct writer6 *out = &result->out;
  if (!writer6_reserve(out, 4 + IA_FIELDS)) return 0;
  size_t begin = writer6_open(out, ia->code);
  writer6_add32(out, ia->iaid);
  if (ia->code == OPTION6_IA_TA) return begin;
  if (query->subnet != NULL) {
    add_timers(out, query->subnet);
  } else {
    writer6_add32(out, 0);
    writer6_add32(out, 0);
  }
  return begin;
}

void reply6_close_ia(struct result6 *result, size_t begin) {
  writer6_close(&result->out, begin);
}

void reply6_put_address(struct result6 *result, const struct ia6 *ia, struct ip address,
                        uint8_t prefix_len, struct lifetimes6 lifetimes) {
  struct writer6 *out = &result->out;
  bool prefix = ia->code == OPTION6_IA_PD;
  if (!writer6_reserve(out, 4 + (prefix ? PREFIX_FIELDS : ADDRESS_FIELDS))) return;
  size_t begin = writer6_open(out, prefix ? OPTION6_IA_PREFIX : OPTION6_IA_ADDRESS);
  if (!prefix) writer6_add_ip(out, address);
  writer6_add32(out, lifetimes.preferred);
  writer6_add32(out, lifetimes.valid);
  if (prefix) {
    writer6_add8(out, prefix_len);
    writer6_add_ip(out, address);
  }
  writer6_close(out, begin);
}

/* ---- the message ---- */

bool reply6_start(struct result6 *result, const struct query6 *query, const struct config *config,
                  uint8_t *bytes, uint8_t type) {
  struct writer6 *out = &result->out;
  const struct packet6 *packet = query->packet;
  result->answer =
      writer6_start(out, bytes, packet, type) &&
      (packet->client_id.bytes == NULL ||
       writer6_put(out, OPTION6_CLIENT_ID, packet->client_id.bytes, packet->client_id.len)) &&
      writer6_put(out, OPTION6_SERVER_ID, config->server_duid, config->server_duid_len);
  if (!result->answer) result->why = "no room for an answer";
  return result->answer;
}

/* A pool's options come before the subnet's, which include those set for all subnets. */
static const struct option *find_option(const struct result6 *result, const struct query6 *query,
                                        uint16_t code) {
  const struct pool_config *pool = result->pool;
  const struct settings *settings = &query->subnet->settings;
  for (size_t i = 0; pool != NULL && i < pool->option_count; i++)
    if (pool->options[i].code == code) return &pool->options[i];
  for (size_t i = 0; i < settings->option_count; i++)
    if (settings->options[i].code == code) return &settings->options[i];
  return NULL;
}

static uint16_t requested_at(const struct packet6 *packet, size_t i) {
  return (uint16_t)(packet->requested.bytes[2 * i] << 8 | packet->requested.bytes[2 * i + 1]);
}

static bool is_requested(const struct packet6 *packet, uint16_t code, size_t below) {
  for (size_t i = 0; i < below; i++)
    if (requested_at(packet, i) == code) return true;
  return false;
}

static void put_always(struct result6 *result, const struct query6 *query,
                       const struct option *options, size_t count) {
  size_t requested = query->packet->requested.len / 2u;
  for (size_t i = 0; i < count; i++) {
    const struct option *option = find_option(result, query, options[i].code);
    if (options[i].always && option == &options[i] &&
        !is_requested(query->packet, option->code, requested))
      writer6_put(&result->out, option->code, option->bytes, option->len);
  }
}

#define REQUESTED_MAX 256 /* codes of one request: each is compared with those before it */

void reply6_end(struct result6 *result, const struct query6 *query) {
  const struct packet6 *packet = query->packet;
  size_t requested = packet->requested.len / 2u;
  if (requested > REQUESTED_MAX) requested = REQUESTED_MAX;
  for (size_t i = 0; query->subnet != NULL && i < requested; i++) {
    uint16_t code = requested_at(packet, i);
    const struct option *option = find_option(result, query, code);
    if (option != NULL && !is_requested(packet, code, i))
      writer6_put(&result->out, code, option->bytes, option->len);
  }
  if (query->subnet != NULL) {
    const struct settings *settings = &query->subnet->settings;
    if (result->pool != NULL)
      put_always(result, query, result->pool->options, result->pool->option_count);
    put_always(result, query, settings->options, settings->option_count);
  }
  writer6_end(&result->out);
}
