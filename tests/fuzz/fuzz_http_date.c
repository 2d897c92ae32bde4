/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* Any text as an HTTP date: what is taken for one is written the same, but for the weekday. */
#include "base/http_date.h"
#include "fuzz/fuzz.h"

#include <string.h>

#define WEEKDAY_LEN 3
#define UTC_MAX 253402300799 /* the end of the year 9999 */

static void target(fuzz_run *run, const uint8_t *data, size_t len) {
  (void)run;
  int64_t utc = 0, again = 0;
  char text[DHCPHA_HTTP_DATE_SIZE], status_text[DHCPHA_STATUS_TIME_SIZE];
  if (!dhcpha_http_date_parse((const char *)data, len, &utc)) return;
  FUZZ_CHECK(utc >= 0 && utc <= UTC_MAX);
  dhcpha_http_date_format(utc, text);
  dhcpha_status_time_format(utc, status_text);
  FUZZ_CHECK(strlen(text) == len);
  FUZZ_CHECK(memcmp(text + WEEKDAY_LEN, data + WEEKDAY_LEN, len - WEEKDAY_LEN) == 0);
  FUZZ_CHECK(dhcpha_http_date_parse(text, len, &again) && again == utc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  fuzz_play(target, data, len);
  return 0;
}
