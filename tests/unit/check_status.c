/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/status.h"

#include "unit/unit.h"

static const struct {
  int status;
  const char *text;
} rows[] = {
  { DHCPHA_OK, "success" },
  { DHCPHA_ERR_NOMEM, "out of memory" },
  { DHCPHA_ERR_ARGUMENT, "invalid argument" },
  { DHCPHA_ERR_UNKNOWN, "unknown id or name" },
  { DHCPHA_ERR_FOREIGN, "not a command of High Availability" },
  { DHCPHA_ERR_LIMIT, "limit reached" },
  { DHCPHA_ERR_MALFORMED, "malformed input" },
  { DHCPHA_ERR_CONFIG, "invalid configuration" },
  { DHCPHA_ERR_STATE, "not possible in this state" },
  { DHCPHA_ERR_IO, "input or output failed" },
  { DHCPHA_ERR_TIMEOUT, "timed out" },
  { DHCPHA_ERR_REFUSED, "connection refused or closed" },
  { DHCPHA_ERR_REFUSED + 1, "unknown status" },
  { -1, "unknown status" },
};

START_TEST(has_a_text) {
  ck_assert_str_eq(dhcpha_strerror((dhcpha_status)rows[_i].status), rows[_i].text);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("status");
  tcase_add_loop_test(tcase, has_a_text, 0, COUNT_OF(rows));
  return unit_run("status", tcase);
}
