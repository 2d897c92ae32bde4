/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* configuration: the top of a configuration. */
#include "configuration.h"

#include <stdlib.h>
#include <string.h>

#include "config_parts.h"

#define DHCP4_SERVER_PORT 67
#define DHCP6_SERVER_PORT 547
#define LEASE_PATH4 "/var/lib/dhcpha/leases4.sqlite"
#define LEASE_PATH6 "/var/lib/dhcpha/leases6.sqlite"

/* "192.0.2.1", "192.0.2.1:67", "2001:db8::1" or "[2001:db8::1]:547". */
bool endpoint_parse(uint8_t family, const char *text, struct ip *address, uint16_t *port) {
  char written[DHCPHA_ADDRESS_TEXT_SIZE];
  bool brackets = text[0] == '[';
  if (brackets) text++;
  size_t len = brackets ? strcspn(text, "]") : family == 4 ? strcspn(text, ":") : strlen(text);
  if (len >= sizeof written || (brackets && (family == 4 || text[len] == '\0'))) return false;
  memcpy(written, text, len);
  written[len] = '\0';
  text += brackets ? len + 1 : len;
  if (*text != '\0') {
    char *end;
    unsigned long number = strtoul(text + 1, &end, 10);
    if (text[0] != ':' || text[1] < '0' || text[1] > '9' || *end != '\0' || number > UINT16_MAX)
      return false;
    *port = (uint16_t)number;
  }
  return ip_parse(family, written, address);
}

/* "eth0", "eth0/192.0.2.1", "192.0.2.1", "127.0.0.1:6767", "[::1]:1547" or "*". */
static void read_interface(struct reader *reader, const struct place *place, yajl_val value,
                           void *target) {
  struct config *config = target;
  const char *text = read_string(reader, place, value);
  if (text == NULL) return;
  struct interface interface = { .name = "", .port = family_of(reader) == 4 ? DHCP4_SERVER_PORT
                                                                            : DHCP6_SERVER_PORT };
  const char *slash = strchr(text, '/');
  bool fine = text[0] != '\0';
  if (slash != NULL) {
    interface.name = arena_copy(reader->arena, text, (size_t)(slash - text));
    fine = slash > text && ip_parse(family_of(reader), slash + 1, &interface.address);
  } else if (!endpoint_parse(family_of(reader), text, &interface.address, &interface.port)) {
    interface.name = text;
    fine = fine && strchr(text, ':') == NULL;
  }
  if (!fine) {
    read_error(reader, place, "\"%s\" must be an interface, an interface and its address"
                              " (\"eth0/%s\"), an address and a port, or \"*\"", text,
               family_of(reader) == 4 ? "192.0.2.1" : "2001:db8::1");
    return;
  }
  void *interfaces = config->interfaces;
  struct interface *slot =
      arena_append(reader->arena, &interfaces, &config->interface_count, sizeof *slot);
  config->interfaces = interfaces;
  if (slot != NULL) *slot = interface;
}

static void read_interfaces(struct reader *reader, const struct place *place, yajl_val value,
                            void *target) {
  read_list(reader, place, value, read_interface, target);
}

static void read_interfaces_config(struct reader *reader, const struct place *place,
                                   yajl_val value, void *target) {
  static const struct key keys[] = {
    { .name = "interfaces", .kind = KEY_READ, .read = read_interfaces },
    { .name = "dhcp-socket-type", .kind = KEY_UNSUPPORTED,
      .remark = "this server uses UDP sockets only; see its README" },
    { .name = "outbound-interface", .kind = KEY_UNSUPPORTED },
    { .name = "re-detect", .kind = KEY_QUIET },
    { .name = "service-sockets-require-all", .kind = KEY_QUIET },
    { .name = "service-sockets-max-retries", .kind = KEY_UNSUPPORTED },
    { .name = "service-sockets-retry-wait-time", .kind = KEY_QUIET },
    { .name = "comment", .kind = KEY_QUIET },
    { .name = "user-context", .kind = KEY_QUIET },
    { .name = NULL },
  };
  read_map(reader, place, value, keys, target);
}

struct control_draft {
  const char *type, *address, *name;
  uint32_t port;
};

