/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "dhcp/lease_json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "dhcp/address.h"
#include "dhcp/client_id.h"

#define IDENTIFIER_MIN4 2 /* bytes of a client-id */
#define IDENTIFIER_MIN6 1 /* bytes of a DUID: Kea 2.2 sends "00" for a declined lease */

static const char *const state_names[] = { "default", "declined", "expired-reclaimed", "released",
                                           "registered" };

/* One pass gathers the members; then they are checked in the order of Kea, whose first complaint is
 * the one told. */

typedef enum field {
  CLIENT_ID,
  CLTT,
  COMMENT,
  DUID,
  EXPIRE,
  FORCE_CREATE,
  FQDN_FWD,
  FQDN_REV,
  HOSTNAME,
  HW_ADDRESS,
  IAID,
  IP_ADDRESS,
  POOL_ID,
  PREFERRED_LFT,
  PREFIX_LEN,
  STATE,
  SUBNET_ID,
  TYPE,
  USER_CONTEXT,
  VALID_LFT,
  FIELD_COUNT
} field;

#define KEY_LEN_MAX 13

static const char *const keys[FIELD_COUNT] = {
  "client-id", "cltt",       "comment",    "duid",       "expire",    "force-create", "fqdn-fwd",
  "fqdn-rev",  "hostname",   "hw-address", "iaid",       "ip-address", "pool-id",
  "preferred-lft", "prefix-len", "state",  "subnet-id",  "type",      "user-context", "valid-lft",
};

/* The fields whose keys have a length; the list ends with FIELD_COUNT. */
static const uint8_t by_len[KEY_LEN_MAX + 1][4] = {
  [0] = { FIELD_COUNT },
  [1] = { FIELD_COUNT },
  [2] = { FIELD_COUNT },
  [3] = { FIELD_COUNT },
  [4] = { CLTT, DUID, IAID, TYPE },
  [5] = { STATE, FIELD_COUNT },
  [6] = { EXPIRE, FIELD_COUNT },
  [7] = { POOL_ID, COMMENT, FIELD_COUNT },
  [8] = { HOSTNAME, FQDN_FWD, FQDN_REV, FIELD_COUNT },
  [9] = { SUBNET_ID, VALID_LFT, CLIENT_ID, FIELD_COUNT },
  [10] = { IP_ADDRESS, HW_ADDRESS, PREFIX_LEN, FIELD_COUNT },
  [11] = { FIELD_COUNT },
  [12] = { USER_CONTEXT, FORCE_CREATE, FIELD_COUNT },
  [13] = { PREFERRED_LFT, FIELD_COUNT },
};

typedef struct parser {
  dhcpha_lease_reading *reading;
  dhcpha_family family;
  dhcpha_lease_form form;
  const dhcpha_json_value *fields[FIELD_COUNT];
  dhcpha_status status; /* when it is refused */
} parser;

static void gather(parser *p, const dhcpha_json_value *map) {
  for (const dhcpha_json_value *member = map->first; member != NULL; member = member->next) {
    if (member->key_len > KEY_LEN_MAX) continue;
    const uint8_t *candidates = by_len[member->key_len];
    for (int i = 0; i < 4 && candidates[i] != FIELD_COUNT; i++)
      if (memcmp(keys[candidates[i]], member->key, member->key_len) == 0)
        p->fields[candidates[i]] = member;
  }
}

__attribute__((format(printf, 2, 3))) static bool refuse(parser *p, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(p->reading->error, sizeof p->reading->error, format, arguments);
  va_end(arguments);
  return false;
}

static bool is_update(const parser *p) {
  return p->form == DHCPHA_LEASE_FORM_UPDATE;
}

/* How many bytes of a text a message shows: two of them fit into it. */
static int shown(const dhcpha_json_value *value) {
  return value->text_len > 50 ? 50 : (int)value->text_len;
}

