/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "procedures/sync.h"

#include "dhcp/address.h"
#include "memory/log.h"
#include "procedures/sync_page.h"
#include "rules/ha_commands.h"

#include <stdio.h>
#include <string.h>

static int64_t own_origin(const dhcpha_service *service) {
  return dhcpha_origin_towards_partner(service->index);
}

/* A failing partner is unavailable.  A failing backup says nothing about the partner; there Kea
 * marks the partner all the same (P2 3.2), which nobody can want. */
static void blame_peer(dhcpha_service *service) {
  if (service->sync.peer == service->relationship->partner) dhcpha_service_lose_partner(service);
}

typedef enum sync_step {
  STEP_DISABLE,
  STEP_PAGE,
  STEP_STORE,
  STEP_NOTIFY,
  STEP_ENABLE,
  STEP_NONE
} sync_step;

/* What failed, and the message that tells of it (P2 10). */
static const struct {
  const char *name;
  dhcpha_message message;
} steps[] = {
  [STEP_DISABLE] = {"dhcp-disable", DHCPHA_MESSAGE_PEER_SWITCH_FAILED},
  [STEP_PAGE] = {"fetching a page", DHCPHA_MESSAGE_SYNC_PAGE_FAILED},
  [STEP_STORE] = {"storing a page", DHCPHA_MESSAGE_STORE_FAILED},
  [STEP_NOTIFY] = {"ha-sync-complete-notify", DHCPHA_MESSAGE_SYNC_NOTIFY_FAILED},
  [STEP_ENABLE] = {"dhcp-enable", DHCPHA_MESSAGE_PEER_SWITCH_FAILED},
  [STEP_NONE] = {"abandoned", DHCPHA_MESSAGE_SYNC_ABANDONED},
};

static void set_error(dhcpha_service *service, sync_step step, const char *why) {
  dhcpha_sync *sync = &service->sync;
  dhcpha_log(service->context, steps[step].message, "synchronization from %s: %s: %.300s",
             sync->peer->name, steps[step].name, why);
  if (sync->error[0] == '\0')
    snprintf(sync->error, sizeof sync->error, "%s: %.300s", steps[step].name, why);
}

static bool send(dhcpha_service *service, dhcpha_exchange_kind kind) {
  dhcpha_context *context = service->context;
  dhcpha_sync *sync = &service->sync;
  char from[DHCPHA_ADDRESS_TEXT_SIZE] = "start";
  dhcpha_exchange *exchange;
  uint32_t timeout_ms = DHCPHA_EXCHANGE_TIMEOUT_MS;
  if (kind == DHCPHA_EXCHANGE_SYNC_PAGE) timeout_ms = service->relationship->sync_timeout_ms;
  if (timeout_ms == 0) timeout_ms = 1;
  bool ends = kind == DHCPHA_EXCHANGE_SYNC_COMPLETE || kind == DHCPHA_EXCHANGE_SYNC_ENABLE;
  dhcpha_action *action = ends ? sync->farewell : NULL;
  if (action == NULL)
    action = dhcpha_context_prepare(context, kind, service->index, sync->peer);
  else
    sync->farewell = NULL;
  if (action == NULL) return false;
  exchange = dhcpha_context_depart(context, action, timeout_ms);
  exchange->kind = kind;
  exchange->attempt = sync->attempt;
  switch (kind) {
  case DHCPHA_EXCHANGE_SYNC_DISABLE:
    dhcpha_write_disable(&action->json, context->family, own_origin(service),
                         sync->max_period_s);
    break;
  case DHCPHA_EXCHANGE_SYNC_PAGE:
    if (sync->received > 0) dhcpha_address_format(&sync->cursor, from);
    dhcpha_write_get_page(&action->json, context->family, from,
                          service->relationship->sync_page_limit);
    break;
  case DHCPHA_EXCHANGE_SYNC_COMPLETE:
    dhcpha_write_sync_complete(&action->json, context->family, own_origin(service),
                               service->relationship->self->name);
    break;
  default: dhcpha_write_enable(&action->json, context->family, own_origin(service)); break;
  }
  return dhcpha_context_send(context, action) == DHCPHA_OK;
}

