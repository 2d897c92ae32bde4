/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/peer_abilities.h"

uint32_t dhcpha_peer_get_abilities(const dhcpha_peer_abilities *peer) {
  return peer->can & ~peer->cannot;
}

bool dhcpha_peer_can(const dhcpha_peer_abilities *peer, dhcpha_ability ability) {
  return (dhcpha_peer_get_abilities(peer) & (uint32_t)ability) != 0;
}

bool dhcpha_peer_take_commands(dhcpha_peer_abilities *peer, const dhcpha_json_value *commands) {
  uint32_t listed = 0;
  dhcpha_version version = dhcpha_version_read(commands, &listed);
  if (version == DHCPHA_VERSION_UNKNOWN) return false;
  bool changed = version != peer->version;
  peer->version = version;
  /* It may have been replaced by another version: what an earlier one showed is void. */
  peer->can = listed | dhcpha_version_get_abilities(version);
  peer->cannot = 0;
  return changed;
}

void dhcpha_peer_note(dhcpha_peer_abilities *peer, dhcpha_ability ability, bool can) {
  if (can) {
    peer->can |= (uint32_t)ability;
    peer->cannot &= ~(uint32_t)ability;
  } else {
    peer->cannot |= (uint32_t)ability;
  }
}

bool dhcpha_peer_note_answer(dhcpha_peer_abilities *peer, const dhcpha_answer *answer) {
  if (answer->form == DHCPHA_FORM_UNKNOWN) return false;
  bool news = answer->form == DHCPHA_FORM_MAP &&
              (peer->form != DHCPHA_FORM_MAP || peer->map_result != answer->map_result);
  peer->form = answer->form;
  peer->map_result = answer->map_result;
  return news;
}

const char *dhcpha_peer_explain_map(const dhcpha_peer_abilities *peer) {
  switch (peer->map_result) {
  case 400: return "it takes our commands for malformed";
  case 401: return "it wants other credentials: compare basic-auth-user and its password";
  case 403: return "it forbids our commands";
  case 500: return "it failed while it carried out a command";
  default: return "no server with High Availability answers so: look at its url";
  }
}

dhcpha_released_treatment dhcpha_peer_released_in_pages(const dhcpha_peer_abilities *peer) {
  if (dhcpha_peer_can(peer, DHCPHA_ABILITY_RELEASED_STATE)) return DHCPHA_RELEASED_AS_THEY_ARE;
  if (peer->version == DHCPHA_VERSION_UNKNOWN &&
      (peer->cannot & DHCPHA_ABILITY_RELEASED_STATE) == 0)
    return DHCPHA_RELEASED_UNKNOWN;
  return DHCPHA_RELEASED_EXPIRED;
}
