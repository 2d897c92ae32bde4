/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * answers: answers that may not leave yet: their leases are not durable, or a peer has not
 * acknowledged them.
 */
#ifndef DHCPD_ANSWERS_H
#define DHCPD_ANSWERS_H

#include <dhcpha/query.h>

#include "lease_table.h"
#include "sockets.h"

#define ANSWERS_MAX 16384     /* waiting at a time; queries beyond it are dropped */
#define ANSWER_SIZE_MAX 2048  /* bytes of an answer, its relays' headers included */
#define ANSWER_LEASES_MAX 16  /* that one exchange may change, and as many that it may end */

/* What an exchange did to leases. */
struct changes {
  struct lease_id leased[ANSWER_LEASES_MAX]; /* new or changed */
  size_t leased_count;
  struct lease_entry *deleted[ANSWER_LEASES_MAX]; /* copies of those that ended; for free() */
  size_t deleted_count;
};

void changes_free(struct changes *changes);

/* Note a lease that is new or changed, or the copy of one that ended.  False: no room, or no
 * memory. */
bool changes_add_leased(struct changes *changes, struct lease_id id);
bool changes_add_deleted(struct changes *changes, const dhcpha_lease *lease);

struct answer {
  uint64_t id; /* the query's, for the hub; 0: not in use */
  struct answer *next;
  struct route route;
  size_t len;      /* 0: there is nothing to send, as for DHCPRELEASE */
  uint32_t number; /* its place among all */
  struct changes changes;
  /* The query's facts, copied: its packet is gone by now. */
  uint8_t type;
  uint16_t secs, elapsed;
  bool has_elapsed;
  uint8_t hw_address_len;
  uint8_t hw_address[20];
  uint16_t client_id_len;
  uint8_t client_id[DHCPHA_CLIENT_ID_JOINED_MAX];
  const char *server_name;
  uint8_t bytes[ANSWER_SIZE_MAX];
};

struct answers {
  struct answer *all[ANSWERS_MAX];
  size_t made;
  struct answer *unused;
  uint64_t turns;
  size_t waiting;
};

/* A fresh answer with an id of its own; NULL: there are too many, or no memory. */
struct answer *answers_take(struct answers *answers);
void answers_give_back(struct answers *answers, struct answer *answer);

/* The waiting answer with this id; NULL when there is none. */
struct answer *answers_find(const struct answers *answers, uint64_t id);
void answers_free(struct answers *answers);

/* The query's facts, into the answer and out again. */
void answer_keep_query(struct answer *answer, const dhcpha_query *query);
void answer_get_query(const struct answer *answer, dhcpha_query *query);

#endif
