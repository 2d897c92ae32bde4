/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * config_json: the configuration read from the manual's JSON, with a message for each mistake.
 * Floor: rules.  Spec: P1 1.1 to 1.10.  Its one function is the public dhcpha_config_parse().
 * It follows the steps of P1 1.10, so that the first message is the one Kea gives,
 * and goes on behind a mistake, so that all are told at once.
 */
#ifndef DHCPHA_RULES_CONFIG_JSON_H
#define DHCPHA_RULES_CONFIG_JSON_H

#include "rules/config.h"

#define DHCPHA_CONFIG_JSON_MAX (1024 * 1024) /* bytes of text */
#define DHCPHA_CONFIG_TREE_MAX ((size_t)256 * 1024 * 1024) /* bytes of its tree */

#endif
