/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/parked.h"

#include "base/allocator.h"
#include "base/deadline.h"

#include <string.h>

#define FIRST_CAPACITY 32
#define NO_SLOT UINT32_MAX

static dhcpha_status grow(dhcpha_parked *parked) {
  uint32_t capacity = parked->capacity == 0 ? FIRST_CAPACITY : parked->capacity * 2;
  if (capacity > DHCPHA_PARKED_MAX) return DHCPHA_ERR_LIMIT;
  dhcpha_parked_query *slots =
      dhcpha_reallocate(parked->allocator, parked->slots, capacity, sizeof *slots);
  if (slots == NULL) return DHCPHA_ERR_NOMEM;
  memset(slots + parked->capacity, 0, (capacity - parked->capacity) * sizeof *slots);
  for (uint32_t i = capacity; i > parked->capacity; i--) {
    slots[i - 1].next_free = parked->free;
    parked->free = i - 1;
  }
  parked->slots = slots;
  parked->capacity = capacity;
  return DHCPHA_OK;
}

dhcpha_status dhcpha_parked_init(dhcpha_parked *parked, const dhcpha_allocator *allocator) {
  memset(parked, 0, sizeof *parked);
  parked->allocator = allocator;
  parked->free = parked->oldest = parked->youngest = NO_SLOT;
  return grow(parked);
}

void dhcpha_parked_free(dhcpha_parked *parked) {
  for (uint32_t i = 0; i < parked->capacity; i++) dhcpha_action_free(parked->slots[i].release);
  dhcpha_release(parked->allocator, parked->slots);
  parked->slots = NULL;
  parked->capacity = 0;
}

static void begin_aging(dhcpha_parked *parked, uint32_t index, int64_t now_ms) {
  dhcpha_parked_query *query = &parked->slots[index];
  query->aging = true;
  query->deadline_ms = dhcpha_deadline_after(now_ms, DHCPHA_PARKED_MS_MAX);
  query->older = parked->youngest;
  query->younger = NO_SLOT;
  if (parked->youngest == NO_SLOT)
    parked->oldest = index;
  else
    parked->slots[parked->youngest].younger = index;
  parked->youngest = index;
}

static void end_aging(dhcpha_parked *parked, uint32_t index) {
  dhcpha_parked_query *query = &parked->slots[index];
  if (!query->aging) return;
  query->aging = false;
  if (query->older == NO_SLOT)
    parked->oldest = query->younger;
  else
    parked->slots[query->older].younger = query->younger;
  if (query->younger == NO_SLOT)
    parked->youngest = query->older;
  else
    parked->slots[query->younger].older = query->older;
}

dhcpha_status dhcpha_parked_add(dhcpha_parked *parked, int64_t now_ms, uint32_t *index) {
  if (parked->free == NO_SLOT) {
    dhcpha_status status = grow(parked);
    if (status != DHCPHA_OK) return status;
  }
  *index = parked->free;
  dhcpha_parked_query *query = &parked->slots[*index];
  parked->free = query->next_free;
  parked->count++;
  query->release = NULL;
  query->missing = 0;
  query->refused = query->left_out = false;
  query->client_key_len = 0;
  begin_aging(parked, *index, now_ms);
  return DHCPHA_OK;
}

dhcpha_parked_query *dhcpha_parked_get(dhcpha_parked *parked, uint32_t index) {
  return &parked->slots[index];
}

void dhcpha_parked_remove(dhcpha_parked *parked, uint32_t index) {
  dhcpha_parked_query *query = &parked->slots[index];
  end_aging(parked, index);
  dhcpha_action_free(query->release);
  query->release = NULL;
  query->next_free = parked->free;
  parked->free = index;
  parked->count--;
}

int64_t dhcpha_parked_get_expiry(const dhcpha_parked *parked) {
  return parked->oldest == NO_SLOT ? DHCPHA_NEVER : parked->slots[parked->oldest].deadline_ms;
}

dhcpha_action *dhcpha_parked_expire(dhcpha_parked *parked, int64_t now_ms) {
  while (dhcpha_deadline_passed(dhcpha_parked_get_expiry(parked), now_ms)) {
    dhcpha_parked_query *query = &parked->slots[parked->oldest];
    end_aging(parked, parked->oldest);
    dhcpha_action *release = query->release;
    query->release = NULL;
    if (release != NULL) return release;
  }
  return NULL;
}