static void begin(dhcpha_service *service, const dhcpha_peer *peer, int64_t max_period_s,
                  dhcpha_action *answer) {
  dhcpha_sync *sync = &service->sync;
  dhcpha_context *context = service->context;
  uint64_t attempt = sync->attempt + 1;
  memset(sync, 0, sizeof *sync);
  sync->active = true;
  sync->attempt = attempt;
  sync->peer = peer;
  sync->automatic = answer == NULL;
  sync->answer = answer;
  sync->max_period_s = max_period_s;
  sync->started_ms = context->now.monotonic_ms;
  sync->cursor.family = (uint8_t)context->family;
  sync->filtered = dhcpha_subnets_have_filter(&context->subnets, service->index);
  sync->farewell =
      dhcpha_context_prepare(context, DHCPHA_EXCHANGE_SYNC_COMPLETE, service->index, peer);
  dhcpha_log(context, DHCPHA_MESSAGE_SYNC_START, "synchronizing the leases from %s", peer->name);
}

static void report(dhcpha_service *service) {
  dhcpha_sync *sync = &service->sync;
  dhcpha_context *context = service->context;
  bool good = sync->error[0] == '\0';
  if (good)
    dhcpha_log(context, DHCPHA_MESSAGE_SYNC_DONE,
               "synchronized from %s in %lld ms: %llu leases received, %llu stored, %llu refused",
               sync->peer->name, (long long)(context->now.monotonic_ms - sync->started_ms),
               (unsigned long long)sync->received, (unsigned long long)sync->stored,
               (unsigned long long)sync->refused);
  else
    dhcpha_log(context, DHCPHA_MESSAGE_SYNC_FAILED, "synchronization from %s failed: %s",
               sync->peer->name, sync->error);
  if (sync->answer == NULL) return;
  dhcpha_context_answer(context, sync->answer, good ? DHCPHA_RESULT_SUCCESS : DHCPHA_RESULT_ERROR,
                        good ? "Lease database synchronization complete." : sync->error);
  sync->answer = NULL;
}

static dhcpha_sync_result end(dhcpha_service *service) {
  dhcpha_sync *sync = &service->sync;
  bool good = sync->error[0] == '\0';
  report(service);
  if (sync->farewell != NULL) dhcpha_context_give_up(service->context, sync->farewell);
  sync->farewell = NULL;
  sync->active = false;
  sync->attempt++;
  return good && sync->automatic ? DHCPHA_SYNC_SUCCEEDED : DHCPHA_SYNC_ENDED;
}

/* P2 6.2 "finish".  What is still under way of a failed attempt is not waited for, except a
 * dhcp-disable: over another connection it could overtake what ends it. */
static dhcpha_sync_result finish(dhcpha_service *service) {
  dhcpha_sync *sync = &service->sync;
  if (!sync->disabled) return end(service);
  if (sync->refreshing) return DHCPHA_SYNC_GOES_ON;
  sync->completing = true;
  bool good = sync->error[0] == '\0';
  if (send(service, good ? DHCPHA_EXCHANGE_SYNC_COMPLETE : DHCPHA_EXCHANGE_SYNC_ENABLE))
    return DHCPHA_SYNC_GOES_ON;
  set_error(service, good ? STEP_NOTIFY : STEP_ENABLE, "out of memory");
  return end(service);
}

static dhcpha_sync_result fail(dhcpha_service *service, sync_step step, const char *why) {
  set_error(service, step, why);
  if (service->sync.completing) return end(service);
  return finish(service);
}

static dhcpha_sync_result fetch_page(dhcpha_service *service) {
  service->sync.paging = send(service, DHCPHA_EXCHANGE_SYNC_PAGE);
  if (service->sync.paging) return DHCPHA_SYNC_GOES_ON;
  return fail(service, STEP_PAGE, "out of memory");
}

static dhcpha_sync_result disable_peer(dhcpha_service *service) {
  /* Nobody is disabled who could not be enabled again. */
  bool can_end = service->sync.disabled || service->sync.farewell != NULL;
  service->sync.refreshing = can_end && send(service, DHCPHA_EXCHANGE_SYNC_DISABLE);
  if (service->sync.refreshing) return DHCPHA_SYNC_GOES_ON;
  return fail(service, STEP_DISABLE, "out of memory");
}

void dhcpha_sync_start(dhcpha_service *service) {
  if (service->sync.active) return;
  int64_t max_period_s = service->relationship->sync_timeout_ms / 1000;
  begin(service, service->relationship->partner, max_period_s < 1 ? 1 : max_period_s, NULL);
  (void)disable_peer(service);
}

void dhcpha_sync_start_command(dhcpha_service *service, const dhcpha_peer *peer,
                               int64_t max_period_s, dhcpha_action *answer) {
  if (service->sync.active) {
    dhcpha_context_answer(service->context, answer, DHCPHA_RESULT_ERROR,
                          "a lease database synchronization is under way already");
    return;
  }
  begin(service, peer, max_period_s, answer);
  (void)disable_peer(service);
}

