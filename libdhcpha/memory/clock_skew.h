/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * clock_skew: how far apart the clocks are: warn? terminate?
 * Floor: memory.  Spec: P1 3.7.
 * Fed with the partner's date-time from each heartbeat answer.  Knows nothing
 * of states, the service asks it.
 */
#ifndef DHCPHA_MEMORY_CLOCK_SKEW_H
#define DHCPHA_MEMORY_CLOCK_SKEW_H

#include <dhcpha/types.h>

#define DHCPHA_SKEW_WARN_S 30            /* more than this: a warning */
#define DHCPHA_SKEW_TERMINATE_S 60       /* more than this: terminate */
#define DHCPHA_SKEW_WARN_AGAIN_S 60      /* more than these whole seconds between warnings */

typedef struct dhcpha_clock_skew {
  bool known;
  bool warned;
  int64_t partner_utc_s; /* at the last heartbeat */
  int64_t own_utc_s;     /* at the last heartbeat */
  int64_t warned_ms;
} dhcpha_clock_skew;

void dhcpha_clock_skew_learn(dhcpha_clock_skew *skew, int64_t partner_utc_s, int64_t own_utc_s);
/* The partner is unavailable: what was known is void. */
void dhcpha_clock_skew_forget(dhcpha_clock_skew *skew);
/* Seconds that the partner is ahead; 0 when unknown. */
int64_t dhcpha_clock_skew_seconds(const dhcpha_clock_skew *skew);
bool dhcpha_clock_skew_must_terminate(const dhcpha_clock_skew *skew);
/* Whether to warn now; a true answer counts as the warning. */
bool dhcpha_clock_skew_should_warn(dhcpha_clock_skew *skew, int64_t now_ms);

#endif
