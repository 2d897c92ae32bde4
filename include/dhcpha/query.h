/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/**
 * @file query.h
 * What High Availability needs to know of a DHCP query, and its verdict on it.
 */
#ifndef DHCPHA_QUERY_H
#define DHCPHA_QUERY_H

#include <dhcpha/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Longest client identifier that a query may carry in several parts, bytes (RFC 3396). */
#define DHCPHA_CLIENT_ID_JOINED_MAX 512

/** The facts of one query.  Its pointers belong to whoever filled it in. */
typedef struct dhcpha_query {
  size_t size;          /**< Set by dhcpha_query_init(). */
  uint8_t type;         /**< DHCPv4 option 53, or the DHCPv6 innermost message type; 0: none. */
  uint16_t secs;        /**< DHCPv4 `secs`, as decoded from network order. */
  bool has_elapsed;     /**< DHCPv6: there was an Elapsed Time option. */
  uint16_t elapsed;     /**< DHCPv6 Elapsed Time, hundredths of a second. */
  const uint8_t *hw_address; /**< DHCPv4: the first `hlen` bytes of `chaddr`. */
  size_t hw_address_len;     /**< 0..20 bytes. */
  const uint8_t *client_id;  /**< DHCPv4 option 61 with its type, or the DUID. */
  size_t client_id_len;      /**< Bytes; 0: none. */
  const char *server_name;   /**< `ha-server-name` of the selected subnet (P1 1.12); NULL with one relationship. */
  uint8_t joined[DHCPHA_CLIENT_ID_JOINED_MAX + 20]; /**< For dhcpha_query_read(); not initialized. */
} dhcpha_query;

/** Start from a query without facts.
 *  @param query  Filled in. */
static inline void dhcpha_query_init(dhcpha_query *query) {
  query->size = sizeof *query;
  query->type = 0;
  query->secs = 0;
  query->has_elapsed = false;
  query->elapsed = 0;
  query->hw_address = NULL;
  query->hw_address_len = 0;
  query->client_id = NULL;
  query->client_id_len = 0;
  query->server_name = NULL;
}

/**
 * Read the facts out of a packet as it came from the network.
 *
 * @param query       Initialized and filled in; points into @p packet, or into itself where an
 *                    option came in several parts (RFC 3396): do not copy it.
 * @param family      What the packet is.
 * @param packet      The UDP payload; relayed DHCPv6 is unwrapped to its innermost message.
 * @param packet_len  Its length, bytes.
 * @retval DHCPHA_OK             Read.
 * @retval DHCPHA_ERR_MALFORMED  Too short, an option runs past the end, `hlen` above 20,
 *                               relayed more than 32 times: drop it.
 * @retval DHCPHA_ERR_ARGUMENT   An argument is NULL, or @p family is none.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_query_read(dhcpha_query *query, dhcpha_family family,
                                           const uint8_t *packet, size_t packet_len);

/** Why a verdict is as it is. */
typedef enum dhcpha_reason {
  DHCPHA_REASON_IN_SCOPE,         /**< Its scope is served here. */
  DHCPHA_REASON_NOT_SUBJECT,      /**< High Availability does not concern its type (P1 2.2). */
  DHCPHA_REASON_NOT_IN_SCOPE,     /**< Another server's. */
  DHCPHA_REASON_NO_IDENTITY,      /**< Load-balancing, and nothing to hash (P1 2.3). */
  DHCPHA_REASON_NO_RELATIONSHIP,  /**< Its `ha-server-name` is missing or unknown (P1 1.12). */
  DHCPHA_REASON_SERVICE_DISABLED  /**< The DHCP service is off. */
} dhcpha_reason;

/** Whether this server is to answer a query. */
typedef struct dhcpha_verdict {
  size_t size;              /**< Set by dhcpha_verdict_init(). */
  bool serve;               /**< Answer it; otherwise drop it in silence. */
  dhcpha_reason reason;     /**< Why. */
  const char *client_class; /**< The class it belongs to, `HA_server1`; "" for none; valid as long as the hub. */
  size_t relationship;      /**< Index of the relationship it belongs to. */
} dhcpha_verdict;

/** Start from an empty verdict.
 *  @param verdict  Filled in. */
static inline void dhcpha_verdict_init(dhcpha_verdict *verdict) {
  verdict->size = sizeof *verdict;
  verdict->serve = false;
  verdict->reason = DHCPHA_REASON_NO_RELATIONSHIP;
  verdict->client_class = "";
  verdict->relationship = 0;
}

#ifdef __cplusplus
}
#endif
#endif
