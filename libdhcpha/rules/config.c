/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/config.h"

#include "base/allocator.h"

#include <string.h>

const char *const dhcpha_tls_keys[DHCPHA_TLS_COUNT] = { "trust-anchor", "cert-file", "key-file" };

dhcpha_config *dhcpha_config_new(dhcpha_family family, const dhcpha_allocator *allocator) {
  dhcpha_config *config = dhcpha_allocate(allocator, 1, sizeof *config);
  if (config == NULL) return NULL;
  config->holders = 1;
  config->family = family;
  config->allocator = *allocator;
  dhcpha_arena_init(&config->arena, &config->allocator, DHCPHA_CONFIG_MEMORY_MAX);
  config->names = dhcpha_byte_map_new(&config->allocator, sizeof(size_t),
                                      DHCPHA_RELATIONSHIPS_MAX * DHCPHA_PEERS_MAX);
  if (config->names != NULL) return config;
  dhcpha_config_free(config);
  return NULL;
}

static void *make_zeroed(dhcpha_config *config, size_t count, size_t size) {
  void *memory = dhcpha_arena_allocate(&config->arena, count * size);
  if (memory != NULL) memset(memory, 0, count * size);
  return memory;
}

bool dhcpha_config_make_relationships(dhcpha_config *config, size_t count) {
  config->relationships = make_zeroed(config, count, sizeof config->relationships[0]);
  if (config->relationships == NULL) return false;
  config->relationship_count = count;
  for (size_t i = 0; i < count; i++) {
    config->relationships[i].index = i;
    dhcpha_relationship_set_defaults(&config->relationships[i].relationship);
  }
  return true;
}

bool dhcpha_config_make_peers(dhcpha_config *config, dhcpha_config_relationship *relationship,
                              size_t count) {
  /* One more than needed: an empty list is a place, too. */
  relationship->list = make_zeroed(config, count + 1, sizeof relationship->list[0]);
  relationship->sorted = make_zeroed(config, count + 1, sizeof relationship->sorted[0]);
  if (relationship->list == NULL || relationship->sorted == NULL) return false;
  for (size_t i = 0; i < count; i++) {
    relationship->list[i].index = i;
    relationship->list[i].tls_known = true;
    dhcpha_peer_set_defaults(&relationship->list[i].peer);
  }
  relationship->relationship.peers = relationship->sorted;
  relationship->relationship.peer_count = count;
  return true;
}

const char *dhcpha_config_copy_text(dhcpha_config *config, const char *text, size_t len) {
  char *copy = dhcpha_arena_allocate(&config->arena, len + 1);
  if (copy == NULL) return NULL;
  if (len != 0) memcpy(copy, text, len);
  copy[len] = '\0';
  return copy;
}

const char **dhcpha_config_make_texts(dhcpha_config *config, size_t count) {
  const char **texts = make_zeroed(config, count, sizeof texts[0]);
  for (size_t i = 0; texts != NULL && i < count; i++) texts[i] = NULL;
  return texts;
}

void dhcpha_relationship_set_defaults(dhcpha_relationship *relationship) {
  memset(relationship, 0, sizeof *relationship);
  relationship->size = sizeof *relationship;
  relationship->send_lease_updates = true;
  relationship->sync_leases = true;
  relationship->require_client_certs = true;
  relationship->restrict_commands = true;
  relationship->multi_threading = true;
  relationship->dedicated_listener = true;
  relationship->sync_timeout_ms = 60000;
  relationship->sync_page_limit = 10000;
  relationship->heartbeat_delay_ms = 10000;
  relationship->max_response_delay_ms = 60000;
  relationship->max_ack_delay_ms = 10000;
  relationship->max_unacked_clients = 10;
  relationship->max_rejected_lease_updates = 10;
  relationship->recover_terminated_per_day = 3;
  relationship->backup_queue_limit = 10000;
}

void dhcpha_peer_set_defaults(dhcpha_peer *peer) {
  memset(peer, 0, sizeof *peer);
  peer->size = sizeof *peer;
  peer->auto_failover = true;
  peer->trust_anchor = "";
  peer->cert_file = "";
  peer->key_file = "";
  peer->basic_auth_user = "";
  peer->basic_auth_password = "";
  peer->host = "";
}

dhcpha_config *dhcpha_config_hold(const dhcpha_config *config) {
  dhcpha_config *held = (dhcpha_config *)config;
  held->holders++;
  return held;
}

/* The compiler must not find that nobody reads it again. */
static void wipe(const char *secret) {
  for (volatile char *byte = (volatile char *)secret; *byte != '\0'; byte++) *byte = '\0';
}

/* The defaults are constant, and empty. */
static void wipe_secrets(dhcpha_config *config) {
  for (size_t i = 0; i < config->relationship_count; i++) {
    const dhcpha_config_relationship *one = &config->relationships[i];
    for (size_t j = 0; one->list != NULL && j < one->relationship.peer_count; j++) {
      wipe(one->list[j].peer.basic_auth_user);
      wipe(one->list[j].peer.basic_auth_password);
    }
  }
}

void dhcpha_config_free(dhcpha_config *config) {
  if (config == NULL || --config->holders != 0) return;
  wipe_secrets(config);
  dhcpha_allocator allocator = config->allocator;
  if (config->names != NULL) dhcpha_byte_map_free(config->names);
  dhcpha_arena_free(&config->arena);
  dhcpha_release(&allocator, config);
}

const dhcpha_allocator *dhcpha_config_get_allocator(const dhcpha_config *config) {
  return &config->allocator;
}

bool dhcpha_config_find_peer(const dhcpha_config *config, const char *name, size_t len,
                             size_t *relationship) {
  const size_t *found = dhcpha_byte_map_find(config->names, name, len);
  if (found != NULL) *relationship = *found;
  return found != NULL;
}

dhcpha_family dhcpha_config_get_family(const dhcpha_config *config) {
  return config->family;
}

size_t dhcpha_config_get_relationship_count(const dhcpha_config *config) {
  return config->relationship_count;
}

const dhcpha_relationship *dhcpha_config_get_relationship(const dhcpha_config *config,
                                                          size_t index) {
  if (index >= config->relationship_count) return NULL;
  return &config->relationships[index].relationship;
}
