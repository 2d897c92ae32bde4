/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "listener_request.h"

#include "credentials.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A refused request's body is read and thrown away up to this, so that its sender reads why instead
 * of finding the connection reset while it sends. */
#define DISCARDED_MAX (64ull << 20)

/* No more than this is believed of a Content-Length at first. */
#define BODY_RESERVED_MAX 65536

static const char *get_header(struct MHD_Connection *mhd, const char *name) {
  return MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, name);
}

static size_t get_header_size(struct MHD_Connection *mhd) {
  const union MHD_ConnectionInfo *info =
    MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  return info != NULL ? info->header_size : 0;
}

/* libmicrohttpd has made sure that it is a number. */
static unsigned long long get_length(struct MHD_Connection *mhd) {
  const char *length = get_header(mhd, MHD_HTTP_HEADER_CONTENT_LENGTH);
  return length != NULL ? strtoull(length, NULL, 10) : 0;
}

static bool is_json(const char *content_type) {
  return content_type != NULL && strcasecmp(content_type, "application/json") == 0;
}

static void refuse(dhcpha_connection *connection, int http_status, const char *text) {
  connection->refusal = http_status;
  dhcpha_refusals_note(&connection->connections->refusals, connection->door->number, http_status,
                       text);
}

static bool is_authorized(const dhcpha_connection *connection, struct MHD_Connection *mhd) {
  const char *credentials = connection->door->credentials;
  return credentials == NULL ||
         dhcpha_credentials_match(credentials, get_header(mhd, MHD_HTTP_HEADER_AUTHORIZATION));
}

