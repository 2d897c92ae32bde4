/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * json_tree: a JSON text as a tree, and the tree as text.
 * Floor: base.  Spec: P1 4.4 "JSON subset of Kea's parser".
 */
#ifndef DHCPHA_BASE_JSON_TREE_H
#define DHCPHA_BASE_JSON_TREE_H

#include "base/arena.h"
#include "base/buffer.h"

typedef enum dhcpha_json_type {
  DHCPHA_JSON_NULL,
  DHCPHA_JSON_BOOLEAN,
  DHCPHA_JSON_INTEGER, /* fits int64_t */
  DHCPHA_JSON_REAL,    /* any other number, integers too large included */
  DHCPHA_JSON_STRING,
  DHCPHA_JSON_LIST,
  DHCPHA_JSON_MAP
} dhcpha_json_type;

typedef struct dhcpha_json_value dhcpha_json_value;
struct dhcpha_json_value {
  dhcpha_json_type type;
  bool boolean;
  int64_t integer;
  const char *text; /* of a string, ended by a 0 byte (which may also occur inside); of a number,
                     * as written */
  size_t text_len;
  const char *key; /* when it is a member of a map */
  size_t key_len;
  bool repeated; /* as a member: its key stood more than once, and this is the last value */
  size_t count;               /* of a list or map: members, a repeated key counted once */
  dhcpha_json_value *first;   /* of a list or map, in the order of the text */
  dhcpha_json_value *next;    /* the next member or element of the same map or list */
};

/* The member of a map; NULL when there is none or it is no map. */
const dhcpha_json_value *dhcpha_json_get(const dhcpha_json_value *map, const char *key);
bool dhcpha_json_is(const dhcpha_json_value *value, dhcpha_json_type type); /* NULL: false */
/* "null", "boolean", "integer", "real", "string", "list", "map", as Kea's messages say. */
const char *dhcpha_json_type_name(dhcpha_json_type type);
bool dhcpha_json_text_equals(const dhcpha_json_value *value, const char *text);

/* Of members with the same key the first takes the value of the last, and the others go.  Needs
 * memory for a while, given back; false: there is none. */
bool dhcpha_json_drop_repeated(dhcpha_arena *arena, dhcpha_json_value *map);

/* A whole tree, compact, keys in the order of the tree. */
void dhcpha_json_write_value(dhcpha_buffer *out, const dhcpha_json_value *value);

#endif
