/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "unit/lease_reading.h"

/* As Kea 3.0.4 sent them, without white space, `force-create` and `origin`. */
static const struct {
  const char *sentence;
  dhcpha_family family;
  dhcpha_lease_form form;
  const char *text;
} recorded[] = {
  { "a lease without client-id", V4, UPDATE,
    "{\"expire\":1795359703,\"fqdn-fwd\":false,\"fqdn-rev\":false,\"hostname\":\"host3\","
    "\"hw-address\":\"02:00:00:aa:00:03\",\"ip-address\":\"192.0.2.162\",\"state\":0,"
    "\"subnet-id\":1,\"valid-lft\":4000}" },
  { "a lease with a client-id of RFC 4361", V4, UPDATE,
    "{\"client-id\":\"ff:00:00:00:01:00:03:00:01:02:00:bb:00:00:02\",\"expire\":1795359703,"
    "\"fqdn-fwd\":false,\"fqdn-rev\":false,\"hostname\":\"\",\"hw-address\":\"02:00:00:aa:00:02\","
    "\"ip-address\":\"192.0.2.161\",\"state\":0,\"subnet-id\":1,\"valid-lft\":4000}" },
  { "declined: the hardware address is empty", V4, UPDATE,
    "{\"expire\":1795446103,\"fqdn-fwd\":false,\"fqdn-rev\":false,\"hostname\":\"\","
    "\"hw-address\":\"\",\"ip-address\":\"192.0.2.162\",\"state\":1,\"subnet-id\":1,"
    "\"valid-lft\":86400}" },
  { "relay information", V4, UPDATE,
    "{\"expire\":1795359733,\"fqdn-fwd\":false,\"fqdn-rev\":false,\"hostname\":\"\","
    "\"hw-address\":\"02:00:00:aa:00:00\",\"ip-address\":\"192.0.2.120\",\"state\":0,"
    "\"subnet-id\":1,\"user-context\":{\"ISC\":{\"relay-agent-info\":{\"remote-id\":"
    "\"010203040506\",\"sub-options\":\"0x0104AABBCCDD0206010203040506\"}}},\"valid-lft\":4000}" },
  { "released with affinity, in a pool with an id", V4, UPDATE,
    "{\"expire\":1795359733,\"fqdn-fwd\":true,\"fqdn-rev\":true,\"hostname\":\"a.example.org.\","
    "\"hw-address\":\"02:00:00:aa:00:00\",\"ip-address\":\"192.0.2.120\",\"pool-id\":7,"
    "\"state\":3,\"subnet-id\":1,\"valid-lft\":0}" },
  { "for ever", V4, UPDATE,
    "{\"expire\":6090326998,\"fqdn-fwd\":false,\"fqdn-rev\":false,\"hostname\":\"\","
    "\"hw-address\":\"02:00:00:aa:00:00\",\"ip-address\":\"192.0.2.120\",\"state\":0,"
    "\"subnet-id\":4294967295,\"valid-lft\":4294967295}" },
  { "page: a context with all types", V4, PAGE,
    "{\"cltt\":1795355358,\"fqdn-fwd\":false,\"fqdn-rev\":true,\"hostname\":\"x\","
    "\"hw-address\":\"08:00:27:00:01:04\",\"ip-address\":\"192.0.2.14\",\"state\":0,"
    "\"subnet-id\":1,\"user-context\":{\"nested\":{\"list\":[1,\"two\",null,true,4.5],"
    "\"map\":{}},\"nr\":4},\"valid-lft\":4000}" },
  { "IA_NA", V6, UPDATE,
    "{\"duid\":\"00:03:00:01:02:00:00:bb:00:00\",\"expire\":1795360386,\"fqdn-fwd\":false,"
    "\"fqdn-rev\":false,\"hostname\":\"\",\"hw-address\":\"02:00:00:bb:00:00\",\"iaid\":1,"
    "\"ip-address\":\"2001:db8:1::2000\",\"preferred-lft\":3000,\"state\":0,\"subnet-id\":1,"
    "\"type\":\"IA_NA\",\"valid-lft\":4000}" },
  { "IA_PD", V6, UPDATE,
    "{\"duid\":\"00:03:00:01:02:00:00:bb:00:02\",\"expire\":1795360386,\"fqdn-fwd\":false,"
    "\"fqdn-rev\":false,\"hostname\":\"\",\"iaid\":4294967295,\"ip-address\":\"2001:db8:9000::\","
    "\"preferred-lft\":3000,\"prefix-len\":56,\"state\":0,\"subnet-id\":1,\"type\":\"IA_PD\","
    "\"valid-lft\":4000}" },
  { "IA_TA, which Kea takes too", V6, UPDATE,
    "{\"duid\":\"00:03:00:01:02:00:00:bb:00:02\",\"expire\":1795360386,\"fqdn-fwd\":false,"
    "\"fqdn-rev\":false,\"hostname\":\"\",\"iaid\":1,\"ip-address\":\"2001:db8:9000::\","
    "\"preferred-lft\":3000,\"state\":0,\"subnet-id\":1,\"type\":\"IA_TA\",\"valid-lft\":4000}" },
  { "page: declined by Kea 2.2", V6, PAGE,
    "{\"cltt\":1795356440,\"duid\":\"00\",\"fqdn-fwd\":false,\"fqdn-rev\":false,\"hostname\":\"\","
    "\"iaid\":3,\"ip-address\":\"2001:db8:1::2001\",\"preferred-lft\":0,\"state\":1,"
    "\"subnet-id\":1,\"type\":\"IA_NA\",\"valid-lft\":86400}" },
};

