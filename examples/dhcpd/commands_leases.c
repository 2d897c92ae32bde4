/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* commands_leases: the lease4 or lease6 commands. */
#include "commands_parts.h"

#include <stdlib.h>
#include <string.h>

#include "lease_json.h"

#define LEASES_IN_ANSWER_MAX 100000 /* more are for lease4-get-page and lease6-get-page */

static uint8_t family_of(const struct command *command) {
  return command->server->config->family;
}

/* Answer with all leases that FITS, with the same text as Kea. */
static void answer_leases(struct command *command,
                          bool (*fits)(const dhcpha_lease *lease, const void *wanted),
                          const void *wanted) {
  size_t count = 0;
  json_put(command->out, "arguments");
  yajl_gen_map_open(command->out);
  json_put(command->out, "leases");
  yajl_gen_array_open(command->out);
  const struct lease_table *table = &command->server->store.table;
  for (const struct lease_entry *entry = lease_table_after(table, NULL);
       entry != NULL && count < LEASES_IN_ANSWER_MAX;
       entry = lease_table_after(table, &entry->id)) {
    dhcpha_lease lease;
    lease_entry_get(entry, &lease);
    if (!fits(&lease, wanted)) continue;
    lease_json_write(command->out, &lease);
    count++;
  }
  yajl_gen_array_close(command->out);
  yajl_gen_map_close(command->out);
  command_result(command, count > 0 ? RESULT_SUCCESS : RESULT_EMPTY,
                 "%zu IPv%u lease(s) found.", count, family_of(command));
}

static void answer_lease(struct command *command, const struct lease_entry *entry) {
  if (entry == NULL) {
    command_result(command, RESULT_EMPTY, "Lease not found.");
    return;
  }
  dhcpha_lease lease;
  lease_entry_get(entry, &lease);
  json_put(command->out, "arguments");
  lease_json_write(command->out, &lease);
  command_result(command, RESULT_SUCCESS, "IPv%u lease found.", family_of(command));
}

/* ---- lists ---- */

static bool fits_subnets(const dhcpha_lease *lease, const void *wanted) {
  const struct yajl_val_s *subnets = wanted;
  for (size_t i = 0; subnets != NULL && i < subnets->u.array.len; i++)
    if (YAJL_IS_INTEGER(subnets->u.array.values[i]) &&
        YAJL_GET_INTEGER(subnets->u.array.values[i]) == lease->subnet_id)
      return true;
  return subnets == NULL;
}

void command_lease_get_all(struct command *command) {
  yajl_val subnets = json_member(command->arguments, "subnets");
  if (subnets != NULL && !YAJL_IS_ARRAY(subnets))
    command_result(command, RESULT_ERROR, "'subnets' parameter must be a list");
  else if (command->server->store.table.count > LEASES_IN_ANSWER_MAX)
    command_result(command, RESULT_ERROR, "more than %d leases: use lease%u-get-page",
                   LEASES_IN_ANSWER_MAX, family_of(command));
  else answer_leases(command, fits_subnets, subnets);
}

struct bytes {
  uint8_t bytes[255];
  size_t len;
};

static bool fits_hw_address(const dhcpha_lease *lease, const void *wanted) {
  const struct bytes *is = wanted;
  return lease->hw_address_len == is->len && memcmp(lease->hw_address, is->bytes, is->len) == 0;
}

static bool fits_client_id(const dhcpha_lease *lease, const void *wanted) {
  const struct bytes *is = wanted;
  return lease->client_id_len == is->len && memcmp(lease->client_id, is->bytes, is->len) == 0;
}

static bool fits_hostname(const dhcpha_lease *lease, const void *wanted) {
  size_t len = strlen(wanted);
  return lease->hostname_len == len && memcmp(lease->hostname, wanted, len) == 0;
}

static void get_by_bytes(struct command *command, const char *key,
                         bool (*fits)(const dhcpha_lease *lease, const void *wanted)) {
  struct bytes wanted;
  const char *text = json_string(command->arguments, key);
  if (text == NULL || !hex_parse(text, wanted.bytes, sizeof wanted.bytes, &wanted.len))
    command_result(command, RESULT_ERROR, "'%s' must be hexadecimal, as \"01:02:ff\"", key);
  else answer_leases(command, fits, &wanted);
}

void command_lease_get_by_hw_address(struct command *command) {
  get_by_bytes(command, "hw-address", fits_hw_address);
}

void command_lease_get_by_client_id(struct command *command) {
  get_by_bytes(command, family_of(command) == 4 ? "client-id" : "duid", fits_client_id);
}

void command_lease_get_by_hostname(struct command *command) {
  const char *hostname = json_string(command->arguments, "hostname");
  if (hostname == NULL) command_result(command, RESULT_ERROR, "'hostname' must be a string");
  else answer_leases(command, fits_hostname, hostname);
}

/* ---- one lease ---- */

/* DHCPv6: of an address without `type` it is IA_NA.  False: answered. */
static bool find_by_address(struct command *command, const char *text,
                            const struct lease_entry **entry) {
  const char *type = json_string(command->arguments, "type");
  struct lease_id id = { IP_NONE, DHCPHA_LEASE_ADDRESS };
  if (!ip_parse(family_of(command), text, &id.ip)) {
    command_result(command, RESULT_ERROR, "'%s' is no IPv%u address", text, family_of(command));
    return false;
  }
  if (type != NULL && family_of(command) == 6 && !lease_type_parse(type, &id.type)) {
    command_result(command, RESULT_ERROR, "'type' must be 'IA_NA' or 'IA_PD'");
    return false;
  }
  *entry = lease_table_find(&command->server->store.table, id);
  return true;
}

