/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/supervision.h"

#include "base/deadline.h"

void dhcpha_supervision_begin(dhcpha_supervision *supervision, dhcpha_cause cause) {
  supervision->cause = cause;
  supervision->gone_since_ms = DHCPHA_NEVER;
}

void dhcpha_supervision_end(dhcpha_supervision *supervision) {
  dhcpha_supervision_begin(supervision, DHCPHA_CAUSE_NONE);
}

bool dhcpha_supervision_note(dhcpha_supervision *supervision, bool gone, int64_t now_ms) {
  if (!gone) {
    supervision->gone_since_ms = DHCPHA_NEVER;
    return false;
  }
  if (supervision->gone_since_ms != DHCPHA_NEVER) return false;
  supervision->gone_since_ms = now_ms;
  return true;
}

/* The n-th latest, from 1. */
static int64_t latest(const dhcpha_supervision *supervision, unsigned n) {
  return supervision->recovered_ms[(supervision->recoveries - n) % DHCPHA_RECOVERIES_PER_DAY_MAX];
}

unsigned dhcpha_supervision_left(const dhcpha_supervision *supervision, uint32_t per_day,
                                 int64_t now_ms) {
  unsigned used = 0;
  while (used < per_day && used < supervision->recoveries &&
         latest(supervision, used + 1) > now_ms - DHCPHA_RECOVERY_DAY_MS)
    used++;
  return per_day - used;
}

int64_t dhcpha_supervision_due(const dhcpha_supervision *supervision, uint32_t after_s,
                               uint32_t per_day, int64_t now_ms) {
  int64_t after_ms = (int64_t)after_s * 1000;
  if (supervision->gone_since_ms == DHCPHA_NEVER) return DHCPHA_NEVER;
  if (supervision->cause == DHCPHA_CAUSE_PARTNER && after_ms > DHCPHA_RECOVERY_FOLLOW_MAX_MS)
    after_ms = DHCPHA_RECOVERY_FOLLOW_MAX_MS;
  int64_t due_ms = dhcpha_deadline_after(supervision->gone_since_ms, after_ms);
  if (dhcpha_supervision_left(supervision, per_day, now_ms) > 0) return due_ms;
  int64_t budget_ms = dhcpha_deadline_after(latest(supervision, per_day), DHCPHA_RECOVERY_DAY_MS);
  return due_ms > budget_ms ? due_ms : budget_ms;
}

void dhcpha_supervision_recovered(dhcpha_supervision *supervision, int64_t now_ms) {
  supervision->recovered_ms[supervision->recoveries++ % DHCPHA_RECOVERIES_PER_DAY_MAX] = now_ms;
}
