/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * Reads the transition tables 1.6.1 to 1.6.6 out of the protocol reference, part 2, and compares
 * every cell, under every combination of facts, with dhcpha_state_next().
 */
#include "rules/state_table.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REFERENCE TEST_SOURCE_DIR "/doc/protocol/2-state-machine-sync.md"
#define LINE_MAX_SIZE 1024
#define CELLS_MAX 16
#define CELL_SIZE 48
#define ROWS_MAX 12

#define FACT(name) ((uint32_t)DHCPHA_FACT_##name)
#define STATE(name) DHCPHA_STATE_##name

typedef struct row {
  char cells[CELLS_MAX][CELL_SIZE];
  size_t count;
} row;

typedef struct table {
  row rows[ROWS_MAX]; /* the first is the heading */
  size_t count;
} table;

/* ---- reading ---- */

/* Without what Markdown adds: "**S\\***" is "S*". */
static void trim(char *to, const char *from, size_t len) {
  size_t used = 0;
  for (size_t i = 0; i < len && used + 1 < CELL_SIZE; i++) {
    bool escaped = i + 1 < len && strncmp(from + i, "\\*", 2) == 0;
    bool bold = i + 1 < len && strncmp(from + i, "**", 2) == 0;
    if (escaped || bold) i++;
    if (escaped || (!bold && from[i] != '`')) to[used++] = from[i];
  }
  while (used > 0 && to[used - 1] == ' ') used--;
  to[used] = '\0';
  size_t lead = strspn(to, " ");
  memmove(to, to + lead, used - lead + 1);
}

static void read_row(row *r, const char *line) {
  r->count = 0;
  for (const char *p = line + 1; *p != '\0' && *p != '\n' && r->count < CELLS_MAX;) {
    size_t len = strcspn(p, "|\n");
    if (p[len] != '|') break;
    trim(r->cells[r->count++], p, len);
    p += len + 1;
  }
}

static void read_table(table *t, const char *heading) {
  char line[LINE_MAX_SIZE];
  FILE *file = fopen(REFERENCE, "r");
  bool inside = false;
  t->count = 0;
  ck_assert_msg(file != NULL, "%s cannot be read", REFERENCE);
  while (fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, "#### ", 5) == 0) {
      inside = strncmp(line + 5, heading, strlen(heading)) == 0;
    } else if (inside && line[0] == '|') {
      ck_assert_uint_lt(t->count, ROWS_MAX);
      if (line[1] != '-') read_row(&t->rows[t->count++], line);
    } else if (inside && t->count != 0) {
      break;
    }
  }
  fclose(file);
  ck_assert_msg(t->count > 1, "no table %s in %s", heading, REFERENCE);
}

static dhcpha_state state_of(const char *abbreviation) {
  static const struct {
    const char *abbreviation;
    dhcpha_state state;
  } names[] = {
      {"B", STATE(BACKUP)},        {"CR", STATE(COMMUNICATION_RECOVERY)},
      {"HS", STATE(HOT_STANDBY)},  {"LB", STATE(LOAD_BALANCING)},
      {"IM", STATE(IN_MAINTENANCE)}, {"PD", STATE(PARTNER_DOWN)},
      {"PIM", STATE(PARTNER_IN_MAINTENANCE)}, {"PB", STATE(PASSIVE_BACKUP)},
      {"R", STATE(READY)},         {"S", STATE(SYNCING)},
      {"T", STATE(TERMINATED)},    {"W", STATE(WAITING)},
      {"U", STATE(UNAVAILABLE)},   {"none", STATE(NONE)}};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(names[i].abbreviation, abbreviation) == 0) return names[i].state;
  ck_abort_msg("no state is called \"%s\"", abbreviation);
  return STATE(NONE);
}

/* ---- what a cell says: the notes of P2 1.6 ---- */

static bool holds(uint32_t facts, uint32_t wanted) { return (facts & wanted) == wanted; }

