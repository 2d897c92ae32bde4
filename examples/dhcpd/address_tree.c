/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "address_tree.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define LEVELS 8

static unsigned nibble(uint32_t address, int level) {
  return address >> (4 * (LEVELS - 1 - level)) & 15;
}

void *address_tree_find(const struct address_tree *tree, uint32_t address) {
  void *at = tree->root;
  for (int level = 0; at != NULL && level < LEVELS; level++)
    at = ((struct address_node *)at)->below[nibble(address, level)];
  return at;
}

void **address_tree_slot(struct address_tree *tree, uint32_t address) {
  if (tree->root == NULL) tree->root = calloc(1, sizeof *tree->root);
  struct address_node *node = tree->root;
  for (int level = 0; node != NULL && level < LEVELS - 1; level++) {
    void **below = &node->below[nibble(address, level)];
    if (*below == NULL) *below = calloc(1, sizeof *node);
    node = *below;
  }
  return node != NULL ? &node->below[nibble(address, LEVELS - 1)] : NULL;
}

void address_tree_remove(struct address_tree *tree, uint32_t address) {
  static const struct address_node empty;
  struct address_node *path[LEVELS];
  void *at = tree->root;
  for (int level = 0; level < LEVELS; level++) {
    if (at == NULL) return;
    path[level] = at;
    at = path[level]->below[nibble(address, level)];
  }
  for (int level = LEVELS - 1; level >= 0; level--) {
    path[level]->below[nibble(address, level)] = NULL;
    if (level == 0 || memcmp(path[level], &empty, sizeof empty) != 0) return;
    free(path[level]);
  }
}

static void *next_below(const struct address_node *node, int level, uint32_t from, bool at_edge) {
  unsigned start = at_edge ? nibble(from, level) : 0;
  for (unsigned i = start; i < 16; i++) {
    void *below = node->below[i];
    if (below != NULL && level < LEVELS - 1)
      below = next_below(below, level + 1, from, at_edge && i == start);
    if (below != NULL) return below;
  }
  return NULL;
}

void *address_tree_next(const struct address_tree *tree, uint32_t from) {
  return tree->root != NULL ? next_below(tree->root, 0, from, true) : NULL;
}

static void free_below(struct address_node *node, int level) {
  for (unsigned i = 0; i < 16 && level < LEVELS - 1; i++)
    if (node->below[i] != NULL) free_below(node->below[i], level + 1);
  free(node);
}

void address_tree_free(struct address_tree *tree) {
  if (tree->root != NULL) free_below(tree->root, 0);
  tree->root = NULL;
}
