/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/config_json.h"

#include "base/allocator.h"
#include "base/json.h"
#include "rules/config_check.h"
#include "rules/config_values.h"
#include "rules/names.h"
#include "rules/password_file.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define ERROR DHCPHA_SEVERITY_ERROR
#define SHOWN "%.200s" /* what is shown of a long text */
#define WHITE_SPACE " \t\n\r\f\v"

typedef struct reader {
  dhcpha_config *config;
  dhcpha_messages *messages;
  bool out_of_memory;
} reader;

#define INTEGER(key, member) \
  { key, DHCPHA_JSON_INTEGER, offsetof(dhcpha_relationship, member), NULL }
#define BOOLEAN(key, member) \
  { key, DHCPHA_JSON_BOOLEAN, offsetof(dhcpha_relationship, member), NULL }

/* P1 1.10 step 6, in its order. */
static const dhcpha_parameter parameters[] = {
  BOOLEAN("send-lease-updates", send_lease_updates),
  BOOLEAN("sync-leases", sync_leases),
  INTEGER("sync-timeout", sync_timeout_ms),
  { "sync-page-limit", DHCPHA_JSON_INTEGER, offsetof(dhcpha_relationship, sync_page_limit),
    "every page request would be refused" },
  INTEGER("delayed-updates-limit", delayed_updates_limit),
  INTEGER("heartbeat-delay", heartbeat_delay_ms),
  INTEGER("max-response-delay", max_response_delay_ms),
  INTEGER("max-ack-delay", max_ack_delay_ms),
  INTEGER("max-unacked-clients", max_unacked_clients),
  INTEGER("max-rejected-lease-updates", max_rejected_lease_updates),
  BOOLEAN("wait-backup-ack", wait_backup_ack),
};
/* Step 7. */
static const dhcpha_parameter thread_parameters[] = {
  BOOLEAN("enable-multi-threading", multi_threading),
  BOOLEAN("http-dedicated-listener", dedicated_listener),
  INTEGER("http-listener-threads", listener_threads),
  INTEGER("http-client-threads", client_threads),
};
/* Step 8, behind the TLS strings. */
static const dhcpha_parameter listener_parameters[] = {
  BOOLEAN("require-client-certs", require_client_certs),
  BOOLEAN("restrict-commands", restrict_commands),
};
/* Step 9, behind the role. */
static const dhcpha_parameter peer_parameters[] = {
  { "auto-failover", DHCPHA_JSON_BOOLEAN, offsetof(dhcpha_peer, auto_failover), NULL },
};

static const char *const relationship_keys[] = {
  "mode", "peers", "state-machine", "this-server-name", "send-lease-updates", "sync-leases",
  "sync-timeout", "sync-page-limit", "delayed-updates-limit", "heartbeat-delay",
  "max-response-delay", "max-ack-delay", "max-unacked-clients", "max-rejected-lease-updates",
  "wait-backup-ack", "multi-threading", "trust-anchor", "cert-file", "key-file",
  "require-client-certs", "restrict-commands",
};
static const char *const thread_keys[] = {
  "enable-multi-threading", "http-dedicated-listener", "http-listener-threads",
  "http-client-threads",
};
static const char *const peer_keys[] = {
  "name", "url", "role", "auto-failover", "trust-anchor", "cert-file", "key-file",
  "basic-auth-user", "basic-auth-user-file", "basic-auth-password", "basic-auth-password-file",
};
static const char *const state_machine_keys[] = { "states" };
static const char *const state_keys[] = { "state", "pause" };
static const char *const pause_names[] = {
  [DHCPHA_PAUSE_NEVER] = "never",
  [DHCPHA_PAUSE_ONCE] = "once",
  [DHCPHA_PAUSE_ALWAYS] = "always",
};

static const char *keep(reader *r, const char *text, size_t len) {
  const char *copy = dhcpha_config_copy_text(r->config, text, len);
  if (copy == NULL) r->out_of_memory = true;
  return copy;
}