START_TEST(writes_what_it_read) {
  ck_assert_msg(read_lease(recorded[_i].family, recorded[_i].form, recorded[_i].text) == DHCPHA_OK,
                "%s: %s", recorded[_i].sentence, reading.error);
  ck_assert(dhcpha_lease_is_valid(&reading.lease, recorded[_i].family));
  dhcpha_lease_json_write(&out, recorded[_i].family, recorded[_i].form, &reading.lease);
  ck_assert_str_eq(dhcpha_buffer_text(&out), recorded[_i].text);
}
END_TEST

START_TEST(reads_every_member) {
  ck_assert_int_eq(
    read_lease(V6, UPDATE,
               "{\"type\":\"IA_PD\",\"prefix-len\":56,\"ip-address\":\"2001:db8::\",\"iaid\":7,"
               "\"duid\":\"0001 02\",\"subnet-id\":9,\"pool-id\":3,\"hw-address\":\"1:2\","
               "\"valid-lft\":100,\"preferred-lft\":50,\"expire\":1100,\"cltt\":5,"
               "\"fqdn-fwd\":true,\"fqdn-rev\":false,\"hostname\":\"A.Example\\u00c9\","
               "\"state\":2,\"force-create\":true,\"unknown\":[],\"origin\":\"ha-partner\","
               "\"user-contexT\":1}"),
    DHCPHA_ERR_MALFORMED); /* groups of a DUID have two digits */
  ck_assert_int_eq(
    read_lease(V6, UPDATE,
               "{\"type\":\"IA_PD\",\"prefix-len\":56,\"ip-address\":\"2001:db8::\",\"iaid\":7,"
               "\"duid\":\"01 02 3\",\"subnet-id\":9,\"pool-id\":3,\"hw-address\":\"1:2\","
               "\"valid-lft\":100,\"preferred-lft\":50,\"expire\":1100,\"cltt\":5,"
               "\"fqdn-fwd\":true,\"fqdn-rev\":false,\"hostname\":\"A.Example\\u00c9\","
               "\"state\":2,\"force-create\":true,\"unknown\":[],\"origin\":\"ha-partner\","
               "\"user-contexT\":1}"),
    DHCPHA_OK);
  const dhcpha_lease *lease = &reading.lease;
  ck_assert_int_eq(lease->type, DHCPHA_LEASE_PREFIX);
  ck_assert_uint_eq(lease->prefix_len, 56);
  ck_assert_uint_eq(lease->iaid, 7);
  ck_assert_uint_eq(lease->client_id_len, 3);
  ck_assert_mem_eq(lease->client_id, "\x01\x02\x03", 3);
  ck_assert_uint_eq(lease->hw_address_len, 2);
  ck_assert_mem_eq(lease->hw_address, "\x01\x02", 2);
  ck_assert_uint_eq(lease->subnet_id, 9);
  ck_assert_uint_eq(lease->pool_id, 3);
  ck_assert_uint_eq(lease->valid_lft, 100);
  ck_assert_uint_eq(lease->preferred_lft, 50);
  ck_assert_int_eq(lease->cltt, 1000); /* not the member `cltt`: P1 4.8 */
  ck_assert(lease->fqdn_fwd && !lease->fqdn_rev);
  ck_assert_uint_eq(lease->hostname_len, 10);
  ck_assert_str_eq(lease->hostname, "a.example\xc9");
  ck_assert_int_eq(lease->state, DHCPHA_LEASE_EXPIRED);
  ck_assert_ptr_null(lease->user_context);
  ck_assert(reading.force_create && reading.has_subnet_id && reading.has_valid_lft);
  ck_assert(reading.has_preferred_lft && reading.has_expire);
}
END_TEST

