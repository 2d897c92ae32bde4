/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * Requests to Kea that are special in their framing or their credentials: our listener, with a hub
 * behind it, answers them as Kea did.  Where it does not, it is said why, and how often.
 */
#include "base/allocator.h"
#include "base/json.h"
#include "http/host.h"
#include "support/pair_config.h"
#include "support/text.h"
#include "unit/unit.h"

#include <dhcpha/dhcpha.h>

#include <stdio.h>
#include <string.h>

#define FILE_NAME TEST_SOURCE_DIR "/tests/vectors/kea-http.jsonl"
#define ARENA_MAX ((size_t)16 << 20)
#define SILENCE_S 0.05 /* how long is waited for what must not come ... */
#define ANSWER_S 3     /* ... and for an answer */
#define EQUAL 102 /* of the rows of the file: all but the known ones */
#define UNSUPPORTED "[{\"result\":2,\"text\":\"command not supported.\"}]"

static host with_credentials;
static dhcpha_hub *hub;
static raw one;
static dhcpha_allocator plain;
static dhcpha_arena arena;
static size_t equal, wrong;

/* What differs, and why; how often. */
static struct {
  const char *part; /* of the request */
  const char *reason;
  size_t expected, count;
} known[] = {
  {"HTTP/2.0", "libmicrohttpd refuses any other HTTP by itself", 3, 0},
  {"garbage", "libmicrohttpd closes the connection", 3, 0},
  {"HTTP/1.1\nHost", "taken, as RFC 9112 2.2 allows: lines end with LF alone", 3, 0},
  {"\r\nPOST / HTTP/1.1\r\nHost", "taken, as RFC 9112 2.2 says: an empty line before it", 3, 0},
  {"POST  /  HTTP/1.1", "taken, as RFC 9112 3 allows: several spaces", 3, 0},
  {"Content-Length: abc", "libmicrohttpd refuses it by itself; Kea takes it for 0", 3, 0},
};

/* ---- a hub behind the listeners ---- */

static void start_hub(bool restricts) {
  static const pair_parameter parameters[] = {{"restrict-commands", "true"},
                                              {"restrict-commands", "false"}};
  text json = {0};
  dhcpha_config *config = NULL;
  pair_config_write(&json, "hot-standby", 1, 0, &parameters[restricts ? 0 : 1], 1);
  ck_assert_int_eq(
      dhcpha_config_parse(DHCPHA_DHCP4, text_of(&json), json.len, NULL, &config, NULL), DHCPHA_OK);
  ck_assert_int_eq(dhcpha_hub_new(config, NULL, NULL, &hub), DHCPHA_OK);
  dhcpha_config_free(config);
  text_free(&json);
  dhcpha_time now = {1000, INT64_C(1795355652000)};
  dhcpha_hub_set_time(hub, now);
  ck_assert_int_eq(dhcpha_hub_start(hub), DHCPHA_OK);
}

static void perform(host *listener) {
  static const dhcpha_stored added = DHCPHA_STORED_ADDED;
  dhcpha_action *action;
  while ((action = dhcpha_hub_next_action(hub)) != NULL) {
    uint64_t id = dhcpha_action_get_id(action);
    dhcpha_action_type type = dhcpha_action_get_type(action);
    if (type == DHCPHA_ACTION_READ_LEASES) (void)dhcpha_hub_leases_read_done(hub, id, DHCPHA_OK);
    if (type == DHCPHA_ACTION_STORE_LEASES) (void)dhcpha_hub_leases_stored(hub, id, &added, 1);
    if (type == DHCPHA_ACTION_ANSWER_COMMAND)
      (void)dhcpha_http_answer(listener->http, id, dhcpha_action_get_http_status(action),
                               dhcpha_action_get_json(action), dhcpha_action_get_json_len(action));
    dhcpha_action_free(action);
  }
}

static void serve(host *listener) {
  if (listener->held_count == 0) return;
  uint64_t id = listener->held[--listener->held_count];
  dhcpha_status status =
      dhcpha_hub_command_received(hub, id, listener->last, listener->last_len, 0);
  perform(listener);
  if (status == DHCPHA_ERR_FOREIGN)
    (void)dhcpha_http_answer(listener->http, id, 200, UNSUPPORTED, strlen(UNSUPPORTED));
}

/* ---- one request ---- */

static const dhcpha_json_value *get(const dhcpha_json_value *row, const char *key) {
  return dhcpha_json_get(row, key);
}

/* The whole answer is there: its head, and as much as its length says. */
static const char *answer_body(bool is_head) {
  if (!raw_has(&one, "\r\n\r\n")) return NULL;
  const char *body = strstr(one.data, "\r\n\r\n") + 4;
  const char *length = strstr(one.data, "Content-Length: ");
  if (length == NULL || length > body || is_head) return body;
  return one.len - (size_t)(body - one.data) >= strtoul(length + 16, NULL, 10) ? body : NULL;
}