/* The member, of the right type; NULL, with *ok false unless it may be absent. */
static const dhcpha_json_value *get(parser *p, field f, dhcpha_json_type type, bool optional,
                                    bool *ok) {
  const dhcpha_json_value *value = p->fields[f];
  *ok = true;
  if (value == NULL) {
    if (!optional) *ok = refuse(p, "missing parameter '%s'", keys[f]);
  } else if (value->type != type) {
    *ok = refuse(p, "invalid type specified for parameter '%s'", keys[f]);
    value = NULL;
  }
  return value;
}

/* false: refused.  *value is unchanged, and *found (may be NULL) false, when it is absent. */
static bool get_integer(parser *p, field f, bool optional, int64_t min, int64_t max,
                        int64_t *value, bool *found) {
  bool ok;
  const dhcpha_json_value *member = get(p, f, DHCPHA_JSON_INTEGER, optional, &ok);
  if (found != NULL) *found = member != NULL;
  if (member == NULL) return ok;
  if (member->integer < min || member->integer > max)
    return refuse(p, "out of range value (%lld) specified for parameter '%s'",
                  (long long)member->integer, keys[f]);
  *value = member->integer;
  return true;
}

static bool get_uint32(parser *p, field f, bool optional, uint32_t min, uint32_t *value,
                       bool *found) {
  int64_t integer = *value;
  if (!get_integer(p, f, optional, min, UINT32_MAX, &integer, found)) return false;
  *value = (uint32_t)integer;
  return true;
}

static bool get_boolean(parser *p, field f, bool optional, bool *value) {
  bool ok;
  const dhcpha_json_value *member = get(p, f, DHCPHA_JSON_BOOLEAN, optional, &ok);
  if (member != NULL) *value = member->boolean;
  return ok;
}

static bool read_address(parser *p) {
  bool ok;
  const dhcpha_json_value *text = get(p, IP_ADDRESS, DHCPHA_JSON_STRING, false, &ok);
  dhcpha_address *address = &p->reading->lease.address;
  if (text == NULL) return false;
  if (!dhcpha_address_read(address, text->text, text->text_len))
    return refuse(p,
                  "Failed to convert '%.*s' to address: Failed to convert string to address "
                  "'%.*s': Invalid argument",
                  shown(text), text->text, shown(text), text->text);
  if (address->family != p->family)
    return refuse(p, "Non-IPv%d address specified: %.*s", (int)p->family, shown(text), text->text);
  return true;
}

static bool refuse_hw_address(parser *p, const dhcpha_json_value *text) {
  size_t digits = 0;
  for (size_t i = 0; i < text->text_len; i++) {
    char c = text->text[i];
    if (c == ':') continue;
    if (dhcpha_hex_value(c) < 0)
      return refuse(p, "'%c' is not a valid hexadecimal digit in decoded string '%.*s'", c,
                    shown(text), text->text);
    digits++;
  }
  if (digits > 2 * DHCPHA_HW_ADDRESS_MAX)
    return refuse(p, "hwaddr length exceeds %d", DHCPHA_HW_ADDRESS_MAX);
  return refuse(p, "invalid format of the decoded string '%.*s'", shown(text), text->text);
}

static bool read_hw_address(parser *p) {
  dhcpha_lease_reading *reading = p->reading;
  bool ok;
  const dhcpha_json_value *text =
    get(p, HW_ADDRESS, DHCPHA_JSON_STRING, p->family == DHCPHA_DHCP6, &ok);
  if (text == NULL) return ok;
  if (!dhcpha_hex_read_hw_address(text->text, text->text_len, reading->hw_address,
                                  sizeof reading->hw_address, &reading->lease.hw_address_len))
    return refuse_hw_address(p, text);
  reading->lease.hw_address = reading->hw_address;
  return true;
}

/*
 * The lengths that some version of Kea sends: 2.2 has DUIDs of 1..128 bytes and client-ids of
 * 2..128, later ones 3..130 and 2..255.  A partner's lease must not be refused for its version.
 */
