/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/**
 * @file types.h
 * Status codes, families, time, addresses and the allocator.
 */
#ifndef DHCPHA_TYPES_H
#define DHCPHA_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Marks what the shared library exports. */
#if defined(__GNUC__)
#define DHCPHA_API __attribute__((visibility("default")))
#else
#define DHCPHA_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** What a call came to.  New codes are added at the end. */
typedef enum dhcpha_status {
  DHCPHA_OK = 0,        /**< Done. */
  DHCPHA_ERR_NOMEM,     /**< An allocation failed; nothing was changed. */
  DHCPHA_ERR_ARGUMENT,  /**< The caller's argument is not allowed. */
  DHCPHA_ERR_UNKNOWN,   /**< Nothing with this id or name: it is late, or foreign. */
  DHCPHA_ERR_FOREIGN,   /**< Not a command of High Availability: the host answers it. */
  DHCPHA_ERR_LIMIT,     /**< A named limit on size, depth, count or time was reached. */
  DHCPHA_ERR_MALFORMED, /**< The text or packet is not well formed. */
  DHCPHA_ERR_CONFIG,    /**< The configuration is wrong; its messages say where. */
  DHCPHA_ERR_STATE,     /**< Not now: the object is not started, or already is. */
  DHCPHA_ERR_IO,        /**< The host's store or transport failed. */
  DHCPHA_ERR_TIMEOUT,   /**< No answer in time. */
  DHCPHA_ERR_REFUSED    /**< The peer refused or closed the connection. */
} dhcpha_status;

/**
 * The text of a status code.
 *
 * @param status  Any value; one that is no #dhcpha_status gives "unknown status".
 * @return A static English text, never NULL.
 * @since 0.1.0
 */
DHCPHA_API const char *dhcpha_strerror(dhcpha_status status);

/** The DHCP family a server speaks. */
typedef enum dhcpha_family {
  DHCPHA_DHCP4 = 4, /**< DHCPv4, RFC 2131. */
  DHCPHA_DHCP6 = 6  /**< DHCPv6, RFC 8415. */
} dhcpha_family;

/** Two clocks read at one moment. */
typedef struct dhcpha_time {
  int64_t monotonic_ms; /**< Milliseconds of a clock that never steps. */
  int64_t utc_ms;       /**< Milliseconds since 1970-01-01 00:00:00 UTC. */
} dhcpha_time;

/** No deadline: later than every time. */
#define DHCPHA_NEVER INT64_MAX

/** An IPv4 or IPv6 address, or an IPv6 prefix's first address. */
typedef struct dhcpha_address {
  uint8_t family;    /**< 4, 6, or 0 for none. */
  uint8_t bytes[16]; /**< Network order; IPv4 in the first four, the rest 0. */
} dhcpha_address;

/** Room for the text of any address, with its end. */
#define DHCPHA_ADDRESS_TEXT_SIZE 46

/**
 * Read an address from its text.
 *
 * @param address  Filled on success.
 * @param text     Dotted IPv4 ("192.0.2.1") or IPv6 ("2001:db8::1"), without brackets.
 * @retval DHCPHA_OK             Read.
 * @retval DHCPHA_ERR_MALFORMED  Neither an IPv4 nor an IPv6 address.
 * @retval DHCPHA_ERR_ARGUMENT   An argument is NULL.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_address_parse(dhcpha_address *address, const char *text);

/**
 * Write an address as text: RFC 5952 for IPv6.
 *
 * @param address  The address; family 0 gives "".
 * @param text     Receives the text and its end.
 * @return @p text.
 * @since 0.1.0
 */
DHCPHA_API const char *dhcpha_address_format(const dhcpha_address *address,
                                             char text[DHCPHA_ADDRESS_TEXT_SIZE]);

/** Where all memory of the library comes from. */
typedef struct dhcpha_allocator {
  size_t size; /**< Set by dhcpha_allocator_init(). */
  /** As malloc(): NULL when there is none. */
  void *(*allocate)(size_t bytes, void *user_data);
  /** As realloc(): @p memory may be NULL; on failure it stays as it was. */
  void *(*reallocate)(void *memory, size_t bytes, void *user_data);
  /** As free(): @p memory may be NULL. */
  void (*release)(void *memory, void *user_data);
  void *user_data; /**< Handed to each of the three. */
} dhcpha_allocator;

/** Start from an allocator without functions: malloc(), realloc() and free().
 *  @param allocator  Filled in. */
static inline void dhcpha_allocator_init(dhcpha_allocator *allocator) {
  allocator->size = sizeof *allocator;
  allocator->allocate = NULL;
  allocator->reallocate = NULL;
  allocator->release = NULL;
  allocator->user_data = NULL;
}

#ifdef __cplusplus
}
#endif
#endif
