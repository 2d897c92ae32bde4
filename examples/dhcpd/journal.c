/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "lease_table.h"

enum statement { BEGIN, COMMIT, ROLLBACK, PUT, DELETE, READ, STATEMENTS };

#define COLUMNS                                                                                   \
  "address, subnet_id, pool_id, state, valid_lft, cltt, fqdn_fwd, fqdn_rev, hw_address,"          \
  " client_id, hostname, user_context"
#define COLUMNS6 COLUMNS ", type, prefix_len, iaid, preferred_lft"
#define VALUES "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12"
#define VALUES6 VALUES ", ?13, ?14, ?15, ?16"
#define COLUMN_TYPES                                                                              \
  " subnet_id INTEGER NOT NULL, pool_id INTEGER NOT NULL, state INTEGER NOT NULL,"                \
  " valid_lft INTEGER NOT NULL, cltt INTEGER NOT NULL,"                                           \
  " fqdn_fwd INTEGER NOT NULL, fqdn_rev INTEGER NOT NULL,"                                        \
  " hw_address BLOB, client_id BLOB, hostname BLOB, user_context BLOB"
#define MODES "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=2000;"

#define TRANSACTIONS [BEGIN] = "BEGIN IMMEDIATE", [COMMIT] = "COMMIT", [ROLLBACK] = "ROLLBACK"

/* One file is for one family. */
struct schema {
  const char *setup;
  const char *statements[STATEMENTS];
};

static const struct schema schema4 = {
  MODES "CREATE TABLE IF NOT EXISTS lease4 ("
  " address INTEGER PRIMARY KEY," /* 192.0.2.1 is 3221225985 */
  COLUMN_TYPES ");",
  {
    TRANSACTIONS,
    [PUT] = "INSERT OR REPLACE INTO lease4 (" COLUMNS ") VALUES (" VALUES ")",
    [DELETE] = "DELETE FROM lease4 WHERE address = ?1",
    [READ] = "SELECT " COLUMNS " FROM lease4 ORDER BY address",
  },
};

static const struct schema schema6 = {
  MODES "CREATE TABLE IF NOT EXISTS lease6 ("
  " address BLOB NOT NULL, type INTEGER NOT NULL," /* 16 bytes; 0 IA_NA, 2 IA_PD */
  " prefix_len INTEGER NOT NULL, iaid INTEGER NOT NULL, preferred_lft INTEGER NOT NULL,"
  COLUMN_TYPES ", PRIMARY KEY (address, type)) WITHOUT ROWID;",
  {
    TRANSACTIONS,
    [PUT] = "INSERT OR REPLACE INTO lease6 (" COLUMNS6 ") VALUES (" VALUES6 ")",
    [DELETE] = "DELETE FROM lease6 WHERE address = ?1 AND type = ?2",
    [READ] = "SELECT " COLUMNS6 " FROM lease6 ORDER BY address, type",
  },
};

struct journal {
  sqlite3 *database;
  uint8_t family;
  sqlite3_stmt *prepared[STATEMENTS];
  int lock; /* held open as long as the database: closing it earlier would undo SQLite's locks */
};

/* Two servers of a pair started with one file would overwrite each other's leases. */
static bool lock_file(struct journal *journal, const char *path, char *text, size_t text_size) {
  journal->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (journal->lock >= 0 && flock(journal->lock, LOCK_EX | LOCK_NB) == 0) return true;
  snprintf(text, text_size, "%s: %s", path,
           errno == EWOULDBLOCK ? "another server uses this file" : strerror(errno));
  return false;
}

struct journal *journal_open(uint8_t family, const char *path, char *text, size_t text_size) {
  const struct schema *schema = family == 4 ? &schema4 : &schema6;
  struct journal *journal = calloc(1, sizeof *journal);
  if (journal == NULL) {
    snprintf(text, text_size, "out of memory");
    return NULL;
  }
  journal->lock = -1;
  journal->family = family;
  if (!lock_file(journal, path, text, text_size)) {
    journal_close(journal);
    return NULL;
  }
  int code = sqlite3_open_v2(path, &journal->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                             NULL);
  if (code == SQLITE_OK) code = sqlite3_exec(journal->database, schema->setup, NULL, NULL, NULL);
  for (int i = 0; code == SQLITE_OK && i < STATEMENTS; i++)
    code = sqlite3_prepare_v2(journal->database, schema->statements[i], -1, &journal->prepared[i],
                              NULL);
  if (code == SQLITE_OK) return journal;
  snprintf(text, text_size, "%s: %s", path, journal_error(journal));
  journal_close(journal);
  return NULL;
}

void journal_close(struct journal *journal) {
  if (journal == NULL) return;
  for (int i = 0; i < STATEMENTS; i++) sqlite3_finalize(journal->prepared[i]);
  sqlite3_close(journal->database);
  if (journal->lock >= 0) close(journal->lock);
  free(journal);
}

const char *journal_error(const struct journal *journal) {
  return journal->database != NULL ? sqlite3_errmsg(journal->database) : "out of memory";
}

static size_t column_bytes(sqlite3_stmt *row, int column, const void **bytes) {
  *bytes = sqlite3_column_blob(row, column);
  return *bytes != NULL ? (size_t)sqlite3_column_bytes(row, column) : 0;
}

