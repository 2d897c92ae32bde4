/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * config: what a configuration is made of, and who holds it.
 * Floor: rules.  Spec: P1 1.2, 1.3, 1.5 (defaults), 1.12 (peer name to relationship).
 * The public structs dhcpha_relationship and dhcpha_peer are the memory; what is
 * here owns them, all in one arena, and adds what only the checks need to know.
 * A configuration is written by config_json and config_check and by none after.
 */
#ifndef DHCPHA_RULES_CONFIG_H
#define DHCPHA_RULES_CONFIG_H

#include <dhcpha/config.h>

#include "base/byte_map.h"
#include "base/arena.h"

#define DHCPHA_RELATIONSHIPS_MAX 4096
#define DHCPHA_PEERS_MAX 1024 /* of one relationship */
#define DHCPHA_CONFIG_MEMORY_MAX ((size_t)64 * 1024 * 1024)

/* The TLS parameters, in the order of their checks (P1 1.7). */
#define DHCPHA_TLS_COUNT 3
extern const char *const dhcpha_tls_keys[DHCPHA_TLS_COUNT];

#define DHCPHA_URLS_MAX 8 /* of a peer */

typedef struct dhcpha_config_peer {
  dhcpha_peer peer;   /* first, so that one is reached from the other; name NULL: unusable */
  size_t index;       /* in the list as written */
  bool is_map;        /* otherwise nothing is known of it */
  bool has_role;
  bool name_repeated;
  bool tls_known;     /* none of its own TLS parameters is of a wrong type */
  const char *own_tls[DHCPHA_TLS_COUNT]; /* NULL: inherited */
} dhcpha_config_peer;

typedef struct dhcpha_config_relationship {
  dhcpha_relationship relationship; /* first, as above */
  size_t index;                     /* in the list */
  bool mode_known;
  bool peers_known;     /* there is a list of peers, and not too many */
  bool tls_known;
  const char *self_name; /* `this-server-name`, trimmed; NULL: unusable */
  dhcpha_config_peer *list; /* as written, peer_count of them */
  const dhcpha_peer **sorted; /* what relationship.peers points to */
  const char *tls[DHCPHA_TLS_COUNT]; /* NULL: absent */
} dhcpha_config_relationship;

struct dhcpha_config {
  size_t holders;
  dhcpha_family family;
  dhcpha_allocator allocator;
  dhcpha_arena arena;
  dhcpha_config_relationship *relationships;
  size_t relationship_count;
  dhcpha_byte_map *names; /* peer name to the index of its relationship, a size_t */
};

/* Empty, with one holder; NULL: no memory. */
dhcpha_config *dhcpha_config_new(dhcpha_family family, const dhcpha_allocator *allocator);
/* Room for relationships and for a relationship's peers, zeroed; false: no memory. */
bool dhcpha_config_make_relationships(dhcpha_config *config, size_t count);
bool dhcpha_config_make_peers(dhcpha_config *config, dhcpha_config_relationship *relationship,
                              size_t count);
/* A copy that lives as long as the configuration. */
const char *dhcpha_config_copy_text(dhcpha_config *config, const char *text, size_t len);
/* Room for so many, all NULL; NULL: no memory. */
const char **dhcpha_config_make_texts(dhcpha_config *config, size_t count);
/* All defaults but those that depend on the mode (P1 1.2, 1.3, 1.5). */
void dhcpha_relationship_set_defaults(dhcpha_relationship *relationship);
void dhcpha_peer_set_defaults(dhcpha_peer *peer);

/* A configuration counts its holders: dhcpha_config_free() gives up one. */
dhcpha_config *dhcpha_config_hold(const dhcpha_config *config);
const dhcpha_allocator *dhcpha_config_get_allocator(const dhcpha_config *config);
/* The relationship that a peer name belongs to; false when it is none's.  No scan over all. */
bool dhcpha_config_find_peer(const dhcpha_config *config, const char *name, size_t len,
                             size_t *relationship);

#endif
