/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "peer_url.h"

#include <string.h>

#define LABEL_LEN_MAX 63
#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

/* RFC 1123 2.1.  A last label of digits alone makes it a wrong address, not a name. */
static bool is_name(const char *host) {
  size_t len;
  for (;;) {
    len = strspn(host, NAME_CHARACTERS);
    if (len == 0 || len > LABEL_LEN_MAX || host[0] == '-' || host[len - 1] == '-') return false;
    if (host[len] == '\0' || (host[len] == '.' && host[len + 1] == '\0'))
      return strspn(host, "0123456789") < len;
    if (host[len] != '.') return false;
    host += len + 1;
  }
}

static dhcpha_status parse_port(const char *text, uint16_t *port) {
  size_t digits = strspn(text, "0123456789");
  if (digits == 0 || digits > 9 || (text[digits] != '\0' && text[digits] != '/'))
    return DHCPHA_ERR_ARGUMENT;
  unsigned long number = 0;
  for (size_t i = 0; i < digits; i++) number = number * 10 + (unsigned long)(text[i] - '0');
  *port = (uint16_t)number; /* P1 1.6: "a port >65535 is truncated to 16 bits at use" */
  return DHCPHA_OK;
}

static const char *skip_scheme(const char *url, bool *https) {
  *https = strncmp(url, "https://", 8) == 0;
  if (*https) return url + 8;
  return strncmp(url, "http://", 7) == 0 ? url + 7 : NULL;
}

dhcpha_status dhcpha_peer_url_parse(const char *url, dhcpha_peer_url *result) {
  memset(result, 0, sizeof *result);
  const char *start = skip_scheme(url, &result->https);
  if (start == NULL) return DHCPHA_ERR_ARGUMENT;
  bool bracketed = *start == '[';
  const char *end;
  if (bracketed) {
    end = strchr(++start, ']');
    if (end == NULL) return DHCPHA_ERR_ARGUMENT;
  } else {
    end = strchr(start, ':');
    if (end == NULL) end = start + strcspn(start, "/");
  }
  const char *rest = bracketed ? end + 1 : end;
  size_t length = (size_t)(end - start);
  if (length == 0 || length >= sizeof result->host) return DHCPHA_ERR_ARGUMENT;
  memcpy(result->host, start, length);
  if (dhcpha_address_parse(&result->address, result->host) != DHCPHA_OK) {
    result->address.family = 0;
    if (bracketed || !is_name(result->host)) return DHCPHA_ERR_ARGUMENT;
  }
  return *rest == ':' ? parse_port(rest + 1, &result->port) : DHCPHA_OK;
}
