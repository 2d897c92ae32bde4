/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * version_table: what each version of a peer can take, and by which of its commands it is known.
 * Floor: rules.  Spec: P1 6, P2 14.
 * A version is a lower bound: the peer can take at least what that version can.
 */
#ifndef DHCPHA_RULES_VERSION_TABLE_H
#define DHCPHA_RULES_VERSION_TABLE_H

#include "base/json.h"

#include <dhcpha/lease.h>

/* Our own list of commands names it; no Kea does. */
#define DHCPHA_VERSION_COMMAND "dhcpha-version-get"

/* In ascending order. */
typedef enum dhcpha_version {
  DHCPHA_VERSION_UNKNOWN,
  DHCPHA_VERSION_KEA_2_2,
  DHCPHA_VERSION_KEA_2_4,
  DHCPHA_VERSION_KEA_2_6,
  DHCPHA_VERSION_KEA_3_0,
  DHCPHA_VERSION_KEA_3_2,
  DHCPHA_VERSION_LIBDHCPHA,
  DHCPHA_VERSION_COUNT
} dhcpha_version;

typedef enum dhcpha_ability {
  DHCPHA_ABILITY_CONFLICT_CODE = 1u << 0,     /* tells conflicts apart by result 4 */
  DHCPHA_ABILITY_SERVER_NAME = 1u << 1,       /* heeds `server-name` */
  DHCPHA_ABILITY_ORIGIN_ID = 1u << 2,         /* heeds `origin-id` */
  DHCPHA_ABILITY_RELEASED_STATE = 1u << 3,    /* lease states 3 and 4 */
  DHCPHA_ABILITY_MAINTENANCE_STATE = 1u << 4, /* `state` with the end of maintenance */
  DHCPHA_ABILITY_LEASE4_BULK_APPLY = 1u << 5, /* these are in its list of commands */
  DHCPHA_ABILITY_LEASE6_BULK_APPLY = 1u << 6,
  DHCPHA_ABILITY_SYNC_COMPLETE = 1u << 7
} dhcpha_ability;

#define DHCPHA_ABILITY_COUNT 8

/* "Kea 3.0", "libdhcpha"; "unknown". */
const char *dhcpha_version_get_name(dhcpha_version version);
/* "released-state"; of one ability. */
const char *dhcpha_ability_get_name(dhcpha_ability ability);
/* What it can take, whatever its configuration. */
uint32_t dhcpha_version_get_abilities(dhcpha_version version);
/* The version whose list of commands this is, and what the list itself tells.  UNKNOWN when it is
 * no list of a DHCP server with High Availability. */
dhcpha_version dhcpha_version_read(const dhcpha_json_value *commands, uint32_t *abilities);

/* P2 4.2, 15.7: whether a lease goes to a peer of these abilities as a delete, given in which list
 * the host named it.  A released lease is an update for who knows its state, and a delete for all
 * others. */
bool dhcpha_goes_as_delete(const dhcpha_lease *lease, bool deleted, uint32_t abilities);

#endif
