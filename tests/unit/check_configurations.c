/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * Every case of tests/tables/configurations.txt and kea_configurations.txt is one test.
 * The form of the tables is told at the head of the first.
 */
#include <dhcpha/config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LETS_MAX 32
#define CASES_MAX 1024
#define LINES_MAX 64 /* of one case */
#define TEXT_MAX 32768
#define TABLES TEST_SOURCE_DIR "/tests/tables"

typedef struct test_case {
  char *sentence;
  char *json;
  char *lines[LINES_MAX]; /* "error [0].mode | missing parameter" */
  size_t line_count;
  size_t at; /* line of the table */
} test_case;

static struct {
  char *name, *text;
} lets[LETS_MAX];
static size_t let_count;
static test_case cases[CASES_MAX];
static size_t case_count;

static char *copy(const char *text) {
  char *made = malloc(strlen(text) + 1);
  if (made == NULL) abort();
  return strcpy(made, text);
}

/* Replaces $NAME. */
static char *expand(const char *from) {
  static char out[TEXT_MAX];
  size_t len = 0;
  while (*from != '\0' && len + 1 < sizeof out) {
    size_t name_len = *from == '$' ? strspn(from + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") : 0;
    const char *text = NULL;
    for (size_t i = 0; i < let_count; i++)
      if (strlen(lets[i].name) == name_len && strncmp(lets[i].name, from + 1, name_len) == 0)
        text = lets[i].text;
    if (text == NULL || name_len == 0 || len + strlen(text) >= sizeof out) {
      out[len++] = *from++;
      continue;
    }
    memcpy(out + len, text, strlen(text));
    len += strlen(text);
    from += 1 + name_len;
  }
  out[len] = '\0';
  return copy(out);
}

static void define(char *rest) {
  char *space = strchr(rest, ' ');
  if (space == NULL || let_count == LETS_MAX) abort();
  *space = '\0';
  lets[let_count].name = copy(rest);
  lets[let_count++].text = copy(space + 1);
}

static void take_line(char *line, size_t at) {
  test_case *last = case_count == 0 ? NULL : &cases[case_count - 1];
  if (strncmp(line, "== ", 3) == 0) {
    if (case_count == CASES_MAX) abort();
    cases[case_count].at = at;
    cases[case_count++].sentence = copy(line + 3);
  } else if (strncmp(line, "let ", 4) == 0) {
    define(line + 4);
  } else if (line[0] != '#' && (line[0] != '\0' || (last != NULL && last->json == NULL))) {
    if (last == NULL || last->line_count == LINES_MAX) abort();
    if (last->json == NULL) last->json = expand(line);
    else last->lines[last->line_count++] = copy(line);
  }
}

static void read_table(const char *path) {
  static char line[TEXT_MAX];
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    perror(path);
    exit(1);
  }
  for (size_t at = 1; fgets(line, sizeof line, file) != NULL; at++) {
    line[strcspn(line, "\n")] = '\0';
    take_line(line, at);
  }
  fclose(file);
}

/* The next line of a kind, from *next on; NULL: no more. */
static const char *next_line(const test_case *c, const char *kind, size_t *next) {
  size_t len = strlen(kind);
  while (*next < c->line_count) {
    const char *line = c->lines[(*next)++];
    if (strncmp(line, kind, len) == 0 && line[len] == ' ') return line + len + 1;
  }
  return NULL;
}

/* "PLACE | TEXT" against one message. */
static bool matches(const char *expected, const char *place, const char *text) {
  const char *bar = strstr(expected, " | ");
  if (bar == NULL) return false;
  size_t len = (size_t)(bar - expected);
  if (len == 1 && expected[0] == '-') len = 0;
  return strlen(place) == len && strncmp(place, expected, len) == 0 &&
         strstr(text, bar + 3) != NULL && strncmp(text, place, len) == 0;
}