START_TEST(leaves_to_the_caller_what_is_absent) {
  static const char text[] = "{\"ip-address\":\"192.0.2.7\",\"hw-address\":\"1\"}";
  ck_assert_int_eq(read_lease(V4, UPDATE, text), DHCPHA_OK);
  ck_assert(!reading.has_subnet_id && !reading.has_valid_lft && !reading.has_expire);
  ck_assert(!reading.force_create);
  ck_assert_int_eq(reading.lease.cltt, NOW);
  ck_assert_uint_eq(reading.lease.hostname_len, 0);
  /* The subnet's lifetime is supplied before the expiration time is looked at. */
  dhcpha_arena_reset(&arena);
  const char *with_expire =
    "{\"ip-address\":\"192.0.2.7\",\"hw-address\":\"1\",\"expire\":100,\"subnet-id\":0}";
  const dhcpha_json_value *map = dhcpha_json_read(&arena, with_expire, strlen(with_expire), NULL);
  ck_assert_int_eq(dhcpha_lease_json_read(&reading, V4, UPDATE, map), DHCPHA_OK);
  ck_assert(!reading.has_subnet_id);
  reading.lease.valid_lft = 100;
  ck_assert_int_eq(dhcpha_lease_json_settle(&reading, NOW), DHCPHA_OK);
  ck_assert_int_eq(reading.lease.cltt, 0);
  reading.lease.valid_lft = 101;
  ck_assert_int_eq(dhcpha_lease_json_settle(&reading, NOW), DHCPHA_ERR_MALFORMED);
  ck_assert_str_eq(reading.error,
                   "expiration time must be greater than valid lifetime for address 192.0.2.7");
}
END_TEST

/* A member in place of the one of the same name of a good lease, or in addition; or, without a
 * value, that one left out.  `error` "" when it is accepted. */
typedef struct variation {
  dhcpha_family family;
  dhcpha_lease_form form;
  const char *key, *value;
  const char *error;
} variation;

