/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "client_route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A name without an address is not looked up again at once. */
#define LOOKUP_PAUSE_MS 1000

/* --- Making and ending ------------------------------------------------------------------------ */

static bool append(struct curl_slist **headers, const char *line) {
  struct curl_slist *longer = curl_slist_append(*headers, line);
  if (longer == NULL) return false;
  *headers = longer;
  return true;
}

/* They hold a password. */
static void free_headers(struct curl_slist *headers) {
  for (struct curl_slist *line = headers; line != NULL; line = line->next)
    explicit_bzero(line->data, strlen(line->data));
  curl_slist_free_all(headers);
}

static bool append_credentials(struct curl_slist **headers, const char *credentials) {
  static const char start[] = "Authorization: Basic ";
  size_t size = sizeof start + strlen(credentials);
  char *line = malloc(size);
  if (line == NULL) return false;
  snprintf(line, size, "%s%s", start, credentials);
  bool appended = append(headers, line);
  explicit_bzero(line, size);
  free(line);
  return appended;
}

static bool make_headers(dhcpha_client_target *target, const char *credentials) {
  /* The bare address: no port, no brackets (P1 4.1).  What is empty takes out a line of
   * libcurl's own. */
  char host[sizeof "Host: " + DHCPHA_HOST_SIZE];
  snprintf(host, sizeof host, "Host: %s", target->url.host);
  return append(&target->headers, host) &&
         (credentials == NULL || append_credentials(&target->headers, credentials)) &&
         append(&target->headers, "Content-Type: application/json") &&
         append(&target->headers, "Accept:") && append(&target->headers, "Expect:");
}

static dhcpha_status init_target(dhcpha_client_target *target, const char *url,
                                 const char *credentials) {
  dhcpha_status status = dhcpha_peer_url_parse(url, &target->url);
  if (status != DHCPHA_OK) return status;
  target->looked_up = -LOOKUP_PAUSE_MS;
  if (target->url.address.family != 0) {
    target->addresses.list[0] = target->url.address;
    target->addresses.count = 1;
  }
  return make_headers(target, credentials) ? DHCPHA_OK : DHCPHA_ERR_NOMEM;
}

dhcpha_status dhcpha_route_init(dhcpha_client_route *route, const char *const *urls, size_t count,
                                bool tls, const char *credentials) {
  dhcpha_status status = DHCPHA_OK;
  memset(route, 0, sizeof *route);
  if (count == 0 || count > DHCPHA_URLS_MAX) return DHCPHA_ERR_ARGUMENT;
  route->tls = tls;
  route->targets = calloc(count, sizeof(dhcpha_client_target));
  if (route->targets == NULL) return DHCPHA_ERR_NOMEM;
  for (; route->count < count && status == DHCPHA_OK; route->count++)
    status = init_target(&route->targets[route->count], urls[route->count], credentials);
  if (status != DHCPHA_OK) dhcpha_route_free(route);
  return status;
}

void dhcpha_route_free(dhcpha_client_route *route) {
  for (size_t i = 0; i < route->count; i++) free_headers(route->targets[i].headers);
  free(route->targets);
  memset(route, 0, sizeof *route);
}

/* --- The next place --------------------------------------------------------------------------- */

static bool has_address(const dhcpha_client_route *route, const dhcpha_route_cursor *cursor,
                        size_t address) {
  return cursor->tried != 0 && address < route->targets[cursor->target].addresses.count;
}

static size_t choose_target(const dhcpha_client_route *route, uint32_t tried) {
  if (tried == 0) return route->preferred;
  size_t target = 0;
  while (target < route->count && (tried & 1u << target)) target++;
  return target;
}

