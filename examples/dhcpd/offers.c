/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "offers.h"

#include <stdlib.h>
#include <string.h>

#define MASK (OFFERS_MAX - 1)

bool offers_init(struct offers *offers, void (*lapsed)(struct lease_id id, void *user_data),
                 void *user_data) {
  memset(offers, 0, sizeof *offers);
  offers->lapsed = lapsed;
  offers->user_data = user_data;
  offers->ring = calloc(OFFERS_MAX, sizeof *offers->ring);
  offers->by_client = calloc(OFFERS_MAX, sizeof *offers->by_client);
  offers->by_address = calloc(OFFERS_MAX, sizeof *offers->by_address);
  if (offers->ring != NULL && offers->by_client != NULL && offers->by_address != NULL)
    return true;
  offers_free(offers);
  return false;
}

void offers_free(struct offers *offers) {
  free(offers->ring);
  free(offers->by_client);
  free(offers->by_address);
  memset(offers, 0, sizeof *offers);
}

static uint32_t *client_chain(const struct offers *offers, uint64_t client) {
  return &offers->by_client[client & MASK];
}

/* Neighbours spread by themselves: prefixes differ in the upper half. */
static uint32_t *address_chain(const struct offers *offers, struct lease_id id) {
  uint64_t high = id.ip.high ^ id.ip.high >> 16 ^ id.ip.high >> 32;
  return &offers->by_address[(id.ip.low ^ high) & MASK];
}

static struct offer *find_address(const struct offers *offers, struct lease_id id) {
  if (ip_is_none(id.ip)) return NULL;
  for (uint32_t at = *address_chain(offers, id); at != 0;) {
    struct offer *offer = &offers->ring[at - 1];
    if (lease_id_compare(&offer->id, &id) == 0) return offer;
    at = offer->next_by_address;
  }
  return NULL;
}

static struct offer *find_client(const struct offers *offers, uint64_t client) {
  for (uint32_t at = *client_chain(offers, client); at != 0;) {
    struct offer *offer = &offers->ring[at - 1];
    if (offer->client == client) return offer;
    at = offer->next_by_client;
  }
  return NULL;
}

static void unlink_offer(struct offers *offers, struct offer *offer) {
  uint32_t self = (uint32_t)(offer - offers->ring) + 1;
  uint32_t *link = client_chain(offers, offer->client);
  while (*link != self) link = &offers->ring[*link - 1].next_by_client;
  *link = offer->next_by_client;
  link = address_chain(offers, offer->id);
  while (*link != self) link = &offers->ring[*link - 1].next_by_address;
  *link = offer->next_by_address;
}

static void withdraw(struct offers *offers, struct offer *offer) {
  if (offer == NULL || ip_is_none(offer->id.ip)) return;
  struct lease_id id = offer->id;
  unlink_offer(offers, offer);
  offer->id.ip = IP_NONE;
  offers->lapsed(id, offers->user_data);
}

static void drop_oldest(struct offers *offers) {
  withdraw(offers, &offers->ring[offers->first]);
  offers->first = (offers->first + 1) & MASK;
  offers->count--;
}

void offers_add(struct offers *offers, uint64_t client, struct lease_id id, int64_t now_ms) {
  withdraw(offers, find_client(offers, client));
  withdraw(offers, find_address(offers, id));
  if (offers->count == OFFERS_MAX) drop_oldest(offers);
  uint32_t slot = (offers->first + offers->count++) & MASK;
  struct offer *offer = &offers->ring[slot];
  offer->client = client;
  offer->id = id;
  offer->expires_ms = now_ms + OFFER_LIFETIME_MS;
  offer->next_by_client = *client_chain(offers, client);
  *client_chain(offers, client) = slot + 1;
  offer->next_by_address = *address_chain(offers, id);
  *address_chain(offers, id) = slot + 1;
}

struct lease_id offers_of_client(const struct offers *offers, uint64_t client) {
  const struct offer *offer = find_client(offers, client);
  return offer != NULL ? offer->id : id_of_ip4(0);
}

bool offers_has(const struct offers *offers, struct lease_id id, uint64_t *client) {
  const struct offer *offer = find_address(offers, id);
  if (offer != NULL && client != NULL) *client = offer->client;
  return offer != NULL;
}

void offers_withdraw(struct offers *offers, struct lease_id id) {
  withdraw(offers, find_address(offers, id));
}

void offers_expire(struct offers *offers, int64_t now_ms) {
  while (offers->count > 0) {
    const struct offer *oldest = &offers->ring[offers->first];
    if (!ip_is_none(oldest->id.ip) && oldest->expires_ms > now_ms) return;
    drop_oldest(offers);
  }
}
