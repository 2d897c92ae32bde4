/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/service_switch.h"

#include "base/allocator.h"
#include "base/deadline.h"

#include <string.h>

void dhcpha_service_switch_init(dhcpha_service_switch *service,
                                const dhcpha_allocator *allocator) {
  memset(service, 0, sizeof *service);
  service->allocator = allocator;
}

void dhcpha_service_switch_free(dhcpha_service_switch *service) {
  dhcpha_release(service->allocator, service->origins);
  service->origins = NULL;
  service->count = 0;
}

/* The place of the first origin that is not below the number. */
static size_t place_of(const dhcpha_service_switch *service, int64_t number) {
  size_t low = 0;
  size_t high = service->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (service->origins[middle].number < number)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static dhcpha_origin *find(const dhcpha_service_switch *service, int64_t number) {
  size_t place = place_of(service, number);
  if (place == service->count || service->origins[place].number != number) return NULL;
  return &service->origins[place];
}

static dhcpha_status grow(dhcpha_service_switch *service) {
  if (service->count == DHCPHA_ORIGINS_MAX) return DHCPHA_ERR_LIMIT;
  size_t capacity = service->capacity == 0 ? 8 : service->capacity * 2;
  dhcpha_origin *grown =
      dhcpha_reallocate(service->allocator, service->origins, capacity, sizeof(dhcpha_origin));
  if (grown == NULL) return DHCPHA_ERR_NOMEM;
  service->origins = grown;
  service->capacity = capacity;
  return DHCPHA_OK;
}

/* Whoever may name origins at will must not fill the table with idle ones. */
static void forget_idle(dhcpha_service_switch *service) {
  size_t kept = 0;
  for (size_t i = 0; i < service->count; i++) {
    const dhcpha_origin *origin = &service->origins[i];
    if (origin->disables || origin->own || origin->until_ms != DHCPHA_NEVER)
      service->origins[kept++] = *origin;
  }
  service->count = kept;
}

static dhcpha_status insert(dhcpha_service_switch *service, int64_t number,
                            dhcpha_origin **origin) {
  if (service->count == service->capacity) forget_idle(service);
  if (service->count == service->capacity) {
    dhcpha_status status = grow(service);
    if (status != DHCPHA_OK) return status;
  }
  size_t place = place_of(service, number);
  memmove(&service->origins[place + 1], &service->origins[place],
          (service->count - place) * sizeof(dhcpha_origin));
  service->count++;
  *origin = &service->origins[place];
  (*origin)->number = number;
  (*origin)->disables = false;
  (*origin)->own = false;
  (*origin)->until_ms = DHCPHA_NEVER;
  return DHCPHA_OK;
}

dhcpha_status dhcpha_service_switch_add_own(dhcpha_service_switch *service, int64_t number) {
  dhcpha_status status = dhcpha_service_switch_disable(service, number, DHCPHA_NEVER);
  if (status == DHCPHA_OK) find(service, number)->own = true;
  return status;
}

dhcpha_status dhcpha_service_switch_disable(dhcpha_service_switch *service, int64_t number,
                                            int64_t until_ms) {
  dhcpha_origin *origin = find(service, number);
  if (origin == NULL) {
    dhcpha_status status = insert(service, number, &origin);
    if (status != DHCPHA_OK) return status;
  }
  if (until_ms != DHCPHA_NEVER) origin->until_ms = until_ms;
  if (!origin->disables) service->disabling++;
  origin->disables = true;
  return DHCPHA_OK;
}

void dhcpha_service_switch_enable(dhcpha_service_switch *service, int64_t number) {
  dhcpha_origin *origin = find(service, number);
  if (origin == NULL) return;
  if (origin->disables) service->disabling--;
  origin->disables = false;
  origin->until_ms = DHCPHA_NEVER;
}

bool dhcpha_service_switch_is_enabled(const dhcpha_service_switch *service) {
  return service->disabling == 0;
}

bool dhcpha_service_switch_is_disabled_by(const dhcpha_service_switch *service, int64_t number) {
  const dhcpha_origin *origin = find(service, number);
  return origin != NULL && origin->disables;
}

int64_t dhcpha_service_switch_get_expiry(const dhcpha_service_switch *service) {
  int64_t expiry = DHCPHA_NEVER;
  for (size_t i = 0; i < service->count; i++)
    expiry = dhcpha_deadline_earlier(expiry, service->origins[i].until_ms);
  return expiry;
}

bool dhcpha_service_switch_expire(dhcpha_service_switch *service, int64_t now_ms,
                                  int64_t *number) {
  for (size_t i = 0; i < service->count; i++) {
    if (!dhcpha_deadline_passed(service->origins[i].until_ms, now_ms)) continue;
    *number = service->origins[i].number;
    dhcpha_service_switch_enable(service, *number);
    return true;
  }
  return false;
}
