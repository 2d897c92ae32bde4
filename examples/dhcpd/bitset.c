/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "bitset.h"

#include <stdlib.h>
#include <string.h>

static size_t words_for(size_t count) { return (count + 63) / 64; }

bool bitset_init(struct bitset *set, size_t count) {
  memset(set, 0, sizeof *set);
  if (count == 0 || count > BITSET_COUNT_MAX) return false;
  set->count = count;
  do {
    count = words_for(count);
    set->words[set->levels] = calloc(count, sizeof(uint64_t));
    if (set->words[set->levels++] == NULL) {
      bitset_free(set);
      return false;
    }
  } while (count > 1);
  return true;
}

void bitset_free(struct bitset *set) {
  for (unsigned level = 0; level < BITSET_LEVELS; level++) free(set->words[level]);
  memset(set, 0, sizeof *set);
}

bool bitset_has(const struct bitset *set, size_t member) {
  return member < set->count && (set->words[0][member / 64] >> (member % 64) & 1) != 0;
}

void bitset_add(struct bitset *set, size_t member) {
  if (member >= set->count) return;
  for (unsigned level = 0; level < set->levels; level++, member /= 64)
    set->words[level][member / 64] |= UINT64_C(1) << (member % 64);
}

void bitset_remove(struct bitset *set, size_t member) {
  if (member >= set->count) return;
  for (unsigned level = 0; level < set->levels; level++, member /= 64) {
    uint64_t *word = &set->words[level][member / 64];
    *word &= ~(UINT64_C(1) << (member % 64));
    if (*word != 0) return;
  }
}

void bitset_add_all(struct bitset *set) {
  size_t count = set->count;
  for (unsigned level = 0; level < set->levels; level++, count = words_for(count)) {
    memset(set->words[level], 0xff, words_for(count) * sizeof(uint64_t));
    if (count % 64 != 0)
      set->words[level][count / 64] = (UINT64_C(1) << (count % 64)) - 1;
  }
}

size_t bitset_next(const struct bitset *set, size_t from) {
  size_t count = set->count;
  unsigned level = 0;
  /* Up, until a word has a member behind FROM ... */
  for (;; level++, from = from / 64 + 1, count = words_for(count)) {
    if (level == set->levels || from >= count) return BITSET_NONE;
    uint64_t rest = set->words[level][from / 64] & UINT64_MAX << (from % 64);
    if (rest != 0) {
      from = from / 64 * 64 + (size_t)__builtin_ctzll(rest);
      break;
    }
  }
  /* ... and down again to its first. */
  while (level-- > 0) from = from * 64 + (size_t)__builtin_ctzll(set->words[level][from]);
  return from;
}
