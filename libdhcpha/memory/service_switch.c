/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/service_switch.h"

#include <string.h>

#include "base/allocator.h"
#include "base/deadline.h"
#include "rules/ha_commands.h"

#define NO_SLOT UINT32_MAX
#define FIRST_CAPACITY 8

typedef struct origin_key {
  int64_t number;
  uint64_t relationship;
} origin_key;

_Static_assert(sizeof(origin_key) == 16, "a key must have no gaps");

void dhcpha_service_switch_init(dhcpha_service_switch *service,
                                const dhcpha_allocator *allocator) {
  memset(service, 0, sizeof *service);
  service->allocator = allocator;
  service->free = NO_SLOT;
  dhcpha_alarms_init(&service->alarms, allocator);
}

void dhcpha_service_switch_free(dhcpha_service_switch *service) {
  dhcpha_release(service->allocator, service->origins);
  dhcpha_release(service->allocator, service->disabling);
  dhcpha_byte_map_free(service->slots);
  dhcpha_alarms_free(&service->alarms);
  dhcpha_service_switch_init(service, service->allocator);
}

/* ---- one origin ---- */

static void count_in(dhcpha_service_switch *service, const dhcpha_origin *origin) {
  if (origin->relationship == DHCPHA_EVERYWHERE)
    service->everywhere++;
  else if (service->disabling[origin->relationship]++ == 0)
    service->disabled++;
}

static void count_out(dhcpha_service_switch *service, const dhcpha_origin *origin) {
  if (origin->relationship == DHCPHA_EVERYWHERE)
    service->everywhere--;
  else if (--service->disabling[origin->relationship] == 0)
    service->disabled--;
}

static void set(dhcpha_service_switch *service, uint32_t slot, bool disables) {
  dhcpha_origin *origin = &service->origins[slot];
  if (origin->disables != disables) {
    if (disables) count_in(service, origin);
    else count_out(service, origin);
  }
  origin->disables = disables;
}

static void set_timer(dhcpha_service_switch *service, uint32_t slot, int64_t until_ms) {
  service->origins[slot].until_ms = until_ms;
  dhcpha_alarms_set(&service->alarms, slot, until_ms);
}

static dhcpha_status reserve(dhcpha_service_switch *service, uint32_t capacity) {
  if (dhcpha_alarms_reserve(&service->alarms, capacity) != DHCPHA_OK) return DHCPHA_ERR_NOMEM;
  dhcpha_origin *origins = dhcpha_reallocate(service->allocator, service->origins, capacity,
                                             sizeof(dhcpha_origin));
  if (origins == NULL) return DHCPHA_ERR_NOMEM;
  service->origins = origins;
  service->capacity = capacity;
  return DHCPHA_OK;
}

/* Room for the first origins of others, so that a partner that disables us finds it. */
static dhcpha_status make_slots(dhcpha_service_switch *service) {
  if (service->slots != NULL) return DHCPHA_OK;
  service->slots = dhcpha_byte_map_new(service->allocator, sizeof(uint32_t), DHCPHA_ORIGINS_MAX);
  if (service->slots == NULL) return DHCPHA_ERR_NOMEM;
  return dhcpha_byte_map_reserve(service->slots, FIRST_CAPACITY,
                                 FIRST_CAPACITY * sizeof(origin_key));
}

static void make(dhcpha_service_switch *service, uint32_t slot, int64_t number,
                 size_t relationship) {
  service->origins[slot] = (dhcpha_origin){number, relationship, false, DHCPHA_NEVER, NO_SLOT};
}

/* ---- the own ones ---- */

dhcpha_status dhcpha_service_switch_make_own(dhcpha_service_switch *service, size_t count) {
  service->disabling = dhcpha_allocate(service->allocator, count, sizeof *service->disabling);
  if (service->disabling == NULL) return DHCPHA_ERR_NOMEM;
  dhcpha_status status = reserve(service, (uint32_t)count + FIRST_CAPACITY);
  if (status == DHCPHA_OK) status = make_slots(service);
  if (status != DHCPHA_OK) return status;
  service->relationships = count;
  service->used = (uint32_t)count;
  for (uint32_t i = 0; i < count; i++) {
    make(service, i, DHCPHA_ORIGIN_LOCAL + (int64_t)i, i);
    set(service, i, true);
  }
  return DHCPHA_OK;
}

void dhcpha_service_switch_set_own(dhcpha_service_switch *service, size_t relationship,
                                   bool disables) {
  set(service, (uint32_t)relationship, disables);
  if (!disables) set_timer(service, (uint32_t)relationship, DHCPHA_NEVER);
}

static bool is_own(const dhcpha_service_switch *service, int64_t number) {
  return number >= DHCPHA_ORIGIN_LOCAL && number < DHCPHA_ORIGIN_REMOTE &&
         number - DHCPHA_ORIGIN_LOCAL < (int64_t)service->relationships;
}

/* ---- those of others ---- */

static bool is_partners(int64_t number) {
  return number >= DHCPHA_ORIGIN_REMOTE &&
         number < DHCPHA_ORIGIN_REMOTE + DHCPHA_ORIGINS_OF_A_KIND;
}

static uint32_t find(const dhcpha_service_switch *service, size_t relationship, int64_t number) {
  origin_key key = {number, relationship};
  if (is_own(service, number)) return (uint32_t)(number - DHCPHA_ORIGIN_LOCAL);
  if (service->slots == NULL) return NO_SLOT;
  const uint32_t *slot = dhcpha_byte_map_find(service->slots, &key, sizeof key);
  return slot == NULL ? NO_SLOT : *slot;
}

