/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * lease_json: a lease read as the lease4-* and lease6-* commands write it.
 * Floor: dhcp.  Spec: P1 4.7 (both forms), 4.8 (checks on receipt), P2 6.4 (page form).
 */
#ifndef DHCPHA_DHCP_LEASE_JSON_H
#define DHCPHA_DHCP_LEASE_JSON_H

#include "base/json.h"
#include "dhcp/lease_write.h"

#define DHCPHA_LEASE_ERROR_SIZE 200

/* What a lease's map was read into.  The lease points into `bytes` and into the JSON tree. */
typedef struct dhcpha_lease_reading {
  dhcpha_lease lease;
  bool has_subnet_id;     /* update form: optional (0 counts as absent) */
  bool has_valid_lft;     /* update form: optional */
  bool has_preferred_lft; /* update form: optional */
  bool has_expire;        /* update form: optional; with it, lease.cltt = expire - valid_lft */
  int64_t expire;
  bool force_create;      /* update form */
  uint8_t hw_address[20];
  uint8_t client_id[255];
  char hostname[256];     /* lower-cased */
  dhcpha_buffer *scratch; /* in: for a user-context's text, written anew; cleared for each.  NULL:
                           * a lease that has one is refused */
  char error[DHCPHA_LEASE_ERROR_SIZE]; /* when reading fails: Kea's text, without the position */
} dhcpha_lease_reading;

/* Reads a map.  MALFORMED with `error` filled in when a check of P1 4.8 (update form: those that
 * need no subnet) or P2 6.4 (page form) fails; NOMEM.  In the update form, when valid_lft is absent
 * it is 0 and the caller supplies the subnet's, then calls dhcpha_lease_json_settle(). */
dhcpha_status dhcpha_lease_json_read(dhcpha_lease_reading *reading, dhcpha_family family,
                                     dhcpha_lease_form form, const dhcpha_json_value *map);
/* Update form, after the caller has supplied valid_lft and preferred_lft: sets cltt from expire or
 * from now; MALFORMED when expire is below valid_lft. */
dhcpha_status dhcpha_lease_json_settle(dhcpha_lease_reading *reading, int64_t now_utc_seconds);

#endif