/* Trimmed before it is compared with others: P1 1.5 "Name quirk". */
static const char *keep_trimmed(reader *r, const dhcpha_json_value *value) {
  const char *text = value->text + strspn(value->text, WHITE_SPACE);
  size_t len = strlen(text);
  while (len > 0 && strchr(WHITE_SPACE, text[len - 1]) != NULL) len--;
  return keep(r, text, len);
}

/* Step 2.  The defaults depend on it. */
static void read_mode(dhcpha_config_relationship *draft, const dhcpha_values *values) {
  const dhcpha_json_value *value;
  dhcpha_relationship *relationship = &draft->relationship;
  if (dhcpha_values_need(values, "mode", DHCPHA_JSON_STRING, &value) != DHCPHA_FOUND) return;
  draft->mode_known = dhcpha_mode_read(value->text, value->text_len, &relationship->mode);
  if (!draft->mode_known)
    dhcpha_messages_add(values->messages, ERROR, dhcpha_values_place(values, "mode").text,
                        "unsupported value '" SHOWN "' for mode parameter: it must be "
                        "load-balancing, hot-standby or passive-backup", value->text);
  else if (relationship->mode == DHCPHA_MODE_LOAD_BALANCING)
    relationship->delayed_updates_limit = 100;
}

/* Step 3. */
static const dhcpha_json_value *read_peer_list(reader *r, dhcpha_config_relationship *draft,
                                               const dhcpha_values *values) {
  const dhcpha_json_value *peers;
  if (dhcpha_values_need(values, "peers", DHCPHA_JSON_LIST, &peers) != DHCPHA_FOUND) return NULL;
  if (peers->count > DHCPHA_PEERS_MAX) {
    dhcpha_messages_add(values->messages, ERROR, dhcpha_values_place(values, "peers").text,
                        "too many peers: found %zu, at most %d are allowed", peers->count,
                        DHCPHA_PEERS_MAX);
    return NULL;
  }
  draft->peers_known = dhcpha_config_make_peers(r->config, draft, peers->count);
  if (!draft->peers_known) r->out_of_memory = true;
  return draft->peers_known ? peers : NULL;
}

/* Step 4: the list of states, if there is a good one. */
static const dhcpha_json_value *read_state_list(const dhcpha_values *values) {
  const dhcpha_json_value *machine = dhcpha_json_get(values->map, "state-machine");
  dhcpha_place place = dhcpha_values_place(values, "state-machine");
  if (machine == NULL) return NULL;
  if (machine->type != DHCPHA_JSON_MAP) {
    dhcpha_messages_add(values->messages, ERROR, place.text,
                        "'state-machine' parameter must be a map: %s",
                        dhcpha_values_found(machine));
    return NULL;
  }
  dhcpha_values in = { machine, place, values->messages };
  dhcpha_values_warn_unknown(&in, state_machine_keys, COUNT(state_machine_keys));
  const dhcpha_json_value *states = dhcpha_json_get(machine, "states");
  if (states == NULL || states->type == DHCPHA_JSON_LIST) return states;
  dhcpha_messages_add(values->messages, ERROR, dhcpha_values_place(&in, "states").text,
                      "'states' parameter must be a list: %s", dhcpha_values_found(states));
  return NULL;
}

/* Step 5. */
static void read_self_name(reader *r, dhcpha_config_relationship *draft,
                           const dhcpha_values *values) {
  const dhcpha_json_value *value;
  const char *key = "this-server-name";
  if (dhcpha_values_need(values, key, DHCPHA_JSON_STRING, &value) != DHCPHA_FOUND) return;
  const char *name = keep_trimmed(r, value);
  if (name == NULL) return;
  if (name[0] != '\0') draft->self_name = name;
  else
    dhcpha_messages_add(r->messages, ERROR, dhcpha_values_place(values, key).text,
                        "'this-server-name' value must not be empty: it must be the name of a "
                        "peer");
}

