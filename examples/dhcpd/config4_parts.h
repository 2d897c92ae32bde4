/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * config4_parts: what the files that read a configuration share.
 */
#ifndef DHCPD_CONFIG4_PARTS_H
#define DHCPD_CONFIG4_PARTS_H

#include "config4.h"
#include "reader.h"

/* The rows of a key table for a struct settings4 that lies at OFFSET of the target. */
#define SETTINGS4_KEYS(target, member)                                                            \
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
void read_options4(struct reader *reader, const struct place *place, yajl_val value,
                   struct option4 **options, size_t *count);

/* A class, appended to the struct classes4 at TARGET. */
void read_class4(struct reader *reader, const struct place *place, yajl_val value, void *target);

/* The `pools` of the struct subnet4 at TARGET, and what they must be within it. */
void read_pools4(struct reader *reader, const struct place *place, yajl_val value, void *target);
void check_pools4(struct reader *reader, const struct place *place, const struct subnet4 *subnet);

/* "192.0.2.0/24"; false when it is none. */
bool ip4_prefix_parse(const char *text, uint32_t *prefix, uint8_t *prefix_len);
uint32_t ip4_mask(uint8_t prefix_len);

/* An element of `subnet4`; TARGET is the struct config4. */
void read_subnet4(struct reader *reader, const struct place *place, yajl_val value, void *target);

/* After all was read: ids, overlaps, settings taken from above. */
void check_subnets4(struct reader *reader, const struct place *place, struct config4 *config);

/* The `hooks-libraries` list; TARGET is the struct config4. */
void read_hooks4(struct reader *reader, const struct place *place, yajl_val value, void *target);

/* Whether the subnets suit the relationships of High Availability. */
void check_ha4(struct reader *reader, const struct place *place, const struct config4 *config);

#endif
