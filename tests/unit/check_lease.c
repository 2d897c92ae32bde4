/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "dhcp/lease.h"

#include <stdio.h>

#include "base/allocator.h"
#include "unit/unit.h"

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_lease lease;

static void start(void) {
  counts = (failing_allocator){ 0 };
  allocator = failing_allocator_hooks(&counts);
  dhcpha_lease_init(&lease);
  dhcpha_address_parse(&lease.address, "192.0.2.10");
  lease.subnet_id = 1;
  lease.valid_lft = 4000;
  lease.cltt = 1795355354;
  lease.hw_address = (const uint8_t *)"\x02\x00\x00\xaa\x00\x01";
  lease.hw_address_len = 6;
  lease.client_id = (const uint8_t *)"\x01\x02";
  lease.client_id_len = 2;
  lease.hostname = "host.example.org.";
  lease.hostname_len = 4; /* it need not be ended */
  lease.user_context = "{}...";
  lease.user_context_len = 2;
}

static void end(void) {
  ck_assert_int_eq(counts.live, 0);
}

START_TEST(copies_in_one_block) {
  dhcpha_lease *copy = dhcpha_lease_copy(&allocator, &lease);
  ck_assert_uint_eq(counts.requests, 1);
  ck_assert(dhcpha_lease_equals(copy, &lease));
  ck_assert_ptr_ne(copy->hw_address, lease.hw_address);
  ck_assert_str_eq(copy->hostname, "host");
  ck_assert_str_eq(copy->user_context, "{}");
  ck_assert_uint_eq(copy->size, sizeof lease);
  dhcpha_release(&allocator, copy);
}
END_TEST

START_TEST(copies_an_empty_lease) {
  dhcpha_lease_init(&lease);
  dhcpha_lease *copy = dhcpha_lease_copy(&allocator, &lease);
  ck_assert(dhcpha_lease_equals(copy, &lease));
  ck_assert_ptr_null(copy->user_context);
  dhcpha_release(&allocator, copy);
}
END_TEST

/* A host that was built against a shorter struct: what it does not have is 0. */
START_TEST(copies_a_shorter_struct) {
  lease.size = offsetof(dhcpha_lease, hostname);
  dhcpha_lease *copy = dhcpha_lease_copy(&allocator, &lease);
  ck_assert_uint_eq(copy->size, sizeof lease);
  ck_assert_uint_eq(copy->hostname_len, 0);
  ck_assert_ptr_null(copy->user_context);
  ck_assert_uint_eq(copy->client_id_len, 2);
  dhcpha_release(&allocator, copy);
}
END_TEST

START_TEST(says_so_when_there_is_no_memory_for_a_copy) {
  counts.fail_from = counts.fail_count = 1;
  ck_assert_ptr_null(dhcpha_lease_copy(&allocator, &lease));
}
END_TEST

static void change(dhcpha_lease *l, int member) {
  switch (member) {
  case 0: l->address.bytes[3]++; break;
  case 1: l->type = DHCPHA_LEASE_PREFIX; break;
  case 2: l->prefix_len = 7; break;
  case 3: l->state = DHCPHA_LEASE_RELEASED; break;
  case 4: l->fqdn_fwd = true; break;
  case 5: l->fqdn_rev = true; break;
  case 6: l->subnet_id = 2; break;
  case 7: l->pool_id = 2; break;
  case 8: l->iaid = 2; break;
  case 9: l->valid_lft = 2; break;
  case 10: l->preferred_lft = 2; break;
  case 11: l->cltt++; break;
  case 12: l->hw_address_len--; break;
  case 13: l->hw_address = (const uint8_t *)"\x02\x00\x00\xaa\x00\x02"; break;
  case 14: l->client_id_len = 0; break;
  case 15: l->client_id = (const uint8_t *)"\x01\x03"; break;
  case 16: l->hostname = "hosT"; break;
  case 17: l->user_context = "[]"; break;
  default: l->user_context_len = 0; break;
  }
}

START_TEST(tells_leases_apart_by_each_member) {
  dhcpha_lease other = lease;
  ck_assert(dhcpha_lease_equals(&lease, &other));
  change(&other, _i);
  ck_assert(!dhcpha_lease_equals(&lease, &other));
  ck_assert(!dhcpha_lease_equals(&other, &lease));
}
END_TEST

typedef struct validity {
  const char *sentence;
  dhcpha_family family;
  const char *address;
  uint8_t type, prefix_len, state;
  size_t hw, id, hostname, context;
  bool valid;
} validity;

