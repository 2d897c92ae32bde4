/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/url.h"

#include <check.h>
#include <string.h>

/* What is wrong is in tests/tables/configurations.txt; here is what comes of good ones. */
static const struct {
  const char *text;
  bool https;
  const char *address; /* "": the host is none */
  bool has_port;
  uint32_t port;
  const char *path;
} rows[] = {
  { "http://192.0.2.1:8000/", false, "192.0.2.1", true, 8000, "/" },
  { "https://192.0.2.1:8000/", true, "192.0.2.1", true, 8000, "/" },
  { "http://192.0.2.1", false, "192.0.2.1", false, 0, "" },
  { "http://192.0.2.1/", false, "192.0.2.1", false, 0, "/" },
  { "http://192.0.2.1:8000", false, "192.0.2.1", true, 8000, "" },
  { "http://192.0.2.1:8000/a/b?c=d", false, "192.0.2.1", true, 8000, "/a/b?c=d" },
  { "http://[2001:db8::1]:8000/", false, "2001:db8::1", true, 8000, "/" },
  { "http://[2001:db8::1]", false, "2001:db8::1", false, 0, "" },
  { "http://[::ffff:192.0.2.1]:1/", false, "::ffff:192.0.2.1", true, 1, "/" },
  { "http://[192.0.2.1]:8000/", false, "192.0.2.1", true, 8000, "/" },
  { "http://[2001:db8::1]8000", false, "2001:db8::1", false, 0, "8000" },
  { "http://192.0.2.1:0/", false, "192.0.2.1", true, 0, "/" },
  { "http://192.0.2.1:00080/", false, "192.0.2.1", true, 80, "/" },
  { "http://192.0.2.1:65536/", false, "192.0.2.1", true, 65536, "/" },
  { "http://192.0.2.1:4294967295/", false, "192.0.2.1", true, 4294967295, "/" },
  { "http://localhost:8000/", false, "", true, 8000, "/" },
  { "http:///", false, "", false, 0, "/" },
  { "http://:80", false, "", true, 80, "" },
};

START_TEST(a_url_has_its_parts) {
  dhcpha_url url;
  dhcpha_address address = { 0 };
  ck_assert_ptr_null(dhcpha_url_read(&url, rows[_i].text));
  if (rows[_i].address[0] != '\0') dhcpha_address_parse(&address, rows[_i].address);
  ck_assert_msg(url.https == rows[_i].https, "%s", rows[_i].text);
  ck_assert_msg(url.has_port == rows[_i].has_port, "%s", rows[_i].text);
  ck_assert_msg(url.port == rows[_i].port, "%s", rows[_i].text);
  ck_assert_str_eq(url.path, rows[_i].path);
  ck_assert_uint_eq(url.address.family, address.family);
  if (address.family != 0) ck_assert_mem_eq(url.address.bytes, address.bytes, 16);
}
END_TEST

static const struct {
  const char *text, *host;
  bool is_name;
} hosts[] = {
  { "http://localhost:8000/", "localhost", true },
  { "http://a.b-1.example./", "a.b-1.example.", true },
  { "http://1a", "1a", true },
  { "http://192.0.2.1:8000/", "192.0.2.1", false },
  { "http://[2001:db8::1]:8000/", "2001:db8::1", false },
  { "http://[localhost]:8000/", "localhost", false },
  { "http://192.0.2.256", "192.0.2.256", false },
  { "http://a.1", "a.1", false },
  { "http://a.1.", "a.1.", false },
  { "http://a..b", "a..b", false },
  { "http://a-.b", "a-.b", false },
  { "http://-", "-", false },
  { "http://./", ".", false },
  { "http:///", "", false },
  { "http://h\xc3\xb6st/", "h\xc3\xb6st", false },
};

START_TEST(a_host_is_a_name_or_not) {
  dhcpha_url url;
  ck_assert_ptr_null(dhcpha_url_read(&url, hosts[_i].text));
  ck_assert_uint_eq(url.host_len, strlen(hosts[_i].host));
  ck_assert_mem_eq(url.host, hosts[_i].host, url.host_len);
  ck_assert_msg(url.has_name == hosts[_i].is_name, "%s", hosts[_i].text);
}
END_TEST

START_TEST(a_name_has_253_characters_at_most) {
  char text[300] = "http://";
  dhcpha_url url;
  for (size_t i = 0; i < 253; i++) text[7 + i] = i % 50 == 49 ? '.' : 'a';
  ck_assert_ptr_null(dhcpha_url_read(&url, text));
  ck_assert(url.has_name);
  text[7 + 253] = 'a';
  ck_assert_ptr_null(dhcpha_url_read(&url, text));
  ck_assert(!url.has_name);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("url");
  TCase *tcase = tcase_create("url");
  tcase_add_loop_test(tcase, a_url_has_its_parts, 0, (int)(sizeof rows / sizeof rows[0]));
  tcase_add_loop_test(tcase, a_host_is_a_name_or_not, 0, (int)(sizeof hosts / sizeof hosts[0]));
  tcase_add_test(tcase, a_name_has_253_characters_at_most);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
