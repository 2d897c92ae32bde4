/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "address_tree.h"

#include <stdlib.h>

#define NO_BIT 256

struct address_node {
  unsigned bit; /* 0 is an address's highest; those of the type come behind it */
  void *below[2];
};

static bool is_node(const void *at) { return ((uintptr_t)at & 1) != 0; }

static struct address_node *node_of(const void *at) {
  return (struct address_node *)((uintptr_t)at & ~(uintptr_t)1);
}

static void *tagged(struct address_node *node) { return (void *)((uintptr_t)node | 1); }

static int bit_of(const struct lease_id *id, unsigned bit) {
  if (bit < 64) return (int)(id->ip.high >> (63 - bit) & 1);
  if (bit < 128) return (int)(id->ip.low >> (127 - bit) & 1);
  return id->type >> (135 - bit) & 1;
}

/* The first bit in which two ids differ; NO_BIT: they are equal. */
static unsigned difference(const struct lease_id *a, const struct lease_id *b) {
  uint64_t high = a->ip.high ^ b->ip.high, low = a->ip.low ^ b->ip.low;
  unsigned type = (unsigned)a->type ^ b->type;
  if (high != 0) return (unsigned)__builtin_clzll(high);
  if (low != 0) return 64 + (unsigned)__builtin_clzll(low);
  return type != 0 ? 128 + (unsigned)__builtin_clz(type) - 24 : NO_BIT;
}

/* The only leaf that may have this id; NULL: the tree is empty. */
static void *nearest(const struct address_tree *tree, const struct lease_id *id) {
  void *at = tree->root;
  while (is_node(at)) at = node_of(at)->below[bit_of(id, node_of(at)->bit)];
  return at;
}

static void *first_below(void *at) {
  while (is_node(at)) at = node_of(at)->below[0];
  return at;
}

void *address_tree_find(const struct address_tree *tree, const struct lease_id *id) {
  void *leaf = nearest(tree, id);
  return leaf != NULL && difference(leaf, id) == NO_BIT ? leaf : NULL;
}

bool address_tree_put(struct address_tree *tree, void *leaf) {
  const struct lease_id *id = leaf;
  const void *near = nearest(tree, id);
  unsigned bit = near != NULL ? difference(near, id) : NO_BIT;
  void **link = &tree->root;
  while (is_node(*link) && node_of(*link)->bit < bit)
    link = &node_of(*link)->below[bit_of(id, node_of(*link)->bit)];
  if (bit == NO_BIT) { /* the first, or in place of its like */
    *link = leaf;
    return true;
  }
  struct address_node *node = malloc(sizeof *node);
  if (node == NULL) return false;
  int side = bit_of(id, bit);
  node->bit = bit;
  node->below[side] = leaf;
  node->below[1 - side] = *link;
  *link = tagged(node);
  return true;
}

void address_tree_remove(struct address_tree *tree, const struct lease_id *id) {
  void **link = &tree->root, **above = NULL;
  while (is_node(*link)) {
    above = link;
    link = &node_of(*link)->below[bit_of(id, node_of(*link)->bit)];
  }
  if (*link == NULL || difference(*link, id) != NO_BIT) return;
  if (above == NULL) {
    tree->root = NULL;
    return;
  }
  struct address_node *node = node_of(*above);
  *above = node->below[link == &node->below[0]];
  free(node);
}

void *address_tree_after(const struct address_tree *tree, const struct lease_id *id) {
  if (id == NULL || tree->root == NULL) return first_below(tree->root);
  const struct lease_id *near = nearest(tree, id);
  unsigned bit = difference(near, id);
  void *at = tree->root, *next = NULL; /* where all that follows what is at AT begins */
  while (is_node(at) && node_of(at)->bit < bit) {
    const struct address_node *node = node_of(at);
    int side = bit_of(id, node->bit);
    if (side == 0) next = node->below[1];
    at = node->below[side];
  }
  bool behind = bit != NO_BIT && bit_of(id, bit) == 0; /* all at AT is behind ID */
  return first_below(behind ? at : next);
}

static void free_below(void *at) {
  if (!is_node(at)) return;
  free_below(node_of(at)->below[0]);
  free_below(node_of(at)->below[1]);
  free(node_of(at));
}

void address_tree_free(struct address_tree *tree) {
  free_below(tree->root); /* as deep as an id has bits */
  tree->root = NULL;
}
