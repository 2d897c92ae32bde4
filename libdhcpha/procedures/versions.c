/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/versions.h"

#include "memory/log.h"
#include "rules/ha_commands.h"

#include <string.h>

void dhcpha_versions_reached(dhcpha_service *service, const dhcpha_peer *peer) {
  dhcpha_context *context = service->context;
  dhcpha_peer_abilities *abilities = dhcpha_service_get_abilities(service, peer);
  dhcpha_exchange *exchange = NULL;
  if (abilities->asked) return;
  dhcpha_action *action =
      dhcpha_context_start(context, DHCPHA_EXCHANGE_LIST_COMMANDS, service->index, peer,
                           DHCPHA_EXCHANGE_TIMEOUT_MS, &exchange);
  if (action == NULL) return; /* there will be a next time */
  dhcpha_write_list_commands(&action->json, context->family);
  abilities->asked = dhcpha_context_send(context, action) == DHCPHA_OK;
}

void dhcpha_versions_finish(dhcpha_service *service, const dhcpha_exchange *exchange,
                            const dhcpha_answer *answer) {
  dhcpha_peer_abilities *abilities = dhcpha_service_get_abilities(service, exchange->peer);
  if (answer->kind != DHCPHA_ANSWER_SUCCESS) return;
  if (dhcpha_peer_take_commands(abilities, answer->arguments))
    dhcpha_log(service->context, DHCPHA_MESSAGE_PEER_VERSION, "%s is %s%s", exchange->peer->name,
               dhcpha_version_get_name(abilities->version),
               abilities->version == DHCPHA_VERSION_LIBDHCPHA ? "" : ", or later");
}

void dhcpha_versions_note_answer(dhcpha_service *service, const dhcpha_peer *peer,
                                 const dhcpha_answer *answer) {
  dhcpha_peer_abilities *abilities = dhcpha_service_get_abilities(service, peer);
  if (dhcpha_peer_note_answer(abilities, answer))
    dhcpha_log(service->context, DHCPHA_MESSAGE_PEER_ANSWERS_MAP,
               "%s answers with a map, not a list, result %lld, which is an error: %s", peer->name,
               (long long)abilities->map_result, dhcpha_peer_explain_map(abilities));
}

void dhcpha_versions_note_update(dhcpha_service *service, const dhcpha_exchange *exchange,
                                 const dhcpha_answer *answer) {
  dhcpha_peer_abilities *abilities = dhcpha_service_get_abilities(service, exchange->peer);
  bool is_backup = exchange->peer->role == DHCPHA_ROLE_BACKUP;
  switch (answer->kind) {
  case DHCPHA_ANSWER_SUCCESS:
    if (is_backup) dhcpha_versions_reached(service, exchange->peer);
    return;
  case DHCPHA_ANSWER_CONFLICT:
    dhcpha_peer_note(abilities, DHCPHA_ABILITY_CONFLICT_CODE, true);
    return;
  case DHCPHA_ANSWER_NONE:
    if (is_backup) abilities->asked = false;
    return;
  default:
    /* P2 4.2: a peer that was taken for a newer one. */
    if (strstr(answer->text, "Invalid state value") != NULL)
      dhcpha_peer_note(abilities, DHCPHA_ABILITY_RELEASED_STATE, false);
  }
}
