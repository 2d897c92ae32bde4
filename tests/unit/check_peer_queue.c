/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/peer_queue.h"

#include "unit/unit.h"

#define DROP DHCPHA_BACKUP_QUEUE_DROP
#define STOP DHCPHA_BACKUP_QUEUE_STOP
#define LIMIT 100

static const dhcpha_peer backup = {.role = DHCPHA_ROLE_BACKUP};
static const dhcpha_peer partner = {.role = DHCPHA_ROLE_STANDBY};

/* ---- may one more be taken in, may one leave ---- */

static const struct {
  const char *sentence;
  const dhcpha_peer *peer;
  uint32_t outstanding, commands;
  bool stopped, room, open;
} rows[] = {
    {"nothing is under way", &backup, 0, 0, false, true, true},
    {"one below the limit", &backup, LIMIT - 1, 63, false, true, true},
    {"the limit", &backup, LIMIT, 63, false, false, true},
    {"the window", &backup, 64, 64, false, true, false},
    {"a stopped one gets one command", &backup, 0, 0, true, true, true},
    {"and nothing behind it", &backup, 1, 1, true, false, false},
    {"what was under way when it was stopped ends first", &backup, 64, 64, true, false, false},
    {"clients bound what goes to the partner", &partner, 100000, 100000, false, true, true},
};

START_TEST(a_backup_has_a_window_and_a_limit) {
  dhcpha_relationship relationship = {.backup_queue_limit = LIMIT};
  dhcpha_peer_queue queue;
  dhcpha_peer_queue_init(&queue);
  queue.outstanding = rows[_i].outstanding;
  queue.commands = rows[_i].commands;
  queue.stopped = queue.full = rows[_i].stopped;
  ck_assert_msg(dhcpha_peer_queue_has_room(&queue, rows[_i].peer, &relationship) ==
                    rows[_i].room, "%s: room", rows[_i].sentence);
  ck_assert_msg(dhcpha_peer_queue_is_open(&queue, rows[_i].peer) == rows[_i].open, "%s: open",
                rows[_i].sentence);
}
END_TEST

/* ---- when it has caught up ---- */

static const struct {
  const char *sentence;
  dhcpha_backup_queue_policy policy;
  uint32_t outstanding; /* after the outcome */
  bool sent_since, acknowledged, recovered;
} outcomes[] = {
    {"drop: half is left", DROP, LIMIT / 2, false, true, true},
    {"drop: more than half is left", DROP, LIMIT / 2 + 1, false, true, false},
    {"drop: it empties by failures too: there is room", DROP, 0, false, false, true},
    {"stop: an answer to what was under way before does not count", STOP, 0, false, true, false},
    {"stop: an answer since", STOP, 0, true, true, true},
    {"stop: no answer since", STOP, 0, true, false, false},
};

START_TEST(it_is_told_once_that_it_is_full_and_that_it_has_caught_up) {
  dhcpha_relationship relationship = {.backup_queue_limit = LIMIT,
                                      .backup_queue_policy = outcomes[_i].policy};
  dhcpha_peer_queue queue;
  dhcpha_peer_queue_init(&queue);
  dhcpha_peer_queue_note_sent(&queue);
  ck_assert(dhcpha_peer_queue_note_full(&queue, &relationship));
  ck_assert(!dhcpha_peer_queue_note_full(&queue, &relationship));
  if (outcomes[_i].sent_since) dhcpha_peer_queue_note_sent(&queue);
  queue.outstanding = outcomes[_i].outstanding;
  ck_assert_msg(dhcpha_peer_queue_note_outcome(&queue, &relationship,
                                               outcomes[_i].acknowledged) ==
                    outcomes[_i].recovered, "%s", outcomes[_i].sentence);
  ck_assert_msg(queue.full != outcomes[_i].recovered, "%s", outcomes[_i].sentence);
  ck_assert(outcomes[_i].policy == STOP || !queue.stopped);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("peer_queue");
  tcase_add_loop_test(tcase, a_backup_has_a_window_and_a_limit, 0, COUNT_OF(rows));
  tcase_add_loop_test(tcase, it_is_told_once_that_it_is_full_and_that_it_has_caught_up, 0,
                      COUNT_OF(outcomes));
  return unit_run("peer_queue", tcase);
}
