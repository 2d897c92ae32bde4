/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * rejected_updates: clients whose updates the partner refused: too many?
 * Floor: memory.  Spec: P1 3.8, P2 4.6.
 * Entries that are over are always forgotten; Kea keeps them while all are over (P1 3.8 "Purge
 * quirk"), which nobody can want.
 */
#ifndef DHCPHA_MEMORY_REJECTED_UPDATES_H
#define DHCPHA_MEMORY_REJECTED_UPDATES_H

#include "base/byte_map.h"

#define DHCPHA_REJECTED_CLIENT_MS (86400 * (int64_t)1000)
#define DHCPHA_REJECTED_CLIENTS_MAX 65536

typedef struct dhcpha_rejected_updates {
  dhcpha_byte_map *clients; /* key to its end, monotonic ms */
  int64_t first_end_ms;     /* not later than any end */
} dhcpha_rejected_updates;

dhcpha_status dhcpha_rejected_updates_init(dhcpha_rejected_updates *rejected,
                                           const dhcpha_allocator *allocator);
void dhcpha_rejected_updates_free(dhcpha_rejected_updates *rejected);
/* An empty key (a DHCPv6 client without DUID) is not recorded. */
void dhcpha_rejected_updates_note(dhcpha_rejected_updates *rejected, const uint8_t *key,
                                  size_t len, int64_t now_ms);
void dhcpha_rejected_updates_forget(dhcpha_rejected_updates *rejected, const uint8_t *key,
                                    size_t len);
void dhcpha_rejected_updates_clear(dhcpha_rejected_updates *rejected);
size_t dhcpha_rejected_updates_count(dhcpha_rejected_updates *rejected, int64_t now_ms);

#endif
