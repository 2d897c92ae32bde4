/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/names.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const char *const modes[] = {
  [DHCPHA_MODE_LOAD_BALANCING] = "load-balancing",
  [DHCPHA_MODE_HOT_STANDBY] = "hot-standby",
  [DHCPHA_MODE_PASSIVE_BACKUP] = "passive-backup",
};

static const char *const mode_titles[] = {
  [DHCPHA_MODE_LOAD_BALANCING] = "load balancing",
  [DHCPHA_MODE_HOT_STANDBY] = "hot standby",
  [DHCPHA_MODE_PASSIVE_BACKUP] = "passive backup",
};

static const char *const roles[] = {
  [DHCPHA_ROLE_PRIMARY] = "primary",
  [DHCPHA_ROLE_SECONDARY] = "secondary",
  [DHCPHA_ROLE_STANDBY] = "standby",
  [DHCPHA_ROLE_BACKUP] = "backup",
};

/* The 13 names of P1 1.4; no text means DHCPHA_STATE_NONE. */
static const char *const states[] = {
  [DHCPHA_STATE_BACKUP] = "backup",
  [DHCPHA_STATE_COMMUNICATION_RECOVERY] = "communication-recovery",
  [DHCPHA_STATE_HOT_STANDBY] = "hot-standby",
  [DHCPHA_STATE_LOAD_BALANCING] = "load-balancing",
  [DHCPHA_STATE_IN_MAINTENANCE] = "in-maintenance",
  [DHCPHA_STATE_PARTNER_DOWN] = "partner-down",
  [DHCPHA_STATE_PARTNER_IN_MAINTENANCE] = "partner-in-maintenance",
  [DHCPHA_STATE_PASSIVE_BACKUP] = "passive-backup",
  [DHCPHA_STATE_READY] = "ready",
  [DHCPHA_STATE_SYNCING] = "syncing",
  [DHCPHA_STATE_TERMINATED] = "terminated",
  [DHCPHA_STATE_WAITING] = "waiting",
  [DHCPHA_STATE_UNAVAILABLE] = "unavailable",
};

static const char *name_of(const char *const *table, size_t count, int value) {
  if (value < 0 || (size_t)value >= count) return "";
  return table[value];
}

static bool find(const char *const *table, size_t count, const char *name, size_t len,
                 size_t *value) {
  if (name == NULL) return false;
  for (size_t i = 0; i < count; i++) {
    if (strlen(table[i]) != len || memcmp(table[i], name, len) != 0) continue;
    *value = i;
    return true;
  }
  return false;
}

const char *dhcpha_mode_get_name(dhcpha_mode mode) {
  return name_of(modes, COUNT(modes), (int)mode);
}

const char *dhcpha_mode_get_title(dhcpha_mode mode) {
  return name_of(mode_titles, COUNT(mode_titles), (int)mode);
}

const char *dhcpha_role_get_name(dhcpha_role role) {
  return name_of(roles, COUNT(roles), (int)role);
}

const char *dhcpha_state_get_name(dhcpha_state state) {
  return name_of(states, COUNT(states), (int)state);
}

bool dhcpha_mode_read(const char *name, size_t len, dhcpha_mode *mode) {
  size_t value;
  if (!find(modes, COUNT(modes), name, len, &value)) return false;
  *mode = (dhcpha_mode)value;
  return true;
}

bool dhcpha_role_read(const char *name, size_t len, dhcpha_role *role) {
  size_t value;
  if (!find(roles, COUNT(roles), name, len, &value)) return false;
  *role = (dhcpha_role)value;
  return true;
}

bool dhcpha_state_read(const char *name, size_t len, dhcpha_state *state) {
  size_t value;
  if (!find(states, COUNT(states), name, len, &value)) return false;
  *state = (dhcpha_state)value;
  return true;
}

static size_t length_of(const char *name) {
  return name == NULL ? 0 : strlen(name);
}

dhcpha_status dhcpha_mode_parse(const char *name, dhcpha_mode *mode) {
  return dhcpha_mode_read(name, length_of(name), mode) ? DHCPHA_OK : DHCPHA_ERR_UNKNOWN;
}

dhcpha_status dhcpha_role_parse(const char *name, dhcpha_role *role) {
  return dhcpha_role_read(name, length_of(name), role) ? DHCPHA_OK : DHCPHA_ERR_UNKNOWN;
}

dhcpha_status dhcpha_state_parse(const char *name, dhcpha_state *state) {
  return dhcpha_state_read(name, length_of(name), state) ? DHCPHA_OK : DHCPHA_ERR_UNKNOWN;
}