static const validity validities[] = {
  { "the ordinary one", DHCPHA_DHCP4, "192.0.2.1", 0, 0, 0, 6, 7, 10, 0, true },
  { "declined: no client", DHCPHA_DHCP4, "192.0.2.1", 0, 0, 1, 0, 0, 0, 0, true },
  { "the longest of all", DHCPHA_DHCP4, "192.0.2.1", 0, 128, 4, 20, 255, 255, 65536, true },
  { "a state that is none", DHCPHA_DHCP4, "192.0.2.1", 0, 0, 5, 6, 7, 10, 0, false },
  { "hardware address too long", DHCPHA_DHCP4, "192.0.2.1", 0, 0, 0, 21, 7, 0, 0, false },
  { "client-id too long", DHCPHA_DHCP4, "192.0.2.1", 0, 0, 0, 6, 256, 0, 0, false },
  { "hostname too long", DHCPHA_DHCP4, "192.0.2.1", 0, 0, 0, 6, 7, 256, 0, false },
  { "context too long", DHCPHA_DHCP4, "192.0.2.1", 0, 0, 0, 6, 7, 0, 65537, false },
  { "IPv6 in a DHCPv4 server", DHCPHA_DHCP4, "2001:db8::1", 0, 0, 0, 6, 7, 0, 0, false },
  { "a prefix in a DHCPv4 server", DHCPHA_DHCP4, "192.0.2.1", 2, 24, 0, 6, 7, 0, 0, false },
  { "IPv6", DHCPHA_DHCP6, "2001:db8::1", 0, 128, 0, 0, 14, 0, 0, true },
  { "IPv4 in a DHCPv6 server", DHCPHA_DHCP6, "192.0.2.1", 0, 128, 0, 0, 14, 0, 0, false },
  { "a DUID too long", DHCPHA_DHCP6, "2001:db8::1", 0, 128, 0, 0, 131, 0, 0, false },
  { "the longest DUID", DHCPHA_DHCP6, "2001:db8::1", 1, 128, 0, 0, 130, 0, 0, true },
  { "a prefix", DHCPHA_DHCP6, "2001:db8::", 2, 56, 0, 0, 14, 0, 0, true },
  { "a prefix without length", DHCPHA_DHCP6, "2001:db8::", 2, 0, 0, 0, 14, 0, 0, false },
  { "a prefix too long", DHCPHA_DHCP6, "2001:db8::", 2, 129, 0, 0, 14, 0, 0, false },
  { "a type that is none", DHCPHA_DHCP6, "2001:db8::", 3, 56, 0, 0, 14, 0, 0, false },
};

START_TEST(knows_a_valid_lease) {
  static const char bytes[65537];
  const validity *v = &validities[_i];
  dhcpha_lease_init(&lease);
  dhcpha_address_parse(&lease.address, v->address);
  lease.type = v->type;
  lease.prefix_len = v->prefix_len;
  lease.state = v->state;
  lease.hw_address = lease.client_id = (const uint8_t *)bytes;
  lease.hostname = lease.user_context = bytes;
  lease.hw_address_len = v->hw;
  lease.client_id_len = v->id;
  lease.hostname_len = v->hostname;
  lease.user_context_len = v->context;
  ck_assert_msg(dhcpha_lease_is_valid(&lease, v->family) == v->valid, "%s", v->sentence);
  lease.client_id = NULL;
  if (v->id != 0) ck_assert(!dhcpha_lease_is_valid(&lease, v->family));
}
END_TEST

START_TEST(walks_an_array_of_the_callers_size) {
  struct {
    dhcpha_lease lease;
    char newer_member[24];
  } leases[3];
  for (uint32_t i = 0; i < 3; i++) {
    dhcpha_lease_init(&leases[i].lease);
    leases[i].lease.size = sizeof leases[0];
    leases[i].lease.iaid = i;
  }
  for (uint32_t i = 0; i < 3; i++)
    ck_assert_uint_eq(dhcpha_lease_at(&leases[0].lease, i)->iaid, i);
}
END_TEST

/* Batches. */

static dhcpha_status fill(dhcpha_lease_batch *batch, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    char hostname[32];
    lease.iaid = i;
    lease.hostname = hostname;
    lease.hostname_len = (size_t)snprintf(hostname, sizeof hostname, "host%u", i);
    dhcpha_status status =
      dhcpha_lease_batch_add(batch, (dhcpha_lease_operation)(i % 4), &lease);
    if (status != DHCPHA_OK) return status;
    hostname[0] = '\0'; /* the batch has its own */
  }
  return DHCPHA_OK;
}