static const variation variations[] = {
  /* As recorded of Kea. */
  { V4, UPDATE, "ip-address", NULL, "missing parameter 'ip-address'" },
  { V4, UPDATE, "hw-address", NULL, "missing parameter 'hw-address'" },
  { V4, UPDATE, "ip-address", "\"garbage\"",
    "Failed to convert 'garbage' to address: Failed to convert string to address 'garbage': "
    "Invalid argument" },
  { V4, UPDATE, "hw-address", "\"zz\"",
    "'z' is not a valid hexadecimal digit in decoded string 'zz'" },
  { V4, UPDATE, "client-id", "\"zz\"", "'zz' is not a valid string of hexadecimal digits" },
  { V4, UPDATE, "client-id", "\"\"", "identifier is too short (0), at least 2 is required" },
  { V4, UPDATE, "valid-lft", "-1", "out of range value (-1) specified for parameter 'valid-lft'" },
  { V4, UPDATE, "expire", "\"x\"", "invalid type specified for parameter 'expire'" },
  { V4, UPDATE, "expire", "5",
    "expiration time must be greater than valid lifetime for address 192.0.2.77" },
  { V4, UPDATE, "fqdn-fwd", "\"yes\"", "invalid type specified for parameter 'fqdn-fwd'" },
  { V4, UPDATE, "fqdn-fwd", "true",
    "No hostname specified and either forward or reverse fqdn was set to true." },
  { V4, UPDATE, "hostname", "5", "invalid type specified for parameter 'hostname'" },
  { V4, UPDATE, "subnet-id", "\"1\"", "invalid type specified for parameter 'subnet-id'" },
  { V4, UPDATE, "state", "77",
    "Invalid state value: 77, supported values are: 0 (default), 1 (declined), "
    "2 (expired-reclaimed), 3 (released) and 4 (registered)" },
  { V4, UPDATE, "user-context", "\"text\"", "Invalid user context '\"text\"' is not a JSON map." },
  { V4, UPDATE, "hw-address", "\"\"",
    "Lease4: 192.0.2.77, state: default has neither hardware address or client id" },
  { V6, UPDATE, "duid", NULL, "missing parameter 'duid'" },
  { V6, UPDATE, "duid", "\"\"", "identifier is too short (0), at least 3 is required" },
  { V6, UPDATE, "iaid", "\"1\"", "invalid type specified for parameter 'iaid'" },
  { V6, UPDATE, "type", "3", "invalid type specified for parameter 'type'" },
  { V6, UPDATE, "type", "\"IA_XX\"",
    "Incorrect lease type: IA_XX, the only supported values are: IA_NA and IA_PD" },
  { V6, UPDATE, "type", "\"IA_PD\"", "missing parameter 'prefix-len'" },
  { V6, UPDATE, "hw-address", "\"zz\"",
    "'z' is not a valid hexadecimal digit in decoded string 'zz'" },
  /* The other rules of P1 4.8. */
  { V4, UPDATE, "ip-address", "\"::1\"", "Non-IPv4 address specified: ::1" },
  { V6, UPDATE, "ip-address", "\"192.0.2.1\"", "Non-IPv6 address specified: 192.0.2.1" },
  { V4, UPDATE, "ip-address", "5", "invalid type specified for parameter 'ip-address'" },
  { V4, UPDATE, "hw-address", "null", "invalid type specified for parameter 'hw-address'" },
  { V4, UPDATE, "hw-address", "\"1::2\"", "invalid format of the decoded string '1::2'" },
  { V4, UPDATE, "hw-address", "\"0:1:2:3:4:5:6:7:8:9:a:b:c:d:e:f:10:11:12:13\"", "" },
  { V4, UPDATE, "client-id", "\"01\"", "identifier is too short (1), at least 2 is required" },
  { V4, UPDATE, "client-id", NULL, "" },
  { V4, UPDATE, "subnet-id", NULL, "" },
  { V4, UPDATE, "subnet-id", "4294967296",
    "out of range value (4294967296) specified for parameter 'subnet-id'" },
  { V4, UPDATE, "valid-lft", NULL, "" },
  { V4, UPDATE, "valid-lft", "1.0", "invalid type specified for parameter 'valid-lft'" },
  { V4, UPDATE, "expire", "9223372036854775808",
    "invalid type specified for parameter 'expire'" },
  { V4, UPDATE, "expire", "9223372036854775807", "" },
  { V4, UPDATE, "expire", "0", "expiration time must be positive for address 192.0.2.77" },
  { V4, UPDATE, "expire", "-9223372036854775808",
    "expiration time must be positive for address 192.0.2.77" },
  { V4, UPDATE, "expire", NULL, "" },
  { V4, UPDATE, "fqdn-rev", "true",
    "No hostname specified and either forward or reverse fqdn was set to true." },
  { V4, UPDATE, "state", "256", "out of range value (256) specified for parameter 'state'" },
  { V4, UPDATE, "state", "3", "" },
  { V4, UPDATE, "state", "4",
    "Invalid state value: 4, supported values are: 0 (default), 1 (declined), "
    "2 (expired-reclaimed) and 3 (released)" },
  { V4, PAGE, "state", "4", "" },
  { V6, UPDATE, "state", "4", "" },
  { V4, UPDATE, "state", NULL, "" },
  { V4, UPDATE, "pool-id", "0", "" },
  { V4, UPDATE, "pool-id", "-1", "out of range value (-1) specified for parameter 'pool-id'" },
  { V4, UPDATE, "force-create", "1", "invalid type specified for parameter 'force-create'" },
  { V4, UPDATE, "user-context", "null", "Invalid user context 'null' is not a JSON map." },
  { V4, UPDATE, "cltt", "\"ignored\"", "" },
  { V4, UPDATE, "iaid", "\"ignored\"", "" },
  { V6, UPDATE, "type", NULL, "" },
  { V6, UPDATE, "prefix-len", "\"ignored\"", "" },
  { V6, UPDATE, "duid", "\"00\"", "" },
  { V6, UPDATE, "iaid", NULL, "missing parameter 'iaid'" },
  { V6, UPDATE, "iaid", "-1", "out of range value (-1) specified for parameter 'iaid'" },
  { V6, UPDATE, "hw-address", NULL, "" },
  { V6, UPDATE, "preferred-lft", NULL, "" },
  /* P2 6.4: a page has it all. */
  { V4, PAGE, "ip-address", NULL, "missing parameter 'ip-address'" },
  { V4, PAGE, "hw-address", NULL, "missing parameter 'hw-address'" },
  { V4, PAGE, "hw-address", "\"\"", "" },
  { V4, PAGE, "subnet-id", NULL, "missing parameter 'subnet-id'" },
  { V4, PAGE, "subnet-id", "0", "out of range value (0) specified for parameter 'subnet-id'" },
  { V4, PAGE, "cltt", NULL, "missing parameter 'cltt'" },
  { V4, PAGE, "cltt", "0", "out of range value (0) specified for parameter 'cltt'" },
  { V4, PAGE, "valid-lft", NULL, "missing parameter 'valid-lft'" },
  { V4, PAGE, "valid-lft", "0", "" },
  { V4, PAGE, "fqdn-fwd", NULL, "missing parameter 'fqdn-fwd'" },
  { V4, PAGE, "fqdn-rev", NULL, "missing parameter 'fqdn-rev'" },
  { V4, PAGE, "fqdn-rev", "true", "" },
  { V4, PAGE, "hostname", NULL, "missing parameter 'hostname'" },
  { V4, PAGE, "state", NULL, "missing parameter 'state'" },
  { V4, PAGE, "state", "4", "" },
  { V4, PAGE, "pool-id", "0", "out of range value (0) specified for parameter 'pool-id'" },
  { V4, PAGE, "client-id", NULL, "" },
  { V4, PAGE, "expire", "\"ignored\"", "" },
  { V4, PAGE, "user-context", "[]", "Invalid user context '[]' is not a JSON map." },
  { V6, PAGE, "type", NULL, "missing parameter 'type'" },
  { V6, PAGE, "iaid", NULL, "missing parameter 'iaid'" },
  { V6, PAGE, "duid", NULL, "missing parameter 'duid'" },
  { V6, PAGE, "preferred-lft", NULL, "missing parameter 'preferred-lft'" },
  { V6, PAGE, "type", "\"IA_PD\"", "missing parameter 'prefix-len'" },
  { V6, PAGE, "hw-address", NULL, "" },
};

