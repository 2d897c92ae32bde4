/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* config_ha: the hooks of a configuration, and whether the subnets suit High Availability. */
#include "config_parts.h"

#include <dhcpha/http.h>
#include <stdlib.h>
#include <string.h>

static void check_certificates(struct reader *reader, const struct place *place,
                               const dhcpha_peer *peer) {
  char text[512];
  dhcpha_status status = dhcpha_http_check_peer(peer, text, sizeof text);
  if (status != DHCPHA_OK)
    read_error(reader, place, "bad TLS config for server %s: %s", peer->name,
               text[0] != '\0' ? text : dhcpha_strerror(status));
}

/* What the library reads but this server cannot do. */
static void check_relationships(struct reader *reader, const struct place *place,
                                const dhcpha_config *ha) {
  const dhcpha_relationship *relationship;
  for (size_t i = 0; (relationship = dhcpha_config_get_relationship(ha, i)) != NULL; i++) {
    struct place at = { place, NULL, i };
    for (size_t j = 0; j < relationship->peer_count; j++) {
      const dhcpha_peer *peer = relationship->peers[j];
      if (peer->port == 0) read_error(reader, &at, "the url of \"%s\" needs a port", peer->name);
      check_certificates(reader, &at, peer);
    }
    if (!relationship->multi_threading || !relationship->dedicated_listener)
      read_warning(reader, &(struct place){ &at, "multi-threading", 0 },
                   "has no effect: this server listens on its own url in any case");
  }
}

static void read_relationships(struct reader *reader, const struct place *place, yajl_val value,
                               void *target) {
  struct config *config = target;
  if (config->ha != NULL) {
    read_error(reader, place, "High Availability must be configured once only");
    return;
  }
  size_t len;
  dhcpha_family family = config->family == 4 ? DHCPHA_DHCP4 : DHCPHA_DHCP6;
  char *text = json_text(value, &len);
  dhcpha_messages *messages = NULL;
  dhcpha_status status = text == NULL ? DHCPHA_ERR_NOMEM
                                      : dhcpha_config_parse(family, text, len, NULL,
                                                            &config->ha, &messages);
  free(text);
  findings_add_messages(reader->findings, place, messages);
  dhcpha_messages_free(messages);
  if (status != DHCPHA_OK && status != DHCPHA_ERR_CONFIG)
    read_error(reader, place, "%s", dhcpha_strerror(status));
  if (status != DHCPHA_OK) return;
  check_relationships(reader, place, config->ha);
  messages = NULL;
  dhcpha_config_lint(config->ha, &messages);
  findings_add_messages(reader->findings, place, messages);
  dhcpha_messages_free(messages);
}

static void read_ha_parameters(struct reader *reader, const struct place *place, yajl_val value,
                               void *target) {
  static const struct key keys[] = {
    { .name = "high-availability", .kind = KEY_READ, .read = read_relationships },
    { .name = "comment", .kind = KEY_QUIET },
    { .name = NULL },
  };
  read_map(reader, place, value, keys, target);
  if (YAJL_IS_OBJECT(value) && json_member(value, "high-availability") == NULL)
    read_error(reader, place, "needs a \"high-availability\" list");
}

static void read_hook(struct reader *reader, const struct place *place, yajl_val value,
                      void *target) {
  const char *library = json_string(value, "library");
  yajl_val parameters = json_member(value, "parameters");
  struct place at = { place, "library", 0 }, within = { place, "parameters", 0 };
  if (library == NULL) {
    read_error(reader, &at, "must be the file name of a library");
    return;
  }
  const char *file = strrchr(library, '/') != NULL ? strrchr(library, '/') + 1 : library;
  if (strncmp(file, "libdhcp_ha.", 11) == 0 && parameters != NULL)
    read_ha_parameters(reader, &within, parameters, target);
  else if (strncmp(file, "libdhcp_ha.", 11) == 0)
    read_error(reader, place, "needs \"parameters\" with a \"high-availability\" list");
  else if (strncmp(file, "libdhcp_lease_cmds.", 19) != 0) /* its commands are built in */
    read_warning(reader, &at, "\"%s\" is not supported by this server; ignored", file);
}

