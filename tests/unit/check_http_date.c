/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/http_date.h"

#include <time.h>

#include "unit/unit.h"

static const struct {
  int64_t seconds;
  const char *http, *status;
} moments[] = {
  { 0, "Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01 00:00:00" },
  { 1573116577, "Thu, 07 Nov 2019 08:49:37 GMT", "2019-11-07 08:49:37" },
  { 1795353949, "Sun, 22 Nov 2026 13:25:49 GMT", "2026-11-22 13:25:49" },
  { 951782400, "Tue, 29 Feb 2000 00:00:00 GMT", "2000-02-29 00:00:00" },
  { 951868799, "Tue, 29 Feb 2000 23:59:59 GMT", "2000-02-29 23:59:59" },
  { 4107542400, "Mon, 01 Mar 2100 00:00:00 GMT", "2100-03-01 00:00:00" },
  { 253402300799, "Fri, 31 Dec 9999 23:59:59 GMT", "9999-12-31 23:59:59" },
};

START_TEST(writes_and_reads_a_moment) {
  char text[DHCPHA_HTTP_DATE_SIZE], status[DHCPHA_STATUS_TIME_SIZE];
  int64_t seconds = -1;
  dhcpha_http_date_format(moments[_i].seconds, text);
  ck_assert_str_eq(text, moments[_i].http);
  dhcpha_status_time_format(moments[_i].seconds, status);
  ck_assert_str_eq(status, moments[_i].status);
  ck_assert(dhcpha_http_date_parse(text, strlen(text), &seconds));
  ck_assert_int_eq(seconds, moments[_i].seconds);
}
END_TEST

/* Every day of 400 years, against the C library. */
START_TEST(agrees_with_the_calendar) {
  for (int64_t day = 0; day < 146097; day++) {
    int64_t seconds = day * 86400 + day % 86400, back = -1;
    char text[DHCPHA_HTTP_DATE_SIZE], expected[64];
    time_t moment = (time_t)seconds;
    struct tm tm;
    ck_assert_ptr_nonnull(gmtime_r(&moment, &tm));
    strftime(expected, sizeof expected, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    dhcpha_http_date_format(seconds, text);
    ck_assert_str_eq(text, expected);
    ck_assert(dhcpha_http_date_parse(text, 29, &back));
    ck_assert_int_eq(back, seconds);
  }
}
END_TEST

START_TEST(stays_within_its_years) {
  char text[DHCPHA_HTTP_DATE_SIZE];
  dhcpha_http_date_format(-1, text);
  ck_assert_str_eq(text, "Thu, 01 Jan 1970 00:00:00 GMT");
  dhcpha_http_date_format(INT64_MIN, text);
  ck_assert_str_eq(text, "Thu, 01 Jan 1970 00:00:00 GMT");
  dhcpha_http_date_format(INT64_MAX, text);
  ck_assert_str_eq(text, "Fri, 31 Dec 9999 23:59:59 GMT");
}
END_TEST

static const struct {
  const char *sentence, *text;
} bad[] = {
  { "nothing", "" },
  { "another zone: Kea refuses it", "Thu, 07 Nov 2019 08:49:37 +0000" },
  { "another name of the zone", "Thu, 07 Nov 2019 08:49:37 UTC" },
  { "one digit for a day", "Thu, 7 Nov 2019 08:49:37 GMT" },
  { "no such weekday", "Foo, 07 Nov 2019 08:49:37 GMT" },
  { "a weekday across two names", "hur, 07 Nov 2019 08:49:37 GMT" },
  { "no such month", "Thu, 07 Nox 2019 08:49:37 GMT" },
  { "names in lower case", "thu, 07 nov 2019 08:49:37 GMT" },
  { "day 0", "Thu, 00 Nov 2019 08:49:37 GMT" },
  { "a day November lacks", "Thu, 31 Nov 2019 08:49:37 GMT" },
  { "29 February in a common year", "Thu, 29 Feb 2019 08:49:37 GMT" },
  { "29 February of 2100", "Thu, 29 Feb 2100 08:49:37 GMT" },
  { "before 1970", "Thu, 07 Nov 1969 08:49:37 GMT" },
  { "hour 24", "Thu, 07 Nov 2019 24:00:00 GMT" },
  { "minute 60", "Thu, 07 Nov 2019 08:60:00 GMT" },
  { "second 60", "Thu, 07 Nov 2019 08:00:60 GMT" },
  { "a sign for a digit", "Thu, 07 Nov 2019 -8:49:37 GMT" },
  { "something behind it", "Thu, 07 Nov 2019 08:49:37 GMT " },
  { "something before it", " Thu, 07 Nov 2019 08:49:37 GMT" },
  { "the obsolete form of RFC 850", "Thursday, 07-Nov-19 08:49:37 GMT" },
  { "the form of asctime()", "Thu Nov  7 08:49:37 2019" },
};

START_TEST(refuses) {
  int64_t seconds = 42;
  char *text = unit_copy(bad[_i].text, strlen(bad[_i].text));
  ck_assert_msg(!dhcpha_http_date_parse(text, strlen(bad[_i].text), &seconds), "%s",
                bad[_i].sentence);
  ck_assert_int_eq(seconds, 42);
  free(text);
}
END_TEST

START_TEST(refuses_every_part_of_a_date) {
  const char *date = "Thu, 07 Nov 2019 08:49:37 GMT";
  int64_t seconds;
  for (size_t len = 0; len < strlen(date); len++) {
    char *text = unit_copy(date, len);
    ck_assert(!dhcpha_http_date_parse(text, len, &seconds));
    free(text);
  }
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("http_date");
  tcase_add_loop_test(tcase, writes_and_reads_a_moment, 0, COUNT_OF(moments));
  tcase_add_test(tcase, agrees_with_the_calendar);
  tcase_add_test(tcase, stays_within_its_years);
  tcase_add_loop_test(tcase, refuses, 0, COUNT_OF(bad));
  tcase_add_test(tcase, refuses_every_part_of_a_date);
  return unit_run("http_date", tcase);
}
