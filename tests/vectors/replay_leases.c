/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "vectors/replay_leases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUBNETS_MAX 16
#define LEASES_MAX 64 /* of one command */

static void write_relationship(const replay *r, const dhcpha_json_value *map, text *out) {
  static const char mark[] = "\"heartbeat-delay\":1000";
  text whole = {0};
  recording_write(map, &whole);
  const char *at = strstr(text_of(&whole), mark);
  if (at != NULL) {
    text_append(out, text_of(&whole), (size_t)(at - text_of(&whole)));
    text_format(out, "\"heartbeat-delay\":20%s", at + sizeof mark - 1);
  } else {
    text_append(out, text_of(&whole), whole.len);
  }
  if (strncmp(r->server->version, "2.", 2) == 0 &&
      strstr(text_of(&whole), "restrict-commands") == NULL) { /* P1 6: its default was false */
    out->data[--out->len] = '\0';
    text_add(out, ",\"restrict-commands\":false}");
  }
  text_free(&whole);
}

void replay_write_config(const replay *r, text *out) {
  const dhcpha_json_value *config = r->server->config;
  text_add(out, "[");
  if (dhcpha_json_is(config, DHCPHA_JSON_MAP)) write_relationship(r, config, out);
  for (const dhcpha_json_value *v = dhcpha_json_is(config, DHCPHA_JSON_LIST) ? config->first : NULL;
       v != NULL; v = v->next) {
    if (v != config->first) text_add(out, ",");
    write_relationship(r, v, out);
  }
  text_add(out, "]");
}

static const dhcpha_json_value *get(const dhcpha_json_value *map, const char *key) {
  return dhcpha_json_get(map, key);
}

static int64_t number(const dhcpha_json_value *map, const char *key) {
  const dhcpha_json_value *value = get(map, key);
  return dhcpha_json_is(value, DHCPHA_JSON_INTEGER) ? value->integer : 0;
}

void replay_set_subnets(replay *r) {
  dhcpha_subnet list[SUBNETS_MAX];
  size_t count = 0;
  if (r->server->subnets == NULL) return;
  for (const dhcpha_json_value *v = r->server->subnets->first; v != NULL && count < SUBNETS_MAX;
       v = v->next) {
    char prefix[64];
    snprintf(prefix, sizeof prefix, "%s", get(v, "subnet")->text);
    char *slash = strchr(prefix, '/');
    dhcpha_subnet_init(&list[count]);
    list[count].id = (uint32_t)number(v, "id");
    list[count].valid_lft = 4000;
    list[count].server_name = dhcpha_json_is(get(v, "ha-server-name"), DHCPHA_JSON_STRING)
                                  ? get(v, "ha-server-name")->text
                                  : NULL;
    if (slash == NULL) continue;
    *slash = '\0';
    list[count].prefix_len = (uint8_t)atoi(slash + 1);
    if (dhcpha_address_parse(&list[count].prefix, prefix) == DHCPHA_OK &&
        list[count].prefix.family == r->family)
      count++;
  }
  if (dhcpha_hub_set_subnets(r->hub, list, count) != DHCPHA_OK) abort();
}

/* A lease in either form; what it points at is the buffers' and the tree's. */
typedef struct lease_buffers {
  uint8_t hw_address[32], client_id[256];
  text user_context;
} lease_buffers;

static size_t bytes_of(const dhcpha_json_value *value, uint8_t *bytes, size_t max) {
  size_t len = 0;
  if (!dhcpha_json_is(value, DHCPHA_JSON_STRING)) return 0;
  for (const char *p = value->text; *p != '\0' && len < max;) {
    char *end;
    bytes[len++] = (uint8_t)strtoul(p, &end, 16);
    p = *end == ':' ? end + 1 : end;
    if (end == p && *p != '\0') break;
  }
  return len;
}

