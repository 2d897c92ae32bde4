/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * config_lint: settings that are allowed but risky (the public dhcpha_config_lint()).
 * Floor: rules.  Spec: P1 1.6 to 1.12, 3, 7.
 * One warning for one risk: the parameter, its place, what may happen, and
 * what is recommended.
 */
#ifndef DHCPHA_RULES_CONFIG_LINT_H
#define DHCPHA_RULES_CONFIG_LINT_H

#include "rules/config.h"

#define DHCPHA_LINT_HEARTBEATS_MIN 3        /* that should fit into max-response-delay */
#define DHCPHA_LINT_SYNC_TIMEOUT_MIN_MS 1000 /* below, dhcp-disable gets 1 second (P1 1.2) */
#define DHCPHA_LINT_IDLE_TIMEOUT_MS 30000   /* of Kea's listener (P1 trap 40) */

#endif
