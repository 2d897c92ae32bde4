/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "packet6.h"

#include "dhcpd.h"
#include "message6.h"

#define DUID "\0\3\0\1\2\0\0\0\0\1"
#define DUID_LEN 10

static struct message6 message;
static struct packet6 packet;

static void start(uint8_t type) {
  message.len = 0;
  add_number(&message, (uint32_t)type << 24 | 0xabcdef, 4);
}

static bool read(void) { return packet6_read(&packet, message.bytes, message.len); }

START_TEST(reads_the_fields) {
  struct hint6 hint;
  size_t at = 0;
  start(DHCP6_REQUEST);
  add_option(&message, OPTION6_CLIENT_ID, DUID, DUID_LEN);
  add_option(&message, OPTION6_SERVER_ID, "server", 6);
  add_option(&message, OPTION6_REQUEST, "\0\x17\0\x18", 4);
  add_option(&message, OPTION6_RAPID_COMMIT, "", 0);
  add_ia(&message, OPTION6_IA_NA, 7, "2001:db8::5", 0);
  add_ia(&message, OPTION6_IA_PD, 8, "2001:db8:1::", 56);
  ck_assert(read());
  ck_assert_uint_eq(packet.type, DHCP6_REQUEST);
  ck_assert_uint_eq(packet.transaction, 0xabcdef);
  ck_assert_uint_eq(packet.client_id.len, DUID_LEN);
  ck_assert_mem_eq(packet.server_id.bytes, "server", 6);
  ck_assert_uint_eq(packet.requested.len, 4);
  ck_assert(packet.rapid_commit);
  ck_assert_uint_eq(packet.ia_count, 2);
  ck_assert_uint_eq(packet.ias[0].iaid, 7);
  ck_assert(ia6_next(&packet.ias[0], &at, &hint));
  ck_assert(ip_equal(hint.address, ip6("2001:db8::5")));
  ck_assert(!ia6_next(&packet.ias[0], &at, &hint));
  at = 0;
  ck_assert(ia6_next(&packet.ias[1], &at, &hint));
  ck_assert(ip_equal(hint.address, ip6("2001:db8:1::")));
  ck_assert_uint_eq(hint.prefix_len, 56);
}
END_TEST

START_TEST(reads_through_relays) {
  start(DHCP6_SOLICIT);
  add_option(&message, OPTION6_CLIENT_ID, DUID, DUID_LEN);
  relay(&message, 0, "2001:db8:1::1", "fe80::5", "port-7");
  relay(&message, 1, "2001:db8:2::1", "2001:db8:1::2", NULL);
  ck_assert(read());
  ck_assert_uint_eq(packet.type, DHCP6_SOLICIT);
  ck_assert_uint_eq(packet.relay_count, 2);
  ck_assert_uint_eq(packet.relays[0].hop_count, 1);
  ck_assert(ip_equal(packet.relays[0].link, ip6("2001:db8:2::1")));
  ck_assert_ptr_null(packet.relays[0].interface_id.bytes);
  ck_assert(ip_equal(packet.relays[1].peer, ip6("fe80::5")));
  ck_assert_uint_eq(packet.relays[1].interface_id.len, 6);
}
END_TEST

START_TEST(thirty_two_relays_and_no_more) {
  start(DHCP6_SOLICIT);
  for (uint8_t i = 0; i < PACKET6_RELAYS_MAX; i++) relay(&message, i, "::", "fe80::1", NULL);
  ck_assert(read());
  relay(&message, 32, "::", "fe80::1", NULL);
  ck_assert(!read());
}
END_TEST

static const struct {
  const char *sentence, *options;
  size_t len;
} malformed[] = {
  { "an option without its length", "\0\1\0", 3 },
  { "an option that runs past the end", "\0\6\0\4\0\x17", 6 },
  { "a client identifier of two bytes", "\0\1\0\2\0\1", 6 },
  { "a server identifier without bytes", "\0\2\0\0", 4 },
  { "half an option code is asked for", "\0\6\0\3\0\x17\0", 7 },
  { "an IA_NA without its timers", "\0\3\0\4\0\0\0\1", 8 },
  { "an IA_PD without its timers", "\0\x19\0\4\0\0\0\1", 8 },
  { "an address that is cut short", "\0\3\0\x14\0\0\0\1\0\0\0\0\0\0\0\0\0\5\0\4abcd", 24 },
  { "an option within an IA that runs past its end",
    "\0\3\0\x10\0\0\0\1\0\0\0\0\0\0\0\0\0\5\0\x63", 20 },
};

