/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * config_check: whether the parameters of a relationship fit together, and the
 * relationships each other.
 * Floor: rules.  Spec: P1 1.6, 1.7, 1.10 steps 11 to 13, 1.12, 1.13.
 * One message for one mistake: what follows from a mistake that has been told
 * already is not told again.
 */
#ifndef DHCPHA_RULES_CONFIG_CHECK_H
#define DHCPHA_RULES_CONFIG_CHECK_H

#include "rules/config.h"
#include "rules/messages.h"

/* Step 11.  Fills in what follows from others: order, self, partner, address, TLS. */
void dhcpha_config_check_relationship(dhcpha_config_relationship *relationship,
                                      dhcpha_messages *messages);
/* Step 12: its peers' names have not been seen in an earlier relationship. */
dhcpha_status dhcpha_config_check_names(dhcpha_config *config,
                                        const dhcpha_config_relationship *relationship,
                                        dhcpha_messages *messages);
/* Step 13. */
void dhcpha_config_check_modes(const dhcpha_config *config, dhcpha_messages *messages);
/* The warnings of 1.13, of a configuration without errors. */
void dhcpha_config_give_notices(const dhcpha_config *config, dhcpha_messages *messages);

#endif
