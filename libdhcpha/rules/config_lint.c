/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/config_lint.h"

#include "rules/messages.h"
#include "rules/url.h"

#include "base/allocator.h"

#include <string.h>

#define WARNING DHCPHA_SEVERITY_WARNING
#define SHOWN "%.200s"

/* What is shared by all checks of one run. */
typedef struct linter {
  const dhcpha_config_relationship *of; /* the relationship that is looked at */
  const dhcpha_relationship *relationship;
  dhcpha_byte_map *listeners; /* address and port to the first peer that has them */
  dhcpha_messages *messages;
  bool out_of_memory;
} linter;

typedef struct listener {
  size_t relationship, peer;
} listener;

static dhcpha_place place_of(const linter *l, const char *key) {
  return dhcpha_place_make("[%zu].%s", l->of->index, key);
}

static dhcpha_place place_of_peer(const linter *l, const dhcpha_config_peer *peer,
                                  const char *key) {
  return dhcpha_place_make("[%zu].peers[%zu].%s", l->of->index, peer->index, key);
}

static void lint_heartbeats(const linter *l) {
  uint32_t delay = l->relationship->heartbeat_delay_ms;
  uint32_t silence = l->relationship->max_response_delay_ms;
  if (delay == 0)
    dhcpha_messages_add(l->messages, WARNING, place_of(l, "heartbeat-delay").text,
                        "'heartbeat-delay' 0 means no heartbeats: the partner's state and its "
                        "failure are never noticed; recommended is 10000");
  else if (delay > DHCPHA_LINT_IDLE_TIMEOUT_MS)
    dhcpha_messages_add(l->messages, WARNING, place_of(l, "heartbeat-delay").text,
                        "'heartbeat-delay' %u is above %d, the time after which a peer closes an "
                        "idle connection: each heartbeat connects anew; recommended is 10000",
                        (unsigned)delay, DHCPHA_LINT_IDLE_TIMEOUT_MS);
  if (delay != 0 && silence < (uint64_t)delay * DHCPHA_LINT_HEARTBEATS_MIN)
    dhcpha_messages_add(l->messages, WARNING, place_of(l, "max-response-delay").text,
                        "'max-response-delay' %u is less than %d times 'heartbeat-delay' %u: few "
                        "lost heartbeats interrupt the communication; recommended is %llu or more",
                        (unsigned)silence, DHCPHA_LINT_HEARTBEATS_MIN, (unsigned)delay,
                        (unsigned long long)delay * DHCPHA_LINT_HEARTBEATS_MIN);
}

static void lint_failure_detection(const linter *l) {
  if (l->relationship->max_unacked_clients == 0)
    dhcpha_messages_add(l->messages, WARNING, place_of(l, "max-unacked-clients").text,
                        "'max-unacked-clients' 0 means that silence alone counts as failure: when "
                        "only the link between the servers fails, both go to partner-down; "
                        "recommended is 10");
  else if (l->relationship->max_ack_delay_ms == 0)
    dhcpha_messages_add(l->messages, WARNING, place_of(l, "max-ack-delay").text,
                        "'max-ack-delay' 0 counts a client as not served as soon as it sends a "
                        "second query: a busy partner is taken for a failed one; recommended is "
                        "10000");
}

static void lint_active(const linter *l) {
  const dhcpha_relationship *relationship = l->relationship;
  if (relationship->mode == DHCPHA_MODE_PASSIVE_BACKUP) return;
  if (relationship->self->role == DHCPHA_ROLE_BACKUP) return;
  lint_heartbeats(l);
  lint_failure_detection(l);
  if (relationship->sync_leases && relationship->sync_timeout_ms < DHCPHA_LINT_SYNC_TIMEOUT_MIN_MS)
    dhcpha_messages_add(l->messages, WARNING, place_of(l, "sync-timeout").text,
                        "'sync-timeout' %u is less than a second: pages of leases may not arrive "
                        "in time, and the partner enables its DHCP service after 1 second; "
                        "recommended is 60000", (unsigned)relationship->sync_timeout_ms);
  if (relationship->mode == DHCPHA_MODE_LOAD_BALANCING)
    dhcpha_messages_add(l->messages, WARNING, place_of(l, "mode").text,
                        "load-balancing needs pools split by the client classes HA_%s and HA_%s: "
                        "otherwise both servers offer the same addresses; recommended is to check "
                        "the pools", relationship->self->name, relationship->partner->name);
}

static void lint_listener(const linter *l) {
  const dhcpha_relationship *relationship = l->relationship;
  const dhcpha_peer *self = relationship->self;
  bool checks_certificates = self->tls && relationship->require_client_certs;
  if (!relationship->multi_threading || !relationship->dedicated_listener) return;
  if (!relationship->restrict_commands && !checks_certificates && self->basic_auth_user[0] == '\0')
    dhcpha_messages_add(l->messages, WARNING, place_of(l, "restrict-commands").text,
                        "'restrict-commands' false lets anyone who reaches the listener send any "
                        "command; recommended is true, or credentials or client certificates");
  if (self->tls && !relationship->require_client_certs)
    dhcpha_messages_add(l->messages, WARNING, place_of(l, "require-client-certs").text,
                        "'require-client-certs' false lets clients without a certificate send "
                        "commands; recommended is true");
}

