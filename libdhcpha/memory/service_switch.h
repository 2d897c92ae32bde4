/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * service_switch: who has disabled the DHCP service (origins), until when, and for whom.
 * Floor: memory.  Spec: P2 3.3, 8.
 * Kea has one switch for the whole server.  Here a relationship's own state, and what its partner
 * disables, concern the clients of that relationship only: the others of a hub are served on.
 * Everybody else (the administrator, say) disables all.  The service as a whole is enabled while
 * there is a relationship that is not disabled; with one relationship that is Kea's switch.
 *
 * Origins go by their numbers on the wire: 1000 + id is the own one of relationship id, up to
 * 1999; from 2000 to 2999 are those of partners, told apart by the relationship they came through.
 * The own origins of relationships from 1000 on have no number, so that none is taken for another.
 */
#ifndef DHCPHA_MEMORY_SERVICE_SWITCH_H
#define DHCPHA_MEMORY_SERVICE_SWITCH_H

#include "base/alarms.h"
#include "base/byte_map.h"

#define DHCPHA_ORIGINS_MAX 16384 /* at a time, own ones not counted */
#define DHCPHA_EVERYWHERE SIZE_MAX /* of no relationship in particular */

typedef struct dhcpha_origin {
  int64_t number;
  size_t relationship; /* that is disabled; DHCPHA_EVERYWHERE */
  bool disables;
  int64_t until_ms;    /* DHCPHA_NEVER: no timer */
  uint32_t next_free;
} dhcpha_origin;

typedef struct dhcpha_service_switch {
  const dhcpha_allocator *allocator;
  dhcpha_origin *origins; /* first the own ones, by relationship; then those of others */
  uint32_t capacity;
  uint32_t used;
  uint32_t free;          /* chained */
  uint32_t foreign;       /* origins of others that disable */
  dhcpha_byte_map *slots; /* of others: number and relationship to the origin's place */
  dhcpha_alarms alarms;
  uint32_t *disabling;    /* how many disable each relationship */
  size_t relationships;
  size_t disabled;        /* relationships that somebody disables */
  size_t everywhere;      /* origins that disable all of them */
} dhcpha_service_switch;

void dhcpha_service_switch_init(dhcpha_service_switch *service,
                                const dhcpha_allocator *allocator);
void dhcpha_service_switch_free(dhcpha_service_switch *service);
/* So many relationships, each disabled by itself.  Once, before anything else. */
dhcpha_status dhcpha_service_switch_make_own(dhcpha_service_switch *service, size_t count);
/* A relationship's own state.  Can't fail. */
void dhcpha_service_switch_set_own(dhcpha_service_switch *service, size_t relationship,
                                   bool disables);
/* On command.  `relationship`: through which one it came; DHCPHA_EVERYWHERE: none.
 * until_ms: DHCPHA_NEVER leaves an older timer of this origin running, as Kea does. */
dhcpha_status dhcpha_service_switch_disable(dhcpha_service_switch *service, size_t relationship,
                                            int64_t number, int64_t until_ms);
/* From everywhere it releases the number for all relationships; through a relationship it also
 * releases what came through none. */
void dhcpha_service_switch_enable(dhcpha_service_switch *service, size_t relationship,
                                  int64_t number);
bool dhcpha_service_switch_is_enabled(const dhcpha_service_switch *service);
/* Whether the clients of this relationship may be served. */
bool dhcpha_service_switch_serves(const dhcpha_service_switch *service, size_t relationship);
/* How many disable it. */
size_t dhcpha_service_switch_count(const dhcpha_service_switch *service, size_t relationship);
int64_t dhcpha_service_switch_get_expiry(const dhcpha_service_switch *service);
/* Releases the first origin whose timer has run out; false when there is none. */
bool dhcpha_service_switch_expire(dhcpha_service_switch *service, int64_t now_ms);
/* All own origins, and those of partners, are released (P2 3.5, 3.6). */
void dhcpha_service_switch_release_all(dhcpha_service_switch *service);
/* Takes over the origins of others that are not partners, with their timers. */
dhcpha_status dhcpha_service_switch_inherit(dhcpha_service_switch *service,
                                            const dhcpha_service_switch *former);

#endif
