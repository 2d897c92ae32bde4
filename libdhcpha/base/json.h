/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * json: the only file that includes yajl: text to tree within limits, and long
 * lists element by element.  The tree and the way back: json_tree.
 * Floor: base.  Spec: P1 4.4 "JSON subset of Kea's parser".
 * A tree lives in an arena.  The arena keeps its memory when it is reset, so
 * that reading many answers of like size does not allocate; yajl's own memory
 * comes from it too.  Strings are bytes: a \u00XX escape is the byte XX,
 * a larger one is refused; raw bytes are taken as they are.  Of duplicate keys
 * the last one wins.  Nothing but white space may follow the value.
 */
#ifndef DHCPHA_BASE_JSON_H
#define DHCPHA_BASE_JSON_H

#include "base/json_escape.h"
#include "base/json_tree.h"

#define DHCPHA_JSON_DEPTH_MAX 100        /* P1 4.4 */
#define DHCPHA_JSON_VALUES_MAX 2000000   /* values in one text, streamed ones not counted */
#define DHCPHA_JSON_ERROR_SIZE 160

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
 * Such a list inside an element is a part of the element like any other.  Memory does not grow with
 * the number of elements. */
const dhcpha_json_value *
dhcpha_json_read_list(dhcpha_arena *arena, const char *text, size_t len, const char *map_key,
                      const char *list_key,
                      bool (*on_element)(const dhcpha_json_value *element, void *user_data),
                      void *user_data, dhcpha_json_error *error);

#endif