static dhcpha_state normal_state(uint32_t facts) {
  return holds(facts, FACT(LOAD_BALANCING)) ? STATE(LOAD_BALANCING) : STATE(HOT_STANDBY);
}

/* Note c in steps, since sending takes time here: as long as it lasts the state stays. */
static dhcpha_state flush(dhcpha_state mine, uint32_t facts) {
  if (holds(facts, FACT(PARTNER_SILENT))) return mine;
  if (holds(facts, FACT(PARTNER_RESET))) return STATE(WAITING);
  if (holds(facts, FACT(BACKLOG_OVERFLOWED))) return mine;
  return holds(facts, FACT(BACKLOG_EMPTY)) ? STATE(LOAD_BALANCING) : mine;
}

static dhcpha_state by_note(const char *cell, dhcpha_state mine, uint32_t facts) {
  bool silent = holds(facts, FACT(PARTNER_SILENT));
  bool down = silent && holds(facts, FACT(CLIENTS_UNSERVED));
  switch (cell[0]) {
    case 'a': return down ? STATE(PARTNER_DOWN) : mine;
    case 'b':
      if (down) return STATE(PARTNER_DOWN);
      return holds(facts, FACT(QUEUES_UPDATES)) ? STATE(COMMUNICATION_RECOVERY) : mine;
    case 'c': return flush(mine, facts);
    case 'd':
      return !silent && holds(facts, FACT(BACKLOG_OVERFLOWED)) ? STATE(WAITING) : mine;
    case 'e': return silent ? mine : STATE(WAITING);
    case 'f': return holds(facts, FACT(NEW_UNSENT)) ? STATE(WAITING) : normal_state(facts);
    case 'g': return holds(facts, FACT(TERMINATED_LONG)) ? STATE(TERMINATED) : mine;
    default: ck_abort_msg("no note is called \"%s\"", cell);
  }
  return mine;
}

static dhcpha_state by_cell(const char *cell, dhcpha_state mine, uint32_t facts) {
  char word[CELL_SIZE];
  snprintf(word, sizeof word, "%s", cell);
  word[strcspn(word, " !")] = '\0'; /* "sync!", "W inv", "PB (unless canceled or paused)" */
  if (strcmp(word, ".") == 0) return mine;
  if (strcmp(word, "sync") == 0)
    return holds(facts, FACT(SYNCHRONIZED)) ? STATE(READY) : mine;
  if (strcmp(word, "S*") == 0)
    return holds(facts, FACT(SYNCS_LEASES)) ? STATE(SYNCING) : STATE(READY);
  if (word[0] >= 'a' && word[0] <= 'g' && word[1] == '\0') return by_note(word, mine, facts);
  return state_of(word);
}

static bool has_overrides(dhcpha_state mine) {
  switch (mine) {
    case STATE(WAITING):
    case STATE(SYNCING):
    case STATE(READY):
    case STATE(LOAD_BALANCING):
    case STATE(HOT_STANDBY):
    case STATE(COMMUNICATION_RECOVERY):
    case STATE(PARTNER_DOWN): return true;
    default: return false;
  }
}

static dhcpha_state expected(const char *cell, dhcpha_state mine, uint32_t facts) {
  bool maintaining = mine == STATE(PARTNER_IN_MAINTENANCE);
  bool leaves = strncmp(cell, "PB", 2) == 0 || strncmp(cell, "B", 1) == 0; /* 1.5, row W */
  if (has_overrides(mine) && holds(facts, FACT(CANCELED))) return mine;
  if ((has_overrides(mine) || maintaining) && holds(facts, FACT(PAUSED))) return mine;
  if (!leaves && (has_overrides(mine) || maintaining) && holds(facts, FACT(MUST_TERMINATE)))
    return STATE(TERMINATED);
  return by_cell(cell, mine, facts);
}

/* ---- comparing ---- */