static void lint_port(const linter *l, const char *place, const char *text,
                      const dhcpha_url *url) {
  unsigned used = (uint16_t)url->port;
  if (url->port > UINT16_MAX)
    dhcpha_messages_add(l->messages, WARNING, place,
                        "port %u of url '" SHOWN "' is above 65535, port %u will be used: "
                        "recommended is a port from 1024 to 65535", (unsigned)url->port, text,
                        used);
  else if (used == 0)
    dhcpha_messages_add(l->messages, WARNING, place,
                        "url '" SHOWN "' has %s: port 0 will be used and no connection will "
                        "succeed; recommended is to add one, such as :8000", text,
                        url->has_port ? "port 0" : "no port");
}

static void lint_url(const linter *l, const dhcpha_config_peer *peer, size_t i) {
  dhcpha_url url;
  const char *text = peer->peer.urls[i];
  if (dhcpha_url_read(&url, text) != NULL) return;
  dhcpha_place place = place_of_peer(l, peer, "url");
  if (i > 0)
    place = dhcpha_place_make("%s[%zu]", place_of_peer(l, peer, "further-urls").text, i - 1);
  lint_port(l, place.text, text, &url);
  if (i == 0 && url.has_name)
    dhcpha_messages_add(l->messages, WARNING, place.text,
                        "the host of url '" SHOWN "' is a name: a Kea server refuses it; "
                        "recommended is an address where the file is Kea's, too", text);
  if (url.path[0] != '\0' && strcmp(url.path, "/") != 0)
    dhcpha_messages_add(l->messages, WARNING, place.text,
                        "path '" SHOWN "' of the url is ignored, requests go to '/': recommended "
                        "is to leave it out", url.path);
  if (!url.https && peer->peer.tls)
    dhcpha_messages_add(l->messages, WARNING, place.text,
                        "url '" SHOWN "' says http, but TLS is used because trust-anchor, "
                        "cert-file and key-file are set: recommended is https", text);
}

static void lint_credentials(const linter *l, const dhcpha_config_peer *peer) {
  bool has_user = peer->peer.basic_auth_user[0] != '\0';
  if (!has_user && peer->peer.basic_auth_password[0] != '\0')
    dhcpha_messages_add(l->messages, WARNING,
                        place_of_peer(l, peer, "basic-auth-password").text,
                        "password of peer %s is ignored because it has no user: recommended is to "
                        "set basic-auth-user", peer->peer.name);
  if (has_user && !peer->peer.tls)
    dhcpha_messages_add(l->messages, WARNING, place_of_peer(l, peer, "basic-auth-user").text,
                        "credentials of peer %s are sent readable to everyone on the way, because "
                        "TLS is not used: recommended is to set trust-anchor, cert-file and "
                        "key-file", peer->peer.name);
}

/* Two servers cannot be at one place, and one server cannot listen there twice (P1 1.12). */
static void lint_address(linter *l, const dhcpha_config_peer *peer) {
  const dhcpha_peer *facts = &peer->peer;
  uint8_t key[sizeof facts->address.bytes + 3];
  void *value;
  bool added;
  if (facts->port == 0 || facts->address.family == 0) return;
  memcpy(key, facts->address.bytes, sizeof facts->address.bytes);
  key[sizeof key - 3] = facts->address.family;
  key[sizeof key - 2] = (uint8_t)(facts->port >> 8);
  key[sizeof key - 1] = (uint8_t)(facts->port & 0xff);
  if (dhcpha_byte_map_insert(l->listeners, key, sizeof key, &value, &added) != DHCPHA_OK) {
    l->out_of_memory = true;
    return;
  }
  listener *first = value;
  if (added) *first = (listener){ l->of->index, peer->index };
  else
    dhcpha_messages_add(l->messages, WARNING, place_of_peer(l, peer, "url").text,
                        "peer %s has the same address and port as [%zu].peers[%zu]: recommended "
                        "is a port of its own", facts->name, first->relationship, first->peer);
}

static void lint_relationship(linter *l) {
  lint_active(l);
  lint_listener(l);
  for (size_t i = 0; i < l->relationship->peer_count; i++) {
    const dhcpha_config_peer *peer = &l->of->list[i];
    for (size_t j = 0; j < peer->peer.url_count; j++) lint_url(l, peer, j);
    lint_address(l, peer);
    lint_credentials(l, peer);
  }
}

dhcpha_status dhcpha_config_lint(const dhcpha_config *config, dhcpha_messages **messages) {
  if (messages != NULL) *messages = NULL;
  if (config == NULL || messages == NULL) return DHCPHA_ERR_ARGUMENT;
  linter l = { .messages = dhcpha_messages_new(&config->allocator) };
  l.listeners = dhcpha_byte_map_new(&config->allocator, sizeof(listener),
                                    DHCPHA_RELATIONSHIPS_MAX * DHCPHA_PEERS_MAX);
  bool ready = l.messages != NULL && l.listeners != NULL;
  for (size_t i = 0; ready && i < config->relationship_count; i++) {
    l.of = &config->relationships[i];
    l.relationship = &l.of->relationship;
    lint_relationship(&l);
  }
  dhcpha_status status = DHCPHA_ERR_NOMEM;
  if (ready && !l.out_of_memory) status = dhcpha_messages_get_status(l.messages);
  if (l.listeners != NULL) dhcpha_byte_map_free(l.listeners);
  if (status == DHCPHA_OK) *messages = l.messages;
  else dhcpha_messages_free(l.messages);
  return status;
}
