/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "store.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dhcpd.h"

static char folder[32];
static char path[64];

static void make_folder(void) {
  strcpy(folder, "/tmp/check_store.XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/leases", folder);
}

static void remove_folder(void) {
  static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    char name[80];
    snprintf(name, sizeof name, "%s%s", path, ends[i]);
    unlink(name);
  }
  rmdir(folder);
}

/* Each test runs with both kinds: the row's number says which. */
static void open_store(struct store *store, int kind) {
  char text[512] = "";
  ck_assert_msg(store_open(store, 4, kind == 0 ? NULL : path, text, sizeof text), "%s", text);
}

/* P1 4.8; what is newer at the partner is taken as it is (P2 6.4). */
START_TEST(a_registered_lease_stays_registered) {
  struct store store;
  char text[512] = "";
  dhcpha_lease lease;
  ck_assert_msg(store_open(&store, 6, _i == 0 ? NULL : path, text, sizeof text), "%s", text);
  dhcpha_lease_init(&lease);
  ck_assert_int_eq(dhcpha_address_parse(&lease.address, "2001:db8::1"), DHCPHA_OK);
  lease.cltt = 1000;
  lease.state = DHCPHA_LEASE_REGISTERED;
  ck_assert_int_eq(store_change(&store, &lease, DHCPHA_LEASE_PUT), DHCPHA_STORED_ADDED);
  ck_assert_int_eq(store_change(&store, &lease, DHCPHA_LEASE_PUT), DHCPHA_STORED_UPDATED);
  lease.state = DHCPHA_LEASE_ASSIGNED;
  lease.cltt = 1001;
  ck_assert_int_eq(store_change(&store, &lease, DHCPHA_LEASE_PUT), DHCPHA_STORED_REFUSED);
  ck_assert_int_eq(store_change(&store, &lease, DHCPHA_LEASE_PUT_EXISTING),
                   DHCPHA_STORED_REFUSED);
  ck_assert_int_eq(lease_table_find(&store.table, lease_id_of(&lease))->state,
                   DHCPHA_LEASE_REGISTERED);
  ck_assert_int_eq(store_change(&store, &lease, DHCPHA_LEASE_PUT_NEWER), DHCPHA_STORED_UPDATED);
  lease.state = DHCPHA_LEASE_REGISTERED;
  ck_assert_int_eq(store_change(&store, &lease, DHCPHA_LEASE_PUT), DHCPHA_STORED_REFUSED);
  ck_assert_int_eq(store_change(&store, &lease, DHCPHA_LEASE_DELETE), DHCPHA_STORED_DELETED);
  store_close(&store);
}
END_TEST

START_TEST(does_to_a_lease_what_is_asked) {
  struct store store;
  dhcpha_lease lease = lease_of(100, 1, 1000);
  open_store(&store, _i);
  ck_assert_int_eq(store_change(&store, &lease, DHCPHA_LEASE_PUT_EXISTING), DHCPHA_STORED_MISSING);
  ck_assert_int_eq(store_change(&store, &lease, DHCPHA_LEASE_DELETE), DHCPHA_STORED_MISSING);
  ck_assert(!store_is_dirty(&store));
  ck_assert_int_eq(store_change(&store, &lease, DHCPHA_LEASE_PUT_NEWER), DHCPHA_STORED_ADDED);
  ck_assert(store_is_dirty(&store));
  ck_assert(store_commit(&store));
  ck_assert(!store_is_dirty(&store));
  ck_assert_int_eq(store_change(&store, &lease, DHCPHA_LEASE_PUT_NEWER), DHCPHA_STORED_KEPT);
  lease.cltt = 1001;
  ck_assert_int_eq(store_change(&store, &lease, DHCPHA_LEASE_PUT_NEWER), DHCPHA_STORED_UPDATED);
  lease.cltt = 5;
  ck_assert_int_eq(store_change(&store, &lease, DHCPHA_LEASE_PUT), DHCPHA_STORED_UPDATED);
  ck_assert_int_eq(lease_table_find(&store.table, id_of_ip4(100))->cltt, 5);
  ck_assert_int_eq(store_change(&store, &lease, DHCPHA_LEASE_DELETE), DHCPHA_STORED_DELETED);
  ck_assert_ptr_null(lease_table_find(&store.table, id_of_ip4(100)));
  ck_assert(store_commit(&store));
  store_close(&store);
}
END_TEST

