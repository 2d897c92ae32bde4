/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "fuzz/player.h"

#include "base/allocator.h"
#include "base/json.h"
#include "dhcp/lease.h"
#include "support/store.h"

#include <dhcpha/dhcpha.h>

#include <string.h>

#define START_UTC_MS INT64_C(1795355652000)
#define STEP_MS_MAX INT64_C(3600000)
#define LINES_MAX 400
#define OPEN_MAX 256     /* commands in flight, unanswered commands, store requests */
#define ACTIONS_MAX 5000 /* taken in a row; more would be an endless loop */
#define PACKET_MAX 2048
#define ARENA_MAX ((size_t)64 * 1024 * 1024)

typedef struct id_list {
  uint64_t ids[OPEN_MAX];
  size_t count;
} id_list;

typedef struct player {
  fuzz_run *run;
  dhcpha_family family;
  dhcpha_hub *hub;
  dhcpha_time now;
  store leases;
  bool store_fails;
  bool store_waits;
  id_list in_flight;  /* commands sent, oldest first */
  id_list unanswered; /* commands received */
  id_list parked;     /* queries */
  dhcpha_action *waiting[OPEN_MAX]; /* store requests, oldest first */
  size_t waiting_count;
  uint64_t last_id; /* of a command received or a query */
} player;

static const char config_format[] =
    "[{\"this-server-name\":\"server%c\",\"mode\":\"%s\",\"heartbeat-delay\":1000,"
    "\"max-response-delay\":3000,\"max-ack-delay\":1000,\"max-unacked-clients\":2,"
    "\"max-rejected-lease-updates\":3,\"delayed-updates-limit\":%d,\"sync-page-limit\":3,"
    "\"wait-backup-ack\":%s,\"restrict-commands\":%s,\"peers\":["
    "{\"name\":\"server1\",\"url\":\"http://192.0.2.1:8005/\",\"role\":\"primary\"},%s"
    "{\"name\":\"server3\",\"url\":\"http://192.0.2.3:8005/\",\"role\":\"backup\"}]}]";

/* What the first line of an input says. */
typedef struct setup {
  dhcpha_family family;
  char mode;
  char self;
  bool strict;
} setup;

static dhcpha_config *make_config(fuzz_run *run, const setup *chosen) {
  static const char partner_format[] =
      "{\"name\":\"server2\",\"url\":\"http://192.0.2.2:8005/\",\"role\":\"%s\"},";
  char json[1024], partner[128] = "", mode = chosen->mode;
  const char *mode_name = mode == 'h' ? "hot-standby"
                          : mode == 'l' ? "load-balancing" : "passive-backup";
  if (mode != 'p')
    snprintf(partner, sizeof partner, partner_format, mode == 'h' ? "standby" : "secondary");
  int len = snprintf(json, sizeof json, config_format, chosen->self, mode_name,
                     mode == 'l' ? 4 : 0, mode == 'p' ? "true" : "false",
                     chosen->strict ? "true" : "false", partner);
  dhcpha_config *config = NULL;
  dhcpha_messages *messages = NULL;
  dhcpha_status status = dhcpha_config_parse(chosen->family, json, (size_t)len, &run->allocator,
                                             &config, &messages);
  if (status == DHCPHA_ERR_CONFIG)
    fprintf(stderr, "%s\n", dhcpha_messages_get_text(messages, 0));
  FUZZ_CHECK(status == DHCPHA_OK || run->allocation_fails);
  dhcpha_messages_free(messages);
  return config;
}

static void add_id(id_list *list, uint64_t id) {
  FUZZ_CHECK(list->count < OPEN_MAX);
  list->ids[list->count++] = id;
}

static bool remove_id(id_list *list, uint64_t id) {
  for (size_t i = 0; i < list->count; i++) {
    if (list->ids[i] != id) continue;
    list->count--;
    memmove(&list->ids[i], &list->ids[i + 1], (list->count - i) * sizeof list->ids[0]);
    return true;
  }
  return false;
}

/* What the hub says is JSON, and not cut by a 0 byte. */
static void check_json(const char *json, size_t len) {
  dhcpha_allocator libc = dhcpha_allocator_resolve(NULL);
  dhcpha_arena arena;
  dhcpha_arena_init(&arena, &libc, ARENA_MAX);
  FUZZ_CHECK(strlen(json) == len);
  FUZZ_CHECK(dhcpha_json_read(&arena, json, len, NULL) != NULL);
  dhcpha_arena_free(&arena);
}

static void fail_command(player *p, uint64_t id) {
  dhcpha_status status = dhcpha_hub_command_failed(p->hub, id, DHCPHA_ERR_TIMEOUT, NULL);
  FUZZ_CHECK(status == DHCPHA_OK || status == DHCPHA_ERR_UNKNOWN || p->run->allocation_fails);
}

