/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/config_check.h"

#include "rules/names.h"
#include "rules/url.h"

#include <string.h>

#define ERROR DHCPHA_SEVERITY_ERROR
#define WARNING DHCPHA_SEVERITY_WARNING
#define ROLE_COUNT 4
/* What is shown of a long text. */
#define SHOWN "%.200s"

typedef dhcpha_config_relationship relationship_draft;
typedef dhcpha_config_peer peer_draft;

static dhcpha_place place_in(const relationship_draft *draft, const char *key) {
  return dhcpha_place_make("[%zu].%s", draft->index, key);
}

static dhcpha_place place_in_peer(const relationship_draft *draft, const peer_draft *peer,
                                  const char *key) {
  return dhcpha_place_make("[%zu].peers[%zu].%s", draft->index, peer->index, key);
}

static const char *name_of(const peer_draft *peer) {
  return peer->peer.name == NULL ? "without a usable name" : peer->peer.name;
}

/* In ascending byte order of their names; those without one at the end, as written. */
static void sort_peers(relationship_draft *draft) {
  const dhcpha_peer **sorted = draft->sorted;
  for (size_t i = 0; i < draft->relationship.peer_count; i++) {
    const dhcpha_peer *peer = &draft->list[i].peer;
    size_t at = i;
    for (; at > 0 && peer->name != NULL; at--) {
      const char *before = sorted[at - 1]->name;
      if (before != NULL && strcmp(before, peer->name) <= 0) break;
      sorted[at] = sorted[at - 1];
    }
    sorted[at] = peer;
  }
}

static bool all_names_known(const relationship_draft *draft) {
  for (size_t i = 0; i < draft->relationship.peer_count; i++)
    if (draft->list[i].peer.name == NULL || draft->list[i].name_repeated) return false;
  return true;
}

/* 11a.  Also finds the partner: the first other one that is not a backup (P2 0.1). */
static void find_self(relationship_draft *draft, dhcpha_messages *messages) {
  dhcpha_relationship *relationship = &draft->relationship;
  if (draft->self_name == NULL) return;
  for (size_t i = 0; i < relationship->peer_count; i++) {
    const dhcpha_peer *peer = draft->sorted[i];
    if (peer->name == NULL) continue;
    if (strcmp(peer->name, draft->self_name) == 0) {
      if (relationship->self == NULL) relationship->self = peer;
    } else if (relationship->partner == NULL && peer->role != DHCPHA_ROLE_BACKUP) {
      relationship->partner = peer;
    }
  }
  if (relationship->self != NULL || !all_names_known(draft)) return;
  dhcpha_messages_add(messages, ERROR, place_in(draft, "this-server-name").text,
                      "no peer configuration specified for the '" SHOWN
                      "': 'this-server-name' must be the name of one of the %zu peers",
                      draft->self_name, relationship->peer_count);
}

static dhcpha_place place_of_url(const relationship_draft *draft, const peer_draft *peer,
                                 size_t i) {
  if (i == 0) return place_in_peer(draft, peer, "url");
  return dhcpha_place_make("[%zu].peers[%zu].further-urls[%zu]", draft->index, peer->index, i - 1);
}

/* 11b, P1 1.6; but a name will do (Kea refuses it; lint tells). */
static bool check_url(const relationship_draft *draft, const peer_draft *peer, size_t i,
                      dhcpha_url *url, dhcpha_messages *messages) {
  const char *text = peer->peer.urls[i];
  dhcpha_place place = place_of_url(draft, peer, i);
  const char *wrong = dhcpha_url_read(url, text);
  bool has_host = url->address.family != 0 || url->has_name;
  if (wrong != NULL)
    dhcpha_messages_add(messages, ERROR, place.text,
                        "invalid URL: %s in '" SHOWN
                        "', it must be like http://192.0.2.1:8000/ or http://[2001:db8::1]:8000/"
                        ": for server %s", wrong, text, name_of(peer));
  else if (!has_host)
    dhcpha_messages_add(messages, ERROR, place.text,
                        "bad url '" SHOWN "': the host must be an IPv4 or IPv6 address, or a "
                        "name: for server %s", text, name_of(peer));
  return wrong == NULL && has_host;
}

