/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/outbox.h"

void dhcpha_outbox_put(dhcpha_outbox *outbox, dhcpha_action *action) {
  action->next = NULL;
  if (outbox->last == NULL)
    outbox->first = action;
  else
    outbox->last->next = action;
  outbox->last = action;
  if (action->type == DHCPHA_ACTION_LOG) outbox->logs++;
}

dhcpha_action *dhcpha_outbox_take(dhcpha_outbox *outbox) {
  dhcpha_action *action = outbox->first;
  if (action == NULL) return NULL;
  outbox->first = action->next;
  if (outbox->first == NULL) outbox->last = NULL;
  if (action->type == DHCPHA_ACTION_LOG) outbox->logs--;
  return action;
}

void dhcpha_outbox_clear(dhcpha_outbox *outbox) {
  dhcpha_action *action;
  while ((action = dhcpha_outbox_take(outbox)) != NULL) dhcpha_action_free(action);
}
