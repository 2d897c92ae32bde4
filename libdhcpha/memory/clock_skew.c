/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/clock_skew.h"

#include <string.h>

static bool is_beyond(const dhcpha_clock_skew *skew, int64_t limit_s) {
  int64_t seconds = dhcpha_clock_skew_seconds(skew);
  return seconds > limit_s || seconds < -limit_s;
}

void dhcpha_clock_skew_learn(dhcpha_clock_skew *skew, int64_t partner_utc_s, int64_t own_utc_s) {
  skew->known = true;
  skew->partner_utc_s = partner_utc_s;
  skew->own_utc_s = own_utc_s;
}

void dhcpha_clock_skew_forget(dhcpha_clock_skew *skew) {
  memset(skew, 0, sizeof *skew);
}

int64_t dhcpha_clock_skew_seconds(const dhcpha_clock_skew *skew) {
  return skew->known ? skew->partner_utc_s - skew->own_utc_s : 0;
}

bool dhcpha_clock_skew_must_terminate(const dhcpha_clock_skew *skew) {
  return is_beyond(skew, DHCPHA_SKEW_TERMINATE_S);
}

bool dhcpha_clock_skew_should_warn(dhcpha_clock_skew *skew, int64_t now_ms) {
  if (!is_beyond(skew, DHCPHA_SKEW_WARN_S)) return false;
  if (skew->warned && (now_ms - skew->warned_ms) / 1000 <= DHCPHA_SKEW_WARN_AGAIN_S) return false;
  skew->warned = true;
  skew->warned_ms = now_ms;
  return true;
}
