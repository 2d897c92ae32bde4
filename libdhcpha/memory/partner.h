/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * partner: its last state, scopes and time of contact: interrupted?
 * Floor: memory.  Spec: P1 3.1, 3.3, 3.4, 3.9, 3.10; P2 0.2, 3.2.
 * Only a successful heartbeat is a contact (P1 7.1).
 */
#ifndef DHCPHA_MEMORY_PARTNER_H
#define DHCPHA_MEMORY_PARTNER_H

#include "base/json.h"

#include <dhcpha/names.h>

#define DHCPHA_TERMINATED_LONG_MS (10 * 60 * 1000) /* P2 9 "partner terminated" */
#define DHCPHA_PARTNER_SCOPES_MAX 64               /* names remembered of its `scopes` */

typedef struct dhcpha_partner {
  dhcpha_state state;
  int64_t contact_ms; /* last successful heartbeat, or the start */
  bool heard;         /* any result was had, a failure included: status-get's in-touch */
  int64_t terminated_since_ms; /* DHCPHA_NEVER: its last word was another state */
  uint64_t unsent_latest;
  bool unsent_changed; /* to another count above 0, since all its leases were known here */
  dhcpha_buffer scopes; /* the JSON list it reported, sorted */
} dhcpha_partner;

void dhcpha_partner_init(dhcpha_partner *partner, const dhcpha_allocator *allocator,
                         int64_t now_ms);
void dhcpha_partner_free(dhcpha_partner *partner);
void dhcpha_partner_set_state(dhcpha_partner *partner, dhcpha_state state, int64_t now_ms);
void dhcpha_partner_contacted(dhcpha_partner *partner, int64_t now_ms);
/* Silence is interruption when it is longer than the limit, not when it equals it (P1 3.4). */
bool dhcpha_partner_is_silent(const dhcpha_partner *partner, int64_t now_ms, uint32_t limit_ms);
/* The first moment of interruption. */
int64_t dhcpha_partner_silent_from(const dhcpha_partner *partner, uint32_t limit_ms);
bool dhcpha_partner_is_terminated_long(const dhcpha_partner *partner, int64_t now_ms);
void dhcpha_partner_take_unsent(dhcpha_partner *partner, uint64_t count);
bool dhcpha_partner_has_new_unsent(const dhcpha_partner *partner);
/* All its leases are known here: it was synchronized from, or sends its updates again. */
void dhcpha_partner_settle_unsent(dhcpha_partner *partner);
/* Anything but a list of strings is ignored, and the old scopes stay (P1 3.3, check 6). */
void dhcpha_partner_take_scopes(dhcpha_partner *partner, const dhcpha_json_value *scopes);

#endif
