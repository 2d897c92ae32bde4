/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/http_date.h"

#include <string.h>

#define SECONDS_PER_DAY 86400
#define SECONDS_MAX INT64_C(253402300799) /* 9999-12-31 23:59:59 */

static const char weekdays[] = "SunMonTueWedThuFriSat";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

typedef struct moment {
  int year, month, day; /* month and day from 1 */
  int hour, minute, second;
  int weekday; /* from Sunday, 0 */
} moment;

/* Days since 1970-01-01 of a date of the Gregorian calendar, from 1970 on; years start in March, so
 * that the leap day is the last. */
static int64_t days_of(int year, int month, int day) {
  int64_t y = month <= 2 ? year - 1 : year;
  int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

static moment moment_of(int64_t utc_seconds) {
  if (utc_seconds < 0) utc_seconds = 0;
  if (utc_seconds > SECONDS_MAX) utc_seconds = SECONDS_MAX;
  int64_t days = utc_seconds / SECONDS_PER_DAY;
  int rest = (int)(utc_seconds % SECONDS_PER_DAY);
  int64_t shifted = days + 719468;
  int64_t era = shifted / 146097;
  int64_t day_of_era = shifted % 146097;
  int64_t year_of_era =
    (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int day_of_year = (int)(day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100));
  int shifted_month = (5 * day_of_year + 2) / 153;
  moment m;
  m.day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  m.month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  m.year = (int)(year_of_era + era * 400) + (m.month <= 2);
  m.hour = rest / 3600;
  m.minute = rest / 60 % 60;
  m.second = rest % 60;
  m.weekday = (int)((days + 4) % 7); /* 1970-01-01 was a Thursday */
  return m;
}

static char *put_number(char *at, int value, int digits) {
  for (int i = digits - 1; i >= 0; i--) {
    at[i] = (char)('0' + value % 10);
    value /= 10;
  }
  return at + digits;
}

static char *put_text(char *at, const char *text, size_t len) {
  memcpy(at, text, len);
  return at + len;
}

static char *put_time(char *at, const moment *m) {
  at = put_number(at, m->hour, 2);
  *at++ = ':';
  at = put_number(at, m->minute, 2);
  *at++ = ':';
  return put_number(at, m->second, 2);
}

void dhcpha_http_date_format(int64_t utc_seconds, char text[DHCPHA_HTTP_DATE_SIZE]) {
  moment m = moment_of(utc_seconds);
  char *at = put_text(text, weekdays + 3 * m.weekday, 3);
  at = put_text(at, ", ", 2);
  at = put_number(at, m.day, 2);
  *at++ = ' ';
  at = put_text(at, months + 3 * (m.month - 1), 3);
  *at++ = ' ';
  at = put_number(at, m.year, 4);
  *at++ = ' ';
  at = put_time(at, &m);
  put_text(at, " GMT", 5);
}

void dhcpha_status_time_format(int64_t utc_seconds, char text[DHCPHA_STATUS_TIME_SIZE]) {
  moment m = moment_of(utc_seconds);
  char *at = put_number(text, m.year, 4);
  *at++ = '-';
  at = put_number(at, m.month, 2);
  *at++ = '-';
  at = put_number(at, m.day, 2);
  *at++ = ' ';
  at = put_time(at, &m);
  *at = '\0';
}

/* From 0; -1: none of them. */
static int name_index(const char *names, const char *text) {
  for (int i = 0; names[3 * i] != '\0'; i++)
    if (memcmp(names + 3 * i, text, 3) == 0) return i;
  return -1;
}

/* -1: not all are digits. */
static int number_at(const char *text, int digits) {
  int value = 0;
  for (int i = 0; i < digits; i++) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

static int days_in_month(int year, int month) {
  static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return days[month - 1] + (month == 2 && leap);
}

bool dhcpha_http_date_parse(const char *text, size_t len, int64_t *utc_seconds) {
  static const struct {
    int at;
    char c;
  } fixed[] = { { 3, ',' }, { 4, ' ' }, { 7, ' ' }, { 11, ' ' }, { 16, ' ' }, { 19, ':' },
                { 22, ':' }, { 25, ' ' }, { 26, 'G' }, { 27, 'M' }, { 28, 'T' } };
  if (len != DHCPHA_HTTP_DATE_SIZE - 1) return false;
  for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
    if (text[fixed[i].at] != fixed[i].c) return false;
  int day = number_at(text + 5, 2), month = name_index(months, text + 8) + 1;
  int year = number_at(text + 12, 4);
  int hour = number_at(text + 17, 2), minute = number_at(text + 20, 2);
  int second = number_at(text + 23, 2);
  if (name_index(weekdays, text) < 0 || month < 1 || year < 1970 || day < 1 ||
      day > days_in_month(year, month))
    return false;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return false;
  *utc_seconds = days_of(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second;
  return true;
}