static void compare(const test_case *c, const char *kind, const dhcpha_messages *messages,
                    dhcpha_severity severity) {
  size_t next = 0;
  for (size_t i = 0; i < dhcpha_messages_get_count(messages); i++) {
    if (dhcpha_messages_get_severity(messages, i) != severity) continue;
    const char *text = dhcpha_messages_get_text(messages, i);
    const char *expected = next_line(c, kind, &next);
    ck_assert_msg(expected != NULL, "line %zu, %s: unexpected %s: %s", c->at, c->sentence, kind,
                  text);
    ck_assert_msg(matches(expected, dhcpha_messages_get_place(messages, i), text),
                  "line %zu, %s: expected %s %s, got %s", c->at, c->sentence, kind, expected,
                  text);
  }
  const char *missed = next_line(c, kind, &next);
  ck_assert_msg(missed == NULL, "line %zu, %s: missing %s %s", c->at, c->sentence, kind,
                missed == NULL ? "" : missed);
}

static void compare_lint(const test_case *c, const dhcpha_config *config) {
  dhcpha_messages *messages;
  test_case lint = *c;
  size_t next = 0;
  const char *first = next_line(c, "lint", &next);
  ck_assert_int_eq(dhcpha_config_lint(config, &messages), DHCPHA_OK);
  if (first != NULL && strcmp(first, "none") == 0) lint.line_count = 0;
  if (first != NULL) compare(&lint, "lint", messages, DHCPHA_SEVERITY_WARNING);
  dhcpha_messages_free(messages);
}

START_TEST(is_judged_as_the_table_says) {
  const test_case *c = &cases[_i];
  dhcpha_family family = _i % 2 == 0 ? DHCPHA_DHCP4 : DHCPHA_DHCP6;
  dhcpha_config *config;
  dhcpha_messages *messages;
  size_t next = 0;
  bool good = next_line(c, "error", &next) == NULL;
  dhcpha_status status =
      dhcpha_config_parse(family, c->json, strlen(c->json), NULL, &config, &messages);
  compare(c, "error", messages, DHCPHA_SEVERITY_ERROR);
  compare(c, "warning", messages, DHCPHA_SEVERITY_WARNING);
  ck_assert_msg(status == (good ? DHCPHA_OK : DHCPHA_ERR_CONFIG), "line %zu, %s: status %s",
                c->at, c->sentence, dhcpha_strerror(status));
  ck_assert((config != NULL) == good);
  if (good) compare_lint(c, config);
  dhcpha_messages_free(messages);
  dhcpha_config_free(config);
}
END_TEST

/* Whatever is cut off, it is refused with a message, and nothing breaks. */
START_TEST(a_cut_configuration_is_refused) {
  const test_case *c = &cases[_i];
  size_t len = strlen(c->json);
  size_t step = len / 40 + 1;
  for (size_t cut = 0; cut < len; cut += step) {
    dhcpha_config *config;
    dhcpha_messages *messages;
    char *part = malloc(cut + 1); /* of its exact size, so that reading past it is noticed */
    memcpy(part, c->json, cut);
    dhcpha_status status =
        dhcpha_config_parse(DHCPHA_DHCP4, part, cut, NULL, &config, &messages);
    if (c->json[0] == '[') ck_assert_int_eq(status, DHCPHA_ERR_CONFIG);
    dhcpha_messages_free(messages);
    dhcpha_config_free(config);
    free(part);
  }
}
END_TEST

int main(void) {
  lets[let_count].name = copy("SECRETS");
  lets[let_count++].text = copy(TABLES "/secrets");
  read_table(TABLES "/configurations.txt");
  size_t own = case_count;
  read_table(TABLES "/kea_configurations.txt");
  if (own < 150 || case_count < own + 50) return 1; /* the tables were not read */

  Suite *suite = suite_create("configurations");
  TCase *tcase = tcase_create("table");
  tcase_add_loop_test(tcase, is_judged_as_the_table_says, 0, (int)case_count);
  tcase_add_loop_test(tcase, a_cut_configuration_is_refused, 0, (int)own);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
