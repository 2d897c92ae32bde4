/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/status.h"

/* In the order of dhcpha_status. */
static const char *const texts[] = {
  "success",
  "out of memory",
  "invalid argument",
  "unknown id or name",
  "not a command of High Availability",
  "limit reached",
  "malformed input",
  "invalid configuration",
  "not possible in this state",
  "input or output failed",
  "timed out",
  "connection refused or closed",
};

const char *dhcpha_strerror(dhcpha_status status) {
  size_t index = (size_t)(unsigned)status;
  return index < sizeof texts / sizeof texts[0] ? texts[index] : "unknown status";
}
