/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * updates: leases on their way to the peers, or waiting for that.
 * Floor: memory.  Spec: P2 4.3, 4.4.
 * An update is one lease for one peer.  Of one address at one peer at most one update is under
 * way: the first, which the table finds; the next one stands behind it, and those after that ride
 * on the one behind: its lease is replaced by theirs (the last word wins), and their queries share
 * its outcome.  All places keep their memory, so that a steady flow does not allocate.
 */
#ifndef DHCPHA_MEMORY_UPDATES_H
#define DHCPHA_MEMORY_UPDATES_H

#include "base/alarms.h"

#include <dhcpha/lease.h>

#define DHCPHA_UPDATES_MAX (1u << 20)     /* of all peers, riding ones included */
#define DHCPHA_UPDATE_LEASE_KEPT 1024     /* bytes a free place may keep for its next lease */
#define DHCPHA_NO_UPDATE UINT32_MAX

typedef enum dhcpha_update_stage {
  DHCPHA_UPDATE_FREE,
  DHCPHA_UPDATE_READY,     /* its turn has come */
  DHCPHA_UPDATE_UNDER_WAY, /* in a command to the peer */
  DHCPHA_UPDATE_BEHIND,    /* another one of this address is under way */
  DHCPHA_UPDATE_PUT_OFF,   /* the peer was busy with it: until its alarm */
  DHCPHA_UPDATE_RIDES      /* its lease was overtaken; its query waits for the later one */
} dhcpha_update_stage;

/* What an update is for. */
typedef struct dhcpha_update_key {
  size_t relationship;
  size_t peer; /* its index there */
  dhcpha_address address;
  uint8_t type; /* a dhcpha_lease_type */
} dhcpha_update_key;

/* What is replaced when an update is overtaken. */
typedef struct dhcpha_update_load {
  bool is_delete;
  uint32_t parked; /* the query that waits for it, or DHCPHA_NO_UPDATE */
  dhcpha_lease *lease;
  size_t capacity; /* bytes at `lease` */
} dhcpha_update_load;

typedef struct dhcpha_update {
  dhcpha_update_stage stage;
  dhcpha_update_key key;
  dhcpha_update_load load;
  uint64_t group;       /* DHCPv6: of one exchange with the client */
  uint64_t exchange;    /* UNDER_WAY: the command's id */
  bool busy;            /* UNDER_WAY: the peer said so */
  uint32_t attempts;    /* that the peer was busy */
  int64_t first_ms;     /* when it was sent first */
  uint32_t behind;      /* of a first: the one behind it */
  uint32_t riders;      /* the first of those that ride on it */
  uint32_t last_rider;
  uint32_t before;      /* in its list */
  uint32_t after;       /* in its list, among the riders, in its command, or among the free */
  uint32_t hash;
  uint32_t next_alike;  /* in the table */
} dhcpha_update;

typedef struct dhcpha_updates {
  const dhcpha_allocator *allocator;
  dhcpha_update *slots;
  uint32_t *table; /* as many heads as slots */
  dhcpha_alarms alarms; /* of those put off */
  uint32_t capacity;
  uint32_t count;
  uint32_t free;
  uint64_t groups;
  uint64_t chance; /* the state of the jitter */
} dhcpha_updates;

/* Updates in order of arrival. */
typedef struct dhcpha_update_list {
  uint32_t first;
  uint32_t last;
} dhcpha_update_list;

dhcpha_status dhcpha_updates_init(dhcpha_updates *updates, const dhcpha_allocator *allocator);
void dhcpha_updates_free(dhcpha_updates *updates);

/* NOMEM, or LIMIT.  The lease is copied.  Pointers move with the next _add(). */
dhcpha_status dhcpha_updates_add(dhcpha_updates *updates, const dhcpha_update_key *key,
                                 bool is_delete, const dhcpha_lease *lease, uint32_t *index);
dhcpha_update *dhcpha_updates_get(const dhcpha_updates *updates, uint32_t index);
void dhcpha_updates_remove(dhcpha_updates *updates, uint32_t index);

/* The first of an address. */
uint32_t dhcpha_updates_find(const dhcpha_updates *updates, const dhcpha_update_key *key);
void dhcpha_updates_make_first(dhcpha_updates *updates, uint32_t index);
void dhcpha_updates_unmake_first(dhcpha_updates *updates, uint32_t index);
/* `newer` overtakes `older`: its load, riders included, is carried in the older one's place; the
 * older load's query rides, or the place is freed when no query waits for it. */
void dhcpha_updates_overtake(dhcpha_updates *updates, uint32_t older, uint32_t newer);
/* Takes one rider off; DHCPHA_NO_UPDATE: there is none. */
uint32_t dhcpha_updates_take_rider(dhcpha_updates *updates, uint32_t index);

void dhcpha_update_list_init(dhcpha_update_list *list);
void dhcpha_update_list_append(dhcpha_updates *updates, dhcpha_update_list *list, uint32_t index);
void dhcpha_update_list_unlink(dhcpha_updates *updates, dhcpha_update_list *list, uint32_t index);

#endif
