/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "options.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct option_definition *option_by_name(const struct option_set *set, const char *name) {
  for (const struct option_definition *at = set->definitions; at->name != NULL; at++)
    if (strcmp(at->name, name) == 0) return at;
  return NULL;
}

const struct option_definition *option_by_code(const struct option_set *set, unsigned code) {
  for (const struct option_definition *at = set->definitions; at->name != NULL; at++)
    if (at->code == code) return at;
  return NULL;
}

bool option_is_reserved(const struct option_set *set, unsigned code) {
  for (const uint16_t *at = set->reserved; *at != 0; at++)
    if (*at == code) return true;
  return code == 0 || code > set->code_max;
}

const char *option_type_text(enum option_type type) {
  switch (type) {
  case OPTION_TYPE_HEX: return "hexadecimal digits (\"0102ff\", \"01:02:ff\") or a quoted 'text'";
  case OPTION_TYPE_IP4: return "an IPv4 address";
  case OPTION_TYPE_IP4_LIST: return "IPv4 addresses separated by commas";
  case OPTION_TYPE_IP4_PAIRS: return "pairs of IPv4 addresses separated by commas";
  case OPTION_TYPE_IP6: return "an IPv6 address";
  case OPTION_TYPE_IP6_LIST: return "IPv6 addresses separated by commas";
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

static bool put_ip6(struct out *out, const char *text) {
  struct in6_addr address;
  return inet_pton(AF_INET6, text, &address) == 1 && put(out, &address, sizeof address);
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

bool option_encode(enum option_type type, const char *text, uint8_t bytes[OPTION_DATA_MAX],
                   size_t *len) {
  struct out out = { bytes, 0 };
  bool fine = false;
  switch (type) {
  case OPTION_TYPE_HEX: fine = put_hex(&out, text); break;
  case OPTION_TYPE_IP4: fine = put_ip4(&out, text); break;
  case OPTION_TYPE_IP4_LIST: fine = put_list(&out, text, put_ip4); break;
  case OPTION_TYPE_IP4_PAIRS: fine = put_list(&out, text, put_ip4) && out.len % 8 == 0; break;
  case OPTION_TYPE_IP6: fine = put_ip6(&out, text); break;
  case OPTION_TYPE_IP6_LIST: fine = put_list(&out, text, put_ip6); break;
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
