/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* select6: which messages are answered, and for which subnet. */
#include <string.h>

#include "serve6.h"

/* ---- the subnet ---- */

static const struct subnet *subnet_with(const struct config *config, struct ip address) {
  for (size_t i = 0; !ip_is_none(address) && i < config->subnet_count; i++)
    if (subnet_contains(&config->subnets[i], address)) return &config->subnets[i];
  return NULL;
}

static bool has_relay(const struct subnet *subnet, struct ip address) {
  for (size_t i = 0; i < subnet->relay_count; i++)
    if (ip_equal(subnet->relays[i], address)) return true;
  return false;
}

static bool has_interface_id(const struct subnet *subnet, const struct relay6 *relay) {
  const struct option6_view *id = &relay->interface_id;
  return subnet->interface_id != NULL && id->bytes != NULL &&
         strlen(subnet->interface_id) == id->len &&
         memcmp(subnet->interface_id, id->bytes, id->len) == 0;
}

/* A relay names itself by its interface-id, by an address listed for the subnet, or by one of the
 * client's link. */
static const struct subnet *subnet_of_relay(const struct config *config,
                                            const struct relay6 *relay) {
  for (size_t i = 0; i < config->subnet_count; i++)
    if (has_interface_id(&config->subnets[i], relay)) return &config->subnets[i];
  for (size_t i = 0; !ip_is_none(relay->link) && i < config->subnet_count; i++)
    if (has_relay(&config->subnets[i], relay->link)) return &config->subnets[i];
  return subnet_with(config, relay->link);
}

const struct subnet *serve6_subnet(const struct config *config, const struct packet6 *packet,
                                   const char *interface, struct ip from) {
  /* The relay next to the client knows its link; one without an address leaves it to the next
   * (RFC 6221). */
  for (size_t i = packet->relay_count; i-- > 0;) {
    const struct subnet *subnet = subnet_of_relay(config, &packet->relays[i]);
    if (subnet != NULL || !ip_is_none(packet->relays[i].link)) return subnet;
  }
  for (size_t i = 0; packet->relay_count == 0 && i < config->subnet_count; i++)
    if (config->subnets[i].interface != NULL &&
        strcmp(config->subnets[i].interface, interface) == 0)
      return &config->subnets[i];
  struct ip address = packet->relay_count > 0 ? packet->relays[0].peer : from;
  return subnet_with(config, address);
}

/* ---- what is dropped ---- */

enum presence { ANY, NEEDED, FORBIDDEN };

/* RFC 8415 16 */
static const struct rule {
  uint8_t type;
  enum presence client_id, server_id;
  bool unicast; /* may be sent to the server's own address */
} rules[] = {
  { DHCP6_SOLICIT, NEEDED, FORBIDDEN, false },
  { DHCP6_REQUEST, NEEDED, NEEDED, true },
  { DHCP6_CONFIRM, NEEDED, FORBIDDEN, false },
  { DHCP6_RENEW, NEEDED, NEEDED, true },
  { DHCP6_REBIND, NEEDED, FORBIDDEN, false },
  { DHCP6_RELEASE, NEEDED, NEEDED, true },
  { DHCP6_DECLINE, NEEDED, NEEDED, true },
  { DHCP6_INFORMATION_REQUEST, ANY, ANY, false },
};

const char *serve6_refusal(const struct config *config, const struct packet6 *packet,
                           bool unicast) {
  const struct rule *rule = NULL;
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
    if (rules[i].type == packet->type) rule = &rules[i];
  if (rule == NULL) return "a message that servers do not take";
  bool client_id = packet->client_id.bytes != NULL, server_id = packet->server_id.bytes != NULL;
  if (rule->client_id == NEEDED && !client_id) return "no client identifier";
  if (rule->server_id == NEEDED && !server_id) return "no server identifier";
  if (rule->server_id == FORBIDDEN && server_id) return "a server identifier too many";
  if (server_id && (packet->server_id.len != config->server_duid_len ||
                    memcmp(packet->server_id.bytes, config->server_duid,
                           config->server_duid_len) != 0))
    return "meant for another server";
  if (unicast && !rule->unicast) return "not sent to all servers";
  if (packet->type == DHCP6_INFORMATION_REQUEST && packet->ia_count > 0)
    return "an identity association too many";
  return NULL;
}
