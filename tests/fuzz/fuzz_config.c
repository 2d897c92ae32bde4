/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* Any text as a configuration: it is read or refused with reasons, in both families. */
#include "fuzz/fuzz.h"

#include <dhcpha/config.h>

#include <string.h>

static size_t count_errors(const dhcpha_messages *messages) {
  size_t errors = 0;
  for (size_t i = 0; i < dhcpha_messages_get_count(messages); i++) {
    const char *place = dhcpha_messages_get_place(messages, i);
    const char *text = dhcpha_messages_get_text(messages, i);
    FUZZ_CHECK(place != NULL && text != NULL && strlen(text) >= strlen(place));
    errors += dhcpha_messages_get_severity(messages, i) == DHCPHA_SEVERITY_ERROR;
  }
  return errors;
}

static void check_relationship(const dhcpha_relationship *relationship) {
  FUZZ_CHECK(relationship->peer_count >= 1 && relationship->self != NULL);
  FUZZ_CHECK(relationship->self != relationship->partner);
  FUZZ_CHECK(relationship->sync_page_limit >= 1);
  const char *before = "";
  for (size_t i = 0; i < relationship->peer_count; i++) {
    FUZZ_CHECK(strcmp(before, relationship->peers[i]->name) < 0);
    before = relationship->peers[i]->name;
  }
}

static void check_config(const dhcpha_config *config, dhcpha_family family) {
  dhcpha_messages *warnings = NULL;
  FUZZ_CHECK(dhcpha_config_get_family(config) == family);
  size_t count = dhcpha_config_get_relationship_count(config);
  FUZZ_CHECK(count >= 1);
  for (size_t i = 0; i < count; i++)
    check_relationship(dhcpha_config_get_relationship(config, i));
  FUZZ_CHECK(dhcpha_config_get_relationship(config, count) == NULL);
  if (dhcpha_config_lint(config, &warnings) == DHCPHA_OK) FUZZ_CHECK(count_errors(warnings) == 0);
  dhcpha_messages_free(warnings);
}

static void parse(fuzz_run *run, dhcpha_family family, const uint8_t *data, size_t len) {
  dhcpha_config *config = NULL;
  dhcpha_messages *messages = NULL;
  dhcpha_status status = dhcpha_config_parse(family, (const char *)data, len, &run->allocator,
                                             &config, &messages);
  FUZZ_CHECK((status == DHCPHA_OK) == (config != NULL));
  if (!run->allocation_fails) {
    FUZZ_CHECK(status == DHCPHA_OK || status == DHCPHA_ERR_CONFIG);
    FUZZ_CHECK((count_errors(messages) != 0) == (status == DHCPHA_ERR_CONFIG));
  }
  if (config != NULL) check_config(config, family);
  dhcpha_messages_free(messages);
  dhcpha_config_free(config);
}

static void target(fuzz_run *run, const uint8_t *data, size_t len) {
  parse(run, DHCPHA_DHCP4, data, len);
  parse(run, DHCPHA_DHCP6, data, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  fuzz_play(target, data, len);
  return 0;
}
