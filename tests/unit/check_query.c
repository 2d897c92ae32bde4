/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "dhcp/query.h"

#include "unit/unit.h"

/* Subject or not. */

START_TEST(knows_the_types_that_concern_it) {
  static const uint8_t types4[] = { 1, 3, 4, 7, 8 }, types6[] = { 1, 3, 4, 5, 6, 8, 9 };
  for (int type = 0; type < 256; type++) {
    dhcpha_query query;
    dhcpha_query_init(&query);
    query.type = (uint8_t)type;
    ck_assert(dhcpha_query_is_subject(&query, DHCPHA_DHCP4) ==
              (memchr(types4, type, sizeof types4) != NULL));
    ck_assert(dhcpha_query_is_subject(&query, DHCPHA_DHCP6) ==
              (memchr(types6, type, sizeof types6) != NULL));
  }
}
END_TEST

/* Unacked or not: the rows of P1 3.5. */

static const struct {
  const char *sentence;
  uint16_t secs;
  uint32_t max_ms;
  bool unacked;
} waits4[] = {
  { "not longer than the limit", 5, 5000, false },
  { "longer", 6, 5000, true },
  { "5, its bytes swapped", 0x0500, 5000, false },
  { "6, its bytes swapped", 0x0600, 5000, true },
  { "a low byte that is not 0 is not swapped", 0x0501, 5000, true },
  { "256 counts as 1", 0x0100, 5000, false },
  { "0", 0, 0, false },
  { "the least", 1, 0, true },
  { "255 is not swapped", 255, 254999, true },
  { "the most there is", 65535, 65534999, true },
  { "the most there is, not longer", 65535, 65535000, false },
  { "0xff00 counts as 255", 0xff00, 255000, false },
};

START_TEST(finds_unacked_dhcpv4_clients) {
  dhcpha_query query;
  dhcpha_query_init(&query);
  query.secs = waits4[_i].secs;
  ck_assert_msg(dhcpha_query_is_unacked(&query, DHCPHA_DHCP4, waits4[_i].max_ms) ==
                  waits4[_i].unacked, "%s", waits4[_i].sentence);
}
END_TEST

static const struct {
  const char *sentence;
  bool has;
  uint16_t elapsed;
  uint32_t max_ms;
  bool unacked;
} waits6[] = {
  { "not longer", true, 500, 5000, false },
  { "longer", true, 501, 5000, true },
  { "nothing is swapped", true, 0x0600, 15359, true },
  { "no option", false, 65535, 0, false },
  { "the most there is", true, 65535, 655349, true },
};

START_TEST(finds_unacked_dhcpv6_clients) {
  dhcpha_query query;
  dhcpha_query_init(&query);
  query.has_elapsed = waits6[_i].has;
  query.elapsed = waits6[_i].elapsed;
  query.secs = 65535;
  ck_assert_msg(dhcpha_query_is_unacked(&query, DHCPHA_DHCP6, waits6[_i].max_ms) ==
                  waits6[_i].unacked, "%s", waits6[_i].sentence);
}
END_TEST

/* Keys. */

