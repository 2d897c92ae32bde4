/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* config_subnets: the `subnet4` or `subnet6` list of a configuration. */
#include "config_parts.h"

#include <string.h>

uint32_t subnet_mask(const struct subnet *subnet) {
  return (uint32_t)~ip_host_bits(4, subnet->prefix_len).low;
}

bool subnet_contains(const struct subnet *subnet, struct ip address) {
  return ip_in_prefix(address, subnet->family, subnet->prefix, subnet->prefix_len);
}

bool classes_allow(const struct classes *classes, const char *client_class) {
  if (classes->count == 0) return true;
  for (size_t i = 0; i < classes->count; i++)
    if (strcmp(classes->names[i], client_class) == 0) return true;
  return false;
}

static void read_subnet_class(struct reader *reader, const struct place *place, yajl_val value,
                              void *target) {
  read_class(reader, place, value, &((struct subnet *)target)->classes);
}

static void read_subnet_classes(struct reader *reader, const struct place *place, yajl_val value,
                                void *target) {
  read_list(reader, place, value, read_class, &((struct subnet *)target)->classes);
}

/* ---- the rest of a subnet ---- */

static void read_prefix(struct reader *reader, const struct place *place, yajl_val value,
                        void *target) {
  struct subnet *subnet = target;
  const char *text = read_string(reader, place, value);
  if (text == NULL) return;
  if (!ip_prefix_parse(subnet->family, text, &subnet->prefix, &subnet->prefix_len) ||
      subnet->prefix_len == 0 || !subnet_contains(subnet, subnet->prefix))
    read_error(reader, place, "\"%s\" must be a prefix without host bits, as \"%s\"", text,
               subnet->family == 4 ? "192.0.2.0/24" : "2001:db8::/64");
}

static void read_subnet_options(struct reader *reader, const struct place *place, yajl_val value,
                                void *target) {
  struct subnet *subnet = target;
  read_options(reader, place, value, &subnet->settings.options, &subnet->settings.option_count);
}

static void read_relay_address(struct reader *reader, const struct place *place, yajl_val value,
                               void *target) {
  struct subnet *subnet = target;
  struct ip address;
  if (!read_ip(reader, place, value, subnet->family, &address)) return;
  void *relays = subnet->relays;
  struct ip *slot = arena_append(reader->arena, &relays, &subnet->relay_count, sizeof *slot);
  subnet->relays = relays;
  if (slot != NULL) *slot = address;
}

static void read_relay_addresses(struct reader *reader, const struct place *place, yajl_val value,
                                 void *target) {
  read_list(reader, place, value, read_relay_address, target);
}

static void read_relay(struct reader *reader, const struct place *place, yajl_val value,
                       void *target) {
  static const struct key keys[] = {
    { .name = "ip-addresses", .kind = KEY_READ, .read = read_relay_addresses },
    { .name = "ip-address", .kind = KEY_READ, .read = read_relay_address },
    { .name = NULL },
  };
  read_map(reader, place, value, keys, target);
}

static void read_context(struct reader *reader, const struct place *place, yajl_val value,
                         void *target) {
  struct subnet *subnet = target;
  yajl_val name = json_member(value, "ha-server-name");
  if (name == NULL) return;
  struct place at = { place, "ha-server-name", 0 };
  subnet->ha_server_name = read_string(reader, &at, name);
  if (subnet->ha_server_name != NULL && subnet->ha_server_name[0] == '\0')
    read_error(reader, &at, "must not be empty");
}

#define QUIET(key) { .name = key, .kind = KEY_QUIET }
#define UNSUPPORTED(key) { .name = key, .kind = KEY_UNSUPPORTED }

/* What both families have. */
#define COMMON_KEYS                                                                               \
  { .name = "id", .kind = KEY_UINT32, .offset = offsetof(struct subnet, id), .low = 1,            \
    .high = UINT32_MAX - 1 },                                                                     \
  { .name = "subnet", .kind = KEY_READ, .read = read_prefix },                                    \
  { .name = "pools", .kind = KEY_READ, .read = read_pools },                                      \
  { .name = "option-data", .kind = KEY_READ, .read = read_subnet_options },                       \
  { .name = "client-class", .kind = KEY_READ, .read = read_subnet_class },                        \
  { .name = "client-classes", .kind = KEY_READ, .read = read_subnet_classes },                    \
  { .name = "relay", .kind = KEY_READ, .read = read_relay },                                      \
  { .name = "interface", .kind = KEY_STRING, .offset = offsetof(struct subnet, interface) },      \
  { .name = "user-context", .kind = KEY_READ, .read = read_context },                             \
  { .name = "reservations", .kind = KEY_UNSUPPORTED,                                              \
    .remark = "reservations are not supported by this server; ignored" },                         \
  QUIET("comment"), QUIET("calculate-tee-times"), QUIET("reservation-mode"),                      \
  QUIET("reservations-global"), QUIET("reservations-in-subnet"),                                  \
  QUIET("reservations-out-of-pool"), UNSUPPORTED("store-extended-info"),                          \
  UNSUPPORTED("require-client-classes"), UNSUPPORTED("evaluate-additional-classes"),              \
  UNSUPPORTED("allocator"), UNSUPPORTED("cache-threshold"), UNSUPPORTED("cache-max-age"),         \
  { .name = NULL }

static const struct key subnet4_keys[] = {
  SETTINGS4_KEYS(struct subnet, settings),
  UNSUPPORTED("4o6-interface"), UNSUPPORTED("4o6-interface-id"), UNSUPPORTED("4o6-subnet"),
  UNSUPPORTED("offer-lifetime"),
  COMMON_KEYS,
};

