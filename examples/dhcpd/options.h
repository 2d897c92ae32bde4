/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * options: DHCP options by name, and their values from text to bytes.
 */
#ifndef DHCPD_OPTIONS_H
#define DHCPD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a value is written in the configuration. */
enum option_type {
  OPTION_TYPE_HEX, /* "0102ff", "0x0102ff", "01:02:ff", or 'text' */
  OPTION_TYPE_IP4,
  OPTION_TYPE_IP4_LIST,
  OPTION_TYPE_IP4_PAIRS, /* addresses, an even number of them */
  OPTION_TYPE_IP6,
  OPTION_TYPE_IP6_LIST,
  OPTION_TYPE_STRING,
  OPTION_TYPE_NAMES, /* domain names, uncompressed (RFC 3397, RFC 8415 10) */
  OPTION_TYPE_BOOL,
  OPTION_TYPE_UINT8,
  OPTION_TYPE_UINT16,
  OPTION_TYPE_UINT32,
  OPTION_TYPE_EMPTY
};

#define OPTION_DATA_MAX 1024

struct option_definition {
  uint16_t code;
  const char *name; /* Kea's */
  enum option_type type;
};

/* The options of one family; both lists end in an entry of zeros. */
struct option_set {
  const char *space; /* "dhcp4" */
  const struct option_definition *definitions;
  const uint16_t *reserved; /* set by the server itself, or by clients only */
  uint16_t code_max;
};

extern const struct option_set options4, options6;

const struct option_definition *option_by_name(const struct option_set *set, const char *name);
const struct option_definition *option_by_code(const struct option_set *set, unsigned code);
bool option_is_reserved(const struct option_set *set, unsigned code);

/* What a type takes, for a message. */
const char *option_type_text(enum option_type type);

/* Bytes of a value's text.  False: the text is none of this type, or too long. */
bool option_encode(enum option_type type, const char *text, uint8_t bytes[OPTION_DATA_MAX],
                   size_t *len);

#endif
