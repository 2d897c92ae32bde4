/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "refusals.h"

static const struct {
  int http_status;
  const char *body;
} bodies[] = {
  { 401, "{ \"result\": 401, \"text\": \"Unauthorized\" }" },
  { 408, "{ \"result\": 408, \"text\": \"Request Timeout\" }" },
  { 413, "{ \"result\": 413, \"text\": \"Payload Too Large\" }" },
  { 431, "{ \"result\": 431, \"text\": \"Request Header Fields Too Large\" }" },
  { 400, "{ \"result\": 400, \"text\": \"Bad Request\" }" },
};

const char *dhcpha_refusal_get_body(int http_status) {
  size_t last = sizeof bodies / sizeof bodies[0] - 1;
  for (size_t i = 0; i < last; i++)
    if (bodies[i].http_status == http_status) return bodies[i].body;
  return bodies[last].body;
}

void dhcpha_refusals_note(dhcpha_refusals *refusals, size_t listener, int http_status,
                          const char *text) {
  if (refusals->count >= DHCPHA_REFUSALS_MAX) return;
  refusals->noted[refusals->count++] = (dhcpha_refusal){ listener, http_status, text };
}
