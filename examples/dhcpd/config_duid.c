/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* config_duid: the `server-id` of a DHCPv6 server (RFC 8415 11). */
#include <string.h>

#include "config_parts.h"
#include "lease_json.h"

#define DUID_LLT 1
#define DUID_EN 2
#define DUID_LL 3
#define ETHERNET 1

struct duid_draft {
  const char *type, *identifier;
  uint32_t htype, time, enterprise;
};

static void put(struct config *config, uint32_t value, size_t bytes) {
  while (bytes-- > 0)
    config->server_duid[config->server_duid_len++] = (uint8_t)(value >> 8 * bytes);
}

void read_server_id(struct reader *reader, const struct place *place, yajl_val value,
                    void *target) {
  static const struct key keys[] = {
    { .name = "type", .kind = KEY_STRING, .offset = offsetof(struct duid_draft, type) },
    { .name = "identifier", .kind = KEY_STRING, .offset = offsetof(struct duid_draft, identifier) },
    { .name = "htype", .kind = KEY_UINT32, .high = UINT16_MAX,
      .offset = offsetof(struct duid_draft, htype) },
    { .name = "time", .kind = KEY_UINT32, .high = UINT32_MAX,
      .offset = offsetof(struct duid_draft, time) },
    { .name = "enterprise-id", .kind = KEY_UINT32, .high = UINT32_MAX,
      .offset = offsetof(struct duid_draft, enterprise) },
    { .name = "persist", .kind = KEY_QUIET },
    { .name = "comment", .kind = KEY_QUIET },
    { .name = "user-context", .kind = KEY_QUIET },
    { .name = NULL },
  };
  struct config *config = target;
  struct duid_draft draft = { .htype = ETHERNET };
  uint8_t identifier[DUID_MAX - 8];
  size_t errors = reader->findings->errors, len = 0;
  read_map(reader, place, value, keys, &draft);
  if (reader->findings->errors > errors) return;
  bool llt = draft.type != NULL && strcmp(draft.type, "LLT") == 0;
  bool en = draft.type != NULL && strcmp(draft.type, "EN") == 0;
  if (!llt && !en && (draft.type == NULL || strcmp(draft.type, "LL") != 0)) {
    read_error(reader, &(struct place){ place, "type", 0 },
               "must be \"LLT\", \"LL\" or \"EN\"");
    return;
  }
  if (draft.identifier == NULL || draft.identifier[0] == '\0') {
    read_warning(reader, place, "has no \"identifier\": a DUID is made and kept");
    return;
  }
  if (!hex_parse(draft.identifier, identifier, sizeof identifier, &len)) {
    read_error(reader, &(struct place){ place, "identifier", 0 },
               "\"%s\" must be up to %zu bytes in hexadecimal", draft.identifier,
               sizeof identifier);
    return;
  }
  config->server_duid_len = 0;
  put(config, llt ? DUID_LLT : en ? DUID_EN : DUID_LL, 2);
  if (en) put(config, draft.enterprise, 4);
  else put(config, draft.htype, 2);
  if (llt) put(config, draft.time, 4);
  memcpy(config->server_duid + config->server_duid_len, identifier, len);
  config->server_duid_len += len;
}
