/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "client_slot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Kea closes a kept connection after 30 s (P1 4.2): one idle for longer than this is not used. */
#define CONNECTION_IDLE_MAX_S 20L
/* Believed of a Content-Length before any of it has come. */
#define BODY_RESERVED_MAX ((size_t)1 << 20)
#define RECEIVE_BUFFER_BYTES 65536L

static size_t take_header(char *data, size_t size, size_t count, void *user) {
  dhcpha_client_slot *slot = user;
  slot->header_complete = size * count <= 2 && (data[0] == '\r' || data[0] == '\n');
  slot->header_len += size * count;
  if (slot->header_len > slot->header_max) {
    slot->stopped = DHCPHA_ERR_LIMIT;
    return 0;
  }
  slot->progressed(slot);
  return size * count;
}

static size_t first_room(dhcpha_client_slot *slot, size_t bytes) {
  curl_off_t length = -1;
  curl_easy_getinfo(slot->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  if (length <= (curl_off_t)bytes) return bytes;
  return length > (curl_off_t)BODY_RESERVED_MAX ? BODY_RESERVED_MAX : (size_t)length;
}

static size_t take_body(char *data, size_t size, size_t count, void *user) {
  dhcpha_client_slot *slot = user;
  size_t bytes = size * count;
  if (bytes == 0) return 0;
  if (bytes > slot->body_max - slot->body.len) {
    slot->stopped = DHCPHA_ERR_LIMIT;
    return 0;
  }
  size_t room = slot->body.len == 0 ? first_room(slot, bytes) : 0;
  if (!dhcpha_body_make_room(&slot->body, room) || !dhcpha_body_append(&slot->body, data, bytes)) {
    slot->stopped = DHCPHA_ERR_NOMEM;
    return 0;
  }
  slot->progressed(slot);
  return bytes;
}

static int watch_sending(void *user, curl_off_t download_total, curl_off_t download,
                         curl_off_t upload_total, curl_off_t upload) {
  dhcpha_client_slot *slot = user;
  (void)download_total;
  (void)download;
  (void)upload_total;
  if (upload != slot->sent) slot->progressed(slot);
  slot->sent = upload;
  return 0;
}

static bool set_protocol(CURL *easy, bool tls) {
#if LIBCURL_VERSION_NUM >= 0x075500
  return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, tls ? "https" : "http") == CURLE_OK;
#else
  long protocol = tls ? CURLPROTO_HTTPS : CURLPROTO_HTTP;
  return curl_easy_setopt(easy, CURLOPT_PROTOCOLS, protocol) == CURLE_OK;
#endif
}

/* P1 1.7: the chain is verified, the host name is not.  Nothing is kept from one handshake to the
 * next: certificates may have changed, and Kea 2.2 cannot resume a session whose requester has
 * shown a certificate. */
static void set_tls_options(CURL *easy) {
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
  curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
#if LIBCURL_VERSION_NUM >= 0x075700
  curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L);
#endif
}

/* Those that fail do so for want of memory; the others only note a value. */
static bool set_options(dhcpha_client_slot *slot, dhcpha_client_sockets *sockets, bool tls) {
  CURL *easy = slot->easy;
  curl_easy_setopt(easy, CURLOPT_PRIVATE, slot);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, slot->error);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, CONNECTION_IDLE_MAX_S);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, RECEIVE_BUFFER_BYTES);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_POST, 1L);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, slot);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, slot);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, watch_sending);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, slot);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, dhcpha_client_sockets_open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, sockets);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, dhcpha_client_sockets_close);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, sockets);
  if (tls) set_tls_options(easy);
  return set_protocol(easy, tls) && curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK;
}

dhcpha_client_slot *dhcpha_client_slot_new(dhcpha_client_sockets *sockets, bool tls) {
  dhcpha_client_slot *slot = calloc(1, sizeof *slot);
  if (slot == NULL) return NULL;
  slot->body_max = sockets->loop->options.answer_body_max;
  slot->header_max = sockets->loop->options.header_max;
  slot->easy = curl_easy_init();
  if (slot->easy != NULL && set_options(slot, sockets, tls)) return slot;
  dhcpha_client_slot_free(slot);
  return NULL;
}

