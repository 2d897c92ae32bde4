/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * state_table: what each state does; when one gives way to another; why not yet.
 * Floor: rules.  Spec: P2 1.3 to 1.6, 7.9.
 * The next state is a pure function of three small values: the own state, the
 * partner's as last heard, and the facts.
 */
#ifndef DHCPHA_RULES_STATE_TABLE_H
#define DHCPHA_RULES_STATE_TABLE_H

#include <dhcpha/names.h>

/* What else the rules look at.  All of them are gathered before the table is read. */
typedef enum dhcpha_fact {
  DHCPHA_FACT_LOAD_BALANCING = 1u << 0,  /* the mode */
  DHCPHA_FACT_HOT_STANDBY = 1u << 1,     /* the mode */
  DHCPHA_FACT_PASSIVE_BACKUP = 1u << 2,  /* the mode */
  DHCPHA_FACT_IS_PRIMARY = 1u << 3,      /* the own role */
  DHCPHA_FACT_IS_BACKUP = 1u << 4,       /* the own role */
  DHCPHA_FACT_SYNCS_LEASES = 1u << 5,    /* sync-leases */
  DHCPHA_FACT_QUEUES_UPDATES = 1u << 6,  /* delayed-updates-limit is above 0 */
  DHCPHA_FACT_PARTNER_SILENT = 1u << 7,  /* communication is interrupted, P1 3.4 */
  DHCPHA_FACT_CLIENTS_UNSERVED = 1u << 8, /* failure detected, or it need not be, P2 1.3 partnerDown */
  DHCPHA_FACT_NEW_UNSENT = 1u << 9,      /* P1 3.9 */
  DHCPHA_FACT_BACKLOG_OVERFLOWED = 1u << 10, /* or must be given up for another reason */
  DHCPHA_FACT_BACKLOG_EMPTY = 1u << 11,  /* nothing left to send, and nothing in flight */
  DHCPHA_FACT_PARTNER_RESET = 1u << 12,  /* once: our ha-reset was answered well, P2 5.5 */
  DHCPHA_FACT_SYNCHRONIZED = 1u << 13,   /* once: our synchronization ended well */
  DHCPHA_FACT_TERMINATED_LONG = 1u << 14, /* partner terminated for 10 minutes, P2 1.6 note g */
  DHCPHA_FACT_MUST_TERMINATE = 1u << 15, /* clock skew or rejected updates, P2 1.3 */
  DHCPHA_FACT_PAUSED = 1u << 16,         /* P2 7.9 */
  DHCPHA_FACT_CANCELED = 1u << 17        /* once: maintenance was just canceled, P2 1.2 */
} dhcpha_fact;

#define DHCPHA_FACT_COUNT 18

/* What a state has the service do while it lasts. */
typedef enum dhcpha_activity {
  DHCPHA_ACTIVITY_NONE,
  DHCPHA_ACTIVITY_SYNCHRONIZE,   /* fetch the partner's leases, P2 6 */
  DHCPHA_ACTIVITY_FLUSH,         /* send the backlog, P2 5.3 */
  DHCPHA_ACTIVITY_RESET_PARTNER  /* send ha-reset, P2 5.5 */
} dhcpha_activity;

/* One row: the first that matches decides. */
typedef struct dhcpha_rule {
  uint16_t in;       /* own states, 1 << state */
  uint16_t partner;  /* partner's states, 1 << state */
  uint32_t when;     /* facts that must hold */
  uint32_t unless;   /* facts that must not hold */
  dhcpha_state next; /* DHCPHA_STATE_NONE: stay */
  dhcpha_activity activity;
  const char *code; /* stable name of the reason, for explain */
} dhcpha_rule;

/* Never NULL: the last row matches everything, and stays. */
const dhcpha_rule *dhcpha_state_decide(dhcpha_state mine, dhcpha_state partner, uint32_t facts);

/* The state after one step; the own one when it stays. */
dhcpha_state dhcpha_state_next(dhcpha_state mine, dhcpha_state partner, uint32_t facts);

/* For explain: the first row that would lead elsewhere if facts of `changeable` changed, of which
 * `missing` tells those that do not hold yet.  NULL when there is none. */
const dhcpha_rule *dhcpha_state_candidate(dhcpha_state mine, dhcpha_state partner,
                                          uint32_t facts, uint32_t changeable,
                                          uint32_t *missing);

typedef enum dhcpha_scope_choice {
  DHCPHA_SCOPES_NONE,
  DHCPHA_SCOPES_DEFAULT,
  DHCPHA_SCOPES_FAILOVER,       /* whatever auto-failover says */
  DHCPHA_SCOPES_AUTO_FAILOVER   /* failover, or default without auto-failover */
} dhcpha_scope_choice;

typedef enum dhcpha_update_choice {
  DHCPHA_UPDATES_NONE, /* to the partner; each is counted as unsent */
  DHCPHA_UPDATES_SEND,
  DHCPHA_UPDATES_QUEUE
} dhcpha_update_choice;

/* P2 1.4. */
typedef struct dhcpha_behavior {
  dhcpha_scope_choice scopes;
  bool service;          /* the DHCP service is wanted */
  bool clears_rejected;  /* on entry */
  bool heartbeats;
  dhcpha_update_choice updates;
} dhcpha_behavior;

const dhcpha_behavior *dhcpha_state_get_behavior(dhcpha_state state);

#endif
