/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "options.h"
#include "packet4.h"

#include "dhcpd.h"

#define OPTIONS(literal) literal, sizeof literal - 1
#define COOKIE "\x63\x82\x53\x63"

/* A query with these options behind the cookie; returns its length. */
static size_t make_query(uint8_t *bytes, const void *options, size_t len) {
  memset(bytes, 0, PACKET4_SIZE_MAX);
  memcpy(bytes, "\1\1\6\0\xde\xad\xbe\xef\0\7\x80\0", 12);
  memcpy(bytes + 12, "\xc0\0\2\1", 4); /* ciaddr */
  memcpy(bytes + 24, "\x0a\0\0\1", 4); /* giaddr */
  memcpy(bytes + 28, "\2\0\0\0\0\1", 6);
  memcpy(bytes + 236, COOKIE, 4);
  memcpy(bytes + 240, options, len);
  return 240 + len;
}

START_TEST(reads_the_fields) {
  uint8_t bytes[PACKET4_SIZE_MAX];
  struct packet4 packet;
  size_t len = make_query(bytes, OPTIONS("\0\65\1\3\62\4\xc0\0\2\x63\xff\65"));
  ck_assert(packet4_read(&packet, bytes, len));
  ck_assert_uint_eq(packet.op, 1);
  ck_assert_uint_eq(packet.hlen, 6);
  ck_assert_uint_eq(packet.xid, 0xdeadbeef);
  ck_assert_uint_eq(packet.secs, 7);
  ck_assert_uint_eq(packet.flags, PACKET4_BROADCAST);
  ck_assert_uint_eq(packet.ciaddr, 0xc0000201);
  ck_assert_uint_eq(packet.giaddr, 0x0a000001);
  ck_assert_uint_eq(packet.type, DHCPREQUEST);
  ck_assert_uint_eq(packet4_get_address(&packet, OPTION_REQUESTED_ADDRESS), 0xc0000263);
  ck_assert_uint_eq(packet4_get_address(&packet, OPTION_SERVER_ID), 0);
  ck_assert_ptr_null(packet.options[OPTION_SERVER_ID].bytes);
}
END_TEST

START_TEST(joins_the_parts_of_an_option) { /* RFC 3396 */
  uint8_t bytes[PACKET4_SIZE_MAX];
  struct packet4 packet;
  size_t len = make_query(bytes, OPTIONS("\x3d\2ab\x0c\1x\x3d\1c\x0c\1y\x3d\2de\xff"));
  ck_assert(packet4_read(&packet, bytes, len));
  const struct option4_view *id = &packet.options[OPTION_CLIENT_ID];
  ck_assert_uint_eq(id->len, 5);
  ck_assert_mem_eq(id->bytes, "abcde", 5);
  ck_assert_uint_eq(packet.options[OPTION_HOST_NAME].len, 2);
  ck_assert_mem_eq(packet.options[OPTION_HOST_NAME].bytes, "xy", 2);
}
END_TEST

START_TEST(reads_overloaded_fields) {
  uint8_t bytes[PACKET4_SIZE_MAX];
  struct packet4 packet;
  size_t len = make_query(bytes, OPTIONS("\x34\1\3\xff"));
  memcpy(bytes + 108, "\x35\1\1\xff", 4);
  memcpy(bytes + 44, "\x0c\1h\xff", 4);
  ck_assert(packet4_read(&packet, bytes, len));
  ck_assert_uint_eq(packet.type, DHCPDISCOVER);
  ck_assert_uint_eq(packet.options[OPTION_HOST_NAME].len, 1);
}
END_TEST

static const struct {
  const char *sentence, *options;
  size_t len;
} malformed[] = {
  { "an option without its length", "\x35", 1 },
  { "an option that runs past the end", "\x35\5\1", 3 },
  { "one byte too few", "\x35\1\1\x0c\3ab", 7 },
};

START_TEST(refuses_malformed_options) {
  uint8_t bytes[PACKET4_SIZE_MAX];
  struct packet4 packet;
  size_t len = make_query(bytes, malformed[_i].options, malformed[_i].len);
  ck_assert_msg(!packet4_read(&packet, bytes, len), "%s", malformed[_i].sentence);
}
END_TEST