static void read_lease6(const dhcpha_json_value *map, lease_buffers *buffers,
                        dhcpha_lease *lease) {
  static const char *const types[] = {"IA_NA", "IA_TA", "IA_PD"};
  for (uint8_t i = 0; i < 3; i++)
    if (dhcpha_json_text_equals(get(map, "type"), types[i])) lease->type = i;
  lease->prefix_len = lease->type == DHCPHA_LEASE_PREFIX ? (uint8_t)number(map, "prefix-len") : 128;
  lease->iaid = (uint32_t)number(map, "iaid");
  lease->preferred_lft = (uint32_t)number(map, "preferred-lft");
  lease->client_id_len = bytes_of(get(map, "duid"), buffers->client_id, 130);
}

static bool read_lease(const dhcpha_json_value *map, lease_buffers *buffers, dhcpha_lease *lease) {
  const dhcpha_json_value *address = get(map, "ip-address"), *hostname = get(map, "hostname");
  dhcpha_lease_init(lease);
  memset(buffers, 0, sizeof *buffers);
  if (!dhcpha_json_is(address, DHCPHA_JSON_STRING) ||
      dhcpha_address_parse(&lease->address, address->text) != DHCPHA_OK)
    return false;
  lease->hw_address = buffers->hw_address;
  lease->hw_address_len = bytes_of(get(map, "hw-address"), buffers->hw_address, 20);
  lease->client_id = buffers->client_id;
  lease->client_id_len = bytes_of(get(map, "client-id"), buffers->client_id, 255);
  if (lease->address.family == 6) read_lease6(map, buffers, lease);
  lease->subnet_id = (uint32_t)number(map, "subnet-id");
  lease->pool_id = (uint32_t)number(map, "pool-id");
  lease->valid_lft = (uint32_t)number(map, "valid-lft");
  lease->state = (uint8_t)number(map, "state");
  lease->cltt = get(map, "cltt") != NULL ? number(map, "cltt")
                                         : number(map, "expire") - (int64_t)lease->valid_lft;
  lease->fqdn_fwd = get(map, "fqdn-fwd") != NULL && get(map, "fqdn-fwd")->boolean;
  lease->fqdn_rev = get(map, "fqdn-rev") != NULL && get(map, "fqdn-rev")->boolean;
  if (dhcpha_json_is(hostname, DHCPHA_JSON_STRING)) {
    lease->hostname = hostname->text;
    lease->hostname_len = hostname->text_len;
  }
  if (get(map, "user-context") != NULL) {
    recording_write(get(map, "user-context"), &buffers->user_context);
    lease->user_context = text_of(&buffers->user_context);
    lease->user_context_len = buffers->user_context.len;
  }
  return true;
}

static void put(store *s, const dhcpha_json_value *map) {
  lease_buffers buffers;
  dhcpha_lease lease;
  if (read_lease(map, &buffers, &lease)) store_apply(s, DHCPHA_LEASE_PUT, &lease);
  text_free(&buffers.user_context);
}

/* Behind `from` there is what the page says; where it is short, nothing more. */
static void prepare_page(replay *r, const dhcpha_json_value *arguments,
                         const dhcpha_json_value *leases) {
  const dhcpha_json_value *from = get(arguments, "from"), *last = NULL;
  store *s = &r->leases;
  dhcpha_address start = {(uint8_t)r->family, {0}}, end = {(uint8_t)r->family, {0}};
  memset(end.bytes, 255, r->family == DHCPHA_DHCP6 ? 16 : 4);
  if (leases == NULL || !dhcpha_json_is(from, DHCPHA_JSON_STRING)) return;
  if (strcmp(from->text, "start") != 0 && dhcpha_address_parse(&start, from->text) != DHCPHA_OK)
    return;
  size_t count = 0;
  for (const dhcpha_json_value *v = leases->first; v != NULL; v = v->next, count++) last = v;
  if (last != NULL && (int64_t)count >= number(arguments, "limit") &&
      dhcpha_address_parse(&end, get(last, "ip-address")->text) != DHCPHA_OK)
    return;
  while (store_after(s, &start) < store_after(s, &end)) {
    dhcpha_lease gone = s->leases[store_after(s, &start)];
    store_apply(s, DHCPHA_LEASE_DELETE, &gone);
  }
  for (const dhcpha_json_value *v = leases->first; v != NULL; v = v->next) put(s, v);
}

