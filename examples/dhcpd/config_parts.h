/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * config_parts: what the files that read a configuration share.
 */
#ifndef DHCPD_CONFIG_PARTS_H
#define DHCPD_CONFIG_PARTS_H

#include "configuration.h"
#include "reader.h"

/* The rows of a key table for a struct settings that lies at OFFSET of the target. */
#define SETTINGS_KEYS(target, member)                                                            \
  { .name = "valid-lifetime", .kind = KEY_UINT32, .low = 1, .high = UINT32_MAX,                   \
    .offset = offsetof(target, member.valid_lft) },                                               \
  { .name = "min-valid-lifetime", .kind = KEY_UINT32, .low = 1, .high = UINT32_MAX,               \
    .offset = offsetof(target, member.min_valid_lft) },                                           \
  { .name = "max-valid-lifetime", .kind = KEY_UINT32, .low = 1, .high = UINT32_MAX,               \
    .offset = offsetof(target, member.max_valid_lft) },                                           \
  { .name = "renew-timer", .kind = KEY_UINT32, .low = 0, .high = UINT32_MAX,                      \
    .offset = offsetof(target, member.renew_timer) },                                             \
  { .name = "rebind-timer", .kind = KEY_UINT32, .low = 0, .high = UINT32_MAX,                     \
    .offset = offsetof(target, member.rebind_timer) },                                            \
  { .name = "match-client-id", .kind = KEY_BOOL,                                                  \
    .offset = offsetof(target, member.match_client_id) },                                         \
  { .name = "authoritative", .kind = KEY_BOOL,                                                    \
    .offset = offsetof(target, member.authoritative) },                                           \
  { .name = "next-server", .kind = KEY_IP4, .offset = offsetof(target, member.next_server) },     \
  { .name = "server-hostname", .kind = KEY_STRING,                                                \
    .offset = offsetof(target, member.server_hostname) },                                         \
  { .name = "boot-file-name", .kind = KEY_STRING,                                                 \
    .offset = offsetof(target, member.boot_file_name) }

/* An `option-data` list, appended to what is there. */
void read_options(struct reader *reader, const struct place *place, yajl_val value,
                   struct option **options, size_t *count);

/* A class, appended to the struct classes at TARGET. */
void read_class(struct reader *reader, const struct place *place, yajl_val value, void *target);

/* The `pools` of the struct subnet at TARGET, and what they must be within it. */
void read_pools(struct reader *reader, const struct place *place, yajl_val value, void *target);
void check_pools(struct reader *reader, const struct place *place, const struct subnet *subnet);

/* "192.0.2.0/24"; false when it is none. */
bool ip4_prefix_parse(const char *text, uint32_t *prefix, uint8_t *prefix_len);
uint32_t ip4_mask(uint8_t prefix_len);

/* An element of `subnet4`; TARGET is the struct config. */
void read_subnet(struct reader *reader, const struct place *place, yajl_val value, void *target);

/* After all was read: ids, overlaps, settings taken from above. */
void check_subnets(struct reader *reader, const struct place *place, struct config *config);

/* The `hooks-libraries` list; TARGET is the struct config. */
void read_hooks(struct reader *reader, const struct place *place, yajl_val value, void *target);

/* Whether the subnets suit the relationships of High Availability. */
void check_ha(struct reader *reader, const struct place *place, const struct config *config);

#endif
