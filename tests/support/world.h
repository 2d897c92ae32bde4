/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * world: servers, their clients and the network between them, in virtual time.
 * Each server is a dhcpha_hub whose actions are pulled.  Nothing here depends on the real clock,
 * on addresses in memory or on chance: the same calls give the same trace.
 */
#ifndef TESTS_SUPPORT_WORLD_H
#define TESTS_SUPPORT_WORLD_H

#include "support/agenda.h"
#include "support/store.h"
#include "support/text.h"

#include <dhcpha/dhcpha.h>

#define WORLD_SERVERS_MAX 8
#define WORLD_RELATIONSHIPS_MAX 8 /* of one server */
#define WORLD_SCOPES_SIZE 256
#define WORLD_LEASES_TEXT_SIZE 128 /* "2001:db8::a 2001:db8:1:a00::/56" */
#define WORLD_EPOCH 1795305600 /* 2026-11-22 00:00:00 UTC is virtual time 0 */

typedef struct world world;
typedef struct exchange exchange;

/* How the way from one server to another is. */
typedef struct link_state {
  bool cut;     /* what goes this way is lost */
  bool refused; /* and its sender is told at once, as by a closed port */
  bool twice;   /* answers arrive two times */
  int64_t delay_ms;
} link_state;

/* A client's query whose answer waits for the peers. */
typedef struct parked_query {
  uint64_t id;
  char client[32];
  char lease[WORLD_LEASES_TEXT_SIZE];
} parked_query;

/* One relationship of a server, as last traced. */
typedef struct world_relationship {
  char name[32];
  dhcpha_state state;
  char scopes[WORLD_SCOPES_SIZE];
} world_relationship;

typedef struct world_server {
  world *world;
  size_t index;
  char name[32];         /* in its first relationship */
  char *config;          /* JSON */
  dhcpha_subnet *subnets;
  size_t subnet_count;
  dhcpha_hub *hub;       /* NULL: it does not run */
  bool wanted;           /* it should run: memory may have been short at its start */
  bool silent;           /* when it does not run: packets to it vanish */
  unsigned life;         /* which of its starts this is */
  store leases;
  int64_t store_delay_ms; /* the store answers so much later */
  int store_fault;        /* a dhcpha_stored that changes end with, or -1 */
  dhcpha_address store_fault_at; /* those of this address; family 0: all */
  bool reads_fail;
  int64_t skew_ms;
  bool service;          /* as the last SET_SERVICE said */
  int64_t disagree_ms;   /* since when the hub has it otherwise; -1: it has not */
  dhcpha_state state;    /* as last traced, of its first relationship */
  char scopes[WORLD_SCOPES_SIZE];
  world_relationship more[WORLD_RELATIONSHIPS_MAX]; /* of a hub: behind the first */
  size_t more_count;
  bool owes[WORLD_SERVERS_MAX]; /* it disabled these, and has not told them of the end */
  bool reloaded;         /* late outcomes are of an earlier hub's */
  parked_query *parked;
  size_t parked_count, parked_capacity;
  struct liar *liar;     /* instead of a hub: answers by script */
} world_server;

/* Filled in by whoever wants to watch.  Any may be NULL. */
typedef struct world_watch {
  void (*line)(const char *text, void *user_data); /* one line of trace, without its end */
  void *user_data;
  bool commands; /* a line for each command sent and each outcome */
  bool json;     /* with the whole text */
  bool logs;     /* a line for each log message from `log_level` on */
  dhcpha_level log_level;
  bool verdicts; /* a line for each query, also the dropped ones */
} world_watch;

struct world {
  dhcpha_family family;
  int64_t now_ms;
  int64_t zero_ms; /* trace times count from here */
  agenda agenda;
  link_state links[WORLD_SERVERS_MAX][WORLD_SERVERS_MAX];
  world_server *servers[WORLD_SERVERS_MAX];
  size_t server_count;
  dhcpha_allocator allocator;
  world_watch watch;
  exchange *exchanges;    /* commands received and not answered yet */
  uint64_t exchange_count;
  uint64_t query_count;
  uint64_t queries_answered, queries_dropped;
  text wrongs;            /* what must never happen, one line each */
  unsigned pulls;         /* events so far */
  unsigned stop_at;       /* with this one its server is stopped; 0: never */
  unsigned depth;         /* of pulls within pulls */
};

void world_init(world *w, const dhcpha_allocator *allocator);
void world_free(world *w);

/* Servers are named in the order of their addresses: "server1" is 192.0.2.1. */
world_server *world_add_server(world *w, const char *name, const char *config);
world_server *world_find(world *w, const char *name); /* any of its names */
/* Gives a server another relationship: it is found by this name, too. */
void world_add_name(world_server *s, const char *name);
/* Which of its relationships has this name. */
size_t world_relationship_of(const world_server *s, const char *name);
/* NULL when it has none with this id. */
const dhcpha_subnet *world_find_subnet(const world_server *s, uint32_t id);
void world_set_subnets(world_server *s, const dhcpha_subnet *subnets, size_t count);

/* If memory is short it starts a second later. */
void world_start(world_server *s);
void world_kill(world_server *s, bool silent);
/* In good order: what dhcpha_hub_stop() promises is checked. */
void world_stop(world_server *s);
/* The same, and a new hub takes over. */
void world_reload(world_server *s);

/* Lets everything happen up to this moment, itself included. */
/* When a server next wants to act; INT64_MAX: never. */
int64_t world_next_expiry(const world *w);
void world_run_until(world *w, int64_t at_ms);
/* Performs what is due now. */
void world_settle(world *w);

dhcpha_time world_time(const world_server *s);
void world_trace(world *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Something happened that must not: it fails the run. */
void world_wrong(world *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* For the other parts of the world: after any call of a server's hub. */
void world_pull(world_server *s);
void world_set_hub_time(world_server *s);

#endif