static dhcpha_status take_slot(dhcpha_service_switch *service, uint32_t *slot) {
  if (service->foreign == DHCPHA_ORIGINS_MAX) return DHCPHA_ERR_LIMIT;
  *slot = service->free;
  if (*slot != NO_SLOT) {
    service->free = service->origins[*slot].next_free;
    return DHCPHA_OK;
  }
  if (service->used == service->capacity) {
    uint32_t capacity = service->capacity == 0 ? FIRST_CAPACITY : service->capacity * 2;
    dhcpha_status status = reserve(service, capacity);
    if (status != DHCPHA_OK) return status;
  }
  *slot = service->used++;
  return DHCPHA_OK;
}

static void give_back(dhcpha_service_switch *service, uint32_t slot) {
  service->origins[slot].next_free = service->free;
  service->free = slot;
}

static dhcpha_status add(dhcpha_service_switch *service, size_t relationship, int64_t number,
                         uint32_t *slot) {
  origin_key key = {number, relationship};
  void *value = NULL;
  dhcpha_status status = make_slots(service);
  if (status == DHCPHA_OK) status = take_slot(service, slot);
  if (status != DHCPHA_OK) return status;
  make(service, *slot, number, relationship);
  status = dhcpha_byte_map_insert(service->slots, &key, sizeof key, &value, NULL);
  if (status != DHCPHA_OK) {
    give_back(service, *slot);
    return status;
  }
  memcpy(value, slot, sizeof *slot);
  service->foreign++;
  return DHCPHA_OK;
}

static void release(dhcpha_service_switch *service, uint32_t slot) {
  const dhcpha_origin *origin = &service->origins[slot];
  origin_key key = {origin->number, origin->relationship};
  set(service, slot, false);
  set_timer(service, slot, DHCPHA_NEVER);
  if (slot < service->relationships) return;
  (void)dhcpha_byte_map_remove(service->slots, &key, sizeof key);
  service->foreign--;
  give_back(service, slot);
}

/* ---- on command ---- */

dhcpha_status dhcpha_service_switch_disable(dhcpha_service_switch *service, size_t relationship,
                                            int64_t number, int64_t until_ms) {
  if (!is_partners(number) || relationship >= service->relationships)
    relationship = DHCPHA_EVERYWHERE;
  uint32_t slot = find(service, relationship, number);
  if (slot == NO_SLOT) {
    dhcpha_status status = add(service, relationship, number, &slot);
    if (status != DHCPHA_OK) return status;
  }
  if (until_ms != DHCPHA_NEVER) set_timer(service, slot, until_ms);
  set(service, slot, true);
  return DHCPHA_OK;
}

static void enable_for(dhcpha_service_switch *service, size_t relationship, int64_t number) {
  uint32_t slot = find(service, relationship, number);
  if (slot != NO_SLOT) release(service, slot);
}

void dhcpha_service_switch_enable(dhcpha_service_switch *service, size_t relationship,
                                  int64_t number) {
  enable_for(service, DHCPHA_EVERYWHERE, number);
  if (!is_partners(number) || service->foreign == 0) return;
  if (relationship < service->relationships)
    enable_for(service, relationship, number);
  else
    for (size_t i = 0; i < service->relationships; i++) enable_for(service, i, number);
}

bool dhcpha_service_switch_is_enabled(const dhcpha_service_switch *service) {
  return service->everywhere == 0 &&
         (service->relationships == 0 || service->disabled < service->relationships);
}

bool dhcpha_service_switch_serves(const dhcpha_service_switch *service, size_t relationship) {
  return dhcpha_service_switch_count(service, relationship) == 0;
}

size_t dhcpha_service_switch_count(const dhcpha_service_switch *service, size_t relationship) {
  return service->everywhere + service->disabling[relationship];
}

int64_t dhcpha_service_switch_get_expiry(const dhcpha_service_switch *service) {
  return dhcpha_alarms_get_expiry(&service->alarms);
}

bool dhcpha_service_switch_expire(dhcpha_service_switch *service, int64_t now_ms) {
  if (!dhcpha_deadline_passed(dhcpha_service_switch_get_expiry(service), now_ms)) return false;
  release(service, dhcpha_alarms_first(&service->alarms));
  return true;
}

/* ---- from one hub to the next ---- */

void dhcpha_service_switch_release_all(dhcpha_service_switch *service) {
  for (uint32_t i = 0; i < service->used; i++) {
    const dhcpha_origin *origin = &service->origins[i];
    if (origin->disables && (i < service->relationships || is_partners(origin->number)))
      release(service, i);
  }
}

dhcpha_status dhcpha_service_switch_inherit(dhcpha_service_switch *service,
                                            const dhcpha_service_switch *former) {
  for (uint32_t i = (uint32_t)former->relationships; i < former->used; i++) {
    const dhcpha_origin *origin = &former->origins[i];
    if (!origin->disables || is_partners(origin->number)) continue;
    dhcpha_status status = dhcpha_service_switch_disable(service, DHCPHA_EVERYWHERE,
                                                         origin->number, origin->until_ms);
    if (status != DHCPHA_OK) return status;
  }
  return DHCPHA_OK;
}
