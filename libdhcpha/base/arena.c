/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/arena.h"

#include <stdalign.h>

#include "base/allocator.h"

#define ALIGNMENT 16
#define CHUNK_MIN 4096 /* of the first chunk; each next one is twice as large, up to KEEP_MAX */

struct dhcpha_arena_chunk {
  dhcpha_arena_chunk *next;
  size_t size; /* of data */
  size_t used; /* of data */
  alignas(ALIGNMENT) uint8_t data[];
};

void dhcpha_arena_init(dhcpha_arena *arena, const dhcpha_allocator *allocator, size_t max) {
  *arena = (dhcpha_arena){ .allocator = allocator, .max = max };
}

void dhcpha_arena_free(dhcpha_arena *arena) {
  for (dhcpha_arena_chunk *chunk = arena->first, *next; chunk != NULL; chunk = next) {
    next = chunk->next;
    dhcpha_release(arena->allocator, chunk);
  }
  dhcpha_arena_init(arena, arena->allocator, arena->max);
}

void dhcpha_arena_reset(dhcpha_arena *arena) {
  dhcpha_arena_chunk **link = &arena->first;
  while (*link != NULL) {
    dhcpha_arena_chunk *chunk = *link;
    chunk->used = 0;
    if (chunk->size + sizeof *chunk > DHCPHA_ARENA_KEEP_MAX) {
      *link = chunk->next;
      arena->held -= chunk->size + sizeof *chunk;
      dhcpha_release(arena->allocator, chunk);
    } else {
      link = &chunk->next;
    }
  }
  arena->current = arena->first;
  arena->limited = false;
}

/* A new chunk behind the current one, made current. */
static bool add_chunk(dhcpha_arena *arena, size_t bytes) {
  size_t header = sizeof(dhcpha_arena_chunk);
  size_t last = arena->current == NULL ? CHUNK_MIN / 2 : arena->current->size + header;
  size_t whole = last >= DHCPHA_ARENA_KEEP_MAX / 2 ? DHCPHA_ARENA_KEEP_MAX : last * 2;
  size_t left = arena->max > arena->held ? arena->max - arena->held : 0;
  if (whole < bytes + header) whole = bytes + header;
  if (whole > left) whole = bytes + header;
  arena->limited = whole > left;
  if (arena->limited) return false;
  dhcpha_arena_chunk *chunk = dhcpha_reallocate(arena->allocator, NULL, whole, 1);
  if (chunk == NULL) return false;
  dhcpha_arena_chunk **link = arena->current == NULL ? &arena->first : &arena->current->next;
  *chunk = (dhcpha_arena_chunk){ .next = *link, .size = whole - header };
  *link = chunk;
  arena->current = chunk;
  arena->held += whole;
  return true;
}

/* To the next chunk with room, which is a kept one if it is large enough. */
static bool advance(dhcpha_arena *arena, size_t bytes) {
  dhcpha_arena_chunk *next = arena->current == NULL ? arena->first : arena->current->next;
  if (next == NULL || next->size < bytes) return add_chunk(arena, bytes);
  next->used = 0;
  arena->current = next;
  return true;
}

void *dhcpha_arena_allocate(dhcpha_arena *arena, size_t bytes) {
  dhcpha_arena_chunk *chunk = arena->current;
  if (bytes > SIZE_MAX / 2) {
    arena->limited = true;
    return NULL;
  }
  bytes = (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
  if (chunk == NULL || chunk->size - chunk->used < bytes) {
    if (!advance(arena, bytes)) return NULL;
    chunk = arena->current;
  }
  void *memory = chunk->data + chunk->used;
  chunk->used += bytes;
  return memory;
}

dhcpha_arena_mark dhcpha_arena_get_mark(const dhcpha_arena *arena) {
  return (dhcpha_arena_mark){ arena->current, arena->current == NULL ? 0 : arena->current->used };
}

void dhcpha_arena_rewind(dhcpha_arena *arena, dhcpha_arena_mark mark) {
  arena->current = mark.chunk;
  if (mark.chunk != NULL) mark.chunk->used = mark.used;
}
