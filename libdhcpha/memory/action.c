/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/action.h"

#include "base/allocator.h"
#include "dhcp/lease.h"

#include <string.h>

void dhcpha_action_pool_init(dhcpha_action_pool *pool, const dhcpha_allocator *allocator) {
  memset(pool, 0, sizeof *pool);
  pool->allocator = allocator;
}

static void release(dhcpha_action_pool *pool, dhcpha_action *action) {
  dhcpha_buffer_free(&action->json);
  dhcpha_buffer_free(&action->notes);
  dhcpha_release(pool->allocator, action);
}

void dhcpha_action_pool_free(dhcpha_action_pool *pool) {
  while (pool->free != NULL) {
    dhcpha_action *action = pool->free;
    pool->free = action->next;
    release(pool, action);
  }
  pool->free_count = 0;
  dhcpha_lease_batch_free(pool->batch);
  pool->batch = NULL;
}

static dhcpha_action *make(dhcpha_action_pool *pool) {
  dhcpha_action *action = dhcpha_allocate(pool->allocator, 1, sizeof *action);
  if (action == NULL) return NULL;
  dhcpha_buffer_init(&action->json, pool->allocator, DHCPHA_ACTION_JSON_MAX);
  dhcpha_buffer_init(&action->notes, pool->allocator, DHCPHA_ACTION_JSON_MAX);
  return action;
}

dhcpha_action *dhcpha_action_take(dhcpha_action_pool *pool, dhcpha_action_type type,
                                  uint64_t id) {
  dhcpha_action *action = pool->free;
  if (action != NULL) {
    pool->free = action->next;
    pool->free_count--;
  } else {
    action = make(pool);
    if (action == NULL) return NULL;
  }
  dhcpha_buffer json = action->json;
  dhcpha_buffer notes = action->notes;
  memset(action, 0, sizeof *action);
  action->json = json;
  action->notes = notes;
  dhcpha_buffer_clear(&action->json);
  dhcpha_buffer_clear(&action->notes);
  action->pool = pool;
  action->type = type;
  action->id = id;
  action->message_id = "";
  return action;
}

dhcpha_status dhcpha_action_take_batch(dhcpha_action *action) {
  dhcpha_action_pool *pool = action->pool;
  action->leases = pool->batch;
  pool->batch = NULL;
  if (action->leases == NULL) action->leases = dhcpha_lease_batch_new(pool->allocator);
  if (action->leases == NULL) return DHCPHA_ERR_NOMEM;
  dhcpha_lease_batch_clear(action->leases);
  return DHCPHA_OK;
}

void dhcpha_action_free(dhcpha_action *action) {
  if (action == NULL) return;
  dhcpha_action_pool *pool = action->pool;
  if (action->leases != NULL) {
    if (pool->batch == NULL)
      pool->batch = action->leases;
    else
      dhcpha_lease_batch_free(action->leases);
    action->leases = NULL;
  }
  if (action->json.capacity > DHCPHA_ACTION_JSON_KEPT) dhcpha_buffer_free(&action->json);
  if (action->notes.capacity > DHCPHA_ACTION_JSON_KEPT) dhcpha_buffer_free(&action->notes);
  if (pool->free_count == DHCPHA_ACTIONS_KEPT) {
    release(pool, action);
    return;
  }
  action->next = pool->free;
  pool->free = action;
  pool->free_count++;
}

dhcpha_action_type dhcpha_action_get_type(const dhcpha_action *action) {
  return action->type;
}

uint64_t dhcpha_action_get_id(const dhcpha_action *action) {
  return action->id;
}

const char *dhcpha_action_get_peer(const dhcpha_action *action) {
  return action->peer == NULL ? "" : action->peer->name;
}

const char *dhcpha_action_get_url(const dhcpha_action *action) {
  return action->peer == NULL ? "" : action->peer->url;
}

static bool has_json(const dhcpha_action *action) {
  return action->type == DHCPHA_ACTION_SEND_COMMAND ||
         action->type == DHCPHA_ACTION_ANSWER_COMMAND;
}

const char *dhcpha_action_get_json(const dhcpha_action *action) {
  if (!has_json(action)) return "";
  return action->fixed_json != NULL ? action->fixed_json : dhcpha_buffer_text(&action->json);
}

size_t dhcpha_action_get_json_len(const dhcpha_action *action) {
  if (!has_json(action)) return 0;
  return action->fixed_json != NULL ? strlen(action->fixed_json) : action->json.len;
}

uint32_t dhcpha_action_get_timeout_ms(const dhcpha_action *action) {
  return action->timeout_ms;
}

int dhcpha_action_get_http_status(const dhcpha_action *action) {
  return action->http_status;
}

bool dhcpha_action_get_enabled(const dhcpha_action *action) {
  return action->enabled;
}

const dhcpha_lease_range *dhcpha_action_get_range(const dhcpha_action *action) {
  return action->type == DHCPHA_ACTION_READ_LEASES ? &action->range : NULL;
}

const dhcpha_lease_batch *dhcpha_action_get_leases(const dhcpha_action *action) {
  return action->leases;
}

dhcpha_level dhcpha_action_get_level(const dhcpha_action *action) {
  return action->level;
}

const char *dhcpha_action_get_message_id(const dhcpha_action *action) {
  return action->message_id;
}

const char *dhcpha_action_get_text(const dhcpha_action *action) {
  return action->type == DHCPHA_ACTION_LOG ? dhcpha_buffer_text(&action->json) : "";
}
