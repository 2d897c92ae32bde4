/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "dhcp/lease_write.h"

#include "base/json_escape.h"
#include "dhcp/address.h"
#include "dhcp/client_id.h"

#define LITERAL(out, text) dhcpha_buffer_append((out), (text), sizeof(text) - 1)

const char *const dhcpha_lease_type_names[3] = { "IA_NA", "IA_TA", "IA_PD" };

/* Keys in Kea's order, that of the alphabet.  Each member but the last brings its comma. */

static void write_hex(dhcpha_buffer *out, const uint8_t *bytes, size_t len) {
  char text[DHCPHA_IDENTITY_MAX * 3];
  if (len > DHCPHA_IDENTITY_MAX) len = DHCPHA_IDENTITY_MAX;
  dhcpha_buffer_append_char(out, '"');
  dhcpha_buffer_append(out, text, dhcpha_hex_write(bytes, len, text));
  LITERAL(out, "\",");
}

static void write_integer(dhcpha_buffer *out, int64_t value) {
  dhcpha_buffer_append_integer(out, value);
  dhcpha_buffer_append_char(out, ',');
}

static void write_boolean(dhcpha_buffer *out, bool value) {
  if (value)
    LITERAL(out, "true,");
  else
    LITERAL(out, "false,");
}

static void write_address(dhcpha_buffer *out, const dhcpha_address *address) {
  char text[DHCPHA_ADDRESS_TEXT_SIZE];
  dhcpha_buffer_append(out, text, dhcpha_address_write(address, text));
  LITERAL(out, "\",");
}

static void write_time(dhcpha_buffer *out, dhcpha_lease_form form, const dhcpha_lease *lease) {
  int64_t expire;
  if (form == DHCPHA_LEASE_FORM_PAGE) {
    LITERAL(out, "\"cltt\":");
    write_integer(out, lease->cltt);
    return;
  }
  if (__builtin_add_overflow(lease->cltt, (int64_t)lease->valid_lft, &expire)) expire = INT64_MAX;
  LITERAL(out, "\"expire\":");
  write_integer(out, expire);
}

static void write_names(dhcpha_buffer *out, const dhcpha_lease *lease) {
  LITERAL(out, "\"fqdn-fwd\":");
  write_boolean(out, lease->fqdn_fwd);
  LITERAL(out, "\"fqdn-rev\":");
  write_boolean(out, lease->fqdn_rev);
  LITERAL(out, "\"hostname\":");
  dhcpha_json_write_string(out, lease->hostname, lease->hostname_len);
  dhcpha_buffer_append_char(out, ',');
}

static void write_end(dhcpha_buffer *out, dhcpha_family family, const dhcpha_lease *lease) {
  LITERAL(out, "\"state\":");
  write_integer(out, lease->state);
  LITERAL(out, "\"subnet-id\":");
  write_integer(out, lease->subnet_id);
  if (family == DHCPHA_DHCP6 && lease->type <= DHCPHA_LEASE_PREFIX) {
    LITERAL(out, "\"type\":\"");
    dhcpha_buffer_append_text(out, dhcpha_lease_type_names[lease->type]);
    LITERAL(out, "\",");
  }
  if (lease->user_context != NULL && lease->user_context_len != 0) {
    LITERAL(out, "\"user-context\":");
    dhcpha_buffer_append(out, lease->user_context, lease->user_context_len);
    dhcpha_buffer_append_char(out, ',');
  }
  LITERAL(out, "\"valid-lft\":");
  dhcpha_buffer_append_integer(out, lease->valid_lft);
}

void dhcpha_lease_json_write_members(dhcpha_buffer *out, dhcpha_family family,
                                     dhcpha_lease_form form, const dhcpha_lease *lease) {
  bool v6 = family == DHCPHA_DHCP6;
  if (!v6 && lease->client_id_len != 0) {
    LITERAL(out, "\"client-id\":");
    write_hex(out, lease->client_id, lease->client_id_len);
  }
  if (v6 && form == DHCPHA_LEASE_FORM_PAGE) write_time(out, form, lease); /* "cltt" < "duid" */
  if (v6) {
    LITERAL(out, "\"duid\":");
    write_hex(out, lease->client_id, lease->client_id_len);
  }
  if (!v6 || form == DHCPHA_LEASE_FORM_UPDATE) write_time(out, form, lease);
  write_names(out, lease);
  if (!v6 || lease->hw_address_len != 0) {
    LITERAL(out, "\"hw-address\":");
    write_hex(out, lease->hw_address, lease->hw_address_len);
  }
  if (v6) {
    LITERAL(out, "\"iaid\":");
    write_integer(out, lease->iaid);
  }
  LITERAL(out, "\"ip-address\":\"");
  write_address(out, &lease->address);
  if (lease->pool_id != 0) {
    LITERAL(out, "\"pool-id\":");
    write_integer(out, lease->pool_id);
  }
  if (v6) {
    LITERAL(out, "\"preferred-lft\":");
    write_integer(out, lease->preferred_lft);
  }
  if (v6 && lease->type == DHCPHA_LEASE_PREFIX) {
    LITERAL(out, "\"prefix-len\":");
    write_integer(out, lease->prefix_len);
  }
  write_end(out, family, lease);
}

void dhcpha_lease_json_write(dhcpha_buffer *out, dhcpha_family family, dhcpha_lease_form form,
                             const dhcpha_lease *lease) {
  dhcpha_buffer_append_char(out, '{');
  dhcpha_lease_json_write_members(out, family, form, lease);
  dhcpha_buffer_append_char(out, '}');
}
