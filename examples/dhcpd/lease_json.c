/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "lease_json.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- writing ---- */

static void put_hex(yajl_gen out, const char *key, const uint8_t *bytes, size_t len) {
  char text[3 * 255 + 1];
  size_t at = 0;
  for (size_t i = 0; i < len && i < 255; i++)
    at += (size_t)snprintf(text + at, sizeof text - at, "%s%02x", i > 0 ? ":" : "", bytes[i]);
  json_put(out, key);
  json_put_len(out, text, at);
}

static void put_integer(yajl_gen out, const char *key, int64_t value) {
  json_put(out, key);
  yajl_gen_integer(out, value);
}

static void put_bool(yajl_gen out, const char *key, bool value) {
  json_put(out, key);
  yajl_gen_bool(out, value);
}

static void put_ia(yajl_gen out, const dhcpha_lease *lease) {
  bool prefix = lease->type == DHCPHA_LEASE_PREFIX;
  put_integer(out, "iaid", lease->iaid);
  put_integer(out, "preferred-lft", lease->preferred_lft);
  if (prefix) put_integer(out, "prefix-len", lease->prefix_len);
  json_put(out, "type");
  json_put(out, prefix ? "IA_PD" : "IA_NA");
}

void lease_json_write(yajl_gen out, const dhcpha_lease *lease) {
  char address[DHCPHA_ADDRESS_TEXT_SIZE];
  yajl_gen_map_open(out);
  bool is6 = lease->address.family == 6;
  if (lease->client_id_len > 0)
    put_hex(out, is6 ? "duid" : "client-id", lease->client_id, lease->client_id_len);
  put_integer(out, "cltt", lease->cltt);
  put_bool(out, "fqdn-fwd", lease->fqdn_fwd);
  put_bool(out, "fqdn-rev", lease->fqdn_rev);
  json_put(out, "hostname");
  json_put_len(out, lease->hostname, lease->hostname_len);
  if (!is6 || lease->hw_address_len > 0)
    put_hex(out, "hw-address", lease->hw_address, lease->hw_address_len);
  json_put(out, "ip-address");
  json_put(out, dhcpha_address_format(&lease->address, address));
  if (lease->pool_id != 0) put_integer(out, "pool-id", lease->pool_id);
  if (is6) put_ia(out, lease);
  put_integer(out, "state", lease->state);
  put_integer(out, "subnet-id", lease->subnet_id);
  if (lease->user_context != NULL) {
    json_put(out, "user-context");
    yajl_gen_number(out, lease->user_context, lease->user_context_len); /* JSON as it is */
  }
  put_integer(out, "valid-lft", lease->valid_lft);
  yajl_gen_map_close(out);
}

/* ---- reading ---- */

