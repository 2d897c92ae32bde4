/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/url.h"

#include "dhcp/address.h"

#include <string.h>

#define NAME_LEN_MAX 253 /* RFC 1035 2.3.4, as text, without a last dot */
#define LABEL_LEN_MAX 63

static bool is_label(const char *label, size_t len) {
  if (len == 0 || len > LABEL_LEN_MAX || label[0] == '-' || label[len - 1] == '-') return false;
  for (size_t i = 0; i < len; i++) {
    char c = label[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && (c < '0' || c > '9') && c != '-') return false;
  }
  return true;
}

/* RFC 1123 2.1.  A last label of digits alone makes it a wrong address, not a name. */
static bool is_name(const char *host, size_t len) {
  if (len > 1 && host[len - 1] == '.') len--;
  if (len > NAME_LEN_MAX) return false;
  size_t start = 0;
  for (size_t i = 0; i <= len; i++) {
    if (i < len && host[i] != '.') continue;
    if (!is_label(host + start, i - start)) return false;
    if (i < len) start = i + 1;
  }
  return strspn(host + start, "0123456789") < len - start;
}

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
  url->host = host;
  url->host_len = (size_t)(end - host);
  if (!dhcpha_address_read(&url->address, host, url->host_len)) url->address.family = 0;
  *text = end + 1;
  return NULL;
}

/* The first ':' anywhere behind ends the host, even if a '/' comes before it. */
static void read_host(dhcpha_url *url, const char **text) {
  size_t len = strcspn(*text, ":");
  if ((*text)[len] == '\0') len = strcspn(*text, "/");
  url->host = *text;
  url->host_len = len;
  if (!dhcpha_address_read(&url->address, *text, len)) {
    url->address.family = 0;
    url->has_name = is_name(*text, len);
  }
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
