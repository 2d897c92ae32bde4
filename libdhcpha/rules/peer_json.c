/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/peer_json.h"

#include "rules/names.h"
#include "rules/password_file.h"
#include "rules/url.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define ERROR DHCPHA_SEVERITY_ERROR
#define SHOWN "%.200s" /* what is shown of a long text */
#define WHITE_SPACE " \t\n\r\f\v"

/* Step 9, behind the role. */
static const dhcpha_parameter peer_parameters[] = {
  { "auto-failover", DHCPHA_JSON_BOOLEAN, offsetof(dhcpha_peer, auto_failover), NULL, 0 },
};

static const char *const peer_keys[] = {
  "name", "url", "further-urls", "role", "auto-failover", "trust-anchor", "cert-file", "key-file",
  "basic-auth-user", "basic-auth-user-file", "basic-auth-password", "basic-auth-password-file",
};

static const char *keep(dhcpha_config_reader *r, const char *text, size_t len) {
  const char *copy = dhcpha_config_copy_text(r->config, text, len);
  if (copy == NULL) r->out_of_memory = true;
  return copy;
}

const char *dhcpha_keep_trimmed(dhcpha_config_reader *r, const dhcpha_json_value *value) {
  const char *text = value->text + strspn(value->text, WHITE_SPACE);
  size_t len = strlen(text);
  while (len > 0 && strchr(WHITE_SPACE, text[len - 1]) != NULL) len--;
  return keep(r, text, len);
}

bool dhcpha_read_tls(dhcpha_config_reader *r, const dhcpha_values *values, const char **tls) {
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

static void read_name(dhcpha_config_reader *r, dhcpha_config_relationship *draft,
                      dhcpha_config_peer *peer, const dhcpha_values *values) {
  const dhcpha_json_value *value;
  if (dhcpha_values_need(values, "name", DHCPHA_JSON_STRING, &value) != DHCPHA_FOUND) return;
  const char *name = dhcpha_keep_trimmed(r, value);
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

/* Ours, Kea ignores it: more URLs of the peer, tried in order.  NULL: there is none. */
static const dhcpha_json_value *find_further_urls(dhcpha_config_reader *r,
                                                  const dhcpha_values *values) {
  const dhcpha_json_value *list;
  if (dhcpha_values_get(values, "further-urls", DHCPHA_JSON_LIST, &list) != DHCPHA_FOUND)
    return NULL;
  if (list->count < DHCPHA_URLS_MAX) return list;
  dhcpha_messages_add(r->messages, ERROR, dhcpha_values_place(values, "further-urls").text,
                      "too many urls: found %zu, at most %d are allowed beside 'url'",
                      list->count, DHCPHA_URLS_MAX - 1);
  return NULL;
}

/* NULL: there is a message about it. */
static const char *read_further_url(dhcpha_config_reader *r, const dhcpha_values *values,
                                    const dhcpha_json_value *value, size_t index) {
  dhcpha_place list = dhcpha_values_place(values, "further-urls");
  dhcpha_place place = dhcpha_place_make("%s[%zu]", list.text, index);
  if (value->type != DHCPHA_JSON_STRING)
    dhcpha_messages_add(r->messages, ERROR, place.text,
                        "invalid type specified for an url: it must be a string, %s",
                        dhcpha_values_found(value));
  else if (strlen(value->text) != value->text_len)
    dhcpha_messages_add(r->messages, ERROR, place.text, "an url must not contain a 0 byte");
  else
    return keep(r, value->text, value->text_len);
  return NULL;
}

static void read_urls(dhcpha_config_reader *r, dhcpha_peer *peer, const dhcpha_values *values) {
  const dhcpha_json_value *value;
  dhcpha_url url;
  if (dhcpha_values_need(values, "url", DHCPHA_JSON_STRING, &value) == DHCPHA_FOUND)
    peer->url = keep(r, value->text, value->text_len);
  const dhcpha_json_value *further = find_further_urls(r, values);
  size_t count = 1 + (further != NULL ? further->count : 0);
  const char **urls = dhcpha_config_make_texts(r->config, count);
  if (urls == NULL) {
    r->out_of_memory = true;
    return;
  }
  peer->urls = urls;
  peer->url_count = count;
  urls[0] = peer->url;
  if (peer->url != NULL && dhcpha_url_read(&url, peer->url) == NULL)
    peer->host = keep(r, url.host, url.host_len);
  if (count == 1) return;
  value = further->first;
  for (size_t i = 1; i < count; i++, value = value->next)
    urls[i] = read_further_url(r, values, value, i - 1);
}

/* P1 1.8: a secret stands here or in a file, not both.  NULL: none, or a message says why. */
static const char *read_secret(dhcpha_config_reader *r, const dhcpha_config_peer *peer,
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

static void read_credentials(dhcpha_config_reader *r, dhcpha_config_peer *peer,
                             const dhcpha_values *values) {
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

void dhcpha_read_peer(dhcpha_config_reader *r, dhcpha_config_relationship *draft,
                      dhcpha_config_peer *peer, const dhcpha_values *values) {
  if (values->map->type != DHCPHA_JSON_MAP) {
    dhcpha_messages_add(r->messages, ERROR, values->place.text,
                        "peer configuration must be a map: %s", dhcpha_values_found(values->map));
    return;
  }
  peer->is_map = true;
  read_name(r, draft, peer, values);
  read_urls(r, &peer->peer, values);
  peer->tls_known = dhcpha_read_tls(r, values, peer->own_tls);
  read_role(peer, values);
  dhcpha_values_read(values, peer_parameters, COUNT(peer_parameters), &peer->peer);
  read_credentials(r, peer, values);
  dhcpha_values_check_keys(values, peer_keys, COUNT(peer_keys));
}
