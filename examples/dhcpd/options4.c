/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "options4.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct option4_definition definitions[] = {
  { 1, "subnet-mask", OPTION_TYPE_IP4 },
  { 2, "time-offset", OPTION_TYPE_UINT32 },
  { 3, "routers", OPTION_TYPE_IP4_LIST },
  { 4, "time-servers", OPTION_TYPE_IP4_LIST },
  { 5, "name-servers", OPTION_TYPE_IP4_LIST },
  { 6, "domain-name-servers", OPTION_TYPE_IP4_LIST },
  { 7, "log-servers", OPTION_TYPE_IP4_LIST },
  { 8, "cookie-servers", OPTION_TYPE_IP4_LIST },
  { 9, "lpr-servers", OPTION_TYPE_IP4_LIST },
  { 12, "host-name", OPTION_TYPE_STRING },
  { 13, "boot-size", OPTION_TYPE_UINT16 },
  { 14, "merit-dump", OPTION_TYPE_STRING },
  { 15, "domain-name", OPTION_TYPE_STRING },
  { 16, "swap-server", OPTION_TYPE_IP4 },
  { 17, "root-path", OPTION_TYPE_STRING },
  { 18, "extensions-path", OPTION_TYPE_STRING },
  { 19, "ip-forwarding", OPTION_TYPE_BOOL },
  { 20, "non-local-source-routing", OPTION_TYPE_BOOL },
  { 21, "policy-filter", OPTION_TYPE_IP4_PAIRS },
  { 22, "max-dgram-reassembly", OPTION_TYPE_UINT16 },
  { 23, "default-ip-ttl", OPTION_TYPE_UINT8 },
  { 26, "interface-mtu", OPTION_TYPE_UINT16 },
  { 27, "all-subnets-local", OPTION_TYPE_BOOL },
  { 28, "broadcast-address", OPTION_TYPE_IP4 },
  { 29, "perform-mask-discovery", OPTION_TYPE_BOOL },
  { 31, "router-discovery", OPTION_TYPE_BOOL },
  { 32, "router-solicitation-address", OPTION_TYPE_IP4 },
  { 33, "static-routes", OPTION_TYPE_IP4_PAIRS },
  { 34, "trailer-encapsulation", OPTION_TYPE_BOOL },
  { 35, "arp-cache-timeout", OPTION_TYPE_UINT32 },
  { 36, "ieee802-3-encapsulation", OPTION_TYPE_BOOL },
  { 37, "default-tcp-ttl", OPTION_TYPE_UINT8 },
  { 38, "tcp-keepalive-interval", OPTION_TYPE_UINT32 },
  { 40, "nis-domain", OPTION_TYPE_STRING },
  { 41, "nis-servers", OPTION_TYPE_IP4_LIST },
  { 42, "ntp-servers", OPTION_TYPE_IP4_LIST },
  { 43, "vendor-encapsulated-options", OPTION_TYPE_HEX },
  { 44, "netbios-name-servers", OPTION_TYPE_IP4_LIST },
  { 45, "netbios-dd-server", OPTION_TYPE_IP4_LIST },
  { 46, "netbios-node-type", OPTION_TYPE_UINT8 },
  { 47, "netbios-scope", OPTION_TYPE_STRING },
  { 48, "font-servers", OPTION_TYPE_IP4_LIST },
  { 49, "x-display-manager", OPTION_TYPE_IP4_LIST },
  { 54, "dhcp-server-identifier", OPTION_TYPE_IP4 },
  { 60, "vendor-class-identifier", OPTION_TYPE_STRING },
  { 64, "nisplus-domain-name", OPTION_TYPE_STRING },
  { 65, "nisplus-servers", OPTION_TYPE_IP4_LIST },
  { 66, "tftp-server-name", OPTION_TYPE_STRING },
  { 67, "boot-file-name", OPTION_TYPE_STRING },
  { 69, "smtp-server", OPTION_TYPE_IP4_LIST },
  { 70, "pop-server", OPTION_TYPE_IP4_LIST },
  { 72, "www-server", OPTION_TYPE_IP4_LIST },
  { 80, "rapid-commit", OPTION_TYPE_EMPTY },
  { 100, "pcode", OPTION_TYPE_STRING },
  { 101, "tcode", OPTION_TYPE_STRING },
  { 108, "v6-only-preferred", OPTION_TYPE_UINT32 },
  { 114, "v4-captive-portal", OPTION_TYPE_STRING },
  { 116, "auto-config", OPTION_TYPE_UINT8 },
  { 119, "domain-search", OPTION_TYPE_NAMES },
  { 138, "capwap-ac-v4", OPTION_TYPE_IP4_LIST },
  { 252, "wpad-url", OPTION_TYPE_STRING },
};
#define DEFINITIONS (sizeof definitions / sizeof *definitions)

const struct option4_definition *option4_by_name(const char *name) {
  for (size_t i = 0; i < DEFINITIONS; i++)
    if (strcmp(definitions[i].name, name) == 0) return &definitions[i];
  return NULL;
}

const struct option4_definition *option4_by_code(unsigned code) {
  for (size_t i = 0; i < DEFINITIONS; i++)
    if (definitions[i].code == code) return &definitions[i];
  return NULL;
}

bool option4_is_reserved(unsigned code) {
  static const uint8_t reserved[] = { OPTION_PAD, OPTION_REQUESTED_ADDRESS, OPTION_LEASE_TIME,
                                      OPTION_OVERLOAD, OPTION_MESSAGE_TYPE, OPTION_PARAMETER_LIST,
                                      OPTION_MESSAGE, OPTION_MAX_SIZE, OPTION_RENEWAL_TIME,
                                      OPTION_REBINDING_TIME, OPTION_CLIENT_ID, OPTION_RELAY_AGENT,
                                      OPTION_END };
  return code > UINT8_MAX || memchr(reserved, (int)code, sizeof reserved) != NULL;
}

