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
#define SETTINGS_UINT32(key, from, target, field)                                                 \
  { .name = key, .kind = KEY_UINT32, .low = from, .high = UINT32_MAX,                             \
    .offset = offsetof(target, field) }

#define SETTINGS_KEYS(target, member)                                                             \
  SETTINGS_UINT32("valid-lifetime", 1, target, member.valid_lft),                                 \
  SETTINGS_UINT32("min-valid-lifetime", 1, target, member.min_valid_lft),                         \
  SETTINGS_UINT32("max-valid-lifetime", 1, target, member.max_valid_lft),                         \
  SETTINGS_UINT32("renew-timer", 0, target, member.renew_timer),                                  \
  SETTINGS_UINT32("rebind-timer", 0, target, member.rebind_timer)

#define SETTINGS4_KEYS(target, member)                                                            \
  SETTINGS_KEYS(target, member),                                                                  \
  { .name = "match-client-id", .kind = KEY_BOOL,                                                  \
    .offset = offsetof(target, member.match_client_id) },                                         \
  { .name = "authoritative", .kind = KEY_BOOL,                                                    \
    .offset = offsetof(target, member.authoritative) },                                           \
  { .name = "next-server", .kind = KEY_IP4, .offset = offsetof(target, member.next_server) },     \
  { .name = "server-hostname", .kind = KEY_STRING,                                                \
    .offset = offsetof(target, member.server_hostname) },                                         \
  { .name = "boot-file-name", .kind = KEY_STRING,                                                 \
    .offset = offsetof(target, member.boot_file_name) }

#define SETTINGS6_KEYS(target, member)                                                            \
  SETTINGS_KEYS(target, member),                                                                  \
  SETTINGS_UINT32("preferred-lifetime", 1, target, member.preferred_lft),                         \
  SETTINGS_UINT32("min-preferred-lifetime", 1, target, member.min_preferred_lft),                 \
  SETTINGS_UINT32("max-preferred-lifetime", 1, target, member.max_preferred_lft)

/* Of the configuration that is being read. */
static inline uint8_t family_of(const struct reader *reader) {
  return ((const struct config *)reader->config)->family;
}

/* An `option-data` list, appended to what is there. */
void read_options(struct reader *reader, const struct place *place, yajl_val value,
                   struct option **options, size_t *count);

/* A class, appended to the struct classes at TARGET. */
void read_class(struct reader *reader, const struct place *place, yajl_val value, void *target);

/* The `pools` of the struct subnet at TARGET, and what they must be within it. */
void read_pools(struct reader *reader, const struct place *place, yajl_val value, void *target);
void check_pools(struct reader *reader, const struct place *place, const struct subnet *subnet);

/* The same for the `pd-pools` (RFC 8415 6.3). */
void read_pd_pools(struct reader *reader, const struct place *place, yajl_val value, void *target);

/* In which list a pool stands, and where in it: a subnet has both kinds in one. */
const char *pool_list(const struct pool_config *pool);
size_t pool_number(const struct subnet *subnet, size_t index);

/* Whether pools of two subnets have addresses in common; those of one are compared where they are
 * read. */
bool pools_overlap(const struct pool_config *a, const struct pool_config *b, uint8_t family);

/* An element of `subnet4` or `subnet6`; TARGET is the struct config. */
void read_subnet(struct reader *reader, const struct place *place, yajl_val value, void *target);

/* After all was read: ids, overlaps, settings taken from above. */
void check_subnets(struct reader *reader, const struct place *place, struct config *config);

/* The `server-id` of DHCPv6; TARGET is the struct config. */
void read_server_id(struct reader *reader, const struct place *place, yajl_val value,
                    void *target);

/* The `hooks-libraries` list; TARGET is the struct config. */
void read_hooks(struct reader *reader, const struct place *place, yajl_val value, void *target);

/* Whether the subnets suit the relationships of High Availability. */
void check_ha(struct reader *reader, const struct place *place, const struct config *config);

#endif
