/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "vectors/recording.h"

#include "base/allocator.h"
#include "base/http_date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_MAX ((size_t)256 << 20)
#define TEXT_MAX ((size_t)16 << 20)

static void broken(const char *path, size_t line, const char *why) {
  fprintf(stderr, "%s:%zu: %s\n", path, line, why);
  exit(EXIT_FAILURE);
}

static void *grown(void *array, size_t count, size_t size) {
  if (count != 0 && (count < 16 || (count & (count - 1)) != 0)) return array;
  array = realloc(array, (count < 16 ? 16 : count * 2) * size);
  if (array == NULL) abort();
  return array;
}

static const char *text_at(const dhcpha_json_value *value) {
  return dhcpha_json_is(value, DHCPHA_JSON_STRING) ? value->text : "";
}

static const dhcpha_json_value *body_at(const recording *r, const dhcpha_json_value *number) {
  if (!dhcpha_json_is(number, DHCPHA_JSON_INTEGER)) return NULL;
  return number->integer < (int64_t)r->body_count ? r->bodies[number->integer] : NULL;
}

static void read_servers(const recording *r, recorded_scenario *s, const dhcpha_json_value *head) {
  const dhcpha_json_value *config = dhcpha_json_get(head, "config");
  for (const dhcpha_json_value *v = config->first; v != NULL; v = v->next) {
    recorded_server *server = &s->servers[s->server_count++];
    server->name = v->key;
    server->version = text_at(dhcpha_json_get(dhcpha_json_get(head, "kea"), v->key));
    server->config = dhcpha_json_get(body_at(r, v), "config");
    server->subnets = dhcpha_json_get(
        body_at(r, dhcpha_json_get(dhcpha_json_get(head, "subnets"), v->key)), "subnets");
  }
}

static void read_scenario(recording *r, const dhcpha_json_value *head) {
  r->scenarios = grown(r->scenarios, r->scenario_count, sizeof *r->scenarios);
  recorded_scenario *s = &r->scenarios[r->scenario_count++];
  memset(s, 0, sizeof *s);
  s->name = text_at(dhcpha_json_get(head, "scenario"));
  s->mode = text_at(dhcpha_json_get(head, "mode"));
  s->start = dhcpha_json_get(head, "start")->integer;
  read_servers(r, s, head);
  const dhcpha_json_value *events = dhcpha_json_get(head, "events");
  for (const dhcpha_json_value *v = events->first; v != NULL; v = v->next) {
    s->events = grown(s->events, s->event_count, sizeof *s->events);
    s->events[s->event_count++] =
        (recorded_event){v->first->integer, v->first->next->text, v->first->next->next->text};
  }
}

static void read_exchange(const recording *r, recorded_scenario *s, const dhcpha_json_value *list) {
  s->exchanges = grown(s->exchanges, s->exchange_count, sizeof *s->exchanges);
  recorded_exchange *x = &s->exchanges[s->exchange_count];
  memset(x, 0, sizeof *x);
  const dhcpha_json_value *v = list->first;
  x->number = s->exchange_count++;
  x->t_ms = v->integer;
  x->from = text_at(v = v->next);
  x->to = text_at(v = v->next);
  x->request = body_at(r, v = v->next);
  x->answer = body_at(r, v = v->next);
  const dhcpha_json_value *more = v->next, *status = dhcpha_json_get(more, "status");
  x->unix_socket = dhcpha_json_get(more, "unix") != NULL;
  x->unusual = dhcpha_json_get(more, "unusual") != NULL;
  x->status = status == NULL ? 200 : (int)status->integer;
  const char *command =
      text_at(dhcpha_json_get(dhcpha_json_get(x->request, "json"), "command"));
  snprintf(x->command, sizeof x->command, "%s", command);
}

static void read_line(recording *r, const char *path, size_t number, const char *line,
                      size_t len) {
  const dhcpha_json_value *value = dhcpha_json_read(&r->arena, line, len, NULL);
  if (value == NULL) broken(path, number, "not JSON");
  if (dhcpha_json_is(value, DHCPHA_JSON_LIST)) {
    if (r->scenario_count == 0 || value->count < 5) broken(path, number, "an exchange, of what?");
    read_exchange(r, &r->scenarios[r->scenario_count - 1], value);
  } else if (dhcpha_json_get(value, "scenario") != NULL) {
    read_scenario(r, value);
  } else {
    r->bodies = grown(r->bodies, r->body_count, sizeof *r->bodies);
    r->bodies[r->body_count++] = value;
  }
}

void recording_read(recording *r, const char *path) {
  text file = {0};
  size_t number = 0;
  memset(r, 0, sizeof *r);
  r->allocator = dhcpha_allocator_resolve(NULL);
  dhcpha_arena_init(&r->arena, &r->allocator, ARENA_MAX);
  if (!text_read_file(&file, path)) broken(path, 0, "cannot be read");
  for (const char *p = text_of(&file); *p != '\0';) {
    size_t len = strcspn(p, "\n");
    read_line(r, path, ++number, p, len);
    p += len + (p[len] == '\n');
  }
  text_free(&file);
}

void recording_free(recording *r) {
  for (size_t i = 0; i < r->scenario_count; i++) {
    free(r->scenarios[i].exchanges);
    free(r->scenarios[i].events);
  }
  free(r->scenarios);
  free(r->bodies);
  dhcpha_arena_free(&r->arena);
}

void recording_write(const dhcpha_json_value *value, text *out) {
  dhcpha_allocator plain = dhcpha_allocator_resolve(NULL);
  dhcpha_buffer buffer;
  dhcpha_buffer_init(&buffer, &plain, TEXT_MAX);
  dhcpha_json_write_value(&buffer, value);
  if (buffer.status != DHCPHA_OK) abort();
  text_append(out, dhcpha_buffer_text(&buffer), buffer.len);
  dhcpha_buffer_free(&buffer);
}

void recording_body(const recorded_scenario *s, int64_t t_ms, const dhcpha_json_value *body,
                    text *out) {
  static const char mark[] = "\"date-time\":\"@\"";
  const dhcpha_json_value *json = dhcpha_json_get(body, "json"),
                          *raw = dhcpha_json_get(body, "raw");
  if (raw != NULL) text_append(out, raw->text, raw->text_len);
  if (json == NULL) return;
  text whole = {0};
  char date[DHCPHA_HTTP_DATE_SIZE];
  recording_write(json, &whole);
  const char *at = strstr(text_of(&whole), mark);
  if (at == NULL) {
    text_append(out, text_of(&whole), whole.len);
  } else {
    dhcpha_http_date_format(s->start + t_ms / 1000, date);
    text_append(out, text_of(&whole), (size_t)(at - text_of(&whole)));
    text_format(out, "\"date-time\":\"%s\"%s", date, at + sizeof mark - 1);
  }
  text_free(&whole);
}

const dhcpha_json_value *recording_answer(const dhcpha_json_value *body) {
  const dhcpha_json_value *json = dhcpha_json_get(body, "json");
  if (dhcpha_json_is(json, DHCPHA_JSON_LIST)) return json->first;
  return dhcpha_json_is(json, DHCPHA_JSON_MAP) ? json : NULL;
}

int64_t recording_result(const dhcpha_json_value *answer) {
  const dhcpha_json_value *result = dhcpha_json_get(answer, "result");
  return dhcpha_json_is(result, DHCPHA_JSON_INTEGER) ? result->integer : -1;
}
