/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * config_values: the parameters of one JSON map, strictly typed, with a message
 * for each that is missing, of a wrong type, out of range or unknown.
 * Floor: rules.  Spec: P1 1.1 "Typing rules".
 */
#ifndef DHCPHA_RULES_CONFIG_VALUES_H
#define DHCPHA_RULES_CONFIG_VALUES_H

#include "base/json.h"
#include "rules/messages.h"

/* One map of the configuration. */
typedef struct dhcpha_values {
  const dhcpha_json_value *map;
  dhcpha_place place; /* of the map: "[0].peers[1]" */
  dhcpha_messages *messages;
} dhcpha_values;

typedef enum dhcpha_found {
  DHCPHA_FOUND_NONE, /* absent: the default counts */
  DHCPHA_FOUND_BAD,  /* there is a message about it */
  DHCPHA_FOUND
} dhcpha_found;

/* An optional parameter that goes to `offset` of a record: a bool, or a uint32_t. */
typedef struct dhcpha_parameter {
  const char *key;
  dhcpha_json_type type; /* BOOLEAN or INTEGER */
  size_t offset;
  const char *not_zero; /* why 0 is refused; NULL: it is not */
  uint32_t max;         /* of an integer; 0: whatever a uint32_t holds */
} dhcpha_parameter;

dhcpha_place dhcpha_values_place(const dhcpha_values *values, const char *key);
dhcpha_found dhcpha_values_get(const dhcpha_values *values, const char *key,
                               dhcpha_json_type type, const dhcpha_json_value **value);
/* The same for a mandatory one: it is never NONE. */
dhcpha_found dhcpha_values_need(const dhcpha_values *values, const char *key,
                                dhcpha_json_type type, const dhcpha_json_value **value);
/* Present parameters overwrite what is in the record. */
void dhcpha_values_read(const dhcpha_values *values, const dhcpha_parameter *parameters,
                        size_t count, void *record);
/* An error for each key that is repeated: one of its values is not what was meant.  A warning for
 * each that is not known; `user-context` and `comment` always are. */
void dhcpha_values_check_keys(const dhcpha_values *values, const char *const *known,
                              size_t count);
/* "found a string", for a message; NULL: "found nothing". */
const char *dhcpha_values_found(const dhcpha_json_value *value);

#endif