/* Step 7. */
static void read_threads(dhcpha_relationship *relationship, const dhcpha_values *values) {
  const dhcpha_json_value *threads = dhcpha_json_get(values->map, "multi-threading");
  dhcpha_values in = { threads, dhcpha_values_place(values, "multi-threading"),
                       values->messages };
  if (threads == NULL) return;
  if (threads->type != DHCPHA_JSON_MAP) {
    dhcpha_messages_add(values->messages, ERROR, in.place.text,
                        "multi-threading configuration must be a map: %s",
                        dhcpha_values_found(threads));
    return;
  }
  dhcpha_values_read(&in, thread_parameters, COUNT(thread_parameters), relationship);
  dhcpha_values_warn_unknown(&in, thread_keys, COUNT(thread_keys));
}

/* Of a relationship and of a peer.  False when one is of a wrong type. */
static bool read_tls(reader *r, const dhcpha_values *values, const char **tls) {
  bool known = true;
  for (size_t i = 0; i < DHCPHA_TLS_COUNT; i++) {
    const dhcpha_json_value *value;
    switch (dhcpha_values_get(values, dhcpha_tls_keys[i], DHCPHA_JSON_STRING, &value)) {
    case DHCPHA_FOUND: tls[i] = keep(r, value->text, value->text_len); break;
    case DHCPHA_FOUND_BAD: known = false; break;
    case DHCPHA_FOUND_NONE: break;
    }
  }
  return known;
}

static bool name_is_taken(const dhcpha_config_relationship *draft, const char *name,
                          size_t before) {
  for (size_t i = 0; i < before; i++)
    if (draft->list[i].peer.name != NULL && strcmp(draft->list[i].peer.name, name) == 0)
      return true;
  return false;
}

static void read_name(reader *r, dhcpha_config_relationship *draft, dhcpha_config_peer *peer,
                      const dhcpha_values *values) {
  const dhcpha_json_value *value;
  if (dhcpha_values_need(values, "name", DHCPHA_JSON_STRING, &value) != DHCPHA_FOUND) return;
  const char *name = keep_trimmed(r, value);
  dhcpha_place place = dhcpha_values_place(values, "name");
  if (name == NULL) return;
  size_t len = strlen(name);
  if (len == 0)
    dhcpha_messages_add(r->messages, ERROR, place.text,
                        "peer name must not be empty: white space alone does not count");
  else if (len > DHCPHA_NAME_MAX)
    dhcpha_messages_add(r->messages, ERROR, place.text,
                        "peer name must not be longer than %d bytes: found %zu",
                        DHCPHA_NAME_MAX, len);
  else
    peer->peer.name = name;
  if (peer->peer.name == NULL || !name_is_taken(draft, name, peer->index)) return;
  peer->name_repeated = true;
  dhcpha_messages_add(r->messages, ERROR, place.text,
                      "peer with name '%s' already specified: each peer must have a name of its "
                      "own", name);
}

static void read_role(dhcpha_config_peer *peer, const dhcpha_values *values) {
  const dhcpha_json_value *value;
  if (dhcpha_values_need(values, "role", DHCPHA_JSON_STRING, &value) != DHCPHA_FOUND) return;
  peer->has_role = dhcpha_role_read(value->text, value->text_len, &peer->peer.role);
  if (!peer->has_role)
    dhcpha_messages_add(values->messages, ERROR, dhcpha_values_place(values, "role").text,
                        "unsupported value '" SHOWN "' for role parameter: it must be primary, "
                        "secondary, standby or backup", value->text);
}