const char *option4_type_text(enum option4_type type) {
  switch (type) {
  case OPTION_TYPE_HEX: return "hexadecimal digits (\"0102ff\", \"01:02:ff\") or a quoted 'text'";
  case OPTION_TYPE_IP4: return "an IPv4 address";
  case OPTION_TYPE_IP4_LIST: return "IPv4 addresses separated by commas";
  case OPTION_TYPE_IP4_PAIRS: return "pairs of IPv4 addresses separated by commas";
  case OPTION_TYPE_STRING: return "a text that is not empty";
  case OPTION_TYPE_NAMES: return "domain names separated by commas";
  case OPTION_TYPE_BOOL: return "true or false";
  case OPTION_TYPE_UINT8: return "an integer of 0..255";
  case OPTION_TYPE_UINT16: return "an integer of 0..65535";
  case OPTION_TYPE_UINT32: return "an integer of 0..4294967295";
  case OPTION_TYPE_EMPTY: break;
  }
  return "no data";
}

struct out {
  uint8_t *bytes;
  size_t len;
};

static bool put(struct out *out, const void *bytes, size_t len) {
  if (len > OPTION_DATA_MAX - out->len) return false;
  if (len > 0) memcpy(out->bytes + out->len, bytes, len);
  out->len += len;
  return true;
}

static bool put_ip4(struct out *out, const char *text) {
  struct in_addr address;
  return inet_pton(AF_INET, text, &address) == 1 && put(out, &address, sizeof address);
}

static bool put_name(struct out *out, const char *text) {
  size_t start = out->len;
  while (*text != '\0') {
    size_t len = strcspn(text, ".");
    uint8_t label = (uint8_t)len;
    if (len == 0 || len > 63 || !put(out, &label, 1) || !put(out, text, len)) return false;
    text += len;
    if (*text == '.') text++;
  }
  return out->len > start && out->len - start < 255 && put(out, "", 1);
}

/* Each item of a list, spaces around it taken off. */
static bool put_list(struct out *out, const char *text,
                     bool (*put_item)(struct out *out, const char *text)) {
  for (;;) {
    char item[256];
    size_t len = strcspn(text, ","), from = strspn(text, " \t"), to = len;
    while (to > from && strchr(" \t", text[to - 1]) != NULL) to--;
    if (from >= to || to - from >= sizeof item) return false;
    memcpy(item, text + from, to - from);
    item[to - from] = '\0';
    if (!put_item(out, item)) return false;
    if (text[len] == '\0') return true;
    text += len + 1;
  }
}

static bool put_uint(struct out *out, const char *text, unsigned bytes) {
  char *end;
  errno = 0;
  unsigned long long value = strtoull(text, &end, 0);
  if (!isdigit((unsigned char)text[0]) || *end != '\0' || errno != 0) return false;
  if (value >> (8 * bytes) != 0) return false;
  for (unsigned i = bytes; i-- > 0;) {
    uint8_t byte = (uint8_t)(value >> (8 * i));
    if (!put(out, &byte, 1)) return false;
  }
  return true;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = (char)tolower((unsigned char)c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool put_hex(struct out *out, const char *text) {
  size_t len = strlen(text);
  if (len >= 2 && text[0] == '\'' && text[len - 1] == '\'') return put(out, text + 1, len - 2);
  if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) text += 2;
  bool odd = strpbrk(text, ": ") == NULL && strlen(text) % 2 != 0;
  while (*text != '\0') {
    int high = odd ? 0 : hex_digit(*text++);
    int low = hex_digit(*text);
    uint8_t byte = (uint8_t)(high * 16 + low);
    if (high < 0 || low < 0 || !put(out, &byte, 1)) return false;
    odd = false;
    text++;
    if ((*text == ':' || *text == ' ') && text[1] != '\0') text++;
  }
  return true;
}

static bool put_bool(struct out *out, const char *text) {
  if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0) return put(out, "\1", 1);
  return (strcmp(text, "false") == 0 || strcmp(text, "0") == 0) && put(out, "", 1);
}

bool option4_encode(enum option4_type type, const char *text, uint8_t bytes[OPTION_DATA_MAX],
                    size_t *len) {
  struct out out = { bytes, 0 };
  bool fine = false;
  switch (type) {
  case OPTION_TYPE_HEX: fine = put_hex(&out, text); break;
  case OPTION_TYPE_IP4: fine = put_ip4(&out, text); break;
  case OPTION_TYPE_IP4_LIST: fine = put_list(&out, text, put_ip4); break;
  case OPTION_TYPE_IP4_PAIRS: fine = put_list(&out, text, put_ip4) && out.len % 8 == 0; break;
  case OPTION_TYPE_STRING: fine = text[0] != '\0' && put(&out, text, strlen(text)); break;
  case OPTION_TYPE_NAMES: fine = put_list(&out, text, put_name); break;
  case OPTION_TYPE_BOOL: fine = put_bool(&out, text); break;
  case OPTION_TYPE_UINT8: fine = put_uint(&out, text, 1); break;
  case OPTION_TYPE_UINT16: fine = put_uint(&out, text, 2); break;
  case OPTION_TYPE_UINT32: fine = put_uint(&out, text, 4); break;
  case OPTION_TYPE_EMPTY: fine = text[0] == '\0'; break;
  }
  *len = out.len;
  return fine;
}