static void read_leases(player *p, const dhcpha_action *action) {
  uint64_t id = dhcpha_action_get_id(action);
  const dhcpha_lease_range *range = dhcpha_action_get_range(action);
  dhcpha_status status = DHCPHA_OK;
  size_t index = store_after(&p->leases, &range->after);
  for (uint32_t i = 0; i < range->limit && index < p->leases.count && status == DHCPHA_OK; i++)
    status = dhcpha_hub_leases_read(p->hub, id, &p->leases.leases[index++], 1);
  (void)dhcpha_hub_leases_read_done(p->hub, id, p->store_fails ? DHCPHA_ERR_IO : DHCPHA_OK);
}

static void store_leases(player *p, const dhcpha_action *action) {
  const dhcpha_lease_batch *batch = dhcpha_action_get_leases(action);
  size_t count = dhcpha_lease_batch_get_count(batch);
  dhcpha_stored *results = calloc(count + 1, sizeof *results);
  FUZZ_CHECK(results != NULL);
  for (size_t i = 0; i < count; i++) {
    const dhcpha_lease *lease = dhcpha_lease_batch_get_lease(batch, i);
    FUZZ_CHECK(dhcpha_lease_is_valid(lease, p->family) ||
               dhcpha_lease_batch_get_operation(batch, i) == DHCPHA_LEASE_DELETE);
    results[i] = p->store_fails
                     ? DHCPHA_STORED_FAILED
                     : store_apply(&p->leases, dhcpha_lease_batch_get_operation(batch, i), lease);
  }
  (void)dhcpha_hub_leases_stored(p->hub, dhcpha_action_get_id(action), results, count);
  free(results);
}

static void ask_store(player *p, dhcpha_action *action) {
  if (dhcpha_action_get_type(action) == DHCPHA_ACTION_READ_LEASES) read_leases(p, action);
  else store_leases(p, action);
  dhcpha_action_free(action);
}

static void answer_waiting(player *p) {
  size_t count = p->waiting_count;
  p->waiting_count = 0;
  dhcpha_action *actions[OPEN_MAX];
  memcpy(actions, p->waiting, count * sizeof actions[0]);
  for (size_t i = 0; i < count; i++) ask_store(p, actions[i]);
}

/* Does what the hub asks for, or notes it down. */
static void perform(player *p, dhcpha_action *action) {
  uint64_t id = dhcpha_action_get_id(action);
  switch (dhcpha_action_get_type(action)) {
    case DHCPHA_ACTION_SEND_COMMAND:
      check_json(dhcpha_action_get_json(action), dhcpha_action_get_json_len(action));
      FUZZ_CHECK(dhcpha_action_get_url(action)[0] != '\0');
      if (p->in_flight.count < OPEN_MAX) add_id(&p->in_flight, id);
      else fail_command(p, id);
      break;
    case DHCPHA_ACTION_ANSWER_COMMAND:
      check_json(dhcpha_action_get_json(action), dhcpha_action_get_json_len(action));
      FUZZ_CHECK(remove_id(&p->unanswered, id));
      break;
    case DHCPHA_ACTION_RELEASE_QUERY:
      FUZZ_CHECK(remove_id(&p->parked, id));
      break;
    case DHCPHA_ACTION_READ_LEASES:
    case DHCPHA_ACTION_STORE_LEASES:
      if (!p->store_waits || p->waiting_count == OPEN_MAX) ask_store(p, action);
      else p->waiting[p->waiting_count++] = action;
      return;
    case DHCPHA_ACTION_LOG:
      FUZZ_CHECK(dhcpha_action_get_message_id(action)[0] != '\0');
      FUZZ_CHECK(strchr(dhcpha_action_get_text(action), '\n') == NULL);
      break;
    case DHCPHA_ACTION_SET_SERVICE:
      break;
  }
  dhcpha_action_free(action);
}

static void perform_all(player *p) {
  dhcpha_action *action;
  for (size_t i = 0; (action = dhcpha_hub_next_action(p->hub)) != NULL; i++) {
    FUZZ_CHECK(i < ACTIONS_MAX);
    perform(p, action);
  }
}

static void receive_command(player *p, const char *json, size_t len) {
  if (p->unanswered.count == OPEN_MAX) return;
  uint64_t id = ++p->last_id;
  dhcpha_status status = dhcpha_hub_command_received(p->hub, id, json, len, 0);
  if (status == DHCPHA_OK) add_id(&p->unanswered, id);
  else FUZZ_CHECK(status != DHCPHA_ERR_NOMEM || p->run->allocation_fails);
}