START_TEST(finds_the_leases_of_a_client) {
  struct store store;
  open_store(&store, _i);
  dhcpha_lease lease = lease_of(100, 1, 1000);
  lease.client_id = (const uint8_t *)"\1id";
  lease.client_id_len = 3;
  store_change(&store, &lease, DHCPHA_LEASE_PUT);
  lease.address = address_of(101); /* the same hardware, two client-ids */
  lease.client_id = (const uint8_t *)"\1jd";
  store_change(&store, &lease, DHCPHA_LEASE_PUT);
  const struct lease_table *table = &store.table;
  struct lease_owner owner = { .subnet_id = 1, .bytes = (const uint8_t *)"\1id", .len = 3 };
  const struct lease_entry *found = lease_table_of_client(table, BY_CLIENT_ID, &owner, NULL);
  ck_assert_uint_eq(lease_ip4(found), 100);
  owner.subnet_id = 2;
  ck_assert_ptr_null(lease_table_of_client(table, BY_CLIENT_ID, &owner, NULL));
  size_t count = 0;
  owner = (struct lease_owner){ .subnet_id = 1, .bytes = lease.hw_address, .len = 6 };
  for (found = NULL; (found = lease_table_of_client(table, BY_HARDWARE, &owner, found)) != NULL;)
    count++;
  ck_assert_uint_eq(count, 2);
  lease.client_id_len = 0; /* its client changes */
  store_change(&store, &lease, DHCPHA_LEASE_PUT);
  owner = (struct lease_owner){ .subnet_id = 1, .bytes = (const uint8_t *)"\1jd", .len = 3 };
  ck_assert_ptr_null(lease_table_of_client(table, BY_CLIENT_ID, &owner, NULL));
  store_close(&store);
}
END_TEST

START_TEST(many_leases_in_order) {
  enum { MANY = 20000 };
  struct store store;
  open_store(&store, _i);
  for (uint32_t i = 0; i < MANY; i++) { /* in a scattered order, spread over the address space */
    dhcpha_lease lease = lease_of((i * 7919 % MANY + 1) * 100003, (uint8_t)i, i);
    ck_assert_int_eq(store_change(&store, &lease, DHCPHA_LEASE_PUT), DHCPHA_STORED_ADDED);
  }
  ck_assert(store_commit(&store));
  ck_assert_uint_eq(store.table.count, MANY);
  struct lease_id id = id_of_ip4(0);
  for (uint32_t i = 1; i <= MANY; i++) {
    const struct lease_entry *entry = lease_table_after(&store.table, &id);
    ck_assert_uint_eq(lease_ip4(entry), i * 100003);
    id = id_of_ip4(i * 100003 - 1); /* behind what is not there, too */
    ck_assert_ptr_eq(lease_table_after(&store.table, &id), entry);
    id = entry->id;
  }
  ck_assert_ptr_null(lease_table_after(&store.table, &id));
  for (uint32_t i = 1; i <= MANY; i += 2) {
    dhcpha_lease lease = lease_of(i * 100003, 0, 0);
    ck_assert_int_eq(store_change(&store, &lease, DHCPHA_LEASE_DELETE), DHCPHA_STORED_DELETED);
  }
  ck_assert_uint_eq(lease_ip4(lease_table_after(&store.table, NULL)), 2 * 100003);
  store_close(&store);
}
END_TEST

