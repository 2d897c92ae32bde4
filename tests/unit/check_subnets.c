/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/subnets.h"

#include "support/pair_config.h"
#include "unit/unit.h"

static failing_allocator counts;
static dhcpha_allocator allocator;
static dhcpha_subnets subnets;
static dhcpha_config *config;

static void start(void) {
  text json = {0};
  counts = (failing_allocator){0};
  allocator = failing_allocator_hooks(&counts);
  dhcpha_subnets_init(&subnets, &allocator);
  pair_config_write(&json, "hot-standby", 0, 0, NULL, 0);
  ck_assert_int_eq(
      dhcpha_config_parse(DHCPHA_DHCP4, text_of(&json), json.len, &allocator, &config, NULL),
      DHCPHA_OK);
  text_free(&json);
}

static void end(void) {
  dhcpha_subnets_free(&subnets);
  dhcpha_config_free(config);
  ck_assert_int_eq(counts.live, 0);
}

static dhcpha_subnet subnet_of(uint32_t id, const char *prefix, uint8_t prefix_len,
                               const char *server_name) {
  dhcpha_subnet subnet;
  dhcpha_subnet_init(&subnet);
  subnet.id = id;
  ck_assert_int_eq(dhcpha_address_parse(&subnet.prefix, prefix), DHCPHA_OK);
  subnet.prefix_len = prefix_len;
  subnet.server_name = server_name;
  return subnet;
}

START_TEST(finds_by_id_and_by_address) {
  dhcpha_subnet given[] = {subnet_of(7, "198.51.100.0", 24, NULL),
                           subnet_of(1, "192.0.2.0", 24, NULL),
                           subnet_of(3, "2001:db8::", 32, NULL)};
  dhcpha_address address;
  ck_assert_int_eq(dhcpha_subnets_set(&subnets, config, given, 3), DHCPHA_OK);
  ck_assert_uint_eq(dhcpha_subnets_find(&subnets, 7)->prefix.bytes[0], 198);
  ck_assert_ptr_null(dhcpha_subnets_find(&subnets, 2));
  ck_assert_ptr_null(dhcpha_subnets_find(&subnets, 0));
  dhcpha_address_parse(&address, "192.0.2.255");
  ck_assert_uint_eq(dhcpha_subnets_find_address(&subnets, &address)->id, 1);
  dhcpha_address_parse(&address, "192.0.3.0");
  ck_assert_ptr_null(dhcpha_subnets_find_address(&subnets, &address));
  dhcpha_address_parse(&address, "2001:db8:ffff::1");
  ck_assert_uint_eq(dhcpha_subnets_find_address(&subnets, &address)->id, 3);
}
END_TEST

START_TEST(without_subnets_nothing_is_found) {
  dhcpha_address address;
  dhcpha_address_parse(&address, "192.0.2.1");
  ck_assert_ptr_null(dhcpha_subnets_find(&subnets, 1));
  ck_assert_ptr_null(dhcpha_subnets_find_address(&subnets, &address));
}
END_TEST

/* P2 6.5: "every subnet whose ha-server-name equals the name of any peer of this relationship is
 * accepted. If the resulting set is empty, everything is accepted." */
static const struct {
  const char *sentence;
  const char *names[2]; /* of subnets 1 and 2 */
  bool filter;
  bool belongs[2];
} filters[] = {
    {"no subnet is bound", {NULL, NULL}, false, {false, false}},
    {"one is bound to this server", {"server1", NULL}, true, {true, false}},
    {"one is bound to the partner", {NULL, "server2"}, true, {false, true}},
    {"one is bound to another relationship", {"server3", NULL}, false, {false, false}},
    {"each to another one", {"server3", "server1"}, true, {false, true}},
    {"an empty name is none", {"", NULL}, false, {false, false}},
};

START_TEST(tells_which_subnets_a_synchronization_keeps_to) {
  dhcpha_subnet given[] = {subnet_of(1, "192.0.2.0", 24, filters[_i].names[0]),
                           subnet_of(2, "198.51.100.0", 24, filters[_i].names[1])};
  ck_assert_int_eq(dhcpha_subnets_set(&subnets, config, given, 2), DHCPHA_OK);
  ck_assert_msg(dhcpha_subnets_have_filter(&subnets, 0) == filters[_i].filter, "%s",
                filters[_i].sentence);
  for (uint32_t id = 1; id <= 2; id++)
    ck_assert_msg((dhcpha_subnets_get_relationship(&subnets, id) == 0) ==
                      filters[_i].belongs[id - 1],
                  "%s", filters[_i].sentence);
  ck_assert_uint_eq(dhcpha_subnets_get_relationship(&subnets, 3), DHCPHA_UNBOUND);
}
END_TEST

