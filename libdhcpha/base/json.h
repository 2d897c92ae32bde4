/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * json: the only file that includes yajl: text to tree within limits, long
 * lists element by element, and text out.
 * Floor: base.  Spec: P1 4.4 "JSON subset of Kea's parser".
 * A tree lives in an arena.  The arena keeps its memory when it is reset, so
 * that reading many answers of like size does not allocate; yajl's own memory
 * comes from it too.  Strings are bytes: a \u00XX escape is the byte XX,
 * a larger one is refused; raw bytes are taken as they are.  Of duplicate keys
 * the last one wins.  Nothing but white space may follow the value.
 */
#ifndef DHCPHA_BASE_JSON_H
#define DHCPHA_BASE_JSON_H

#include "base/buffer.h"

#define DHCPHA_JSON_DEPTH_MAX 100        /* P1 4.4 */
#define DHCPHA_JSON_VALUES_MAX 2000000   /* values in one text, streamed ones not counted */
#define DHCPHA_JSON_ERROR_SIZE 160

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
  const char *text; /* of a string (ended by a 0 byte, which may also occur inside); of a number, as written */
  size_t text_len;
  const char *key; /* when it is a member of a map */
  size_t key_len;
  size_t count;               /* of a list or map: members, a repeated key counted once */
  dhcpha_json_value *first;   /* of a list or map, in the order of the text */
  dhcpha_json_value *next;    /* the next member or element of the same map or list */
};

typedef struct dhcpha_arena {
  const dhcpha_allocator *allocator;
  size_t max; /* ceiling of all memory, bytes */
  size_t used_before; /* bytes in chunks before the current */
  struct dhcpha_arena_chunk *first;
  struct dhcpha_arena_chunk *current;
} dhcpha_arena;

void dhcpha_arena_init(dhcpha_arena *arena, const dhcpha_allocator *allocator, size_t max);
void dhcpha_arena_free(dhcpha_arena *arena);
void dhcpha_arena_reset(dhcpha_arena *arena); /* memory kept, except a chunk above 64 KiB */
void *dhcpha_arena_allocate(dhcpha_arena *arena, size_t bytes); /* 16-byte aligned, or NULL */

/* What went wrong with a text, for a message. */
typedef struct dhcpha_json_error {
  dhcpha_status status; /* MALFORMED, LIMIT or NOMEM */
  size_t offset;        /* byte at which it was noticed */
  char text[DHCPHA_JSON_ERROR_SIZE];
} dhcpha_json_error;

/* Reads a text into a tree; the tree is valid until the arena is reset.
 * NULL on failure, with *error (may be NULL) filled in. */
const dhcpha_json_value *dhcpha_json_read(dhcpha_arena *arena, const char *text, size_t len,
                                          dhcpha_json_error *error);

/* The same, but each element of every list that is the member `list_key` of a map which itself
 * is the member `map_key` of a map (at any depth, though in practice [0].arguments.leases) goes
 * to on_element() when it is complete, and is then forgotten: in the tree that list is empty, its
 * `count` telling how many there were.  on_element() returns false to stop with status LIMIT.
 * Memory does not grow with the number of elements. */
const dhcpha_json_value *
dhcpha_json_read_list(dhcpha_arena *arena, const char *text, size_t len, const char *map_key,
                      const char *list_key,
                      bool (*on_element)(const dhcpha_json_value *element, void *user_data),
                      void *user_data, dhcpha_json_error *error);

/* The member of a map; NULL when there is none or it is no map. */
const dhcpha_json_value *dhcpha_json_get(const dhcpha_json_value *map, const char *key);
bool dhcpha_json_is(const dhcpha_json_value *value, dhcpha_json_type type); /* NULL: false */
/* "null", "boolean", "integer", "real", "string", "list", "map", as Kea's messages say. */
const char *dhcpha_json_type_name(dhcpha_json_type type);
bool dhcpha_json_text_equals(const dhcpha_json_value *value, const char *text);

/* Text out.  Strings are quoted; bytes below 0x20, 0x7f and above go out as \u00XX (P1 4.4). */
void dhcpha_json_write_string(dhcpha_buffer *out, const char *text, size_t len);
/* A whole tree, compact, keys in the order of the tree. */
void dhcpha_json_write_value(dhcpha_buffer *out, const dhcpha_json_value *value);

#endif