START_TEST(refuses_malformed_options) {
  start(DHCP6_SOLICIT);
  add(&message, malformed[_i].options, malformed[_i].len);
  ck_assert_msg(!read(), "%s", malformed[_i].sentence);
}
END_TEST

START_TEST(refuses_a_prefix_longer_than_an_address) {
  start(DHCP6_SOLICIT);
  add_ia(&message, OPTION6_IA_PD, 1, "2001:db8::", 129);
  ck_assert(!read());
}
END_TEST

START_TEST(refuses_what_is_no_message) {
  static uint8_t long_one[PACKET6_SIZE_MAX + 1] = { DHCP6_SOLICIT };
  start(DHCP6_SOLICIT);
  for (message.len = 0; message.len < 4; message.len++) ck_assert(!read());
  ck_assert(read());
  ck_assert(!packet6_read(&packet, long_one, sizeof long_one));
  start(DHCP6_RELAY_REPL);
  ck_assert(!read());
  start(DHCP6_RELAY_FORW); /* without the message */
  for (size_t i = 0; i < 30; i++) add_number(&message, 0, 1);
  ck_assert(!read());
}
END_TEST

START_TEST(sixteen_associations_count) {
  start(DHCP6_SOLICIT);
  for (uint32_t i = 0; i < 100; i++) add_ia(&message, OPTION6_IA_NA, i, NULL, 0);
  ck_assert(read());
  ck_assert_uint_eq(packet.ia_count, PACKET6_IAS_MAX);
  ck_assert_uint_eq(packet.ias[15].iaid, 15);
}
END_TEST

START_TEST(every_mutation_is_survived) {
  static uint8_t copy[PACKET6_SIZE_MAX];
  start(DHCP6_RENEW);
  add_option(&message, OPTION6_CLIENT_ID, DUID, DUID_LEN);
  add_ia(&message, OPTION6_IA_NA, 7, "2001:db8::5", 0);
  add_ia(&message, OPTION6_IA_PD, 8, "2001:db8:1::", 56);
  relay(&message, 0, "2001:db8:1::1", "fe80::5", "port-7");
  for (size_t at = 0; at < message.len; at++)
    for (int value = 0; value < 256; value += 3) {
      struct hint6 hint;
      memcpy(copy, message.bytes, message.len);
      copy[at] = (uint8_t)value;
      if (!packet6_read(&packet, copy, message.len)) continue;
      for (size_t i = 0; i < packet.ia_count; i++)
        for (size_t step = 0; ia6_next(&packet.ias[i], &step, &hint);) {}
    }
}
END_TEST

START_TEST(answers_go_back_through_the_relays) {
  static uint8_t out[PACKET6_ANSWER_MAX];
  struct writer6 writer;
  size_t len, inner_len;
  start(DHCP6_SOLICIT);
  relay(&message, 0, "2001:db8:1::1", "fe80::5", "port-7");
  relay(&message, 1, "2001:db8:2::1", "2001:db8:1::2", NULL);
  ck_assert(read());
  ck_assert(writer6_start(&writer, out, &packet, DHCP6_ADVERTISE));
  ck_assert(writer6_put(&writer, OPTION6_SERVER_ID, "server", 6));
  ck_assert(writer6_put_status(&writer, STATUS6_NO_ADDRESSES, "none"));
  writer6_end(&writer);
  ck_assert_uint_eq(out[0], DHCP6_RELAY_REPL);
  ck_assert_uint_eq(out[1], 1);
  const uint8_t *inner = find_option(out + 34, writer.len - 34, OPTION6_RELAY_MESSAGE, &len);
  ck_assert_ptr_nonnull(inner);
  ck_assert_uint_eq(inner[0], DHCP6_RELAY_REPL);
  ck_assert_mem_eq(inner + 18, ip_address(6, ip6("fe80::5")).bytes, 16);
  ck_assert_mem_eq(find_option(inner + 34, len - 34, OPTION6_INTERFACE_ID, &inner_len), "port-7",
                   6);
  const uint8_t *core = find_option(inner + 34, len - 34, OPTION6_RELAY_MESSAGE, &inner_len);
  ck_assert_mem_eq(core, "\2\xab\xcd\xef", 4);
  ck_assert_mem_eq(find_option(core + 4, inner_len - 4, OPTION6_STATUS, &len), "\0\2none", 6);
  ck_assert_uint_eq(len, 6);
}
END_TEST

