/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * options4: DHCPv4 options by name, and their values from text to bytes.
 */
#ifndef DHCPD_OPTIONS4_H
#define DHCPD_OPTIONS4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The options this server itself deals in (RFC 2132, 3046, 3527, 4388). */
enum option4_code {
  OPTION_PAD = 0,
  OPTION_SUBNET_MASK = 1,
  OPTION_ROUTERS = 3,
  OPTION_DNS_SERVERS = 6,
  OPTION_HOST_NAME = 12,
  OPTION_DOMAIN_NAME = 15,
  OPTION_REQUESTED_ADDRESS = 50,
  OPTION_LEASE_TIME = 51,
  OPTION_OVERLOAD = 52,
  OPTION_MESSAGE_TYPE = 53,
  OPTION_SERVER_ID = 54,
  OPTION_PARAMETER_LIST = 55,
  OPTION_MESSAGE = 56,
  OPTION_MAX_SIZE = 57,
  OPTION_RENEWAL_TIME = 58,
  OPTION_REBINDING_TIME = 59,
  OPTION_CLIENT_ID = 61,
  OPTION_RELAY_AGENT = 82,
  OPTION_END = 255
};

/* How a value is written in the configuration. */
enum option4_type {
  OPTION_TYPE_HEX, /* "0102ff", "0x0102ff", "01:02:ff", or 'text' */
  OPTION_TYPE_IP4,
  OPTION_TYPE_IP4_LIST,
  OPTION_TYPE_IP4_PAIRS, /* addresses, an even number of them */
  OPTION_TYPE_STRING,
  OPTION_TYPE_NAMES, /* domain names, uncompressed (RFC 3397) */
  OPTION_TYPE_BOOL,
  OPTION_TYPE_UINT8,
  OPTION_TYPE_UINT16,
  OPTION_TYPE_UINT32,
  OPTION_TYPE_EMPTY
};

#define OPTION_DATA_MAX 1024

struct option4_definition {
  uint8_t code;
  const char *name; /* Kea's */
  enum option4_type type;
};

const struct option4_definition *option4_by_name(const char *name);
const struct option4_definition *option4_by_code(unsigned code);

/* What a type takes, for a message. */
const char *option4_type_text(enum option4_type type);

/* Bytes of a value's text.  False: the text is none of this type, or too long. */
bool option4_encode(enum option4_type type, const char *text, uint8_t bytes[OPTION_DATA_MAX],
                    size_t *len);

/* The server sets these itself. */
bool option4_is_reserved(unsigned code);

#endif