static bool set_pem(CURL *easy, CURLoption option, const dhcpha_pem *pem) {
  struct curl_blob blob = { pem->bytes, pem->len, CURL_BLOB_NOCOPY };
  return curl_easy_setopt(easy, option, &blob) == CURLE_OK;
}

static bool set_material(dhcpha_client_slot *slot, const dhcpha_tls *tls) {
  if (tls == NULL || (slot->tls == tls->now && slot->tls_complete)) return true;
  const dhcpha_pem *pem = tls->now->pem;
  slot->tls_complete = set_pem(slot->easy, CURLOPT_CAINFO_BLOB, &pem[0]) &&
                       set_pem(slot->easy, CURLOPT_SSLCERT_BLOB, &pem[1]) &&
                       set_pem(slot->easy, CURLOPT_SSLKEY_BLOB, &pem[2]);
  if (!slot->tls_complete) return false; /* The handle may refer to some of both: it is not used. */
  dhcpha_tls_material *before = slot->tls;
  slot->tls = dhcpha_tls_hold(tls);
  dhcpha_tls_release(before);
  return true;
}

bool dhcpha_client_slot_aim(dhcpha_client_slot *slot, const dhcpha_client_route *route,
                            const dhcpha_route_cursor *cursor, const dhcpha_tls *tls,
                            long connect_ms) {
  char url[DHCPHA_PLACE_URL_SIZE];
  dhcpha_route_write_url(route, cursor, url);
  dhcpha_route_write_label(route, cursor, slot->label);
  curl_easy_setopt(slot->easy, CURLOPT_HTTPHEADER, route->targets[cursor->target].headers);
  curl_easy_setopt(slot->easy, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
  if (!set_material(slot, tls)) return false;
  if (strcmp(url, slot->url) == 0) return true;
  if (curl_easy_setopt(slot->easy, CURLOPT_URL, url) != CURLE_OK) return false;
  memcpy(slot->url, url, sizeof url);
  return true;
}

void dhcpha_client_slot_load(dhcpha_client_slot *slot, const char *json, size_t json_len) {
  slot->error[0] = '\0';
  curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDS, json);
  curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)json_len);
}

void dhcpha_client_slot_clear(dhcpha_client_slot *slot) {
  slot->command = NULL;
  dhcpha_body_clear(&slot->body);
  slot->header_len = 0;
  slot->header_complete = false;
  slot->sent = 0;
  slot->stopped = DHCPHA_OK;
}

void dhcpha_client_slot_free(dhcpha_client_slot *slot) {
  if (slot == NULL) return;
  curl_easy_cleanup(slot->easy);
  dhcpha_tls_release(slot->tls);
  dhcpha_body_free(&slot->body);
  free(slot);
}

static const struct {
  CURLcode code;
  dhcpha_status status;
  const char *text;
} endings[] = {
  { CURLE_OK, DHCPHA_OK, "" },
  { CURLE_COULDNT_CONNECT, DHCPHA_ERR_REFUSED, "no connection" },
  { CURLE_GOT_NOTHING, DHCPHA_ERR_REFUSED, "the peer closed the connection without an answer" },
  { CURLE_PARTIAL_FILE, DHCPHA_ERR_REFUSED, "the peer closed the connection within its answer" },
  { CURLE_RECV_ERROR, DHCPHA_ERR_REFUSED, "the connection broke before the answer was complete" },
  { CURLE_SEND_ERROR, DHCPHA_ERR_REFUSED, "the connection broke while sending" },
  { CURLE_OPERATION_TIMEDOUT, DHCPHA_ERR_TIMEOUT, "no connection in time" },
  { CURLE_OUT_OF_MEMORY, DHCPHA_ERR_NOMEM, "out of memory" },
  { CURLE_UNSUPPORTED_PROTOCOL, DHCPHA_ERR_MALFORMED, "the answer is not HTTP" },
  { CURLE_WEIRD_SERVER_REPLY, DHCPHA_ERR_MALFORMED, "the answer is malformed HTTP" },
  { CURLE_BAD_CONTENT_ENCODING, DHCPHA_ERR_MALFORMED, "the answer is malformed HTTP" },
  { CURLE_URL_MALFORMAT, DHCPHA_ERR_REFUSED, "nobody can listen there" }, /* Port 0. */
  { CURLE_SSL_CONNECT_ERROR, DHCPHA_ERR_REFUSED, "the TLS handshake failed" },
  { CURLE_PEER_FAILED_VERIFICATION, DHCPHA_ERR_REFUSED, "the peer's certificate is not trusted" },
  { CURLE_SSL_CERTPROBLEM, DHCPHA_ERR_REFUSED, "our certificate or key is not usable" },
  { CURLE_SSL_CACERT_BADFILE, DHCPHA_ERR_REFUSED, "our trust anchor is not usable" },
};

