/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * context: what all that happens in one hub shares: its time, what is in
 * flight, what waits to be done, the host's subnets and service switch.
 * Floor: memory.
 */
#ifndef DHCPHA_MEMORY_CONTEXT_H
#define DHCPHA_MEMORY_CONTEXT_H

#include "base/json.h"
#include "memory/exchanges.h"
#include "memory/outbox.h"
#include "memory/parked.h"
#include "memory/retries.h"
#include "memory/service_switch.h"
#include "memory/subnets.h"

#include <dhcpha/report.h>

#define DHCPHA_ARENA_MAX (256 * 1024 * 1024) /* bytes for one text while it is read */
#define DHCPHA_REQUEST_JSON_MAX (16 * 1024 * 1024)
#define DHCPHA_ANSWER_JSON_MAX DHCPHA_ACTION_JSON_MAX

typedef struct dhcpha_context {
  const dhcpha_allocator *allocator;
  dhcpha_family family;
  dhcpha_time now; /* of the event being handled */
  dhcpha_level log_level;
  dhcpha_action_pool actions;
  dhcpha_outbox outbox;
  dhcpha_exchanges exchanges;
  dhcpha_parked parked;
  dhcpha_updates updates;
  dhcpha_service_switch service;
  dhcpha_subnets subnets;
  dhcpha_arena arena;     /* for the text being read */
  dhcpha_buffer scratch;  /* for texts on their way */
  uint64_t counters[DHCPHA_COUNTER_COUNT];
} dhcpha_context;

dhcpha_status dhcpha_context_init(dhcpha_context *context, const dhcpha_allocator *allocator,
                                  dhcpha_family family);
void dhcpha_context_free(dhcpha_context *context);

int64_t dhcpha_context_utc_seconds(const dhcpha_context *context);

/* Starts a command to a peer: the caller writes its JSON, then calls dhcpha_context_send().  NULL:
 * no memory.  *exchange is valid until the next one is started. */
dhcpha_action *dhcpha_context_start(dhcpha_context *context, dhcpha_exchange_kind kind,
                                    size_t relationship, const dhcpha_peer *peer,
                                    uint32_t timeout_ms, dhcpha_exchange **exchange);
/* The same in two steps, for what must not lack memory later: set aside now, without a deadline,
 * to depart or to be given up one day. */
dhcpha_action *dhcpha_context_prepare(dhcpha_context *context, dhcpha_exchange_kind kind,
                                      size_t relationship, const dhcpha_peer *peer);
dhcpha_exchange *dhcpha_context_depart(dhcpha_context *context, dhcpha_action *action,
                                       uint32_t timeout_ms);
void dhcpha_context_give_up(dhcpha_context *context, dhcpha_action *action);
/* Hands a written command over.  When its text found no memory the exchange is given up, and the
 * status says so. */
dhcpha_status dhcpha_context_send(dhcpha_context *context, dhcpha_action *action);

/* An answer to a received command: made when it comes in, finished when it is known. */
dhcpha_action *dhcpha_context_make_answer(dhcpha_context *context, uint64_t id);
void dhcpha_context_answer(dhcpha_context *context, dhcpha_action *answer, int result,
                           const char *text);
/* With JSON already written into answer->json. */
void dhcpha_context_send_answer(dhcpha_context *context, dhcpha_action *answer);

#endif
