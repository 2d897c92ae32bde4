/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/json_tree.h"

#include <string.h>

#include "base/json_escape.h"

#define MEMBERS_COMPARED_MAX 64 /* maps of more members are sorted to find repeated keys */

static bool key_equals(const dhcpha_json_value *value, const char *key, size_t len) {
  return value->key_len == len && memcmp(value->key, key, len) == 0;
}

/* Repeated keys.  The first of them takes the value of the last. */

/* A member without a key has been replaced: it leaves the list. */
static void unlink_keyless(dhcpha_json_value *map) {
  dhcpha_json_value **link = &map->first;
  while (*link != NULL) {
    if ((*link)->key == NULL) {
      *link = (*link)->next;
      map->count--;
    } else {
      link = &(*link)->next;
    }
  }
}

static void replace_member(dhcpha_json_value *first, dhcpha_json_value *repeated) {
  dhcpha_json_value *next = first->next;
  const char *key = first->key;
  *first = *repeated;
  first->key = key;
  first->next = next;
  first->repeated = true;
  repeated->key = NULL;
}

static void find_repeated(dhcpha_json_value *members) {
  for (dhcpha_json_value *first = members; first != NULL; first = first->next)
    for (dhcpha_json_value *other = first->next; first->key != NULL && other != NULL;
         other = other->next)
      if (other->key != NULL && key_equals(other, first->key, first->key_len))
        replace_member(first, other);
}

static bool sorts_after(const dhcpha_json_value *a, const dhcpha_json_value *b) {
  if (a->key_len != b->key_len) return a->key_len > b->key_len;
  return memcmp(a->key, b->key, a->key_len) > 0;
}

/* Merges runs of doubling length; equal keys stay in the order of the text.  A hash would be no
 * shorter, and could be made slow by whoever chose the keys. */
static dhcpha_json_value **sort_members(dhcpha_json_value **from, dhcpha_json_value **to,
                                        size_t count) {
  for (size_t run = 1; run < count; run *= 2) {
    for (size_t start = 0; start < count; start += 2 * run) {
      size_t middle = count - start < run ? count : start + run;
      size_t end = count - start < 2 * run ? count : start + 2 * run;
      size_t left = start, right = middle;
      for (size_t at = start; at < end; at++) {
        bool take_right = left == middle || (right < end && sorts_after(from[left], from[right]));
        to[at] = from[take_right ? right++ : left++];
      }
    }
    dhcpha_json_value **sorted = to;
    to = from;
    from = sorted;
  }
  return from;
}

static bool find_repeated_among_many(dhcpha_arena *arena, dhcpha_json_value *map) {
  dhcpha_arena_mark mark = dhcpha_arena_get_mark(arena);
  dhcpha_json_value **members =
    dhcpha_arena_allocate(arena, 2 * map->count * sizeof(dhcpha_json_value *));
  size_t count = 0;
  if (members == NULL) return false;
  for (dhcpha_json_value *member = map->first; member != NULL; member = member->next)
    members[count++] = member;
  members = sort_members(members, members + count, count);
  for (size_t first = 0, i = 1; i < count; i++) {
    if (key_equals(members[i], members[first]->key, members[first]->key_len))
      replace_member(members[first], members[i]);
    else
      first = i;
  }
  dhcpha_arena_rewind(arena, mark);
  return true;
}

bool dhcpha_json_drop_repeated(dhcpha_arena *arena, dhcpha_json_value *map) {
  if (map->count <= MEMBERS_COMPARED_MAX)
    find_repeated(map->first);
  else if (!find_repeated_among_many(arena, map))
    return false;
  unlink_keyless(map);
  return true;
}

const dhcpha_json_value *dhcpha_json_get(const dhcpha_json_value *map, const char *key) {
  if (!dhcpha_json_is(map, DHCPHA_JSON_MAP)) return NULL;
  size_t len = strlen(key);
  for (const dhcpha_json_value *member = map->first; member != NULL; member = member->next)
    if (key_equals(member, key, len)) return member;
  return NULL;
}

bool dhcpha_json_is(const dhcpha_json_value *value, dhcpha_json_type type) {
  return value != NULL && value->type == type;
}

const char *dhcpha_json_type_name(dhcpha_json_type type) {
  static const char *const names[] = { "null",   "boolean", "integer", "real",
                                       "string", "list",    "map" };
  return (size_t)type < sizeof names / sizeof names[0] ? names[type] : "";
}

bool dhcpha_json_text_equals(const dhcpha_json_value *value, const char *text) {
  return dhcpha_json_is(value, DHCPHA_JSON_STRING) && value->text_len == strlen(text) &&
         memcmp(value->text, text, value->text_len) == 0;
}

static void write_members(dhcpha_buffer *out, const dhcpha_json_value *value) {
  for (const dhcpha_json_value *member = value->first; member != NULL; member = member->next) {
    if (member != value->first) dhcpha_buffer_append_char(out, ',');
    if (value->type == DHCPHA_JSON_MAP) {
      dhcpha_json_write_string(out, member->key, member->key_len);
      dhcpha_buffer_append_char(out, ':');
    }
    dhcpha_json_write_value(out, member); /* as deep as DHCPHA_JSON_DEPTH_MAX */
  }
}

void dhcpha_json_write_value(dhcpha_buffer *out, const dhcpha_json_value *value) {
  bool is_list = value->type == DHCPHA_JSON_LIST;
  switch (value->type) {
  case DHCPHA_JSON_NULL:
    dhcpha_buffer_append_text(out, "null");
    break;
  case DHCPHA_JSON_BOOLEAN:
    dhcpha_buffer_append_text(out, value->boolean ? "true" : "false");
    break;
  case DHCPHA_JSON_INTEGER:
    dhcpha_buffer_append_integer(out, value->integer);
    break;
  case DHCPHA_JSON_REAL:
    dhcpha_buffer_append(out, value->text, value->text_len);
    break;
  case DHCPHA_JSON_STRING:
    dhcpha_json_write_string(out, value->text, value->text_len);
    break;
  case DHCPHA_JSON_LIST:
  case DHCPHA_JSON_MAP:
    dhcpha_buffer_append_char(out, is_list ? '[' : '{');
    write_members(out, value);
    dhcpha_buffer_append_char(out, is_list ? ']' : '}');
    break;
  }
}
