/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * fixture: a configuration, its leases and its pools, for tests of what queries lead to.
 */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include "allocator.h"
#include "dhcpd.h"

static struct findings findings;
static struct config *config;
static struct store store;
static struct allocator allocator;
static struct changes changes;
static int64_t now_ms;

static inline void open_with(uint8_t family, const char *text) {
  char why[256];
  memset(&findings, 0, sizeof findings);
  config = config_read(family, text, strlen(text), true, &findings);
  ck_assert_msg(config != NULL, "%s", findings.count > 0 ? findings.list[0].text : "");
  ck_assert(store_open(&store, family, NULL, why, sizeof why));
  ck_assert(allocator_init(&allocator, config, &store));
  now_ms = 1;
}

static inline void close_all(void) {
  changes_free(&changes);
  allocator_free(&allocator);
  store_close(&store);
  config_free(config);
  findings_free(&findings);
}

#endif
