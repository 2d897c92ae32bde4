/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "vectors/replay_leases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUBNETS_MAX 16
#define REQUEST 3
#define DECLINE 4
#define RELEASE 7

void replay_write_config(const replay *r, text *out) {
  static const char mark[] = "\"heartbeat-delay\":1000";
  text whole = {0};
  recording_write(r->server->config, &whole);
  const char *at = strstr(text_of(&whole), mark);
  text_add(out, "[");
  if (at != NULL) {
    text_append(out, text_of(&whole), (size_t)(at - text_of(&whole)));
    text_format(out, "\"heartbeat-delay\":300%s", at + sizeof mark - 1);
  } else {
    text_append(out, text_of(&whole), whole.len);
  }
  if (strncmp(r->server->version, "2.", 2) == 0 &&
      strstr(text_of(&whole), "restrict-commands") == NULL) { /* P1 6: its default was false */
    out->data[--out->len] = '\0';
    text_add(out, ",\"restrict-commands\":false}");
  }
  text_add(out, "]");
  text_free(&whole);
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
    if (slash == NULL) continue;
    *slash = '\0';
    list[count].prefix_len = (uint8_t)atoi(slash + 1);
    if (dhcpha_address_parse(&list[count].prefix, prefix) == DHCPHA_OK) count++;
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
static void prepare_page(store *s, const dhcpha_json_value *arguments,
                         const dhcpha_json_value *leases) {
  const dhcpha_json_value *from = get(arguments, "from"), *last = NULL;
  dhcpha_address start = {4, {0}}, end = {4, {255, 255, 255, 255}};
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

void replay_prepare_store(replay *r, const recorded_exchange *x) {
  const dhcpha_json_value *request = get(x->request, "json"),
                          *arguments = get(request, "arguments"),
                          *answer = recording_answer(x->answer), *said = get(answer, "text");
  lease_buffers buffers;
  dhcpha_lease lease;
  if (strcmp(x->command, "lease4-get-page") == 0) {
    prepare_page(&r->leases, arguments, get(get(answer, "arguments"), "leases"));
    return;
  }
  if (!dhcpha_json_is(said, DHCPHA_JSON_STRING) || strncmp(x->command, "lease4-", 7) != 0 ||
      !dhcpha_json_is(arguments, DHCPHA_JSON_MAP))
    return;
  if (read_lease(arguments, &buffers, &lease)) {
    bool was_there =
        strstr(said->text, "updated") != NULL || strstr(said->text, "deleted.") != NULL;
    bool was_not = strstr(said->text, "added") != NULL || strstr(said->text, "not found") != NULL ||
                   strstr(said->text, "failed to update") != NULL;
    if (was_not) store_apply(&r->leases, DHCPHA_LEASE_DELETE, &lease);
    if (was_there && store_find(&r->leases, &lease.address) == NULL)
      store_apply(&r->leases, DHCPHA_LEASE_PUT, &lease);
  }
  text_free(&buffers.user_context);
}

bool replay_has_leases(const store *s, const dhcpha_json_value *leases) {
  bool all = true;
  for (const dhcpha_json_value *v = leases == NULL ? NULL : leases->first; v != NULL; v = v->next) {
    dhcpha_address address;
    all &= dhcpha_address_parse(&address, get(v, "ip-address")->text) == DHCPHA_OK &&
           store_find(s, &address) != NULL;
  }
  return all;
}

void replay_commit(replay *r, const recorded_exchange *x) {
  lease_buffers buffers;
  dhcpha_lease lease;
  dhcpha_query query;
  bool parked, deleted = strcmp(x->command, "lease4-del") == 0;
  const dhcpha_json_value *map = get(get(x->request, "json"), "arguments");
  if (!read_lease(map, &buffers, &lease)) return;
  store_apply(&r->leases, deleted ? DHCPHA_LEASE_DELETE : DHCPHA_LEASE_PUT, &lease);
  dhcpha_query_init(&query);
  query.type = deleted || lease.state == DHCPHA_LEASE_RELEASED ? RELEASE
               : lease.state == DHCPHA_LEASE_DECLINED          ? DECLINE
                                                               : REQUEST;
  query.hw_address = lease.hw_address;
  query.hw_address_len = lease.hw_address_len;
  query.client_id = lease.client_id;
  query.client_id_len = lease.client_id_len;
  dhcpha_hub_leases_changed(r->hub, x->number + 1, &query, deleted ? NULL : &lease, deleted ? 0 : 1,
                            deleted ? &lease : NULL, deleted ? 1 : 0, &parked);
  text_free(&buffers.user_context);
}
