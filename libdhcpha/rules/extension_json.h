/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * extension_json: what we can do and Kea cannot, configured in a relationship's map "dhcpha".
 * Floor: rules.  Kea ignores keys it does not know (P1 1.1), so that one file serves both.
 */
#ifndef DHCPHA_RULES_EXTENSION_JSON_H
#define DHCPHA_RULES_EXTENSION_JSON_H

#include "rules/config.h"
#include "rules/config_values.h"

#define DHCPHA_EXTENSION_KEY "dhcpha"
/* Each recovery within a day is remembered by its time. */
#define DHCPHA_RECOVERIES_PER_DAY_MAX 24

/* Of the relationship's map; absent: the defaults stay. */
void dhcpha_read_extension(dhcpha_relationship *relationship, const dhcpha_values *values);

#endif
