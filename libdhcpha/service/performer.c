/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "service/performer.h"

#include "memory/log.h"

#include <string.h>

void dhcpha_performer_init(dhcpha_performer *performer, const dhcpha_callbacks *callbacks,
                           void *user_data) {
  memset(performer, 0, sizeof *performer);
  performer->user_data = user_data;
  dhcpha_callbacks_init(&performer->callbacks);
  if (callbacks == NULL) return;
  /* A host built against an older header has a shorter struct. */
  size_t size = callbacks->size < sizeof performer->callbacks ? callbacks->size
                                                              : sizeof performer->callbacks;
  memcpy(&performer->callbacks, callbacks, size);
}

void dhcpha_performer_free(dhcpha_performer *performer) {
  dhcpha_outbox_clear(&performer->waiting);
}

void dhcpha_performer_read_clock(const dhcpha_performer *performer, dhcpha_time *now) {
  if (performer->callbacks.clock != NULL)
    *now = performer->callbacks.clock(performer->user_data);
}

bool dhcpha_performer_can(const dhcpha_performer *performer, const dhcpha_action *action) {
  const dhcpha_callbacks *callbacks = &performer->callbacks;
  switch (action->type) {
  case DHCPHA_ACTION_SEND_COMMAND: return callbacks->send_command != NULL;
  case DHCPHA_ACTION_ANSWER_COMMAND: return callbacks->answer_command != NULL;
  case DHCPHA_ACTION_SET_SERVICE: return callbacks->set_service != NULL;
  case DHCPHA_ACTION_READ_LEASES: return callbacks->leases_read != NULL;
  case DHCPHA_ACTION_STORE_LEASES: return callbacks->leases_store != NULL;
  case DHCPHA_ACTION_RELEASE_QUERY: return callbacks->release_query != NULL;
  case DHCPHA_ACTION_LOG: return callbacks->log != NULL;
  }
  return false;
}

dhcpha_status dhcpha_performer_do(const dhcpha_performer *performer,
                                  const dhcpha_action *action) {
  const dhcpha_callbacks *callbacks = &performer->callbacks;
  void *user_data = performer->user_data;
  switch (action->type) {
  case DHCPHA_ACTION_SEND_COMMAND:
    return callbacks->send_command(action->id, dhcpha_action_get_peer(action),
                                   dhcpha_action_get_url(action), dhcpha_action_get_json(action),
                                   dhcpha_action_get_json_len(action), action->timeout_ms,
                                   user_data);
  case DHCPHA_ACTION_READ_LEASES:
    return callbacks->leases_read(action->id, &action->range, user_data);
  case DHCPHA_ACTION_STORE_LEASES:
    return callbacks->leases_store(action->id, action->leases, user_data);
  case DHCPHA_ACTION_ANSWER_COMMAND:
    callbacks->answer_command(action->id, action->http_status, dhcpha_action_get_json(action),
                              dhcpha_action_get_json_len(action), user_data);
    return DHCPHA_OK;
  case DHCPHA_ACTION_SET_SERVICE:
    callbacks->set_service(action->enabled, user_data);
    return DHCPHA_OK;
  case DHCPHA_ACTION_RELEASE_QUERY:
    callbacks->release_query(action->id, action->enabled, user_data);
    return DHCPHA_OK;
  case DHCPHA_ACTION_LOG:
    callbacks->log(action->level, action->message_id, dhcpha_action_get_text(action), user_data);
    return DHCPHA_OK;
  }
  return DHCPHA_OK;
}

bool dhcpha_performer_set_aside(dhcpha_performer *performer, dhcpha_action *action) {
  bool is_log = action->type == DHCPHA_ACTION_LOG;
  /* A host that takes everything else by callback does not care for the log. */
  bool unwanted = is_log && performer->callbacks.send_command != NULL;
  bool lost = is_log && !unwanted && performer->waiting.logs == DHCPHA_LOGS_WAITING_MAX;
  if (unwanted || lost)
    dhcpha_action_free(action);
  else
    dhcpha_outbox_put(&performer->waiting, action);
  return !lost;
}

dhcpha_action *dhcpha_performer_next(dhcpha_performer *performer) {
  return dhcpha_outbox_take(&performer->waiting);
}
