/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * arena: memory that is given up all at once.
 */
#ifndef DHCPD_ARENA_H
#define DHCPD_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena {
  struct arena_block *blocks;
  bool failed; /* an allocation failed: what was made with it is not complete */
};

void *arena_take(struct arena *arena, size_t bytes); /* zeroed; NULL: no memory */
char *arena_copy(struct arena *arena, const char *text, size_t len); /* with a 0 byte behind */
void arena_free(struct arena *arena);

/* Append an item to an array of COUNT items in the arena, which may move.  NULL: no memory. */
void *arena_append(struct arena *arena, void **items, size_t *count, size_t item_size);

#endif
