/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "credentials.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WHITE_SPACE " \t\n\r\f\v"

void dhcpha_secret_free(char *secret) {
  if (secret == NULL) return;
  explicit_bzero(secret, strlen(secret));
  free(secret);
}

/* P1 1.8 "Encoding quirk": each byte is taken for a character of Latin-1 and written in UTF-8. */
static size_t widen(unsigned char *to, const char *text) {
  size_t len = 0;
  for (; *text != '\0'; text++) {
    unsigned char byte = (unsigned char)*text;
    if (byte < 0x80) {
      to[len++] = byte;
      continue;
    }
    to[len++] = (unsigned char)(0xC0 | byte >> 6);
    to[len++] = (unsigned char)(0x80 | (byte & 0x3F));
  }
  return len;
}

static void write_base64(char *to, const unsigned char *bytes, size_t len) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < len; i += 3) {
    uint32_t group = (uint32_t)bytes[i] << 16;
    if (i + 1 < len) group |= (uint32_t)bytes[i + 1] << 8;
    if (i + 2 < len) group |= bytes[i + 2];
    *to++ = digits[group >> 18];
    *to++ = digits[group >> 12 & 63];
    *to++ = i + 1 < len ? digits[group >> 6 & 63] : '=';
    *to++ = i + 2 < len ? digits[group & 63] : '=';
  }
  *to = '\0';
}

char *dhcpha_credentials_encode(const char *user, const char *password) {
  size_t size = 2 * (strlen(user) + strlen(password)) + 1;
  unsigned char *plain = malloc(size);
  char *encoded = malloc((size + 2) / 3 * 4 + 1);
  if (plain != NULL && encoded != NULL) {
    size_t len = widen(plain, user);
    plain[len++] = ':';
    len += widen(plain + len, password);
    write_base64(encoded, plain, len);
  } else {
    free(encoded);
    encoded = NULL;
  }
  if (plain != NULL) explicit_bzero(plain, size);
  free(plain);
  return encoded;
}

/* Each byte of what is expected is looked at, whatever was received. */
static bool is_equal(const char *expected, const char *received, size_t received_len) {
  size_t len = strlen(expected);
  volatile unsigned char difference = len != received_len;
  for (size_t i = 0; i < len; i++) {
    unsigned char byte = received_len > 0 ? (unsigned char)received[i % received_len] : 0;
    difference |= (unsigned char)expected[i] ^ byte;
  }
  return difference == 0;
}

bool dhcpha_credentials_match(const char *expected, const char *header) {
  static const char scheme[] = "basic";
  if (header == NULL) return false;
  header += strspn(header, WHITE_SPACE);
  if (strncasecmp(header, scheme, sizeof scheme - 1) != 0) return false;
  header += sizeof scheme - 1;
  size_t space = strspn(header, WHITE_SPACE);
  if (space == 0) return false;
  header += space;
  size_t len = strlen(header);
  while (len > 0 && strchr(WHITE_SPACE, header[len - 1]) != NULL) len--;
  return is_equal(expected, header, len);
}