dhcpha_route_step dhcpha_route_advance(const dhcpha_client_route *route,
                                       dhcpha_route_cursor *cursor, int64_t now) {
  if (cursor->looking_up) {
    cursor->looking_up = false;
    if (has_address(route, cursor, 0)) return DHCPHA_ROUTE_GO;
  } else if (has_address(route, cursor, cursor->address + 1u)) {
    cursor->address++;
    return DHCPHA_ROUTE_GO;
  }
  for (size_t next; (next = choose_target(route, cursor->tried)) < route->count;) {
    const dhcpha_client_target *target = &route->targets[next];
    cursor->tried |= 1u << next;
    cursor->target = (uint8_t)next;
    cursor->first = (uint8_t)target->preferred;
    cursor->address = 0;
    if (target->addresses.count > 0) return DHCPHA_ROUTE_GO;
    if (now - target->looked_up < LOOKUP_PAUSE_MS) continue;
    cursor->looking_up = true;
    return DHCPHA_ROUTE_LOOK_UP;
  }
  return DHCPHA_ROUTE_END;
}

bool dhcpha_route_has_more(const dhcpha_client_route *route, const dhcpha_route_cursor *cursor) {
  return (!cursor->looking_up && has_address(route, cursor, cursor->address + 1u)) ||
         choose_target(route, cursor->tried) < route->count;
}

/* --- Their texts ------------------------------------------------------------------------------ */

static const dhcpha_address *get_address(const dhcpha_client_target *target,
                                         const dhcpha_route_cursor *cursor) {
  static const dhcpha_address none;
  const dhcpha_addresses *addresses = &target->addresses;
  if (addresses->count == 0) return &none;
  return &addresses->list[((size_t)cursor->first + cursor->address) % addresses->count];
}

static void write_url(const dhcpha_client_route *route, const dhcpha_client_target *target,
                      const char *host, uint8_t family, char *text, size_t text_size) {
  snprintf(text, text_size, "%s://%s%s%s:%u/", route->tls ? "https" : "http",
           family == 6 ? "[" : "", host, family == 6 ? "]" : "", (unsigned)target->url.port);
}

void dhcpha_route_write_url(const dhcpha_client_route *route, const dhcpha_route_cursor *cursor,
                            char url[DHCPHA_PLACE_URL_SIZE]) {
  char host[DHCPHA_ADDRESS_TEXT_SIZE];
  const dhcpha_client_target *target = &route->targets[cursor->target];
  const dhcpha_address *address = get_address(target, cursor);
  dhcpha_address_format(address, host);
  write_url(route, target, host, address->family, url, DHCPHA_PLACE_URL_SIZE);
}

void dhcpha_route_write_label(const dhcpha_client_route *route, const dhcpha_route_cursor *cursor,
                              char label[DHCPHA_PLACE_LABEL_SIZE]) {
  char text[DHCPHA_ADDRESS_TEXT_SIZE];
  const dhcpha_client_target *target = &route->targets[cursor->target];
  const dhcpha_address *address = get_address(target, cursor);
  uint8_t family = target->url.address.family;
  write_url(route, target, target->url.host, family, label, DHCPHA_PLACE_LABEL_SIZE);
  size_t len = strlen(label);
  if (family == 0 && address->family != 0)
    snprintf(label + len, DHCPHA_PLACE_LABEL_SIZE - len, " (%s)",
             dhcpha_address_format(address, text));
}

/* --- How it went ------------------------------------------------------------------------------ */

void dhcpha_route_take_addresses(dhcpha_client_route *route, size_t target,
                                 const dhcpha_addresses *found, int64_t now) {
  route->targets[target].addresses = *found;
  route->targets[target].preferred = 0;
  route->targets[target].looked_up = found->count > 0 ? now - LOOKUP_PAUSE_MS : now;
}

void dhcpha_route_prefer(dhcpha_client_route *route, const dhcpha_route_cursor *cursor) {
  dhcpha_client_target *target = &route->targets[cursor->target];
  route->preferred = cursor->target;
  if (target->addresses.count > 0)
    target->preferred = ((size_t)cursor->first + cursor->address) % target->addresses.count;
}

void dhcpha_route_begin_again(dhcpha_client_route *route) {
  route->preferred = 0;
  for (size_t i = 0; i < route->count; i++) {
    dhcpha_client_target *target = &route->targets[i];
    target->preferred = 0;
    if (target->url.address.family == 0) target->addresses.count = 0;
  }
}
