/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "dhcp/rfc3074.h"

#include "dhcp/client_id.h"
#include "unit/unit.h"

/* P1 2.6: what a running Kea answered.  A key of NULL is `len` times aa. */
static const struct {
  const char *kind, *key;
  size_t len;
  uint8_t hash, index;
} rows[] = {
  { "v4 hwaddr", "00:00:00:00:00:00", 6, 254, 0 },
  { "v4 hwaddr", "ff:ff:ff:ff:ff:ff", 6, 79, 1 },
  { "v4 hwaddr", "11:22:33:44:55:66", 6, 66, 0 },
  { "v4 hwaddr", "08:00:2b:02:3f:4e", 6, 249, 1 },
  { "v4 hwaddr", "52:54:00:12:34:56", 6, 156, 0 },
  { "v4 hwaddr", "00:0c:01:02:03:04", 6, 131, 1 },
  { "v4 hwaddr", "aa:bb:cc:dd:ee:ff", 6, 57, 1 },
  { "v4 hwaddr", "02:00:00:00:00:01", 6, 133, 1 },
  { "v4 hwaddr", "02:00:00:00:00:02", 6, 45, 1 },
  { "v4 hwaddr", "02:00:00:00:00:03", 6, 182, 0 },
  { "v4 hwaddr, hlen 1", "00", 1, 175, 1 },
  { "v4 hwaddr, hlen 8", "11:22:33:44:55:66:77:88", 8, 201, 1 },
  { "v4 hwaddr, hlen 16", "00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f", 16, 155, 1 },
  { "v4 client-id", "01:02", 2, 170, 0 },
  { "v4 client-id", "61:62:63", 3, 170, 0 },
  { "v4 client-id", "00:66:6f:6f", 4, 180, 0 },
  { "v4 client-id", "01:11:22:33:44:55:66", 7, 152, 0 },
  { "v4 client-id", "01:08:00:2b:02:3f:4e", 7, 184, 0 },
  { "v4 client-id", "01:02:03:04:05:06:07:08", 8, 179, 1 },
  { "v4 client-id (RFC 4361)",
    "ff:12:34:56:78:00:01:00:01:2a:bb:cc:dd:08:00:2b:02:3f:4e", 19, 251, 1 },
  { "v6 DUID-LL", "00:03:00:01:08:00:2b:02:3f:4e", 10, 46, 0 },
  { "v6 DUID-LL", "00:03:00:01:11:22:33:44:55:66", 10, 241, 1 },
  { "v6 DUID-LL", "00:03:00:01:00:00:00:00:00:01", 10, 103, 1 },
  { "v6 DUID-LL", "00:03:00:01:00:00:00:00:00:02", 10, 101, 1 },
  { "v6 DUID-LLT", "00:01:00:01:2a:bb:cc:dd:08:00:2b:02:3f:4e", 14, 21, 1 },
  { "v6 DUID-EN", "00:02:00:00:09:bf:01:02:03:04", 10, 44, 0 },
  { "v6 DUID-UUID", "00:04:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff", 18, 107, 1 },
  { "raw", "ff", 1, 234, 0 },
  { "raw", NULL, 255, 131, 1 },
  { "raw (length wrap)", NULL, 256, 83, 1 },
};

_Static_assert(COUNT_OF(rows) == 30, "all rows of P1 2.6");

START_TEST(hashes_as_kea_does) {
  uint8_t key[256];
  size_t len = rows[_i].len;
  memset(key, 0xaa, sizeof key);
  if (rows[_i].key != NULL)
    ck_assert(dhcpha_hex_read_identifier(rows[_i].key, strlen(rows[_i].key), key, sizeof key,
                                         &len));
  ck_assert_uint_eq(len, rows[_i].len);
  uint8_t hash = dhcpha_rfc3074_hash(key, len);
  ck_assert_msg(hash == rows[_i].hash, "%s: %u", rows[_i].kind, hash);
  ck_assert_uint_eq(hash % 2, rows[_i].index);
}
END_TEST

START_TEST(has_a_permutation_for_a_table) {
  bool seen[256] = { false };
  for (int i = 0; i < 256; i++) {
    uint8_t key = (uint8_t)(i ^ 1); /* of one byte: the start value is 1 */
    uint8_t hash = dhcpha_rfc3074_hash(&key, 1);
    ck_assert(!seen[hash]);
    seen[hash] = true;
  }
  ck_assert_uint_eq(dhcpha_rfc3074_hash(NULL, 0), 0);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("rfc3074");
  tcase_add_loop_test(tcase, hashes_as_kea_does, 0, COUNT_OF(rows));
  tcase_add_test(tcase, has_a_permutation_for_a_table);
  return unit_run("rfc3074", tcase);
}
