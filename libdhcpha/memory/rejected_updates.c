/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/rejected_updates.h"

#include "base/deadline.h"

#include <string.h>

dhcpha_status dhcpha_rejected_updates_init(dhcpha_rejected_updates *rejected,
                                           const dhcpha_allocator *allocator) {
  rejected->first_end_ms = DHCPHA_NEVER;
  rejected->clients =
      dhcpha_byte_map_new(allocator, sizeof(int64_t), DHCPHA_REJECTED_CLIENTS_MAX);
  return rejected->clients == NULL ? DHCPHA_ERR_NOMEM : DHCPHA_OK;
}

void dhcpha_rejected_updates_free(dhcpha_rejected_updates *rejected) {
  dhcpha_byte_map_free(rejected->clients);
  rejected->clients = NULL;
}

void dhcpha_rejected_updates_note(dhcpha_rejected_updates *rejected, const uint8_t *key,
                                  size_t len, int64_t now_ms) {
  void *value = NULL;
  if (len == 0) return;
  if (dhcpha_byte_map_insert(rejected->clients, key, len, &value, NULL) != DHCPHA_OK) return;
  int64_t end_ms = dhcpha_deadline_after(now_ms, DHCPHA_REJECTED_CLIENT_MS);
  memcpy(value, &end_ms, sizeof end_ms);
  rejected->first_end_ms = dhcpha_deadline_earlier(rejected->first_end_ms, end_ms);
}

void dhcpha_rejected_updates_forget(dhcpha_rejected_updates *rejected, const uint8_t *key,
                                    size_t len) {
  if (len != 0 && dhcpha_byte_map_count(rejected->clients) != 0)
    (void)dhcpha_byte_map_remove(rejected->clients, key, len);
}

void dhcpha_rejected_updates_clear(dhcpha_rejected_updates *rejected) {
  dhcpha_byte_map_clear(rejected->clients);
  rejected->first_end_ms = DHCPHA_NEVER;
}

typedef struct purge {
  int64_t now_ms;
  int64_t first_end_ms;
} purge;

static bool is_current(const void *key, size_t key_len, void *value, void *user_data) {
  purge *pass = user_data;
  int64_t end_ms;
  (void)key;
  (void)key_len;
  memcpy(&end_ms, value, sizeof end_ms);
  if (dhcpha_deadline_passed(end_ms, pass->now_ms)) return false;
  pass->first_end_ms = dhcpha_deadline_earlier(pass->first_end_ms, end_ms);
  return true;
}

size_t dhcpha_rejected_updates_count(dhcpha_rejected_updates *rejected, int64_t now_ms) {
  if (dhcpha_deadline_passed(rejected->first_end_ms, now_ms)) {
    purge pass = {now_ms, DHCPHA_NEVER};
    dhcpha_byte_map_filter(rejected->clients, is_current, &pass);
    rejected->first_end_ms = pass.first_end_ms;
  }
  return dhcpha_byte_map_count(rejected->clients);
}
