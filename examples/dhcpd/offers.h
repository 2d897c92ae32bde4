/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * offers: addresses promised to clients that have not asked for them yet.
 * Kept in memory only, and briefly: who loses one starts over (RFC 2131 3.1).  All offers live
 * equally long, so the oldest is always the next to lapse, and a ring holds them.
 */
#ifndef DHCPD_OFFERS_H
#define DHCPD_OFFERS_H

#include <stddef.h>

#include "ip.h"

#define OFFER_LIFETIME_MS 10000
#define OFFERS_MAX 65536 /* when there are more, the oldest lapses early */

struct offer {
  uint64_t client; /* hash of its subnet and identity */
  struct lease_id id; /* its address is none: withdrawn */
  int64_t expires_ms;
  uint32_t next_by_client, next_by_address; /* in the ring, plus 1; 0: none */
};

struct offers {
  struct offer *ring;
  uint32_t *by_client, *by_address; /* heads of chains */
  uint32_t first, count;            /* the living and withdrawn ones, oldest first */
  void (*lapsed)(struct lease_id id, void *user_data); /* an address is no longer on offer */
  void *user_data;
};

bool offers_init(struct offers *offers, void (*lapsed)(struct lease_id id, void *user_data),
                 void *user_data);
void offers_free(struct offers *offers);

/* Promise ID to CLIENT, in place of what it was promised before. */
void offers_add(struct offers *offers, uint64_t client, struct lease_id id, int64_t now_ms);

/* What is promised to CLIENT; its address is none when nothing is. */
struct lease_id offers_of_client(const struct offers *offers, uint64_t client);

/* Whether ID is promised, and to whom. */
bool offers_has(const struct offers *offers, struct lease_id id, uint64_t *client);

void offers_withdraw(struct offers *offers, struct lease_id id);
void offers_expire(struct offers *offers, int64_t now_ms);

#endif