static bool has_address(const dhcpha_json_value *list, const dhcpha_json_value *map) {
  const dhcpha_json_value *address = get(map, "ip-address");
  for (const dhcpha_json_value *v = list == NULL ? NULL : list->first; v != NULL; v = v->next)
    if (address != NULL && dhcpha_json_text_equals(get(v, "ip-address"), address->text)) return true;
  return false;
}

/* What a bulk deleted was there, but for what it could not find. */
static void prepare_bulk(store *s, const dhcpha_json_value *arguments,
                         const dhcpha_json_value *answer) {
  const dhcpha_json_value *list = get(arguments, "deleted-leases"),
                          *failed = get(get(answer, "arguments"), "failed-deleted-leases");
  if (!dhcpha_json_is(list, DHCPHA_JSON_LIST)) return;
  for (const dhcpha_json_value *v = list->first; v != NULL; v = v->next) {
    lease_buffers buffers;
    dhcpha_lease lease;
    if (!read_lease(v, &buffers, &lease)) continue;
    bool missing = has_address(failed, v);
    if (missing) store_apply(s, DHCPHA_LEASE_DELETE, &lease);
    if (!missing && store_find(s, &lease.address, lease.type) == NULL)
      store_apply(s, DHCPHA_LEASE_PUT, &lease);
    text_free(&buffers.user_context);
  }
}

void replay_prepare_store(replay *r, const recorded_exchange *x) {
  const dhcpha_json_value *request = get(x->request, "json"),
                          *arguments = get(request, "arguments"),
                          *answer = recording_answer(x->answer), *said = get(answer, "text");
  lease_buffers buffers;
  dhcpha_lease lease;
  if (strstr(x->command, "-get-page") != NULL) {
    prepare_page(r, arguments, get(get(answer, "arguments"), "leases"));
    return;
  }
  if (!dhcpha_json_is(said, DHCPHA_JSON_STRING) || strncmp(x->command, "lease", 5) != 0 ||
      !dhcpha_json_is(arguments, DHCPHA_JSON_MAP))
    return;
  if (strcmp(x->command, "lease6-bulk-apply") == 0) {
    prepare_bulk(&r->leases, arguments, answer);
    return;
  }
  if (read_lease(arguments, &buffers, &lease)) {
    bool was_there =
        strstr(said->text, "updated") != NULL || strstr(said->text, "deleted.") != NULL;
    bool was_not = strstr(said->text, "added") != NULL || strstr(said->text, "not found") != NULL ||
                   strstr(said->text, "failed to update") != NULL;
    if (was_not) store_apply(&r->leases, DHCPHA_LEASE_DELETE, &lease);
    if (was_there && store_find(&r->leases, &lease.address, lease.type) == NULL)
      store_apply(&r->leases, DHCPHA_LEASE_PUT, &lease);
    text_free(&buffers.user_context);
  }
}

/* Of a hub: the subnet tells whose client it is. */
static const char *server_name(const replay *r, uint32_t subnet_id) {
  const dhcpha_json_value *list = r->server->subnets;
  for (const dhcpha_json_value *v = list == NULL ? NULL : list->first; v != NULL; v = v->next)
    if (number(v, "id") == subnet_id && dhcpha_json_is(get(v, "ha-server-name"), DHCPHA_JSON_STRING))
      return get(v, "ha-server-name")->text;
  return NULL;
}

/* Where some subnets are bound to the two servers, the leases of others are not theirs. */
static bool is_filtered(const replay *r, const recorded_exchange *x, int64_t subnet_id) {
  const dhcpha_json_value *list = r->server->subnets;
  bool some = false, this_one = false;
  for (const dhcpha_json_value *v = list == NULL ? NULL : list->first; v != NULL; v = v->next) {
    const dhcpha_json_value *name = get(v, "ha-server-name");
    if (name == NULL || (!dhcpha_json_text_equals(name, x->from) &&
                         !dhcpha_json_text_equals(name, x->to)))
      continue;
    some = true;
    this_one |= number(v, "id") == subnet_id;
  }
  return some && !this_one;
}

