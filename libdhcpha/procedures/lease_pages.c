/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/lease_pages.h"

#include "dhcp/address.h"
#include "dhcp/lease.h"
#include "memory/log.h"
#include "procedures/lease_request.h"
#include "rules/ha_commands.h"

#include <stdlib.h>
#include <string.h>

/* How far a page is: notes of the answer begin with it; behind it are the ids of the subnets that
 * are wanted, ascending; none: all. */
typedef struct page {
  dhcpha_address last; /* of the lease written last */
  bool is_page;        /* not all leases */
  dhcpha_released_treatment released;
  bool extra;          /* the lease behind the page was seen */
  uint32_t together;   /* leases written last, with the same address */
  size_t element_at;   /* where in the answer the last lease begins; 0: there is none */
  size_t before_at;    /* the same of the lease before those together; 0: there is none */
  size_t together_at;  /* where these begin, with their comma */
} page;

/* ---- what is asked for ---- */

static void ask(dhcpha_context *context, dhcpha_action *answer, const page *wanted,
                const dhcpha_page_arguments *arguments) {
  dhcpha_exchange *exchange =
      dhcpha_exchanges_add(&context->exchanges, DHCPHA_EXCHANGE_SERVE_READ, 0, NULL);
  dhcpha_action *action = NULL;
  if (exchange != NULL && answer->notes.status == DHCPHA_OK)
    action = dhcpha_action_take(&context->actions, DHCPHA_ACTION_READ_LEASES, exchange->id);
  if (action == NULL) {
    if (exchange != NULL) dhcpha_exchanges_remove(&context->exchanges, exchange);
    dhcpha_context_answer(context, answer, DHCPHA_RESULT_ERROR, "out of memory");
    return;
  }
  exchange->answer = answer;
  exchange->limit = arguments->limit;
  dhcpha_buffer_append_text(&answer->json, "[{\"arguments\":{\"leases\":[");
  action->range.size = sizeof action->range;
  action->range.after = arguments->after;
  action->range.limit = arguments->limit;
  /* One more tells whether the page would end between two leases of one address. */
  if (wanted->is_page && context->family == DHCPHA_DHCP6 && arguments->limit < UINT32_MAX)
    action->range.limit++;
  dhcpha_outbox_put(&context->outbox, action);
}

void dhcpha_lease_get_page(dhcpha_context *context, const dhcpha_command *command,
                           dhcpha_action *answer, dhcpha_released_treatment released) {
  char text[DHCPHA_COMMAND_TEXT_SIZE];
  dhcpha_page_arguments arguments;
  page wanted = {.is_page = true, .released = released};
  const char *wrong = dhcpha_read_get_page(command, context->family, &arguments, text);
  if (wrong != NULL) {
    dhcpha_lease_request_refuse(context, answer, DHCPHA_RESULT_ERROR, wrong);
    return;
  }
  dhcpha_buffer_append(&answer->notes, &wanted, sizeof wanted);
  ask(context, answer, &wanted, &arguments);
}

static int compare_ids(const void *a, const void *b) {
  uint32_t left;
  uint32_t right;
  memcpy(&left, a, sizeof left);
  memcpy(&right, b, sizeof right);
  return left < right ? -1 : left > right;
}

/* The ids of `subnets` into the notes; NULL, or what is wrong. */
static const char *read_subnets(const dhcpha_json_value *arguments, dhcpha_buffer *notes) {
  if (arguments == NULL) return NULL;
  const dhcpha_json_value *list = dhcpha_json_get(arguments, "subnets");
  if (list == NULL) return "'subnets' parameter not specified";
  if (list->type != DHCPHA_JSON_LIST) return "'subnets' parameter must be a list";
  if (list->count > DHCPHA_GET_ALL_SUBNETS_MAX) return "too many subnets are listed";
  for (const dhcpha_json_value *v = list->first; v != NULL; v = v->next) {
    if (v->type != DHCPHA_JSON_INTEGER) return "listed subnet identifiers must be numbers";
    uint32_t id = v->integer < 0 || v->integer > UINT32_MAX ? 0 : (uint32_t)v->integer;
    dhcpha_buffer_append(notes, &id, sizeof id);
  }
  if (list->count == 0) { /* no subnet is not all subnets: no lease has this id */
    uint32_t none = 0;
    dhcpha_buffer_append(notes, &none, sizeof none);
  }
  if (notes->status == DHCPHA_OK)
    qsort(notes->data + sizeof(page), (notes->len - sizeof(page)) / sizeof(uint32_t),
          sizeof(uint32_t), compare_ids);
  return NULL;
}

void dhcpha_lease_get_all(dhcpha_context *context, const dhcpha_command *command,
                          dhcpha_action *answer, dhcpha_released_treatment released) {
  page wanted = {.released = released};
  dhcpha_page_arguments arguments = {.limit = UINT32_MAX};
  arguments.after.family = (uint8_t)context->family;
  dhcpha_buffer_append(&answer->notes, &wanted, sizeof wanted);
  const char *wrong = read_subnets(command->arguments, &answer->notes);
  if (wrong != NULL)
    dhcpha_lease_request_refuse(context, answer, DHCPHA_RESULT_ERROR, wrong);
  else
    ask(context, answer, &wanted, &arguments);
}

/* ---- what the host hands over ---- */

static bool is_wanted(const dhcpha_buffer *notes, const dhcpha_lease *lease) {
  size_t count = (notes->len - sizeof(page)) / sizeof(uint32_t);
  return count == 0 || bsearch(&lease->subnet_id, notes->data + sizeof(page), count,
                               sizeof(uint32_t), compare_ids) != NULL;
}