/* P1 1.8: a secret stands here or in a file, not both.  NULL: none, or a message says why. */
static const char *read_secret(reader *r, const dhcpha_config_peer *peer,
                               const dhcpha_values *values, const char *what, const char *key,
                               const char *file_key) {
  const dhcpha_json_value *value, *file;
  const char *name = peer->peer.name == NULL ? "" : peer->peer.name;
  char line[DHCPHA_PASSWORD_FILE_MAX + 1];
  if (dhcpha_json_get(values->map, key) != NULL && dhcpha_json_get(values->map, file_key) != NULL) {
    dhcpha_messages_add(r->messages, ERROR, dhcpha_values_place(values, file_key).text,
                        "only one of %s and %s parameter can be configured in peer '%s'", key,
                        file_key, name);
    return NULL;
  }
  if (dhcpha_values_get(values, key, DHCPHA_JSON_STRING, &value) == DHCPHA_FOUND)
    return keep(r, value->text, value->text_len);
  if (dhcpha_values_get(values, file_key, DHCPHA_JSON_STRING, &file) != DHCPHA_FOUND) return NULL;
  const char *wrong = dhcpha_password_file_read(file->text, line);
  if (wrong == NULL) return keep(r, line, strlen(line));
  dhcpha_messages_add(r->messages, ERROR, dhcpha_values_place(values, file_key).text,
                      "bad %s file in peer '%s': '" SHOWN "': %s", what, name, file->text, wrong);
  return NULL;
}

static void read_credentials(reader *r, dhcpha_config_peer *peer, const dhcpha_values *values) {
  const char *password = read_secret(r, peer, values, "password", "basic-auth-password",
                                     "basic-auth-password-file");
  const char *user =
      read_secret(r, peer, values, "user", "basic-auth-user", "basic-auth-user-file");
  if (password != NULL) peer->peer.basic_auth_password = password;
  if (user == NULL) return;
  peer->peer.basic_auth_user = user;
  if (strchr(user, ':') == NULL) return;
  bool in_file = dhcpha_json_get(values->map, "basic-auth-user") == NULL;
  const char *key = in_file ? "basic-auth-user-file" : "basic-auth-user";
  dhcpha_messages_add(r->messages, ERROR, dhcpha_values_place(values, key).text,
                      "user '" SHOWN "' must not contain a ':' in peer '%s'", user,
                      peer->peer.name == NULL ? "" : peer->peer.name);
}

/* Step 9. */
static void read_peer(reader *r, dhcpha_config_relationship *draft, dhcpha_config_peer *peer,
                      const dhcpha_values *values) {
  const dhcpha_json_value *url;
  if (values->map->type != DHCPHA_JSON_MAP) {
    dhcpha_messages_add(r->messages, ERROR, values->place.text,
                        "peer configuration must be a map: %s", dhcpha_values_found(values->map));
    return;
  }
  peer->is_map = true;
  read_name(r, draft, peer, values);
  if (dhcpha_values_need(values, "url", DHCPHA_JSON_STRING, &url) == DHCPHA_FOUND)
    peer->peer.url = keep(r, url->text, url->text_len);
  peer->tls_known = read_tls(r, values, peer->own_tls);
  read_role(peer, values);
  dhcpha_values_read(values, peer_parameters, COUNT(peer_parameters), &peer->peer);
  read_credentials(r, peer, values);
  dhcpha_values_warn_unknown(values, peer_keys, COUNT(peer_keys));
}

static void read_peers(reader *r, dhcpha_config_relationship *draft,
                       const dhcpha_json_value *peers) {
  const dhcpha_json_value *peer = peers == NULL ? NULL : peers->first;
  for (size_t i = 0; peer != NULL && !r->out_of_memory; peer = peer->next, i++) {
    dhcpha_values values = { peer, dhcpha_place_make("[%zu].peers[%zu]", draft->index, i),
                             r->messages };
    read_peer(r, draft, &draft->list[i], &values);
  }
}

static void read_pause(dhcpha_relationship *relationship, dhcpha_state state,
                       const dhcpha_values *values) {
  const dhcpha_json_value *value;
  if (dhcpha_values_get(values, "pause", DHCPHA_JSON_STRING, &value) != DHCPHA_FOUND) return;
  for (size_t i = 0; i < COUNT(pause_names); i++) {
    if (!dhcpha_json_text_equals(value, pause_names[i])) continue;
    if (state != DHCPHA_STATE_NONE) relationship->pause[state] = (dhcpha_pause)i;
    return;
  }
  dhcpha_messages_add(values->messages, ERROR, dhcpha_values_place(values, "pause").text,
                      "unsupported value " SHOWN " of 'pause' parameter: it must be always, "
                      "never or once", value->text);
}