void read_hooks(struct reader *reader, const struct place *place, yajl_val value, void *target) {
  read_list(reader, place, value, read_hook, target);
}

/* ---- subnets and relationships ---- */

static bool is_peer_class(const dhcpha_config *ha, const char *name) {
  if (strncmp(name, "HA_", 3) != 0) return false;
  const dhcpha_relationship *relationship;
  for (size_t i = 0; (relationship = dhcpha_config_get_relationship(ha, i)) != NULL; i++)
    for (size_t j = 0; j < relationship->peer_count; j++)
      if (strcmp(relationship->peers[j]->name, name + 3) == 0) return true;
  return false;
}

static void check_classes(struct reader *reader, const struct place *place,
                          const struct classes *classes, const dhcpha_config *ha) {
  for (size_t i = 0; i < classes->count; i++)
    if (ha == NULL || !is_peer_class(ha, classes->names[i]))
      read_warning(reader, &(struct place){ place, "client-class", 0 },
                   "no client is ever in \"%s\": only HA_ and a peer's name are known",
                   classes->names[i]);
}

/* Some pool of this kind is for the clients of this server. */
static bool has_pool(const struct subnet *subnet, uint8_t type, const char *name) {
  for (size_t i = 0; i < subnet->pool_count; i++)
    if (subnet->pools[i].type == type && classes_allow(&subnet->pools[i].classes, name))
      return true;
  return false;
}

static void check_split_of(struct reader *reader, const struct place *place,
                           const struct subnet *subnet, uint8_t type,
                           const dhcpha_relationship *relationship) {
  const char *list = type == DHCPHA_LEASE_PREFIX ? "pd-pools" : "pools";
  struct place pools = { place, list, 0 };
  size_t count = 0;
  for (size_t i = 0; i < subnet->pool_count; i++) {
    if (subnet->pools[i].type != type) continue;
    count++;
    if (subnet->pools[i].classes.count == 0)
      read_warning(reader, &(struct place){ &pools, NULL, pool_number(subnet, i) },
                   "both servers of a load-balancing pair take addresses from this pool and may"
                   " give one to two clients; split it into pools with a \"client-class\" each");
  }
  for (size_t i = 0; i < relationship->peer_count && count > 0; i++) {
    const dhcpha_peer *peer = relationship->peers[i];
    char name[256] = "HA_";
    strncat(name, peer->name, sizeof name - 4);
    if (peer->role != DHCPHA_ROLE_BACKUP && !has_pool(subnet, type, name))
      read_warning(reader, &pools, "no pool is for the clients of \"%s\"", name);
  }
}

/* In load-balancing both servers hand out addresses at a time (P1 2.1). */
static void check_split(struct reader *reader, const struct place *place,
                        const struct subnet *subnet, const dhcpha_relationship *relationship) {
  if (subnet->classes.count > 0) return;
  check_split_of(reader, place, subnet, DHCPHA_LEASE_ADDRESS, relationship);
  check_split_of(reader, place, subnet, DHCPHA_LEASE_PREFIX, relationship);
}

void check_ha(struct reader *reader, const struct place *place, const struct config *config) {
  size_t relationships =
      config->ha != NULL ? dhcpha_config_get_relationship_count(config->ha) : 0;
  for (size_t i = 0; i < config->subnet_count; i++) {
    const struct subnet *subnet = &config->subnets[i];
    struct place at = { place, NULL, i };
    check_classes(reader, &at, &subnet->classes, config->ha);
    for (size_t j = 0; j < subnet->pool_count; j++) {
      struct place pools = { &at, pool_list(&subnet->pools[j]), 0 };
      check_classes(reader, &(struct place){ &pools, NULL, pool_number(subnet, j) },
                    &subnet->pools[j].classes, config->ha);
    }
    if (relationships == 0) continue;
    const dhcpha_relationship *first = dhcpha_config_get_relationship(config->ha, 0);
    if (relationships == 1 && first->mode == DHCPHA_MODE_LOAD_BALANCING)
      check_split(reader, &at, subnet, first);
    if (relationships > 1 && subnet->ha_server_name == NULL)
      read_warning(reader, &at, "its queries are dropped: with several relationships a subnet needs"
                                " a \"user-context\" with its \"ha-server-name\"");
  }
}
