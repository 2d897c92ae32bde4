/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "resolver.h"

#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* What threads share with the resolver. */
typedef struct exchange {
  pthread_mutex_t lock;
  unsigned holders; /* The resolver and each thread. */
  int bell_fd;
  dhcpha_lookup *finished;
} exchange;

struct dhcpha_lookup {
  dhcpha_lookup *next; /* Waiting, or finished. */
  dhcpha_resolver *resolver;
  exchange *results;
  void (*done)(void *owner, const dhcpha_addresses *found); /* NULL: given up. */
  void *owner;
  dhcpha_addresses found;
  char name[];
};

struct dhcpha_resolver {
  dhcpha_loop *loop;
  exchange *results;
  dhcpha_watch watch;
  dhcpha_lookup *waiting, **waiting_end;
  unsigned running;
};

/* --- Looking up ------------------------------------------------------------------------------- */

static bool take_address(const struct sockaddr *from, dhcpha_address *to) {
  memset(to, 0, sizeof *to);
  if (from->sa_family == AF_INET) {
    to->family = 4;
    memcpy(to->bytes, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
  } else if (from->sa_family == AF_INET6) {
    to->family = 6;
    memcpy(to->bytes, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 16);
  }
  return to->family != 0;
}

void dhcpha_look_up(const char *name, dhcpha_addresses *found) {
  struct addrinfo hints, *results = NULL;
  memset(&hints, 0, sizeof hints);
  memset(found, 0, sizeof *found);
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  int error = getaddrinfo(name, NULL, &hints, &results);
  if (error != 0) {
    found->wrong = gai_strerror(error);
    return;
  }
  for (struct addrinfo *one = results; one != NULL && found->count < DHCPHA_ADDRESSES_MAX;
       one = one->ai_next)
    if (take_address(one->ai_addr, &found->list[found->count])) found->count++;
  freeaddrinfo(results);
  if (found->count == 0) found->wrong = "the name has no address";
}

/* --- The threads ------------------------------------------------------------------------------ */

static void free_lookups(dhcpha_lookup *first) {
  while (first != NULL) {
    dhcpha_lookup *one = first;
    first = one->next;
    free(one);
  }
}

static void let_go(exchange *results) {
  bool last = --results->holders == 0;
  pthread_mutex_unlock(&results->lock);
  if (!last) return;
  free_lookups(results->finished);
  pthread_mutex_destroy(&results->lock);
  close(results->bell_fd);
  free(results);
}

static void finish(dhcpha_lookup *lookup) {
  static const uint64_t once = 1;
  exchange *results = lookup->results;
  pthread_mutex_lock(&results->lock);
  lookup->next = results->finished;
  results->finished = lookup;
  ssize_t rung = write(results->bell_fd, &once, sizeof once);
  (void)rung; /* Else it is rung already. */
  let_go(results);
}

static void *run(void *argument) {
  dhcpha_lookup *lookup = argument;
  dhcpha_look_up(lookup->name, &lookup->found);
  finish(lookup);
  return NULL;
}

/* Signals are for the host's own threads. */
static bool start_thread(dhcpha_lookup *lookup) {
  sigset_t all, before;
  pthread_attr_t attributes;
  pthread_t thread;
  if (pthread_attr_init(&attributes) != 0) return false;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool started = pthread_create(&thread, &attributes, run, lookup) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return started;
}

/* A lookup whose thread cannot be started is finished at once. */
static void start_some(dhcpha_resolver *resolver) {
  exchange *results = resolver->results;
  while (resolver->waiting != NULL && resolver->running < DHCPHA_LOOKUPS_AT_A_TIME) {
    dhcpha_lookup *lookup = resolver->waiting;
    resolver->waiting = lookup->next;
    if (resolver->waiting == NULL) resolver->waiting_end = &resolver->waiting;
    if (lookup->done == NULL) {
      free(lookup);
      continue;
    }
    resolver->running++;
    pthread_mutex_lock(&results->lock);
    results->holders++;
    pthread_mutex_unlock(&results->lock);
    if (start_thread(lookup)) continue;
    lookup->found.wrong = "no thread for the lookup";
    finish(lookup);
  }
}

static void take_finished(void *owner, uint32_t events) {
  dhcpha_resolver *resolver = owner;
  exchange *results = resolver->results;
  uint64_t count;
  (void)events;
  ssize_t got = read(results->bell_fd, &count, sizeof count);
  (void)got;
  pthread_mutex_lock(&results->lock);
  dhcpha_lookup *finished = results->finished;
  results->finished = NULL;
  pthread_mutex_unlock(&results->lock);
  while (finished != NULL) {
    dhcpha_lookup *one = finished;
    finished = one->next;
    resolver->running--;
    if (one->done != NULL) one->done(one->owner, &one->found);
    free(one);
  }
  start_some(resolver);
}

/* --- The resolver ----------------------------------------------------------------------------- */

static exchange *new_exchange(void) {
  exchange *results = calloc(1, sizeof *results);
  if (results == NULL) return NULL;
  results->holders = 1;
  results->bell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (results->bell_fd < 0 || pthread_mutex_init(&results->lock, NULL) != 0) {
    if (results->bell_fd >= 0) close(results->bell_fd);
    free(results);
    return NULL;
  }
  return results;
}

dhcpha_resolver *dhcpha_resolver_new(dhcpha_loop *loop) {
  dhcpha_resolver *resolver = calloc(1, sizeof *resolver);
  if (resolver == NULL) return NULL;
  resolver->loop = loop;
  resolver->waiting_end = &resolver->waiting;
  resolver->watch.ready = take_finished;
  resolver->watch.owner = resolver;
  resolver->results = new_exchange();
  if (resolver->results != NULL &&
      dhcpha_loop_watch(loop, resolver->results->bell_fd, EPOLLIN, &resolver->watch))
    return resolver;
  dhcpha_resolver_free(resolver);
  return NULL;
}

void dhcpha_resolver_free(dhcpha_resolver *resolver) {
  if (resolver == NULL) return;
  free_lookups(resolver->waiting);
  if (resolver->results != NULL) {
    dhcpha_loop_unwatch(resolver->loop, resolver->results->bell_fd);
    pthread_mutex_lock(&resolver->results->lock);
    let_go(resolver->results);
  }
  free(resolver);
}

dhcpha_lookup *dhcpha_lookup_start(dhcpha_resolver *resolver, const char *name,
                                   void (*done)(void *owner, const dhcpha_addresses *found),
                                   void *owner) {
  size_t size = strlen(name) + 1;
  dhcpha_lookup *lookup = calloc(1, sizeof *lookup + size);
  if (lookup == NULL) return NULL;
  lookup->resolver = resolver;
  lookup->results = resolver->results;
  lookup->done = done;
  lookup->owner = owner;
  memcpy(lookup->name, name, size);
  *resolver->waiting_end = lookup;
  resolver->waiting_end = &lookup->next;
  start_some(resolver);
  return lookup;
}

void dhcpha_lookup_give_up(dhcpha_lookup *lookup) {
  if (lookup != NULL) lookup->done = NULL;
}
