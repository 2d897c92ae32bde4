/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * http_date: "Thu, 07 Nov 2019 08:49:37 GMT" to UTC and back.
 * Floor: base.  Spec: P1 5.1, P1 3.3, RFC 7231 7.1.1.1 (IMF-fixdate only).
 */
#ifndef DHCPHA_BASE_HTTP_DATE_H
#define DHCPHA_BASE_HTTP_DATE_H

#include <dhcpha/types.h>

#define DHCPHA_HTTP_DATE_SIZE 30     /* with its end */
#define DHCPHA_STATUS_TIME_SIZE 24   /* "2026-11-22 13:25:53", with its end */

/* Years 1970..9999. */
void dhcpha_http_date_format(int64_t utc_seconds, char text[DHCPHA_HTTP_DATE_SIZE]);
/* false unless exactly of this form, English names, zone "GMT", a real calendar date (the weekday
 * must be a name, but is not compared with the date). */
bool dhcpha_http_date_parse(const char *text, size_t len, int64_t *utc_seconds);
/* "YYYY-MM-DD HH:MM:SS" for status-get (P1 5.9). */
void dhcpha_status_time_format(int64_t utc_seconds, char text[DHCPHA_STATUS_TIME_SIZE]);

#endif
