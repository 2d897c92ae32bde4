/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/url.h"

#include "dhcp/address.h"

#include <string.h>

static const char *read_scheme(dhcpha_url *url, const char **text) {
  const char *colon = strchr(*text, ':');
  if (colon == NULL) return "url lacks http or https scheme";
  size_t len = (size_t)(colon - *text);
  url->https = len == 5 && memcmp(*text, "https", 5) == 0;
  if (!url->https && (len != 4 || memcmp(*text, "http", 4) != 0)) return "invalid scheme";
  if (strncmp(colon, "://", 3) != 0) return "expected :// after scheme";
  *text = colon + 3;
  return NULL;
}

static const char *read_bracketed(dhcpha_url *url, const char **text) {
  const char *host = *text + 1;
  const char *end = strchr(host, ']');
  if (end == NULL) return "expected ] after IPv6 address";
  if (end == host) return "expected IPv6 address within []";
  if (!dhcpha_address_read(&url->address, host, (size_t)(end - host))) url->address.family = 0;
  *text = end + 1;
  return NULL;
}

/* The first ':' anywhere behind ends the host, even if a '/' comes before it. */
static void read_host(dhcpha_url *url, const char **text) {
  size_t len = strcspn(*text, ":");
  if ((*text)[len] == '\0') len = strcspn(*text, "/");
  if (!dhcpha_address_read(&url->address, *text, len)) url->address.family = 0;
  *text += len;
}

static const char *read_port(dhcpha_url *url, const char **text) {
  const char *digit = *text + 1;
  const char *end = digit + strcspn(digit, "/");
  if (digit == end) return "expected port number after :";
  uint64_t port = 0;
  for (; digit < end; digit++) {
    if (*digit < '0' || *digit > '9') return "invalid port number";
    port = 10 * port + (uint64_t)(*digit - '0');
    if (port > UINT32_MAX) return "invalid port number";
  }
  url->has_port = true;
  url->port = (uint32_t)port;
  *text = end;
  return NULL;
}

const char *dhcpha_url_read(dhcpha_url *url, const char *text) {
  memset(url, 0, sizeof *url);
  url->path = "";
  const char *wrong = read_scheme(url, &text);
  if (wrong != NULL) return wrong;
  if (*text == '\0') return "hostname missing";
  if (*text == '[') wrong = read_bracketed(url, &text);
  else read_host(url, &text);
  if (wrong == NULL && *text == ':') wrong = read_port(url, &text);
  if (wrong == NULL) url->path = text;
  return wrong;
}
