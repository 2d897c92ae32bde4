/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * names: modes, roles and states: enum to text and back.
 * Floor: rules.  Spec: P1 1.2, 1.4, 1.5, P2 0.2.
 * The public functions take text ended by a 0 byte; these take bytes as JSON
 * gives them, where a 0 byte may occur inside.
 */
#ifndef DHCPHA_RULES_NAMES_H
#define DHCPHA_RULES_NAMES_H

#include <dhcpha/names.h>

bool dhcpha_mode_read(const char *name, size_t len, dhcpha_mode *mode);
bool dhcpha_role_read(const char *name, size_t len, dhcpha_role *role);
bool dhcpha_state_read(const char *name, size_t len, dhcpha_state *state);
/* As Kea's messages say: "load balancing", "hot standby", "passive backup" (P1 1.10). */
const char *dhcpha_mode_get_title(dhcpha_mode mode);

#endif
