/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/state_table.h"

#define IN(name) (1u << DHCPHA_STATE_##name)
#define FACT(name) DHCPHA_FACT_##name
#define GO(name) DHCPHA_STATE_##name, DHCPHA_ACTIVITY_NONE
#define STAY DHCPHA_STATE_NONE, DHCPHA_ACTIVITY_NONE
#define DO(name) DHCPHA_STATE_NONE, DHCPHA_ACTIVITY_##name

#define ANY_STATE ((1u << DHCPHA_STATE_COUNT) - 1u)
#define WAITING_ON (IN(WAITING) | IN(SYNCING) | IN(READY))
#define WORKING (IN(LOAD_BALANCING) | IN(HOT_STANDBY) | IN(COMMUNICATION_RECOVERY))
#define NORMAL (IN(LOAD_BALANCING) | IN(HOT_STANDBY))
/* The rows that the overrides of P2 1.6 apply to. */
#define GUARDED (WAITING_ON | WORKING | IN(PARTNER_DOWN))
/* Partner states that have leases worth fetching. */
#define ESTABLISHED                                                                            \
  (IN(READY) | WORKING | IN(PARTNER_DOWN) | IN(IN_MAINTENANCE) | IN(PARTNER_IN_MAINTENANCE))
#define SILENT_AND_UNSERVED (FACT(PARTNER_SILENT) | FACT(CLIENTS_UNSERVED))