static const CURLcode before_connected[] = {
  CURLE_COULDNT_CONNECT, CURLE_OPERATION_TIMEDOUT, CURLE_SSL_CONNECT_ERROR,
  CURLE_PEER_FAILED_VERIFICATION, CURLE_URL_MALFORMAT,
};

/* There is no time limit of libcurl's but that for a connection. */
bool dhcpha_client_slot_found_nobody(CURLcode code) {
  for (size_t i = 0; i < sizeof before_connected / sizeof before_connected[0]; i++)
    if (before_connected[i] == code) return true;
  return false;
}

static dhcpha_status judge_connect_error(long os_error) {
  switch (os_error) {
  case 0:
  case ECONNREFUSED:
  case ECONNRESET: return DHCPHA_ERR_REFUSED;
  case ETIMEDOUT: return DHCPHA_ERR_TIMEOUT;
  default: return DHCPHA_ERR_IO;
  }
}

/* What libcurl says does not always tell apart what we do. */
static CURLcode refine(const dhcpha_client_slot *slot, CURLcode code, long os_error) {
  if (code == CURLE_OK && !slot->header_complete) return CURLE_GOT_NOTHING;
  if (code == CURLE_RECV_ERROR && os_error == 0 && slot->tls == NULL)
    return CURLE_WEIRD_SERVER_REPLY; /* With TLS it may be the peer that refuses our certificate. */
  return code;
}

static dhcpha_status stopped_outcome(const dhcpha_client_slot *slot, char *text) {
  const char *url = slot->label;
  if (slot->stopped == DHCPHA_ERR_NOMEM)
    snprintf(text, DHCPHA_CLIENT_TEXT_SIZE, "%s: out of memory for the answer", url);
  else if (slot->header_len > slot->header_max)
    snprintf(text, DHCPHA_CLIENT_TEXT_SIZE, "%s: the answer's header is longer than %zu bytes",
             url, slot->header_max);
  else
    snprintf(text, DHCPHA_CLIENT_TEXT_SIZE, "%s: the answer is longer than %zu bytes", url,
             slot->body_max);
  return slot->stopped;
}

dhcpha_status dhcpha_client_slot_outcome(const dhcpha_client_slot *slot, CURLcode code,
                                         char text[DHCPHA_CLIENT_TEXT_SIZE]) {
  const char *url = slot->label;
  dhcpha_status status = DHCPHA_ERR_IO;
  long os_error = 0;
  text[0] = '\0';
  if (slot->stopped != DHCPHA_OK) return stopped_outcome(slot, text);
  curl_easy_getinfo(slot->easy, CURLINFO_OS_ERRNO, &os_error);
  code = refine(slot, code, os_error);
  const char *what = curl_easy_strerror(code);
  for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
    if (endings[i].code != code) continue;
    status = endings[i].status;
    what = endings[i].text;
  }
  if (status == DHCPHA_OK) return status;
  if (code == CURLE_COULDNT_CONNECT) {
    status = judge_connect_error(os_error);
    snprintf(text, DHCPHA_CLIENT_TEXT_SIZE, "%s: %s: %s", url, what,
             os_error != 0 ? strerror((int)os_error) : slot->error);
  } else {
    snprintf(text, DHCPHA_CLIENT_TEXT_SIZE, "%s: %s%s%s", url, what,
             slot->error[0] != '\0' ? ": " : "", slot->error);
  }
  return status;
}