static void read_address(sqlite3_stmt *row, dhcpha_lease *lease) {
  const void *bytes;
  if (column_bytes(row, 0, &bytes) == sizeof lease->address.bytes) {
    lease->address.family = 6;
    memcpy(lease->address.bytes, bytes, sizeof lease->address.bytes);
  }
  lease->type = (uint8_t)sqlite3_column_int(row, 12);
  lease->prefix_len = (uint8_t)sqlite3_column_int(row, 13);
  lease->iaid = (uint32_t)sqlite3_column_int64(row, 14);
  lease->preferred_lft = (uint32_t)sqlite3_column_int64(row, 15);
}

static void read_row(uint8_t family, sqlite3_stmt *row, dhcpha_lease *lease) {
  const void *bytes;
  dhcpha_lease_init(lease);
  if (family == 6) read_address(row, lease);
  else lease->address = address_of((uint32_t)sqlite3_column_int64(row, 0));
  lease->subnet_id = (uint32_t)sqlite3_column_int64(row, 1);
  lease->pool_id = (uint32_t)sqlite3_column_int64(row, 2);
  lease->state = (uint8_t)sqlite3_column_int(row, 3);
  lease->valid_lft = (uint32_t)sqlite3_column_int64(row, 4);
  lease->cltt = sqlite3_column_int64(row, 5);
  lease->fqdn_fwd = sqlite3_column_int(row, 6) != 0;
  lease->fqdn_rev = sqlite3_column_int(row, 7) != 0;
  lease->hw_address_len = column_bytes(row, 8, &bytes);
  lease->hw_address = bytes;
  lease->client_id_len = column_bytes(row, 9, &bytes);
  lease->client_id = bytes;
  lease->hostname_len = column_bytes(row, 10, &bytes);
  lease->hostname = bytes;
  lease->user_context_len = column_bytes(row, 11, &bytes);
  lease->user_context = bytes;
}

bool journal_read(struct journal *journal, bool (*take)(const dhcpha_lease *lease, void *user_data),
                  void *user_data, char *text, size_t text_size) {
  sqlite3_stmt *row = journal->prepared[READ];
  int code;
  while ((code = sqlite3_step(row)) == SQLITE_ROW) {
    dhcpha_lease lease;
    read_row(journal->family, row, &lease);
    if (!take(&lease, user_data)) {
      snprintf(text, text_size, "out of memory");
      break;
    }
  }
  if (code != SQLITE_DONE && code != SQLITE_ROW)
    snprintf(text, text_size, "%s", journal_error(journal));
  sqlite3_reset(row);
  return code == SQLITE_DONE;
}

static bool run(struct journal *journal, enum statement statement) {
  int code = sqlite3_step(journal->prepared[statement]);
  sqlite3_reset(journal->prepared[statement]);
  return code == SQLITE_DONE;
}

bool journal_begin(struct journal *journal) { return run(journal, BEGIN); }

bool journal_commit(struct journal *journal) { return run(journal, COMMIT); }

void journal_rollback(struct journal *journal) { run(journal, ROLLBACK); }

static int bind_bytes(sqlite3_stmt *put, int column, const void *bytes, size_t len) {
  return sqlite3_bind_blob64(put, column, len > 0 ? bytes : NULL, len, SQLITE_STATIC);
}

static void bind_address(const struct journal *journal, sqlite3_stmt *statement,
                         const dhcpha_address *address) {
  if (journal->family == 6)
    sqlite3_bind_blob(statement, 1, address->bytes, sizeof address->bytes, SQLITE_TRANSIENT);
  else sqlite3_bind_int64(statement, 1, ip4_of(address));
}

bool journal_put(struct journal *journal, const dhcpha_lease *lease) {
  sqlite3_stmt *put = journal->prepared[PUT];
  bind_address(journal, put, &lease->address);
  sqlite3_bind_int64(put, 2, lease->subnet_id);
  sqlite3_bind_int64(put, 3, lease->pool_id);
  sqlite3_bind_int(put, 4, lease->state);
  sqlite3_bind_int64(put, 5, lease->valid_lft);
  sqlite3_bind_int64(put, 6, lease->cltt);
  sqlite3_bind_int(put, 7, lease->fqdn_fwd);
  sqlite3_bind_int(put, 8, lease->fqdn_rev);
  int code = bind_bytes(put, 9, lease->hw_address, lease->hw_address_len);
  if (code == SQLITE_OK) code = bind_bytes(put, 10, lease->client_id, lease->client_id_len);
  if (code == SQLITE_OK) code = bind_bytes(put, 11, lease->hostname, lease->hostname_len);
  if (code == SQLITE_OK) code = bind_bytes(put, 12, lease->user_context, lease->user_context_len);
  if (journal->family == 6) {
    sqlite3_bind_int(put, 13, lease->type);
    sqlite3_bind_int(put, 14, lease->prefix_len);
    sqlite3_bind_int64(put, 15, lease->iaid);
    sqlite3_bind_int64(put, 16, lease->preferred_lft);
  }
  return code == SQLITE_OK && run(journal, PUT);
}

bool journal_delete(struct journal *journal, struct lease_id id) {
  sqlite3_stmt *statement = journal->prepared[DELETE];
  dhcpha_address address = ip_address(journal->family, id.ip);
  bind_address(journal, statement, &address);
  if (journal->family == 6) sqlite3_bind_int(statement, 2, id.type);
  return run(journal, DELETE);
}