START_TEST(takes_the_client_id_before_the_hardware_address) {
  const uint8_t hw[] = { 1, 2, 3 }, id[] = { 9, 8 };
  const uint8_t *key;
  size_t len;
  uint8_t client[DHCPHA_CLIENT_KEY_MAX];
  dhcpha_query query;
  dhcpha_query_init(&query);
  ck_assert(!dhcpha_query_get_hash_key(&query, DHCPHA_DHCP4, &key, &len));
  ck_assert(!dhcpha_query_get_hash_key(&query, DHCPHA_DHCP6, &key, &len));
  ck_assert_uint_eq(dhcpha_query_get_client_key(&query, DHCPHA_DHCP6, client), 0);
  ck_assert_uint_eq(dhcpha_query_get_client_key(&query, DHCPHA_DHCP4, client), 1);
  query.hw_address = hw;
  query.hw_address_len = sizeof hw;
  ck_assert(dhcpha_query_get_hash_key(&query, DHCPHA_DHCP4, &key, &len));
  ck_assert_ptr_eq(key, hw);
  ck_assert_uint_eq(len, sizeof hw);
  ck_assert(!dhcpha_query_get_hash_key(&query, DHCPHA_DHCP6, &key, &len));
  ck_assert_uint_eq(dhcpha_query_get_client_key(&query, DHCPHA_DHCP4, client), 4);
  ck_assert_mem_eq(client, "\x03\x01\x02\x03", 4);
  query.client_id = id;
  query.client_id_len = sizeof id;
  ck_assert(dhcpha_query_get_hash_key(&query, DHCPHA_DHCP4, &key, &len));
  ck_assert_ptr_eq(key, id);
  ck_assert(dhcpha_query_get_hash_key(&query, DHCPHA_DHCP6, &key, &len));
  ck_assert_uint_eq(dhcpha_query_get_client_key(&query, DHCPHA_DHCP4, client), 6);
  ck_assert_mem_eq(client, "\x03\x01\x02\x03\x09\x08", 6);
  ck_assert_uint_eq(dhcpha_query_get_client_key(&query, DHCPHA_DHCP6, client), 2);
  ck_assert_mem_eq(client, id, 2);
}
END_TEST

START_TEST(keeps_a_client_key_within_its_room) {
  static uint8_t much[2000];
  uint8_t key[DHCPHA_CLIENT_KEY_MAX];
  dhcpha_query query;
  dhcpha_query_init(&query);
  query.hw_address = query.client_id = much;
  query.hw_address_len = query.client_id_len = sizeof much;
  ck_assert_uint_le(dhcpha_query_get_client_key(&query, DHCPHA_DHCP4, key), sizeof key);
  ck_assert_uint_le(dhcpha_query_get_client_key(&query, DHCPHA_DHCP6, key), sizeof key);
}
END_TEST

/* Packets.  Each read is of a copy that ends where the packet ends. */

static uint8_t packet[70000];
static size_t packet_len;
static uint8_t *copied;
static dhcpha_query query;

static void start4(void) {
  memset(packet, 0, sizeof packet);
  packet[0] = 1;
  packet[1] = 1;
  packet[2] = 6;
  packet[8] = 0x01;
  packet[9] = 0x02;
  for (int i = 0; i < 16; i++) packet[28 + i] = (uint8_t)(0xa0 + i);
  memcpy(packet + 236, "\x63\x82\x53\x63", 4);
  packet_len = 240;
}

static void add(const char *bytes, size_t len) {
  memcpy(packet + packet_len, bytes, len);
  packet_len += len;
}

static dhcpha_status read_packet(dhcpha_family family, size_t len) {
  free(copied);
  copied = unit_copy(packet, len);
  memset(&query, 0xff, sizeof query);
  return dhcpha_query_read(&query, family, copied, len);
}

static void end(void) {
  free(copied);
  copied = NULL;
}

START_TEST(reads_a_dhcpv4_packet) {
  start4();
  add(BYTES("\0\0\x35\x01\x03\x0c\x02hn\x3d\x03\x01\xaa\xbb\xff\x3d\x01\x00"));
  ck_assert_int_eq(read_packet(DHCPHA_DHCP4, packet_len), DHCPHA_OK);
  ck_assert_uint_eq(query.type, 3);
  ck_assert_uint_eq(query.secs, 0x0102);
  ck_assert(!query.has_elapsed);
  ck_assert_uint_eq(query.hw_address_len, 6);
  ck_assert_ptr_eq(query.hw_address, copied + 28);
  ck_assert_uint_eq(query.client_id_len, 3);
  ck_assert_mem_eq(query.client_id, "\x01\xaa\xbb", 3);
  ck_assert_ptr_null(query.server_name);
}
END_TEST