static const struct key subnet6_keys[] = {
  SETTINGS6_KEYS(struct subnet, settings),
  { .name = "rapid-commit", .kind = KEY_BOOL,
    .offset = offsetof(struct subnet, settings.rapid_commit) },
  { .name = "pd-pools", .kind = KEY_READ, .read = read_pd_pools },
  { .name = "interface-id", .kind = KEY_STRING, .offset = offsetof(struct subnet, interface_id) },
  UNSUPPORTED("pd-allocator"),
  COMMON_KEYS,
};

void read_subnet(struct reader *reader, const struct place *place, yajl_val value, void *target) {
  struct config *config = target;
  size_t errors = reader->findings->errors;
  struct subnet subnet = { .family = config->family,
                           .settings = { .match_client_id = UNSET, .authoritative = UNSET,
                                         .rapid_commit = UNSET } };
  read_map(reader, place, value, config->family == 4 ? subnet4_keys : subnet6_keys, &subnet);
  if (reader->findings->errors > errors) return;
  if (subnet.prefix_len == 0) {
    read_error(reader, place, "needs a \"subnet\"");
    return;
  }
  check_pools(reader, place, &subnet);
  void *subnets = config->subnets;
  struct subnet *slot = arena_append(reader->arena, &subnets, &config->subnet_count, sizeof *slot);
  config->subnets = subnets;
  if (slot != NULL) *slot = subnet;
}

/* ---- all subnets ---- */

/* The first of two options with one code counts, so those from above come behind. */
static void inherit_options(struct arena *arena, struct settings *own,
                            const struct settings *above) {
  for (size_t i = 0; i < above->option_count; i++) {
    void *options = own->options;
    struct option *slot = arena_append(arena, &options, &own->option_count, sizeof *slot);
    own->options = options;
    if (slot != NULL) *slot = above->options[i];
  }
}

static void inherit(struct settings *own, const struct settings *above) {
  if (own->valid_lft == 0) {
    own->valid_lft = above->valid_lft;
    if (own->min_valid_lft == 0) own->min_valid_lft = above->min_valid_lft;
    if (own->max_valid_lft == 0) own->max_valid_lft = above->max_valid_lft;
  }
  if (own->preferred_lft == 0) {
    own->preferred_lft = above->preferred_lft;
    if (own->min_preferred_lft == 0) own->min_preferred_lft = above->min_preferred_lft;
    if (own->max_preferred_lft == 0) own->max_preferred_lft = above->max_preferred_lft;
  }
  if (own->rapid_commit == UNSET) own->rapid_commit = above->rapid_commit;
  if (own->renew_timer == 0) own->renew_timer = above->renew_timer;
  if (own->rebind_timer == 0) own->rebind_timer = above->rebind_timer;
  if (own->match_client_id == UNSET) own->match_client_id = above->match_client_id;
  if (own->authoritative == UNSET) own->authoritative = above->authoritative;
  if (own->next_server == 0) own->next_server = above->next_server;
  if (own->server_hostname == NULL) own->server_hostname = above->server_hostname;
  if (own->boot_file_name == NULL) own->boot_file_name = above->boot_file_name;
}

static uint32_t free_id(const struct config *config) {
  for (uint32_t id = 1;; id++) {
    size_t i = 0;
    while (i < config->subnet_count && config->subnets[i].id != id) i++;
    if (i == config->subnet_count) return id;
  }
}

static bool overlap(const struct subnet *a, const struct subnet *b) {
  return subnet_contains(a, b->prefix) || subnet_contains(b, a->prefix);
}

/* Prefixes to delegate may lie outside of their subnet, and so in another's. */
static void check_pools_of_two(struct reader *reader, const struct place *place,
                               const struct config *config, size_t index, size_t other) {
  const struct subnet *a = &config->subnets[index], *b = &config->subnets[other];
  for (size_t i = 0; i < a->pool_count; i++)
    for (size_t j = 0; j < b->pool_count; j++) {
      struct place pools = { place, pool_list(&a->pools[i]), 0 };
      if (pools_overlap(&a->pools[i], &b->pools[j], a->family))
        read_error(reader, &(struct place){ &pools, NULL, pool_number(a, i) },
                   "must not overlap with %s[%zu] of the subnet %u", pool_list(&b->pools[j]),
                   pool_number(b, j), b->id);
    }
}

void check_subnets(struct reader *reader, const struct place *place, struct config *config) {
  for (size_t i = 0; i < config->subnet_count; i++) {
    struct subnet *subnet = &config->subnets[i];
    struct place at = { place, NULL, i }, id = { &at, "id", 0 };
    inherit(&subnet->settings, &config->settings);
    inherit_options(reader->arena, &subnet->settings, &config->settings);
    if (subnet->id == 0 && reader->findings->errors == 0) {
      subnet->id = free_id(config);
      read_warning(reader, &id, "is missing; %u was taken. Give one: the servers of a pair must"
                                " use the same", subnet->id);
    }
    for (size_t j = 0; j < i; j++) {
      if (config->subnets[j].id == subnet->id)
        read_error(reader, &id, "%u must not be that of %s[%zu] too", subnet->id, place->key, j);
      if (overlap(subnet, &config->subnets[j]))
        read_error(reader, &(struct place){ &at, "subnet", 0 },
                   "must not overlap with %s[%zu]", place->key, j);
      else if (config->family == 6) check_pools_of_two(reader, &at, config, i, j);
    }
  }
}
