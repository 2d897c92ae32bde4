/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * action: one thing for the host to do; owns its data.
 * Floor: memory.
 * Actions come from a pool, and go back to it with their memory, so that a
 * steady flow of them does not allocate.
 */
#ifndef DHCPHA_MEMORY_ACTION_H
#define DHCPHA_MEMORY_ACTION_H

#include "base/buffer.h"

#include <dhcpha/action.h>
#include <dhcpha/config.h>

#define DHCPHA_ACTION_JSON_MAX (64 * 1024 * 1024) /* bytes of one command or answer */
#define DHCPHA_ACTION_JSON_KEPT 4096              /* bytes an action in the pool may keep */
#define DHCPHA_ACTIONS_KEPT 4096                  /* actions in the pool */

typedef struct dhcpha_action_pool {
  const dhcpha_allocator *allocator;
  dhcpha_action *free;
  size_t free_count;
  dhcpha_lease_batch *batch; /* one, kept for the next page */
} dhcpha_action_pool;

struct dhcpha_action {
  dhcpha_action_pool *pool;
  dhcpha_action *next;
  dhcpha_action_type type;
  uint64_t id;
  const dhcpha_peer *peer;
  dhcpha_buffer json;     /* or the text of a log message */
  const char *fixed_json; /* instead of json, when even that found no memory */
  uint32_t timeout_ms;
  int http_status;
  bool enabled;
  dhcpha_lease_range range;
  dhcpha_lease_batch *leases;
  dhcpha_level level;
  const char *message_id;
  dhcpha_buffer notes;    /* of an answer to be: what it is about, in its procedure's own form */
};

void dhcpha_action_pool_init(dhcpha_action_pool *pool, const dhcpha_allocator *allocator);
void dhcpha_action_pool_free(dhcpha_action_pool *pool);
/* An empty action, or NULL. */
dhcpha_action *dhcpha_action_take(dhcpha_action_pool *pool, dhcpha_action_type type, uint64_t id);
/* Gives it an empty batch. */
dhcpha_status dhcpha_action_take_batch(dhcpha_action *action);

#endif