START_TEST(joins_the_parts_of_a_client_id) {
  uint8_t expected[510];
  start4();
  for (int part = 0; part < 2; part++) {
    add(BYTES("\x3d\xff"));
    memset(packet + packet_len, 'a' + part, 255);
    memset(expected + 255 * part, 'a' + part, 255);
    packet_len += 255;
  }
  add(BYTES("\x3d\x00"));
  ck_assert_int_eq(read_packet(DHCPHA_DHCP4, packet_len), DHCPHA_OK);
  ck_assert_uint_eq(query.client_id_len, 510);
  ck_assert_mem_eq(query.client_id, expected, 510);
  add(BYTES("\x3d\x02xy"));
  ck_assert_int_eq(read_packet(DHCPHA_DHCP4, packet_len), DHCPHA_OK);
  ck_assert_uint_eq(query.client_id_len, DHCPHA_CLIENT_ID_JOINED_MAX);
  add(BYTES("\x3d\x01z"));
  ck_assert_int_eq(read_packet(DHCPHA_DHCP4, packet_len), DHCPHA_ERR_MALFORMED);
  ck_assert_ptr_null(query.client_id);
}
END_TEST

static const struct {
  const char *sentence;
  const char *options;
  size_t options_len;
  const char *file, *sname; /* ended by an end option, "" for none */
  uint8_t type;
  const char *client_id;
} overloads[] = {
  { "both fields, in the order options, file, sname",
    BYTES("\x34\x01\x03\x3d\x02" "ab"), "\x3d\x02" "cd\xff", "\x35\x01\x01\x3d\x02" "ef\xff", 1,
    "abcdef" },
  { "file only", BYTES("\x34\x01\x01\x35\x01\x04"), "\x3d\x02" "cd\xff", "\x3d\x02" "ef\xff", 4,
    "cd" },
  { "sname only", BYTES("\x34\x01\x02\x35\x01\x04"), "\x3d\x02" "cd\xff", "\x3d\x02" "ef\xff", 4,
    "ef" },
  { "neither", BYTES("\x35\x01\x07"), "\x3d\x02" "cd\xff", "\x3d\x02" "ef\xff", 7, "" },
  { "an overload inside file says nothing", BYTES("\x34\x01\x01\x35\x01\x07"),
    "\x34\x01\x03\x3d\x01" "c\xff", "\x3d\x02" "ef\xff", 7, "c" },
};

START_TEST(reads_overloaded_fields) {
  start4();
  add(overloads[_i].options, overloads[_i].options_len);
  memcpy(packet + 108, overloads[_i].file, strlen(overloads[_i].file));
  memcpy(packet + 44, overloads[_i].sname, strlen(overloads[_i].sname));
  ck_assert_int_eq(read_packet(DHCPHA_DHCP4, packet_len), DHCPHA_OK);
  ck_assert_uint_eq(query.type, overloads[_i].type);
  ck_assert_msg(query.client_id_len == strlen(overloads[_i].client_id) &&
                  (query.client_id_len == 0 || memcmp(query.client_id, overloads[_i].client_id,
                                                      query.client_id_len) == 0),
                "%s", overloads[_i].sentence);
}
END_TEST

START_TEST(takes_hardware_addresses_up_to_20_bytes) {
  for (uint8_t hlen = 0; hlen < 40; hlen++) {
    uint8_t expected[20] = { 0 };
    start4();
    memcpy(expected, packet + 28, 16);
    packet[2] = hlen;
    packet[44] = 0x77; /* behind chaddr: no part of it */
    add(BYTES("\x3d\x02" "ab\x3d\x01" "c\xff"));
    if (hlen > 20) {
      ck_assert_int_eq(read_packet(DHCPHA_DHCP4, packet_len), DHCPHA_ERR_MALFORMED);
      continue;
    }
    ck_assert_int_eq(read_packet(DHCPHA_DHCP4, packet_len), DHCPHA_OK);
    ck_assert_uint_eq(query.hw_address_len, hlen);
    if (hlen != 0) ck_assert_mem_eq(query.hw_address, expected, hlen);
    ck_assert_mem_eq(query.client_id, "abc", 3);
  }
}
END_TEST

