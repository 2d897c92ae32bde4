/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * told: what is said of a configuration.
 */
#ifndef TESTS_TOLD_H
#define TESTS_TOLD_H

#include <stdio.h>

#include "dhcpd.h"

/* A configuration, and what one of the messages about it contains. */
struct told_row {
  const char *text, *told;
};

static inline bool is_told(const struct findings *findings, const char *text) {
  for (size_t i = 0; i < findings->count; i++) {
    char line[1200];
    snprintf(line, sizeof line, "%s %s", severity_name(findings->list[i].severity),
             findings->list[i].text);
    if (strstr(line, text) != NULL) return true;
  }
  return false;
}

/* FAMILY 0: of either. */
static inline struct config *read_config(uint8_t family, const char *text,
                                         struct findings *findings) {
  memset(findings, 0, sizeof *findings);
  return config_read(family, text, strlen(text), true, findings);
}

static inline void check_told(uint8_t family, const struct told_row *row) {
  struct findings findings;
  struct config *config = read_config(family, row->text, &findings);
  ck_assert_msg(is_told(&findings, row->told), "%s\nshould say: %s\nsays: %s", row->text,
                row->told, findings.count > 0 ? findings.list[0].text : "nothing");
  ck_assert_int_eq(config == NULL, findings.errors > 0);
  config_free(config);
  findings_free(&findings);
}

static inline void check_beginnings(uint8_t family, const char *text) {
  for (size_t len = 0; len < strlen(text); len++) {
    struct findings findings = { .count = 0 };
    config_free(config_read(family, text, len, true, &findings));
    findings_free(&findings);
  }
}

#endif
