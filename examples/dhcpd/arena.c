/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
  struct arena_block *next;
  max_align_t bytes[];
};

void *arena_take(struct arena *arena, size_t bytes) {
  struct arena_block *block =
      bytes <= SIZE_MAX - sizeof *block ? calloc(1, sizeof *block + bytes) : NULL;
  if (block == NULL) {
    arena->failed = true;
    return NULL;
  }
  block->next = arena->blocks;
  arena->blocks = block;
  return block->bytes;
}

char *arena_copy(struct arena *arena, const char *text, size_t len) {
  char *copy = arena_take(arena, len + 1);
  if (copy != NULL && len > 0) memcpy(copy, text, len);
  return copy;
}

void *arena_append(struct arena *arena, void **items, size_t *count, size_t item_size) {
  if ((*count & (*count - 1)) == 0) { /* full at 0, 1, 2, 4, 8 ... */
    void *larger = arena_take(arena, (*count == 0 ? 1 : *count * 2) * item_size);
    if (larger == NULL) return NULL;
    if (*count > 0) memcpy(larger, *items, *count * item_size);
    *items = larger;
  }
  return (char *)*items + (*count)++ * item_size;
}

void arena_free(struct arena *arena) {
  while (arena->blocks != NULL) {
    struct arena_block *next = arena->blocks->next;
    free(arena->blocks);
    arena->blocks = next;
  }
  arena->failed = false;
}
