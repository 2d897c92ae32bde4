/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/partner.h"

#include "base/deadline.h"

#include <string.h>

#define SCOPES_TEXT_MAX (DHCPHA_PARTNER_SCOPES_MAX * 1024)

void dhcpha_partner_init(dhcpha_partner *partner, const dhcpha_allocator *allocator,
                         int64_t now_ms) {
  memset(partner, 0, sizeof *partner);
  partner->state = DHCPHA_STATE_NONE;
  partner->contact_ms = now_ms;
  partner->terminated_since_ms = DHCPHA_NEVER;
  dhcpha_buffer_init(&partner->scopes, allocator, SCOPES_TEXT_MAX);
}

void dhcpha_partner_free(dhcpha_partner *partner) {
  dhcpha_buffer_free(&partner->scopes);
}

void dhcpha_partner_set_state(dhcpha_partner *partner, dhcpha_state state, int64_t now_ms) {
  partner->heard = true;
  /* Silence in between does not begin the ten minutes anew (P2 15.20). */
  if (state != DHCPHA_STATE_TERMINATED && state != DHCPHA_STATE_UNAVAILABLE)
    partner->terminated_since_ms = DHCPHA_NEVER;
  else if (state == DHCPHA_STATE_TERMINATED && partner->terminated_since_ms == DHCPHA_NEVER)
    partner->terminated_since_ms = now_ms;
  partner->state = state;
}

void dhcpha_partner_contacted(dhcpha_partner *partner, int64_t now_ms) {
  partner->contact_ms = now_ms;
}

int64_t dhcpha_partner_silent_from(const dhcpha_partner *partner, uint32_t limit_ms) {
  return dhcpha_deadline_after(partner->contact_ms, (int64_t)limit_ms + 1);
}

bool dhcpha_partner_is_silent(const dhcpha_partner *partner, int64_t now_ms, uint32_t limit_ms) {
  return dhcpha_deadline_passed(dhcpha_partner_silent_from(partner, limit_ms), now_ms);
}

bool dhcpha_partner_is_terminated_long(const dhcpha_partner *partner, int64_t now_ms) {
  return partner->state == DHCPHA_STATE_TERMINATED &&
         now_ms - partner->terminated_since_ms >= DHCPHA_TERMINATED_LONG_MS;
}

/* Kea compares the last two counts only, and forgets a change that came before (P2 15.13). */
void dhcpha_partner_take_unsent(dhcpha_partner *partner, uint64_t count) {
  if (count > 0 && count != partner->unsent_latest) partner->unsent_changed = true;
  partner->unsent_latest = count;
}

bool dhcpha_partner_has_new_unsent(const dhcpha_partner *partner) {
  return partner->unsent_changed && partner->unsent_latest > 0;
}

void dhcpha_partner_settle_unsent(dhcpha_partner *partner) {
  partner->unsent_changed = false;
}

static int compare(const dhcpha_json_value *a, const dhcpha_json_value *b) {
  size_t shorter = a->text_len < b->text_len ? a->text_len : b->text_len;
  int order = memcmp(a->text, b->text, shorter);
  if (order != 0) return order;
  return a->text_len < b->text_len ? -1 : a->text_len > b->text_len;
}

/* The smallest name above `last`; NULL at the end.  There are few names: no need to sort. */
static const dhcpha_json_value *next_name(const dhcpha_json_value *scopes,
                                          const dhcpha_json_value *last) {
  const dhcpha_json_value *best = NULL;
  for (const dhcpha_json_value *name = scopes->first; name != NULL; name = name->next)
    if (name->text_len != 0 && (last == NULL || compare(name, last) > 0) &&
        (best == NULL || compare(name, best) < 0))
      best = name;
  return best;
}

void dhcpha_partner_take_scopes(dhcpha_partner *partner, const dhcpha_json_value *scopes) {
  if (!dhcpha_json_is(scopes, DHCPHA_JSON_LIST)) return;
  if (scopes->count > DHCPHA_PARTNER_SCOPES_MAX) return;
  for (const dhcpha_json_value *name = scopes->first; name != NULL; name = name->next)
    if (name->type != DHCPHA_JSON_STRING || name->text_len > 255) return;
  dhcpha_buffer_clear(&partner->scopes);
  dhcpha_buffer_append_char(&partner->scopes, '[');
  const dhcpha_json_value *name = NULL;
  while ((name = next_name(scopes, name)) != NULL) {
    if (partner->scopes.len > 1) dhcpha_buffer_append_char(&partner->scopes, ',');
    dhcpha_json_write_string(&partner->scopes, name->text, name->text_len);
  }
  dhcpha_buffer_append_char(&partner->scopes, ']');
  if (partner->scopes.status != DHCPHA_OK) dhcpha_buffer_clear(&partner->scopes);
}
