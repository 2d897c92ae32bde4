/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* config_pools: the `pools` of a subnet, and the classes they are for. */
#include "config_parts.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bitset.h"

#define IP4_TEXT 16

static const char *ip4_text(uint32_t address, char text[IP4_TEXT]) {
  struct in_addr network = { htonl(address) };
  return inet_ntop(AF_INET, &network, text, IP4_TEXT);
}

bool ip4_prefix_parse(const char *text, uint32_t *prefix, uint8_t *prefix_len) {
  char address[IP4_TEXT];
  const char *slash = strchr(text, '/');
  if (slash == NULL || (size_t)(slash - text) >= sizeof address) return false;
  memcpy(address, text, (size_t)(slash - text));
  address[slash - text] = '\0';
  char *end;
  long bits = strtol(slash + 1, &end, 10);
  if (slash[1] < '0' || slash[1] > '9' || *end != '\0' || bits > 32) return false;
  *prefix_len = (uint8_t)bits;
  return ip4_parse(address, prefix);
}

uint32_t ip4_mask(uint8_t prefix_len) {
  return prefix_len == 0 ? 0 : UINT32_MAX << (32 - prefix_len);
}

/* ---- classes ---- */

void read_class(struct reader *reader, const struct place *place, yajl_val value, void *target) {
  struct classes *classes = target;
  const char *name = read_string(reader, place, value);
  void *names = classes->names;
  const char **slot = arena_append(reader->arena, &names, &classes->count, sizeof *slot);
  classes->names = names;
  if (slot != NULL) *slot = name != NULL ? name : "";
}

static void read_pool_class(struct reader *reader, const struct place *place, yajl_val value,
                            void *target) {
  read_class(reader, place, value, &((struct pool_config *)target)->classes);
}

static void read_pool_classes(struct reader *reader, const struct place *place, yajl_val value,
                              void *target) {
  read_list(reader, place, value, read_class, &((struct pool_config *)target)->classes);
}

/* ---- pools ---- */

static bool parse_range(const char *text, uint32_t *first, uint32_t *last) {
  char from[IP4_TEXT], to[IP4_TEXT];
  int end = 0;
  if (sscanf(text, " %15[0-9.] - %15[0-9.] %n", from, to, &end) == 2 && text[end] == '\0')
    return ip4_parse(from, first) && ip4_parse(to, last) && *first <= *last;
  uint8_t prefix_len;
  if (!ip4_prefix_parse(text, first, &prefix_len)) return false;
  if ((*first & ~ip4_mask(prefix_len)) != 0) return false;
  *last = *first | ~ip4_mask(prefix_len);
  return true;
}

static void read_range(struct reader *reader, const struct place *place, yajl_val value,
                       void *target) {
  struct pool_config *pool = target;
  const char *text = read_string(reader, place, value);
  if (text == NULL) return;
  if (!parse_range(text, &pool->first, &pool->last))
    read_error(reader, place, "\"%s\" must be \"192.0.2.10 - 192.0.2.99\" or \"192.0.2.64/26\"",
               text);
  else if (pool->last - pool->first >= BITSET_COUNT_MAX)
    read_error(reader, place, "\"%s\" has more than %u addresses", text, BITSET_COUNT_MAX);
}

static void read_pool_options(struct reader *reader, const struct place *place, yajl_val value,
                              void *target) {
  struct pool_config *pool = target;
  read_options(reader, place, value, &pool->options, &pool->option_count);
}

static const struct key pool_keys[] = {
  { .name = "pool", .kind = KEY_READ, .read = read_range },
  { .name = "client-class", .kind = KEY_READ, .read = read_pool_class },
  { .name = "client-classes", .kind = KEY_READ, .read = read_pool_classes },
  { .name = "option-data", .kind = KEY_READ, .read = read_pool_options },
  { .name = "pool-id", .kind = KEY_UNSUPPORTED },
  { .name = "require-client-classes", .kind = KEY_UNSUPPORTED },
  { .name = "evaluate-additional-classes", .kind = KEY_UNSUPPORTED },
  { .name = "comment", .kind = KEY_QUIET },
  { .name = "user-context", .kind = KEY_QUIET },
  { .name = NULL },
};

static void read_pool(struct reader *reader, const struct place *place, yajl_val value,
                      void *target) {
  struct subnet *subnet = target;
  size_t errors = reader->findings->errors;
  struct pool_config pool = { .first = 0 };
  read_map(reader, place, value, pool_keys, &pool);
  if (reader->findings->errors > errors) return;
  if (pool.first == 0) {
    read_error(reader, place, "needs a \"pool\"");
    return;
  }
  void *pools = subnet->pools;
  struct pool_config *slot = arena_append(reader->arena, &pools, &subnet->pool_count, sizeof *slot);
  subnet->pools = pools;
  if (slot != NULL) *slot = pool;
}

void read_pools(struct reader *reader, const struct place *place, yajl_val value,
                       void *target) {
  read_list(reader, place, value, read_pool, target);
}

void check_pools(struct reader *reader, const struct place *place,
                        const struct subnet *subnet) {
  struct place pools = { place, "pools", 0 };
  for (size_t i = 0; i < subnet->pool_count; i++) {
    const struct pool_config *pool = &subnet->pools[i];
    struct place entry = { &pools, NULL, i }, at = { &entry, "pool", 0 };
    char first[IP4_TEXT], last[IP4_TEXT];
    ip4_text(pool->first, first);
    ip4_text(pool->last, last);
    if (!subnet_contains(subnet, pool->first) || !subnet_contains(subnet, pool->last))
      read_error(reader, &at, "%s - %s must lie within the subnet", first, last);
    for (size_t j = 0; j < i; j++)
      if (pool->first <= subnet->pools[j].last && subnet->pools[j].first <= pool->last)
        read_error(reader, &at, "%s - %s must not overlap with pools[%zu]", first, last, j);
  }
}
