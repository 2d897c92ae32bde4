/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * scopes: which scopes are served now; whose is this query?
 * Floor: memory.  Spec: P1 2.1, 2.3, 5.3; P2 1.4.
 * A scope is a peer's name; its client class is "HA_" and the name.
 */
#ifndef DHCPHA_MEMORY_SCOPES_H
#define DHCPHA_MEMORY_SCOPES_H

#include "base/json.h"
#include "rules/config_json.h"
#include "rules/state_table.h"

#include <dhcpha/query.h>

typedef struct dhcpha_scopes {
  const dhcpha_relationship *relationship;
  size_t self;    /* index of the peer that is this server */
  size_t first;   /* index of the peer with hash index 0: the primary */
  size_t second;  /* index of the peer with hash index 1 in load-balancing, else the primary's */
  char **classes; /* one for each peer */
  bool *served;   /* one for each peer */
  bool *wanted;   /* room for a choice that may turn out to be wrong */
} dhcpha_scopes;

dhcpha_status dhcpha_scopes_init(dhcpha_scopes *scopes, const dhcpha_allocator *allocator,
                                 const dhcpha_relationship *relationship);
void dhcpha_scopes_free(dhcpha_scopes *scopes, const dhcpha_allocator *allocator);
/* `all` decides what AUTO_FAILOVER comes to. */
void dhcpha_scopes_choose(dhcpha_scopes *scopes, dhcpha_scope_choice choice, bool all);
/* The ha-scopes command.  An unknown name is returned, and nothing changed; else NULL. */
const dhcpha_json_value *dhcpha_scopes_set(dhcpha_scopes *scopes,
                                           const dhcpha_json_value *names);
void dhcpha_scopes_write(const dhcpha_scopes *scopes, dhcpha_buffer *out); /* a JSON list */
/* Fills in serve, reason and client_class. */
void dhcpha_scopes_judge(const dhcpha_scopes *scopes, const dhcpha_query *query,
                         dhcpha_family family, dhcpha_verdict *verdict);

#endif