/* Asks for the next page, or ends, as far as what is under way lets it. */
static dhcpha_sync_result go_on(dhcpha_service *service) {
  dhcpha_sync *sync = &service->sync;
  if (sync->completing || sync->paging) return DHCPHA_SYNC_GOES_ON;
  if (sync->error[0] != '\0') return finish(service); /* it waited for a dhcp-disable */
  if (!sync->last_page) {
    if (sync->stores > DHCPHA_SYNC_STORES_MAX) return DHCPHA_SYNC_GOES_ON;
    /* The peer's timer is set anew for each page; the first one had to wait for the answer. */
    dhcpha_sync_result result = fetch_page(service);
    if (result != DHCPHA_SYNC_GOES_ON || sync->completing || sync->refreshing) return result;
    return disable_peer(service);
  }
  if (sync->stores > 0 || sync->refreshing) return DHCPHA_SYNC_GOES_ON;
  return finish(service);
}

static dhcpha_sync_result disabled(dhcpha_service *service, const dhcpha_answer *answer) {
  dhcpha_sync *sync = &service->sync;
  sync->refreshing = false;
  if (answer->kind != DHCPHA_ANSWER_SUCCESS) {
    blame_peer(service);
    return fail(service, STEP_DISABLE, answer->text);
  }
  bool first = !sync->disabled;
  sync->disabled = true;
  return first ? fetch_page(service) : go_on(service);
}

static dhcpha_sync_result completed(dhcpha_service *service, const dhcpha_answer *answer) {
  dhcpha_sync *sync = &service->sync;
  if (answer->kind == DHCPHA_ANSWER_SUCCESS) return end(service);
  bool older = answer->kind == DHCPHA_ANSWER_UNSUPPORTED; /* P2 6.2 */
  if (!older) {
    blame_peer(service);
    set_error(service, STEP_NOTIFY, answer->text);
  }
  /* Without a period nothing else would ever enable the peer again (P2 15.23). */
  if ((older || sync->max_period_s == 0) && send(service, DHCPHA_EXCHANGE_SYNC_ENABLE))
    return DHCPHA_SYNC_GOES_ON;
  if (older) set_error(service, STEP_ENABLE, "out of memory");
  return end(service);
}

static dhcpha_sync_result enabled(dhcpha_service *service, const dhcpha_answer *answer) {
  if (answer->kind != DHCPHA_ANSWER_SUCCESS) {
    blame_peer(service);
    set_error(service, STEP_ENABLE, answer->text);
  }
  return end(service);
}

dhcpha_sync_result dhcpha_sync_answered(dhcpha_service *service,
                                        const dhcpha_exchange *exchange,
                                        const dhcpha_answer *answer) {
  dhcpha_sync *sync = &service->sync;
  if (!sync->active || exchange->attempt != sync->attempt) return DHCPHA_SYNC_GOES_ON;
  if (answer->kind == DHCPHA_ANSWER_MALFORMED)
    service->context->counters[DHCPHA_COUNTER_ANSWERS_MALFORMED]++;
  switch (exchange->kind) {
  case DHCPHA_EXCHANGE_SYNC_COMPLETE: return completed(service, answer);
  case DHCPHA_EXCHANGE_SYNC_ENABLE: return enabled(service, answer);
  default: break;
  }
  if (sync->completing) return DHCPHA_SYNC_GOES_ON;
  if (exchange->kind == DHCPHA_EXCHANGE_SYNC_DISABLE) return disabled(service, answer);
  sync->paging = false;
  blame_peer(service);
  return fail(service, STEP_PAGE, answer->text);
}

/*
 * Behind the last lease of the page; but an IA_NA and an IA_PD lease may have the same address, and
 * where the page ends between them the second would be lost (P2 6.2).  Where that can be, which is
 * at a prefix and at an address that could begin one, the next page begins with that address again.
 */
static void move_cursor(dhcpha_sync *sync, const dhcpha_sync_page *page) {
  dhcpha_address before = page->last;
  bool may_be_two =
      before.family == DHCPHA_DHCP6 && (page->last_is_prefix || before.bytes[15] == 0);
  for (int i = 15; may_be_two && i >= 0 && before.bytes[i]-- == 0; i--)
    ;
  /* A page that holds no other address has both of them, or never will. */
  bool moves = may_be_two && dhcpha_address_compare(&before, &sync->cursor) > 0;
  sync->cursor = moves ? before : page->last;
}

