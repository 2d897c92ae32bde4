/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * alarms: the deadlines of numbered things: which of them is first?
 * Floor: base.
 * A binary heap: setting and taking away cost the logarithm of how many are set.  Of equal
 * deadlines the one that was set first comes first: the order depends on nothing else.
 */
#ifndef DHCPHA_BASE_ALARMS_H
#define DHCPHA_BASE_ALARMS_H

#include <dhcpha/types.h>

#define DHCPHA_ALARMS_NONE UINT32_MAX

typedef struct dhcpha_alarm {
  int64_t at_ms;
  uint64_t turn; /* counts up with each that is set */
  uint32_t number;
} dhcpha_alarm;

typedef struct dhcpha_alarms {
  const dhcpha_allocator *allocator;
  dhcpha_alarm *heap;
  uint32_t *places; /* of each number in the heap, + 1; 0: not set */
  uint32_t count;
  uint32_t capacity; /* numbers below it have room */
  uint64_t turns;
} dhcpha_alarms;

void dhcpha_alarms_init(dhcpha_alarms *alarms, const dhcpha_allocator *allocator);
void dhcpha_alarms_free(dhcpha_alarms *alarms);
/* Room for all numbers below the capacity: setting their alarms can't fail.  NOMEM: as it was. */
dhcpha_status dhcpha_alarms_reserve(dhcpha_alarms *alarms, uint32_t capacity);
/* DHCPHA_NEVER takes the alarm away. */
void dhcpha_alarms_set(dhcpha_alarms *alarms, uint32_t number, int64_t at_ms);
/* The number whose alarm is first, or DHCPHA_ALARMS_NONE. */
uint32_t dhcpha_alarms_first(const dhcpha_alarms *alarms);
int64_t dhcpha_alarms_get_expiry(const dhcpha_alarms *alarms);

#endif