/* NULL, or what is different. */
static const char *compare(const dhcpha_json_value *row, const char *body, bool is_head) {
  char line[64];
  const dhcpha_json_value *result = get(row, "result");
  snprintf(line, sizeof line, "%s %lld ", get(row, "version")->text,
           (long long)get(row, "status")->integer);
  if (strncmp(one.data, line, strlen(line)) != 0) return "the status line";
  for (const dhcpha_json_value *h = get(row, "headers")->first; h != NULL && !is_head; h = h->next) {
    snprintf(line, sizeof line, "\r\n%s: ", h->text);
    if (strstr(one.data, line) == NULL) return "a header is missing";
  }
  if (is_head) return NULL; /* RFC 9110 9.3.2: no body */
  if (strstr(one.data, "\r\nContent-Type: application/json\r\n") == NULL) return "the type";
  const char *end = strrchr(body, get(row, "list")->boolean ? ']' : '}');
  if (end == NULL) return "no JSON";
  const dhcpha_json_value *tree = dhcpha_json_read(&arena, body, (size_t)(end + 1 - body), NULL);
  if (dhcpha_json_is(tree, DHCPHA_JSON_LIST) != get(row, "list")->boolean) return "list or map";
  const dhcpha_json_value *map = dhcpha_json_is(tree, DHCPHA_JSON_LIST) ? tree->first : tree;
  const dhcpha_json_value *got = get(map, "result");
  return got != NULL && result != NULL && got->integer == result->integer ? NULL : "the result";
}

static bool is_known(const char *request) {
  for (int i = 0; i < COUNT_OF(known); i++) {
    const char *found = strstr(request, known[i].part);
    if (found == NULL || (found != request && known[i].part[0] == '\r')) continue;
    known[i].count++;
    return true;
  }
  return false;
}

static void play(const dhcpha_json_value *row) {
  host *listener = get(row, "credentials")->boolean ? &with_credentials : &server;
  const dhcpha_json_value *request = get(row, "request");
  const char *different = NULL, *body = NULL;
  bool is_head = strncmp(request->text, "HEAD ", 5) == 0;
  double until = seconds() + (get(row, "status") == NULL ? SILENCE_S : ANSWER_S);
  start_hub(get(row, "kea")->text[0] == '3');
  raw_connect(&one, listener->port);
  raw_send(&one, request->text, request->text_len);
  while ((body = answer_body(is_head)) == NULL && !raw_is_closed(&one) && seconds() < until) {
    turn();
    (void)dhcpha_http_dispatch(with_credentials.http);
    serve(listener);
  }
  if (body == NULL) body = answer_body(is_head); /* it came with the end */
  if (get(row, "status") == NULL)
    different = body == NULL ? NULL : "Kea did not answer";
  else
    different = body == NULL ? "no answer" : compare(row, body, is_head);
  if (different == NULL) {
    equal++;
  } else if (!is_known(request->text)) {
    wrong++;
    printf("%s: %s\n  request: %s\n  answer: %s\n", get(row, "kea")->text, different,
           request->text, one.data);
  }
  raw_close(&one);
  listener->held_count = 0;
  dhcpha_hub_free(hub);
  hub = NULL;
}

static void listen_with_credentials(void) {
  dhcpha_http_listen_options options;
  dhcpha_address address;
  size_t listener;
  dhcpha_http_listen_options_init(&options);
  options.user = "ha";
  options.password = "s3cret";
  ck_assert_int_eq(dhcpha_address_parse(&address, "127.0.0.1"), DHCPHA_OK);
  ck_assert_int_eq(
      dhcpha_http_listen_with(with_credentials.http, &address, 0, &options, &listener), DHCPHA_OK);
  with_credentials.port = dhcpha_http_get_port(with_credentials.http, listener);
}

START_TEST(special_requests_are_answered_as_kea_does) {
  text file = {0};
  dhcpha_http_options options;
  plain = dhcpha_allocator_resolve(NULL);
  dhcpha_arena_init(&arena, &plain, ARENA_MAX);
  dhcpha_http_options_init(&options);
  host_start(&server, &options);
  host_listen(&server, "127.0.0.1");
  host_start(&with_credentials, &options);
  listen_with_credentials();
  server.holds = with_credentials.holds = true;
  ck_assert(text_read_file(&file, FILE_NAME));
  for (const char *p = text_of(&file); *p != '\0';) {
    size_t len = strcspn(p, "\n");
    dhcpha_arena_reset(&arena);
    const dhcpha_json_value *row = dhcpha_json_read(&arena, p, len, NULL);
    ck_assert_ptr_nonnull(row);
    play(row);
    p += len + (p[len] == '\n');
  }
  printf("%zu requests answered as Kea did\n", equal);
  for (int i = 0; i < COUNT_OF(known); i++) {
    printf("%zu otherwise: %s\n", known[i].count, known[i].reason);
    ck_assert_uint_eq(known[i].count, known[i].expected);
  }
  fflush(stdout);
  ck_assert_uint_eq(wrong, 0);
  ck_assert_uint_eq(equal, EQUAL);
  text_free(&file);
  dhcpha_arena_free(&arena);
  host_end(&server);
  host_end(&with_credentials);
}
END_TEST

int main(void) {
  TCase *tcase = tcase_create("special requests");
  tcase_add_test(tcase, special_requests_are_answered_as_kea_does);
  return unit_run("http_vectors", tcase);
}