typedef struct subject {
  const char *heading;
  uint32_t facts; /* that hold throughout */
  bool any_partner; /* the table has one column for all */
  unsigned cells;   /* that it has, so that none is overlooked */
} subject;

static const subject subjects[] = {
    {"1.6.1", FACT(LOAD_BALANCING) | FACT(IS_PRIMARY), false, 9 * 14},
    {"1.6.2", FACT(LOAD_BALANCING), false, 9 * 14},
    {"1.6.3", FACT(HOT_STANDBY) | FACT(IS_PRIMARY), false, 8 * 14},
    {"1.6.4", FACT(HOT_STANDBY), false, 8 * 14},
    {"1.6.5", FACT(PASSIVE_BACKUP) | FACT(IS_PRIMARY), true, 3 * 14},
    {"1.6.6", FACT(LOAD_BALANCING) | FACT(IS_BACKUP), true, 2 * 14},
    {"1.6.6", FACT(HOT_STANDBY) | FACT(IS_BACKUP), true, 2 * 14},
    {"1.6.6", FACT(PASSIVE_BACKUP) | FACT(IS_BACKUP), true, 2 * 14},
};

/* Mode and role do not vary within a table. */
#define FIXED                                                                              \
  (FACT(LOAD_BALANCING) | FACT(HOT_STANDBY) | FACT(PASSIVE_BACKUP) | FACT(IS_PRIMARY) | \
   FACT(IS_BACKUP))

/* Combinations that cannot be, or of which the tables say nothing. */
static bool is_left_out(const char *cell, dhcpha_state mine, uint32_t facts) {
  if (holds(facts, FACT(QUEUES_UPDATES)) && !holds(facts, FACT(LOAD_BALANCING)))
    return true; /* P1 1.2: delayed-updates-limit is 0 */
  return mine == STATE(SYNCING) && holds(facts, FACT(SYNCHRONIZED)) &&
         strncmp(cell, "sync", 4) != 0; /* Kea decides before it synchronizes, not after */
}

static void check_cell(const subject *s, const char *cell, dhcpha_state mine,
                       dhcpha_state partner) {
  for (uint32_t facts = 0; facts < 1u << DHCPHA_FACT_COUNT; facts++) {
    if ((facts & FIXED) != s->facts || is_left_out(cell, mine, facts)) continue;
    dhcpha_state wanted = expected(cell, mine, facts);
    dhcpha_state next = dhcpha_state_next(mine, partner, facts);
    if (next == wanted) continue; /* ck_assert() a million times would take long */
    ck_abort_msg("%s: %s, partner %s, facts 0x%05x: goes to %s, cell \"%s\": %s",
                 s->heading, dhcpha_state_get_name(mine), dhcpha_state_get_name(partner),
                 (unsigned)facts, dhcpha_state_get_name(next), cell,
                 dhcpha_state_get_name(wanted));
  }
}

START_TEST(goes_where_the_reference_says) {
  const subject *s = &subjects[_i];
  table t;
  unsigned cells = 0;
  read_table(&t, s->heading);
  for (size_t r = 1; r < t.count; r++) {
    char name[CELL_SIZE];
    snprintf(name, sizeof name, "%s", t.rows[r].cells[0]);
    name[strcspn(name, " ")] = '\0'; /* "IM (only by command)" */
    dhcpha_state mine = state_of(name);
    ck_assert_uint_eq(t.rows[r].count, t.rows[0].count);
    for (size_t c = 1; c < t.rows[r].count && !s->any_partner; c++, cells++)
      check_cell(s, t.rows[r].cells[c], mine, state_of(t.rows[0].cells[c]));
    for (int p = 0; p < DHCPHA_STATE_COUNT && s->any_partner; p++, cells++)
      check_cell(s, t.rows[r].cells[1], mine, (dhcpha_state)p);
  }
  ck_assert_uint_eq(cells, s->cells);
}
END_TEST