/* NONE when there is a message about it. */
static dhcpha_state read_state_name(const dhcpha_values *values, bool *seen) {
  const dhcpha_json_value *value;
  dhcpha_state state;
  if (dhcpha_values_need(values, "state", DHCPHA_JSON_STRING, &value) != DHCPHA_FOUND)
    return DHCPHA_STATE_NONE;
  dhcpha_place place = dhcpha_values_place(values, "state");
  if (!dhcpha_state_read(value->text, value->text_len, &state)) {
    dhcpha_messages_add(values->messages, ERROR, place.text,
                        "unknown state " SHOWN ": it must be the name of a state, such as "
                        "waiting or partner-down", value->text);
    return DHCPHA_STATE_NONE;
  }
  if (seen[state]) {
    dhcpha_messages_add(values->messages, ERROR, place.text,
                        "duplicated configuration for the '%s' state: each may be configured "
                        "once", value->text);
    return DHCPHA_STATE_NONE;
  }
  seen[state] = true;
  return state;
}

/* Step 10. */
static void read_states(reader *r, dhcpha_config_relationship *draft,
                        const dhcpha_json_value *states) {
  bool seen[DHCPHA_STATE_COUNT] = { false };
  const dhcpha_json_value *state = states == NULL ? NULL : states->first;
  for (size_t i = 0; state != NULL; state = state->next, i++) {
    dhcpha_values values = {
      state, dhcpha_place_make("[%zu].state-machine.states[%zu]", draft->index, i), r->messages
    };
    if (state->type != DHCPHA_JSON_MAP) {
      dhcpha_messages_add(r->messages, ERROR, values.place.text,
                          "state configuration must be a map: %s", dhcpha_values_found(state));
      continue;
    }
    read_pause(&draft->relationship, read_state_name(&values, seen), &values);
    dhcpha_values_warn_unknown(&values, state_keys, COUNT(state_keys));
  }
}

/* P1 1.10, steps 1 to 12. */
static void read_relationship(reader *r, dhcpha_config_relationship *draft,
                              const dhcpha_json_value *map) {
  dhcpha_relationship *relationship = &draft->relationship;
  dhcpha_values values = { map, dhcpha_place_make("[%zu]", draft->index), r->messages };
  if (map->type != DHCPHA_JSON_MAP) {
    dhcpha_messages_add(r->messages, ERROR, values.place.text,
                        "HA configuration for a relationship must be a map: %s",
                        dhcpha_values_found(map));
    return;
  }
  read_mode(draft, &values);
  const dhcpha_json_value *peers = read_peer_list(r, draft, &values);
  const dhcpha_json_value *states = read_state_list(&values);
  read_self_name(r, draft, &values);
  dhcpha_values_read(&values, parameters, COUNT(parameters), relationship);
  read_threads(relationship, &values);
  draft->tls_known = read_tls(r, &values, draft->tls);
  dhcpha_values_read(&values, listener_parameters, COUNT(listener_parameters), relationship);
  dhcpha_values_warn_unknown(&values, relationship_keys, COUNT(relationship_keys));
  read_peers(r, draft, peers);
  read_states(r, draft, states);
  if (r->out_of_memory) return;
  dhcpha_config_check_relationship(draft, r->messages);
  if (dhcpha_config_check_names(r->config, draft, r->messages) != DHCPHA_OK)
    r->out_of_memory = true;
}

