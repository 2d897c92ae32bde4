/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "packet4.h"

#include <string.h>

#define BOOTREPLY 2
#define FLAGS 10
#define CIADDR 12
#define YIADDR 16
#define SIADDR 20
#define GIADDR 24
#define CHADDR 28
#define SNAME 44
#define SNAME_SIZE 64
#define FILE_NAME 108
#define FILE_SIZE 128
#define COOKIE 236
#define OVERLOAD_FILE 1
#define OVERLOAD_SNAME 2

static const uint8_t cookie[] = { 99, 130, 83, 99 };

static uint32_t get32(const uint8_t *b) {
  return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void put32(uint8_t *b, uint32_t value) {
  b[0] = (uint8_t)(value >> 24);
  b[1] = (uint8_t)(value >> 16);
  b[2] = (uint8_t)(value >> 8);
  b[3] = (uint8_t)value;
}

/* ---- reading ---- */

static bool join(struct packet4 *packet, const uint8_t *bytes, size_t len) {
  if (len > sizeof packet->joined - packet->joined_len) return false;
  memcpy(packet->joined + packet->joined_len, bytes, len);
  packet->joined_len += len;
  return true;
}

/* The parts of an option that comes several times are one value (RFC 3396). */
static bool take_option(struct packet4 *packet, uint8_t code, const uint8_t *bytes, size_t len) {
  struct option4_view *view = &packet->options[code];
  if (view->bytes == NULL) {
    *view = (struct option4_view){ bytes, (uint16_t)len };
    return true;
  }
  const uint8_t *end = packet->joined + packet->joined_len;
  if (view->bytes + view->len != end) { /* not what was joined last */
    if (!join(packet, view->bytes, view->len)) return false;
    view->bytes = end;
  }
  if (!join(packet, bytes, len)) return false;
  view->len = (uint16_t)(view->len + len);
  return true;
}

static bool read_options(struct packet4 *packet, const uint8_t *at, size_t len) {
  const uint8_t *end = at + len;
  while (at < end && *at != OPTION_END) {
    uint8_t code = *at++;
    if (code == OPTION_PAD) continue;
    if (at == end || *at > end - at - 1) return false;
    if (!take_option(packet, code, at + 1, *at)) return false;
    at += 1 + *at;
  }
  return true;
}

bool packet4_read(struct packet4 *packet, const uint8_t *bytes, size_t len) {
  if (len < PACKET4_HEADER_SIZE || len > PACKET4_SIZE_MAX ||
      memcmp(bytes + COOKIE, cookie, sizeof cookie) != 0)
    return false;
  memset(packet, 0, offsetof(struct packet4, joined));
  packet->joined_len = 0;
  packet->op = bytes[0];
  packet->htype = bytes[1];
  packet->hlen = bytes[2];
  packet->hops = bytes[3];
  packet->xid = get32(bytes + 4);
  packet->secs = (uint16_t)(bytes[8] << 8 | bytes[9]);
  packet->flags = (uint16_t)(bytes[FLAGS] << 8 | bytes[FLAGS + 1]);
  packet->ciaddr = get32(bytes + CIADDR);
  packet->yiaddr = get32(bytes + YIADDR);
  packet->siaddr = get32(bytes + SIADDR);
  packet->giaddr = get32(bytes + GIADDR);
  packet->chaddr = bytes + CHADDR;
  if (!read_options(packet, bytes + PACKET4_HEADER_SIZE, len - PACKET4_HEADER_SIZE)) return false;
  const struct option4_view *overload = &packet->options[OPTION_OVERLOAD];
  uint8_t over = overload->len == 1 ? overload->bytes[0] : 0;
  if ((over & OVERLOAD_FILE) != 0 && !read_options(packet, bytes + FILE_NAME, FILE_SIZE))
    return false;
  if ((over & OVERLOAD_SNAME) != 0 && !read_options(packet, bytes + SNAME, SNAME_SIZE))
    return false;
  const struct option4_view *type = &packet->options[OPTION_MESSAGE_TYPE];
  packet->type = type->len == 1 ? type->bytes[0] : 0;
  return true;
}

uint32_t packet4_get_uint32(const struct packet4 *packet, uint8_t code) {
  const struct option4_view *view = &packet->options[code];
  return view->len == 4 ? get32(view->bytes) : 0;
}

uint32_t packet4_get_address(const struct packet4 *packet, uint8_t code) {
  return packet4_get_uint32(packet, code);
}

/* ---- writing ---- */

static size_t answer_limit(const struct packet4 *query) {
  const struct option4_view *size = &query->options[OPTION_MAX_SIZE];
  size_t wanted = size->len == 2 ? (size_t)(size->bytes[0] << 8 | size->bytes[1]) : 0;
  if (wanted < 576) return PACKET4_ANSWER_SIZE;
  return wanted - 28 < PACKET4_ANSWER_MAX ? wanted - 28 : PACKET4_ANSWER_MAX;
}

void writer4_start(struct writer4 *writer, uint8_t *bytes, const struct packet4 *query,
                   uint8_t type) {
  memset(bytes, 0, PACKET4_ANSWER_MAX);
  bytes[0] = BOOTREPLY;
  bytes[1] = query->htype;
  bytes[2] = query->hlen;
  put32(bytes + 4, query->xid);
  bytes[FLAGS] = (uint8_t)(query->flags >> 8);
  bytes[FLAGS + 1] = (uint8_t)query->flags;
  put32(bytes + GIADDR, query->giaddr);
  memcpy(bytes + CHADDR, query->chaddr, 16);
  memcpy(bytes + COOKIE, cookie, sizeof cookie);
  writer->bytes = bytes;
  writer->len = PACKET4_HEADER_SIZE;
  writer->limit = answer_limit(query) - 1; /* the end option always fits */
  writer4_put(writer, OPTION_MESSAGE_TYPE, &type, 1);
}

void writer4_set_addresses(struct writer4 *writer, uint32_t ciaddr, uint32_t yiaddr,
                           uint32_t siaddr) {
  put32(writer->bytes + CIADDR, ciaddr);
  put32(writer->bytes + YIADDR, yiaddr);
  put32(writer->bytes + SIADDR, siaddr);
}

static void set_text(uint8_t *field, size_t size, const char *text) {
  size_t len = text != NULL ? strlen(text) : 0;
  if (len > 0) memcpy(field, text, len < size ? len : size - 1);
}

void writer4_set_files(struct writer4 *writer, const char *sname, const char *file) {
  set_text(writer->bytes + SNAME, SNAME_SIZE, sname);
  set_text(writer->bytes + FILE_NAME, FILE_SIZE, file);
}

bool writer4_put(struct writer4 *writer, uint8_t code, const void *bytes, size_t len) {
  size_t parts = len == 0 ? 1 : (len + 254) / 255;
  if (parts * 2 + len > writer->limit - writer->len) return false;
  const uint8_t *from = bytes;
  while (parts-- > 0) {
    size_t part = len < 255 ? len : 255;
    uint8_t *at = writer->bytes + writer->len;
    at[0] = code;
    at[1] = (uint8_t)part;
    if (part > 0) memcpy(at + 2, from, part);
    from += part;
    len -= part;
    writer->len += 2 + part;
  }
  return true;
}

bool writer4_put_uint32(struct writer4 *writer, uint8_t code, uint32_t value) {
  uint8_t bytes[4];
  put32(bytes, value);
  return writer4_put(writer, code, bytes, sizeof bytes);
}

void writer4_end(struct writer4 *writer) {
  writer->bytes[writer->len++] = OPTION_END;
  if (writer->len < PACKET4_ANSWER_MIN) writer->len = PACKET4_ANSWER_MIN;
}
