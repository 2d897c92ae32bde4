/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "scenarios/scenario.h"

#include <stdlib.h>
#include <string.h>

#define SEPARATOR "----"

void scenario_say(scenario *s, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  text_vformat(s->out, format, arguments);
  va_end(arguments);
  text_add(s->out, "\n");
}

static void trace_line(const char *line, void *user_data) {
  scenario *s = user_data;
  if (!s->quiet || strncmp(line, "WRONG", 5) == 0) text_format(s->out, "%s\n", line);
}

const char *scenario_option(const scenario_line *line, const char *key) {
  for (size_t i = 0; i < line->option_count; i++)
    if (strcmp(line->options[i], key) == 0) return line->values[i];
  return NULL;
}

bool scenario_word(const scenario_line *line, const char *word) {
  for (size_t i = 0; i < line->word_count; i++)
    if (strcmp(line->words[i], word) == 0) return true;
  return false;
}

int64_t scenario_time(const char *value) {
  char *end;
  long long number = strtoll(value, &end, 10);
  if (strcmp(end, "s") == 0) return number * 1000;
  if (strcmp(end, "min") == 0) return number * 60000;
  if (strcmp(end, "h") == 0) return number * 3600000;
  return number;
}

world_server *scenario_server_at(scenario *s, const scenario_line *line, size_t index) {
  world_server *found =
      index < line->word_count ? world_find(&s->world, line->words[index]) : NULL;
  if (found == NULL) scenario_say(s, "%s: which server?", line->name);
  return found;
}

int64_t scenario_number(const scenario_line *line, const char *key, int64_t otherwise) {
  const char *value = scenario_option(line, key);
  return value == NULL ? otherwise : strtoll(value, NULL, 10);
}

dhcpha_address scenario_address(scenario *s, const scenario_line *line, const char *key) {
  dhcpha_address address = {0, {0}};
  const char *value = scenario_option(line, key);
  if (value != NULL && dhcpha_address_parse(&address, value) != DHCPHA_OK)
    scenario_say(s, "no address: %s", value);
  return address;
}

static void split(scenario_line *line, const char *from, size_t len) {
  memset(line, 0, sizeof *line);
  line->copy = must_copy(from, len);
  char *p = line->copy;
  while (*(p += strspn(p, " ")) != '\0') {
    if (line->name != NULL && (*p == '{' || *p == '[')) {
      line->json = p;
      return;
    }
    char *word = p;
    p += strcspn(p, " ");
    if (*p != '\0') *p++ = '\0';
    char *equals = strchr(word, '=');
    if (line->name == NULL) {
      line->name = word;
    } else if (equals == NULL) {
      if (line->word_count < SCENARIO_WORDS_MAX) line->words[line->word_count++] = word;
    } else if (line->option_count < SCENARIO_WORDS_MAX) {
      *equals = '\0';
      line->options[line->option_count] = word;
      line->values[line->option_count++] = equals + 1;
    }
  }
}

static void perform_line(scenario *s, const char *from, size_t len) {
  scenario_line line;
  split(&line, from, len);
  if (line.name != NULL && line.name[0] != '#') {
    const char *at = scenario_option(&line, "at");
    s->quiet = scenario_word(&line, "quiet");
    if (at != NULL) world_run_until(&s->world, s->world.zero_ms + scenario_time(at));
    if (!scenario_perform(s, &line)) scenario_say(s, "what is \"%s\"?", line.copy);
    world_settle(&s->world);
    s->quiet = false;
  }
  free(line.copy);
}

/* A line ends with its end of line, or with the text. */
static size_t line_len(const char *p) {
  size_t len = strcspn(p, "\n");
  return p[len] == '\n' ? len + 1 : len;
}

static bool is_blank(const char *p) { return *p == '\n' || *p == '\0'; }

static bool is_separator(const char *p) {
  size_t len = strlen(SEPARATOR);
  return strncmp(p, SEPARATOR, len) == 0 && is_blank(p + len);
}

/* Commands may go on in the next line after a '\'. */
static void perform_commands(scenario *s, const char *from, const char *to) {
  text line = {0};
  while (from < to) {
    size_t len = line_len(from), bare = len;
    while (bare > 0 && from[bare - 1] == '\n') bare--;
    bool goes_on = bare > 0 && from[bare - 1] == '\\';
    text_append(&line, from, goes_on ? bare - 1 : bare);
    from += len;
    if (goes_on) continue;
    perform_line(s, text_of(&line), line.len);
    text_clear(&line);
  }
  text_free(&line);
}

/* The end of a block's commands, and whether a separator follows. */
static const char *commands_end(const char *from, bool *separated) {
  const char *p = from;
  while (*p != '\0' && !is_separator(p)) p += line_len(p);
  *separated = *p != '\0';
  return p;
}

void scenario_run(const char *script, const dhcpha_allocator *allocator,
                  void (*at_end)(world *w, void *user_data), void *user_data, text *rewritten) {
  scenario_run_from(script, allocator, NULL, at_end, user_data, rewritten);
}

void scenario_run_from(const char *script, const dhcpha_allocator *allocator,
                       void (*at_start)(world *w, void *user_data),
                       void (*at_end)(world *w, void *user_data), void *user_data,
                       text *rewritten) {
  scenario s;
  memset(&s, 0, sizeof s);
  s.out = rewritten;
  world_init(&s.world, allocator);
  s.world.watch.line = trace_line;
  s.world.watch.user_data = &s;
  s.world.watch.log_level = DHCPHA_LEVEL_INFO;
  if (at_start != NULL) at_start(&s.world, user_data);
  while (*script != '\0') {
    bool separated;
    const char *end = commands_end(script, &separated);
    text_append(rewritten, script, (size_t)(end - script));
    if (separated) text_add(rewritten, SEPARATOR "\n");
    perform_commands(&s, script, end);
    script = separated ? end + line_len(end) : end;
    while (!is_blank(script)) script += line_len(script);
    if (*script != '\n') continue;
    text_add(rewritten, "\n");
    script++;
  }
  if (at_end != NULL) at_end(&s.world, user_data);
  world_free(&s.world);
}