/* Kea's "unix" sockets are left out: curl speaks HTTP. */
static void read_control_socket(struct reader *reader, const struct place *place, yajl_val value,
                                void *target) {
  static const struct key keys[] = {
    { .name = "socket-type", .kind = KEY_STRING, .offset = offsetof(struct control_draft, type) },
    { .name = "socket-address", .kind = KEY_STRING,
      .offset = offsetof(struct control_draft, address) },
    { .name = "socket-port", .kind = KEY_UINT32, .low = 1, .high = UINT16_MAX,
      .offset = offsetof(struct control_draft, port) },
    { .name = "socket-name", .kind = KEY_STRING, .offset = offsetof(struct control_draft, name) },
    { .name = "comment", .kind = KEY_QUIET },
    { .name = NULL },
  };
  struct config *config = target;
  struct control_draft draft = { .type = "", .address = "127.0.0.1", .port = 8000 };
  struct control_endpoint control = { .port = 0 };
  size_t errors = reader->findings->errors;
  read_map(reader, place, value, keys, &draft);
  if (reader->findings->errors > errors) return;
  if (strcmp(draft.type, "http") != 0) {
    read_warning(reader, &(struct place){ place, "socket-type", 0 },
                 "\"%s\" is not supported, only \"http\"; ignored", draft.type);
    return;
  }
  control.port = (uint16_t)draft.port;
  if (dhcpha_address_parse(&control.address, draft.address) != DHCPHA_OK) {
    read_error(reader, &(struct place){ place, "socket-address", 0 },
               "\"%s\" must be an IPv4 or IPv6 address", draft.address);
    return;
  }
  void *controls = config->controls;
  struct control_endpoint *slot =
      arena_append(reader->arena, &controls, &config->control_count, sizeof *slot);
  config->controls = controls;
  if (slot != NULL) *slot = control;
}

static void read_control_sockets(struct reader *reader, const struct place *place, yajl_val value,
                                 void *target) {
  read_list(reader, place, value, read_control_socket, target);
}

struct database_draft {
  const char *type, *name;
  int8_t persist;
};

static void read_lease_database(struct reader *reader, const struct place *place, yajl_val value,
                                void *target) {
  static const struct key keys[] = {
    { .name = "type", .kind = KEY_STRING, .offset = offsetof(struct database_draft, type) },
    { .name = "name", .kind = KEY_STRING, .offset = offsetof(struct database_draft, name) },
    { .name = "persist", .kind = KEY_BOOL, .offset = offsetof(struct database_draft, persist) },
    { .name = "lfc-interval", .kind = KEY_QUIET },
    { .name = "comment", .kind = KEY_QUIET },
    { .name = NULL },
  };
  struct config *config = target;
  struct database_draft draft = { .persist = UNSET };
  size_t errors = reader->findings->errors;
  read_map(reader, place, value, keys, &draft);
  if (reader->findings->errors > errors) return;
  struct place type = { place, "type", 0 };
  if (draft.type == NULL) {
    read_error(reader, place, "needs a \"type\": \"sqlite\" or \"memory\"");
  } else if (strcmp(draft.type, "memory") == 0 ||
             (strcmp(draft.type, "memfile") == 0 && draft.persist == 0)) {
    config->lease_database = LEASES_IN_MEMORY;
  } else if (strcmp(draft.type, "sqlite") == 0) {
    if (draft.name != NULL) config->lease_path = draft.name;
  } else if (strcmp(draft.type, "memfile") == 0) {
    /* Kea's file of the same name must not be taken for one of SQLite. */
    read_warning(reader, &type, "\"memfile\" is not supported: leases go to the SQLite file \"%s\";"
                                " Kea's leases are not read", config->lease_path);
  } else {
    read_error(reader, &type, "\"%s\" must be \"sqlite\" or \"memory\"", draft.type);
  }
}

static void read_global_options(struct reader *reader, const struct place *place, yajl_val value,
                                void *target) {
  struct config *config = target;
  read_options(reader, place, value, &config->settings.options, &config->settings.option_count);
}

static void read_subnets(struct reader *reader, const struct place *place, yajl_val value,
                         void *target) {
  read_list(reader, place, value, read_subnet, target);
}

#define QUIET(key) { .name = key, .kind = KEY_QUIET }
#define UNSUPPORTED(key) { .name = key, .kind = KEY_UNSUPPORTED }

/* What both families have. */
#define COMMON_KEYS                                                                               \
  { .name = "interfaces-config", .kind = KEY_READ, .read = read_interfaces_config },              \
  { .name = "lease-database", .kind = KEY_READ, .read = read_lease_database },                    \
  { .name = "option-data", .kind = KEY_READ, .read = read_global_options },                       \
  { .name = "hooks-libraries", .kind = KEY_READ, .read = read_hooks },                            \
  { .name = "decline-probation-period", .kind = KEY_UINT32, .high = UINT32_MAX,                   \
    .offset = offsetof(struct config, decline_probation) },                                       \
  { .name = "shared-networks", .kind = KEY_UNSUPPORTED,                                           \
    .remark = "shared networks are not supported by this server: their subnets are not served" }, \
  { .name = "control-socket", .kind = KEY_READ, .read = read_control_socket },                    \
  { .name = "control-sockets", .kind = KEY_READ, .read = read_control_sockets },                  \
  { .name = "loggers", .kind = KEY_UNSUPPORTED, .remark = "ignored: the log goes to stderr" },    \
  { .name = "expired-leases-processing", .kind = KEY_UNSUPPORTED,                                 \
    .remark = "ignored: expired leases are reclaimed each second, and kept for their clients"     \
              " until the address is needed" },                                                   \
  QUIET("multi-threading"), QUIET("sanity-checks"), QUIET("comment"), QUIET("user-context"),      \
  QUIET("calculate-tee-times"), QUIET("t1-percent"), QUIET("t2-percent"), QUIET("server-tag"),    \
  QUIET("hostname-char-set"), QUIET("hostname-char-replacement"), QUIET("parked-packet-limit"),   \
  QUIET("dhcp-queue-control"), QUIET("early-global-reservations-lookup"),                         \
  QUIET("ip-reservations-unique"), QUIET("reservation-mode"), QUIET("reservations-global"),       \
  QUIET("reservations-in-subnet"), QUIET("reservations-out-of-pool"),                             \
  QUIET("statistic-default-sample-age"), QUIET("statistic-default-sample-count"),                 \
  QUIET("host-reservation-identifiers"), QUIET("dhcp4o6-port"), QUIET("cache-threshold"),         \
  QUIET("cache-max-age"), QUIET("dhcp-ddns"), QUIET("ddns-send-updates"),                         \
  QUIET("ddns-override-no-update"), QUIET("ddns-override-client-update"),                         \
  QUIET("ddns-replace-client-name"), QUIET("ddns-generated-prefix"),                              \
  QUIET("ddns-qualifying-suffix"), QUIET("ddns-update-on-renew"),                                 \
  QUIET("ddns-use-conflict-resolution"), UNSUPPORTED("reservations"),                             \
  UNSUPPORTED("client-classes"), UNSUPPORTED("option-def"), UNSUPPORTED("hosts-database"),        \
  UNSUPPORTED("hosts-databases"), UNSUPPORTED("config-control"),                                  \
  UNSUPPORTED("store-extended-info"), UNSUPPORTED("allocator"), UNSUPPORTED("compatibility"),     \
  { .name = NULL }

