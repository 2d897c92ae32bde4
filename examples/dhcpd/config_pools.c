/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* config_pools: the `pools` of a subnet, and the classes they are for. */
#include "config_parts.h"

#include <dhcpha/lease.h>
#include <string.h>

#include "bitset.h"

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

static bool parse_range(uint8_t family, const char *text, struct ip *first, struct ip *last) {
  char from[2 * DHCPHA_ADDRESS_TEXT_SIZE];
  const char *minus = strchr(text, '-');
  if (minus != NULL) {
    text += strspn(text, " ");
    if (minus <= text || (size_t)(minus - text) >= sizeof from) return false;
    memcpy(from, text, (size_t)(minus - text));
    from[strcspn(from, " -")] = '\0';
    char to[sizeof from] = "";
    text = minus + 1 + strspn(minus + 1, " ");
    size_t len = strcspn(text, " ");
    if (len >= sizeof to || text[len + strspn(text + len, " ")] != '\0') return false;
    memcpy(to, text, len);
    return ip_parse(family, from, first) && ip_parse(family, to, last) &&
           ip_compare(*first, *last) <= 0;
  }
  uint8_t prefix_len;
  if (!ip_prefix_parse(family, text, first, &prefix_len) ||
      !ip_in_prefix(*first, family, *first, prefix_len))
    return false;
  *last = ip_add(*first, ip_host_bits(family, prefix_len));
  return true;
}

static void read_range(struct reader *reader, const struct place *place, yajl_val value,
                       void *target) {
  struct pool_config *pool = target;
  bool is4 = family_of(reader) == 4;
  const char *text = read_string(reader, place, value);
  if (text == NULL) return;
  if (!parse_range(family_of(reader), text, &pool->first, &pool->last))
    read_error(reader, place, "\"%s\" must be \"%s\" or \"%s\"", text,
               is4 ? "192.0.2.10 - 192.0.2.99" : "2001:db8::10 - 2001:db8::99",
               is4 ? "192.0.2.64/26" : "2001:db8::/80");
  else if (is4 && pool->last.low - pool->first.low >= BITSET_COUNT_MAX)
    read_error(reader, place, "\"%s\" has more than %u addresses", text, BITSET_COUNT_MAX);
}

static void read_pool_options(struct reader *reader, const struct place *place, yajl_val value,
                              void *target) {
  struct pool_config *pool = target;
  read_options(reader, place, value, &pool->options, &pool->option_count);
}

/* Of pools of addresses and of prefixes. */
#define KEYS_OF_BOTH                                                                              \
  { .name = "client-class", .kind = KEY_READ, .read = read_pool_class },                          \
  { .name = "client-classes", .kind = KEY_READ, .read = read_pool_classes },                      \
  { .name = "option-data", .kind = KEY_READ, .read = read_pool_options },                         \
  { .name = "pool-id", .kind = KEY_UNSUPPORTED },                                                 \
  { .name = "require-client-classes", .kind = KEY_UNSUPPORTED },                                  \
  { .name = "evaluate-additional-classes", .kind = KEY_UNSUPPORTED },                             \
  { .name = "comment", .kind = KEY_QUIET },                                                       \
  { .name = "user-context", .kind = KEY_QUIET }

static const struct key pool_keys[] = {
  { .name = "pool", .kind = KEY_READ, .read = read_range },
  KEYS_OF_BOTH,
  { .name = NULL },
};

static void append_pool(struct reader *reader, struct subnet *subnet,
                        const struct pool_config *pool) {
  void *pools = subnet->pools;
  struct pool_config *slot = arena_append(reader->arena, &pools, &subnet->pool_count, sizeof *slot);
  subnet->pools = pools;
  if (slot != NULL) *slot = *pool;
}

static void read_pool(struct reader *reader, const struct place *place, yajl_val value,
                      void *target) {
  struct subnet *subnet = target;
  size_t errors = reader->findings->errors;
  struct pool_config pool = { .prefix_len = family_of(reader) == 4 ? 32 : 128 };
  read_map(reader, place, value, pool_keys, &pool);
  if (reader->findings->errors > errors) return;
  if (ip_is_none(pool.first)) {
    read_error(reader, place, "needs a \"pool\"");
    return;
  }
  append_pool(reader, subnet, &pool);
}

void read_pools(struct reader *reader, const struct place *place, yajl_val value, void *target) {
  read_list(reader, place, value, read_pool, target);
}

/* ---- pools of prefixes ---- */

struct pd_draft {
  struct pool_config pool; /* first: what reads a pool's keys reads these */
  const char *prefix;
  uint32_t prefix_len, delegated_len;
};

