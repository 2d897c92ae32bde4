/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * kea_partner: what Kea of a version answers, as far as versions differ.  P1 6, P2 14.
 */
#ifndef TESTS_SUPPORT_KEA_PARTNER_H
#define TESTS_SUPPORT_KEA_PARTNER_H

#include "support/network.h"

/* Its answer to list-commands: the names that tell the version. */
void kea_partner_list_commands(const char *version, text *answer);
/* Empty where its answer depends on its state: ha-heartbeat. */
void kea_partner_answer(const char *version, const exchange *x, text *answer);

#endif
