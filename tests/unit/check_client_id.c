/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "dhcp/client_id.h"

#include "unit/unit.h"

static const struct {
  const char *sentence, *text;
  bool hw, identifier; /* accepted as such */
  size_t len;
  const char *bytes;
} rows[] = {
  { "two digits each", "08:00:27:ff", true, true, 4, "\x08\x00\x27\xff" },
  { "upper case", "0A:bC", true, true, 2, "\x0a\xbc" },
  { "one digit is enough", "8:0:a", true, true, 3, "\x08\x00\x0a" },
  { "a single group", "a1", true, true, 1, "\xa1" },
  { "the empty text", "", true, true, 0, "" },
  { "no colons: plain digits", "112233445566", false, true, 6, "\x11\x22\x33\x44\x55\x66" },
  { "plain digits, an odd count", "abc", false, true, 2, "\x0a\xbc" },
  { "plain digits behind 0x", "0x0102", false, true, 2, "\x01\x02" },
  { "plain digits behind 0X", "0Xabc", false, true, 2, "\x0a\xbc" },
  { "spaces", "01 2 fF", false, true, 3, "\x01\x02\xff" },
  { "0x with colons", "0x01:02", false, false, 0, "" },
  { "0x alone is empty", "0x", false, true, 0, "" },
  { "an empty group", "01::02", false, false, 0, "" },
  { "a colon in front", ":01", false, false, 0, "" },
  { "a colon behind", "01:", false, false, 0, "" },
  { "a colon alone", ":", false, false, 0, "" },
  { "three digits in a group", "001:02", false, false, 0, "" },
  { "no digits", "zz", false, false, 0, "" },
  { "no digit in a group", "0z:01", false, false, 0, "" },
  { "spaces and colons", "01:02 03", false, false, 0, "" },
  { "two spaces", "01  02", false, false, 0, "" },
  { "dashes", "01-02", false, false, 0, "" },
};

START_TEST(reads_hex_text) {
  size_t text_len = strlen(rows[_i].text), len;
  char *text = unit_copy(rows[_i].text, text_len);
  uint8_t bytes[8];
  memset(bytes, 0xee, sizeof bytes);
  bool read = dhcpha_hex_read_hw_address(text, text_len, bytes, sizeof bytes, &len);
  ck_assert_msg(read == rows[_i].hw, "%s", rows[_i].sentence);
  if (read) ck_assert_uint_eq(len, rows[_i].len);
  if (read && len != 0) ck_assert_mem_eq(bytes, rows[_i].bytes, len);
  memset(bytes, 0xee, sizeof bytes);
  read = dhcpha_hex_read_identifier(text, text_len, bytes, sizeof bytes, &len);
  ck_assert_msg(read == rows[_i].identifier, "%s", rows[_i].sentence);
  if (read) ck_assert_uint_eq(len, rows[_i].len);
  if (read && len != 0) ck_assert_mem_eq(bytes, rows[_i].bytes, len);
  free(text);
}
END_TEST

START_TEST(keeps_to_the_room_there_is) {
  static const char *const texts[] = { "01:02:03", "1 2 3", "010203", "0x10203", "10203" };
  for (int i = 0; i < COUNT_OF(texts); i++) {
    size_t len;
    uint8_t *bytes = unit_copy("...", 3);
    ck_assert(dhcpha_hex_read_identifier(texts[i], strlen(texts[i]), bytes, 3, &len));
    ck_assert_mem_eq(bytes, "\x01\x02\x03", 3);
    free(bytes);
    bytes = unit_copy("..", 2);
    ck_assert(!dhcpha_hex_read_identifier(texts[i], strlen(texts[i]), bytes, 2, &len));
    free(bytes);
  }
}
END_TEST

START_TEST(writes_every_byte_and_reads_it_back) {
  uint8_t bytes[256], back[256];
  size_t len;
  for (int i = 0; i < 256; i++) bytes[i] = (uint8_t)(255 - i);
  for (size_t count = 0; count <= 256; count += 32) {
    char *text = malloc(count * 3 + 1);
    size_t text_len = dhcpha_hex_write(bytes, count, text);
    ck_assert_uint_eq(text_len, count == 0 ? 0 : count * 3 - 1);
    if (count != 0) ck_assert_mem_eq(text, "ff:fe:fd", 8);
    ck_assert(dhcpha_hex_read_hw_address(text, text_len, back, sizeof back, &len));
    ck_assert_uint_eq(len, count);
    if (count != 0) ck_assert_mem_eq(back, bytes, count);
    free(text);
  }
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("client_id");
  tcase_add_loop_test(tcase, reads_hex_text, 0, COUNT_OF(rows));
  tcase_add_test(tcase, keeps_to_the_room_there_is);
  tcase_add_test(tcase, writes_every_byte_and_reads_it_back);
  return unit_run("client_id", tcase);
}