static void compare(const dhcpha_lease_batch *batch, uint32_t count) {
  ck_assert_uint_eq(dhcpha_lease_batch_get_count(batch), count);
  for (uint32_t i = 0; i < count; i++) {
    char hostname[32];
    const dhcpha_lease *got = dhcpha_lease_batch_get_lease(batch, i);
    lease.iaid = i;
    lease.hostname = hostname;
    lease.hostname_len = (size_t)snprintf(hostname, sizeof hostname, "host%u", i);
    ck_assert(dhcpha_lease_equals(got, &lease));
    ck_assert_str_eq(got->hostname, hostname);
    ck_assert_int_eq(dhcpha_lease_batch_get_operation(batch, i), i % 4);
  }
  ck_assert_ptr_null(dhcpha_lease_batch_get_lease(batch, count));
}

START_TEST(keeps_leases_in_a_batch) {
  dhcpha_lease_batch *batch = dhcpha_lease_batch_new(&allocator);
  compare(batch, 0);
  ck_assert_int_eq(fill(batch, 10000), DHCPHA_OK);
  compare(batch, 10000);
  ck_assert_uint_lt(counts.requests, 60);
  dhcpha_lease_batch_free(batch);
}
END_TEST

START_TEST(does_not_allocate_after_a_clear) {
  static char context[DHCPHA_USER_CONTEXT_MAX]; /* larger than a chunk */
  dhcpha_lease_batch *batch = dhcpha_lease_batch_new(&allocator);
  uint64_t before = 0;
  for (int round = 0; round < 3; round++) {
    dhcpha_lease_batch_clear(batch);
    ck_assert_uint_eq(dhcpha_lease_batch_get_count(batch), 0);
    ck_assert_int_eq(fill(batch, 1000), DHCPHA_OK);
    compare(batch, 1000);
    dhcpha_lease large = lease;
    large.user_context = context;
    large.user_context_len = sizeof context;
    ck_assert_int_eq(dhcpha_lease_batch_add(batch, DHCPHA_LEASE_PUT, &large), DHCPHA_OK);
    if (round > 0) ck_assert_uint_eq(counts.requests, before);
    before = counts.requests;
  }
  dhcpha_lease_batch_free(batch);
}
END_TEST

START_TEST(stays_whole_when_memory_is_short) {
  for (uint64_t nth = 1; nth < 100; nth++) {
    counts = (failing_allocator){ .fail_from = nth, .fail_count = 1 };
    dhcpha_lease_batch *batch = dhcpha_lease_batch_new(&allocator);
    if (batch == NULL) continue;
    dhcpha_status status = fill(batch, 500);
    compare(batch, (uint32_t)dhcpha_lease_batch_get_count(batch));
    ck_assert_int_eq(status, counts.failed == 0 ? DHCPHA_OK : DHCPHA_ERR_NOMEM);
    dhcpha_lease_batch_free(batch);
    ck_assert_int_eq(counts.live, 0);
    if (counts.failed == 0) return;
  }
  ck_abort_msg("the last allocation was not reached");
}
END_TEST

START_TEST(takes_no_batch_for_an_empty_one) {
  ck_assert_uint_eq(dhcpha_lease_batch_get_count(NULL), 0);
  ck_assert_ptr_null(dhcpha_lease_batch_get_lease(NULL, 0));
  ck_assert_int_eq(dhcpha_lease_batch_get_operation(NULL, 0), DHCPHA_LEASE_PUT);
  dhcpha_lease_batch_free(NULL);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("lease");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, copies_in_one_block);
  tcase_add_test(tcase, copies_an_empty_lease);
  tcase_add_test(tcase, copies_a_shorter_struct);
  tcase_add_test(tcase, says_so_when_there_is_no_memory_for_a_copy);
  tcase_add_loop_test(tcase, tells_leases_apart_by_each_member, 0, 19);
  tcase_add_loop_test(tcase, knows_a_valid_lease, 0, COUNT_OF(validities));
  tcase_add_test(tcase, walks_an_array_of_the_callers_size);
  tcase_add_test(tcase, keeps_leases_in_a_batch);
  tcase_add_test(tcase, does_not_allocate_after_a_clear);
  tcase_add_test(tcase, stays_whole_when_memory_is_short);
  tcase_add_test(tcase, takes_no_batch_for_an_empty_one);
  return unit_run("lease", tcase);
}
