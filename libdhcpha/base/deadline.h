/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * deadline: arithmetic on monotonic milliseconds.
 * Floor: base.
 * DHCPHA_NEVER is later than every time, and stays so under addition.
 */
#ifndef DHCPHA_BASE_DEADLINE_H
#define DHCPHA_BASE_DEADLINE_H

#include <dhcpha/types.h>

/* now_ms + delay_ms, saturating at DHCPHA_NEVER. */
int64_t dhcpha_deadline_after(int64_t now_ms, int64_t delay_ms);
bool dhcpha_deadline_passed(int64_t deadline_ms, int64_t now_ms); /* deadline <= now */
int64_t dhcpha_deadline_earlier(int64_t a_ms, int64_t b_ms);

#endif
