/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * peer_abilities: what a peer can take, learned from its answers.
 * Floor: memory.  Spec: P1 6, P2 14, 15.7, 15.8.
 * Until something is known a peer gets what every version can take.
 */
#ifndef DHCPHA_MEMORY_PEER_ABILITIES_H
#define DHCPHA_MEMORY_PEER_ABILITIES_H

#include "rules/command.h"
#include "rules/version_table.h"

typedef struct dhcpha_peer_abilities {
  dhcpha_version version; /* by its list of commands */
  uint32_t can;           /* dhcpha_ability: it has shown so, or its version can */
  uint32_t cannot;        /* it has shown so: this counts for more */
  bool asked;             /* for its list, since it was last lost */
  dhcpha_answer_form form; /* of its last answer */
  int64_t map_result;      /* what a bare map said */
} dhcpha_peer_abilities;

/* What becomes of leases in states 3 and 4 on their way to a peer. */
typedef enum dhcpha_released_treatment {
  DHCPHA_RELEASED_AS_THEY_ARE,
  DHCPHA_RELEASED_UNKNOWN, /* only the last of a full page matters, P2 15.8 */
  DHCPHA_RELEASED_EXPIRED  /* state 0 and no lifetime left, as 2.6 keeps them, P1 4.7 */
} dhcpha_released_treatment;

/* dhcpha_ability, all that are known. */
uint32_t dhcpha_peer_get_abilities(const dhcpha_peer_abilities *peer);
bool dhcpha_peer_can(const dhcpha_peer_abilities *peer, dhcpha_ability ability);
/* Its answer to list-commands.  True when that changed what is known of its version. */
bool dhcpha_peer_take_commands(dhcpha_peer_abilities *peer, const dhcpha_json_value *commands);
/* One ability was seen, or was seen missing. */
void dhcpha_peer_note(dhcpha_peer_abilities *peer, dhcpha_ability ability, bool can);
/* The form of its answer.  True when it answers with bare maps from now on, or says another
 * result in one. */
bool dhcpha_peer_note_answer(dhcpha_peer_abilities *peer, const dhcpha_answer *answer);
/* What is wrong with a peer that answers with bare maps. */
const char *dhcpha_peer_explain_map(const dhcpha_peer_abilities *peer);

dhcpha_released_treatment dhcpha_peer_released_in_pages(const dhcpha_peer_abilities *peer);

#endif
