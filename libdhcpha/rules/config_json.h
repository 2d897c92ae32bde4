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

#include <dhcpha/config.h>

#define DHCPHA_CONFIG_JSON_MAX (1024 * 1024)  /* bytes of text */
#define DHCPHA_RELATIONSHIPS_MAX 4096
#define DHCPHA_PEERS_MAX 64                   /* of one relationship */
#define DHCPHA_NAME_MAX 255                   /* bytes of a peer's name */
#define DHCPHA_PASSWORD_FILE_MAX 4096         /* bytes read of a password file */

#endif
