/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * sync: a peer's leases, page by page, the newer one kept.
 * Floor: procedures.  Spec: P2 6, 15.8; P1 4.8 "get-page".
 * While the host stores one page the next one is fetched, so at most two are
 * in memory.  The cursor is the address of a page's last element, readable or
 * not (P2 15.8), and must grow, so that no peer can keep us for ever.
 */
#ifndef DHCPHA_PROCEDURES_SYNC_H
#define DHCPHA_PROCEDURES_SYNC_H

#include "memory/service_memory.h"
#include "rules/command.h"

#define DHCPHA_SYNC_LEASES_MAX 100000000 /* received in one synchronization */
#define DHCPHA_SYNC_STORES_MAX 1         /* pages being stored while another one is fetched */

typedef enum dhcpha_sync_result {
  DHCPHA_SYNC_GOES_ON,
  DHCPHA_SYNC_SUCCEEDED, /* ended, and the state had asked for it */
  DHCPHA_SYNC_ENDED      /* ended otherwise: failed, or ha-sync; the rules may have to be run */
} dhcpha_sync_result;

/* For the state.  Nothing happens while one is under way. */
void dhcpha_sync_start(dhcpha_service *service);
/* For ha-sync: answers when it is over. */
void dhcpha_sync_start_command(dhcpha_service *service, const dhcpha_peer *peer,
                               int64_t max_period_s, dhcpha_action *answer);
/* The outcome of one of its exchanges. */
dhcpha_sync_result dhcpha_sync_answered(dhcpha_service *service,
                                        const dhcpha_exchange *exchange,
                                        const dhcpha_answer *answer);
/* The text of a page; takes it apart itself. */
dhcpha_sync_result dhcpha_sync_page_received(dhcpha_service *service,
                                             const dhcpha_exchange *exchange, const char *json,
                                             size_t json_len);
/* The host has stored a page. */
dhcpha_sync_result dhcpha_sync_stored(dhcpha_service *service, const dhcpha_exchange *exchange,
                                      const dhcpha_stored *results, size_t count);
/* The server shuts down: no outcome will be taken in any more, but the peer is told. */
void dhcpha_sync_stop(dhcpha_service *service, const char *why);
/* The state that wanted it was left: the peer is told that it may serve again. */
void dhcpha_sync_abandon(dhcpha_service *service);

#endif
