/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/unacked_clients.h"

#include "unit/unit.h"

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_unacked_clients clients;
static uint8_t hw[6];

static void start(void) {
  counts = (failing_allocator){0};
  allocator = failing_allocator_hooks(&counts);
  ck_assert_int_eq(dhcpha_unacked_clients_init(&clients, &allocator), DHCPHA_OK);
}

static void end(void) {
  dhcpha_unacked_clients_free(&clients);
  ck_assert_int_eq(counts.live, 0);
}

static dhcpha_query query4(unsigned client, uint16_t secs) {
  dhcpha_query query;
  dhcpha_query_init(&query);
  memcpy(hw, "\x02\x00\x00\x00\x00\x00", 6);
  hw[4] = (uint8_t)(client >> 8);
  hw[5] = (uint8_t)client;
  query.type = 1;
  query.secs = secs;
  query.hw_address = hw;
  query.hw_address_len = 6;
  return query;
}

/* P1 3.5, the table of `secs` with max-ack-delay 5000. */
static const struct {
  const char *sentence;
  uint16_t secs;
  bool unacked;
} waits[] = {
    {"5: 5000 > 5000 is false", 5, false},
    {"6", 6, true},
    {"0x0500 is 5, swapped", 0x0500, false},
    {"0x0600 is 6, swapped", 0x0600, true},
    {"0x0501 is 1281", 0x0501, true},
    {"256 is read as 1, even if genuine", 256, false},
    {"255 is not swapped", 255, true},
    {"0", 0, false},
    {"0xff00 is 255", 0xff00, true},
};

START_TEST(counts_who_waits_longer_than_the_limit) {
  dhcpha_query query = query4(1, waits[_i].secs);
  dhcpha_client_news news =
      dhcpha_unacked_clients_note(&clients, &query, DHCPHA_DHCP4, 5000);
  ck_assert_msg(news == (waits[_i].unacked ? DHCPHA_CLIENT_UNACKED : DHCPHA_CLIENT_CONNECTING),
                "%s", waits[_i].sentence);
  ck_assert_uint_eq(clients.unacked, waits[_i].unacked ? 1 : 0);
  ck_assert_uint_eq(dhcpha_unacked_clients_count(&clients), 1);
  ck_assert_uint_eq(clients.analyzed, 1);
}
END_TEST

/* P1 3.5: "v6: Elapsed Time, 1/100 s units: option present and value * 10 > max-ack-delay". */
static const struct {
  const char *sentence;
  bool present;
  uint16_t elapsed;
  bool unacked;
} elapses[] = {
    {"5 s are not more than 5 s", true, 500, false},
    {"5.01 s", true, 501, true},
    {"there is no swapping", true, 0x0100, false},
    {"the longest", true, 65535, true},
    {"without the option nobody waits", false, 65535, false},
};

START_TEST(counts_dhcpv6_clients_by_elapsed_time) {
  dhcpha_query query;
  dhcpha_query_init(&query);
  query.type = 1;
  query.has_elapsed = elapses[_i].present;
  query.elapsed = elapses[_i].elapsed;
  query.client_id = (const uint8_t *)"\x00\x03\x00\x01\x02";
  query.client_id_len = 5;
  (void)dhcpha_unacked_clients_note(&clients, &query, DHCPHA_DHCP6, 5000);
  ck_assert_msg(clients.unacked == (elapses[_i].unacked ? 1 : 0), "%s", elapses[_i].sentence);
}
END_TEST

/* P1 3.5: "unknown key: insert; known and false and now unacked: set true; known and true stays
 * true whatever later packets say." */
START_TEST(a_client_becomes_unacked_once_and_stays_so) {
  static const struct {
    uint16_t secs;
    dhcpha_client_news news;
  } steps[] = {{1, DHCPHA_CLIENT_CONNECTING}, {3, DHCPHA_CLIENT_KNOWN}, {6, DHCPHA_CLIENT_UNACKED},
               {7, DHCPHA_CLIENT_KNOWN},      {0, DHCPHA_CLIENT_KNOWN}};
  for (int i = 0; i < COUNT_OF(steps); i++) {
    dhcpha_query query = query4(1, steps[i].secs);
    ck_assert_int_eq(dhcpha_unacked_clients_note(&clients, &query, DHCPHA_DHCP4, 5000),
                     steps[i].news);
  }
  ck_assert_uint_eq(clients.unacked, 1);
  ck_assert_uint_eq(clients.analyzed, COUNT_OF(steps));
}
END_TEST

/* P1 3.5: "The same MAC with and without client-id, or with two client-ids, is two clients." */
START_TEST(a_client_is_its_address_and_its_identifier) {
  static const char *const ids[] = {"", "\x01\x02", "\x01\x03", "\x01\x02"};
  for (int i = 0; i < COUNT_OF(ids); i++) {
    dhcpha_query query = query4(1, 0);
    query.client_id = (const uint8_t *)ids[i];
    query.client_id_len = strlen(ids[i]);
    (void)dhcpha_unacked_clients_note(&clients, &query, DHCPHA_DHCP4, 5000);
  }
  ck_assert_uint_eq(dhcpha_unacked_clients_count(&clients), 3);
}
END_TEST

/* P1 3.5: "empty or missing DUID: not recorded, though counted in analyzed". */
START_TEST(a_dhcpv6_client_without_duid_is_only_analyzed) {
  dhcpha_query query;
  dhcpha_query_init(&query);
  query.type = 1;
  query.has_elapsed = true;
  query.elapsed = 65535;
  ck_assert_int_eq(dhcpha_unacked_clients_note(&clients, &query, DHCPHA_DHCP6, 5000),
                   DHCPHA_CLIENT_KNOWN);
  ck_assert_uint_eq(clients.analyzed, 1);
  ck_assert_uint_eq(dhcpha_unacked_clients_count(&clients), 0);
}
END_TEST

