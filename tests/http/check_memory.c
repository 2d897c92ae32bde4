/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* One allocation of the transport after the other fails.  Those of libcurl do not: libcurl 7.88
 * itself divides by zero when the table of its connections cannot be made. */
#include "host.h"

#include <dlfcn.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif

#ifdef HAS_ASAN
int main(void) { return 77; } /* The sanitizer's allocator is in the way. */
#else

/* glibc's own, below malloc(). */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static long fails_after = -1; /* Allocations; negative: none fails. */
static long seen;

static bool fails(void *caller) {
  Dl_info ours, theirs;
  if (dladdr(caller, &theirs) == 0 || dladdr((void *)&dhcpha_http_new, &ours) == 0) return false;
  if (ours.dli_fbase != theirs.dli_fbase) return false;
  seen++;
  return fails_after >= 0 && fails_after-- == 0;
}

DHCPHA_API void *malloc(size_t size) {
  return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

DHCPHA_API void *calloc(size_t count, size_t size) {
  return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

DHCPHA_API void *realloc(void *memory, size_t size) {
  return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(memory, size);
}

/* Check allocates, too. */
static void must(bool good) {
  if (!good) abort();
}

static size_t told, received, held_count;
static uint64_t held[16];

static void take(uint64_t id, const char *json, size_t json_len, size_t listener, void *user) {
  (void)listener;
  received++;
  if (json_len == 1)
    held[held_count++ % 16] = id;
  else
    dhcpha_http_answer(*(dhcpha_http **)user, id, 200, json, json_len);
}

static void answered(uint64_t id, const char *json, size_t json_len, void *user) {
  (void)id;
  (void)json;
  (void)json_len;
  (void)user;
  told++;
}

static void failed(uint64_t id, dhcpha_status why, const char *text, void *user) {
  (void)id;
  (void)text;
  (void)user;
  must(why != DHCPHA_OK);
  told++;
}

/* Both ends in one transport; what could be sent comes to an end. */
static void exchange(void) {
  dhcpha_http *http = NULL;
  dhcpha_http_callbacks callbacks;
  dhcpha_address address = { .family = 4, .bytes = { 127, 0, 0, 1 } };
  char url[] = "http://127.0.0.1:00000/";
  char large[30000];
  size_t sent = 0;
  told = held_count = 0;
  memset(large, ' ', sizeof large);
  dhcpha_http_callbacks_init(&callbacks);
  callbacks.command_received = take;
  callbacks.command_answered = answered;
  callbacks.command_failed = failed;
  if (dhcpha_http_new(NULL, &callbacks, &http, &http) != DHCPHA_OK) {
    must(http == NULL);
    return;
  }
  dhcpha_http_listen(http, &address, 0, NULL);
  unsigned port = dhcpha_http_get_port(http, 0);
  for (int i = 0; i < 5; i++, port /= 10) url[21 - i] = (char)('0' + port % 10);
  dhcpha_peer peer = { .size = sizeof peer, .name = "peer", .url = url, .basic_auth_user = "u",
                       .basic_auth_password = "p" };
  const char *const urls[] = { "http://127.0.0.1:1/", url };
  peer.urls = urls;
  peer.url_count = 2;
  dhcpha_http_listen_options options;
  dhcpha_http_listen_options_init(&options);
  options.user = "u";
  dhcpha_http_listen_with(http, &address, 0, &options, NULL);
  if (dhcpha_http_add_peer(http, &peer) == DHCPHA_OK &&
      dhcpha_http_add_peer(http, &peer) == DHCPHA_OK) /* The second replaces the first. */
    sent += dhcpha_http_send_to(http, 9, "peer", large, sizeof large, 300) == DHCPHA_OK;
  for (uint64_t id = 1; id <= 6; id++)
    sent += dhcpha_http_send(http, id, url, large, id % 2 ? 1 : sizeof large, 300) == DHCPHA_OK;
  double until = seconds() + TOO_LONG_S;
  while (told < sent) {
    must(seconds() < until);
    dhcpha_http_dispatch(http);
    while (held_count > 0) dhcpha_http_answer(http, held[--held_count], 200, "[]", 2);
  }
  dhcpha_http_free(http);
}

START_TEST(any_allocation_may_fail) {
  exchange(); /* What is allocated once for the process. */
  seen = 0;
  exchange();
  long all = seen;
  ck_assert_int_gt(all, 20);
  for (long n = 0; n < all; n++) {
    fails_after = n;
    exchange();
    fails_after = -1;
  }
  received = 0;
  exchange();
  ck_assert_uint_eq(received, 7);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("memory");
  TCase *tcase = tcase_create("memory");
  tcase_set_timeout(tcase, 300);
  tcase_add_test(tcase, any_allocation_may_fail);
  suite_add_tcase(suite, tcase);
  return unit_run_suite(suite);
}
#endif
