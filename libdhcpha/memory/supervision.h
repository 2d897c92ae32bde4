/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * supervision: why a service was terminated, since when that is over, and how often it recovered.
 * Floor: memory.  Spec: P2 11.8 (Kea needs an administrator; here one may choose not to).
 */
#ifndef DHCPHA_MEMORY_SUPERVISION_H
#define DHCPHA_MEMORY_SUPERVISION_H

#include "rules/extension_json.h"

#include <dhcpha/types.h>

#define DHCPHA_RECOVERY_DAY_MS (86400 * (int64_t)1000)
/* Who was terminated because its partner was follows it this soon: a partner that waits for longer
 * than 10 minutes is terminated again (P2 1.6 note g). */
#define DHCPHA_RECOVERY_FOLLOW_MAX_MS (60 * (int64_t)1000)

typedef enum dhcpha_cause {
  DHCPHA_CAUSE_NONE, /* not terminated */
  DHCPHA_CAUSE_CLOCKS,
  DHCPHA_CAUSE_REJECTS,
  DHCPHA_CAUSE_PARTNER
} dhcpha_cause;

typedef struct dhcpha_supervision {
  dhcpha_cause cause;
  int64_t gone_since_ms;  /* DHCPHA_NEVER: the cause is there, or may be */
  int64_t recovered_ms[DHCPHA_RECOVERIES_PER_DAY_MAX]; /* the latest, in a ring */
  unsigned recoveries;    /* ever */
} dhcpha_supervision;

void dhcpha_supervision_begin(dhcpha_supervision *supervision, dhcpha_cause cause);
void dhcpha_supervision_end(dhcpha_supervision *supervision);
/* True when the cause has just gone. */
bool dhcpha_supervision_note(dhcpha_supervision *supervision, bool gone, int64_t now_ms);
/* How many recoveries are left now. */
unsigned dhcpha_supervision_left(const dhcpha_supervision *supervision, uint32_t per_day,
                                 int64_t now_ms);
/* When to recover; DHCPHA_NEVER: the cause has not gone. */
int64_t dhcpha_supervision_due(const dhcpha_supervision *supervision, uint32_t after_s,
                               uint32_t per_day, int64_t now_ms);
void dhcpha_supervision_recovered(dhcpha_supervision *supervision, int64_t now_ms);

#endif
