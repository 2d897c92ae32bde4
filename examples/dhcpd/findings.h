/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * findings: what was found wrong, or doubtful, in a configuration, and where.
 * A place is written as `Dhcp4.subnet4[0].pools[1].pool`.
 */
#ifndef DHCPD_FINDINGS_H
#define DHCPD_FINDINGS_H

#include <dhcpha/config.h>

#include "arena.h"

/* One step of the way to a value; lives on the stack of who reads it. */
struct place {
  const struct place *above; /* NULL: the whole */
  const char *key;           /* NULL: an element of a list */
  size_t index;
};

struct finding {
  dhcpha_severity severity;
  const char *text; /* "PLACE: what is wrong" */
};

struct findings {
  struct arena arena;
  struct finding *list;
  size_t count, errors;
};

void findings_add(struct findings *findings, dhcpha_severity severity, const struct place *place,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The library's messages on the part of the configuration at PLACE. */
void findings_add_messages(struct findings *findings, const struct place *place,
                           const dhcpha_messages *messages);

const char *severity_name(dhcpha_severity severity);
void findings_free(struct findings *findings);

#endif