START_TEST(what_has_no_room_is_left_out) {
  static uint8_t out[PACKET6_ANSWER_MAX], value[1500];
  struct writer6 writer;
  start(DHCP6_SOLICIT);
  ck_assert(read());
  ck_assert(writer6_start(&writer, out, &packet, DHCP6_REPLY));
  ck_assert(writer6_put(&writer, 100, value, sizeof value));
  ck_assert(!writer6_put(&writer, 101, value, sizeof value));
  ck_assert(writer6_put(&writer, 102, value, PACKET6_ANSWER_MAX - 4 - 1504 - 4));
  ck_assert_uint_eq(writer6_open(&writer, 103), 0);
  ck_assert_uint_eq(writer.len, PACKET6_ANSWER_MAX);
}
END_TEST

START_TEST(relays_may_leave_no_room) {
  static uint8_t out[PACKET6_ANSWER_MAX], id[200];
  struct writer6 writer;
  memset(id, 'x', sizeof id - 1);
  start(DHCP6_SOLICIT);
  for (uint8_t i = 0; i < 12; i++) relay(&message, i, "::", "fe80::1", (const char *)id);
  ck_assert(read());
  ck_assert(!writer6_start(&writer, out, &packet, DHCP6_REPLY));
}
END_TEST

static const struct {
  const char *a, *b, *sum;
  unsigned shift;
  const char *left, *right;
} numbers[] = {
  { "::1", "::ffff:ffff:ffff:ffff", "0:0:0:1::", 1, "::2", "::" },
  { "2001:db8::", "::5", "2001:db8::5", 64, "::", "::2001:db8:0:0" },
  { "::ff", "::1", "::100", 8, "::ff00", "::" },
  { "0:0:0:1::", "::", "0:0:0:1::", 0, "0:0:0:1::", "0:0:0:1::" },
  { "8000::", "8000::", "::", 127, "::", "::1" },
  { "::1", "::", "::1", 128, "::", "::" },
};

START_TEST(addresses_are_numbers) {
  struct ip a = ip6(numbers[_i].a), b = ip6(numbers[_i].b);
  ck_assert(ip_equal(ip_add(a, b), ip6(numbers[_i].sum)));
  ck_assert(ip_equal(ip_subtract(ip_add(a, b), b), a));
  ck_assert(ip_equal(ip_shift_left(a, numbers[_i].shift), ip6(numbers[_i].left)));
  ck_assert(ip_equal(ip_shift_right(a, numbers[_i].shift), ip6(numbers[_i].right)));
}
END_TEST

int main(void) {
  TCase *tests = tcase_create("packet6");
  tcase_add_test(tests, reads_the_fields);
  tcase_add_test(tests, reads_through_relays);
  tcase_add_test(tests, thirty_two_relays_and_no_more);
  tcase_add_loop_test(tests, refuses_malformed_options, 0,
                      sizeof malformed / sizeof *malformed);
  tcase_add_test(tests, refuses_a_prefix_longer_than_an_address);
  tcase_add_test(tests, refuses_what_is_no_message);
  tcase_add_test(tests, sixteen_associations_count);
  tcase_add_test(tests, every_mutation_is_survived);
  tcase_add_test(tests, answers_go_back_through_the_relays);
  tcase_add_test(tests, what_has_no_room_is_left_out);
  tcase_add_test(tests, relays_may_leave_no_room);
  tcase_add_loop_test(tests, addresses_are_numbers, 0, sizeof numbers / sizeof *numbers);
  return run("packet6", tests);
}