static void check_scheme(const relationship_draft *draft, const peer_draft *peer, size_t i,
                         const dhcpha_url *url, dhcpha_messages *messages) {
  if (!url->https) return;
  dhcpha_messages_add(messages, ERROR, place_of_url(draft, peer, i).text,
                      "bad url '" SHOWN "': https scheme is not supported for server %s where "
                      "TLS is disabled: set trust-anchor, cert-file and key-file, or use http",
                      peer->peer.urls[i], name_of(peer));
}

/* Truncated as in Kea, P1 1.6; lint tells. */
static void take_url(dhcpha_peer *peer, const dhcpha_url *url) {
  peer->address = url->address;
  peer->port = (uint16_t)url->port;
}

static const char *effective_tls(const relationship_draft *draft, const peer_draft *peer,
                                 size_t i) {
  const char *value = peer->own_tls[i] != NULL ? peer->own_tls[i] : draft->tls[i];
  return value != NULL ? value : "";
}

/* 11b, P1 1.7: all or none.  What several peers inherit is told for the first of them only. */
static void check_tls(const relationship_draft *draft, peer_draft *peer, bool *told,
                      dhcpha_messages *messages) {
  const char *values[DHCPHA_TLS_COUNT];
  size_t missing = DHCPHA_TLS_COUNT, set_count = 0;
  bool inherited = true;
  for (size_t i = DHCPHA_TLS_COUNT; i-- > 0;) {
    values[i] = effective_tls(draft, peer, i);
    if (values[i][0] != '\0') set_count++;
    else missing = i;
    if (peer->own_tls[i] != NULL) inherited = false;
  }
  peer->peer.trust_anchor = values[0];
  peer->peer.cert_file = values[1];
  peer->peer.key_file = values[2];
  peer->peer.tls = set_count == DHCPHA_TLS_COUNT;
  if (set_count == 0 || set_count == DHCPHA_TLS_COUNT || (inherited && *told)) return;
  *told = *told || inherited;
  const char *key = dhcpha_tls_keys[missing];
  dhcpha_place place = inherited ? place_in(draft, key) : place_in_peer(draft, peer, key);
  dhcpha_messages_add(messages, ERROR, place.text,
                      "bad TLS config for server %s: %s parameter is missing or empty: all or "
                      "none of TLS parameters must be set, found %zu of trust-anchor, "
                      "cert-file and key-file", name_of(peer), key, set_count);
}

static bool tls_is_off(const relationship_draft *draft, const peer_draft *peer) {
  for (size_t i = 0; i < DHCPHA_TLS_COUNT; i++)
    if (effective_tls(draft, peer, i)[0] != '\0') return false;
  return true;
}

static void check_peers(relationship_draft *draft, dhcpha_messages *messages) {
  bool told = false;
  for (size_t i = 0; i < draft->relationship.peer_count; i++) {
    peer_draft *peer = &draft->list[((const peer_draft *)draft->sorted[i])->index];
    dhcpha_url urls[DHCPHA_URLS_MAX];
    bool good[DHCPHA_URLS_MAX] = { false };
    for (size_t j = 0; j < peer->peer.url_count; j++)
      good[j] = peer->peer.urls[j] != NULL && check_url(draft, peer, j, &urls[j], messages);
    if (good[0]) take_url(&peer->peer, &urls[0]);
    if (!peer->is_map || !peer->tls_known || !draft->tls_known) continue;
    check_tls(draft, peer, &told, messages);
    if (!tls_is_off(draft, peer)) continue;
    for (size_t j = 0; j < peer->peer.url_count; j++)
      if (good[j]) check_scheme(draft, peer, j, &urls[j], messages);
  }
}

/* P1 1.10, second table. */
static const struct {
  dhcpha_role forbidden[2], required[2];
  size_t forbidden_count, required_count;
} role_rules[] = {
  [DHCPHA_MODE_LOAD_BALANCING] = { { DHCPHA_ROLE_STANDBY },
                                   { DHCPHA_ROLE_SECONDARY, DHCPHA_ROLE_PRIMARY }, 1, 2 },
  [DHCPHA_MODE_HOT_STANDBY] = { { DHCPHA_ROLE_SECONDARY },
                                { DHCPHA_ROLE_STANDBY, DHCPHA_ROLE_PRIMARY }, 1, 2 },
  [DHCPHA_MODE_PASSIVE_BACKUP] = { { DHCPHA_ROLE_SECONDARY, DHCPHA_ROLE_STANDBY },
                                   { DHCPHA_ROLE_PRIMARY }, 2, 1 },
};

