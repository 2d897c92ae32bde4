/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * host: two transports of the library in one process, and raw sockets to play the other side.
 * Everything runs in turns; nothing waits for longer than a turn.
 */
#ifndef TESTS_HTTP_HOST_H
#define TESTS_HTTP_HOST_H

#include <dhcpha/http.h>

#include <stdlib.h>

#include "unit/unit.h"

#define HELD_MAX 4096
#define RAW_MAX (1u << 20)

/* A transport, how it answers, and what it was told. */
typedef struct host {
  dhcpha_http *http;
  bool holds; /* Does not answer by itself: the ids are in held. */
  const char *answer; /* NULL: the request, sent back. */
  size_t answer_len;
  int answer_status;
  /* Called first; may be NULL. */
  void (*on_answered)(struct host *host, uint64_t id);
  void (*on_failed)(struct host *host, uint64_t id);

  uint64_t held[HELD_MAX];
  size_t held_count;
  size_t received, answered, failed, progressed, refused;
  uint64_t last_id;
  char *last; /* The last request or answer, with an end. */
  size_t last_len;
  dhcpha_status why;
  char text[512];
  int refused_status;
  char refused_text[128];
  uint16_t port; /* Of listener 0. */
  char url[64];
} host;

/* The two of a test; started by two_hosts(), ended by no_hosts(). */
extern host client, server;
extern dhcpha_http_options server_options, client_options; /* Set before two_hosts(). */

void two_hosts(void);
void no_hosts(void);
void host_start(host *host, const dhcpha_http_options *options);
void host_end(host *host);
void host_listen(host *host, const char *address);
/* Sends from the client to the server. */
void send_text(uint64_t id, const char *json);
/* One turn of every host there is; waits for events, 20 ms at the most. */
void turn(void);
double seconds(void);
/* Turns for so many seconds. */
void let_pass(double time);
/* A peer without credentials or TLS. */
dhcpha_peer plain_peer(const char *url);
/* Letters, to be given to free(). */
char *large_text(size_t len);

#define TOO_LONG_S 30
#define RUN_UNTIL(condition)                                                                       \
  do {                                                                                             \
    double run_until_ = seconds() + TOO_LONG_S;                                                    \
    while (!(condition)) {                                                                         \
      ck_assert_msg(seconds() < run_until_, "never: %s", #condition);                              \
      turn();                                                                                      \
    }                                                                                              \
  } while (0)

/* A plain socket. */
typedef struct raw {
  int fd;
  bool closed;
  size_t len;
  char data[RAW_MAX + 1];
} raw;

int raw_listen(uint16_t *port);
int raw_listen_at(uint16_t *port); /* 0: any. */
/* False: nobody came. */
bool raw_accept(raw *one, int listening);
void raw_connect(raw *one, uint16_t port);
void raw_connect_from(raw *one, uint16_t port, const char *address);
void raw_send(raw *one, const char *data, size_t len);
void raw_print(raw *one, const char *text);
/* Takes in what has come; true when it contains the text. */
bool raw_has(raw *one, const char *text);
bool raw_is_closed(raw *one);
void raw_forget(raw *one);
void raw_close(raw *one);

#endif
