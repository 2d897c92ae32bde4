/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * journal: leases in an SQLite file.
 * It is read once, at the start, and written behind the leases in memory.  A commit returns when
 * its leases are on the disk (WAL, synchronous=FULL): neither kill -9 nor a power cut loses them.
 */
#ifndef DHCPD_JOURNAL_H
#define DHCPD_JOURNAL_H

#include <dhcpha/lease.h>

#include "ip.h"

struct journal;

/* Open the file, or make it, and lock it for this process.  NULL: TEXT says why. */
struct journal *journal_open(uint8_t family, const char *path, char *text, size_t text_size);
void journal_close(struct journal *journal);

/* Hand over each lease of the file; false: TEXT says why. */
bool journal_read(struct journal *journal, bool (*take)(const dhcpha_lease *lease, void *user_data),
                  void *user_data, char *text, size_t text_size);

/* One transaction.  After a failure only journal_rollback() may follow. */
bool journal_begin(struct journal *journal);
bool journal_put(struct journal *journal, const dhcpha_lease *lease);
bool journal_delete(struct journal *journal, struct lease_id id);
bool journal_commit(struct journal *journal);
void journal_rollback(struct journal *journal);

const char *journal_error(const struct journal *journal);

#endif
