/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * service_memory: all that one relationship remembers.
 * Floor: memory.  Spec: P1 3.1, P2 1.1.
 * The procedures work on it, the service decides over it.
 */
#ifndef DHCPHA_MEMORY_SERVICE_MEMORY_H
#define DHCPHA_MEMORY_SERVICE_MEMORY_H

#include "memory/backlog.h"
#include "memory/clock_skew.h"
#include "memory/context.h"
#include "memory/partner.h"
#include "memory/peer_abilities.h"
#include "memory/peer_queue.h"
#include "memory/rejected_updates.h"
#include "memory/scopes.h"
#include "memory/supervision.h"
#include "memory/unacked_clients.h"
#include "rules/command.h"

#define DHCPHA_SYNC_ERROR_SIZE 400
#define DHCPHA_MAINTENANCE_TEXT_SIZE 512 /* the longest of P2 7.6, with the partner's words */

/* One synchronization from a peer, P2 6. */
typedef struct dhcpha_sync {
  bool active;
  uint64_t attempt;        /* counts up; outcomes of earlier ones are ignored */
  const dhcpha_peer *peer; /* whose leases are fetched */
  bool automatic;          /* the state asked for it, not ha-sync */
  dhcpha_action *answer;   /* to the ha-sync command; NULL when automatic */
  dhcpha_action *farewell; /* the command that ends it, set aside: the peer must not stay disabled */
  int64_t max_period_s;    /* of dhcp-disable; 0: without */
  bool disabled;           /* the peer's service is off by us */
  bool filtered;           /* only leases of our subnets are taken, P2 6.5 */
  bool paging;             /* a page is on its way */
  bool refreshing;         /* a dhcp-disable is on its way */
  bool last_page;          /* there is no other page */
  bool next_page_waits;    /* until the host has stored an earlier one */
  bool completing;         /* the end is being told to the peer */
  dhcpha_address cursor;   /* the last address received */
  uint32_t stores;         /* pages the host is storing */
  uint64_t received;
  uint64_t stored;
  uint64_t refused;
  int64_t started_ms;
  char error[DHCPHA_SYNC_ERROR_SIZE]; /* "" while all is well */
} dhcpha_sync;

typedef struct dhcpha_service {
  dhcpha_context *context;
  const dhcpha_relationship *relationship;
  size_t index; /* the relationship's id */

  dhcpha_state state;
  dhcpha_state previous;
  bool paused;
  bool was_paused[DHCPHA_STATE_COUNT];

  dhcpha_partner partner;
  dhcpha_clock_skew skew;
  dhcpha_supervision supervision; /* while terminated */
  dhcpha_unacked_clients unacked;
  dhcpha_rejected_updates rejected;
  dhcpha_scopes scopes;
  dhcpha_backlog backlog;
  dhcpha_peer_queue *queues; /* of lease updates, one for each peer */
  uint64_t unsent_count;
  dhcpha_peer_abilities *abilities; /* of each peer */

  int64_t heartbeat_due_ms; /* DHCPHA_NEVER: no timer */
  bool heartbeat_in_flight;
  uint64_t heartbeat_id; /* of its exchange */
  bool sync_complete_notified; /* in partner-down, until the partner is ready, P2 6.7 */
  bool entered_for_maintenance; /* partner-down on an administrator's word, P2 1.5 */

  dhcpha_sync sync;
  uint64_t recovery_attempt; /* of flushing or ha-reset */
  bool flushing;             /* the backlog is being sent */
  bool resetting;            /* an ha-reset of the partner is on its way */
  bool partner_lacks_updates; /* kept for it and given up; until it has synchronized from us */
  bool sends_singly;         /* the partner does not know lease6-bulk-apply */
  bool waits_for_heartbeat;  /* an activity failed: it is tried again after the next one, P2 15.1 */
  dhcpha_action *maintenance_answer; /* to ha-maintenance-start or -cancel, while the partner is asked */
  int maintenance_result;            /* of the partner's answer */
  char maintenance_text[DHCPHA_MAINTENANCE_TEXT_SIZE];

  bool listener_shared; /* others' partners use it too: what comes there may be anybody's */

  int64_t expiry_ms; /* when something is due, as the hub has noted it */
  size_t place;      /* in the hub's order of expiry */
} dhcpha_service;

dhcpha_status dhcpha_service_memory_init(dhcpha_service *service, dhcpha_context *context,
                                         const dhcpha_relationship *relationship, size_t index);
void dhcpha_service_memory_free(dhcpha_service *service);

/* What is known of a peer of the relationship. */
dhcpha_peer_abilities *dhcpha_service_get_abilities(const dhcpha_service *service,
                                                    const dhcpha_peer *peer);

/* An exchange with the partner failed, P1 3.3: it is unavailable, and its clock unknown. */
void dhcpha_service_lose_partner(dhcpha_service *service);

/* Communication is interrupted, P1 3.4. */
bool dhcpha_service_is_interrupted(const dhcpha_service *service);

#endif