/* First match wins: read from the top.  P2 1.5 and 1.6. */
static const dhcpha_rule rules[] = {
    /* in, partner is, when all hold, unless, go to, reason */
    {IN(BACKUP), ANY_STATE, 0, 0, STAY, "backup"},
    {IN(PASSIVE_BACKUP), ANY_STATE, 0, 0, STAY, "passive-backup"},
    {IN(IN_MAINTENANCE), ANY_STATE, 0, 0, STAY, "in-maintenance"},
    {IN(TERMINATED), ANY_STATE, 0, 0, STAY, "terminated"},

    {GUARDED, ANY_STATE, FACT(CANCELED), 0, STAY, "maintenance-canceled"},
    {GUARDED | IN(PARTNER_IN_MAINTENANCE), ANY_STATE, FACT(PAUSED), 0, STAY, "paused"},
    {IN(WAITING), ANY_STATE, FACT(IS_BACKUP), 0, GO(BACKUP), "is-backup"},
    {IN(WAITING), ANY_STATE, FACT(PASSIVE_BACKUP), 0, GO(PASSIVE_BACKUP), "has-no-partner"},
    {GUARDED | IN(PARTNER_IN_MAINTENANCE), ANY_STATE, FACT(MUST_TERMINATE), 0, GO(TERMINATED),
     "must-terminate"},
    {IN(PARTNER_IN_MAINTENANCE), IN(UNAVAILABLE), 0, 0, GO(PARTNER_DOWN), "partner-shut-down"},
    {IN(PARTNER_IN_MAINTENANCE), ANY_STATE, 0, 0, STAY, "partner-in-maintenance"},

    /* invalidPartner of P2 1.3: the partner is in a state of another mode. */
    {IN(WAITING), IN(HOT_STANDBY), 0, FACT(HOT_STANDBY), STAY, "partner-in-other-mode"},
    {IN(WAITING), IN(LOAD_BALANCING) | IN(COMMUNICATION_RECOVERY), 0, FACT(LOAD_BALANCING),
     STAY, "partner-in-other-mode"},
    {GUARDED, IN(HOT_STANDBY), 0, FACT(HOT_STANDBY), GO(WAITING), "partner-in-other-mode"},
    {GUARDED, IN(LOAD_BALANCING) | IN(COMMUNICATION_RECOVERY), 0, FACT(LOAD_BALANCING),
     GO(WAITING), "partner-in-other-mode"},

    {IN(SYNCING), ANY_STATE, FACT(SYNCHRONIZED), 0, GO(READY), "synchronized"},

    /* The partner failed: P2 1.3 partnerDown.  partner-down itself has nothing to lose. */
    {GUARDED & ~IN(PARTNER_DOWN), IN(UNAVAILABLE), SILENT_AND_UNSERVED, 0, GO(PARTNER_DOWN),
     "partner-failed"},
    {IN(LOAD_BALANCING), IN(UNAVAILABLE), FACT(QUEUES_UPDATES), 0, GO(COMMUNICATION_RECOVERY),
     "partner-unavailable"},
    {GUARDED, IN(UNAVAILABLE), 0, 0, STAY, "partner-unavailable"},

    {IN(WAITING), IN(TERMINATED), FACT(TERMINATED_LONG), 0, GO(TERMINATED),
     "partner-not-restarted"},
    {IN(WAITING), IN(TERMINATED), 0, 0, STAY, "partner-terminated"},
    {GUARDED, IN(TERMINATED), 0, 0, GO(TERMINATED), "partner-terminated"},

    {IN(WAITING), IN(WAITING), 0, FACT(IS_PRIMARY), STAY, "primary-goes-first"},
    {IN(WAITING), IN(WAITING) | ESTABLISHED, FACT(SYNCS_LEASES), 0, GO(SYNCING),
     "leases-to-fetch"},
    {IN(WAITING), IN(WAITING) | ESTABLISHED, 0, 0, GO(READY), "synchronization-off"},
    {IN(WAITING), ANY_STATE, 0, 0, STAY, "waiting-for-partner"},

    {IN(SYNCING), ANY_STATE, 0, 0, DO(SYNCHRONIZE), "synchronizing"},

    {IN(READY) | WORKING, IN(IN_MAINTENANCE), 0, 0, GO(PARTNER_IN_MAINTENANCE),
     "partner-in-maintenance"},
    {IN(READY) | WORKING, IN(PARTNER_IN_MAINTENANCE), 0, 0, GO(IN_MAINTENANCE),
     "maintenance-asked-for"},
    {WORKING, IN(PARTNER_DOWN), 0, 0, GO(WAITING), "partner-served-alone"},

    {IN(READY), IN(READY), 0, FACT(IS_PRIMARY), STAY, "primary-goes-first"},
    {IN(READY), IN(READY) | WORKING, FACT(LOAD_BALANCING), 0, GO(LOAD_BALANCING),
     "both-synchronized"},
    {IN(READY), IN(READY) | WORKING, FACT(HOT_STANDBY), 0, GO(HOT_STANDBY),
     "both-synchronized"},
    {IN(READY), ANY_STATE, 0, 0, STAY, "waiting-for-partner"},

    {NORMAL, ANY_STATE, 0, 0, STAY, "normal"},

    /* communication-recovery: notes c, d and e of P2 1.6. */
    {IN(COMMUNICATION_RECOVERY), IN(WAITING) | IN(SYNCING) | IN(READY),
     FACT(BACKLOG_OVERFLOWED), FACT(PARTNER_SILENT), GO(WAITING), "backlog-overflowed"},
    {IN(COMMUNICATION_RECOVERY), IN(WAITING) | IN(SYNCING) | IN(READY), 0, 0, STAY,
     "partner-synchronizes"},
    {IN(COMMUNICATION_RECOVERY), ANY_STATE, FACT(PARTNER_SILENT), 0, STAY, "partner-silent"},
    {IN(COMMUNICATION_RECOVERY), IN(LOAD_BALANCING) | IN(COMMUNICATION_RECOVERY),
     FACT(PARTNER_RESET), 0, GO(WAITING), "backlog-lost"},
    {IN(COMMUNICATION_RECOVERY), IN(LOAD_BALANCING) | IN(COMMUNICATION_RECOVERY),
     FACT(BACKLOG_OVERFLOWED), 0, DO(RESET_PARTNER), "backlog-overflowed"},
    {IN(COMMUNICATION_RECOVERY), IN(LOAD_BALANCING) | IN(COMMUNICATION_RECOVERY),
     FACT(BACKLOG_EMPTY), 0, GO(LOAD_BALANCING), "backlog-sent"},
    {IN(COMMUNICATION_RECOVERY), IN(LOAD_BALANCING) | IN(COMMUNICATION_RECOVERY), 0, 0,
     DO(FLUSH), "sending-backlog"},
    {IN(COMMUNICATION_RECOVERY), ANY_STATE, 0, 0, GO(WAITING), "partner-lost-its-state"},

    {IN(PARTNER_DOWN), IN(READY), FACT(NEW_UNSENT), 0, GO(WAITING), "partner-served-too"},
    {IN(PARTNER_DOWN), IN(READY), FACT(LOAD_BALANCING), 0, GO(LOAD_BALANCING),
     "partner-synchronized"},
    {IN(PARTNER_DOWN), IN(READY), FACT(HOT_STANDBY), 0, GO(HOT_STANDBY),
     "partner-synchronized"},
    {IN(PARTNER_DOWN), IN(COMMUNICATION_RECOVERY) | IN(PARTNER_DOWN) | IN(PARTNER_IN_MAINTENANCE),
     0, 0, GO(WAITING), "partner-served-too"},
    {ANY_STATE, ANY_STATE, 0, 0, STAY, "waiting-for-partner"},
};

