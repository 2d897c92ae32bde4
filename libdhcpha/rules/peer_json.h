/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * peer_json: one peer read from the JSON of its map, and what relationships are
 * read with, too.
 * Floor: rules.  Spec: P1 1.5, 1.7, 1.8, 1.10 step 9.
 */
#ifndef DHCPHA_RULES_PEER_JSON_H
#define DHCPHA_RULES_PEER_JSON_H

#include "rules/config.h"
#include "rules/config_values.h"

#define DHCPHA_NAME_MAX 255 /* bytes of a peer's name */

/* What is being read into. */
typedef struct dhcpha_config_reader {
  dhcpha_config *config;
  dhcpha_messages *messages;
  bool out_of_memory;
} dhcpha_config_reader;

/* A copy without white space around it: P1 1.5 "Name quirk".  NULL: out of memory. */
const char *dhcpha_keep_trimmed(dhcpha_config_reader *r, const dhcpha_json_value *value);
/* Of a relationship and of a peer.  False when one is of a wrong type. */
bool dhcpha_read_tls(dhcpha_config_reader *r, const dhcpha_values *values, const char **tls);
/* Step 9, of one peer. */
void dhcpha_read_peer(dhcpha_config_reader *r, dhcpha_config_relationship *draft,
                      dhcpha_config_peer *peer, const dhcpha_values *values);

#endif
