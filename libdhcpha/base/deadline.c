/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/deadline.h"

int64_t dhcpha_deadline_after(int64_t now_ms, int64_t delay_ms) {
  int64_t sum;
  if (now_ms == DHCPHA_NEVER || delay_ms == DHCPHA_NEVER) return DHCPHA_NEVER;
  if (__builtin_add_overflow(now_ms, delay_ms, &sum))
    return delay_ms > 0 ? DHCPHA_NEVER : INT64_MIN;
  return sum;
}

bool dhcpha_deadline_passed(int64_t deadline_ms, int64_t now_ms) {
  return deadline_ms != DHCPHA_NEVER && deadline_ms <= now_ms;
}

int64_t dhcpha_deadline_earlier(int64_t a_ms, int64_t b_ms) {
  return a_ms < b_ms ? a_ms : b_ms;
}
