/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * client_route: the URLs of a peer, the addresses of each, and which of them is next.
 * A command tries each URL once: first the one that worked last, then the others in order.  Knows
 * no connection: the client tells how it went.
 */
#ifndef DHCPHA_HTTP_CLIENT_ROUTE_H
#define DHCPHA_HTTP_CLIENT_ROUTE_H

#include "peer_url.h"
#include "resolver.h"

#include <curl/curl.h>

#define DHCPHA_URLS_MAX 8 /* Of a peer. */
/* Of a place: "https://[ADDRESS]:PORT/". */
#define DHCPHA_PLACE_URL_SIZE (sizeof "https://[]:65535/" + DHCPHA_ADDRESS_TEXT_SIZE)
/* For people: with the name it was found by. */
#define DHCPHA_PLACE_LABEL_SIZE (DHCPHA_PLACE_URL_SIZE + DHCPHA_HOST_SIZE + 3)

/* One URL. */
typedef struct dhcpha_client_target {
  dhcpha_peer_url url;
  struct curl_slist *headers; /* What each request carries beside its body. */
  dhcpha_addresses addresses; /* Of a name: none until it was looked up. */
  size_t preferred;           /* The address that worked. */
  int64_t looked_up;          /* When it was found to have no address. */
} dhcpha_client_target;

typedef struct dhcpha_client_route {
  bool tls;
  dhcpha_client_target *targets;
  size_t count;
  size_t preferred; /* The target that worked. */
} dhcpha_client_route;

/* How far a command is; zeroes: it has not begun. */
typedef struct dhcpha_route_cursor {
  uint32_t tried; /* A bit for each target, the one at hand included. */
  uint8_t target;
  uint8_t first;   /* The first of its addresses to be tried. */
  uint8_t address; /* How many of its addresses were tried before. */
  bool looking_up; /* It waits for the target's addresses. */
} dhcpha_route_cursor;

typedef enum dhcpha_route_step {
  DHCPHA_ROUTE_GO,      /* The cursor is at an address. */
  DHCPHA_ROUTE_LOOK_UP, /* The target's name must be looked up first. */
  DHCPHA_ROUTE_END      /* All were tried. */
} dhcpha_route_step;

/* The headers of a peer: credentials ("Basic ..." in base64), NULL for none.  DHCPHA_ERR_ARGUMENT:
 * a URL is none. */
dhcpha_status dhcpha_route_init(dhcpha_client_route *route, const char *const *urls, size_t count,
                                bool tls, const char *credentials);
void dhcpha_route_free(dhcpha_client_route *route);

/* To the next place.  A name that had no address a moment ago is passed over. */
dhcpha_route_step dhcpha_route_advance(const dhcpha_client_route *route,
                                       dhcpha_route_cursor *cursor, int64_t now);
/* Whether dhcpha_route_advance() would find another. */
bool dhcpha_route_has_more(const dhcpha_client_route *route, const dhcpha_route_cursor *cursor);
void dhcpha_route_write_url(const dhcpha_client_route *route, const dhcpha_route_cursor *cursor,
                            char url[DHCPHA_PLACE_URL_SIZE]);
void dhcpha_route_write_label(const dhcpha_client_route *route, const dhcpha_route_cursor *cursor,
                              char label[DHCPHA_PLACE_LABEL_SIZE]);

/* The addresses of a target are known, or there is none. */
void dhcpha_route_take_addresses(dhcpha_client_route *route, size_t target,
                                 const dhcpha_addresses *found, int64_t now);
/* What is at the cursor works: it comes first from now on. */
void dhcpha_route_prefer(dhcpha_client_route *route, const dhcpha_route_cursor *cursor);
/* It does not: the first URL comes first again, and names are looked up anew. */
void dhcpha_route_begin_again(dhcpha_client_route *route);

#endif
