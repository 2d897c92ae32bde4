/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * config_json: the configuration read from the manual's JSON, with a message for each mistake.
 * Floor: rules.  Spec: P1 1.1 to 1.10.  Its one function is the public dhcpha_config_parse().
 */
#ifndef DHCPHA_RULES_CONFIG_JSON_H
#define DHCPHA_RULES_CONFIG_JSON_H

#include "rules/config.h"

#define DHCPHA_CONFIG_JSON_MAX (1024 * 1024)  /* bytes of text */
#define DHCPHA_NAME_MAX 255                   /* bytes of a peer's name */

#endif
