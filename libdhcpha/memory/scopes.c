/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/scopes.h"

#include "base/allocator.h"
#include "dhcp/query.h"
#include "dhcp/rfc3074.h"

#include <string.h>

static char *class_name(const dhcpha_allocator *allocator, const char *peer) {
  size_t len = strlen(peer);
  char *name = dhcpha_allocate(allocator, len + 4, 1);
  if (name == NULL) return NULL;
  memcpy(name, "HA_", 3);
  memcpy(name + 3, peer, len + 1);
  return name;
}

dhcpha_status dhcpha_scopes_init(dhcpha_scopes *scopes, const dhcpha_allocator *allocator,
                                 const dhcpha_relationship *relationship) {
  memset(scopes, 0, sizeof *scopes);
  scopes->relationship = relationship;
  scopes->classes = dhcpha_allocate(allocator, relationship->peer_count, sizeof(char *));
  scopes->served = dhcpha_allocate(allocator, relationship->peer_count, sizeof(bool));
  scopes->wanted = dhcpha_allocate(allocator, relationship->peer_count, sizeof(bool));
  if (scopes->classes == NULL || scopes->served == NULL || scopes->wanted == NULL)
    return DHCPHA_ERR_NOMEM;
  bool has_second = false;
  for (size_t i = 0; i < relationship->peer_count; i++) {
    const dhcpha_peer *peer = relationship->peers[i];
    scopes->classes[i] = class_name(allocator, peer->name);
    if (scopes->classes[i] == NULL) return DHCPHA_ERR_NOMEM;
    if (peer == relationship->self) scopes->self = i;
    if (peer->role == DHCPHA_ROLE_PRIMARY) scopes->first = i;
    if (peer->role == DHCPHA_ROLE_SECONDARY) {
      scopes->second = i;
      has_second = true;
    }
  }
  if (!has_second) scopes->second = scopes->first;
  return DHCPHA_OK;
}

void dhcpha_scopes_free(dhcpha_scopes *scopes, const dhcpha_allocator *allocator) {
  for (size_t i = 0; scopes->classes != NULL && i < scopes->relationship->peer_count; i++)
    dhcpha_release(allocator, scopes->classes[i]);
  dhcpha_release(allocator, scopes->classes);
  dhcpha_release(allocator, scopes->served);
  dhcpha_release(allocator, scopes->wanted);
  scopes->classes = NULL;
  scopes->served = NULL;
  scopes->wanted = NULL;
}

static bool serves_active(dhcpha_role role) {
  return role == DHCPHA_ROLE_PRIMARY || role == DHCPHA_ROLE_SECONDARY;
}

void dhcpha_scopes_choose(dhcpha_scopes *scopes, dhcpha_scope_choice choice, bool all) {
  if (choice == DHCPHA_SCOPES_AUTO_FAILOVER)
    choice = all ? DHCPHA_SCOPES_FAILOVER : DHCPHA_SCOPES_DEFAULT;
  for (size_t i = 0; i < scopes->relationship->peer_count; i++) {
    bool active = serves_active(scopes->relationship->peers[i]->role);
    scopes->served[i] = active && (choice == DHCPHA_SCOPES_FAILOVER ||
                                   (choice == DHCPHA_SCOPES_DEFAULT && i == scopes->self));
  }
}

static bool find_scope(const dhcpha_scopes *scopes, const dhcpha_json_value *name,
                       size_t *index) {
  for (size_t i = 0; i < scopes->relationship->peer_count; i++) {
    if (!dhcpha_json_text_equals(name, scopes->relationship->peers[i]->name)) continue;
    *index = i;
    return true;
  }
  return false;
}

const dhcpha_json_value *dhcpha_scopes_set(dhcpha_scopes *scopes,
                                           const dhcpha_json_value *names) {
  size_t size = scopes->relationship->peer_count * sizeof(bool);
  memset(scopes->wanted, 0, size);
  for (const dhcpha_json_value *name = names->first; name != NULL; name = name->next) {
    size_t index = 0;
    if (!find_scope(scopes, name, &index)) return name;
    scopes->wanted[index] = true;
  }
  memcpy(scopes->served, scopes->wanted, size);
  return NULL;
}

void dhcpha_scopes_write(const dhcpha_scopes *scopes, dhcpha_buffer *out) {
  bool first = true;
  dhcpha_buffer_append_char(out, '[');
  for (size_t i = 0; i < scopes->relationship->peer_count; i++) {
    if (!scopes->served[i]) continue;
    if (!first) dhcpha_buffer_append_char(out, ',');
    first = false;
    const char *name = scopes->relationship->peers[i]->name;
    dhcpha_json_write_string(out, name, strlen(name));
  }
  dhcpha_buffer_append_char(out, ']');
}

void dhcpha_scopes_judge(const dhcpha_scopes *scopes, const dhcpha_query *query,
                         dhcpha_family family, dhcpha_verdict *verdict) {
  size_t scope = scopes->first;
  if (!dhcpha_query_is_subject(query, family)) {
    verdict->client_class = scopes->classes[scope];
    verdict->serve = true;
    verdict->reason = DHCPHA_REASON_NOT_SUBJECT;
    return;
  }
  if (scopes->relationship->mode == DHCPHA_MODE_LOAD_BALANCING) {
    const uint8_t *key = NULL;
    size_t len = 0;
    if (!dhcpha_query_get_hash_key(query, family, &key, &len)) {
      verdict->client_class = "";
      verdict->serve = false;
      verdict->reason = DHCPHA_REASON_NO_IDENTITY;
      return;
    }
    if (dhcpha_rfc3074_hash(key, len) % 2 != 0) scope = scopes->second;
  }
  verdict->client_class = scopes->classes[scope];
  verdict->serve = scopes->served[scope];
  verdict->reason = verdict->serve ? DHCPHA_REASON_IN_SCOPE : DHCPHA_REASON_NOT_IN_SCOPE;
}