/* P1 1.1. */
static bool check_container(const dhcpha_json_value *list, dhcpha_messages *messages) {
  if (list->type == DHCPHA_JSON_NULL)
    dhcpha_messages_add(messages, ERROR, "",
                        "HA configuration must not be null: it must be a list of relationships");
  else if (list->type != DHCPHA_JSON_LIST)
    dhcpha_messages_add(messages, ERROR, "", "HA configuration must be a list: %s",
                        dhcpha_values_found(list));
  else if (list->count == 0)
    dhcpha_messages_add(messages, ERROR, "",
                        "list of HA configurations must not be empty: it must hold at least one "
                        "relationship");
  else if (list->count > DHCPHA_RELATIONSHIPS_MAX)
    dhcpha_messages_add(messages, ERROR, "",
                        "too many relationships: found %zu, at most %d are allowed", list->count,
                        DHCPHA_RELATIONSHIPS_MAX);
  return !dhcpha_messages_has_error(messages);
}

static void read_list(reader *r, const dhcpha_json_value *list) {
  if (!check_container(list, r->messages)) return;
  if (!dhcpha_config_make_relationships(r->config, list->count)) {
    r->out_of_memory = true;
    return;
  }
  const dhcpha_json_value *relationship = list->first;
  for (size_t i = 0; relationship != NULL && !r->out_of_memory; i++) {
    read_relationship(r, &r->config->relationships[i], relationship);
    relationship = relationship->next;
  }
  dhcpha_config_check_modes(r->config, r->messages);
  if (!dhcpha_messages_has_error(r->messages) && !r->out_of_memory)
    dhcpha_config_give_notices(r->config, r->messages);
}

static void tell_syntax_error(reader *r, const char *json, const dhcpha_json_error *error) {
  size_t line = 1, column = 1;
  for (size_t i = 0; i + 1 < error->offset; i++) { /* the offset is behind what was noticed */
    column++;
    if (json[i] != '\n') continue;
    line++;
    column = 1;
  }
  dhcpha_messages_add(r->messages, ERROR, "", "JSON error at byte %zu, line %zu column %zu: %s",
                      error->offset, line, column, error->text);
}

static void read_text(reader *r, const char *json, size_t json_len) {
  dhcpha_arena arena;
  dhcpha_json_error error;
  if (json_len > DHCPHA_CONFIG_JSON_MAX) {
    dhcpha_messages_add(r->messages, ERROR, "",
                        "configuration of %zu bytes is too long: at most %d are allowed", json_len,
                        DHCPHA_CONFIG_JSON_MAX);
    return;
  }
  dhcpha_arena_init(&arena, &r->config->allocator, DHCPHA_CONFIG_TREE_MAX);
  const dhcpha_json_value *list = dhcpha_json_read(&arena, json, json_len, &error);
  if (list != NULL) read_list(r, list);
  else if (error.status == DHCPHA_ERR_NOMEM) r->out_of_memory = true;
  else tell_syntax_error(r, json, &error);
  dhcpha_arena_free(&arena);
}

dhcpha_status dhcpha_config_parse(dhcpha_family family, const char *json, size_t json_len,
                                  const dhcpha_allocator *allocator, dhcpha_config **config,
                                  dhcpha_messages **messages) {
  dhcpha_allocator resolved = dhcpha_allocator_resolve(allocator);
  if (messages != NULL) *messages = NULL;
  if (config != NULL) *config = NULL;
  if (json == NULL || config == NULL) return DHCPHA_ERR_ARGUMENT;
  if (family != DHCPHA_DHCP4 && family != DHCPHA_DHCP6) return DHCPHA_ERR_ARGUMENT;
  reader r = { dhcpha_config_new(family, &resolved), dhcpha_messages_new(&resolved), false };
  if (r.config != NULL && r.messages != NULL) read_text(&r, json, json_len);
  dhcpha_status status = DHCPHA_OK;
  if (r.config == NULL || r.messages == NULL || r.out_of_memory) status = DHCPHA_ERR_NOMEM;
  else status = dhcpha_messages_get_status(r.messages);
  if (status == DHCPHA_OK && dhcpha_messages_has_error(r.messages)) status = DHCPHA_ERR_CONFIG;
  if (status == DHCPHA_OK) *config = r.config;
  else dhcpha_config_free(r.config);
  if (messages != NULL && status != DHCPHA_ERR_NOMEM) *messages = r.messages;
  else dhcpha_messages_free(r.messages);
  return status;
}