/* P2 1.4. */
static const dhcpha_behavior behaviors[DHCPHA_STATE_COUNT] = {
#define BEHAVIOR(name, scopes, service, clears, heartbeats, updates)                           \
  [DHCPHA_STATE_##name] = {DHCPHA_SCOPES_##scopes, service, clears, heartbeats,                \
                           DHCPHA_UPDATES_##updates}
    /* state, scopes, DHCP service, clears rejected, heartbeats, updates to the partner */
    BEHAVIOR(BACKUP, NONE, false, false, false, NONE),
    BEHAVIOR(COMMUNICATION_RECOVERY, DEFAULT, true, false, true, QUEUE),
    BEHAVIOR(HOT_STANDBY, DEFAULT, true, false, true, SEND),
    BEHAVIOR(LOAD_BALANCING, DEFAULT, true, false, true, SEND),
    BEHAVIOR(IN_MAINTENANCE, NONE, false, false, true, NONE),
    BEHAVIOR(PARTNER_DOWN, AUTO_FAILOVER, true, true, true, NONE),
    BEHAVIOR(PARTNER_IN_MAINTENANCE, FAILOVER, true, false, true, SEND),
    BEHAVIOR(PASSIVE_BACKUP, DEFAULT, true, false, false, NONE),
    BEHAVIOR(READY, NONE, false, true, true, NONE),
    BEHAVIOR(SYNCING, NONE, false, true, true, NONE),
    BEHAVIOR(TERMINATED, DEFAULT, true, true, false, NONE),
    BEHAVIOR(WAITING, NONE, false, true, true, NONE),
    BEHAVIOR(UNAVAILABLE, NONE, false, false, false, NONE),
    BEHAVIOR(NONE, NONE, false, false, false, NONE),
#undef BEHAVIOR
};

static bool applies(const dhcpha_rule *rule, dhcpha_state mine, dhcpha_state partner) {
  return (rule->in & (1u << mine)) != 0 && (rule->partner & (1u << partner)) != 0;
}

const dhcpha_rule *dhcpha_state_decide(dhcpha_state mine, dhcpha_state partner,
                                       uint32_t facts) {
  const dhcpha_rule *rule = rules;
  while (!applies(rule, mine, partner) || (facts & rule->when) != rule->when ||
         (facts & rule->unless) != 0)
    rule++;
  return rule;
}

dhcpha_state dhcpha_state_next(dhcpha_state mine, dhcpha_state partner, uint32_t facts) {
  const dhcpha_rule *rule = dhcpha_state_decide(mine, partner, facts);
  return rule->next == DHCPHA_STATE_NONE ? mine : rule->next;
}

const dhcpha_rule *dhcpha_state_candidate(dhcpha_state mine, dhcpha_state partner,
                                          uint32_t facts, uint32_t changeable,
                                          uint32_t *missing) {
  for (const dhcpha_rule *rule = rules; rule < rules + sizeof rules / sizeof rules[0]; rule++) {
    uint32_t lacking = rule->when & ~facts;
    if (applies(rule, mine, partner) && rule->next != DHCPHA_STATE_NONE && lacking != 0 &&
        (lacking & ~changeable) == 0 && (facts & rule->unless) == 0) {
      *missing = lacking;
      return rule;
    }
  }
  return NULL;
}

const dhcpha_behavior *dhcpha_state_get_behavior(dhcpha_state state) {
  return &behaviors[state < DHCPHA_STATE_COUNT ? state : DHCPHA_STATE_NONE];
}
