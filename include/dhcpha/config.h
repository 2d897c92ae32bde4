/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/**
 * @file config.h
 * The configuration of High Availability: relationships and their peers.
 *
 * It is read from the JSON of Kea's `high-availability` parameter, a list of
 * relationship maps (P1 1.1).  A configuration is never changed once read.
 */
#ifndef DHCPHA_CONFIG_H
#define DHCPHA_CONFIG_H

#include <dhcpha/names.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What was found wrong, or doubtful, in a configuration. */
typedef struct dhcpha_messages dhcpha_messages;

/** How bad a message is. */
typedef enum dhcpha_severity {
  DHCPHA_SEVERITY_WARNING, /**< It works, but may not do what was meant. */
  DHCPHA_SEVERITY_ERROR    /**< It is refused. */
} dhcpha_severity;

/** When a state pauses the state machine (P1 1.4, P2 7.9). */
typedef enum dhcpha_pause {
  DHCPHA_PAUSE_NEVER, /**< `never` */
  DHCPHA_PAUSE_ONCE,  /**< `once`: at the first entry */
  DHCPHA_PAUSE_ALWAYS /**< `always`: at each entry */
} dhcpha_pause;

/** What happens when a backup is too slow and its queue of lease updates is full. */
typedef enum dhcpha_backup_queue_policy {
  DHCPHA_BACKUP_QUEUE_DROP, /**< `drop`: while it is full, new updates are lost; the rest is sent. */
  DHCPHA_BACKUP_QUEUE_STOP  /**< `stop`: all that waits is lost, and no more than one update at a
                                 time is sent until the backup acknowledges one. */
} dhcpha_backup_queue_policy;

/** One peer, this server included (P1 1.5).  Owned by its configuration. */
typedef struct dhcpha_peer {
  size_t size;             /**< Of this struct, in the library that made it. */
  const char *name;        /**< Trimmed, not empty, unique. */
  const char *url;         /**< As written. */
  dhcpha_address address;  /**< Of the URL. */
  uint16_t port;           /**< Of the URL; 0 when it has none. */
  dhcpha_role role;        /**< Its role. */
  bool auto_failover;      /**< Serves all failover scopes in partner-down. */
  bool tls;                /**< All three TLS parameters are set. */
  const char *trust_anchor; /**< Effective value, "" when unset. */
  const char *cert_file;    /**< Effective value, "" when unset. */
  const char *key_file;     /**< Effective value, "" when unset. */
  const char *basic_auth_user;     /**< "" when there are no credentials. */
  const char *basic_auth_password; /**< "" when there is none. */
  const char *host;        /**< Of the URL, without brackets.  It may be a name, which Kea refuses;
                                `address` is then of family 0.  @since 0.2.0 */
  const char *const *urls; /**< All URLs: `url`, then its `further-urls`.  @since 0.2.0 */
  size_t url_count;        /**< How many; at least 1, at most 8.  @since 0.2.0 */
} dhcpha_peer;

/** One relationship (P1 1.2).  Owned by its configuration. */
typedef struct dhcpha_relationship {
  size_t size;          /**< Of this struct, in the library that made it. */
  dhcpha_mode mode;     /**< Its mode. */
  const dhcpha_peer *const *peers; /**< In ascending byte order of their names. */
  size_t peer_count;    /**< How many, this server included. */
  const dhcpha_peer *self;    /**< This server. */
  const dhcpha_peer *partner; /**< The partner (P1 "Conventions"); NULL when there is none. */
  bool send_lease_updates;    /**< Send lease updates at all. */
  bool sync_leases;           /**< Synchronize after start. */
  bool wait_backup_ack;       /**< A backup's acknowledgement is awaited. */
  bool require_client_certs;  /**< Of the TLS listener. */
  bool restrict_commands;     /**< The listener takes the commands of P1 1.9 only. */
  bool multi_threading;       /**< `enable-multi-threading` */
  bool dedicated_listener;    /**< `http-dedicated-listener` */
  uint32_t listener_threads;  /**< `http-listener-threads`; 0: automatic */
  uint32_t client_threads;    /**< `http-client-threads`; 0: automatic */
  uint32_t sync_timeout_ms;       /**< Of one page request, ms. */
  uint32_t sync_page_limit;       /**< Leases in a page; at least 1. */
  uint32_t delayed_updates_limit; /**< Leases kept in communication-recovery. */
  uint32_t heartbeat_delay_ms;    /**< Between heartbeats; 0: none are sent. */
  uint32_t max_response_delay_ms; /**< Silence after which communication is interrupted. */
  uint32_t max_ack_delay_ms;      /**< Wait after which a client counts as unacked. */
  uint32_t max_unacked_clients;   /**< More than these: the partner failed; 0: do not look. */
  uint32_t max_rejected_lease_updates; /**< These or more: terminate; 0: never. */
  dhcpha_pause pause[DHCPHA_STATE_COUNT]; /**< For each state. */
  /* Our own, from the map "dhcpha", which Kea ignores. @since 0.2.0 */
  uint32_t recover_terminated_after_s;   /**< Leave terminated by itself so long after its cause has gone; 0: never. */
  uint32_t recover_terminated_per_day;   /**< At most so often in 24 hours; at least 1. */
  uint32_t backup_queue_limit;           /**< Leases on their way to one backup; at least 1. */
  dhcpha_backup_queue_policy backup_queue_policy; /**< What happens when they would be more. */
} dhcpha_relationship;

