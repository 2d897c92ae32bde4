/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * listening: a host that listens, and what plain sockets say to it.
 */
#ifndef TESTS_HTTP_LISTENING_H
#define TESTS_HTTP_LISTENING_H

#include <string.h>

#include "host.h"

#define JSON "{\"command\": \"ha-heartbeat\", \"service\": [\"dhcp4\"]}"
#define GOOD                                                                                       \
  "POST / HTTP/1.1\r\nHost: 10.77.0.2\r\nContent-Type: application/json\r\n"                       \
  "Content-Length: 49\r\n\r\n" JSON
#define ANSWER "[ { \"result\": 0 } ]"

static raw one;

/* With server_options. */
static inline void start_listening(void) {
  host_start(&server, &server_options);
  host_listen(&server, "127.0.0.1");
  server.answer = ANSWER;
  server.answer_len = strlen(ANSWER);
}

static inline void end(void) { host_end(&server); }

#endif
