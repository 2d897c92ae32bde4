/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * pair_config: the configuration of each server of a pair, from parameters as a scenario names
 * them.
 */
#ifndef TESTS_SUPPORT_PAIR_CONFIG_H
#define TESTS_SUPPORT_PAIR_CONFIG_H

#include "support/text.h"

/* One parameter: "max-response-delay" and "60000"; "server1.sync-leases" is for one server only,
 * "pause.waiting" for its state, "dhcpha.backup-queue-limit" is one of our own, "auto-failover" for all peers. */
typedef struct pair_parameter {
  const char *name;
  const char *value;
} pair_parameter;

/* Server `index` from 0: "server1" is the primary at 192.0.2.1. */
void pair_config_write(text *out, const char *mode, size_t index, size_t backups,
                       const pair_parameter *parameters, size_t count);
size_t pair_config_server_count(const char *mode, size_t backups);

#endif
