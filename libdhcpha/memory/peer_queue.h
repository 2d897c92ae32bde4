/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * peer_queue: the updates of one relationship for one peer, and whether a backup keeps up.
 * Floor: memory.  Spec: P2 4.3, 11 (9).
 * What goes to the partner is bounded by the clients that wait for it.  Nobody waits for a backup:
 * its commands have a window, and what waits behind it is bounded by the configuration.
 */
#ifndef DHCPHA_MEMORY_PEER_QUEUE_H
#define DHCPHA_MEMORY_PEER_QUEUE_H

#include "memory/updates.h"

#include <dhcpha/config.h>

#define DHCPHA_BACKUP_WINDOW 64 /* commands under way to one backup at a time */

typedef struct dhcpha_peer_queue {
  dhcpha_update_list ready; /* their turn has come; the window may be closed */
  dhcpha_update_list held;  /* behind another one of their address, or put off */
  uint32_t outstanding;     /* updates: those two lists, and what is under way */
  uint32_t commands;        /* under way */
  uint64_t lost;            /* updates that the peer has not, from the start */
  bool full;                /* the limit was reached, and the backup has not caught up since */
  bool stopped;             /* by the policy "stop" */
  bool trying;              /* stopped: one command is under way to see whether it answers */
} dhcpha_peer_queue;

void dhcpha_peer_queue_init(dhcpha_peer_queue *queue);
/* A command may leave now. */
bool dhcpha_peer_queue_is_open(const dhcpha_peer_queue *queue, const dhcpha_peer *peer);
/* One more update may be taken in. */
bool dhcpha_peer_queue_has_room(const dhcpha_peer_queue *queue, const dhcpha_peer *peer,
                                const dhcpha_relationship *relationship);
/* An update found no room.  True when this is news. */
bool dhcpha_peer_queue_note_full(dhcpha_peer_queue *queue,
                                 const dhcpha_relationship *relationship);
void dhcpha_peer_queue_note_sent(dhcpha_peer_queue *queue);
/* A command is over.  True when it shows that the backup has caught up. */
bool dhcpha_peer_queue_note_outcome(dhcpha_peer_queue *queue,
                                    const dhcpha_relationship *relationship, bool acknowledged);

#endif
