/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* Any JSON as a lease, in both forms and families: writing what was read changes nothing. */
#include "dhcp/lease_json.h"
#include "fuzz/fuzz.h"

#include <string.h>

#define ARENA_MAX ((size_t)64 * 1024 * 1024)
#define TEXT_MAX ((size_t)16 * 1024 * 1024)
#define NOW_UTC 1795355652
#define VALID_LFT 4000 /* of the subnet, for a lease that comes without one */

/* Text to lease to text.  false when it is no lease. */
static bool rewrite(fuzz_run *run, dhcpha_family family, dhcpha_lease_form form,
                    const char *text, size_t len, dhcpha_buffer *out) {
  dhcpha_lease_reading reading;
  dhcpha_buffer scratch;
  dhcpha_arena arena;
  memset(&reading, 0, sizeof reading);
  reading.scratch = &scratch;
  dhcpha_buffer_init(&scratch, &run->allocator, TEXT_MAX);
  dhcpha_arena_init(&arena, &run->allocator, ARENA_MAX);
  const dhcpha_json_value *map = dhcpha_json_read(&arena, text, len, NULL);
  dhcpha_status status = DHCPHA_ERR_MALFORMED;
  if (map != NULL) status = dhcpha_lease_json_read(&reading, family, form, map);
  if (map != NULL && status == DHCPHA_ERR_MALFORMED)
    FUZZ_CHECK(reading.error[0] != '\0' && memchr(reading.error, '\0', sizeof reading.error));
  if (status == DHCPHA_OK && form == DHCPHA_LEASE_FORM_UPDATE) {
    if (!reading.has_valid_lft) reading.lease.valid_lft = VALID_LFT;
    if (!reading.has_preferred_lft) reading.lease.preferred_lft = VALID_LFT / 2;
    if (!reading.has_subnet_id) reading.lease.subnet_id = 1;
    status = dhcpha_lease_json_settle(&reading, NOW_UTC);
  }
  if (status == DHCPHA_OK) {
    FUZZ_CHECK(dhcpha_lease_is_valid(&reading.lease, family));
    dhcpha_lease_json_write(out, family, form, &reading.lease);
  }
  dhcpha_buffer_free(&scratch);
  dhcpha_arena_free(&arena);
  return status == DHCPHA_OK && out->status == DHCPHA_OK;
}

static void read_lease(fuzz_run *run, dhcpha_family family, dhcpha_lease_form form,
                       const uint8_t *data, size_t len) {
  dhcpha_buffer first, second;
  dhcpha_buffer_init(&first, &run->allocator, TEXT_MAX);
  dhcpha_buffer_init(&second, &run->allocator, TEXT_MAX);
  if (rewrite(run, family, form, (const char *)data, len, &first)) {
    bool again = rewrite(run, family, form, first.data, first.len, &second);
    FUZZ_CHECK(again || run->allocation_fails);
    if (again)
      FUZZ_CHECK(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
  }
  dhcpha_buffer_free(&second);
  dhcpha_buffer_free(&first);
}

static void target(fuzz_run *run, const uint8_t *data, size_t len) {
  static const dhcpha_family families[] = {DHCPHA_DHCP4, DHCPHA_DHCP6};
  static const dhcpha_lease_form forms[] = {DHCPHA_LEASE_FORM_UPDATE, DHCPHA_LEASE_FORM_PAGE};
  for (size_t i = 0; i < 2; i++)
    for (size_t j = 0; j < 2; j++) read_lease(run, families[i], forms[j], data, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  fuzz_play(target, data, len);
  return 0;
}
