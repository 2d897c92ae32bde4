/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/**
 * @file action.h
 * One thing a hub asks its host to do.
 */
#ifndef DHCPHA_ACTION_H
#define DHCPHA_ACTION_H

#include <dhcpha/lease.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is to be done. */
typedef enum dhcpha_action_type {
  DHCPHA_ACTION_SEND_COMMAND = 1, /**< Send a command to a peer. */
  DHCPHA_ACTION_ANSWER_COMMAND,   /**< Answer a command that was received. */
  DHCPHA_ACTION_SET_SERVICE,      /**< Enable or disable the DHCP service. */
  DHCPHA_ACTION_READ_LEASES,      /**< Read leases from the store. */
  DHCPHA_ACTION_STORE_LEASES,     /**< Change leases in the store. */
  DHCPHA_ACTION_RELEASE_QUERY,    /**< Send, or drop, the answer to a parked query. */
  DHCPHA_ACTION_LOG               /**< Something worth telling. */
} dhcpha_action_type;

/** How grave a log message is. */
typedef enum dhcpha_level {
  DHCPHA_LEVEL_DEBUG,   /**< For developers; off by default. */
  DHCPHA_LEVEL_INFO,    /**< As it should be. */
  DHCPHA_LEVEL_WARNING, /**< Worth a look. */
  DHCPHA_LEVEL_ERROR    /**< Something has to be done about it. */
} dhcpha_level;

/** An action.  Belongs to whoever took it with dhcpha_hub_next_action(). */
typedef struct dhcpha_action dhcpha_action;

/**
 * What is to be done.
 * @param action  The action.
 * @return Its type.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_action_type dhcpha_action_get_type(const dhcpha_action *action);

/**
 * The id by which its outcome is reported.
 *
 * The hub chooses it for SEND_COMMAND, READ_LEASES and STORE_LEASES, and never uses it twice.
 * For ANSWER_COMMAND and RELEASE_QUERY it is the one that the host gave.
 * @param action  The action.
 * @return The id; 0 for SET_SERVICE and LOG.
 * @since 0.1.0
 */
DHCPHA_API uint64_t dhcpha_action_get_id(const dhcpha_action *action);

/**
 * SEND_COMMAND: the name of the peer to send to.
 * @param action  The action.
 * @return The name, valid as long as the hub; "" for other types.
 * @since 0.1.0
 */
DHCPHA_API const char *dhcpha_action_get_peer(const dhcpha_action *action);

/**
 * SEND_COMMAND: the URL of the peer, as configured.
 * @param action  The action.
 * @return The URL, valid as long as the hub; "" for other types.
 * @since 0.1.0
 */
DHCPHA_API const char *dhcpha_action_get_url(const dhcpha_action *action);

/**
 * SEND_COMMAND, ANSWER_COMMAND: the JSON text to send.
 * @param action  The action.
 * @return The text, ended by a 0 byte; valid as long as the action; "" for other types.
 * @since 0.1.0
 */
DHCPHA_API const char *dhcpha_action_get_json(const dhcpha_action *action);

/**
 * SEND_COMMAND, ANSWER_COMMAND: the length of the JSON text.
 * @param action  The action.
 * @return Bytes, the end not counted.
 * @since 0.1.0
 */
DHCPHA_API size_t dhcpha_action_get_json_len(const dhcpha_action *action);

/**
 * SEND_COMMAND: how long the peer may be silent before the hub gives up.
 * @param action  The action.
 * @return Milliseconds; 0 for other types.
 * @since 0.1.0
 */
DHCPHA_API uint32_t dhcpha_action_get_timeout_ms(const dhcpha_action *action);

/**
 * ANSWER_COMMAND: the HTTP status that goes with the answer (P1 4.3).
 * @param action  The action.
 * @return 200, 400 or 403; 0 for other types.
 * @since 0.1.0
 */
DHCPHA_API int dhcpha_action_get_http_status(const dhcpha_action *action);

/**
 * SET_SERVICE: whether the DHCP service is to be enabled.
 * RELEASE_QUERY: whether the answer is to be sent; otherwise it is dropped.
 * @param action  The action.
 * @return true to enable or send; false for other types.
 * @since 0.1.0
 */
DHCPHA_API bool dhcpha_action_get_enabled(const dhcpha_action *action);

/**
 * READ_LEASES: which leases.
 * @param action  The action.
 * @return The range, valid as long as the action; NULL for other types.
 * @since 0.1.0
 */
DHCPHA_API const dhcpha_lease_range *dhcpha_action_get_range(const dhcpha_action *action);

/**
 * STORE_LEASES: the leases, and what is to be done with each.
 * @param action  The action.
 * @return The batch, valid as long as the action; NULL for other types.
 * @since 0.1.0
 */
DHCPHA_API const dhcpha_lease_batch *dhcpha_action_get_leases(const dhcpha_action *action);

/**
 * LOG: how grave it is.
 * @param action  The action.
 * @return The level; #DHCPHA_LEVEL_DEBUG for other types.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_level dhcpha_action_get_level(const dhcpha_action *action);

/**
 * LOG: the stable id of the message: `state_change`.
 * @param action  The action.
 * @return A static text; "" for other types.
 * @since 0.1.0
 */
DHCPHA_API const char *dhcpha_action_get_message_id(const dhcpha_action *action);

/**
 * LOG: the text, in English, one line.
 * @param action  The action.
 * @return The text, valid as long as the action; "" for other types.
 * @since 0.1.0
 */
DHCPHA_API const char *dhcpha_action_get_text(const dhcpha_action *action);

/**
 * Give up an action that dhcpha_hub_next_action() handed out.
 * Free every action before its hub.
 * @param action  The action, or NULL.
 * @since 0.1.0
 */
DHCPHA_API void dhcpha_action_free(dhcpha_action *action);

#ifdef __cplusplus
}
#endif
#endif