static bool read_identifier(parser *p) {
  dhcpha_lease_reading *reading = p->reading;
  bool v4 = p->family == DHCPHA_DHCP4, ok;
  size_t min = v4 ? IDENTIFIER_MIN4 : IDENTIFIER_MIN6;
  size_t max = v4 ? DHCPHA_CLIENT_ID_MAX : DHCPHA_DUID_MAX, len = 0;
  const dhcpha_json_value *text =
    get(p, v4 ? CLIENT_ID : DUID, DHCPHA_JSON_STRING, v4, &ok);
  if (text == NULL) return ok;
  if (!dhcpha_hex_read_identifier(text->text, text->text_len, reading->client_id, max, &len))
    return len >= max ? refuse(p, "identifier is too large, at most %zu is required", max)
                      : refuse(p, "'%.*s' is not a valid string of hexadecimal digits",
                               shown(text), text->text);
  if (len < min) /* Kea tells the 3 of its later versions */
    return refuse(p, "identifier is too short (%zu), at least %zu is required", len,
                  v4 ? min : (size_t)3);
  reading->lease.client_id = reading->client_id;
  reading->lease.client_id_len = len;
  return true;
}

static bool read_prefix_len(parser *p) {
  dhcpha_lease *lease = &p->reading->lease;
  char text[DHCPHA_ADDRESS_TEXT_SIZE], first_text[DHCPHA_ADDRESS_TEXT_SIZE];
  int64_t prefix_len = 0;
  if (!get_integer(p, PREFIX_LEN, false, 1, 128, &prefix_len, NULL)) return false;
  lease->prefix_len = (uint8_t)prefix_len;
  if (!is_update(p) || dhcpha_address_is_prefix(&lease->address, lease->prefix_len)) return true;
  dhcpha_address first = lease->address;
  dhcpha_address_cut(&first, lease->prefix_len);
  return refuse(p, "Prefix address: %s exceeds prefix/prefix-len pair: %s/%u",
                dhcpha_address_format(&lease->address, text),
                dhcpha_address_format(&first, first_text), lease->prefix_len);
}

/* Kea up to 3.0 takes IA_TA too, though its text does not say so. */
static bool read_type(parser *p) {
  dhcpha_lease *lease = &p->reading->lease;
  bool ok;
  const dhcpha_json_value *name = get(p, TYPE, DHCPHA_JSON_STRING, is_update(p), &ok);
  lease->prefix_len = 128;
  if (name == NULL) return ok;
  for (uint8_t type = 0; type <= DHCPHA_LEASE_PREFIX; type++) {
    if (!dhcpha_json_text_equals(name, dhcpha_lease_type_names[type])) continue;
    lease->type = type;
    return type != DHCPHA_LEASE_PREFIX || read_prefix_len(p);
  }
  return refuse(p, "Incorrect lease type: %.*s, the only supported values are: IA_NA and IA_PD",
                shown(name), name->text);
}

static bool read_subnet_id(parser *p) {
  dhcpha_lease *lease = &p->reading->lease;
  if (!get_uint32(p, SUBNET_ID, is_update(p), is_update(p) ? 0 : 1, &lease->subnet_id, NULL))
    return false;
  p->reading->has_subnet_id = lease->subnet_id != 0;
  if (lease->subnet_id == 0 && lease->type == DHCPHA_LEASE_PREFIX)
    return refuse(p, "Subnet-id is 0 or not specified. This is allowed for address leases only, "
                     "not prefix leases.");
  return true;
}

static bool refuse_expire(dhcpha_lease_reading *reading, const char *must_be) {
  char text[DHCPHA_ADDRESS_TEXT_SIZE];
  snprintf(reading->error, sizeof reading->error, "expiration time must be %s for address %s",
           must_be, dhcpha_address_format(&reading->lease.address, text));
  return false;
}

static bool settle_expire(dhcpha_lease_reading *reading) {
  if (reading->expire < reading->lease.valid_lft)
    return refuse_expire(reading, "greater than valid lifetime");
  reading->lease.cltt = reading->expire - reading->lease.valid_lft;
  return true;
}