START_TEST(refuses_dhcpv4_packets_cut_short) {
  start4();
  add(BYTES("\x35\x01\x03\x3d\x07\x01" "abcdef"));
  for (size_t len = 0; len < packet_len; len++) {
    /* Between two options it is a packet without an end option. */
    bool whole = len == 240 || len == 243;
    ck_assert_int_eq(read_packet(DHCPHA_DHCP4, len), whole ? DHCPHA_OK : DHCPHA_ERR_MALFORMED);
  }
  packet[236] = 0;
  ck_assert_int_eq(read_packet(DHCPHA_DHCP4, packet_len), DHCPHA_ERR_MALFORMED);
}
END_TEST

static const char message6[] = "\x03\x01\x02\x03"          /* REQUEST */
                               "\x00\x03\x00\x02" "xx"     /* some option */
                               "\x00\x01\x00\x04" "DUID"
                               "\x00\x08\x00\x02\x01\x02"; /* elapsed time */

static void relay(size_t times) {
  packet_len = 0;
  add(message6, sizeof message6 - 1);
  for (size_t i = 0; i < times; i++) {
    size_t inner = packet_len;
    ck_assert_uint_lt(inner, 65536);
    memmove(packet + 34 + 5 + 4, packet, inner);
    memset(packet, 0, 34);
    packet[0] = 12;
    memcpy(packet + 34, "\x00\x12\x00\x01i", 5); /* interface-id */
    memcpy(packet + 39, "\x00\x09", 2);
    packet[41] = (uint8_t)(inner >> 8);
    packet[42] = (uint8_t)inner;
    packet_len = inner + 43;
  }
}

START_TEST(reads_a_dhcpv6_packet_relayed_so_many_times) {
  relay((size_t)_i);
  if (_i > 32) {
    ck_assert_int_eq(read_packet(DHCPHA_DHCP6, packet_len), DHCPHA_ERR_MALFORMED);
    return;
  }
  ck_assert_int_eq(read_packet(DHCPHA_DHCP6, packet_len), DHCPHA_OK);
  ck_assert_uint_eq(query.type, 3);
  ck_assert(query.has_elapsed);
  ck_assert_uint_eq(query.elapsed, 0x0102);
  ck_assert_uint_eq(query.client_id_len, 4);
  ck_assert_mem_eq(query.client_id, "DUID", 4);
  ck_assert_uint_eq(query.hw_address_len, 0);
}
END_TEST

START_TEST(refuses_dhcpv6_packets_cut_short) {
  for (size_t relays = 0; relays < 3; relays++) {
    relay(relays);
    for (size_t len = 0; len < packet_len; len++) {
      bool whole = relays == 0 && (len == 4 || len == 10 || len == 18);
      ck_assert_int_eq(read_packet(DHCPHA_DHCP6, len), whole ? DHCPHA_OK : DHCPHA_ERR_MALFORMED);
    }
  }
}
END_TEST

static const struct {
  const char *sentence;
  const char *bytes;
  size_t len;
  dhcpha_status status;
  uint8_t type;
  size_t client_id_len;
  bool has_elapsed;
} packets6[] = {
  { "a message without options", BYTES("\x01" "abc"), DHCPHA_OK, 1, 0, false },
  { "an empty DUID", BYTES("\x01" "abc\0\1\0\0"), DHCPHA_OK, 1, 0, false },
  { "the first of two DUIDs", BYTES("\x01" "abc\0\1\0\2xy\0\1\0\1z"), DHCPHA_OK, 1, 2, false },
  { "an elapsed time of another length", BYTES("\x01" "abc\0\10\0\1x"), DHCPHA_OK, 1, 0, false },
  { "an option past the end", BYTES("\x01" "abc\0\1\0\3xy"), DHCPHA_ERR_MALFORMED, 0, 0, false },
  { "a relayed message without a message", BYTES("\x0c" "h123456789abcdef0123456789abcdef0"),
    DHCPHA_ERR_MALFORMED, 0, 0, false },
  { "a relayed message with an empty one", BYTES("\x0c" "h123456789abcdef0123456789abcdef0"
    "\0\11\0\0"), DHCPHA_ERR_MALFORMED, 0, 0, false },
};