/* P1 3.6: "(max-unacked-clients == 0) or (unacked clients > max-unacked-clients)". */
static const struct {
  const char *sentence;
  unsigned unacked;
  uint32_t max;
  bool failure;
} failures[] = {
    {"with 0 nobody is looked at", 0, 0, true},
    {"none of 10", 0, 10, false},
    {"10 are not more than 10", 10, 10, false},
    {"the default 10 needs 11", 11, 10, true},
    {"2 of 1", 2, 1, true},
    {"the largest limit", 12, UINT32_MAX, false},
};

START_TEST(shows_failure_above_the_number) {
  for (unsigned i = 0; i < failures[_i].unacked; i++) {
    dhcpha_query query = query4(i, 100);
    (void)dhcpha_unacked_clients_note(&clients, &query, DHCPHA_DHCP4, 5000);
  }
  ck_assert_msg(dhcpha_unacked_clients_show_failure(&clients, failures[_i].max) ==
                    failures[_i].failure,
                "%s", failures[_i].sentence);
}
END_TEST

START_TEST(takes_no_memory_once_room_is_reserved) {
  dhcpha_unacked_clients_reserve(&clients);
  uint64_t requests = counts.requests;
  ck_assert_uint_gt(requests, 0);
  for (unsigned i = 0; i < DHCPHA_UNACKED_CLIENTS_RESERVED; i++) {
    dhcpha_query query = query4(i, 100);
    query.client_id = (const uint8_t *)"\x01\x02\x03\x04\x05\x06\x07";
    query.client_id_len = 7;
    ck_assert_int_eq(dhcpha_unacked_clients_note(&clients, &query, DHCPHA_DHCP4, 5000),
                     DHCPHA_CLIENT_UNACKED);
  }
  ck_assert_uint_eq(counts.requests, requests);
}
END_TEST

START_TEST(is_empty_after_a_contact_and_keeps_its_memory) {
  for (unsigned round = 0; round < 3; round++) {
    uint64_t requests = counts.requests;
    for (unsigned i = 0; i < 200; i++) {
      dhcpha_query query = query4(i, 100);
      (void)dhcpha_unacked_clients_note(&clients, &query, DHCPHA_DHCP4, 5000);
    }
    ck_assert_uint_eq(clients.unacked, 200);
    ck_assert(round == 0 || counts.requests == requests);
    dhcpha_unacked_clients_clear(&clients);
    ck_assert_uint_eq(clients.unacked, 0);
    ck_assert_uint_eq(clients.analyzed, 0);
    ck_assert_uint_eq(dhcpha_unacked_clients_count(&clients), 0);
  }
}
END_TEST

START_TEST(without_memory_a_client_is_only_analyzed) {
  counts.fail_from = counts.requests + 1;
  counts.fail_count = UINT64_MAX;
  dhcpha_unacked_clients_reserve(&clients);
  dhcpha_query query = query4(1, 100);
  ck_assert_int_eq(dhcpha_unacked_clients_note(&clients, &query, DHCPHA_DHCP4, 5000),
                   DHCPHA_CLIENT_KNOWN);
  ck_assert_uint_eq(clients.analyzed, 1);
  ck_assert_uint_eq(clients.unacked, 0);
}
END_TEST

START_TEST(no_more_clients_are_remembered_than_the_limit) {
  for (unsigned i = 0; i < DHCPHA_UNACKED_CLIENTS_MAX; i++) {
    dhcpha_query query = query4(i, 100);
    (void)dhcpha_unacked_clients_note(&clients, &query, DHCPHA_DHCP4, 5000);
  }
  dhcpha_query query = query4(1, 100);
  query.hw_address_len = 5;
  ck_assert_int_eq(dhcpha_unacked_clients_note(&clients, &query, DHCPHA_DHCP4, 5000),
                   DHCPHA_CLIENT_KNOWN);
  ck_assert_uint_eq(clients.unacked, DHCPHA_UNACKED_CLIENTS_MAX);
  ck_assert_uint_eq(clients.analyzed, DHCPHA_UNACKED_CLIENTS_MAX + 1);
}
END_TEST

START_TEST(says_so_when_it_cannot_be_made) {
  dhcpha_unacked_clients other;
  counts.fail_from = counts.requests + 1;
  counts.fail_count = 1;
  ck_assert_int_eq(dhcpha_unacked_clients_init(&other, &allocator), DHCPHA_ERR_NOMEM);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("unacked_clients");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_loop_test(tcase, counts_who_waits_longer_than_the_limit, 0, COUNT_OF(waits));
  tcase_add_loop_test(tcase, counts_dhcpv6_clients_by_elapsed_time, 0, COUNT_OF(elapses));
  tcase_add_test(tcase, a_client_becomes_unacked_once_and_stays_so);
  tcase_add_test(tcase, a_client_is_its_address_and_its_identifier);
  tcase_add_test(tcase, a_dhcpv6_client_without_duid_is_only_analyzed);
  tcase_add_loop_test(tcase, shows_failure_above_the_number, 0, COUNT_OF(failures));
  tcase_add_test(tcase, takes_no_memory_once_room_is_reserved);
  tcase_add_test(tcase, is_empty_after_a_contact_and_keeps_its_memory);
  tcase_add_test(tcase, without_memory_a_client_is_only_analyzed);
  tcase_add_test(tcase, no_more_clients_are_remembered_than_the_limit);
  tcase_add_test(tcase, says_so_when_it_cannot_be_made);
  return unit_run("unacked_clients", tcase);
}