START_TEST(the_first_due_comes_first) {
  struct store store;
  open_store(&store, _i);
  for (uint32_t i = 1; i <= 100; i++) {
    dhcpha_lease lease = lease_of(i, (uint8_t)i, i * 37 % 101);
    store_change(&store, &lease, DHCPHA_LEASE_PUT);
  }
  dhcpha_lease forever = lease_of(200, 200, 1), over = lease_of(201, 201, 1);
  forever.valid_lft = DHCPHA_LIFETIME_INFINITE;
  over.state = DHCPHA_LEASE_EXPIRED;
  store_change(&store, &forever, DHCPHA_LEASE_PUT);
  store_change(&store, &over, DHCPHA_LEASE_PUT);
  for (int64_t cltt = 1; cltt <= 100; cltt++) {
    struct lease_entry *entry = lease_table_first_due(&store.table);
    ck_assert_int_eq(entry->due, cltt + 100);
    if (cltt % 2 == 0) {
      dhcpha_lease lease;
      lease_entry_get(entry, &lease);
      lease.state = DHCPHA_LEASE_EXPIRED;
      store_change(&store, &lease, cltt % 4 == 0 ? DHCPHA_LEASE_PUT : DHCPHA_LEASE_DELETE);
    } else {
      lease_table_postpone(&store.table, entry, 1000 + cltt);
    }
  }
  ck_assert_int_eq(lease_table_first_due(&store.table)->due, 1001);
  store_close(&store);
}
END_TEST

START_TEST(leases_outlive_the_server) {
  struct store store;
  open_store(&store, 1);
  dhcpha_lease lease = lease_of(0xfffffffe, 1, 1000), gone = lease_of(7, 2, 1);
  lease.client_id = (const uint8_t *)"\0\xff";
  lease.client_id_len = 2;
  lease.hostname = "host";
  lease.hostname_len = 4;
  lease.user_context = "{ \"a\": 1 }";
  lease.user_context_len = 10;
  lease.state = DHCPHA_LEASE_DECLINED;
  lease.fqdn_fwd = true;
  lease.pool_id = 3;
  lease.valid_lft = UINT32_MAX;
  store_change(&store, &lease, DHCPHA_LEASE_PUT);
  store_change(&store, &gone, DHCPHA_LEASE_PUT);
  ck_assert(store_commit(&store));
  store_change(&store, &gone, DHCPHA_LEASE_DELETE);
  store_close(&store); /* commits */

  dhcpha_lease read;
  open_store(&store, 1);
  ck_assert_uint_eq(store.table.count, 1);
  lease_entry_get(lease_table_find(&store.table, id_of_ip4(0xfffffffe)), &read);
  ck_assert_mem_eq(read.client_id, lease.client_id, 2);
  ck_assert_uint_eq(read.hw_address_len, 6);
  ck_assert_mem_eq(read.hw_address, lease.hw_address, 6);
  ck_assert_mem_eq(read.hostname, "host", 4);
  ck_assert_uint_eq(read.user_context_len, 10);
  ck_assert_mem_eq(read.user_context, lease.user_context, 10);
  ck_assert_uint_eq(read.state, DHCPHA_LEASE_DECLINED);
  ck_assert(read.fqdn_fwd && !read.fqdn_rev);
  ck_assert_uint_eq(read.pool_id, 3);
  ck_assert_uint_eq(read.valid_lft, UINT32_MAX);
  ck_assert_int_eq(read.cltt, 1000);
  store_close(&store);
}
END_TEST

/* ---- DHCPv6 ---- */

static dhcpha_lease lease6_of(const char *address, uint8_t type, uint32_t iaid) {
  dhcpha_lease lease;
  dhcpha_lease_init(&lease);
  ck_assert_int_eq(dhcpha_address_parse(&lease.address, address), DHCPHA_OK);
  lease.type = type;
  lease.prefix_len = type == DHCPHA_LEASE_PREFIX ? 56 : 128;
  lease.iaid = iaid;
  lease.subnet_id = 1;
  lease.valid_lft = 100;
  lease.preferred_lft = 50;
  lease.cltt = 1000;
  lease.client_id = (const uint8_t *)"\0\3\0\1abcdef";
  lease.client_id_len = 10;
  return lease;
}

/* Scattered, and an address and a prefix that begin alike. */
static const struct {
  const char *address;
  uint8_t type;
} leases6[] = {
  { "fd77::5", DHCPHA_LEASE_ADDRESS }, { "3001:db8::", DHCPHA_LEASE_PREFIX },
  { "3001:db8:0:100::", DHCPHA_LEASE_PREFIX }, { "2001:db8::1", DHCPHA_LEASE_ADDRESS },
  { "3001:db8::", DHCPHA_LEASE_ADDRESS }, { "ffff::", DHCPHA_LEASE_PREFIX },
  { "::1", DHCPHA_LEASE_ADDRESS }, { "2001:db8::2", DHCPHA_LEASE_ADDRESS },
};
#define LEASES6 (sizeof leases6 / sizeof *leases6)
static const size_t ascending[LEASES6] = { 6, 3, 7, 4, 1, 2, 0, 5 };

