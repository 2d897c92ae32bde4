/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "unit/hub_bench.h"
#include "unit/unit.h"

static bench b;

static void end(void) {
  if (b.hub != NULL) bench_end(&b);
}

static bool may_reclaim(const char *hw_address, const char *client_id) {
  dhcpha_lease lease;
  dhcpha_lease_init(&lease);
  ck_assert_int_eq(dhcpha_address_parse(&lease.address, "192.0.2.9"), DHCPHA_OK);
  lease.hw_address = (const uint8_t *)hw_address;
  lease.hw_address_len = strlen(hw_address);
  lease.client_id = (const uint8_t *)client_id;
  lease.client_id_len = strlen(client_id);
  return dhcpha_hub_may_reclaim(b.hub, &lease, NULL);
}

static void terminate(const char *normal) {
  bench_bring_up(&b, normal);
  bench_run(&b, b.now.monotonic_ms + 10000);
  bench_heartbeat_answer(&b, bench_find(&b, "ha-heartbeat"), normal, 62, 0);
  ck_assert_int_eq(dhcpha_hub_get_state(b.hub, 0), DHCPHA_STATE_TERMINATED);
}

/* P2 2 "Lease reclamation", P1 2.4 "Lease variant", P1 2.6 for the hashes. */
static const struct {
  const char *sentence;
  const char *mode;
  size_t server;
  const char *hw_address, *client_id;
  bool allowed;
} rows[] = {
    {"the primary reclaims what hashes to it", "load-balancing", 0,
     "\x11\x22\x33\x44\x55\x66", "", true},
    {"and not the secondary's", "load-balancing", 0, "\xff\xff\xff\xff\xff\xff", "", false},
    {"which the secondary reclaims", "load-balancing", 1, "\xff\xff\xff\xff\xff\xff", "", true},
    {"the client identifier goes before the hardware address", "load-balancing", 0,
     "\xff\xff\xff\xff\xff\xff", "abc", true},
    {"a lease without either belongs to nobody", "load-balancing", 0, "", "", false},
    {"the hot-standby primary reclaims all", "hot-standby", 0, "\xff\xff\xff\xff\xff\xff", "",
     true},
    {"without either, too", "hot-standby", 0, "", "", true},
    {"the standby none", "hot-standby", 1, "\x11\x22\x33\x44\x55\x66", "", false},
};

START_TEST(in_terminated_the_servers_divide_the_leases) {
  bench_start(&b, rows[_i].mode, rows[_i].server, "", false);
  terminate(rows[_i].mode);
  ck_assert_msg(may_reclaim(rows[_i].hw_address, rows[_i].client_id) == rows[_i].allowed, "%s",
                rows[_i].sentence);
}
END_TEST

START_TEST(in_every_other_state_each_server_reclaims_all) {
  bench_start(&b, "load-balancing", (size_t)_i, "", false);
  bench_bring_up(&b, "load-balancing");
  ck_assert(may_reclaim("\xff\xff\xff\xff\xff\xff", ""));
  ck_assert(may_reclaim("\x11\x22\x33\x44\x55\x66", ""));
}
END_TEST

START_TEST(nobody_reclaims_while_the_service_is_off) {
  bench_start(&b, "hot-standby", 0, "", false);
  ck_assert_int_eq(dhcpha_hub_get_state(b.hub, 0), DHCPHA_STATE_WAITING);
  ck_assert(!may_reclaim("\x11\x22\x33\x44\x55\x66", ""));
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("reclaiming");
  tcase_add_checked_fixture(tcase, NULL, end);
  tcase_add_loop_test(tcase, in_terminated_the_servers_divide_the_leases, 0, COUNT_OF(rows));
  tcase_add_loop_test(tcase, in_every_other_state_each_server_reclaims_all, 0, 2);
  tcase_add_test(tcase, nobody_reclaims_while_the_service_is_off);
  return unit_run("hub_reclaim", tcase);
}