START_TEST(reads_odd_dhcpv6_packets) {
  packet_len = 0;
  add(packets6[_i].bytes, packets6[_i].len);
  ck_assert_msg(read_packet(DHCPHA_DHCP6, packet_len) == packets6[_i].status, "%s",
                packets6[_i].sentence);
  ck_assert_uint_eq(query.type, packets6[_i].type);
  ck_assert_uint_eq(query.client_id_len, packets6[_i].client_id_len);
  ck_assert(query.has_elapsed == packets6[_i].has_elapsed);
}
END_TEST

/* Whatever is read lies within the packet, or within the query. */
static void look_at_all(void) {
  volatile uint8_t sum = 0;
  for (size_t i = 0; i < query.client_id_len; i++) sum = (uint8_t)(sum + query.client_id[i]);
  for (size_t i = 0; i < query.hw_address_len; i++) sum = (uint8_t)(sum + query.hw_address[i]);
}

START_TEST(survives_any_change_of_one_byte) {
  for (int family = 4; family <= 6; family += 2) {
    if (family == 4) {
      start4();
      add(BYTES("\x34\x01\x03\x35\x01\x03\x3d\x07\x01" "abcdef\x3d\x02xy\xff"));
    } else {
      relay(2);
    }
    for (size_t i = 0; i < packet_len; i++) {
      uint8_t kept = packet[i];
      for (int byte = 0; byte < 256; byte++) {
        packet[i] = (uint8_t)byte;
        if (read_packet((dhcpha_family)family, packet_len) == DHCPHA_OK) look_at_all();
      }
      packet[i] = kept;
    }
  }
}
END_TEST

START_TEST(refuses_wrong_arguments) {
  ck_assert_int_eq(dhcpha_query_read(NULL, DHCPHA_DHCP4, packet, 1), DHCPHA_ERR_ARGUMENT);
  ck_assert_int_eq(dhcpha_query_read(&query, DHCPHA_DHCP4, NULL, 0), DHCPHA_ERR_ARGUMENT);
  ck_assert_int_eq(dhcpha_query_read(&query, (dhcpha_family)5, packet, 1), DHCPHA_ERR_ARGUMENT);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("query");
  tcase_add_checked_fixture(tcase, NULL, end);
  tcase_add_test(tcase, knows_the_types_that_concern_it);
  tcase_add_loop_test(tcase, finds_unacked_dhcpv4_clients, 0, COUNT_OF(waits4));
  tcase_add_loop_test(tcase, finds_unacked_dhcpv6_clients, 0, COUNT_OF(waits6));
  tcase_add_test(tcase, takes_the_client_id_before_the_hardware_address);
  tcase_add_test(tcase, keeps_a_client_key_within_its_room);
  tcase_add_test(tcase, reads_a_dhcpv4_packet);
  tcase_add_test(tcase, joins_the_parts_of_a_client_id);
  tcase_add_loop_test(tcase, reads_overloaded_fields, 0, COUNT_OF(overloads));
  tcase_add_test(tcase, takes_hardware_addresses_up_to_20_bytes);
  tcase_add_test(tcase, refuses_dhcpv4_packets_cut_short);
  tcase_add_loop_test(tcase, reads_a_dhcpv6_packet_relayed_so_many_times, 0, 35);
  tcase_add_test(tcase, refuses_dhcpv6_packets_cut_short);
  tcase_add_loop_test(tcase, reads_odd_dhcpv6_packets, 0, COUNT_OF(packets6));
  tcase_add_test(tcase, survives_any_change_of_one_byte);
  tcase_add_test(tcase, refuses_wrong_arguments);
  return unit_run("query", tcase);
}
