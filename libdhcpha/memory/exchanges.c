/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/exchanges.h"

#include "base/allocator.h"

#include <string.h>

#define FIRST_CAPACITY 32
/* An id is a sequence number and, in its low bits, a slot. */
#define SLOT_BITS 20
#define SLOT_MASK ((1u << SLOT_BITS) - 1)

_Static_assert(DHCPHA_EXCHANGES_MAX <= SLOT_MASK, "a slot must fit its bits");

static dhcpha_status grow(dhcpha_exchanges *exchanges) {
  uint32_t capacity = exchanges->capacity == 0 ? FIRST_CAPACITY : exchanges->capacity * 2;
  if (capacity > DHCPHA_EXCHANGES_MAX) return DHCPHA_ERR_LIMIT;
  if (dhcpha_alarms_reserve(&exchanges->alarms, capacity) != DHCPHA_OK) return DHCPHA_ERR_NOMEM;
  dhcpha_exchange *slots =
      dhcpha_reallocate(exchanges->allocator, exchanges->slots, capacity, sizeof *slots);
  if (slots == NULL) return DHCPHA_ERR_NOMEM;
  memset(slots + exchanges->capacity, 0, (capacity - exchanges->capacity) * sizeof *slots);
  for (uint32_t i = capacity; i > exchanges->capacity; i--) {
    slots[i - 1].next_free = exchanges->free;
    exchanges->free = i - 1;
  }
  exchanges->slots = slots;
  exchanges->capacity = capacity;
  return DHCPHA_OK;
}

dhcpha_status dhcpha_exchanges_init(dhcpha_exchanges *exchanges,
                                    const dhcpha_allocator *allocator) {
  memset(exchanges, 0, sizeof *exchanges);
  exchanges->allocator = allocator;
  exchanges->free = DHCPHA_NO_INDEX;
  dhcpha_alarms_init(&exchanges->alarms, allocator);
  return grow(exchanges);
}

void dhcpha_exchanges_free(dhcpha_exchanges *exchanges) {
  for (uint32_t i = 0; i < exchanges->capacity; i++)
    if (exchanges->slots[i].kind != DHCPHA_EXCHANGE_FREE)
      dhcpha_action_free(exchanges->slots[i].answer);
  dhcpha_release(exchanges->allocator, exchanges->slots);
  dhcpha_alarms_free(&exchanges->alarms);
  exchanges->slots = NULL;
  exchanges->capacity = 0;
}

static bool serves(dhcpha_exchange_kind kind) {
  return kind == DHCPHA_EXCHANGE_SERVE_STORE || kind == DHCPHA_EXCHANGE_SERVE_READ;
}

dhcpha_exchange *dhcpha_exchanges_add(dhcpha_exchanges *exchanges, dhcpha_exchange_kind kind,
                                      size_t relationship, const dhcpha_peer *peer) {
  if (exchanges->free == DHCPHA_NO_INDEX && grow(exchanges) != DHCPHA_OK) return NULL;
  uint32_t slot = exchanges->free;
  dhcpha_exchange *exchange = &exchanges->slots[slot];
  exchanges->free = exchange->next_free;
  exchanges->count++;
  if (serves(kind)) exchanges->serving++;
  memset(exchange, 0, sizeof *exchange);
  exchange->id = (++exchanges->sequence << SLOT_BITS) | slot;
  exchange->kind = kind;
  exchange->relationship = relationship;
  exchange->peer = peer;
  exchange->deadline_ms = exchange->last_deadline_ms = DHCPHA_NEVER;
  exchange->updates = DHCPHA_NO_INDEX;
  return exchange;
}

static uint32_t slot_of(const dhcpha_exchange *exchange) {
  return (uint32_t)(exchange->id & SLOT_MASK);
}

void dhcpha_exchanges_set_deadline(dhcpha_exchanges *exchanges, dhcpha_exchange *exchange,
                                   int64_t deadline_ms) {
  exchange->deadline_ms = deadline_ms;
  dhcpha_alarms_set(&exchanges->alarms, slot_of(exchange), deadline_ms);
}

dhcpha_exchange *dhcpha_exchanges_find(dhcpha_exchanges *exchanges, uint64_t id) {
  uint32_t slot = (uint32_t)(id & SLOT_MASK);
  if (slot >= exchanges->capacity) return NULL;
  dhcpha_exchange *exchange = &exchanges->slots[slot];
  return exchange->kind != DHCPHA_EXCHANGE_FREE && exchange->id == id ? exchange : NULL;
}

dhcpha_exchange *dhcpha_exchanges_first_due(dhcpha_exchanges *exchanges) {
  uint32_t slot = dhcpha_alarms_first(&exchanges->alarms);
  return slot == DHCPHA_ALARMS_NONE ? NULL : &exchanges->slots[slot];
}

int64_t dhcpha_exchanges_get_expiry(const dhcpha_exchanges *exchanges) {
  return dhcpha_alarms_get_expiry(&exchanges->alarms);
}

void dhcpha_exchanges_remove(dhcpha_exchanges *exchanges, dhcpha_exchange *exchange) {
  dhcpha_exchanges_set_deadline(exchanges, exchange, DHCPHA_NEVER);
  if (serves(exchange->kind)) exchanges->serving--;
  exchange->kind = DHCPHA_EXCHANGE_FREE;
  exchange->answer = NULL;
  exchange->next_free = exchanges->free;
  exchanges->free = slot_of(exchange);
  exchanges->count--;
}
