/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "store.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"

static bool take(const dhcpha_lease *lease, void *user_data) {
  struct store *store = user_data;
  return lease_table_put(&store->table, lease) != NULL;
}

bool store_open(struct store *store, uint8_t family, const char *path, char *text,
                size_t text_size) {
  memset(store, 0, sizeof *store);
  if (!lease_table_init(&store->table)) return false;
  if (path == NULL) return true;
  store->journal = journal_open(family, path, text, text_size);
  if (store->journal != NULL && journal_read(store->journal, take, store, text, text_size))
    return true;
  store_close(store);
  return false;
}

void store_close(struct store *store) {
  if (store_is_dirty(store)) store_commit(store);
  journal_close(store->journal);
  lease_table_free(&store->table);
  free(store->changed);
  memset(store, 0, sizeof *store);
}

/* Remembered first: what has been changed will be written. */
static bool remember(struct store *store, struct lease_id id) {
  if (store->journal == NULL) {
    store->changed_count = 1; /* only whether there is any */
    return true;
  }
  if (store->changed_count == store->changed_room) {
    size_t room = store->changed_room * 2 + 256;
    struct lease_id *changed = realloc(store->changed, room * sizeof *changed);
    if (changed == NULL) return false;
    store->changed = changed;
    store->changed_room = room;
  }
  store->changed[store->changed_count++] = id;
  return true;
}

/* P1 4.8: an update does not make a DHCPv6 lease a registered one, nor another of that. */
static bool is_refused(const struct lease_entry *old, const dhcpha_lease *lease,
                       dhcpha_lease_operation operation) {
  return (operation == DHCPHA_LEASE_PUT || operation == DHCPHA_LEASE_PUT_EXISTING) &&
         lease->address.family == DHCPHA_DHCP6 &&
         (old->state == DHCPHA_LEASE_REGISTERED) != (lease->state == DHCPHA_LEASE_REGISTERED);
}

dhcpha_stored store_change(struct store *store, const dhcpha_lease *lease,
                           dhcpha_lease_operation operation) {
  struct lease_id id = lease_id_of(lease);
  const struct lease_entry *old = lease_table_find(&store->table, id);
  bool existed = old != NULL;
  if (ip_is_none(id.ip)) return DHCPHA_STORED_FAILED;
  if (!existed && (operation == DHCPHA_LEASE_DELETE || operation == DHCPHA_LEASE_PUT_EXISTING))
    return DHCPHA_STORED_MISSING;
  if (existed && operation == DHCPHA_LEASE_PUT_NEWER && old->cltt >= lease->cltt)
    return DHCPHA_STORED_KEPT;
  if (existed && is_refused(old, lease, operation)) return DHCPHA_STORED_REFUSED;
  if (!remember(store, id)) return DHCPHA_STORED_FAILED;

  const struct lease_entry *entry = NULL;
  if (operation == DHCPHA_LEASE_DELETE) lease_table_remove(&store->table, id);
  else if ((entry = lease_table_put(&store->table, lease)) == NULL) return DHCPHA_STORED_FAILED;
  if (store->on_change != NULL) store->on_change(id, entry, store->user_data);
  if (operation == DHCPHA_LEASE_DELETE) return DHCPHA_STORED_DELETED;
  return existed ? DHCPHA_STORED_UPDATED : DHCPHA_STORED_ADDED;
}

bool store_is_dirty(const struct store *store) { return store->changed_count > 0; }

static bool write_changes(struct store *store) {
  if (!journal_begin(store->journal)) return false;
  for (size_t i = 0; i < store->changed_count; i++) {
    const struct lease_entry *entry = lease_table_find(&store->table, store->changed[i]);
    dhcpha_lease lease;
    if (entry != NULL) lease_entry_get(entry, &lease);
    if (!(entry != NULL ? journal_put(store->journal, &lease)
                        : journal_delete(store->journal, store->changed[i])))
      return false;
  }
  return journal_commit(store->journal);
}

static int by_id(const void *a, const void *b) { return lease_id_compare(a, b); }

/* While the disk is full, the same leases are renewed again and again. */
static void forget_repeated(struct store *store) {
  size_t kept = 0;
  qsort(store->changed, store->changed_count, sizeof *store->changed, by_id);
  for (size_t i = 0; i < store->changed_count; i++)
    if (kept == 0 || by_id(&store->changed[kept - 1], &store->changed[i]) != 0)
      store->changed[kept++] = store->changed[i];
  store->changed_count = kept;
}

bool store_commit(struct store *store) {
  if (store->journal != NULL && store_is_dirty(store) && !write_changes(store)) {
    if (!store->failing)
      log_line(DHCPHA_LEVEL_ERROR, "leases_not_stored", "leases cannot be stored: %s",
               journal_error(store->journal));
    store->failing = true;
    journal_rollback(store->journal);
    forget_repeated(store);
    return false;
  }
  if (store->failing)
    log_line(DHCPHA_LEVEL_INFO, "leases_stored", "leases can be stored again");
  store->failing = false;
  store->changed_count = 0;
  return true;
}
