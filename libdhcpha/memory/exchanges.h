/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * exchanges: what is in flight: id, peer, meaning of the outcome, deadline.
 * Floor: memory.  Spec: P1 4.2, P2 9.
 * An exchange is a command to a peer, or a request to the host's store (which
 * has no deadline: the host is trusted to finish).  Ids are never used twice.
 */
#ifndef DHCPHA_MEMORY_EXCHANGES_H
#define DHCPHA_MEMORY_EXCHANGES_H

#include "base/alarms.h"
#include "memory/action.h"

#define DHCPHA_EXCHANGES_MAX 262144        /* at a time */
#define DHCPHA_EXCHANGE_TIMEOUT_MS 10000   /* P1 4.2 */
#define DHCPHA_EXCHANGE_TIMEOUTS_MAX 10    /* times its timeout: a peer that trickles (P1 trap 35) */

typedef enum dhcpha_exchange_kind {
  DHCPHA_EXCHANGE_FREE,
  DHCPHA_EXCHANGE_HEARTBEAT,
  DHCPHA_EXCHANGE_UPDATE,           /* of a lease, for a query */
  DHCPHA_EXCHANGE_BACKLOG,          /* a lease update kept for the partner */
  DHCPHA_EXCHANGE_RESET,
  DHCPHA_EXCHANGE_SYNC_DISABLE,
  DHCPHA_EXCHANGE_SYNC_PAGE,
  DHCPHA_EXCHANGE_SYNC_COMPLETE,
  DHCPHA_EXCHANGE_SYNC_ENABLE,
  DHCPHA_EXCHANGE_SYNC_STORE,       /* the host stores a page */
  DHCPHA_EXCHANGE_MAINTENANCE_START,
  DHCPHA_EXCHANGE_MAINTENANCE_CANCEL,
  DHCPHA_EXCHANGE_LIST_COMMANDS,
  DHCPHA_EXCHANGE_SERVE_STORE,      /* the host stores leases for a peer's command */
  DHCPHA_EXCHANGE_SERVE_READ        /* the host reads leases for a peer's command */
} dhcpha_exchange_kind;

#define DHCPHA_NO_INDEX UINT32_MAX

typedef struct dhcpha_exchange {
  uint64_t id;
  dhcpha_exchange_kind kind;
  size_t relationship;
  const dhcpha_peer *peer;
  uint32_t timeout_ms;
  int64_t deadline_ms;
  int64_t last_deadline_ms; /* progress does not reach past it */
  uint32_t updates;   /* UPDATE: the first update in it; they are chained */
  uint64_t attempt;   /* SYNC_*, RESET, BACKLOG: the attempt it belongs to */
  dhcpha_action *answer; /* SERVE_*: the answer to be, owned */
  uint32_t count;     /* SERVE_READ: leases so far; SERVE_STORE: leases asked for */
  uint32_t limit;     /* SERVE_READ: leases asked for */
  uint32_t flags;     /* the procedure's own */
  uint32_t next_free; /* FREE: the next free slot */
} dhcpha_exchange;

typedef struct dhcpha_exchanges {
  const dhcpha_allocator *allocator;
  dhcpha_exchange *slots;
  uint32_t capacity;
  uint32_t count;
  uint32_t serving;   /* of these, SERVE_*: received commands that wait for the host's store */
  uint32_t free;      /* first free slot; they are chained */
  dhcpha_alarms alarms; /* deadlines by slot */
  uint64_t sequence;
} dhcpha_exchanges;

dhcpha_status dhcpha_exchanges_init(dhcpha_exchanges *exchanges,
                                    const dhcpha_allocator *allocator);
void dhcpha_exchanges_free(dhcpha_exchanges *exchanges); /* and the answers to be */
/* NULL: no memory, or DHCPHA_EXCHANGES_MAX.  Pointers move with the next _add(). */
dhcpha_exchange *dhcpha_exchanges_add(dhcpha_exchanges *exchanges, dhcpha_exchange_kind kind,
                                      size_t relationship, const dhcpha_peer *peer);
void dhcpha_exchanges_set_deadline(dhcpha_exchanges *exchanges, dhcpha_exchange *exchange,
                                   int64_t deadline_ms);
dhcpha_exchange *dhcpha_exchanges_find(dhcpha_exchanges *exchanges, uint64_t id);
/* The one with the earliest deadline; NULL when none has one. */
dhcpha_exchange *dhcpha_exchanges_first_due(dhcpha_exchanges *exchanges);
int64_t dhcpha_exchanges_get_expiry(const dhcpha_exchanges *exchanges);
/* Its answer to be stays with the caller. */
void dhcpha_exchanges_remove(dhcpha_exchanges *exchanges, dhcpha_exchange *exchange);

#endif
