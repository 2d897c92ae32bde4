/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * resolver: the addresses of a name, without waiting for them.
 * getaddrinfo() blocks for as long as it likes, so each lookup has a thread to itself, at most
 * DHCPHA_LOOKUPS_AT_A_TIME of them; more wait for their turn.  A thread touches its own lookup
 * only, and may outlive the resolver.  libcurl's resolver is of no use here: it waits for its
 * thread when a command is given up.
 */
#ifndef DHCPHA_HTTP_RESOLVER_H
#define DHCPHA_HTTP_RESOLVER_H

#include "loop.h"

#define DHCPHA_ADDRESSES_MAX 8     /* Of a name; more are not used. */
#define DHCPHA_LOOKUPS_AT_A_TIME 8 /* Threads. */

typedef struct dhcpha_addresses {
  dhcpha_address list[DHCPHA_ADDRESSES_MAX];
  size_t count;
  const char *wrong; /* Why there is none; static. */
} dhcpha_addresses;

typedef struct dhcpha_resolver dhcpha_resolver;
typedef struct dhcpha_lookup dhcpha_lookup;

/* In this thread: it may take its time. */
void dhcpha_look_up(const char *name, dhcpha_addresses *found);

/* NULL: out of memory, or of descriptors. */
dhcpha_resolver *dhcpha_resolver_new(dhcpha_loop *loop);
void dhcpha_resolver_free(dhcpha_resolver *resolver); /* NULL is fine. */

/* done() is called once, not before this returns, unless the lookup is given up.  NULL: out of
 * memory. */
dhcpha_lookup *dhcpha_lookup_start(dhcpha_resolver *resolver, const char *name,
                                   void (*done)(void *owner, const dhcpha_addresses *found),
                                   void *owner);
void dhcpha_lookup_give_up(dhcpha_lookup *lookup); /* NULL is fine. */

#endif
