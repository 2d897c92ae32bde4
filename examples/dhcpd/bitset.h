/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * bitset: a set of small numbers that finds its next member in a few steps, however full it is.
 * Each level sums up the one below: a bit says whether a word there has any.
 */
#ifndef DHCPD_BITSET_H
#define DHCPD_BITSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BITSET_LEVELS 4 /* 64^4 members: 16,777,216 */
#define BITSET_COUNT_MAX (1u << 24)
#define BITSET_NONE SIZE_MAX

struct bitset {
  size_t count;
  unsigned levels;
  uint64_t *words[BITSET_LEVELS];
};

/* An empty set of the numbers below COUNT.  False: no memory, or COUNT is 0 or too large. */
bool bitset_init(struct bitset *set, size_t count);
void bitset_free(struct bitset *set);

bool bitset_has(const struct bitset *set, size_t member);
void bitset_add(struct bitset *set, size_t member);
void bitset_remove(struct bitset *set, size_t member);
void bitset_add_all(struct bitset *set);

/* The first member that is FROM or greater; BITSET_NONE when there is none. */
size_t bitset_next(const struct bitset *set, size_t from);

#endif
