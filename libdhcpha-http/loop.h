/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * loop: one descriptor for everything that may happen, and the host that is told of it.
 *
 * Sockets are in the epoll set for themselves.  For what waits for no socket there are two more in
 * it: the bell, rung when something can be done at once, and the alarm, set to the next deadline.
 * So the host need only watch the descriptor.  Both are edge triggered and never read: one system
 * call to ring, none to stop.
 */
#ifndef DHCPHA_HTTP_LOOP_H
#define DHCPHA_HTTP_LOOP_H

#include <dhcpha/http.h>

#include "timers.h"

/* Something in the epoll set. */
typedef struct dhcpha_watch {
  void (*ready)(void *owner, uint32_t events);
  void *owner;
} dhcpha_watch;

typedef struct dhcpha_loop {
  dhcpha_http_options options; /* With the defaults filled in. */
  dhcpha_http_callbacks callbacks;
  void *user_data;
  int64_t now; /* Monotonic milliseconds; read when the host calls. */
  bool dispatching;
  dhcpha_timers timers;
  int epoll_fd;
  int bell_fd;
  int alarm_fd;
  bool bell_rung;
  int64_t alarm_due; /* DHCPHA_NEVER: not set. */
  dhcpha_watch bell;
  dhcpha_watch alarm;
} dhcpha_loop;

/* False: the kernel refused; errno tells.  To be ended with dhcpha_loop_free() all the same. */
bool dhcpha_loop_init(dhcpha_loop *loop);
void dhcpha_loop_free(dhcpha_loop *loop);

void dhcpha_loop_read_clock(dhcpha_loop *loop);
/* False: the kernel refused; errno tells. */
bool dhcpha_loop_watch(dhcpha_loop *loop, int fd, uint32_t events, dhcpha_watch *watch);
void dhcpha_loop_rewatch(dhcpha_loop *loop, int fd, uint32_t events, dhcpha_watch *watch);
void dhcpha_loop_unwatch(dhcpha_loop *loop, int fd);

/* Events that are there, then deadlines that have passed. */
void dhcpha_loop_run(dhcpha_loop *loop);
/* The descriptor shall be readable at this time, if not sooner; DHCPHA_NEVER: it need not. */
void dhcpha_loop_wake_at(dhcpha_loop *loop, int64_t due);

#endif
