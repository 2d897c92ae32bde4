/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * timetable: which service is due next, without looking at all of them.
 * Floor: service.
 * A binary heap by time and, at the same time, by index: the order depends on
 * nothing else.
 */
#ifndef DHCPHA_SERVICE_TIMETABLE_H
#define DHCPHA_SERVICE_TIMETABLE_H

#include "memory/service_memory.h"

typedef struct dhcpha_timetable {
  dhcpha_service **heap;
  size_t count;
} dhcpha_timetable;

dhcpha_status dhcpha_timetable_init(dhcpha_timetable *timetable,
                                    const dhcpha_allocator *allocator, dhcpha_service *services,
                                    size_t count);
void dhcpha_timetable_free(dhcpha_timetable *timetable, const dhcpha_allocator *allocator);
/* Its timers may have moved. */
void dhcpha_timetable_update(dhcpha_timetable *timetable, dhcpha_service *service);
int64_t dhcpha_timetable_get_expiry(const dhcpha_timetable *timetable);
/* NULL when none is due. */
dhcpha_service *dhcpha_timetable_first_due(const dhcpha_timetable *timetable, int64_t now_ms);

#endif