/* P2 15.8: to a peer that knows no released leases it is what Kea 2.6 keeps of one (P2 4.2); one
 * that was registered is an ordinary one. */
static void write_lease(dhcpha_buffer *out, dhcpha_family family, bool is_old_peer,
                        const dhcpha_lease *lease) {
  if (lease->state < DHCPHA_LEASE_RELEASED || !is_old_peer) {
    dhcpha_lease_json_write(out, family, DHCPHA_LEASE_FORM_PAGE, lease);
    return;
  }
  dhcpha_lease known;
  dhcpha_lease_init(&known);
  memcpy(&known, lease, lease->size < sizeof known ? lease->size : sizeof known);
  if (known.state == DHCPHA_LEASE_RELEASED) known.valid_lft = known.preferred_lft = 0;
  known.state = DHCPHA_LEASE_ASSIGNED;
  dhcpha_lease_json_write(out, family, DHCPHA_LEASE_FORM_PAGE, &known);
}

static void append(dhcpha_context *context, dhcpha_exchange *exchange, page *p,
                   const dhcpha_lease *lease) {
  dhcpha_buffer *out = &exchange->answer->json;
  if (exchange->count == 0 || dhcpha_address_compare(&lease->address, &p->last) != 0) {
    p->last = lease->address;
    p->before_at = p->element_at;
    p->together_at = out->len;
    p->together = 0;
  }
  if (exchange->count++ != 0) dhcpha_buffer_append_char(out, ',');
  p->element_at = out->len;
  p->together++;
  /* To who may be old, none that it can't read is the last of a full page: it would end there. */
  bool is_end = p->is_page && exchange->count >= exchange->limit;
  bool is_old_peer = p->released == DHCPHA_RELEASED_EXPIRED ||
                     (p->released == DHCPHA_RELEASED_UNKNOWN && is_end);
  write_lease(out, context->family, is_old_peer, lease);
}

/*
 * The lease behind a full page.  If it has the address of the last one on the page, asking for what
 * is behind that address would lose it (P2 6.2).  So those of this address wait for the next page,
 * and in their place the one before them is told again: the page is full, in order, and a lease that
 * is not newer is skipped by who has it.  Where there is none before them the page gets longer: Kea
 * goes on after a page with as many leases as it asked for, or more.
 */
static void keep_together(dhcpha_context *context, dhcpha_exchange *exchange, page *p,
                          const dhcpha_lease *lease) {
  dhcpha_buffer *out = &exchange->answer->json;
  if (dhcpha_address_compare(&lease->address, &p->last) != 0) return;
  if (p->before_at == 0) {
    append(context, exchange, p, lease);
    return;
  }
  size_t len = p->together_at - p->before_at;
  out->len = p->together_at;
  if (!dhcpha_buffer_reserve(out, p->together * (len + 1))) return;
  for (uint32_t i = 0; i < p->together; i++) {
    dhcpha_buffer_append_char(out, ',');
    dhcpha_buffer_append(out, out->data + p->before_at, len);
  }
}

static dhcpha_status take(dhcpha_context *context, dhcpha_exchange *exchange, page *p,
                          const dhcpha_lease *lease) {
  bool is_extra = exchange->count == exchange->limit;
  if (is_extra && (!p->is_page || context->family == DHCPHA_DHCP4 || p->extra))
    return DHCPHA_ERR_LIMIT;
  if (is_extra) {
    p->extra = true;
    keep_together(context, exchange, p, lease);
  } else if (p->is_page || is_wanted(&exchange->answer->notes, lease)) {
    append(context, exchange, p, lease);
  }
  return exchange->answer->json.status;
}

dhcpha_status dhcpha_lease_read(dhcpha_context *context, dhcpha_exchange *exchange,
                                const dhcpha_lease *leases, size_t count) {
  char *notes = exchange->answer->notes.data;
  dhcpha_status status = DHCPHA_OK;
  page p;
  memcpy(&p, notes, sizeof p);
  for (size_t i = 0; i < count && status == DHCPHA_OK; i++)
    status = take(context, exchange, &p, dhcpha_lease_at(leases, i));
  memcpy(notes, &p, sizeof p);
  return status;
}

void dhcpha_lease_read_done(dhcpha_context *context, dhcpha_exchange *exchange,
                            dhcpha_status status) {
  page p;
  dhcpha_action *answer = exchange->answer;
  uint32_t count = exchange->count;
  memcpy(&p, answer->notes.data, sizeof p);
  dhcpha_exchanges_remove(&context->exchanges, exchange);
  if (status != DHCPHA_OK && answer->json.status == DHCPHA_OK) {
    dhcpha_log(context, DHCPHA_MESSAGE_STORE_FAILED, "the lease store could not be read: %s",
               dhcpha_strerror(status));
    dhcpha_context_answer(context, answer, DHCPHA_RESULT_ERROR,
                          "the lease store could not be read");
    return;
  }
  dhcpha_buffer_append_char(&answer->json, ']');
  if (p.is_page) dhcpha_buffer_append_format(&answer->json, ",\"count\":%u", count);
  dhcpha_buffer_append_format(&answer->json,
                              "},\"result\":%d,\"text\":\"%u %s lease(s) found.\"}]",
                              count == 0 ? DHCPHA_RESULT_EMPTY : DHCPHA_RESULT_SUCCESS, count,
                              dhcpha_lease_kind(context));
  dhcpha_context_send_answer(context, answer);
}
