/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * store: the leases, and what makes them durable.
 * Every change is seen in memory at once and gathered until store_commit(), which writes all of
 * them in one transaction: whoever must not be told before a change is durable waits for it.
 */
#ifndef DHCPD_STORE_H
#define DHCPD_STORE_H

#include "journal.h"
#include "lease_table.h"

struct store {
  struct lease_table table;
  struct journal *journal;    /* NULL: memory only */
  struct lease_id *changed;   /* since the last commit */
  size_t changed_count, changed_room;
  bool failing;               /* the last commit failed, and that was logged */
  /* A lease was put, or removed: ENTRY is NULL then.  May be NULL. */
  void (*on_change)(struct lease_id id, const struct lease_entry *entry, void *user_data);
  void *user_data;
};

/* PATH is NULL for memory only.  False: TEXT says why. */
bool store_open(struct store *store, uint8_t family, const char *path, char *text,
                size_t text_size);
void store_close(struct store *store);

/* Do to the lease what is to be done; DHCPHA_STORED_FAILED when there is no memory. */
dhcpha_stored store_change(struct store *store, const dhcpha_lease *lease,
                           dhcpha_lease_operation operation);

bool store_is_dirty(const struct store *store);

/* Make all changes durable.  False: none is; they are tried again with the next commit. */
bool store_commit(struct store *store);

#endif
