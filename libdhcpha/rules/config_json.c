/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/config_json.h"

#include "base/allocator.h"
#include "base/json.h"
#include "rules/config_check.h"
#include "rules/extension_json.h"
#include "rules/names.h"
#include "rules/peer_json.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define ERROR DHCPHA_SEVERITY_ERROR
#define SHOWN "%.200s" /* what is shown of a long text */

#define INTEGER(key, member) \
  { key, DHCPHA_JSON_INTEGER, offsetof(dhcpha_relationship, member), NULL, 0 }
#define BOOLEAN(key, member) \
  { key, DHCPHA_JSON_BOOLEAN, offsetof(dhcpha_relationship, member), NULL, 0 }

/* P1 1.10 step 6, in its order. */
static const dhcpha_parameter parameters[] = {
  BOOLEAN("send-lease-updates", send_lease_updates),
  BOOLEAN("sync-leases", sync_leases),
  INTEGER("sync-timeout", sync_timeout_ms),
  { "sync-page-limit", DHCPHA_JSON_INTEGER, offsetof(dhcpha_relationship, sync_page_limit),
    "every page request would be refused", 0 },
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
static const char *const relationship_keys[] = {
  "mode", "peers", "state-machine", "this-server-name", "send-lease-updates", "sync-leases",
  "sync-timeout", "sync-page-limit", "delayed-updates-limit", "heartbeat-delay",
  "max-response-delay", "max-ack-delay", "max-unacked-clients", "max-rejected-lease-updates",
  "wait-backup-ack", "multi-threading", "trust-anchor", "cert-file", "key-file",
  "require-client-certs", "restrict-commands", DHCPHA_EXTENSION_KEY,
};
static const char *const thread_keys[] = {
  "enable-multi-threading", "http-dedicated-listener", "http-listener-threads",
  "http-client-threads",
};
static const char *const state_machine_keys[] = { "states" };
static const char *const state_keys[] = { "state", "pause" };
static const char *const pause_names[] = {
  [DHCPHA_PAUSE_NEVER] = "never",
  [DHCPHA_PAUSE_ONCE] = "once",
  [DHCPHA_PAUSE_ALWAYS] = "always",
};

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
static const dhcpha_json_value *read_peer_list(dhcpha_config_reader *r,
                                               dhcpha_config_relationship *draft,
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
  dhcpha_values_check_keys(&in, state_machine_keys, COUNT(state_machine_keys));
  const dhcpha_json_value *states = dhcpha_json_get(machine, "states");
  if (states == NULL || states->type == DHCPHA_JSON_LIST) return states;
  dhcpha_messages_add(values->messages, ERROR, dhcpha_values_place(&in, "states").text,
                      "'states' parameter must be a list: %s", dhcpha_values_found(states));
  return NULL;
}

/* Step 5. */
static void read_self_name(dhcpha_config_reader *r, dhcpha_config_relationship *draft,
                           const dhcpha_values *values) {
  const dhcpha_json_value *value;
  const char *key = "this-server-name";
  if (dhcpha_values_need(values, key, DHCPHA_JSON_STRING, &value) != DHCPHA_FOUND) return;
  const char *name = dhcpha_keep_trimmed(r, value);
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
  dhcpha_values_check_keys(&in, thread_keys, COUNT(thread_keys));
}

static void read_peers(dhcpha_config_reader *r, dhcpha_config_relationship *draft,
                       const dhcpha_json_value *peers) {
  const dhcpha_json_value *peer = peers == NULL ? NULL : peers->first;
  for (size_t i = 0; peer != NULL && !r->out_of_memory; peer = peer->next, i++) {
    dhcpha_values values = { peer, dhcpha_place_make("[%zu].peers[%zu]", draft->index, i),
                             r->messages };
    dhcpha_read_peer(r, draft, &draft->list[i], &values);
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
static void read_states(dhcpha_config_reader *r, dhcpha_config_relationship *draft,
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
    dhcpha_values_check_keys(&values, state_keys, COUNT(state_keys));
  }
}

/* P1 1.10, steps 1 to 12. */
static void read_relationship(dhcpha_config_reader *r, dhcpha_config_relationship *draft,
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
  dhcpha_read_extension(relationship, &values);
  draft->tls_known = dhcpha_read_tls(r, &values, draft->tls);
  dhcpha_values_read(&values, listener_parameters, COUNT(listener_parameters), relationship);
  dhcpha_values_check_keys(&values, relationship_keys, COUNT(relationship_keys));
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

static void read_list(dhcpha_config_reader *r, const dhcpha_json_value *list) {
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

static void tell_syntax_error(dhcpha_config_reader *r, const char *json,
                              const dhcpha_json_error *error) {
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

static void read_text(dhcpha_config_reader *r, const char *json, size_t json_len) {
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
  dhcpha_config_reader r = { dhcpha_config_new(family, &resolved),
                             dhcpha_messages_new(&resolved), false };
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
