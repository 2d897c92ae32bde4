/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/**
 * @file names.h
 * Modes, roles and states, and their names on the wire.
 */
#ifndef DHCPHA_NAMES_H
#define DHCPHA_NAMES_H

#include <dhcpha/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How the servers of a relationship share the work (P1 1.2). */
typedef enum dhcpha_mode {
  DHCPHA_MODE_LOAD_BALANCING, /**< `load-balancing` */
  DHCPHA_MODE_HOT_STANDBY,    /**< `hot-standby` */
  DHCPHA_MODE_PASSIVE_BACKUP  /**< `passive-backup` */
} dhcpha_mode;

/** What one peer is in its relationship (P1 1.5). */
typedef enum dhcpha_role {
  DHCPHA_ROLE_PRIMARY,   /**< `primary` */
  DHCPHA_ROLE_SECONDARY, /**< `secondary`: the other half of load-balancing */
  DHCPHA_ROLE_STANDBY,   /**< `standby`: the other half of hot-standby */
  DHCPHA_ROLE_BACKUP     /**< `backup`: gets lease updates only */
} dhcpha_role;

/** The states of a relationship (P2 0.2).  The last two describe a partner only. */
typedef enum dhcpha_state {
  DHCPHA_STATE_BACKUP,                 /**< `backup` */
  DHCPHA_STATE_COMMUNICATION_RECOVERY, /**< `communication-recovery` */
  DHCPHA_STATE_HOT_STANDBY,            /**< `hot-standby` */
  DHCPHA_STATE_LOAD_BALANCING,         /**< `load-balancing` */
  DHCPHA_STATE_IN_MAINTENANCE,         /**< `in-maintenance` */
  DHCPHA_STATE_PARTNER_DOWN,           /**< `partner-down` */
  DHCPHA_STATE_PARTNER_IN_MAINTENANCE, /**< `partner-in-maintenance` */
  DHCPHA_STATE_PASSIVE_BACKUP,         /**< `passive-backup` */
  DHCPHA_STATE_READY,                  /**< `ready` */
  DHCPHA_STATE_SYNCING,                /**< `syncing` */
  DHCPHA_STATE_TERMINATED,             /**< `terminated` */
  DHCPHA_STATE_WAITING,                /**< `waiting` */
  DHCPHA_STATE_UNAVAILABLE,            /**< `unavailable`: the last exchange failed */
  DHCPHA_STATE_NONE                    /**< No result of any kind yet; no text on the wire */
} dhcpha_state;

/** How many states there are, the partner's two included. */
#define DHCPHA_STATE_COUNT 14

/**
 * The name of a mode as in a configuration: `hot-standby`.
 * @param mode  A mode.
 * @return A static text; "" for a value that is no mode.
 * @since 0.1.0
 */
DHCPHA_API const char *dhcpha_mode_get_name(dhcpha_mode mode);

/**
 * The name of a role as in a configuration: `primary`.
 * @param role  A role.
 * @return A static text; "" for a value that is no role.
 * @since 0.1.0
 */
DHCPHA_API const char *dhcpha_role_get_name(dhcpha_role role);

/**
 * The name of a state as on the wire: `partner-down`.
 * @param state  A state.
 * @return A static text; "" for #DHCPHA_STATE_NONE and for a value that is no state.
 * @since 0.1.0
 */
DHCPHA_API const char *dhcpha_state_get_name(dhcpha_state state);

/**
 * The mode of a name.  Case matters.
 * @param name  The name; not NULL.
 * @param mode  Filled on success.
 * @retval DHCPHA_OK           Found.
 * @retval DHCPHA_ERR_UNKNOWN  No mode has this name.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_mode_parse(const char *name, dhcpha_mode *mode);

/**
 * The role of a name.  Case matters.
 * @param name  The name; not NULL.
 * @param role  Filled on success.
 * @retval DHCPHA_OK           Found.
 * @retval DHCPHA_ERR_UNKNOWN  No role has this name.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_role_parse(const char *name, dhcpha_role *role);

/**
 * The state of a name.  Case matters.  The 13 names of P1 1.4.
 * @param name   The name; not NULL.
 * @param state  Filled on success.
 * @retval DHCPHA_OK           Found.
 * @retval DHCPHA_ERR_UNKNOWN  No state has this name.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_state_parse(const char *name, dhcpha_state *state);

#ifdef __cplusplus
}
#endif
#endif
