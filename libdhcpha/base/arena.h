/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * arena: memory that is given up all at once.
 * Floor: base.
 * It keeps its memory when it is reset or rewound, so that like work done again
 * does not allocate.
 */
#ifndef DHCPHA_BASE_ARENA_H
#define DHCPHA_BASE_ARENA_H

#include <dhcpha/types.h>

#define DHCPHA_ARENA_KEEP_MAX 65536 /* a chunk above this is not kept by a reset, bytes */

typedef struct dhcpha_arena_chunk dhcpha_arena_chunk;

typedef struct dhcpha_arena {
  const dhcpha_allocator *allocator;
  size_t max;  /* ceiling of `held`, bytes */
  size_t held; /* all chunks, bytes */
  bool limited; /* the last allocation that failed did so because of `max` */
  dhcpha_arena_chunk *first;
  dhcpha_arena_chunk *current; /* those behind it are empty */
} dhcpha_arena;

/* A point to go back to. */
typedef struct dhcpha_arena_mark {
  dhcpha_arena_chunk *chunk;
  size_t used;
} dhcpha_arena_mark;

void dhcpha_arena_init(dhcpha_arena *arena, const dhcpha_allocator *allocator, size_t max);
void dhcpha_arena_free(dhcpha_arena *arena);
void dhcpha_arena_reset(dhcpha_arena *arena); /* memory kept, except chunks above KEEP_MAX */
void *dhcpha_arena_allocate(dhcpha_arena *arena, size_t bytes); /* 16-byte aligned, or NULL */
dhcpha_arena_mark dhcpha_arena_get_mark(const dhcpha_arena *arena);
/* Gives up all that was allocated since the mark was taken.  No reset may lie between. */
void dhcpha_arena_rewind(dhcpha_arena *arena, dhcpha_arena_mark mark);

#endif
