/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/peer_queue.h"

#include <string.h>

void dhcpha_peer_queue_init(dhcpha_peer_queue *queue) {
  memset(queue, 0, sizeof *queue);
  dhcpha_update_list_init(&queue->ready);
  dhcpha_update_list_init(&queue->held);
}

bool dhcpha_peer_queue_is_open(const dhcpha_peer_queue *queue, const dhcpha_peer *peer) {
  if (peer->role != DHCPHA_ROLE_BACKUP) return true;
  return queue->commands < (queue->stopped ? 1 : DHCPHA_BACKUP_WINDOW);
}

/* A backup that was stopped gets one exchange at a time, to see whether it answers. */
bool dhcpha_peer_queue_has_room(const dhcpha_peer_queue *queue, const dhcpha_peer *peer,
                                const dhcpha_relationship *relationship) {
  if (peer->role != DHCPHA_ROLE_BACKUP) return true;
  if (queue->stopped) return queue->commands == 0;
  return queue->outstanding < relationship->backup_queue_limit;
}

bool dhcpha_peer_queue_note_full(dhcpha_peer_queue *queue,
                                 const dhcpha_relationship *relationship) {
  bool news = !queue->full;
  queue->full = true;
  if (relationship->backup_queue_policy == DHCPHA_BACKUP_QUEUE_STOP) queue->stopped = true;
  return news;
}

void dhcpha_peer_queue_note_sent(dhcpha_peer_queue *queue) {
  queue->commands++;
  queue->trying = queue->stopped;
}

bool dhcpha_peer_queue_note_outcome(dhcpha_peer_queue *queue,
                                    const dhcpha_relationship *relationship, bool acknowledged) {
  bool tried = queue->trying;
  queue->commands--;
  queue->trying = false;
  if (!queue->full) return false;
  if (queue->stopped ? !(tried && acknowledged)
                     : queue->outstanding > relationship->backup_queue_limit / 2)
    return false;
  queue->full = queue->stopped = false;
  return true;
}