static bool read_times(parser *p) {
  dhcpha_lease_reading *reading = p->reading;
  dhcpha_lease *lease = &reading->lease;
  bool optional = is_update(p);
  if (!get_uint32(p, VALID_LFT, optional, 0, &lease->valid_lft, &reading->has_valid_lft))
    return false;
  if (p->family == DHCPHA_DHCP6 && !get_uint32(p, PREFERRED_LFT, optional, 0,
                                               &lease->preferred_lft, &reading->has_preferred_lft))
    return false;
  if (!is_update(p)) return get_integer(p, CLTT, false, 1, INT64_MAX, &lease->cltt, NULL);
  if (!get_integer(p, EXPIRE, true, INT64_MIN, INT64_MAX, &reading->expire, &reading->has_expire))
    return false;
  if (reading->has_expire && reading->expire <= 0) return refuse_expire(reading, "positive");
  return !reading->has_expire || !reading->has_valid_lft || settle_expire(reading);
}

static bool read_names(parser *p) {
  dhcpha_lease_reading *reading = p->reading;
  dhcpha_lease *lease = &reading->lease;
  bool optional = is_update(p), ok;
  if (!get_boolean(p, FQDN_FWD, optional, &lease->fqdn_fwd) ||
      !get_boolean(p, FQDN_REV, optional, &lease->fqdn_rev))
    return false;
  const dhcpha_json_value *name = get(p, HOSTNAME, DHCPHA_JSON_STRING, optional, &ok);
  if (!ok) return false;
  size_t len = name == NULL ? 0 : name->text_len;
  if (len > DHCPHA_HOSTNAME_MAX)
    return refuse(p, "hostname of %zu bytes is too long, at most %d are supported", len,
                  DHCPHA_HOSTNAME_MAX);
  for (size_t i = 0; i < len; i++) {
    char c = name->text[i];
    reading->hostname[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
  }
  reading->hostname[len] = '\0';
  lease->hostname = reading->hostname;
  lease->hostname_len = len;
  if (is_update(p) && len == 0 && (lease->fqdn_fwd || lease->fqdn_rev))
    return refuse(p, "No hostname specified and either forward or reverse fqdn was set to true.");
  return true;
}

static bool read_state(parser *p) {
  dhcpha_lease *lease = &p->reading->lease;
  int64_t state = DHCPHA_LEASE_ASSIGNED;
  if (!get_integer(p, STATE, is_update(p), 0, UINT8_MAX, &state, NULL)) return false;
  if (state > DHCPHA_LEASE_REGISTERED)
    return refuse(p, "Invalid state value: %d, supported values are: 0 (default), 1 (declined), "
                     "2 (expired-reclaimed), 3 (released) and 4 (registered)", (int)state);
  if (is_update(p) && state == DHCPHA_LEASE_REGISTERED && p->family == DHCPHA_DHCP4)
    return refuse(p, "Invalid state value: 4, supported values are: 0 (default), 1 (declined), "
                     "2 (expired-reclaimed) and 3 (released)");
  lease->state = (uint8_t)state;
  if (is_update(p) && state == DHCPHA_LEASE_DECLINED && lease->type == DHCPHA_LEASE_PREFIX)
    return refuse(p, "Invalid declined state for PD prefix.");
  return true;
}

/* The map, and `comment` as a member of it.  The map is never changed: it may be read again. */
static void write_user_context(dhcpha_buffer *out, const dhcpha_json_value *context,
                               const dhcpha_json_value *comment) {
  dhcpha_buffer_clear(out);
  if (context == NULL)
    dhcpha_buffer_append_text(out, "{}");
  else
    dhcpha_json_write_value(out, context);
  if (comment == NULL || out->status != DHCPHA_OK) return;
  out->len--; /* its brace is written anew */
  if (context != NULL && context->count != 0) dhcpha_buffer_append_char(out, ',');
  dhcpha_buffer_append_text(out, "\"comment\":");
  dhcpha_json_write_value(out, comment);
  dhcpha_buffer_append_char(out, '}');
}

static bool refuse_user_context(parser *p, const dhcpha_json_value *context) {
  dhcpha_buffer *scratch = p->reading->scratch;
  dhcpha_buffer_clear(scratch);
  dhcpha_json_write_value(scratch, context);
  return refuse(p, "Invalid user context '%.100s' is not a JSON map.",
                dhcpha_buffer_text(scratch));
}

static bool read_user_context(parser *p) {
  dhcpha_lease_reading *reading = p->reading;
  const dhcpha_json_value *context = p->fields[USER_CONTEXT];
  const dhcpha_json_value *comment = is_update(p) ? p->fields[COMMENT] : NULL;
  dhcpha_buffer *scratch = reading->scratch;
  if (context == NULL && comment == NULL) return true;
  if (scratch == NULL) return refuse(p, "a user context is not supported here");
  if (context != NULL && context->type != DHCPHA_JSON_MAP) return refuse_user_context(p, context);
  if (comment != NULL && dhcpha_json_get(context, "comment") != NULL)
    return refuse(p, "Duplicated comment entry in the user context");
  write_user_context(scratch, context, comment);
  if (scratch->status == DHCPHA_ERR_NOMEM) {
    snprintf(reading->error, sizeof reading->error, "out of memory");
    p->status = DHCPHA_ERR_NOMEM;
    return false;
  }
  if (scratch->status != DHCPHA_OK || scratch->len > DHCPHA_USER_CONTEXT_MAX)
    return refuse(p, "the user context is too long, at most %d bytes are supported",
                  DHCPHA_USER_CONTEXT_MAX);
  reading->lease.user_context = dhcpha_buffer_text(scratch);
  reading->lease.user_context_len = scratch->len;
  return true;
}

/* What Kea's memfile back end finds when it stores the lease. */
static bool has_client(parser *p) {
  const dhcpha_lease *lease = &p->reading->lease;
  char text[DHCPHA_ADDRESS_TEXT_SIZE];
  if (!is_update(p) || p->family != DHCPHA_DHCP4 || lease->state == DHCPHA_LEASE_DECLINED ||
      lease->hw_address_len != 0 || lease->client_id_len != 0)
    return true;
  return refuse(p, "Lease4: %s, state: %s has neither hardware address or client id",
                dhcpha_address_format(&lease->address, text), state_names[lease->state]);
}

static bool read_family4(parser *p) {
  return read_address(p) && read_hw_address(p) && read_subnet_id(p) && read_identifier(p);
}

static bool read_family6(parser *p) {
  dhcpha_lease *lease = &p->reading->lease;
  return read_address(p) && read_identifier(p) && read_type(p) && read_subnet_id(p) &&
         get_uint32(p, IAID, false, 0, &lease->iaid, NULL) && read_hw_address(p);
}

static bool read_all(parser *p) {
  dhcpha_lease_reading *reading = p->reading;
  bool v6 = p->family == DHCPHA_DHCP6;
  return (v6 ? read_family6(p) : read_family4(p)) && read_times(p) && read_names(p) &&
         read_state(p) && read_user_context(p) &&
         get_uint32(p, POOL_ID, true, is_update(p) ? 0 : 1, &reading->lease.pool_id, NULL) &&
         (!is_update(p) || get_boolean(p, FORCE_CREATE, true, &reading->force_create)) &&
         has_client(p);
}

dhcpha_status dhcpha_lease_json_read(dhcpha_lease_reading *reading, dhcpha_family family,
                                     dhcpha_lease_form form, const dhcpha_json_value *map) {
  parser p = { .reading = reading, .family = family, .form = form, .status = DHCPHA_ERR_MALFORMED };
  dhcpha_lease_init(&reading->lease);
  reading->has_subnet_id = reading->has_valid_lft = reading->has_preferred_lft = false;
  reading->has_expire = reading->force_create = false;
  reading->expire = 0;
  reading->error[0] = '\0';
  if (!dhcpha_json_is(map, DHCPHA_JSON_MAP)) {
    refuse(&p, "get(string) called on a non-map Element");
    return p.status;
  }
  gather(&p, map);
  return read_all(&p) ? DHCPHA_OK : p.status;
}

dhcpha_status dhcpha_lease_json_settle(dhcpha_lease_reading *reading, int64_t now_utc_seconds) {
  if (reading->has_expire) return settle_expire(reading) ? DHCPHA_OK : DHCPHA_ERR_MALFORMED;
  reading->lease.cltt = now_utc_seconds;
  return DHCPHA_OK;
}