static const struct {
  const char *key, *value4, *value6; /* NULL: not in this family */
  int form;                          /* or -1: in both */
} good_lease[] = {
  { "ip-address", "\"192.0.2.77\"", "\"2001:db8:1::77\"", -1 },
  { "hw-address", "\"08:00:27:00:00:77\"", "\"08:00:27:00:00:77\"", -1 },
  { "duid", NULL, "\"00:03:00:01:08:00:27:00:00:77\"", -1 },
  { "iaid", NULL, "1", -1 },
  { "type", NULL, "\"IA_NA\"", -1 },
  { "subnet-id", "1", "1", -1 },
  { "valid-lft", "4000", "4000", -1 },
  { "preferred-lft", NULL, "3000", -1 },
  { "cltt", "1795355354", "1795355354", PAGE },
  { "expire", "1795359354", "1795359354", UPDATE },
  { "fqdn-fwd", "false", "false", -1 },
  { "fqdn-rev", "false", "false", -1 },
  { "hostname", "\"\"", "\"\"", -1 },
  { "state", "0", "0", -1 },
};

static void vary(const variation *v) {
  dhcpha_buffer_clear(&out);
  for (int i = 0; i < COUNT_OF(good_lease); i++) {
    const char *value = v->family == V4 ? good_lease[i].value4 : good_lease[i].value6;
    if (value == NULL || strcmp(good_lease[i].key, v->key) == 0) continue;
    if (good_lease[i].form != -1 && good_lease[i].form != (int)v->form) continue;
    dhcpha_buffer_append_format(&out, "%c\"%s\":%s", out.len == 0 ? '{' : ',', good_lease[i].key,
                                value);
  }
  if (v->value != NULL) dhcpha_buffer_append_format(&out, ",\"%s\":%s", v->key, v->value);
  dhcpha_buffer_append_char(&out, '}');
}

