/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "peer_url.h"

#include <string.h>

static dhcpha_status parse_port(const char *text, uint16_t *port) {
  size_t digits = strspn(text, "0123456789");
  if (digits == 0 || digits > 9 || (text[digits] != '\0' && text[digits] != '/'))
    return DHCPHA_ERR_ARGUMENT;
  unsigned long number = 0;
  for (size_t i = 0; i < digits; i++) number = number * 10 + (unsigned long)(text[i] - '0');
  *port = (uint16_t)number; /* P1 1.6: "a port >65535 is truncated to 16 bits at use" */
  return DHCPHA_OK;
}

dhcpha_status dhcpha_peer_url_parse(const char *url, dhcpha_address *address, uint16_t *port) {
  static const char scheme[] = "http://";
  char host[DHCPHA_ADDRESS_TEXT_SIZE];
  if (strncmp(url, scheme, sizeof scheme - 1) != 0) return DHCPHA_ERR_ARGUMENT;
  const char *start = url + sizeof scheme - 1;
  const char *end;
  const char *rest;
  if (*start == '[') {
    end = strchr(++start, ']');
    if (end == NULL) return DHCPHA_ERR_ARGUMENT;
    rest = end + 1;
  } else {
    end = strchr(start, ':');
    if (end == NULL) end = start + strcspn(start, "/");
    rest = end;
  }
  size_t length = (size_t)(end - start);
  if (length == 0 || length >= sizeof host) return DHCPHA_ERR_ARGUMENT;
  memcpy(host, start, length);
  host[length] = '\0';
  if (dhcpha_address_parse(address, host) != DHCPHA_OK) return DHCPHA_ERR_ARGUMENT;
  *port = 0;
  return *rest == ':' ? parse_port(rest + 1, port) : DHCPHA_OK;
}