START_TEST(refuses_what_is_no_packet) {
  uint8_t bytes[PACKET4_SIZE_MAX + 1];
  struct packet4 packet;
  size_t len = make_query(bytes, OPTIONS("\x35\1\1\xff"));
  for (size_t i = 0; i < 240; i++) ck_assert(!packet4_read(&packet, bytes, i));
  ck_assert(packet4_read(&packet, bytes, len));
  ck_assert(!packet4_read(&packet, bytes, PACKET4_SIZE_MAX + 1));
  bytes[236]++;
  ck_assert(!packet4_read(&packet, bytes, len));
}
END_TEST

START_TEST(endless_parts_are_refused) { /* two options that take turns, joined again and again */
  uint8_t bytes[PACKET4_SIZE_MAX];
  struct packet4 packet;
  make_query(bytes, OPTIONS("\xff"));
  size_t len = 240;
  for (int i = 0; len + 6 <= PACKET4_SIZE_MAX; i++, len += 6)
    memcpy(bytes + len, i % 2 == 0 ? "\x0c\4abcd" : "\x3d\4abcd", 6);
  ck_assert(!packet4_read(&packet, bytes, len));
}
END_TEST

START_TEST(every_mutation_is_survived) {
  uint8_t bytes[PACKET4_SIZE_MAX], copy[PACKET4_SIZE_MAX];
  struct packet4 packet;
  size_t len = make_query(bytes,
                          OPTIONS("\x34\1\3\x35\1\3\x3d\7\1\2\0\0\0\0\1\x32\4\xc0\0\2\x63\xff"));
  for (size_t at = 0; at < len; at++)
    for (int value = 0; value < 256; value += 5) {
      memcpy(copy, bytes, len);
      copy[at] = (uint8_t)value;
      packet4_read(&packet, copy, len);
    }
}
END_TEST

static size_t start(struct writer4 *writer, uint8_t *out, const void *options, size_t len) {
  static uint8_t bytes[PACKET4_SIZE_MAX];
  static struct packet4 packet;
  ck_assert(packet4_read(&packet, bytes, make_query(bytes, options, len)));
  writer4_start(writer, out, &packet, DHCPOFFER);
  return writer->limit;
}

START_TEST(writes_what_it_can_read) {
  uint8_t out[PACKET4_ANSWER_MAX], value[300];
  struct writer4 writer;
  struct packet4 packet;
  memset(value, 7, sizeof value);
  ck_assert_uint_eq(start(&writer, out, OPTIONS("\x35\1\1\x39\2\4\0\xff")), 1024 - 28 - 1);
  ck_assert(writer4_put(&writer, OPTION_HOST_NAME, value, sizeof value));
  ck_assert(writer4_put_uint32(&writer, OPTION_LEASE_TIME, 0x01020304));
  writer4_set_addresses(&writer, 1, 2, 3);
  writer4_set_files(&writer, "boot.example", "file");
  writer4_end(&writer);
  ck_assert(packet4_read(&packet, out, writer.len));
  ck_assert_uint_eq(packet.op, 2);
  ck_assert_uint_eq(packet.type, DHCPOFFER);
  ck_assert_uint_eq(packet.xid, 0xdeadbeef);
  ck_assert_uint_eq(packet.giaddr, 0x0a000001);
  ck_assert_uint_eq(packet.ciaddr, 1);
  ck_assert_uint_eq(packet.yiaddr, 2);
  ck_assert_uint_eq(packet.siaddr, 3);
  ck_assert_uint_eq(packet.options[OPTION_HOST_NAME].len, sizeof value);
  ck_assert_mem_eq(packet.options[OPTION_HOST_NAME].bytes, value, sizeof value);
  ck_assert_uint_eq(packet4_get_uint32(&packet, OPTION_LEASE_TIME), 0x01020304);
  ck_assert_str_eq((const char *)out + 44, "boot.example");
}
END_TEST