static void answer_oldest(player *p, const char *json, size_t len) {
  if (p->in_flight.count == 0) return;
  uint64_t id = p->in_flight.ids[0];
  remove_id(&p->in_flight, id);
  (void)dhcpha_hub_command_progressed(p->hub, id);
  dhcpha_status status = dhcpha_hub_command_answered(p->hub, id, json, len);
  FUZZ_CHECK(status != DHCPHA_ERR_NOMEM || p->run->allocation_fails);
}

static void fail_oldest(player *p) {
  if (p->in_flight.count == 0) return;
  uint64_t id = p->in_flight.ids[0];
  remove_id(&p->in_flight, id);
  fail_command(p, id);
}

static void pass_time(player *p, const char *chars, size_t len) {
  int64_t ms = 0;
  for (size_t i = 0; i < len; i++)
    if (chars[i] >= '0' && chars[i] <= '9' && ms < STEP_MS_MAX) ms = ms * 10 + (chars[i] - '0');
  if (ms > STEP_MS_MAX) ms = STEP_MS_MAX;
  p->now.monotonic_ms += ms;
  p->now.utc_ms += ms;
  dhcpha_hub_set_time(p->hub, p->now);
  dhcpha_status status = dhcpha_hub_handle_expiry(p->hub);
  FUZZ_CHECK(status == DHCPHA_OK || p->run->allocation_fails);
}

static int digit_of(char c) {
  static const char digits[] = "0123456789abcdef";
  const char *found = c == '\0' ? NULL : strchr(digits, c);
  return found == NULL ? -1 : (int)(found - digits);
}

static size_t read_hex(const char *chars, size_t len, uint8_t packet[PACKET_MAX]) {
  size_t count = 0;
  int high = -1;
  for (size_t i = 0; i < len && count < PACKET_MAX; i++) {
    int digit = digit_of(chars[i]);
    if (digit < 0) continue;
    if (high >= 0) packet[count++] = (uint8_t)(high * 16 + digit);
    high = high >= 0 ? -1 : digit;
  }
  return count;
}

/* The host gave the client an address that follows from its packet. */
static void commit_lease(player *p, const dhcpha_query *query, uint8_t number) {
  if (p->parked.count == OPEN_MAX || query->client_id_len > 255) return;
  dhcpha_lease lease;
  dhcpha_lease_init(&lease);
  dhcpha_address_parse(&lease.address, p->family == DHCPHA_DHCP4 ? "192.0.2.0" : "2001:db8::");
  lease.address.bytes[p->family == DHCPHA_DHCP4 ? 3 : 15] = number;
  lease.prefix_len = p->family == DHCPHA_DHCP4 ? 0 : 128;
  lease.subnet_id = 1;
  lease.valid_lft = 4000;
  lease.cltt = p->now.utc_ms / 1000;
  lease.hw_address = query->hw_address;
  lease.hw_address_len = query->hw_address_len;
  lease.client_id = query->client_id;
  lease.client_id_len = query->client_id_len;
  bool parked = false;
  uint64_t id = ++p->last_id;
  size_t deleted = number % 2;
  dhcpha_status status = dhcpha_hub_leases_changed(p->hub, id, query, &lease, 1 - deleted, &lease,
                                                   deleted, &parked);
  FUZZ_CHECK(status != DHCPHA_ERR_NOMEM || p->run->allocation_fails);
  if (status == DHCPHA_OK && parked) add_id(&p->parked, id);
}

static void receive_query(player *p, const char *chars, size_t len, bool commit) {
  uint8_t packet[PACKET_MAX];
  size_t packet_len = read_hex(chars, len, packet);
  dhcpha_query query;
  dhcpha_verdict verdict;
  dhcpha_query_init(&query);
  dhcpha_verdict_init(&verdict);
  if (dhcpha_query_read(&query, p->family, packet, packet_len) != DHCPHA_OK) return;
  FUZZ_CHECK(dhcpha_hub_query_received(p->hub, &query, &verdict) == DHCPHA_OK);
  FUZZ_CHECK(verdict.client_class != NULL);
  if (commit) commit_lease(p, &query, packet[packet_len - 1]);
}

static void play_line(player *p, char usual, const char *line, size_t len) {
  char mark = len == 0 ? ' ' : line[0];
  bool marked = mark != '\0' && strchr("><!+?#~=", mark) != NULL;
  const char *rest = marked ? line + 1 : line;
  size_t rest_len = marked ? len - 1 : len;
  size_t waiting = p->waiting_count;
  switch (marked ? mark : usual) {
    case '>': receive_command(p, rest, rest_len); break;
    case '<': answer_oldest(p, rest, rest_len); break;
    case '!': fail_oldest(p); break;
    case '+': pass_time(p, rest, rest_len); break;
    case '?': receive_query(p, rest, rest_len, false); break;
    case '#': receive_query(p, rest, rest_len, true); break;
    case '~': p->store_fails = !p->store_fails; break;
    case '=': p->store_waits = !p->store_waits; break;
    default: break;
  }
  perform_all(p);
  if (waiting != 0) answer_waiting(p);
  perform_all(p);
}

