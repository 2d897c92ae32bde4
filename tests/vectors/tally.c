/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "vectors/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 256
#define NAME_SIZE 64
#define REASON_SIZE 96

static struct {
  tally_way way;
  char command[NAME_SIZE];
  char reason[REASON_SIZE]; /* "": checked */
  size_t count;
} rows[ROWS_MAX];
static size_t row_count;

static const char *const ways[] = {"answered", "taken in", "sent"};

static void add(tally_way way, const char *command, const char *reason) {
  if (command[0] == '\0') command = "(no command)";
  for (size_t i = 0; i < row_count; i++)
    if (rows[i].way == way && strcmp(rows[i].command, command) == 0 &&
        strcmp(rows[i].reason, reason) == 0) {
      rows[i].count++;
      return;
    }
  if (row_count == ROWS_MAX) abort();
  rows[row_count].way = way;
  snprintf(rows[row_count].command, NAME_SIZE, "%s", command);
  snprintf(rows[row_count].reason, REASON_SIZE, "%s", reason);
  rows[row_count++].count = 1;
}

void tally_checked(tally_way way, const char *command) { add(way, command, ""); }

void tally_left_out(tally_way way, const char *command, const char *reason) {
  add(way, command, reason);
}

size_t tally_count(tally_way way) {
  size_t count = 0;
  for (size_t i = 0; i < row_count; i++)
    if (rows[i].way == way && rows[i].reason[0] == '\0') count += rows[i].count;
  return count;
}

static size_t total(tally_way way) {
  size_t count = 0;
  for (size_t i = 0; i < row_count; i++)
    if (rows[i].way == way) count += rows[i].count;
  return count;
}

static int compare_rows(const void *a, const void *b) {
  int order = strcmp(rows[*(const size_t *)a].command, rows[*(const size_t *)b].command);
  if (order == 0) order = strcmp(rows[*(const size_t *)a].reason, rows[*(const size_t *)b].reason);
  return order;
}

void tally_write(text *out) {
  size_t order[ROWS_MAX];
  for (size_t i = 0; i < row_count; i++) order[i] = i;
  qsort(order, row_count, sizeof order[0], compare_rows);
  for (tally_way way = TALLY_ANSWERED; way <= TALLY_SENT; way++) {
    text_format(out, "%s: %zu checked, %zu left out\n", ways[way], tally_count(way),
                total(way) - tally_count(way));
    for (int left_out = 0; left_out < 2; left_out++)
      for (size_t k = 0; k < row_count; k++) {
        size_t i = order[k];
        if (rows[i].way != way || (rows[i].reason[0] != '\0') != left_out) continue;
        text_format(out, "  %5zu  %s%s%s\n", rows[i].count, rows[i].command,
                    left_out ? " left out: " : "", rows[i].reason);
      }
  }
}
