/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 4, 0))) static void
found(struct reader *reader, dhcpha_severity severity, const struct place *place,
      const char *format, va_list arguments) {
  char text[512];
  vsnprintf(text, sizeof text, format, arguments);
  findings_add(reader->findings, severity, place, "%s", text);
}

void read_error(struct reader *reader, const struct place *place, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  found(reader, DHCPHA_SEVERITY_ERROR, place, format, arguments);
  va_end(arguments);
}

void read_warning(struct reader *reader, const struct place *place, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  found(reader, DHCPHA_SEVERITY_WARNING, place, format, arguments);
  va_end(arguments);
}

static const char *type_name(yajl_val value) {
  switch (value->type) {
  case yajl_t_string: return "a string";
  case yajl_t_number: return YAJL_IS_INTEGER(value) ? "an integer" : "a number";
  case yajl_t_object: return "a map";
  case yajl_t_array: return "a list";
  case yajl_t_null: return "null";
  default: return "true or false";
  }
}

const char *read_string(struct reader *reader, const struct place *place, yajl_val value) {
  if (YAJL_IS_STRING(value))
    return arena_copy(reader->arena, value->u.string, strlen(value->u.string));
  read_error(reader, place, "must be a string, not %s", type_name(value));
  return NULL;
}

bool read_ip(struct reader *reader, const struct place *place, yajl_val value, uint8_t family,
             struct ip *address) {
  const char *text = read_string(reader, place, value);
  if (text == NULL) return false;
  if (ip_parse(family, text, address)) return true;
  read_error(reader, place, "\"%s\" must be an IPv%u address, as \"%s\"", text, family,
             family == 4 ? "192.0.2.1" : "2001:db8::1");
  return false;
}

static void read_uint32(struct reader *reader, const struct place *place, yajl_val value,
                        const struct key *key, uint32_t *target) {
  if (!YAJL_IS_NUMBER(value))
    read_error(reader, place, "must be an integer, not %s", type_name(value));
  else if (!YAJL_IS_INTEGER(value) || YAJL_GET_INTEGER(value) < key->low ||
           YAJL_GET_INTEGER(value) > key->high)
    read_error(reader, place, "%s must be an integer of %u..%u", YAJL_GET_NUMBER(value), key->low,
               key->high);
  else
    *target = (uint32_t)YAJL_GET_INTEGER(value);
}

static void read_value(struct reader *reader, const struct place *place, yajl_val value,
                       const struct key *key, void *target) {
  void *field = (char *)target + key->offset;
  const char *text;
  struct ip ip;
  switch (key->kind) {
  case KEY_UINT32: read_uint32(reader, place, value, key, field); break;
  case KEY_BOOL:
    if (YAJL_IS_TRUE(value) || YAJL_IS_FALSE(value)) *(int8_t *)field = YAJL_IS_TRUE(value);
    else read_error(reader, place, "must be true or false, not %s", type_name(value));
    break;
  case KEY_STRING:
    text = read_string(reader, place, value);
    if (text != NULL) *(const char **)field = text;
    break;
  case KEY_IP4:
    if (read_ip(reader, place, value, 4, &ip)) *(uint32_t *)field = (uint32_t)ip.low;
    break;
  case KEY_READ: key->read(reader, place, value, target); break;
  case KEY_QUIET: break;
  case KEY_UNSUPPORTED:
    read_warning(reader, place, "%s",
                 key->remark != NULL ? key->remark : "not supported by this server; ignored");
    break;
  }
}

#define KEYS_MAX 1000 /* of one map: each is compared with all before it */

static bool stands_before(yajl_val map, size_t member) {
  for (size_t i = 0; i < member; i++)
    if (strcmp(map->u.object.keys[i], map->u.object.keys[member]) == 0) return true;
  return false;
}

void read_map(struct reader *reader, const struct place *place, yajl_val value,
              const struct key *keys, void *target) {
  if (!YAJL_IS_OBJECT(value)) {
    read_error(reader, place, "must be a map, not %s", type_name(value));
    return;
  }
  if (value->u.object.len > KEYS_MAX) {
    read_error(reader, place, "has %zu keys, more than %d", value->u.object.len, KEYS_MAX);
    return;
  }
  for (size_t i = 0; i < value->u.object.len; i++) {
    struct place at = { place, value->u.object.keys[i], 0 };
    const struct key *key = keys;
    if (stands_before(value, i)) {
      read_error(reader, &at, "is given more than once");
      continue;
    }
    while (key->name != NULL && strcmp(key->name, at.key) != 0) key++;
    if (key->name != NULL) read_value(reader, &at, value->u.object.values[i], key, target);
    else read_warning(reader, &at, "unknown key; ignored");
  }
}

void read_list(struct reader *reader, const struct place *place, yajl_val value,
               void (*read)(struct reader *reader, const struct place *place, yajl_val value,
                            void *target),
               void *target) {
  if (!YAJL_IS_ARRAY(value)) {
    read_error(reader, place, "must be a list, not %s", type_name(value));
    return;
  }
  for (size_t i = 0; i < value->u.array.len; i++) {
    struct place at = { place, NULL, i };
    read(reader, &at, value->u.array.values[i], target);
  }
}