START_TEST(keeps_to_the_size_clients_take) {
  uint8_t out[PACKET4_ANSWER_MAX], value[200] = { 0 };
  struct writer4 writer;
  start(&writer, out, OPTIONS("\x35\1\1\xff"));
  ck_assert(writer4_put(&writer, OPTION_HOST_NAME, value, sizeof value));
  ck_assert(!writer4_put(&writer, OPTION_DOMAIN_NAME, value, sizeof value));
  ck_assert(writer4_put(&writer, OPTION_DOMAIN_NAME, value, 50));
  writer4_end(&writer);
  ck_assert_uint_le(writer.len, PACKET4_ANSWER_SIZE);
}
END_TEST

static const struct {
  enum option_type type;
  const char *text;
  int len; /* -1: refused */
  const char *bytes;
} values[] = {
  { OPTION_TYPE_IP4, "192.0.2.1", 4, "\xc0\0\2\1" },
  { OPTION_TYPE_IP4, "192.0.2", -1, "" },
  { OPTION_TYPE_IP4_LIST, "192.0.2.1, 10.0.0.1", 8, "\xc0\0\2\1\x0a\0\0\1" },
  { OPTION_TYPE_IP4_LIST, "192.0.2.1,", -1, "" },
  { OPTION_TYPE_IP4_LIST, "", -1, "" },
  { OPTION_TYPE_IP4_PAIRS, "192.0.2.1", -1, "" },
  { OPTION_TYPE_IP4_PAIRS, "192.0.2.1, 10.0.0.1", 8, "\xc0\0\2\1\x0a\0\0\1" },
  { OPTION_TYPE_STRING, "example.org", 11, "example.org" },
  { OPTION_TYPE_STRING, "", -1, "" },
  { OPTION_TYPE_NAMES, "a.bc, d.", 9, "\1a\2bc\0\1d\0" },
  { OPTION_TYPE_NAMES, "a..b", -1, "" },
  { OPTION_TYPE_BOOL, "true", 1, "\1" },
  { OPTION_TYPE_BOOL, "yes", -1, "" },
  { OPTION_TYPE_UINT8, "255", 1, "\xff" },
  { OPTION_TYPE_UINT8, "256", -1, "" },
  { OPTION_TYPE_UINT8, "-1", -1, "" },
  { OPTION_TYPE_UINT16, "1500", 2, "\x05\xdc" },
  { OPTION_TYPE_UINT32, "4294967295", 4, "\xff\xff\xff\xff" },
  { OPTION_TYPE_UINT32, "4294967296", -1, "" },
  { OPTION_TYPE_HEX, "0102fF", 3, "\1\2\xff" },
  { OPTION_TYPE_HEX, "0x01", 1, "\1" },
  { OPTION_TYPE_HEX, "01:02", 2, "\1\2" },
  { OPTION_TYPE_HEX, "102", 2, "\1\2" },
  { OPTION_TYPE_HEX, "'text'", 4, "text" },
  { OPTION_TYPE_HEX, "0g", -1, "" },
  { OPTION_TYPE_HEX, "", 0, "" },
};

START_TEST(encodes_options) {
  uint8_t bytes[OPTION_DATA_MAX];
  size_t len;
  bool fine = option_encode(values[_i].type, values[_i].text, bytes, &len);
  ck_assert_msg(fine == (values[_i].len >= 0), "\"%s\"", values[_i].text);
  if (!fine) return;
  ck_assert_uint_eq(len, (size_t)values[_i].len);
  ck_assert_mem_eq(bytes, values[_i].bytes, len);
}
END_TEST

int main(void) {
  TCase *tests = tcase_create("packet4");
  tcase_add_test(tests, reads_the_fields);
  tcase_add_test(tests, joins_the_parts_of_an_option);
  tcase_add_test(tests, reads_overloaded_fields);
  tcase_add_loop_test(tests, refuses_malformed_options, 0,
                      sizeof malformed / sizeof *malformed);
  tcase_add_test(tests, refuses_what_is_no_packet);
  tcase_add_test(tests, endless_parts_are_refused);
  tcase_add_test(tests, every_mutation_is_survived);
  tcase_add_test(tests, writes_what_it_can_read);
  tcase_add_test(tests, keeps_to_the_size_clients_take);
  tcase_add_loop_test(tests, encodes_options, 0, sizeof values / sizeof *values);
  return run("packet4", tests);
}
