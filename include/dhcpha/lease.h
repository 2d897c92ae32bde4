/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/**
 * @file lease.h
 * Leases, what is to be done with them, and the subnets they belong to.
 */
#ifndef DHCPHA_LEASE_H
#define DHCPHA_LEASE_H

#include <dhcpha/types.h>

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a lease is for (P1 4.7).  A DHCPv4 lease is of the first type. */
typedef enum dhcpha_lease_type {
  DHCPHA_LEASE_ADDRESS,  /**< An IPv4 address, or `IA_NA`. */
  DHCPHA_LEASE_TEMPORARY, /**< `IA_TA` */
  DHCPHA_LEASE_PREFIX    /**< `IA_PD` */
} dhcpha_lease_type;

/** The state of a lease (P1 4.7). */
typedef enum dhcpha_lease_state {
  DHCPHA_LEASE_ASSIGNED = 0,  /**< Default. */
  DHCPHA_LEASE_DECLINED = 1,  /**< A client found the address in use. */
  DHCPHA_LEASE_EXPIRED = 2,   /**< Expired and reclaimed. */
  DHCPHA_LEASE_RELEASED = 3,  /**< Released, kept for its client. */
  DHCPHA_LEASE_REGISTERED = 4 /**< DHCPv6 ADDR-REG-INFORM. */
} dhcpha_lease_state;

/** A lifetime without end, seconds. */
#define DHCPHA_LIFETIME_INFINITE UINT32_MAX

/** A lease.  Its pointers belong to whoever filled it in. */
typedef struct dhcpha_lease {
  size_t size;              /**< Set by dhcpha_lease_init(). */
  dhcpha_address address;   /**< The address, or the first of the prefix. */
  uint8_t type;             /**< A #dhcpha_lease_type. */
  uint8_t prefix_len;       /**< Bits, 1..128, of a prefix; else 128 or 0. */
  uint8_t state;            /**< A #dhcpha_lease_state. */
  bool fqdn_fwd;            /**< The forward DNS entry was made. */
  bool fqdn_rev;            /**< The reverse DNS entry was made. */
  uint32_t subnet_id;       /**< From 1. */
  uint32_t pool_id;         /**< 0: none. */
  uint32_t iaid;            /**< DHCPv6. */
  uint32_t valid_lft;       /**< Seconds, or #DHCPHA_LIFETIME_INFINITE. */
  uint32_t preferred_lft;   /**< Seconds; DHCPv6. */
  int64_t cltt;             /**< Client last transmission time, seconds since 1970 UTC. */
  const uint8_t *hw_address; /**< Hardware address. */
  size_t hw_address_len;     /**< 0..20 bytes. */
  const uint8_t *client_id;  /**< DHCPv4 option 61 with its type, or the DUID. */
  size_t client_id_len;      /**< 0..255 bytes. */
  const char *hostname;      /**< NULL or not terminated: see #hostname_len. */
  size_t hostname_len;       /**< 0..255 bytes. */
  const char *user_context;  /**< A JSON map's text, carried unchanged; NULL: none. */
  size_t user_context_len;   /**< Bytes. */
} dhcpha_lease;

/** Start from an empty lease: all 0.
 *  @param lease  Filled in. */
static inline void dhcpha_lease_init(dhcpha_lease *lease) {
  memset(lease, 0, sizeof *lease);
  lease->size = sizeof *lease;
}

/** What the store is asked to do with one lease. */
typedef enum dhcpha_lease_operation {
  DHCPHA_LEASE_PUT,          /**< Add it, or overwrite what is there (P1 4.8).  A DHCPv6 lease in
                                  state #DHCPHA_LEASE_REGISTERED is not overwritten by one in
                                  another state, nor the other way: #DHCPHA_STORED_REFUSED. */
  DHCPHA_LEASE_PUT_EXISTING, /**< Overwrite what is there, as #DHCPHA_LEASE_PUT; add nothing. */
  DHCPHA_LEASE_PUT_NEWER,    /**< Add it, or overwrite a lease whose cltt is lower (P2 6.4). */
  DHCPHA_LEASE_DELETE        /**< Remove it.  By address; DHCPv6: and type. */
} dhcpha_lease_operation;

/** What became of one lease in the store. */
typedef enum dhcpha_stored {
  DHCPHA_STORED_ADDED,   /**< There was none. */
  DHCPHA_STORED_UPDATED, /**< The old one was overwritten. */
  DHCPHA_STORED_KEPT,    /**< The old one is not older, and stays. */
  DHCPHA_STORED_DELETED, /**< Removed. */
  DHCPHA_STORED_MISSING, /**< There was none to overwrite or remove. */
  DHCPHA_STORED_BUSY,    /**< Another request holds it just now. */
  DHCPHA_STORED_FAILED,  /**< The store could not. */
  DHCPHA_STORED_REFUSED  /**< A DHCPv6 lease would become registered, or no longer be (P1 4.8).
                              @since 0.2.0 */
} dhcpha_stored;

/** Leases the store is asked to work on, in order.  Belongs to the library. */
typedef struct dhcpha_lease_batch dhcpha_lease_batch;

/**
 * How many leases there are in a batch.
 * @param batch  The batch.
 * @return Their count.
 * @since 0.1.0
 */
DHCPHA_API size_t dhcpha_lease_batch_get_count(const dhcpha_lease_batch *batch);

/**
 * One lease of a batch.
 * @param batch  The batch.
 * @param index  From 0.
 * @return The lease, valid as long as the batch; NULL past the last.
 * @since 0.1.0
 */
DHCPHA_API const dhcpha_lease *dhcpha_lease_batch_get_lease(const dhcpha_lease_batch *batch,
                                                            size_t index);

/**
 * What is to be done with one lease of a batch.
 * @param batch  The batch.
 * @param index  From 0, below the count.
 * @return The operation.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_lease_operation
dhcpha_lease_batch_get_operation(const dhcpha_lease_batch *batch, size_t index);

/** Which leases are to be read: in ascending numeric order of address. */
typedef struct dhcpha_lease_range {
  size_t size;           /**< Of this struct, in the library that made it. */
  dhcpha_address after;  /**< Only leases behind this address; 0.0.0.0 or :: from the start. */
  uint32_t limit;        /**< At most this many; UINT32_MAX: all. */
} dhcpha_lease_range;

/** A subnet of the host's configuration.  Filled in by the host. */
typedef struct dhcpha_subnet {
  size_t size;            /**< Set by dhcpha_subnet_init(). */
  uint32_t id;            /**< From 1, unique. */
  dhcpha_address prefix;  /**< Its first address. */
  uint8_t prefix_len;     /**< Bits. */
  uint32_t valid_lft;     /**< Of a lease that comes without one, seconds. */
  const char *server_name; /**< `ha-server-name` (P1 1.12), or NULL. */
} dhcpha_subnet;

/** Start from an empty subnet: all 0.
 *  @param subnet  Filled in. */
static inline void dhcpha_subnet_init(dhcpha_subnet *subnet) {
  memset(subnet, 0, sizeof *subnet);
  subnet->size = sizeof *subnet;
}

#ifdef __cplusplus
}
#endif
#endif
