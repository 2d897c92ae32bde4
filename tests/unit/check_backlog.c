/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/backlog.h"

#include "dhcp/address.h"
#include "unit/unit.h"

#include <stdio.h>

#define LIMIT 6
#define MANY 100000

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_backlog backlog;

static void start(void) {
  counts = (failing_allocator){0};
  allocator = failing_allocator_hooks(&counts);
  dhcpha_backlog_init(&backlog, &allocator, LIMIT);
}

static void end(void) {
  dhcpha_backlog_clear(&backlog);
  ck_assert_int_eq(counts.live, 0);
}

static dhcpha_address address_of(unsigned number) {
  return (dhcpha_address){
      4, {10, (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number}};
}

/* The cltt tells which word it is. */
static void push(bool is_delete, unsigned number, int64_t cltt) {
  dhcpha_lease lease;
  dhcpha_lease_init(&lease);
  lease.address = address_of(number);
  lease.cltt = cltt;
  dhcpha_backlog_push(&backlog, is_delete, &lease);
}

static const dhcpha_backlog_entry *kept(unsigned number) {
  dhcpha_address address = address_of(number);
  return dhcpha_backlog_find(&backlog, &address, DHCPHA_LEASE_ADDRESS);
}

/* All that waits, in one flight; the addresses' last bytes as a text: "1 2 3". */
static unsigned take_all(char text[64]) {
  unsigned flight = dhcpha_backlog_open_flight(&backlog);
  const dhcpha_backlog_entry *entry;
  size_t len = 0;
  text[0] = '\0';
  while ((entry = dhcpha_backlog_board(&backlog, flight)) != NULL)
    len += (size_t)snprintf(text + len, 64 - len, "%s%u", len == 0 ? "" : " ",
                            entry->lease->address.bytes[3]);
  return flight;
}

/* ---- the last word wins ---- */

static const struct {
  const char *sentence;
  bool words[3]; /* delete? */
  int word_count;
  bool is_delete;
} words[] = {
    {"an update alone", {false}, 1, false},
    {"a delete alone", {true}, 1, true},
    {"an update after an update", {false, false}, 2, false},
    {"an update after a delete is an update", {true, false}, 2, false},
    {"a delete after an update is a delete", {false, true}, 2, true},
    {"a delete after both", {true, false, true}, 3, true},
};

START_TEST(one_entry_for_a_lease) {
  for (int i = 0; i < words[_i].word_count; i++) {
    push(words[_i].words[i], 1, i);
    push(false, 2, 0);
  }
  const dhcpha_backlog_entry *entry = kept(1);
  ck_assert_uint_eq(dhcpha_backlog_count_leases(&backlog), 2);
  ck_assert_msg(entry->is_delete == words[_i].is_delete, "%s", words[_i].sentence);
  ck_assert_int_eq(entry->lease->cltt, words[_i].word_count - 1);
  ck_assert_uint_eq(backlog.count, 2 * (size_t)words[_i].word_count);
}
END_TEST

/* P1 4.8: a DHCPv6 lease is known by type and address, not by the length of a prefix. */
START_TEST(an_address_and_a_prefix_are_two_leases) {
  dhcpha_lease lease;
  dhcpha_lease_init(&lease);
  dhcpha_address_parse(&lease.address, "2001:db8::");
  dhcpha_backlog_push(&backlog, false, &lease);
  lease.type = DHCPHA_LEASE_PREFIX;
  lease.prefix_len = 56;
  dhcpha_backlog_push(&backlog, false, &lease);
  lease.prefix_len = 64;
  dhcpha_backlog_push(&backlog, true, &lease);
  ck_assert_uint_eq(dhcpha_backlog_count_leases(&backlog), 2);
  ck_assert(!dhcpha_backlog_find(&backlog, &lease.address, DHCPHA_LEASE_ADDRESS)->is_delete);
  ck_assert(dhcpha_backlog_find(&backlog, &lease.address, DHCPHA_LEASE_PREFIX)->is_delete);
}
END_TEST

START_TEST(the_first_that_came_is_the_first_that_goes) {
  char text[64];
  push(false, 3, 0);
  push(false, 1, 0);
  push(false, 2, 0);
  push(true, 3, 1);
  take_all(text);
  ck_assert_str_eq(text, "3 1 2");
}
END_TEST

/* ---- the limit ---- */

/* P2 5: "limit: items. Push when size >= limit: item discarded, sticky flag overflowed = true". */
START_TEST(overflows_when_kea_does) {
  for (int i = 0; i < LIMIT; i++) push(i % 2 == 1, (unsigned)(i / 3), i);
  ck_assert(!backlog.overflowed);
  ck_assert_uint_eq(dhcpha_backlog_count_leases(&backlog), 2);
  push(false, 0, 9);
  ck_assert(backlog.overflowed);
  push(false, 8, 9);
  ck_assert(backlog.overflowed);
  ck_assert(dhcpha_backlog_is_empty(&backlog)); /* what was kept can't help any more */
  dhcpha_backlog_clear(&backlog);
  ck_assert(!backlog.overflowed);
  push(false, 1, 0);
  ck_assert_uint_eq(backlog.count, 1);
}
END_TEST

START_TEST(keeps_nothing_with_a_limit_of_0) {
  dhcpha_backlog_init(&backlog, &allocator, 0);
  push(false, 1, 0);
  ck_assert(backlog.overflowed);
  ck_assert(dhcpha_backlog_is_empty(&backlog));
}
END_TEST

/* A lease that was lost for want of memory can only be had by a synchronization. */
START_TEST(a_lease_without_memory_counts_as_overflow) {
  for (uint64_t nth = 1;; nth++) {
    dhcpha_backlog_clear(&backlog);
    push(false, 1, 0);
    counts.failed = 0;
    counts.fail_from = counts.requests + nth;
    counts.fail_count = 1;
    for (unsigned i = 0; i < LIMIT - 1; i++) push(false, i, 0);
    counts.fail_from = 0;
    ck_assert(backlog.overflowed == (counts.failed != 0));
    if (counts.failed == 0) break;
    ck_assert(dhcpha_backlog_is_empty(&backlog));
  }
}
END_TEST

/* ---- flights ---- */

START_TEST(kept_until_acknowledged) {
  char text[64];
  push(false, 1, 0);
  push(false, 1, 1);
  push(true, 2, 0);
  unsigned flight = take_all(text);
  ck_assert_ptr_nonnull(kept(1));
  ck_assert_uint_eq(backlog.count, 3);
  dhcpha_backlog_close_flight(&backlog, flight, DHCPHA_BACKLOG_ACKNOWLEDGED);
  ck_assert_ptr_null(kept(1));
  ck_assert_uint_eq(backlog.count, 0);
  ck_assert(dhcpha_backlog_is_empty(&backlog));
}
END_TEST

START_TEST(an_awaited_flight_of_nothing_is_not_empty) {
  char text[64];
  push(false, 1, 0);
  unsigned flight = take_all(text);
  dhcpha_backlog_overflow(&backlog);
  ck_assert(!dhcpha_backlog_is_empty(&backlog));
  dhcpha_backlog_close_flight(&backlog, flight, DHCPHA_BACKLOG_ACKNOWLEDGED);
  ck_assert(dhcpha_backlog_is_empty(&backlog));
  ck_assert(backlog.overflowed);
}
END_TEST

static const struct {
  const char *sentence;
  dhcpha_backlog_fate fate;
  bool changed;
  const char *sent_next;    /* "1": it waits again */
  const char *sent_resumed; /* after dhcpha_backlog_resume() */
  size_t count;
} fates[] = {
    {"acknowledged", DHCPHA_BACKLOG_ACKNOWLEDGED, false, "", "", 0},
    {"acknowledged, but it has changed since", DHCPHA_BACKLOG_ACKNOWLEDGED, true, "1", "1", 1},
    {"not sent", DHCPHA_BACKLOG_NOT_SENT, false, "1", "1", 1},
    {"not sent, and changed since", DHCPHA_BACKLOG_NOT_SENT, true, "1", "1", 2},
    {"put off", DHCPHA_BACKLOG_PUT_OFF, false, "", "1", 1},
    {"put off, and changed since", DHCPHA_BACKLOG_PUT_OFF, true, "", "1", 2},
};

/* The older word may still be on its way: the newer one is sent after its outcome, not before. */
START_TEST(two_words_are_never_on_their_way_together) {
  char text[64];
  push(false, 1, 0);
  unsigned flight = take_all(text);
  if (fates[_i].changed) push(true, 1, 1);
  unsigned other = take_all(text);
  ck_assert_msg(text[0] == '\0', "%s: sent beside the older one", fates[_i].sentence);
  dhcpha_backlog_close_flight(&backlog, other, DHCPHA_BACKLOG_ACKNOWLEDGED);
  dhcpha_backlog_close_flight(&backlog, flight, fates[_i].fate);
  ck_assert_msg(backlog.count == fates[_i].count, "%s: %zu", fates[_i].sentence, backlog.count);
  if (fates[_i].changed) ck_assert(kept(1)->is_delete);
  other = take_all(text);
  ck_assert_msg(strcmp(text, fates[_i].sent_next) == 0, "%s: %s", fates[_i].sentence, text);
  dhcpha_backlog_close_flight(&backlog, other, DHCPHA_BACKLOG_NOT_SENT);
  dhcpha_backlog_resume(&backlog);
  take_all(text);
  ck_assert_msg(strcmp(text, fates[_i].sent_resumed) == 0, "%s: %s", fates[_i].sentence, text);
}
END_TEST

START_TEST(one_of_a_flight_is_put_off) {
  char text[64];
  for (unsigned i = 1; i <= 3; i++) push(false, i, 0);
  unsigned flight = take_all(text);
  ((dhcpha_backlog_entry *)kept(2))->put_off = true;
  dhcpha_backlog_close_flight(&backlog, flight, DHCPHA_BACKLOG_ACKNOWLEDGED);
  ck_assert_uint_eq(dhcpha_backlog_count_leases(&backlog), 1);
  ck_assert_ptr_null(backlog.waiting.first);
  push(true, 2, 1); /* a new word does not bring it back before its time */
  ck_assert_ptr_null(backlog.waiting.first);
  dhcpha_backlog_resume(&backlog);
  take_all(text);
  ck_assert_str_eq(text, "2");
  ck_assert_uint_eq(kept(2)->tries, 1);
}
END_TEST

START_TEST(flights_end_in_any_order) {
  unsigned flights[DHCPHA_BACKLOG_FLIGHTS_MAX];
  dhcpha_backlog_init(&backlog, &allocator, DHCPHA_BACKLOG_FLIGHTS_MAX);
  for (unsigned i = 0; i < DHCPHA_BACKLOG_FLIGHTS_MAX; i++) push(false, i, 0);
  for (unsigned i = 0; i < DHCPHA_BACKLOG_FLIGHTS_MAX; i++) {
    flights[i] = dhcpha_backlog_open_flight(&backlog);
    ck_assert_uint_lt(flights[i], DHCPHA_BACKLOG_FLIGHTS_MAX);
    ck_assert_uint_eq(dhcpha_backlog_board(&backlog, flights[i])->lease->address.bytes[3], i);
  }
  for (unsigned i = DHCPHA_BACKLOG_FLIGHTS_MAX; i-- > 0;) {
    dhcpha_backlog_close_flight(&backlog, flights[i], DHCPHA_BACKLOG_ACKNOWLEDGED);
    ck_assert_ptr_null(kept(i));
  }
  ck_assert(dhcpha_backlog_is_empty(&backlog));
}
END_TEST

/* Were a search to take its time, this test would run out of it. */
START_TEST(many_leases_take_no_longer_each) {
  char text[64];
  dhcpha_backlog_init(&backlog, &allocator, 3 * MANY);
  for (unsigned round = 0; round < 3; round++)
    for (unsigned i = 0; i < MANY; i++) push(round == 1, i, round);
  ck_assert_uint_eq(dhcpha_backlog_count_leases(&backlog), MANY);
  unsigned flight = dhcpha_backlog_open_flight(&backlog);
  while (dhcpha_backlog_board(&backlog, flight) != NULL) continue;
  dhcpha_backlog_close_flight(&backlog, flight, DHCPHA_BACKLOG_ACKNOWLEDGED);
  ck_assert(dhcpha_backlog_is_empty(&backlog));
  take_all(text);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("backlog");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_loop_test(tcase, one_entry_for_a_lease, 0, COUNT_OF(words));
  tcase_add_test(tcase, an_address_and_a_prefix_are_two_leases);
  tcase_add_test(tcase, the_first_that_came_is_the_first_that_goes);
  tcase_add_test(tcase, overflows_when_kea_does);
  tcase_add_test(tcase, keeps_nothing_with_a_limit_of_0);
  tcase_add_test(tcase, a_lease_without_memory_counts_as_overflow);
  tcase_add_test(tcase, kept_until_acknowledged);
  tcase_add_test(tcase, an_awaited_flight_of_nothing_is_not_empty);
  tcase_add_loop_test(tcase, two_words_are_never_on_their_way_together, 0, COUNT_OF(fates));
  tcase_add_test(tcase, one_of_a_flight_is_put_off);
  tcase_add_test(tcase, flights_end_in_any_order);
  tcase_add_test(tcase, many_leases_take_no_longer_each);
  return unit_run("backlog", tcase);
}
