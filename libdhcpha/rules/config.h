/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * config: relationships and their parameters: defaults, semantic checks, lint warnings.
 * Floor: rules.  Spec: P1 1.2, 1.5, 1.10 step 11, 1.12, 1.13.
 * The public structs dhcpha_relationship and dhcpha_peer are the memory; what is
 * here owns them.
 */
#ifndef DHCPHA_RULES_CONFIG_H
#define DHCPHA_RULES_CONFIG_H

#include <dhcpha/config.h>

/* A configuration counts its holders: dhcpha_config_free() gives up one. */
dhcpha_config *dhcpha_config_hold(const dhcpha_config *config);
const dhcpha_allocator *dhcpha_config_get_allocator(const dhcpha_config *config);
/* The relationship that a peer name belongs to; false when it is none's.  No scan over all. */
bool dhcpha_config_find_peer(const dhcpha_config *config, const char *name, size_t len,
                             size_t *relationship);

#endif
