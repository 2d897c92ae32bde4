/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "body.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Memory kept for the next message. */
#define KEPT_MAX 65536

/* Grows by doubling. */
bool dhcpha_body_make_room(dhcpha_body *body, size_t wanted) {
  if (wanted <= body->room) return true;
  size_t larger = body->room <= SIZE_MAX / 2 && body->room * 2 > wanted ? body->room * 2 : wanted;
  char *moved = realloc(body->bytes, larger);
  if (moved == NULL) return false;
  body->bytes = moved;
  body->room = larger;
  return true;
}

bool dhcpha_body_append(dhcpha_body *body, const char *data, size_t len) {
  if (len == 0) return true;
  if (!dhcpha_body_make_room(body, body->len + len)) return false;
  memcpy(body->bytes + body->len, data, len);
  body->len += len;
  return true;
}

const char *dhcpha_body_get(const dhcpha_body *body) { return body->len > 0 ? body->bytes : ""; }

void dhcpha_body_clear(dhcpha_body *body) {
  body->len = 0;
  if (body->room > KEPT_MAX) dhcpha_body_free(body);
}

dhcpha_body dhcpha_body_take(dhcpha_body *body) {
  dhcpha_body taken = *body;
  *body = (dhcpha_body){ NULL, 0, 0 };
  return taken;
}

void dhcpha_body_give_back(dhcpha_body *body, dhcpha_body taken) {
  if (body->bytes != NULL) {
    dhcpha_body_free(&taken);
    return;
  }
  *body = taken;
  dhcpha_body_clear(body);
}

void dhcpha_body_free(dhcpha_body *body) {
  free(body->bytes);
  *body = (dhcpha_body){ NULL, 0, 0 };
}
