/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "dhcp/address.h"

#include <arpa/inet.h>

#include "unit/unit.h"

static const struct {
  const char *text, *written;
} good[] = {
  { "0.0.0.0", "0.0.0.0" },
  { "192.0.2.1", "192.0.2.1" },
  { "255.255.255.255", "255.255.255.255" },
  { "10.20.100.9", "10.20.100.9" },
  { "::", "::" },
  { "::1", "::1" },
  { "1::", "1::" },
  { "2001:DB8:0:0:0:0:0:1", "2001:db8::1" },
  { "2001:db8:0000:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },     /* RFC 5952 4.2.2 */
  { "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },                 /* 4.2.3: the longest */
  { "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },           /* 4.2.3: the first */
  { "fe80::0123:4567", "fe80::123:4567" },
  { "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8" },
  { "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
  { "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8" },
  { "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
  { "::ffff:c000:201", "::ffff:192.0.2.1" },
  { "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
  { "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304" },
  { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
};

START_TEST(reads_and_writes) {
  dhcpha_address address;
  char text[DHCPHA_ADDRESS_TEXT_SIZE];
  uint8_t expected[16] = { 0 };
  int family = strchr(good[_i].text, ':') != NULL ? AF_INET6 : AF_INET;
  ck_assert_int_eq(dhcpha_address_parse(&address, good[_i].text), DHCPHA_OK);
  ck_assert_int_eq(inet_pton(family, good[_i].text, expected), 1);
  ck_assert_int_eq(address.family, family == AF_INET6 ? 6 : 4);
  ck_assert_mem_eq(address.bytes, expected, 16);
  ck_assert_str_eq(dhcpha_address_format(&address, text), good[_i].written);
}
END_TEST

static const char *const bad[] = {
  "", "garbage", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.4 ", " 1.2.3.4", "01.2.3.4",
  "1.2.3.00", "1.2..3", ".1.2.3", "1.2.3.", "1.2.3.-4", "0x1.2.3.4", "1.2.3.1000",
  ":", ":::", "1:", ":1", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
  "::1:2:3:4:5:6:7:8", "12345::", "g::", "fe80::1%eth0", "[::1]", "::1.2.3", "1.2.3.4::",
  "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.4:5", "2001:db8::1/64",
  "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
};

START_TEST(refuses) {
  dhcpha_address address = { .family = 77 };
  size_t len = strlen(bad[_i]);
  char *text = unit_copy(bad[_i], len);
  ck_assert_msg(!dhcpha_address_read(&address, text, len), "%s", bad[_i]);
  ck_assert_int_eq(address.family, 77);
  ck_assert_int_eq(dhcpha_address_parse(&address, bad[_i]), DHCPHA_ERR_MALFORMED);
  free(text);
}
END_TEST

START_TEST(refuses_what_is_no_text) {
  dhcpha_address address = { 0 };
  char text[DHCPHA_ADDRESS_TEXT_SIZE] = "x";
  ck_assert_int_eq(dhcpha_address_parse(NULL, "::"), DHCPHA_ERR_ARGUMENT);
  ck_assert_int_eq(dhcpha_address_parse(&address, NULL), DHCPHA_ERR_ARGUMENT);
  ck_assert(!dhcpha_address_read(&address, BYTES("1.2.3.4\0")));
  ck_assert_str_eq(dhcpha_address_format(&address, text), "");
}
END_TEST

/* Many addresses with many zeros, against the C library; where it writes the IPv4-compatible
 * addresses of old in two notations we follow RFC 5952. */
START_TEST(agrees_with_the_c_library) {
  uint32_t random = 12345;
  for (int i = 0; i < 20000; i++) {
    dhcpha_address address = { .family = 6 }, back;
    char text[DHCPHA_ADDRESS_TEXT_SIZE], expected[DHCPHA_ADDRESS_TEXT_SIZE];
    for (int b = 0; b < 16; b++) {
      random = random * 1103515245 + 12345;
      address.bytes[b] = (random >> 28) < 11 ? 0 : (uint8_t)(random >> 20);
    }
    inet_ntop(AF_INET6, address.bytes, expected, sizeof expected);
    dhcpha_address_format(&address, text);
    if (strchr(expected, '.') == NULL) ck_assert_str_eq(text, expected);
    ck_assert(dhcpha_address_read(&back, text, strlen(text)));
    ck_assert_mem_eq(&back, &address, sizeof back);
  }
}
END_TEST

static const struct {
  const char *address, *prefix;
  unsigned prefix_len;
  bool in;
} prefixes[] = {
  { "192.0.2.77", "192.0.2.0", 24, true },
  { "192.0.3.77", "192.0.2.0", 24, false },
  { "192.0.3.77", "192.0.2.0", 23, true },
  { "192.0.2.5", "192.0.2.5", 32, true },
  { "192.0.2.4", "192.0.2.5", 32, false },
  { "1.2.3.4", "9.9.9.9", 0, true },
  { "1.2.3.4", "1.2.3.4", 33, false },
  { "2001:db8:1::5", "2001:db8:1::", 64, true },
  { "2001:db8:1:1::5", "2001:db8:1::", 64, false },
  { "2001:db8:1:1::5", "2001:db8:1::", 63, true },
  { "::1", "::1", 128, true },
  { "::1", "::", 129, false },
  { "::1", "0.0.0.0", 0, false },
};

START_TEST(lies_in_a_prefix) {
  dhcpha_address address, prefix;
  dhcpha_address_parse(&address, prefixes[_i].address);
  dhcpha_address_parse(&prefix, prefixes[_i].prefix);
  ck_assert(dhcpha_address_in_prefix(&address, &prefix, prefixes[_i].prefix_len) ==
            prefixes[_i].in);
}
END_TEST

static const struct {
  const char *prefix;
  unsigned prefix_len;
  bool is;
  const char *first;
} cuts[] = {
  { "2001:db8:9000::", 56, true, "2001:db8:9000::" },
  { "2001:db8:9000::1", 56, false, "2001:db8:9000::" },
  { "2001:db8:9000:ff00::", 56, true, "2001:db8:9000:ff00::" },
  { "2001:db8:9000:ff80::", 56, false, "2001:db8:9000:ff00::" },
  { "2001:db8:9000:ff80::", 57, true, "2001:db8:9000:ff80::" },
  { "::1", 128, true, "::1" },
  { "::1", 127, false, "::" },
  { "::", 0, true, "::" },
  { "10.0.0.0", 8, true, "10.0.0.0" },
  { "10.0.0.1", 31, false, "10.0.0.0" },
};

START_TEST(cuts_to_a_prefix) {
  dhcpha_address prefix;
  char text[DHCPHA_ADDRESS_TEXT_SIZE];
  dhcpha_address_parse(&prefix, cuts[_i].prefix);
  ck_assert(dhcpha_address_is_prefix(&prefix, cuts[_i].prefix_len) == cuts[_i].is);
  dhcpha_address_cut(&prefix, cuts[_i].prefix_len);
  ck_assert_str_eq(dhcpha_address_format(&prefix, text), cuts[_i].first);
  ck_assert(!dhcpha_address_is_prefix(&prefix, 129));
}
END_TEST

START_TEST(sorts_by_number) {
  static const char *const sorted[] = { "0.0.0.0", "9.255.255.255", "10.0.0.0",   "192.0.2.9",
                                        "192.0.2.10", "::",         "::ffff", "2001:db8::" };
  for (int i = 0; i < COUNT_OF(sorted); i++)
    for (int k = 0; k < COUNT_OF(sorted); k++) {
      dhcpha_address a, b;
      dhcpha_address_parse(&a, sorted[i]);
      dhcpha_address_parse(&b, sorted[k]);
      int order = dhcpha_address_compare(&a, &b);
      ck_assert_int_eq((order > 0) - (order < 0), (i > k) - (i < k));
    }
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("address");
  tcase_add_loop_test(tcase, reads_and_writes, 0, COUNT_OF(good));
  tcase_add_loop_test(tcase, refuses, 0, COUNT_OF(bad));
  tcase_add_test(tcase, refuses_what_is_no_text);
  tcase_add_test(tcase, agrees_with_the_c_library);
  tcase_add_loop_test(tcase, lies_in_a_prefix, 0, COUNT_OF(prefixes));
  tcase_add_loop_test(tcase, cuts_to_a_prefix, 0, COUNT_OF(cuts));
  tcase_add_test(tcase, sorts_by_number);
  return unit_run("address", tcase);
}
