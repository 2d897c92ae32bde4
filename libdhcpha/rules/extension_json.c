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
  INTEGER("backup-queue-limit", backup_queue_limit, "no backup would get anything", 0),
};
static const char *const extension_keys[] = {
  "recover-terminated-after", "recover-terminated-per-day", "backup-queue-limit",
  "backup-queue-policy",
};
static const char *const policy_names[] = {
  [DHCPHA_BACKUP_QUEUE_DROP] = "drop",
  [DHCPHA_BACKUP_QUEUE_STOP] = "stop",
};

static void read_policy(dhcpha_relationship *relationship, const dhcpha_values *values) {
  static const char key[] = "backup-queue-policy";
  const dhcpha_json_value *value;
  if (dhcpha_values_get(values, key, DHCPHA_JSON_STRING, &value) != DHCPHA_FOUND) return;
  for (size_t i = 0; i < COUNT(policy_names); i++) {
    if (!dhcpha_json_text_equals(value, policy_names[i])) continue;
    relationship->backup_queue_policy = (dhcpha_backup_queue_policy)i;
    return;
  }
  dhcpha_messages_add(values->messages, DHCPHA_SEVERITY_ERROR,
                      dhcpha_values_place(values, key).text,
                      "unsupported value %.200s of '%s' parameter: it must be drop or stop",
                      value->text, key);
}

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
  read_policy(relationship, &in);
  dhcpha_values_check_keys(&in, extension_keys, COUNT(extension_keys));
}
