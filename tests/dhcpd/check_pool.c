/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* Which addresses and prefixes of a pool are free, and which is next. */
#include "pool.h"

#include "dhcpd.h"
#include "message6.h"

START_TEST(a_large_pool_is_handed_out_whole) {
  struct pool pool;
  struct ip address;
  enum { COUNT = 70000 };
  ck_assert(pool_init(&pool, ip_of_ip4(1000), ip_of_ip4(1000 + COUNT - 1), 0));
  for (uint32_t i = 0; i < COUNT; i++) {
    ck_assert(pool_next(&pool, &address));
    ck_assert_uint_eq(address.low, 1000 + i);
    pool_set(&pool, address, POOL_TAKEN);
  }
  ck_assert(!pool_next(&pool, &address));
  pool_set(&pool, ip_of_ip4(51234), POOL_RECLAIMABLE);
  ck_assert(pool_next(&pool, &address));
  ck_assert_uint_eq(address.low, 51234);
  pool_set(&pool, ip_of_ip4(1000), POOL_FREE);
  ck_assert(pool_next(&pool, &address)); /* a free one comes first */
  ck_assert_uint_eq(address.low, 1000);
  ck_assert_int_eq(pool_get(&pool, ip_of_ip4(51234)), POOL_RECLAIMABLE);
  pool_clear(&pool);
}
END_TEST

START_TEST(a_pool_is_handed_out_as_far_as_it_is_remembered) {
  struct pool pool;
  struct ip address;
  ck_assert(pool_init(&pool, ip6("3001::"), ip6("3001:0:ffff:ffff::"), 64));
  for (uint64_t i = 0; i < 1000; i++) {
    ck_assert(pool_next(&pool, &address));
    ck_assert_uint_eq(address.high, ip6("3001::").high + i);
    pool_set(&pool, address, POOL_TAKEN);
  }
  pool_set(&pool, ip6("3001:0:ffff:ffff::"), POOL_FREE); /* beyond what is remembered */
  ck_assert_int_eq(pool_get(&pool, ip6("3001:0:ffff:ffff::")), POOL_TAKEN);
  ck_assert(pool_contains(&pool, ip6("3001:0:ffff:ffff::")));
  pool_clear(&pool);
}
END_TEST

int main(void) {
  TCase *tests = tcase_create("pool");
  tcase_add_test(tests, a_large_pool_is_handed_out_whole);
  tcase_add_test(tests, a_pool_is_handed_out_as_far_as_it_is_remembered);
  return run("pool", tests);
}