/* By `ip-address`, or by `subnet-id`, `identifier-type` and `identifier`.  False: answered. */
static bool find_lease(struct command *command, const struct lease_entry **entry) {
  const char *address = json_string(command->arguments, "ip-address");
  const char *type = json_string(command->arguments, "identifier-type");
  const char *identifier = json_string(command->arguments, "identifier");
  const char *ia = json_string(command->arguments, "type");
  yajl_val subnet = json_member(command->arguments, "subnet-id");
  yajl_val iaid = json_member(command->arguments, "iaid");
  const char *id_name = family_of(command) == 4 ? "client-id" : "duid";
  struct bytes bytes;
  if (address != NULL) return find_by_address(command, address, entry);
  if (!YAJL_IS_INTEGER(subnet) || type == NULL || identifier == NULL) {
    command_result(command, RESULT_ERROR, "'ip-address', or 'subnet-id', 'identifier-type' and"
                                          " 'identifier' are needed");
    return false;
  }
  bool by_hardware = strcmp(type, "hw-address") == 0;
  if ((!by_hardware && strcmp(type, id_name) != 0) ||
      !hex_parse(identifier, bytes.bytes, sizeof bytes.bytes, &bytes.len)) {
    command_result(command, RESULT_ERROR, "'identifier-type' must be 'hw-address' or '%s',"
                                          " 'identifier' hexadecimal", id_name);
    return false;
  }
  struct lease_owner owner = { .subnet_id = (uint32_t)YAJL_GET_INTEGER(subnet),
                               .bytes = bytes.bytes, .len = bytes.len };
  if (YAJL_IS_INTEGER(iaid)) owner.iaid = (uint32_t)YAJL_GET_INTEGER(iaid);
  if (ia != NULL) lease_type_parse(ia, &owner.type);
  *entry = lease_table_of_client(&command->server->store.table,
                                 by_hardware ? BY_HARDWARE : BY_CLIENT_ID, &owner, NULL);
  return true;
}

void command_lease_get(struct command *command) {
  const struct lease_entry *entry;
  if (find_lease(command, &entry)) answer_lease(command, entry);
}

void command_lease_del(struct command *command) {
  const struct lease_entry *entry;
  dhcpha_lease lease;
  if (!find_lease(command, &entry)) return;
  if (entry == NULL) {
    command_result(command, RESULT_EMPTY, "IPv%u lease not found.", family_of(command));
    return;
  }
  lease_entry_get(entry, &lease);
  if (store_change(&command->server->store, &lease, DHCPHA_LEASE_DELETE) ==
          DHCPHA_STORED_DELETED &&
      store_commit(&command->server->store))
    command_result(command, RESULT_SUCCESS, "IPv%u lease deleted.", family_of(command));
  else command_result(command, RESULT_ERROR, "The lease database failed.");
}

/* The subnet the lease names, or the one its address lies in. */
static const struct subnet *subnet_for(const struct command *command, const dhcpha_lease *lease) {
  const struct config *config = command->server->config;
  for (size_t i = 0; i < config->subnet_count; i++) {
    const struct subnet *subnet = &config->subnets[i];
    bool inside = subnet_contains(subnet, ip_of(&lease->address));
    bool named = lease->subnet_id == subnet->id; /* a prefix may lie outside of its subnet */
    if ((inside && (lease->subnet_id == 0 || named)) ||
        (named && lease->type == DHCPHA_LEASE_PREFIX))
      return subnet;
  }
  return NULL;
}

static void add(struct command *command, struct lease_draft *draft) {
  dhcpha_lease *lease = &draft->lease;
  struct store *store = &command->server->store;
  const struct subnet *subnet = subnet_for(command, lease);
  if (subnet == NULL) {
    command_result(command, RESULT_CONFLICT, "No subnet with this address and id.");
    return;
  }
  lease->subnet_id = subnet->id;
  if (json_member(command->arguments, "valid-lft") == NULL) {
    lease->valid_lft = subnet->settings.valid_lft;
    if (json_member(command->arguments, "expire") != NULL) lease->cltt -= lease->valid_lft;
  }
  if (lease_table_find(&store->table, lease_id_of(lease)) != NULL)
    command_result(command, RESULT_CONFLICT, "IPv%u lease already exists.",
                   family_of(command));
  else if (store_change(store, lease, DHCPHA_LEASE_PUT) == DHCPHA_STORED_FAILED ||
           !store_commit(store))
    command_result(command, RESULT_ERROR, "The lease database failed.");
  else command_result(command, RESULT_SUCCESS, "Lease for address %s, subnet-id %u added.",
                      json_string(command->arguments, "ip-address"), subnet->id);
}

void command_lease_add(struct command *command) {
  struct lease_draft draft;
  char text[LEASE_JSON_TEXT_MAX];
  const char *owner = family_of(command) == 4 ? "hw-address" : "duid";
  int64_t now = server_time().utc_ms / 1000;
  if (!lease_json_read(family_of(command), command->arguments, now, &draft, text))
    command_result(command, RESULT_ERROR, "%s", text);
  else if (json_member(command->arguments, owner) == NULL)
    command_result(command, RESULT_ERROR, "'%s' is missing", owner);
  else add(command, &draft);
  free(draft.user_context);
}
