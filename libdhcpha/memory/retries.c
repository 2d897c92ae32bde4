/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/retries.h"

#include "base/deadline.h"

void dhcpha_retries_seed(dhcpha_updates *updates, const char *name) {
  for (const char *c = name; *c != '\0'; c++)
    updates->chance = (updates->chance ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
}

/* SplitMix64. */
int64_t dhcpha_retries_choose_wait(dhcpha_updates *updates) {
  uint64_t bits = updates->chance += UINT64_C(0x9e3779b97f4a7c15);
  bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
  bits ^= bits >> 31;
  return DHCPHA_RETRY_MS_MIN +
         (int64_t)(bits % (DHCPHA_RETRY_MS_MAX - DHCPHA_RETRY_MS_MIN + 1));
}

void dhcpha_retries_set(dhcpha_updates *updates, uint32_t index, int64_t due_ms) {
  dhcpha_alarms_set(&updates->alarms, index, due_ms);
}

int64_t dhcpha_retries_get_expiry(const dhcpha_updates *updates) {
  return dhcpha_alarms_get_expiry(&updates->alarms);
}

uint32_t dhcpha_retries_first_due(const dhcpha_updates *updates, int64_t now_ms) {
  return dhcpha_deadline_passed(dhcpha_retries_get_expiry(updates), now_ms)
             ? dhcpha_alarms_first(&updates->alarms)
             : DHCPHA_NO_UPDATE;
}
