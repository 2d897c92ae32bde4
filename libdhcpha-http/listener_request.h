/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * listener_request: from libmicrohttpd's callbacks to command_received, and back to an answer.
 * The rules of P1 4.3, "Situation".
 */
#ifndef DHCPHA_HTTP_LISTENER_REQUEST_H
#define DHCPHA_HTTP_LISTENER_REQUEST_H

#include "connection.h"

/* libmicrohttpd's: the line of a request came in, part of it came in, it is over. */
void *dhcpha_request_begin(void *cls, const char *uri, struct MHD_Connection *mhd);
enum MHD_Result dhcpha_request_take(void *cls, struct MHD_Connection *mhd, const char *url,
                                    const char *method, const char *version, const char *data,
                                    size_t *data_len, void **connection);
void dhcpha_request_end(void *cls, struct MHD_Connection *mhd, void **connection,
                        enum MHD_RequestTerminationCode why);

dhcpha_status dhcpha_request_answer(dhcpha_connection *connection, int http_status,
                                    const char *json, size_t json_len);

#endif