START_TEST(says_what_is_wrong_in_keas_words) {
  const variation *v = &variations[_i];
  vary(v);
  dhcpha_status status = read_lease(v->family, v->form, dhcpha_buffer_text(&out));
  ck_assert_msg(strcmp(reading.error, v->error) == 0, "%s: \"%s\"", dhcpha_buffer_text(&out),
                reading.error);
  ck_assert_int_eq(status, v->error[0] == '\0' ? DHCPHA_OK : DHCPHA_ERR_MALFORMED);
}
END_TEST

static const struct {
  const char *sentence, *prefix, *prefix_len, *more, *error;
} prefixes[] = {
  { "a prefix", "2001:db8:9000::", "56", "\"subnet-id\":1", "" },
  { "host bits", "2001:db8:9000::1", "56", "\"subnet-id\":1",
    "Prefix address: 2001:db8:9000::1 exceeds prefix/prefix-len pair: 2001:db8:9000::/56" },
  { "too long", "2001:db8:9000::", "129", "\"subnet-id\":1",
    "out of range value (129) specified for parameter 'prefix-len'" },
  { "of no length", "2001:db8:9000::", "0", "\"subnet-id\":1",
    "out of range value (0) specified for parameter 'prefix-len'" },
  { "in no subnet", "2001:db8:9000::", "56", "\"subnet-id\":0",
    "Subnet-id is 0 or not specified. This is allowed for address leases only, not prefix "
    "leases." },
  { "declined", "2001:db8:9000::", "56", "\"subnet-id\":1,\"state\":1",
    "Invalid declined state for PD prefix." },
};

START_TEST(reads_prefixes) {
  dhcpha_buffer_append_format(&out, "{\"type\":\"IA_PD\",\"ip-address\":\"%s\",\"prefix-len\":%s,"
                              "\"iaid\":1,\"duid\":\"01:02:03\",%s}", prefixes[_i].prefix,
                              prefixes[_i].prefix_len, prefixes[_i].more);
  read_lease(V6, UPDATE, dhcpha_buffer_text(&out));
  ck_assert_msg(strcmp(reading.error, prefixes[_i].error) == 0, "%s: \"%s\"",
                prefixes[_i].sentence, reading.error);
}
END_TEST

START_TEST(limits_lengths) {
  static const struct {
    dhcpha_family family;
    const char *key, *part;
    int max;
  } limits[] = { { V4, "client-id", "ab", 255 }, { V6, "duid", "ab", 130 },
                 { V4, "hostname", "a", 255 } };
  for (int i = 0; i < COUNT_OF(limits); i++)
    for (int more = 0; more < 2; more++) {
      char value[1200] = "\"";
      for (int k = 0; k < limits[i].max + more; k++) strcat(value, limits[i].part);
      strcat(value, "\"");
      vary(&(variation){ limits[i].family, UPDATE, limits[i].key, value, NULL });
      ck_assert_int_eq(read_lease(limits[i].family, UPDATE, dhcpha_buffer_text(&out)),
                       more == 0 ? DHCPHA_OK : DHCPHA_ERR_MALFORMED);
      ck_assert_msg(more == 0 || strstr(reading.error, "at most") != NULL, "%s", reading.error);
    }
  vary(&(variation){ V4, UPDATE, "hw-address", "\"0:1:2:3:4:5:6:7:8:9:a:b:c:d:e:f:0:1:2:3:4\"",
                     NULL });
  ck_assert_int_eq(read_lease(V4, UPDATE, dhcpha_buffer_text(&out)), DHCPHA_ERR_MALFORMED);
}
END_TEST

