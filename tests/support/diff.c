/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "support/diff.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CONTEXT 3 /* equal lines around a change */

typedef struct lines {
  const char **starts; /* count + 1 of them; the last is the end */
  size_t count;
} lines;

static lines lines_of(const char *string) {
  lines result = {NULL, 0};
  size_t count = 0;
  for (const char *p = string; *p != '\0'; p++)
    if (*p == '\n' || p[1] == '\0') count++;
  result.starts = must_allocate((count + 1) * sizeof *result.starts);
  result.starts[0] = string;
  for (const char *p = string; *p != '\0'; p++)
    if (*p == '\n' || p[1] == '\0') result.starts[++result.count] = p + 1;
  return result;
}

static bool equal(const lines *a, size_t i, const lines *b, size_t j) {
  size_t len = (size_t)(a->starts[i + 1] - a->starts[i]);
  return len == (size_t)(b->starts[j + 1] - b->starts[j]) &&
         memcmp(a->starts[i], b->starts[j], len) == 0;
}

static void add_line(text *out, char mark, const lines *l, size_t i) {
  size_t len = (size_t)(l->starts[i + 1] - l->starts[i]);
  text_append(out, &mark, 1);
  text_append(out, l->starts[i], len);
  if (len == 0 || l->starts[i][len - 1] != '\n') text_add(out, "\n");
}

/* common[i][j]: the length of the longest common subsequence of the lines from i and from j. */
static uint32_t *common_table(const lines *a, const lines *b) {
  size_t width = b->count + 1;
  uint32_t *table = must_allocate((a->count + 1) * width * sizeof *table);
  for (size_t i = a->count; i-- > 0;)
    for (size_t j = b->count; j-- > 0;) {
      uint32_t down = table[(i + 1) * width + j], right = table[i * width + j + 1];
      table[i * width + j] =
          equal(a, i, b, j) ? table[(i + 1) * width + j + 1] + 1 : down > right ? down : right;
    }
  return table;
}

typedef struct edit {
  char mark; /* ' ', '-' or '+' */
  size_t i, j;
} edit;

static size_t edits_of(const lines *a, const lines *b, edit *edits) {
  uint32_t *table = common_table(a, b);
  size_t width = b->count + 1, i = 0, j = 0, count = 0;
  while (i < a->count || j < b->count) {
    edit *e = &edits[count++];
    *e = (edit){' ', i, j};
    if (i < a->count && j < b->count && equal(a, i, b, j)) {
      i++, j++;
    } else if (j == b->count ||
               (i < a->count && table[(i + 1) * width + j] >= table[i * width + j + 1])) {
      e->mark = '-';
      i++;
    } else {
      e->mark = '+';
      j++;
    }
  }
  free(table);
  return count;
}

static void add_hunk(text *out, const lines *a, const lines *b, const edit *edits, size_t from,
                     size_t to) {
  size_t old_count = 0, new_count = 0;
  for (size_t k = from; k < to; k++) {
    old_count += edits[k].mark != '+';
    new_count += edits[k].mark != '-';
  }
  text_format(out, "@@ -%zu,%zu +%zu,%zu @@\n", edits[from].i + 1, old_count, edits[from].j + 1,
              new_count);
  for (size_t k = from; k < to; k++)
    add_line(out, edits[k].mark, edits[k].mark == '+' ? b : a,
             edits[k].mark == '+' ? edits[k].j : edits[k].i);
}

void diff_append(text *out, const char *old_name, const char *old_text, const char *new_name,
                 const char *new_text) {
  if (strcmp(old_text, new_text) == 0) return;
  lines a = lines_of(old_text), b = lines_of(new_text);
  edit *edits = must_allocate((a.count + b.count + 1) * sizeof *edits);
  size_t count = edits_of(&a, &b, edits);
  text_format(out, "--- %s\n+++ %s\n", old_name, new_name);
  for (size_t k = 0; k < count;) {
    if (edits[k].mark == ' ') {
      k++;
      continue;
    }
    size_t from = k < CONTEXT ? 0 : k - CONTEXT, last = k, to = k;
    while (to < count && to - last <= 2 * CONTEXT) {
      if (edits[to].mark != ' ') last = to;
      to++;
    }
    to = last + CONTEXT + 1 < count ? last + CONTEXT + 1 : count;
    add_hunk(out, &a, &b, edits, from, to);
    k = to;
  }
  free(edits);
  free(a.starts);
  free(b.starts);
}
