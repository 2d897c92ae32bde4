/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/**
 * @file report.h
 * What a hub tells of itself: counters and explanations.
 */
#ifndef DHCPHA_REPORT_H
#define DHCPHA_REPORT_H

#include <dhcpha/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a hub counts, over all relationships, from its start. */
typedef enum dhcpha_counter {
  DHCPHA_COUNTER_HEARTBEATS_SENT,      /**< Heartbeats sent. */
  DHCPHA_COUNTER_HEARTBEATS_FAILED,    /**< Heartbeats without a good answer. */
  DHCPHA_COUNTER_UPDATES_SENT,         /**< Lease updates sent. */
  DHCPHA_COUNTER_UPDATES_ACKNOWLEDGED, /**< Lease updates acknowledged. */
  DHCPHA_COUNTER_UPDATES_FAILED,       /**< Lease updates without a good answer. */
  DHCPHA_COUNTER_UPDATES_REJECTED,     /**< Lease updates answered as conflicts. */
  DHCPHA_COUNTER_QUERIES_PARKED,       /**< Queries that had to wait for a peer. */
  DHCPHA_COUNTER_QUERIES_DROPPED,      /**< Parked queries whose answer was dropped. */
  DHCPHA_COUNTER_COMMANDS_RECEIVED,    /**< Commands received, foreign ones included. */
  DHCPHA_COUNTER_COMMANDS_MALFORMED,   /**< Requests that were no command, or had bad arguments. */
  DHCPHA_COUNTER_ANSWERS_MALFORMED,    /**< Answers that could not be understood. */
  DHCPHA_COUNTER_ANSWERS_LATE,         /**< Answers to nothing in flight. */
  DHCPHA_COUNTER_LEASES_SYNCHRONIZED,  /**< Leases of synchronizations that were stored. */
  DHCPHA_COUNTER_LEASES_REFUSED,       /**< Leases of synchronizations that were malformed, or could not be stored. */
  DHCPHA_COUNTER_LOGS_LOST,            /**< Log messages lost because nobody took them. */
  DHCPHA_COUNTER_UPDATES_CONTENDED,    /**< Leases a peer was too busy to update. */
  DHCPHA_COUNTER_UPDATES_RETRIED,      /**< Of these, leases sent once more. */
  DHCPHA_COUNTER_UPDATES_COALESCED,    /**< Leases not sent: a later change of the same one was. */
  DHCPHA_COUNTER_UPDATES_LOST,         /**< Leases a backup will not have: it failed or is slow. */
  DHCPHA_COUNTER_COUNT                 /**< How many counters there are. */
} dhcpha_counter;

/** Whose form a `status-get` argument has (P1 5.9). */
typedef enum dhcpha_status_form {
  DHCPHA_STATUS_OWN,     /**< Kea's newest, and beside it what only we know, in a map `dhcpha`. */
  DHCPHA_STATUS_KEA_2_2, /**< Without `server-name`. */
  DHCPHA_STATUS_KEA_2_6, /**< Without `system-time` and `clock-skew`. */
  DHCPHA_STATUS_KEA_3_0  /**< Kea's newest. */
} dhcpha_status_form;

/** Room for an explanation's text, with its end. */
#define DHCPHA_EXPLANATION_TEXT_SIZE 512

/** Why a relationship is in its state, and what would have to happen to leave it. */
typedef struct dhcpha_explanation {
  size_t size;      /**< Set by dhcpha_explanation_init(). */
  const char *code; /**< Stable, static: `waiting-for-unacked-clients`. */
  char text[DHCPHA_EXPLANATION_TEXT_SIZE]; /**< For people, one line. */
} dhcpha_explanation;

/** Start from an empty explanation.
 *  @param explanation  Filled in. */
static inline void dhcpha_explanation_init(dhcpha_explanation *explanation) {
  explanation->size = sizeof *explanation;
  explanation->code = "";
  explanation->text[0] = '\0';
}

/** What is on its way to one peer, and whether it keeps up. */
typedef struct dhcpha_queue_report {
  size_t size;      /**< Set by dhcpha_queue_report_init(). */
  const char *peer; /**< Its name, valid as long as the hub. */
  bool backup;      /**< It is a backup: only such a queue is bounded, and may lose updates. */
  bool full;        /**< The limit was reached, and the backup has not caught up since. */
  bool stopped;     /**< By #DHCPHA_BACKUP_QUEUE_STOP: it gets one update at a time. */
  uint64_t waiting; /**< Leases on their way, those in a command included. */
  uint64_t lost;    /**< Leases the backup will not have.  Not 0: it is out of date until `ha-sync`
                         is sent to it, which this server does not notice. */
} dhcpha_queue_report;

/** Start from an empty report.
 *  @param report  Filled in. */
static inline void dhcpha_queue_report_init(dhcpha_queue_report *report) {
  report->size = sizeof *report;
  report->peer = "";
  report->backup = report->full = report->stopped = false;
  report->waiting = report->lost = 0;
}

#ifdef __cplusplus
}
#endif
#endif