static void open_store6(struct store *store) {
  char text[512] = "";
  ck_assert_msg(store_open(store, 6, path, text, sizeof text), "%s", text);
}

START_TEST(leases_of_both_types_in_order) {
  struct store store;
  open_store6(&store);
  for (size_t i = 0; i < LEASES6; i++) {
    dhcpha_lease lease = lease6_of(leases6[i].address, leases6[i].type, (uint32_t)i);
    ck_assert_int_eq(store_change(&store, &lease, DHCPHA_LEASE_PUT), DHCPHA_STORED_ADDED);
  }
  for (int round = 0; round < 2; round++) { /* as written, and as read again */
    const struct lease_entry *entry = lease_table_after(&store.table, NULL);
    for (size_t i = 0; i < LEASES6; i++) {
      dhcpha_lease lease, wanted = lease6_of(leases6[ascending[i]].address,
                                             leases6[ascending[i]].type, (uint32_t)ascending[i]);
      ck_assert_ptr_nonnull(entry);
      lease_entry_get(entry, &lease);
      ck_assert_mem_eq(lease.address.bytes, wanted.address.bytes, 16);
      ck_assert_uint_eq(lease.type, wanted.type);
      ck_assert_uint_eq(lease.prefix_len, wanted.prefix_len);
      ck_assert_uint_eq(lease.iaid, wanted.iaid);
      ck_assert_uint_eq(lease.preferred_lft, 50);
      ck_assert_uint_eq(lease.client_id_len, 10);
      entry = lease_table_after(&store.table, &entry->id);
    }
    ck_assert_ptr_null(entry);
    store_close(&store); /* commits */
    open_store6(&store);
  }
  dhcpha_lease gone = lease6_of("3001:db8::", DHCPHA_LEASE_PREFIX, 1);
  ck_assert_int_eq(store_change(&store, &gone, DHCPHA_LEASE_DELETE), DHCPHA_STORED_DELETED);
  store_close(&store);
  open_store6(&store);
  ck_assert_uint_eq(store.table.count, LEASES6 - 1);
  ck_assert_ptr_null(lease_table_find(&store.table, lease_id_of(&gone)));
  gone.type = DHCPHA_LEASE_ADDRESS;
  ck_assert_ptr_nonnull(lease_table_find(&store.table, lease_id_of(&gone)));
  store_close(&store);
}
END_TEST

START_TEST(associations_are_found_apart) {
  struct store store;
  open_store6(&store);
  for (uint32_t iaid = 0; iaid < 200; iaid++) {
    char address[32];
    snprintf(address, sizeof address, "2001:db8::%x", iaid + 1);
    dhcpha_lease lease = lease6_of(address, DHCPHA_LEASE_ADDRESS, iaid);
    store_change(&store, &lease, DHCPHA_LEASE_PUT);
  }
  dhcpha_lease prefix = lease6_of("3001::", DHCPHA_LEASE_PREFIX, 7);
  store_change(&store, &prefix, DHCPHA_LEASE_PUT);
  struct lease_owner owner = { .subnet_id = 1, .iaid = 7, .type = DHCPHA_LEASE_ADDRESS,
                               .bytes = prefix.client_id, .len = prefix.client_id_len };
  const struct lease_entry *entry =
      lease_table_of_client(&store.table, BY_CLIENT_ID, &owner, NULL);
  ck_assert_uint_eq(entry->id.ip.low, 8);
  ck_assert_ptr_null(lease_table_of_client(&store.table, BY_CLIENT_ID, &owner, entry));
  owner.type = DHCPHA_LEASE_PREFIX;
  entry = lease_table_of_client(&store.table, BY_CLIENT_ID, &owner, NULL);
  ck_assert_uint_eq(entry->id.ip.low, 0);
  store_close(&store);
}
END_TEST