START_TEST(refuses_what_is_no_map) {
  ck_assert_int_eq(read_lease(V6, UPDATE, "5"), DHCPHA_ERR_MALFORMED);
  ck_assert_str_eq(reading.error, "get(string) called on a non-map Element");
}
END_TEST

/* Long and binary texts in messages: cut, not overrun. */
START_TEST(shows_hostile_texts_in_part) {
  char value[1200] = "\"";
  for (int i = 0; i < 1000; i++) strcat(value, "z");
  strcat(value, "\"");
  static const char *const keys[] = { "ip-address", "hw-address", "client-id", "user-context" };
  for (int i = 0; i < COUNT_OF(keys); i++) {
    vary(&(variation){ V4, UPDATE, keys[i], value, NULL });
    ck_assert_int_eq(read_lease(V4, UPDATE, dhcpha_buffer_text(&out)), DHCPHA_ERR_MALFORMED);
    ck_assert_uint_lt(strlen(reading.error), DHCPHA_LEASE_ERROR_SIZE);
    vary(&(variation){ V4, UPDATE, keys[i], "\"a\\u0000b\"", NULL });
    ck_assert_int_eq(read_lease(V4, UPDATE, dhcpha_buffer_text(&out)), DHCPHA_ERR_MALFORMED);
  }
}
END_TEST

START_TEST(writes_the_extremes) {
  dhcpha_lease lease;
  uint8_t bytes[255];
  memset(bytes, 0xfe, sizeof bytes);
  dhcpha_lease_init(&lease);
  dhcpha_address_parse(&lease.address, "192.0.2.1");
  lease.cltt = INT64_MAX;
  lease.valid_lft = DHCPHA_LIFETIME_INFINITE;
  lease.client_id = lease.hw_address = bytes;
  lease.client_id_len = 255;
  lease.hw_address_len = 20;
  lease.hostname = "\"\\\n\xe9";
  lease.hostname_len = 4;
  lease.pool_id = UINT32_MAX;
  dhcpha_lease_json_write(&out, V4, UPDATE, &lease);
  const char *text = dhcpha_buffer_text(&out);
  ck_assert_ptr_nonnull(strstr(text, "\"expire\":9223372036854775807,"));
  ck_assert_ptr_nonnull(strstr(text, "\"hostname\":\"\\\"\\\\\\u000a\\u00e9\","));
  ck_assert_ptr_nonnull(strstr(text, "\"pool-id\":4294967295,"));
  ck_assert_int_eq(read_lease(V4, UPDATE, text), DHCPHA_OK);
  ck_assert_uint_eq(reading.lease.client_id_len, 255);
  ck_assert_mem_eq(reading.lease.hostname, "\"\\\n\xe9", 4);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("lease_json");
  tcase_add_checked_fixture(tcase, start, end);
  tcase_add_loop_test(tcase, writes_what_it_read, 0, COUNT_OF(recorded));
  tcase_add_test(tcase, reads_every_member);
  tcase_add_test(tcase, leaves_to_the_caller_what_is_absent);
  tcase_add_loop_test(tcase, says_what_is_wrong_in_keas_words, 0, COUNT_OF(variations));
  tcase_add_loop_test(tcase, reads_prefixes, 0, COUNT_OF(prefixes));
  tcase_add_test(tcase, limits_lengths);
  tcase_add_test(tcase, refuses_what_is_no_map);
  tcase_add_test(tcase, shows_hostile_texts_in_part);
  tcase_add_test(tcase, writes_the_extremes);
  return unit_run("lease_json", tcase);
}