static const struct key dhcp4_keys[] = {
  SETTINGS4_KEYS(struct config, settings),
  { .name = "subnet4", .kind = KEY_READ, .read = read_subnets },
  QUIET("echo-client-id"), UNSUPPORTED("offer-lifetime"),
  COMMON_KEYS,
};

static const struct key dhcp6_keys[] = {
  SETTINGS6_KEYS(struct config, settings),
  { .name = "rapid-commit", .kind = KEY_BOOL,
    .offset = offsetof(struct config, settings.rapid_commit) },
  { .name = "subnet6", .kind = KEY_READ, .read = read_subnets },
  { .name = "server-id", .kind = KEY_READ, .read = read_server_id },
  QUIET("relay-supplied-options"), QUIET("mac-sources"), UNSUPPORTED("pd-allocator"),
  COMMON_KEYS,
};

static void read_family(struct reader *reader, const struct place *place, yajl_val value,
                        struct config *config) {
  bool is4 = config->family == 4;
  read_map(reader, place, value, is4 ? dhcp4_keys : dhcp6_keys, config);
  struct place subnets = { place, is4 ? "subnet4" : "subnet6", 0 };
  check_subnets(reader, &subnets, config);
  check_ha(reader, &subnets, config);
  if (config->subnet_count == 0)
    read_warning(reader, &subnets, "there is no subnet, so no client is served");
  const struct settings *settings = &config->settings;
  if (settings->rebind_timer != 0 && settings->renew_timer >= settings->rebind_timer)
    read_warning(reader, &(struct place){ place, "renew-timer", 0 },
                 "should be less than \"rebind-timer\"");
}

static void set_defaults(struct config *config) {
  config->settings.valid_lft = 7200;
  config->settings.match_client_id = 1;
  config->settings.authoritative = 0;
  config->settings.rapid_commit = 0;
  config->decline_probation = 86400;
  config->lease_path = config->family == 4 ? LEASE_PATH4 : LEASE_PATH6;
}

static void read_top(struct reader *reader, yajl_val top, struct config *config) {
  if (config->family == 0)
    config->family = json_member(top, "Dhcp4") == NULL && json_member(top, "Dhcp6") != NULL ? 6 : 4;
  set_defaults(config);
  const char *key = config->family == 4 ? "Dhcp4" : "Dhcp6";
  yajl_val value = json_member(top, key);
  if (value != NULL) read_family(reader, &(struct place){ NULL, key, 0 }, value, config);
  else read_error(reader, NULL, "a map with the key \"%s\" is expected", key);
  for (size_t i = 0; YAJL_IS_OBJECT(top) && i < top->u.object.len; i++)
    if (strcmp(top->u.object.keys[i], key) != 0)
      read_warning(reader, &(struct place){ NULL, top->u.object.keys[i], 0 },
                   "unknown key; ignored");
}

struct config *config_read(uint8_t family, const char *text, size_t len, bool file,
                           struct findings *findings) {
  yajl_val top = json_read(text, len, file, findings);
  struct config *config = top != NULL ? calloc(1, sizeof *config) : NULL;
  if (config != NULL) {
    config->family = family;
    struct reader reader = { findings, &config->arena, config };
    read_top(&reader, top, config);
    if (config->arena.failed) read_error(&reader, NULL, "out of memory");
  }
  yajl_tree_free(top);
  if (findings->errors == 0 && config != NULL) return config;
  config_free(config);
  return NULL;
}

void config_free(struct config *config) {
  if (config == NULL) return;
  dhcpha_config_free(config->ha);
  arena_free(&config->arena);
  free(config);
}
