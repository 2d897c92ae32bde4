/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/log.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
  const char *id;
  dhcpha_level level;
} catalogue[] = {
#define ENTRY(name, id, level) {#id, DHCPHA_LEVEL_##level},
    DHCPHA_MESSAGES(ENTRY)
#undef ENTRY
};

bool dhcpha_log_wants(const dhcpha_context *context, dhcpha_message message) {
  return catalogue[message].level >= context->log_level;
}

void dhcpha_log(dhcpha_context *context, dhcpha_message message, const char *format, ...) {
  char text[DHCPHA_LOG_TEXT_MAX];
  va_list arguments;
  if (!dhcpha_log_wants(context, message)) return;
  dhcpha_action *action = NULL;
  if (context->outbox.logs < DHCPHA_LOGS_WAITING_MAX)
    action = dhcpha_action_take(&context->actions, DHCPHA_ACTION_LOG, 0);
  if (action == NULL) {
    context->counters[DHCPHA_COUNTER_LOGS_LOST]++;
    return;
  }
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  for (char *c = text; *c != '\0'; c++)
    if ((unsigned char)*c < 0x20 || *c == 0x7f) *c = ' '; /* one line, whatever a peer sent */
  dhcpha_buffer_append_text(&action->json, text);
  if (action->json.status != DHCPHA_OK) {
    context->counters[DHCPHA_COUNTER_LOGS_LOST]++;
    dhcpha_action_free(action);
    return;
  }
  action->level = catalogue[message].level;
  action->message_id = catalogue[message].id;
  dhcpha_outbox_put(&context->outbox, action);
}
