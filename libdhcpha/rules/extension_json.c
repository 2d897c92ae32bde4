/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/extension_json.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define INTEGER(key, member, not_zero, max) \
  { key, DHCPHA_JSON_INTEGER, offsetof(dhcpha_relationship, member), not_zero, max }

static const dhcpha_parameter extension_parameters[] = {
  INTEGER("recover-terminated-after", recover_terminated_after_s, NULL, 0),
  INTEGER("recover-terminated-per-day", recover_terminated_per_day,
          "'recover-terminated-after' 0 is what never recovers", DHCPHA_RECOVERIES_PER_DAY_MAX),
};
static const char *const extension_keys[] = {
  "recover-terminated-after", "recover-terminated-per-day",
};

void dhcpha_read_extension(dhcpha_relationship *relationship, const dhcpha_values *values) {
  const dhcpha_json_value *map = dhcpha_json_get(values->map, DHCPHA_EXTENSION_KEY);
  dhcpha_values in = { map, dhcpha_values_place(values, DHCPHA_EXTENSION_KEY), values->messages };
  if (map == NULL) return;
  if (map->type != DHCPHA_JSON_MAP) {
    dhcpha_messages_add(values->messages, DHCPHA_SEVERITY_ERROR, in.place.text,
                        "'" DHCPHA_EXTENSION_KEY "' parameter must be a map: %s",
                        dhcpha_values_found(map));
    return;
  }
  dhcpha_values_read(&in, extension_parameters, COUNT(extension_parameters), relationship);
  dhcpha_values_check_keys(&in, extension_keys, COUNT(extension_keys));
}
