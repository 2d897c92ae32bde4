/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * parked: queries held until the peers acknowledge: how many are missing?
 * Floor: memory.  Spec: P2 4.3, 4.6.
 * The action that releases a query is set aside when it is parked, so that
 * letting go of it can never fail.
 */
#ifndef DHCPHA_MEMORY_PARKED_H
#define DHCPHA_MEMORY_PARKED_H

#include "memory/action.h"

#define DHCPHA_PARKED_MAX 65536       /* queries at a time */
/* No client waits longer for an answer to one message: the answer would be to nobody. */
#define DHCPHA_PARKED_MS_MAX 30000
#define DHCPHA_PARKED_CLIENT_KEY_MAX 280 /* a client with a longer key can't be counted as rejected */

typedef struct dhcpha_parked_query {
  dhcpha_action *release; /* NULL: nobody waits, or it was dropped already */
  uint32_t missing;       /* updates whose outcome is awaited */
  bool refused;           /* one of its leases was a conflict */
  bool left_out;          /* one of them was not sent after all: counted once (P2 4.7) */
  bool aging;             /* it is in the order of age */
  int64_t deadline_ms;
  uint32_t older, younger;
  uint32_t next_free;
  uint16_t client_key_len;
  uint8_t client_key[DHCPHA_PARKED_CLIENT_KEY_MAX];
} dhcpha_parked_query;

typedef struct dhcpha_parked {
  const dhcpha_allocator *allocator;
  dhcpha_parked_query *slots;
  uint32_t capacity;
  uint32_t free;
  uint32_t count;
  uint32_t oldest, youngest;
} dhcpha_parked;

dhcpha_status dhcpha_parked_init(dhcpha_parked *parked, const dhcpha_allocator *allocator);
void dhcpha_parked_free(dhcpha_parked *parked);
/* NOMEM, or LIMIT. */
dhcpha_status dhcpha_parked_add(dhcpha_parked *parked, int64_t now_ms, uint32_t *index);
dhcpha_parked_query *dhcpha_parked_get(dhcpha_parked *parked, uint32_t index);
void dhcpha_parked_remove(dhcpha_parked *parked, uint32_t index);
/* When the oldest has waited too long. */
int64_t dhcpha_parked_get_expiry(const dhcpha_parked *parked);
/* Takes the action out that releases a query which has waited too long; its outcomes are still
 * counted.  NULL: there is none.  Those without an action are passed over. */
dhcpha_action *dhcpha_parked_expire(dhcpha_parked *parked, int64_t now_ms);

#endif