/* Any order of additions and removals gives the order of the addresses. */
START_TEST(a_tree_is_in_order_whatever_happened) {
  enum { MANY = 300 };
  struct address_tree tree = { NULL };
  static struct lease_id ids[MANY];
  bool in[MANY] = { false };
  for (size_t i = 0; i < MANY; i++)
    ids[i] = (struct lease_id){ { i / 60 * 0x1000000000001u, i % 60 / 3 * 0x800000000001u },
                                (uint8_t)(i % 3) };
  uint32_t chance = 1;
  for (int step = 0; step < 20000; step++) {
    chance = chance * 1664525 + 1013904223;
    size_t which = (chance >> 8) % MANY;
    if (in[which]) address_tree_remove(&tree, &ids[which]);
    else ck_assert(address_tree_put(&tree, &ids[which]));
    in[which] = !in[which];
    ck_assert((address_tree_find(&tree, &ids[which]) != NULL) == in[which]);
    size_t next = which + 1; /* ids ascend with their number */
    while (next < MANY && !in[next]) next++;
    ck_assert_ptr_eq(address_tree_after(&tree, &ids[which]), next < MANY ? &ids[next] : NULL);
  }
  address_tree_free(&tree);
}
END_TEST

START_TEST(what_was_committed_survives_a_kill) {
  pid_t child = fork();
  if (child == 0) {
    struct store store;
    char text[512];
    if (!store_open(&store, 4, path, text, sizeof text)) _exit(1);
    for (uint32_t i = 1; i <= 100; i++) {
      dhcpha_lease lease = lease_of(i, (uint8_t)i, i);
      store_change(&store, &lease, DHCPHA_LEASE_PUT);
    }
    if (!store_commit(&store)) _exit(1);
    dhcpha_lease late = lease_of(101, 101, 101);
    store_change(&store, &late, DHCPHA_LEASE_PUT);
    kill(getpid(), SIGKILL);
  }
  int status;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert(WIFSIGNALED(status));
  struct store store;
  open_store(&store, 1);
  ck_assert_uint_eq(store.table.count, 100);
  store_close(&store);
}
END_TEST

START_TEST(one_file_for_one_server) {
  struct store first, second;
  char text[512] = "";
  open_store(&first, 1);
  ck_assert(!store_open(&second, 4, path, text, sizeof text));
  ck_assert_msg(strstr(text, "another server uses this file") != NULL, "%s", text);
  store_close(&first);
}
END_TEST

START_TEST(a_file_that_is_no_database_is_refused) {
  struct store store;
  char text[512] = "", line[] = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id\n";
  int file = open(path, O_WRONLY | O_CREAT, 0600);
  for (int i = 0; i < 100; i++) ck_assert(write(file, line, sizeof line - 1) > 0);
  close(file);
  ck_assert(!store_open(&store, 4, path, text, sizeof text));
  ck_assert_msg(strstr(text, "not a database") != NULL, "%s", text);
}
END_TEST

int main(void) {
  TCase *tests = tcase_create("store");
  tcase_add_checked_fixture(tests, make_folder, remove_folder);
  tcase_set_timeout(tests, 60);
  tcase_add_loop_test(tests, does_to_a_lease_what_is_asked, 0, 2);
  tcase_add_loop_test(tests, a_registered_lease_stays_registered, 0, 2);
  tcase_add_loop_test(tests, finds_the_leases_of_a_client, 0, 2);
  tcase_add_loop_test(tests, many_leases_in_order, 0, 2);
  tcase_add_loop_test(tests, the_first_due_comes_first, 0, 2);
  tcase_add_test(tests, leases_outlive_the_server);
  tcase_add_test(tests, leases_of_both_types_in_order);
  tcase_add_test(tests, associations_are_found_apart);
  tcase_add_test(tests, a_tree_is_in_order_whatever_happened);
  tcase_add_test(tests, what_was_committed_survives_a_kill);
  tcase_add_test(tests, one_file_for_one_server);
  tcase_add_test(tests, a_file_that_is_no_database_is_refused);
  return run("store", tests);
}