static const struct {
  const char *sentence;
  uint32_t ids[2];
  uint8_t family, prefix_len;
} wrongs[] = {
    {"an id is 0", {0, 2}, 4, 24},
    {"an id stands twice", {2, 2}, 4, 24},
    {"a prefix has no family", {1, 2}, 0, 24},
    {"an IPv4 prefix is too long", {1, 2}, 4, 33},
    {"an IPv6 prefix is too long", {1, 2}, 6, 129},
};

START_TEST(refuses_wrong_subnets_and_keeps_the_old_ones) {
  dhcpha_subnet good = subnet_of(9, "192.0.2.0", 24, "server1");
  dhcpha_subnet given[] = {subnet_of(wrongs[_i].ids[0], "198.51.100.0", 24, "server1"),
                           subnet_of(wrongs[_i].ids[1], "198.51.100.0", 24, "server2")};
  given[1].prefix.family = wrongs[_i].family;
  given[1].prefix_len = wrongs[_i].prefix_len;
  ck_assert_int_eq(dhcpha_subnets_set(&subnets, config, &good, 1), DHCPHA_OK);
  ck_assert_msg(dhcpha_subnets_set(&subnets, config, given, 2) == DHCPHA_ERR_ARGUMENT, "%s",
                wrongs[_i].sentence);
  ck_assert_ptr_nonnull(dhcpha_subnets_find(&subnets, 9));
  ck_assert_uint_eq(subnets.count, 1);
}
END_TEST

/* The host's struct may be longer than ours: its elements stand further apart. */
START_TEST(takes_structs_of_another_size) {
  struct {
    dhcpha_subnet subnet;
    char later[24];
  } given[2] = {{subnet_of(1, "192.0.2.0", 24, "server1"), "x"},
                {subnet_of(2, "198.51.100.0", 24, "server2"), "y"}};
  given[0].subnet.size = given[1].subnet.size = sizeof given[0];
  ck_assert_int_eq(dhcpha_subnets_set(&subnets, config, &given[0].subnet, 2), DHCPHA_OK);
  ck_assert_str_eq(dhcpha_subnets_find(&subnets, 2)->server_name, "server2");
}
END_TEST

START_TEST(keeps_the_old_ones_when_memory_runs_out) {
  dhcpha_subnet old = subnet_of(9, "192.0.2.0", 24, "server1");
  dhcpha_subnet given[] = {subnet_of(1, "192.0.2.0", 24, "server1"),
                           subnet_of(2, "198.51.100.0", 24, "server2")};
  ck_assert_int_eq(dhcpha_subnets_set(&subnets, config, &old, 1), DHCPHA_OK);
  for (uint64_t nth = 1; nth <= 4; nth++) {
    counts.fail_from = counts.requests + nth;
    counts.fail_count = 1;
    ck_assert_int_eq(dhcpha_subnets_set(&subnets, config, given, 2), DHCPHA_ERR_NOMEM);
    ck_assert_ptr_nonnull(dhcpha_subnets_find(&subnets, 9));
  }
  ck_assert_int_eq(dhcpha_subnets_set(&subnets, config, given, 2), DHCPHA_OK);
  ck_assert_ptr_null(dhcpha_subnets_find(&subnets, 9));
}
END_TEST

START_TEST(none_at_all_forgets_them) {
  dhcpha_subnet old = subnet_of(9, "192.0.2.0", 24, "server1");
  ck_assert_int_eq(dhcpha_subnets_set(&subnets, config, &old, 1), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_subnets_set(&subnets, config, NULL, 0), DHCPHA_OK);
  ck_assert_uint_eq(subnets.count, 0);
  ck_assert_ptr_null(dhcpha_subnets_find(&subnets, 9));
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("subnets");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_test(tcase, finds_by_id_and_by_address);
  tcase_add_test(tcase, without_subnets_nothing_is_found);
  tcase_add_loop_test(tcase, tells_which_subnets_a_synchronization_keeps_to, 0,
                      COUNT_OF(filters));
  tcase_add_loop_test(tcase, refuses_wrong_subnets_and_keeps_the_old_ones, 0, COUNT_OF(wrongs));
  tcase_add_test(tcase, takes_structs_of_another_size);
  tcase_add_test(tcase, keeps_the_old_ones_when_memory_runs_out);
  tcase_add_test(tcase, none_at_all_forgets_them);
  return unit_run("subnets", tcase);
}