static int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = (char)tolower((unsigned char)c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_parse(const char *text, uint8_t *bytes, size_t size, size_t *len) {
  for (*len = 0; *text != '\0';) {
    int high = digit(*text++), low = digit(*text);
    if (high < 0) return false;
    if (low >= 0) text++;
    else if (*text != ':' && *text != '\0') return false;
    if (*len == size) return false;
    bytes[(*len)++] = (uint8_t)(low >= 0 ? high * 16 + low : high);
    if (*text == ':' && *++text == '\0') return false;
  }
  return true;
}

struct input {
  yajl_val map;
  char *text; /* the first mistake */
  bool fine;
};

static void wrong(struct input *input, const char *key, const char *what) {
  if (input->fine) snprintf(input->text, LEASE_JSON_TEXT_MAX, "'%s' %s", key, what);
  input->fine = false;
}

static int64_t get_integer(struct input *input, const char *key, int64_t high, int64_t missing) {
  yajl_val value = json_member(input->map, key);
  if (value == NULL) return missing;
  if (YAJL_IS_INTEGER(value) && YAJL_GET_INTEGER(value) >= 0 && YAJL_GET_INTEGER(value) <= high)
    return YAJL_GET_INTEGER(value);
  wrong(input, key, "must be an integer that is not negative, nor too large");
  return missing;
}

static bool get_bool(struct input *input, const char *key) {
  yajl_val value = json_member(input->map, key);
  if (value != NULL && !YAJL_IS_TRUE(value) && !YAJL_IS_FALSE(value))
    wrong(input, key, "must be true or false");
  return YAJL_IS_TRUE(value);
}

static const char *get_string(struct input *input, const char *key) {
  yajl_val value = json_member(input->map, key);
  if (value != NULL && !YAJL_IS_STRING(value)) wrong(input, key, "must be a string");
  return YAJL_GET_STRING(value);
}

static size_t get_hex(struct input *input, const char *key, uint8_t *bytes, size_t size) {
  const char *text = get_string(input, key);
  size_t len = 0;
  if (text != NULL && !hex_parse(text, bytes, size, &len))
    wrong(input, key, "must be hexadecimal, as \"01:02:ff\"");
  return len;
}

static void get_times(struct input *input, int64_t now, dhcpha_lease *lease) {
  int64_t expire = get_integer(input, "expire", INT64_MAX, 0);
  lease->valid_lft = (uint32_t)get_integer(input, "valid-lft", UINT32_MAX, 0);
  lease->cltt = expire != 0 ? expire - lease->valid_lft : now;
  if (lease->cltt < 0) wrong(input, "expire", "must not be before 'valid-lft'");
}

bool lease_type_parse(const char *text, uint8_t *type) {
  *type = strcmp(text, "IA_PD") == 0 ? DHCPHA_LEASE_PREFIX : DHCPHA_LEASE_ADDRESS;
  return *type == DHCPHA_LEASE_PREFIX || strcmp(text, "IA_NA") == 0;
}

static void get_ia(struct input *input, dhcpha_lease *lease) {
  const char *type = get_string(input, "type");
  lease->iaid = (uint32_t)get_integer(input, "iaid", UINT32_MAX, 0);
  lease->preferred_lft = (uint32_t)get_integer(input, "preferred-lft", UINT32_MAX, 0);
  lease->prefix_len = (uint8_t)get_integer(input, "prefix-len", 128, 128);
  if (type != NULL && !lease_type_parse(type, &lease->type))
    wrong(input, "type", "must be \"IA_NA\" or \"IA_PD\"");
  if (lease->type != DHCPHA_LEASE_PREFIX) lease->prefix_len = 128;
}

bool lease_json_read(uint8_t family, yajl_val map, int64_t now, struct lease_draft *draft,
                     char text[LEASE_JSON_TEXT_MAX]) {
  struct input input = { map, text, true };
  dhcpha_lease *lease = &draft->lease;
  memset(draft, 0, sizeof *draft);
  dhcpha_lease_init(lease);
  const char *address = get_string(&input, "ip-address");
  if (address == NULL) wrong(&input, "ip-address", "is missing");
  else if (dhcpha_address_parse(&lease->address, address) != DHCPHA_OK ||
           lease->address.family != family)
    wrong(&input, "ip-address",
          family == 4 ? "must be an IPv4 address" : "must be an IPv6 address");
  if (family == 6) get_ia(&input, lease);
  lease->hw_address = draft->hw_address;
  lease->hw_address_len =
      get_hex(&input, "hw-address", draft->hw_address, sizeof draft->hw_address);
  lease->client_id = draft->client_id;
  lease->client_id_len = get_hex(&input, family == 4 ? "client-id" : "duid", draft->client_id,
                                 sizeof draft->client_id);
  const char *hostname = get_string(&input, "hostname");
  lease->hostname = draft->hostname;
  for (; hostname != NULL && *hostname != '\0' && lease->hostname_len < sizeof draft->hostname;
       hostname++)
    draft->hostname[lease->hostname_len++] = (char)tolower((unsigned char)*hostname);
  lease->subnet_id = (uint32_t)get_integer(&input, "subnet-id", UINT32_MAX, 0);
  lease->pool_id = (uint32_t)get_integer(&input, "pool-id", UINT32_MAX, 0);
  lease->state = (uint8_t)get_integer(&input, "state", DHCPHA_LEASE_RELEASED, 0);
  lease->fqdn_fwd = get_bool(&input, "fqdn-fwd");
  lease->fqdn_rev = get_bool(&input, "fqdn-rev");
  get_times(&input, now, lease);
  yajl_val context = json_member(map, "user-context");
  if (context != NULL && !YAJL_IS_OBJECT(context)) wrong(&input, "user-context", "must be a map");
  if (input.fine && context != NULL) {
    draft->user_context = json_text(context, &lease->user_context_len);
    lease->user_context = draft->user_context;
    if (draft->user_context == NULL) wrong(&input, "user-context", "needs more memory");
  }
  return input.fine;
}
