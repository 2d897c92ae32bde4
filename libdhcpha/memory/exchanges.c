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
  dhcpha_exchange *slots =
      dhcpha_reallocate(exchanges->allocator, exchanges->slots, capacity, sizeof *slots);
  if (slots == NULL) return DHCPHA_ERR_NOMEM;
  memset(slots + exchanges->capacity, 0, (capacity - exchanges->capacity) * sizeof *slots);
  for (uint32_t i = capacity; i > exchanges->capacity; i--) {
    slots[i - 1].after = exchanges->free;
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
  exchanges->free = exchanges->earliest = exchanges->latest = DHCPHA_NO_INDEX;
  return grow(exchanges);
}

void dhcpha_exchanges_free(dhcpha_exchanges *exchanges) {
  for (uint32_t i = 0; i < exchanges->capacity; i++)
    if (exchanges->slots[i].kind != DHCPHA_EXCHANGE_FREE)
      dhcpha_action_free(exchanges->slots[i].answer);
  dhcpha_release(exchanges->allocator, exchanges->slots);
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
  exchanges->free = exchange->after;
  exchanges->count++;
  if (serves(kind)) exchanges->serving++;
  memset(exchange, 0, sizeof *exchange);
  exchange->id = (++exchanges->sequence << SLOT_BITS) | slot;
  exchange->kind = kind;
  exchange->relationship = relationship;
  exchange->peer = peer;
  exchange->deadline_ms = exchange->last_deadline_ms = DHCPHA_NEVER;
  exchange->parked = exchange->before = exchange->after = DHCPHA_NO_INDEX;
  return exchange;
}

static uint32_t slot_of(const dhcpha_exchange *exchange) {
  return (uint32_t)(exchange->id & SLOT_MASK);
}

static void unlink_deadline(dhcpha_exchanges *exchanges, dhcpha_exchange *exchange) {
  if (exchange->deadline_ms == DHCPHA_NEVER) return;
  if (exchange->before == DHCPHA_NO_INDEX)
    exchanges->earliest = exchange->after;
  else
    exchanges->slots[exchange->before].after = exchange->after;
  if (exchange->after == DHCPHA_NO_INDEX)
    exchanges->latest = exchange->before;
  else
    exchanges->slots[exchange->after].before = exchange->before;
  exchange->before = exchange->after = DHCPHA_NO_INDEX;
  exchange->deadline_ms = DHCPHA_NEVER;
}

/* Most deadlines are a fixed time from now: the place is found at the end of the list at once. */
void dhcpha_exchanges_set_deadline(dhcpha_exchanges *exchanges, dhcpha_exchange *exchange,
                                   int64_t deadline_ms) {
  unlink_deadline(exchanges, exchange);
  if (deadline_ms == DHCPHA_NEVER) return;
  uint32_t before = exchanges->latest;
  while (before != DHCPHA_NO_INDEX && exchanges->slots[before].deadline_ms > deadline_ms)
    before = exchanges->slots[before].before;
  uint32_t after =
      before == DHCPHA_NO_INDEX ? exchanges->earliest : exchanges->slots[before].after;
  uint32_t slot = slot_of(exchange);
  exchange->deadline_ms = deadline_ms;
  exchange->before = before;
  exchange->after = after;
  if (before == DHCPHA_NO_INDEX)
    exchanges->earliest = slot;
  else
    exchanges->slots[before].after = slot;
  if (after == DHCPHA_NO_INDEX)
    exchanges->latest = slot;
  else
    exchanges->slots[after].before = slot;
}

dhcpha_exchange *dhcpha_exchanges_find(dhcpha_exchanges *exchanges, uint64_t id) {
  uint32_t slot = (uint32_t)(id & SLOT_MASK);
  if (slot >= exchanges->capacity) return NULL;
  dhcpha_exchange *exchange = &exchanges->slots[slot];
  return exchange->kind != DHCPHA_EXCHANGE_FREE && exchange->id == id ? exchange : NULL;
}

dhcpha_exchange *dhcpha_exchanges_first_due(dhcpha_exchanges *exchanges) {
  return exchanges->earliest == DHCPHA_NO_INDEX ? NULL
                                                : &exchanges->slots[exchanges->earliest];
}

int64_t dhcpha_exchanges_get_expiry(const dhcpha_exchanges *exchanges) {
  return exchanges->earliest == DHCPHA_NO_INDEX
             ? DHCPHA_NEVER
             : exchanges->slots[exchanges->earliest].deadline_ms;
}

void dhcpha_exchanges_remove(dhcpha_exchanges *exchanges, dhcpha_exchange *exchange) {
  unlink_deadline(exchanges, exchange);
  if (serves(exchange->kind)) exchanges->serving--;
  exchange->kind = DHCPHA_EXCHANGE_FREE;
  exchange->answer = NULL;
  exchange->after = exchanges->free;
  exchanges->free = slot_of(exchange);
  exchanges->count--;
}
