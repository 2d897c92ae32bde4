/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * lease_json: a lease as the lease commands write it (P1 4.7).
 */
#ifndef DHCPD_LEASE_JSON_H
#define DHCPD_LEASE_JSON_H

#include "json.h"
#include "lease_table.h"

#define LEASE_JSON_TEXT_MAX 256

/* A lease that was read, and the room for what it points to. */
struct lease_draft {
  dhcpha_lease lease;
  uint8_t hw_address[20], client_id[255];
  char hostname[255];
  char *user_context; /* to be given to free() */
};

/* Page form: with `cltt`. */
void lease_json_write(yajl_gen out, const dhcpha_lease *lease);

/* Read a lease; what is missing stays 0.  False: TEXT says what is wrong. */
bool lease_json_read(uint8_t family, yajl_val map, int64_t now, struct lease_draft *draft,
                     char text[LEASE_JSON_TEXT_MAX]);

/* "IA_NA" or "IA_PD", of a #dhcpha_lease_type; false when it is neither. */
bool lease_type_parse(const char *text, uint8_t *type);

/* "01:02:ff"; false when it is none, or longer than SIZE. */
bool hex_parse(const char *text, uint8_t *bytes, size_t size, size_t *len);

#endif
