/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/config_values.h"

#include <string.h>

#define ERROR DHCPHA_SEVERITY_ERROR

/* In the order of dhcpha_json_type. */
static const char *const type_texts[] = {
  "null", "a boolean", "an integer", "a real number", "a string", "a list", "a map",
};
static const char *const found_texts[] = {
  "found null",     "found a boolean", "found an integer", "found a real number",
  "found a string", "found a list",    "found a map",
};

const char *dhcpha_values_found(const dhcpha_json_value *value) {
  return value == NULL ? "found nothing" : found_texts[value->type];
}

dhcpha_place dhcpha_values_place(const dhcpha_values *values, const char *key) {
  return dhcpha_place_make("%s.%.80s", values->place.text, key);
}

/* Kea's own words for the list of peers; all others follow the general pattern. */
static const char *kea_words(const char *key, bool missing) {
  if (strcmp(key, "peers") != 0) return "";
  return missing ? "'peers' parameter missing in HA configuration: "
                 : "'peers' parameter must be a list: ";
}

/* An integer too large for int64_t comes as a real without point and exponent. */
static bool is_large_integer(const dhcpha_json_value *value) {
  return value->type == DHCPHA_JSON_REAL &&
         strspn(value->text, "-0123456789") == value->text_len;
}

dhcpha_found dhcpha_values_get(const dhcpha_values *values, const char *key,
                               dhcpha_json_type type, const dhcpha_json_value **value) {
  *value = dhcpha_json_get(values->map, key);
  if (*value == NULL) return DHCPHA_FOUND_NONE;
  if (type == DHCPHA_JSON_INTEGER && is_large_integer(*value)) return DHCPHA_FOUND;
  if ((*value)->type != type) {
    dhcpha_messages_add(values->messages, ERROR, dhcpha_values_place(values, key).text,
                        "invalid type specified for parameter '%s': %smust be %s, %s", key,
                        kea_words(key, false), type_texts[type], found_texts[(*value)->type]);
    return DHCPHA_FOUND_BAD;
  }
  if (type == DHCPHA_JSON_STRING && memchr((*value)->text, 0, (*value)->text_len) != NULL) {
    dhcpha_messages_add(values->messages, ERROR, dhcpha_values_place(values, key).text,
                        "invalid value specified for parameter '%s': it must not contain a 0 "
                        "byte", key);
    return DHCPHA_FOUND_BAD;
  }
  return DHCPHA_FOUND;
}

dhcpha_found dhcpha_values_need(const dhcpha_values *values, const char *key,
                                dhcpha_json_type type, const dhcpha_json_value **value) {
  dhcpha_found found = dhcpha_values_get(values, key, type, value);
  if (found != DHCPHA_FOUND_NONE) return found;
  dhcpha_messages_add(values->messages, ERROR, dhcpha_values_place(values, key).text,
                      "missing parameter '%s': %sit is mandatory and must be %s", key,
                      kea_words(key, true), type_texts[type]);
  return DHCPHA_FOUND_BAD;
}

static void read_integer(const dhcpha_values *values, const dhcpha_parameter *parameter,
                         const dhcpha_json_value *value, uint32_t *to) {
  bool negative = value->text[0] == '-' && (value->type == DHCPHA_JSON_REAL || value->integer < 0);
  uint32_t max = parameter->max == 0 ? UINT32_MAX : parameter->max;
  dhcpha_place place = dhcpha_values_place(values, parameter->key);
  if (negative)
    dhcpha_messages_add(values->messages, ERROR, place.text,
                        "'%s' must not be negative: found %.40s, allowed are %d to %u",
                        parameter->key, value->text, parameter->not_zero != NULL, max);
  else if (value->type == DHCPHA_JSON_REAL || value->integer > max)
    dhcpha_messages_add(values->messages, ERROR, place.text,
                        "'%s' must not be greater than %u: found %.40s", parameter->key,
                        max, value->text);
  else if (value->integer == 0 && parameter->not_zero != NULL)
    dhcpha_messages_add(values->messages, ERROR, place.text,
                        "'%s' must be greater than 0: %s", parameter->key, parameter->not_zero);
  else
    *to = (uint32_t)value->integer;
}

void dhcpha_values_read(const dhcpha_values *values, const dhcpha_parameter *parameters,
                        size_t count, void *record) {
  for (size_t i = 0; i < count; i++) {
    const dhcpha_parameter *parameter = &parameters[i];
    const dhcpha_json_value *value;
    void *to = (char *)record + parameter->offset;
    if (dhcpha_values_get(values, parameter->key, parameter->type, &value) != DHCPHA_FOUND)
      continue;
    if (parameter->type == DHCPHA_JSON_BOOLEAN) *(bool *)to = value->boolean;
    else read_integer(values, parameter, value, to);
  }
}

/* One letter more, less, another, or two swapped: most likely a slip of the pen. */
static bool is_near(const char *a, size_t a_len, const char *b) {
  size_t b_len = strlen(b), front = 0, back = 0;
  while (front < a_len && front < b_len && a[front] == b[front]) front++;
  while (back < a_len - front && back < b_len - front &&
         a[a_len - 1 - back] == b[b_len - 1 - back])
    back++;
  size_t a_rest = a_len - front - back, b_rest = b_len - front - back;
  if (a_rest == 2 && b_rest == 2) return a[front] == b[front + 1] && a[front + 1] == b[front];
  return a_rest <= 1 && b_rest <= 1;
}

static bool is_known(const dhcpha_json_value *member, const char *const *known, size_t count,
                     const char **near) {
  for (size_t i = 0; i < count; i++) {
    if (strlen(known[i]) == member->key_len &&
        memcmp(known[i], member->key, member->key_len) == 0)
      return true;
    if (is_near(member->key, member->key_len, known[i])) *near = known[i];
  }
  return false;
}

void dhcpha_values_check_keys(const dhcpha_values *values, const char *const *known,
                              size_t count) {
  static const char *const always[] = { "user-context", "comment" };
  const dhcpha_json_value *member = values->map->first;
  for (; member != NULL; member = member->next) {
    const char *near = NULL;
    if (member->repeated)
      dhcpha_messages_add(values->messages, DHCPHA_SEVERITY_ERROR,
                          dhcpha_values_place(values, member->key).text,
                          "parameter '%.80s' is given more than once: it must be given once",
                          member->key);
    if (is_known(member, always, 2, &near)) continue;
    near = NULL;
    if (is_known(member, known, count, &near)) continue;
    dhcpha_messages_add(values->messages, DHCPHA_SEVERITY_WARNING,
                        dhcpha_values_place(values, member->key).text,
                        "unknown parameter '%.80s' is ignored%s%s%s", member->key,
                        near == NULL ? "" : ": did you mean '", near == NULL ? "" : near,
                        near == NULL ? "" : "'?");
  }
}