/** A configuration that has been read and found right. */
typedef struct dhcpha_config dhcpha_config;

/**
 * Read a configuration.
 *
 * @param family     The family this server speaks.
 * @param json       The `high-availability` list of Kea's configuration (P1 1.1).
 * @param json_len   Length of @p json in bytes; at most 1 MiB.
 * @param allocator  Where the configuration, and each hub made with it, take
 *                   memory from; NULL for malloc().  Copied.
 * @param config     Receives the configuration, to be given to dhcpha_config_free(); NULL on failure.
 * @param messages   Receives what was found, errors in the order of P1 1.10
 *                   first, to be given to dhcpha_messages_free(); may be NULL.
 *                   Filled on success too: warnings, such as unknown keys.
 * @retval DHCPHA_OK            Read.
 * @retval DHCPHA_ERR_CONFIG    At least one message is an error.
 * @retval DHCPHA_ERR_NOMEM     Out of memory.
 * @retval DHCPHA_ERR_ARGUMENT  @p json or @p config is NULL, or @p family is none.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_config_parse(dhcpha_family family, const char *json,
                                             size_t json_len,
                                             const dhcpha_allocator *allocator,
                                             dhcpha_config **config,
                                             dhcpha_messages **messages);

/**
 * Look for settings that are allowed but risky.
 *
 * @param config    The configuration.
 * @param messages  Receives the warnings, to be given to dhcpha_messages_free().
 * @retval DHCPHA_OK            Looked; there may be no message.
 * @retval DHCPHA_ERR_NOMEM     Out of memory.
 * @retval DHCPHA_ERR_ARGUMENT  An argument is NULL.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_config_lint(const dhcpha_config *config,
                                            dhcpha_messages **messages);

/**
 * Give up a configuration.  Hubs made with it keep what they need of it.
 * @param config  The configuration, or NULL.
 * @since 0.1.0
 */
DHCPHA_API void dhcpha_config_free(dhcpha_config *config);

/**
 * The family the configuration was read for.
 * @param config  The configuration.
 * @return The family.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_family dhcpha_config_get_family(const dhcpha_config *config);

/**
 * How many relationships there are.
 * @param config  The configuration.
 * @return At least 1.
 * @since 0.1.0
 */
DHCPHA_API size_t dhcpha_config_get_relationship_count(const dhcpha_config *config);

/**
 * One relationship.
 * @param config  The configuration.
 * @param index   From 0, in the order of the list; it is the relationship's id.
 * @return The relationship, valid until dhcpha_config_free(); NULL past the last.
 * @since 0.1.0
 */
DHCPHA_API const dhcpha_relationship *
dhcpha_config_get_relationship(const dhcpha_config *config, size_t index);

/**
 * How many messages there are.
 * @param messages  The messages; NULL counts as none.
 * @return Their count.
 * @since 0.1.0
 */
DHCPHA_API size_t dhcpha_messages_get_count(const dhcpha_messages *messages);

/**
 * How bad a message is.
 * @param messages  The messages.
 * @param index     From 0; past the last it is a warning.
 * @return Its severity.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_severity dhcpha_messages_get_severity(const dhcpha_messages *messages,
                                                        size_t index);

/**
 * Where a message applies: `[0].peers[1].url`; "" for the whole.
 * @param messages  The messages.
 * @param index     From 0.
 * @return The place, valid until dhcpha_messages_free(); NULL past the last.
 * @since 0.1.0
 */
DHCPHA_API const char *dhcpha_messages_get_place(const dhcpha_messages *messages, size_t index);

/**
 * What a message says, place included.
 * @param messages  The messages.
 * @param index     From 0.
 * @return The text, valid until dhcpha_messages_free(); NULL past the last.
 * @since 0.1.0
 */
DHCPHA_API const char *dhcpha_messages_get_text(const dhcpha_messages *messages, size_t index);

/**
 * Give up messages.
 * @param messages  The messages, or NULL.
 * @since 0.1.0
 */
DHCPHA_API void dhcpha_messages_free(dhcpha_messages *messages);

#ifdef __cplusplus
}
#endif
#endif
