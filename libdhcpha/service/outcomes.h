/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * outcomes: what came of what was asked for: commands to peers, requests to the host's store.
 * Floor: service.
 * Each returns false when nothing of its kind with this id is under way.  *touched receives the
 * service whose timers may have moved; it is left alone when there is none.
 */
#ifndef DHCPHA_SERVICE_OUTCOMES_H
#define DHCPHA_SERVICE_OUTCOMES_H

#include "service/service_commands.h"

bool dhcpha_outcome_answered(dhcpha_services *services, uint64_t id, const char *json,
                             size_t json_len, dhcpha_service **touched);
bool dhcpha_outcome_failed(dhcpha_services *services, uint64_t id, const char *why,
                           dhcpha_service **touched);
bool dhcpha_outcome_read(dhcpha_services *services, uint64_t id, dhcpha_status status);
bool dhcpha_outcome_stored(dhcpha_services *services, uint64_t id, const dhcpha_stored *results,
                           size_t count, dhcpha_service **touched);

#endif