/* Everything in flight fails: then each command has its answer, each parked query its release. */
static void settle(player *p) {
  p->store_waits = false;
  for (size_t i = 0; i < LINES_MAX + OPEN_MAX; i++) {
    if (p->in_flight.count == 0 && p->waiting_count == 0) break;
    while (p->in_flight.count != 0) fail_oldest(p);
    answer_waiting(p);
    perform_all(p);
  }
  const char *status = dhcpha_hub_get_status(p->hub);
  FUZZ_CHECK(status != NULL || p->run->allocation_fails);
  if (status != NULL) check_json(status, strlen(status));
  dhcpha_explanation explanation;
  dhcpha_explanation_init(&explanation);
  FUZZ_CHECK(dhcpha_hub_explain(p->hub, 0, &explanation) == DHCPHA_OK);
  FUZZ_CHECK(explanation.code[0] != '\0');
  if (p->run->allocation_fails) return;
  FUZZ_CHECK(p->in_flight.count == 0 && p->unanswered.count == 0 && p->parked.count == 0);
}

static void play_lines(player *p, char usual, const char *chars, size_t len) {
  for (size_t i = 0; i < LINES_MAX && len != 0; i++) {
    const char *end = memchr(chars, '\n', len);
    size_t line_len = end == NULL ? len : (size_t)(end - chars);
    /* A block of its own: reading past the line is noticed. */
    char *line = malloc(line_len == 0 ? 1 : line_len);
    FUZZ_CHECK(line != NULL);
    memcpy(line, chars, line_len);
    play_line(p, usual, line, line_len);
    free(line);
    size_t taken = end == NULL ? len : line_len + 1;
    chars += taken;
    len -= taken;
  }
}

static setup read_setup(const uint8_t *line, size_t len) {
  setup chosen = {.family = line[0] == '6' ? DHCPHA_DHCP6 : DHCPHA_DHCP4, .self = '1'};
  chosen.mode = line[1] == 'h' || line[1] == 'l' ? (char)line[1] : 'p';
  if (line[2] == '3' || (line[2] == '2' && chosen.mode != 'p')) chosen.self = (char)line[2];
  chosen.strict = len > 3 && line[3] == 's';
  return chosen;
}

static void set_subnet(player *p) {
  dhcpha_subnet subnet;
  dhcpha_subnet_init(&subnet);
  subnet.id = 1;
  dhcpha_address_parse(&subnet.prefix, p->family == DHCPHA_DHCP4 ? "192.0.2.0" : "2001:db8::");
  subnet.prefix_len = p->family == DHCPHA_DHCP4 ? 24 : 32;
  subnet.valid_lft = 4000;
  dhcpha_status status = dhcpha_hub_set_subnets(p->hub, &subnet, 1);
  FUZZ_CHECK(status == DHCPHA_OK || p->run->allocation_fails);
}

static dhcpha_status start(player *p, const setup *chosen) {
  dhcpha_config *config = make_config(p->run, chosen);
  if (config == NULL) return DHCPHA_ERR_NOMEM;
  dhcpha_status status = dhcpha_hub_new(config, NULL, NULL, &p->hub);
  dhcpha_config_free(config);
  FUZZ_CHECK(status == DHCPHA_OK || p->run->allocation_fails);
  if (status != DHCPHA_OK) return status;
  if (chosen->strict) set_subnet(p);
  dhcpha_hub_set_time(p->hub, p->now);
  status = dhcpha_hub_start(p->hub);
  FUZZ_CHECK(status == DHCPHA_OK || p->run->allocation_fails);
  return status;
}

void fuzz_play_hub(fuzz_run *run, char usual, const uint8_t *data, size_t len) {
  const uint8_t *end = len == 0 ? NULL : memchr(data, '\n', len);
  if (end == NULL || end - data < 3) return;
  setup chosen = read_setup(data, (size_t)(end - data));
  player p = {.run = run, .family = chosen.family, .now.utc_ms = START_UTC_MS};
  if (start(&p, &chosen) == DHCPHA_OK) {
    perform_all(&p);
    play_lines(&p, usual, (const char *)end + 1, len - (size_t)(end + 1 - data));
    settle(&p);
  }
  while (p.waiting_count != 0) dhcpha_action_free(p.waiting[--p.waiting_count]);
  dhcpha_hub_free(p.hub);
  store_free(&p.leases);
}
