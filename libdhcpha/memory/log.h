/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * log: the message catalogue (id, level, text); writes LOG actions.
 * Floor: memory.  Spec: P2 10.
 */
#ifndef DHCPHA_MEMORY_LOG_H
#define DHCPHA_MEMORY_LOG_H

#include "memory/context.h"

#define DHCPHA_LOGS_WAITING_MAX 1024 /* LOG actions nobody has taken; more are counted as lost */
#define DHCPHA_LOG_TEXT_MAX 1024

#define DHCPHA_MESSAGES(X)                                                                     \
  X(SERVICE_STARTED, service_started, INFO)                                                    \
  X(STATE_CHANGE, state_change, INFO)                                                          \
  X(PAUSED, paused, INFO)                                                                      \
  X(CONTINUED, continued, INFO)                                                                \
  X(SERVICE_OFF, service_off, INFO)                                                            \
  X(SERVICE_ON, service_on, INFO)                                                              \
  X(UPDATES_ON, updates_on, INFO)                                                              \
  X(UPDATES_OFF, updates_off, INFO)                                                            \
  X(UPDATES_OFF_ADMIN, updates_off_admin, INFO)                                                \
  X(SYNC_SKIPPED, sync_skipped, INFO)                                                          \
  X(HEARTBEAT_FAILED, heartbeat_failed, WARNING)                                               \
  X(COMMUNICATION_INTERRUPTED, comm_interrupted, WARNING)                                      \
  X(CLIENT_SEEN, client_seen, DEBUG)                                                           \
  X(CLIENT_UNACKED, client_unacked, INFO)                                                      \
  X(SKEW_WARNING, skew_warning, WARNING)                                                       \
  X(SKEW_TERMINATE, skew_terminate, ERROR)                                                     \
  X(REJECTS_TERMINATE, rejects_terminate, ERROR)                                               \
  X(RECOVERY_PLANNED, recovery_planned, INFO)                                                  \
  X(RECOVERY_PUT_OFF, recovery_put_off, WARNING)                                               \
  X(RECOVERED, recovered, WARNING)                                                             \
  X(TERMINATED, terminated, ERROR)                                                             \
  X(WAITING_FOR_TERMINATED, waiting_for_terminated, INFO)                                      \
  X(TERMINATED_TIMEOUT, terminated_timeout, WARNING)                                           \
  X(INVALID_PARTNER_STATE, invalid_partner_state, WARNING)                                     \
  X(PEER_VERSION, peer_version, INFO)                                                          \
  X(PEER_ANSWERS_MAP, peer_answers_map, WARNING)                                               \
  X(UPDATE_FAILED, update_failed, WARNING)                                                     \
  X(UPDATE_CONFLICT, update_conflict, WARNING)                                                 \
  X(UPDATE_CONTENDED, update_contended, WARNING)                                               \
  X(BACKUP_QUEUE_FULL, backup_queue_full, WARNING)                                             \
  X(BACKUP_QUEUE_RECOVERED, backup_queue_recovered, WARNING)                                   \
  X(BULK_ITEM_FAILED, bulk_item_failed, INFO)                                                  \
  X(NO_RELATIONSHIP, no_relationship, ERROR)                                                   \
  X(BACKLOG_START, backlog_start, INFO)                                                        \
  X(BACKLOG_DONE, backlog_done, INFO)                                                          \
  X(BACKLOG_FAILED, backlog_failed, WARNING)                                                   \
  X(BACKLOG_OVERFLOWED, backlog_overflowed, WARNING)                                           \
  X(RESET_FAILED, reset_failed, WARNING)                                                       \
  X(SYNC_START, sync_start, INFO)                                                              \
  X(SYNC_PAGE, sync_page, INFO)                                                                \
  X(SYNC_PAGE_FAILED, sync_page_failed, ERROR)                                                 \
  X(SYNC_LEASE_FAILED, sync_lease_failed, WARNING)                                             \
  X(SYNC_DONE, sync_done, INFO)                                                                \
  X(SYNC_ABANDONED, sync_abandoned, INFO)                                                      \
  X(PEER_SWITCH_FAILED, peer_switch_failed, ERROR)                                             \
  X(SYNC_NOTIFY_FAILED, sync_notify_failed, ERROR)                                             \
  X(SYNC_FAILED, sync_failed, ERROR)                                                           \
  X(MAINTENANCE_STARTED, maintenance_started, INFO)                                            \
  X(MAINTENANCE_PARTNER_DOWN, maintenance_pd, INFO)                                            \
  X(MAINTENANCE_FAILED, maintenance_failed, ERROR)                                             \
  X(SHUTDOWN_SAFE, shutdown_safe, INFO)                                                        \
  X(RECLAIM_SKIP, reclaim_skip, DEBUG)                                                         \
  X(NOT_FOR_US, not_for_us, DEBUG)                                                             \
  X(NO_IDENTIFIER, lb_no_id, DEBUG)                                                            \
  X(COMMAND_MALFORMED, command_malformed, WARNING)                                             \
  X(COMMAND_FORBIDDEN, command_forbidden, WARNING)                                             \
  X(ANSWER_MALFORMED, answer_malformed, WARNING)                                               \
  X(ANSWER_LATE, answer_late, DEBUG)                                                           \
  X(SUBNETS_UNBOUND, subnets_unbound, WARNING)                                                 \
  X(LISTENER_SHARED, listener_shared, WARNING)                                                 \
  X(SHUT_DOWN, shut_down, INFO)                                                                \
  X(PARKED_LIMIT, parked_limit, WARNING)                                                       \
  X(STORE_FAILED, store_failed, ERROR)                                                         \
  X(OUT_OF_MEMORY, out_of_memory, ERROR)

typedef enum dhcpha_message {
#define DHCPHA_MESSAGE_ENUM(name, id, level) DHCPHA_MESSAGE_##name,
  DHCPHA_MESSAGES(DHCPHA_MESSAGE_ENUM)
#undef DHCPHA_MESSAGE_ENUM
} dhcpha_message;

bool dhcpha_log_wants(const dhcpha_context *context, dhcpha_message message);
void dhcpha_log(dhcpha_context *context, dhcpha_message message, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
