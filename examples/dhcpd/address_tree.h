/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * address_tree: pointers by IPv4 address, in the order of the addresses.
 * A node is four bits of the address, so finding, adding and going on to the next take eight
 * steps, however many there are.
 */
#ifndef DHCPD_ADDRESS_TREE_H
#define DHCPD_ADDRESS_TREE_H

#include <stdbool.h>
#include <stdint.h>

struct address_node {
  void *below[16]; /* nodes; in the last of the eight levels what was added */
};

struct address_tree {
  struct address_node *root;
};

void *address_tree_find(const struct address_tree *tree, uint32_t address);

/* Where the pointer of ADDRESS is; made when it is missing.  NULL: no memory. */
void **address_tree_slot(struct address_tree *tree, uint32_t address);

void address_tree_remove(struct address_tree *tree, uint32_t address);

/* The first at FROM or behind it; NULL when there is none. */
void *address_tree_next(const struct address_tree *tree, uint32_t from);

/* Frees the nodes; what they point to is the caller's. */
void address_tree_free(struct address_tree *tree);

#endif
