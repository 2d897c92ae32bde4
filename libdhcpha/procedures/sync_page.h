/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * sync_page: one page of a peer's leases, taken apart.
 * Floor: procedures.  Spec: P2 6.2, 6.4; P1 4.8 "Page-form parsing".
 */
#ifndef DHCPHA_PROCEDURES_SYNC_PAGE_H
#define DHCPHA_PROCEDURES_SYNC_PAGE_H

#include "memory/service_memory.h"

typedef struct dhcpha_sync_page {
  size_t elements;      /* of the list, readable or not */
  size_t refused;       /* of these, not readable */
  dhcpha_address last;  /* address of the last element */
  bool last_is_prefix;
  dhcpha_action *store; /* the readable ones of our subnets, for the host; NULL: none */
  unsigned malformed;   /* 1: the text was no page at all */
  char error[DHCPHA_SYNC_ERROR_SIZE];
} dhcpha_sync_page;

/* False, with `error` filled in and nothing to store, when it can't be used. */
bool dhcpha_sync_page_read(dhcpha_sync_page *page, dhcpha_service *service, const char *json,
                           size_t json_len);
void dhcpha_sync_page_discard(dhcpha_sync_page *page, dhcpha_service *service);

#endif
