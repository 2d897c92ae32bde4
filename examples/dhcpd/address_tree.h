/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * address_tree: what is leased, in the order of the addresses.
 * Each node tells apart, by one bit, what is on its left from what is on its right, so the way to
 * a leaf is short where the leaves are few, however long an address is (PATRICIA).
 */
#ifndef DHCPD_ADDRESS_TREE_H
#define DHCPD_ADDRESS_TREE_H

#include "ip.h"

/* What is put into a tree begins with its id, and belongs to the caller. */
struct address_tree {
  void *root; /* a leaf, or a node with its lowest bit set */
};

void *address_tree_find(const struct address_tree *tree, const struct lease_id *id);

/* Add a leaf, or put it in place of the one with its id.  False: no memory. */
bool address_tree_put(struct address_tree *tree, void *leaf);

void address_tree_remove(struct address_tree *tree, const struct lease_id *id);

/* The first leaf behind ID; NULL: the first of all. */
void *address_tree_after(const struct address_tree *tree, const struct lease_id *id);

/* Frees the nodes, not the leaves. */
void address_tree_free(struct address_tree *tree);

#endif