/* A page in order: the host stores it, while the next one is fetched. */
static dhcpha_sync_result take_page(dhcpha_service *service, dhcpha_sync_page *page) {
  dhcpha_sync *sync = &service->sync;
  dhcpha_context *context = service->context;
  sync->received += page->elements;
  sync->refused += page->refused;
  context->counters[DHCPHA_COUNTER_LEASES_REFUSED] += page->refused;
  sync->last_page = page->elements < service->relationship->sync_page_limit;
  if (page->elements > 0) move_cursor(sync, page);
  dhcpha_log(context, DHCPHA_MESSAGE_SYNC_PAGE, "%zu leases received from %s", page->elements,
             sync->peer->name);
  if (page->store != NULL) {
    sync->stores++;
    dhcpha_action *store = page->store;
    page->store = NULL;
    dhcpha_sync_result result = go_on(service); /* the next page is under way while we store */
    dhcpha_outbox_put(&context->outbox, store);
    return result;
  }
  return go_on(service);
}

dhcpha_sync_result dhcpha_sync_page_received(dhcpha_service *service,
                                             const dhcpha_exchange *exchange, const char *json,
                                             size_t json_len) {
  dhcpha_sync *sync = &service->sync;
  dhcpha_sync_page page;
  if (!sync->active || sync->completing || exchange->attempt != sync->attempt)
    return DHCPHA_SYNC_GOES_ON;
  sync->paging = false;
  if (sync->error[0] != '\0') return go_on(service);
  if (!dhcpha_sync_page_read(&page, service, json, json_len)) {
    service->context->counters[DHCPHA_COUNTER_ANSWERS_MALFORMED] += page.malformed;
    blame_peer(service);
    return fail(service, STEP_PAGE, page.error);
  }
  if (sync->received + page.elements > DHCPHA_SYNC_LEASES_MAX) {
    dhcpha_sync_page_discard(&page, service);
    blame_peer(service);
    return fail(service, STEP_PAGE, "the peer's pages do not end");
  }
  return take_page(service, &page);
}

dhcpha_sync_result dhcpha_sync_stored(dhcpha_service *service, const dhcpha_exchange *exchange,
                                      const dhcpha_stored *results, size_t count) {
  dhcpha_sync *sync = &service->sync;
  dhcpha_context *context = service->context;
  uint64_t stored = 0;
  uint64_t kept = 0;
  for (size_t i = 0; i < count && i < exchange->count; i++) {
    stored += results[i] == DHCPHA_STORED_ADDED || results[i] == DHCPHA_STORED_UPDATED;
    kept += results[i] == DHCPHA_STORED_KEPT;
  }
  uint64_t failed = exchange->count - stored - kept;
  context->counters[DHCPHA_COUNTER_LEASES_SYNCHRONIZED] += stored;
  context->counters[DHCPHA_COUNTER_LEASES_REFUSED] += failed;
  if (!sync->active || exchange->attempt != sync->attempt) return DHCPHA_SYNC_GOES_ON;
  sync->stores--;
  sync->stored += stored;
  sync->refused += failed;
  if (failed > 0)
    dhcpha_log(context, DHCPHA_MESSAGE_SYNC_LEASE_FAILED,
               "%llu of %u leases from %s could not be stored", (unsigned long long)failed,
               exchange->count, sync->peer->name);
  if (sync->completing) return DHCPHA_SYNC_GOES_ON;
  /* One lease that can't be stored is not worth the service; a store that takes none is broken. */
  if (exchange->count > 0 && failed == exchange->count)
    return fail(service, STEP_STORE, "the lease store took none of its leases");
  return go_on(service);
}

void dhcpha_sync_abandon(dhcpha_service *service) {
  dhcpha_sync *sync = &service->sync;
  if (!sync->active || !sync->automatic) return;
  set_error(service, STEP_NONE, "the state was left");
  if (sync->disabled || sync->refreshing) { /* it may yet be carried out */
    sync->attempt++; /* its end is of no interest */
    (void)send(service, DHCPHA_EXCHANGE_SYNC_ENABLE);
  }
  (void)end(service);
}

void dhcpha_sync_stop(dhcpha_service *service, const char *why) {
  dhcpha_sync *sync = &service->sync;
  if (!sync->active) return;
  set_error(service, STEP_NONE, why);
  /* A dhcp-disable that is on its way may yet be carried out. */
  if ((sync->disabled || sync->refreshing) && !sync->completing)
    (void)send(service, DHCPHA_EXCHANGE_SYNC_ENABLE);
  (void)end(service);
}