typedef struct role_count {
  size_t of[ROLE_COUNT];
  const peer_draft *last[ROLE_COUNT]; /* by list order */
  bool complete; /* every peer's role is known */
} role_count;

/* A peer whose name is another's is most likely a copy: its role is no second mistake. */
static role_count count_roles(const relationship_draft *draft) {
  role_count count;
  memset(&count, 0, sizeof count);
  count.complete = true;
  for (size_t i = 0; i < draft->relationship.peer_count; i++) {
    const peer_draft *peer = &draft->list[i];
    if (!peer->has_role || peer->name_repeated) count.complete = false;
    if (!peer->has_role || peer->name_repeated) continue;
    count.of[peer->peer.role]++;
    count.last[peer->peer.role] = peer;
  }
  return count;
}

/* 11c. */
static bool check_multiple(const relationship_draft *draft, const role_count *count,
                           dhcpha_messages *messages) {
  bool found = false;
  for (int role = 0; role < DHCPHA_ROLE_BACKUP; role++) {
    if (count->of[role] < 2) continue;
    found = true;
    dhcpha_messages_add(messages, ERROR, place_in_peer(draft, count->last[role], "role").text,
                        "multiple %s servers specified: found %zu, at most one is allowed",
                        dhcpha_role_get_name((dhcpha_role)role), count->of[role]);
  }
  return found;
}

static bool check_forbidden(const relationship_draft *draft, const role_count *count,
                            dhcpha_messages *messages) {
  bool found = false;
  dhcpha_mode mode = draft->relationship.mode;
  for (size_t i = 0; i < role_rules[mode].forbidden_count; i++) {
    dhcpha_role role = role_rules[mode].forbidden[i];
    if (count->of[role] == 0) continue;
    found = true;
    dhcpha_messages_add(messages, ERROR, place_in_peer(draft, count->last[role], "role").text,
                        "%s servers not allowed in the %s configuration: allowed roles are "
                        "primary, %sbackup", dhcpha_role_get_name(role),
                        dhcpha_mode_get_title(mode),
                        mode == DHCPHA_MODE_LOAD_BALANCING ? "secondary, "
                        : mode == DHCPHA_MODE_HOT_STANDBY  ? "standby, " : "");
  }
  return found;
}

static void check_required(const relationship_draft *draft, const role_count *count,
                           dhcpha_messages *messages) {
  dhcpha_mode mode = draft->relationship.mode;
  for (size_t i = 0; i < role_rules[mode].required_count; i++) {
    dhcpha_role role = role_rules[mode].required[i];
    if (count->of[role] != 0) continue;
    dhcpha_messages_add(messages, ERROR, place_in(draft, "peers").text,
                        "%s server required in the %s configuration: found none",
                        dhcpha_role_get_name(role), dhcpha_mode_get_title(mode));
  }
}

/* 11d.  A role too many most likely stands where another belongs: that one is not missed. */
static void check_roles(const relationship_draft *draft, dhcpha_messages *messages) {
  role_count count = count_roles(draft);
  bool wrong = check_multiple(draft, &count, messages);
  if (!draft->mode_known) return;
  if (check_forbidden(draft, &count, messages)) wrong = true;
  if (!wrong && count.complete && draft->relationship.peer_count != 0)
    check_required(draft, &count, messages);
}

