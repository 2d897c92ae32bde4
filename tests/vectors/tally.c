/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "vectors/tally.h"

#include <stdio.h>
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
  if (row_count == ROWS_MAX) return;
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

void tally_print(void) {
  for (tally_way way = TALLY_ANSWERED; way <= TALLY_SENT; way++) {
    printf("%s: %zu checked\n", ways[way], tally_count(way));
    for (size_t i = 0; i < row_count; i++)
      if (rows[i].way == way && rows[i].reason[0] == '\0')
        printf("  %5zu  %s\n", rows[i].count, rows[i].command);
    for (size_t i = 0; i < row_count; i++)
      if (rows[i].way == way && rows[i].reason[0] != '\0')
        printf("  %5zu  %s left out: %s\n", rows[i].count, rows[i].command, rows[i].reason);
  }
}