/* P1 4.3: what is not right with the header. */
static void check_header(dhcpha_connection *connection, struct MHD_Connection *mhd,
                         const char *method) {
  const dhcpha_http_options *options = &connection->loop->options;
  if (strcasecmp(method, "POST") != 0)
    refuse(connection, 400, "the method is not POST");
  else if (get_header(mhd, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL)
    refuse(connection, 400, "there is a Transfer-Encoding");
  else if (get_header(mhd, MHD_HTTP_HEADER_CONTENT_LENGTH) == NULL)
    refuse(connection, 400, "there is no Content-Length");
  else if (!is_json(get_header(mhd, MHD_HTTP_HEADER_CONTENT_TYPE)))
    refuse(connection, 400, "the Content-Type is not application/json");
  else if (get_header_size(mhd) > options->header_max)
    refuse(connection, 431, "the header is too long");
  else if (!is_authorized(connection, mhd))
    refuse(connection, 401, "the credentials are missing or wrong");
  else if (get_length(mhd) > options->request_body_max)
    refuse(connection, 413, "the body is too long");
}

static bool can_discard_body(struct MHD_Connection *mhd) {
  return get_header(mhd, MHD_HTTP_HEADER_TRANSFER_ENCODING) == NULL &&
         get_header(mhd, MHD_HTTP_HEADER_CONTENT_LENGTH) != NULL &&
         get_length(mhd) <= DISCARDED_MAX;
}

/* --- Answers ---------------------------------------------------------------------------------- */

static struct MHD_Response *make_answer(const dhcpha_connection *connection, int http_status,
                                        const char *json, size_t json_len,
                                        enum MHD_ResponseMemoryMode mode) {
  struct MHD_Response *answer = MHD_create_response_from_buffer(json_len, (void *)json, mode);
  if (answer == NULL) return NULL;
  enum MHD_Result added =
    MHD_add_response_header(answer, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
  if (added == MHD_YES && http_status == 401)
    added = MHD_add_response_header(answer, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Basic realm=\"\"");
  if (added == MHD_YES && connection->old_version)
    added = MHD_set_response_options(answer, MHD_RF_HTTP_1_0_SERVER, MHD_RO_END);
  if (added == MHD_YES) return answer;
  MHD_destroy_response(answer);
  return NULL;
}

static enum MHD_Result queue_answer(dhcpha_connection *connection, struct MHD_Connection *mhd) {
  struct MHD_Response *answer = connection->answer;
  connection->answer = NULL;
  dhcpha_connection_enter(connection, DHCPHA_PHASE_SENDING);
  enum MHD_Result queued = MHD_queue_response(mhd, connection->answer_status, answer);
  MHD_destroy_response(answer);
  return queued;
}

static enum MHD_Result send_refusal(dhcpha_connection *connection, struct MHD_Connection *mhd) {
  const char *body = dhcpha_refusal_get_body(connection->refusal);
  connection->answer_status = (unsigned)connection->refusal;
  connection->answer = make_answer(connection, connection->refusal, body, strlen(body),
                                   MHD_RESPMEM_PERSISTENT);
  return connection->answer != NULL ? queue_answer(connection, mhd) : MHD_NO;
}

dhcpha_status dhcpha_request_answer(dhcpha_connection *connection, int http_status,
                                    const char *json, size_t json_len) {
  dhcpha_status status = DHCPHA_OK;
  connection->id = 0;
  connection->answer_status = (unsigned)http_status;
  connection->answer =
    make_answer(connection, http_status, json, json_len, MHD_RESPMEM_MUST_COPY);
  if (connection->answer == NULL) {
    connection->broken = true;
    status = DHCPHA_ERR_NOMEM;
  }
  dhcpha_connection_resume(connection);
  return status;
}

/* --- Requests --------------------------------------------------------------------------------- */

void *dhcpha_request_begin(void *cls, const char *uri, struct MHD_Connection *mhd) {
  const union MHD_ConnectionInfo *info =
    MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  dhcpha_connection *connection = info->socket_context;
  (void)cls;
  (void)uri;
  /* A request that came on the heels of another was not seen to begin. */
  if (connection->phase == DHCPHA_PHASE_IDLE)
    dhcpha_connection_enter(connection, DHCPHA_PHASE_RECEIVING);
  return connection;
}

static enum MHD_Result take_header(dhcpha_connection *connection, struct MHD_Connection *mhd,
                                   const char *method, const char *version) {
  connection->looked_at = true;
  connection->old_version = strcmp(version, MHD_HTTP_VERSION_1_0) == 0;
  check_header(connection, mhd, method);
  if (connection->refusal != 0)
    return can_discard_body(mhd) ? MHD_YES : send_refusal(connection, mhd);
  unsigned long long length = get_length(mhd);
  size_t room = length > BODY_RESERVED_MAX ? BODY_RESERVED_MAX : (size_t)length;
  return dhcpha_body_make_room(&connection->body, room) ? MHD_YES : MHD_NO;
}

static enum MHD_Result take_body(dhcpha_connection *connection, const char *data,
                                 size_t *data_len) {
  size_t length = *data_len;
  *data_len = 0;
  if (connection->refusal != 0) return MHD_YES;
  if (length > connection->loop->options.request_body_max - connection->body.len) return MHD_NO;
  return dhcpha_body_append(&connection->body, data, length) ? MHD_YES : MHD_NO;
}

/* The host may answer right here. */
static enum MHD_Result process(dhcpha_connection *connection, struct MHD_Connection *mhd) {
  dhcpha_loop *loop = connection->loop;
  dhcpha_connection_process(connection);
  loop->callbacks.command_received(connection->id, dhcpha_body_get(&connection->body),
                                   connection->body.len, connection->door->number, loop->user_data);
  if (connection->broken) return MHD_NO;
  if (connection->answer != NULL) return queue_answer(connection, mhd);
  dhcpha_connection_suspend(connection);
  return MHD_YES;
}

enum MHD_Result dhcpha_request_take(void *cls, struct MHD_Connection *mhd, const char *url,
                                    const char *method, const char *version, const char *data,
                                    size_t *data_len, void **context) {
  dhcpha_connection *connection = *context;
  (void)cls;
  (void)url; /* Any path is accepted. */
  if (!connection->looked_at) return take_header(connection, mhd, method, version);
  if (*data_len > 0) return take_body(connection, data, data_len);
  if (connection->refusal != 0) return send_refusal(connection, mhd);
  if (connection->broken) return MHD_NO;
  if (connection->answer != NULL) return queue_answer(connection, mhd);
  return process(connection, mhd);
}

void dhcpha_request_end(void *cls, struct MHD_Connection *mhd, void **context,
                        enum MHD_RequestTerminationCode why) {
  dhcpha_connection *connection = *context;
  (void)cls;
  (void)mhd;
  (void)why;
  if (connection == NULL) return;
  dhcpha_connection_forget_request(connection);
  if (connection->phase != DHCPHA_PHASE_CLOSING)
    dhcpha_connection_enter(connection, DHCPHA_PHASE_IDLE);
}