/* P2 1.4: what each state does, as text and as the library's row. */
START_TEST(does_in_each_state_what_the_reference_says) {
  static const char *const scopes[] = {"none", "default", "failover, always", "failover"};
  static const char *const updates[] = {"no", "yes", "no"};
  FILE *file = fopen(REFERENCE, "r");
  char line[LINE_MAX_SIZE];
  bool inside = false;
  unsigned count = 0;
  ck_assert_ptr_nonnull(file);
  while (fgets(line, sizeof line, file) != NULL) {
    row r;
    if (strncmp(line, "### ", 4) == 0) inside = strncmp(line, "### 1.4", 7) == 0;
    if (!inside || line[0] != '|') continue;
    read_row(&r, line);
    if (strncmp(r.cells[0], "State", 5) == 0 || line[1] == '-') continue;
    const dhcpha_behavior *b = dhcpha_state_get_behavior(state_of(r.cells[0]));
    const char *scope = scopes[b->scopes];
    ck_assert_msg(strncmp(r.cells[1], scope, strlen(scope)) == 0, "%s: scopes %s, not %s",
                  r.cells[0], r.cells[1], scope);
    ck_assert_msg((strcmp(r.cells[2], "on") == 0) == b->service, "%s: service", r.cells[0]);
    ck_assert_msg((strcmp(r.cells[3], "yes") == 0) == b->clears_rejected, "%s: rejected",
                  r.cells[0]);
    bool beats = strncmp(r.cells[4], "on", 2) == 0 || state_of(r.cells[0]) == STATE(SYNCING);
    ck_assert_msg(beats == b->heartbeats, "%s: heartbeats", r.cells[0]);
    if (r.cells[5][0] != 'n' || r.cells[5][1] == 'o')
      ck_assert_msg(strncmp(r.cells[5], updates[b->updates], 2) == 0, "%s: updates", r.cells[0]);
    ck_assert_msg((strcmp(r.cells[6], "yes") == 0) == (b->updates == DHCPHA_UPDATES_QUEUE),
                  "%s: backlog", r.cells[0]);
    count++;
  }
  fclose(file);
  ck_assert_uint_eq(count, 12);
}
END_TEST

/* Every chain of steps under unchanging facts comes to rest: no two states pass the ball. */
START_TEST(settles_under_every_combination_of_facts) {
  const subject *s = &subjects[_i];
  for (uint32_t facts = 0; facts < 1u << DHCPHA_FACT_COUNT; facts++) {
    if ((facts & FIXED) != s->facts || is_left_out(".", STATE(WAITING), facts)) continue;
    uint32_t lasting = facts & ~(FACT(SYNCHRONIZED) | FACT(PARTNER_RESET) | FACT(CANCELED));
    for (int p = 0; p < DHCPHA_STATE_COUNT; p++)
      for (int m = 0; m < STATE(UNAVAILABLE); m++) {
        dhcpha_state mine = (dhcpha_state)m;
        int steps = 0;
        for (dhcpha_state next; steps <= DHCPHA_STATE_COUNT; steps++, mine = next)
          if ((next = dhcpha_state_next(mine, (dhcpha_state)p, lasting)) == mine) break;
        if (steps > DHCPHA_STATE_COUNT)
          ck_abort_msg("%s, partner %s, facts 0x%05x: never rests",
                       dhcpha_state_get_name((dhcpha_state)m),
                       dhcpha_state_get_name((dhcpha_state)p), (unsigned)facts);
      }
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("state_table");
  TCase *tcase = tcase_create("tables of the reference");
  int count = (int)(sizeof subjects / sizeof subjects[0]);
  tcase_set_timeout(tcase, 120);
  tcase_add_loop_test(tcase, goes_where_the_reference_says, 0, count);
  tcase_add_test(tcase, does_in_each_state_what_the_reference_says);
  tcase_add_loop_test(tcase, settles_under_every_combination_of_facts, 0, count);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