static const struct key pd_keys[] = {
  { .name = "prefix", .kind = KEY_STRING, .offset = offsetof(struct pd_draft, prefix) },
  { .name = "prefix-len", .kind = KEY_UINT32, .low = 1, .high = 128,
    .offset = offsetof(struct pd_draft, prefix_len) },
  { .name = "delegated-len", .kind = KEY_UINT32, .low = 1, .high = 128,
    .offset = offsetof(struct pd_draft, delegated_len) },
  KEYS_OF_BOTH,
  { .name = "excluded-prefix", .kind = KEY_UNSUPPORTED },
  { .name = "excluded-prefix-len", .kind = KEY_UNSUPPORTED },
  { .name = NULL },
};

static void read_pd_pool(struct reader *reader, const struct place *place, yajl_val value,
                         void *target) {
  size_t errors = reader->findings->errors;
  struct pd_draft draft = { .prefix = NULL };
  struct pool_config *pool = &draft.pool;
  read_map(reader, place, value, pd_keys, &draft);
  if (reader->findings->errors > errors) return;
  if (draft.prefix == NULL || draft.prefix_len == 0 || draft.delegated_len == 0) {
    read_error(reader, place, "needs \"prefix\", \"prefix-len\" and \"delegated-len\"");
    return;
  }
  if (!ip_parse(6, draft.prefix, &pool->first) || ip_is_none(pool->first) ||
      !ip_in_prefix(pool->first, 6, pool->first, (uint8_t)draft.prefix_len))
    read_error(reader, &(struct place){ place, "prefix", 0 },
               "\"%s\" must be an IPv6 prefix without bits behind its %u", draft.prefix,
               draft.prefix_len);
  else if (draft.delegated_len < draft.prefix_len)
    read_error(reader, &(struct place){ place, "delegated-len", 0 },
               "%u must not be less than \"prefix-len\", %u", draft.delegated_len,
               draft.prefix_len);
  if (reader->findings->errors > errors) return;
  pool->type = DHCPHA_LEASE_PREFIX;
  pool->prefix_len = (uint8_t)draft.delegated_len;
  pool->last = ip_add(pool->first, ip_subtract(ip_host_bits(6, (uint8_t)draft.prefix_len),
                                               ip_host_bits(6, pool->prefix_len)));
  append_pool(reader, target, pool);
}

void read_pd_pools(struct reader *reader, const struct place *place, yajl_val value, void *target) {
  read_list(reader, place, value, read_pd_pool, target);
}

/* Its last address, the last prefix included. */
static struct ip end_of(const struct pool_config *pool, uint8_t family) {
  return ip_add(pool->last, ip_host_bits(family, pool->prefix_len));
}

const char *pool_list(const struct pool_config *pool) {
  return pool->type == DHCPHA_LEASE_PREFIX ? "pd-pools" : "pools";
}

bool pools_overlap(const struct pool_config *a, const struct pool_config *b, uint8_t family) {
  return ip_compare(a->first, end_of(b, family)) <= 0 &&
         ip_compare(b->first, end_of(a, family)) <= 0;
}

size_t pool_number(const struct subnet *subnet, size_t index) {
  size_t number = 0;
  for (size_t i = 0; i < index; i++)
    if (subnet->pools[i].type == subnet->pools[index].type) number++;
  return number;
}

void check_pools(struct reader *reader, const struct place *place, const struct subnet *subnet) {
  for (size_t i = 0; i < subnet->pool_count; i++) {
    const struct pool_config *pool = &subnet->pools[i];
    bool pd = pool->type == DHCPHA_LEASE_PREFIX;
    struct place pools = { place, pool_list(pool), 0 };
    struct place entry = { &pools, NULL, pool_number(subnet, i) };
    struct place at = { &entry, pd ? "prefix" : "pool", 0 };
    char first[DHCPHA_ADDRESS_TEXT_SIZE], last[DHCPHA_ADDRESS_TEXT_SIZE];
    ip_format(subnet->family, pool->first, first);
    ip_format(subnet->family, end_of(pool, subnet->family), last);
    if (!pd && (!subnet_contains(subnet, pool->first) || !subnet_contains(subnet, pool->last)))
      read_error(reader, &at, "%s - %s must lie within the subnet", first, last);
    for (size_t j = 0; j < i; j++) {
      const struct pool_config *other = &subnet->pools[j];
      if (pools_overlap(pool, other, subnet->family))
        read_error(reader, &at, "%s - %s must not overlap with %s[%zu]", first, last,
                   pool_list(other), pool_number(subnet, j));
    }
  }
}
