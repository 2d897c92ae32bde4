/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "loop.h"

#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_MAX 128

void dhcpha_loop_read_clock(dhcpha_loop *loop) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  loop->now = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- The epoll set ---------------------------------------------------------------------------- */

static bool control(dhcpha_loop *loop, int operation, int fd, uint32_t events,
                    dhcpha_watch *watch) {
  struct epoll_event event;
  memset(&event, 0, sizeof event);
  event.events = events;
  event.data.ptr = watch;
  return epoll_ctl(loop->epoll_fd, operation, fd, &event) == 0;
}

bool dhcpha_loop_watch(dhcpha_loop *loop, int fd, uint32_t events, dhcpha_watch *watch) {
  return control(loop, EPOLL_CTL_ADD, fd, events, watch);
}

void dhcpha_loop_rewatch(dhcpha_loop *loop, int fd, uint32_t events, dhcpha_watch *watch) {
  control(loop, EPOLL_CTL_MOD, fd, events, watch);
}

void dhcpha_loop_unwatch(dhcpha_loop *loop, int fd) {
  control(loop, EPOLL_CTL_DEL, fd, 0, NULL);
}

void dhcpha_loop_run(dhcpha_loop *loop) {
  struct epoll_event events[EVENTS_MAX];
  dhcpha_timer *timer;
  int count = epoll_wait(loop->epoll_fd, events, EVENTS_MAX, 0);
  for (int i = 0; i < count; i++) {
    dhcpha_watch *watch = events[i].data.ptr;
    watch->ready(watch->owner, events[i].events);
  }
  while ((timer = dhcpha_timers_reached(&loop->timers, loop->now)) != NULL)
    timer->passed(timer->owner);
}

/* --- Waking the host -------------------------------------------------------------------------- */

static void hear_bell(void *owner, uint32_t events) {
  dhcpha_loop *loop = owner;
  (void)events;
  loop->bell_rung = false;
}

static void hear_alarm(void *owner, uint32_t events) {
  dhcpha_loop *loop = owner;
  (void)events;
  loop->alarm_due = DHCPHA_NEVER;
}

static void ring(dhcpha_loop *loop) {
  static const uint64_t once = 1;
  if (loop->bell_rung) return;
  loop->bell_rung = write(loop->bell_fd, &once, sizeof once) == (ssize_t)sizeof once;
}

/* Deadlines move later all the time; the alarm is not moved with them, but set anew when it has
 * gone off for nothing. */
static void set_alarm(dhcpha_loop *loop, int64_t due) {
  struct itimerspec when;
  memset(&when, 0, sizeof when);
  when.it_value.tv_sec = (time_t)(due / 1000);
  when.it_value.tv_nsec = (long)(due % 1000) * 1000000;
  if (timerfd_settime(loop->alarm_fd, TFD_TIMER_ABSTIME, &when, NULL) == 0) loop->alarm_due = due;
}

void dhcpha_loop_wake_at(dhcpha_loop *loop, int64_t due) {
  if (due <= loop->now)
    ring(loop);
  else if (due < loop->alarm_due)
    set_alarm(loop, due);
}

/* --- Making and ending ------------------------------------------------------------------------ */

bool dhcpha_loop_init(dhcpha_loop *loop) {
  loop->bell = (dhcpha_watch){ hear_bell, loop };
  loop->alarm = (dhcpha_watch){ hear_alarm, loop };
  loop->alarm_due = DHCPHA_NEVER;
  loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  loop->bell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  loop->alarm_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  dhcpha_loop_read_clock(loop);
  return loop->epoll_fd >= 0 && loop->bell_fd >= 0 && loop->alarm_fd >= 0 &&
         dhcpha_loop_watch(loop, loop->bell_fd, EPOLLIN | EPOLLET, &loop->bell) &&
         dhcpha_loop_watch(loop, loop->alarm_fd, EPOLLIN | EPOLLET, &loop->alarm);
}

void dhcpha_loop_free(dhcpha_loop *loop) {
  if (loop->alarm_fd >= 0) close(loop->alarm_fd);
  if (loop->bell_fd >= 0) close(loop->bell_fd);
  if (loop->epoll_fd >= 0) close(loop->epoll_fd);
  dhcpha_timers_free(&loop->timers);
}
