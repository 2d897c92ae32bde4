/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * service_switch: who has disabled the DHCP service (origins), until when.
 * Floor: memory.  Spec: P2 3.3.
 * One switch stands for the whole server.  The service is enabled while nobody
 * disables it.
 */
#ifndef DHCPHA_MEMORY_SERVICE_SWITCH_H
#define DHCPHA_MEMORY_SERVICE_SWITCH_H

#include <dhcpha/types.h>

#define DHCPHA_ORIGINS_MAX 16384 /* at a time */

typedef struct dhcpha_origin {
  int64_t number;
  bool disables;
  bool own; /* a relationship's: its place is never given up, so setting it can't fail */
  int64_t until_ms; /* DHCPHA_NEVER: no timer */
} dhcpha_origin;

typedef struct dhcpha_service_switch {
  const dhcpha_allocator *allocator;
  dhcpha_origin *origins; /* by number */
  size_t count;
  size_t capacity;
  size_t disabling;
} dhcpha_service_switch;

void dhcpha_service_switch_init(dhcpha_service_switch *service,
                                const dhcpha_allocator *allocator);
void dhcpha_service_switch_free(dhcpha_service_switch *service);
/* An origin of this server, disabling. */
dhcpha_status dhcpha_service_switch_add_own(dhcpha_service_switch *service, int64_t number);
/* until_ms: DHCPHA_NEVER leaves an older timer of this origin running, as Kea does. */
dhcpha_status dhcpha_service_switch_disable(dhcpha_service_switch *service, int64_t number,
                                            int64_t until_ms);
void dhcpha_service_switch_enable(dhcpha_service_switch *service, int64_t number);
bool dhcpha_service_switch_is_enabled(const dhcpha_service_switch *service);
bool dhcpha_service_switch_is_disabled_by(const dhcpha_service_switch *service, int64_t number);
int64_t dhcpha_service_switch_get_expiry(const dhcpha_service_switch *service);
/* Gives up the first origin whose timer has run out; false when there is none. */
bool dhcpha_service_switch_expire(dhcpha_service_switch *service, int64_t now_ms,
                                  int64_t *number);

#endif
