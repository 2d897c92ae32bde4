/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/version_table.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define ABILITY(name) DHCPHA_ABILITY_##name

/* A lower version's abilities are a higher one's, too. */
static const struct {
  const char *name;
  uint32_t adds;
} versions[DHCPHA_VERSION_COUNT] = {
    [DHCPHA_VERSION_UNKNOWN] = {"unknown", 0},
    [DHCPHA_VERSION_KEA_2_2] = {"Kea 2.2", 0},
    [DHCPHA_VERSION_KEA_2_4] = {"Kea 2.4", ABILITY(CONFLICT_CODE)},
    [DHCPHA_VERSION_KEA_2_6] = {"Kea 2.6", ABILITY(SERVER_NAME) | ABILITY(ORIGIN_ID)},
    [DHCPHA_VERSION_KEA_3_0] = {"Kea 3.0", ABILITY(RELEASED_STATE) | ABILITY(MAINTENANCE_STATE)},
    [DHCPHA_VERSION_KEA_3_2] = {"Kea 3.2", 0},
    [DHCPHA_VERSION_LIBDHCPHA] = {"libdhcpha", 0},
};

/* Commands that came, or went, with a version.  Each is the daemon's own, whatever other hooks it
 * has loaded.  Read from the top, the first that fits tells the version.  The lists of 2.2.0, 2.6.3
 * and 3.0.4 were recorded; Kea's change log dates the commands: config-hash-get came with 2.4.0,
 * libreload went with 2.6.0, subnet4-select-test came with 2.7.4 (the released state with 2.7.0),
 * kea-lfc-start with 3.1.2. */
static const struct {
  dhcpha_version version;
  const char *has[2]; /* one of them */
  const char *lacks;
} signs[] = {
    {DHCPHA_VERSION_LIBDHCPHA, {DHCPHA_VERSION_COMMAND}, NULL},
    {DHCPHA_VERSION_KEA_3_2, {"kea-lfc-start"}, NULL},
    {DHCPHA_VERSION_KEA_3_0, {"subnet4-select-test", "subnet6-select-test"}, NULL},
    {DHCPHA_VERSION_KEA_2_6, {"config-hash-get"}, "libreload"},
    {DHCPHA_VERSION_KEA_2_4, {"config-hash-get"}, NULL},
    {DHCPHA_VERSION_KEA_2_2, {"ha-heartbeat"}, NULL},
};

static const struct {
  const char *command;
  dhcpha_ability ability;
} told[] = {
    {"lease4-bulk-apply", ABILITY(LEASE4_BULK_APPLY)},
    {"lease6-bulk-apply", ABILITY(LEASE6_BULK_APPLY)},
    {"ha-sync-complete-notify", ABILITY(SYNC_COMPLETE)},
};

static const char *const ability_names[DHCPHA_ABILITY_COUNT] = {
    "conflict-code",     "server-name",       "origin-id",         "released-state",
    "maintenance-state", "lease4-bulk-apply", "lease6-bulk-apply", "ha-sync-complete-notify",
};

const char *dhcpha_version_get_name(dhcpha_version version) {
  return versions[version < DHCPHA_VERSION_COUNT ? version : DHCPHA_VERSION_UNKNOWN].name;
}

const char *dhcpha_ability_get_name(dhcpha_ability ability) {
  for (unsigned i = 0; i < DHCPHA_ABILITY_COUNT; i++)
    if ((uint32_t)ability == 1u << i) return ability_names[i];
  return "";
}

uint32_t dhcpha_version_get_abilities(dhcpha_version version) {
  uint32_t abilities = 0;
  for (unsigned i = 0; i < DHCPHA_VERSION_COUNT && i <= (unsigned)version; i++)
    abilities |= versions[i].adds;
  return abilities;
}

bool dhcpha_goes_as_delete(const dhcpha_lease *lease, bool deleted, uint32_t abilities) {
  bool released = lease->state == DHCPHA_LEASE_RELEASED;
  if (!released && lease->state != DHCPHA_LEASE_REGISTERED) return deleted;
  return (deleted && !released) || (abilities & DHCPHA_ABILITY_RELEASED_STATE) == 0;
}

static bool names(const dhcpha_json_value *commands, const char *name) {
  const dhcpha_json_value *command = name == NULL ? NULL : commands->first;
  while (command != NULL && !dhcpha_json_text_equals(command, name)) command = command->next;
  return command != NULL;
}

dhcpha_version dhcpha_version_read(const dhcpha_json_value *commands, uint32_t *abilities) {
  *abilities = 0;
  /* A Control Agent answers for itself when it is asked without a service: without ha-heartbeat. */
  if (!dhcpha_json_is(commands, DHCPHA_JSON_LIST) || !names(commands, "ha-heartbeat"))
    return DHCPHA_VERSION_UNKNOWN;
  for (size_t i = 0; i < COUNT(told); i++)
    if (names(commands, told[i].command)) *abilities |= (uint32_t)told[i].ability;
  for (size_t i = 0; i < COUNT(signs); i++)
    if ((names(commands, signs[i].has[0]) || names(commands, signs[i].has[1])) &&
        !names(commands, signs[i].lacks))
      return signs[i].version;
  return DHCPHA_VERSION_UNKNOWN;
}