bool replay_has_leases(const replay *r, const recorded_exchange *x,
                       const dhcpha_json_value *leases) {
  bool all = true;
  for (const dhcpha_json_value *v = leases == NULL ? NULL : leases->first; v != NULL; v = v->next) {
    lease_buffers buffers;
    dhcpha_lease lease;
    if (is_filtered(r, x, number(v, "subnet-id"))) continue;
    bool read = read_lease(v, &buffers, &lease);
    all &= read && store_find(&r->leases, &lease.address, lease.type) != NULL;
    if (read) text_free(&buffers.user_context);
  }
  return all;
}

/* ---- a client's leases change ---- */

typedef struct changes {
  dhcpha_lease leases[LEASES_MAX];
  lease_buffers buffers[LEASES_MAX];
  size_t count;
} changes;

static void take(changes *c, const dhcpha_json_value *map) {
  if (c->count < LEASES_MAX && read_lease(map, &c->buffers[c->count], &c->leases[c->count]))
    c->count++;
}

static void take_all(changes *c, const dhcpha_json_value *list) {
  for (const dhcpha_json_value *v = dhcpha_json_is(list, DHCPHA_JSON_LIST) ? list->first : NULL;
       v != NULL; v = v->next)
    take(c, v);
}

static void store_changes(store *s, changes *c, dhcpha_lease_operation operation) {
  for (size_t i = 0; i < c->count; i++) store_apply(s, operation, &c->leases[i]);
}

static void free_changes(changes *c) {
  for (size_t i = 0; i < c->count; i++) text_free(&c->buffers[i].user_context);
  free(c);
}

/* The message that such a change follows from. */
static uint8_t message_type(dhcpha_family family, const dhcpha_lease *lease, bool deleted) {
  static const uint8_t types[][3] = {{3, 4, 7}, {3, 9, 8}}; /* Request, Decline, Release */
  int what = deleted || lease->state == DHCPHA_LEASE_RELEASED ? 2
             : lease->state == DHCPHA_LEASE_DECLINED          ? 1
                                                              : 0;
  return types[family == DHCPHA_DHCP6][what];
}

void replay_commit(replay *r, const recorded_exchange *x) {
  changes *put = must_allocate(sizeof *put), *gone = must_allocate(sizeof *gone);
  const dhcpha_json_value *map = get(get(x->request, "json"), "arguments");
  dhcpha_query query;
  bool parked, deletes = strstr(x->command, "-del") != NULL;
  put->count = gone->count = 0;
  if (strcmp(x->command, "lease6-bulk-apply") == 0) {
    take_all(put, get(map, "leases"));
    take_all(gone, get(map, "deleted-leases"));
  } else {
    take(deletes ? gone : put, map);
  }
  store_changes(&r->leases, gone, DHCPHA_LEASE_DELETE);
  store_changes(&r->leases, put, DHCPHA_LEASE_PUT);
  const dhcpha_lease *one = put->count > 0 ? put->leases : gone->leases;
  if (put->count + gone->count > 0) {
    dhcpha_query_init(&query);
    query.type = message_type(r->family, one, put->count == 0);
    query.hw_address = r->family == DHCPHA_DHCP4 ? one->hw_address : NULL;
    query.hw_address_len = r->family == DHCPHA_DHCP4 ? one->hw_address_len : 0;
    query.client_id = one->client_id;
    query.client_id_len = one->client_id_len;
    query.server_name = server_name(r, one->subnet_id);
    dhcpha_hub_leases_changed(r->hub, x->number + 1, &query, put->leases, put->count, gone->leases,
                              gone->count, &parked);
  }
  free_changes(put);
  free_changes(gone);
}