static void check_mode(const relationship_draft *draft, dhcpha_messages *messages) {
  const dhcpha_relationship *relationship = &draft->relationship;
  const char *title = dhcpha_mode_get_title(relationship->mode);
  if (!draft->mode_known) return;
  if (relationship->mode != DHCPHA_MODE_PASSIVE_BACKUP && relationship->wait_backup_ack)
    dhcpha_messages_add(messages, ERROR, place_in(draft, "wait-backup-ack").text,
                        "'wait-backup-ack' must be set to false in the %s configuration: "
                        "true is allowed in passive backup only", title);
  if (relationship->mode != DHCPHA_MODE_LOAD_BALANCING &&
      relationship->delayed_updates_limit != 0)
    dhcpha_messages_add(messages, ERROR, place_in(draft, "delayed-updates-limit").text,
                        "'delayed-updates-limit' must be set to 0 in the %s configuration: "
                        "found %u, more is allowed in load balancing only", title,
                        (unsigned)relationship->delayed_updates_limit);
}

void dhcpha_config_check_relationship(dhcpha_config_relationship *relationship,
                                      dhcpha_messages *messages) {
  if (relationship->peers_known) {
    sort_peers(relationship);
    find_self(relationship, messages);
    check_peers(relationship, messages);
    check_roles(relationship, messages);
  }
  check_mode(relationship, messages);
}

dhcpha_status dhcpha_config_check_names(dhcpha_config *config,
                                        const dhcpha_config_relationship *relationship,
                                        dhcpha_messages *messages) {
  if (!relationship->peers_known) return DHCPHA_OK;
  for (size_t i = 0; i < relationship->relationship.peer_count; i++) {
    const dhcpha_config_peer *peer = (const dhcpha_config_peer *)relationship->sorted[i];
    const char *name = peer->peer.name;
    if (name == NULL || peer->name_repeated) continue;
    void *value;
    bool added;
    dhcpha_status status =
        dhcpha_byte_map_insert(config->names, name, strlen(name), &value, &added);
    if (status != DHCPHA_OK) return status;
    size_t *index = value;
    if (added) *index = relationship->index;
    else
      dhcpha_messages_add(messages, ERROR, place_in_peer(relationship, peer, "name").text,
                          "server names must be unique for different relationships: a "
                          "relationship '%s' already exists: it is number %zu of the list",
                          name, *index + 1);
  }
  return DHCPHA_OK;
}

void dhcpha_config_check_modes(const dhcpha_config *config, dhcpha_messages *messages) {
  for (size_t i = 0; i < config->relationship_count && config->relationship_count > 1; i++) {
    const dhcpha_config_relationship *relationship = &config->relationships[i];
    if (!relationship->mode_known) continue;
    if (relationship->relationship.mode == DHCPHA_MODE_HOT_STANDBY) continue;
    dhcpha_messages_add(messages, ERROR, place_in(relationship, "mode").text,
                        "multiple HA relationships are only supported for 'hot-standby' mode: "
                        "found '%s', one of %zu relationships",
                        dhcpha_mode_get_name(relationship->relationship.mode),
                        config->relationship_count);
  }
}

void dhcpha_config_give_notices(const dhcpha_config *config, dhcpha_messages *messages) {
  for (size_t i = 0; i < config->relationship_count; i++) {
    const relationship_draft *draft = &config->relationships[i];
    const dhcpha_relationship *relationship = &draft->relationship;
    if (!relationship->send_lease_updates)
      dhcpha_messages_add(messages, WARNING, place_in(draft, "send-lease-updates").text,
                          "lease updates are not sent: the peers must get the leases of server "
                          "%s in another way", relationship->self->name);
    if (!relationship->sync_leases)
      dhcpha_messages_add(messages, WARNING, place_in(draft, "sync-leases").text,
                          "leases are not synchronized after start: server %s must get them in "
                          "another way", relationship->self->name);
    if (relationship->send_lease_updates != relationship->sync_leases)
      dhcpha_messages_add(messages, WARNING, dhcpha_place_make("[%zu]", draft->index).text,
                          "'send-lease-updates' is %s and 'sync-leases' is %s: they should be "
                          "equal", relationship->send_lease_updates ? "true" : "false",
                          relationship->sync_leases ? "true" : "false");
    if (!relationship->self->auto_failover)
      dhcpha_messages_add(messages, WARNING,
                          place_in_peer(draft, (const peer_draft *)relationship->self,
                                        "auto-failover").text,
                          "auto failover is disabled: in partner-down server %s does not serve "
                          "its partner's clients until it is told to with ha-scopes",
                          relationship->self->name);
  }
}
