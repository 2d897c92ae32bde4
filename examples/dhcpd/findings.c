/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX 1024
#define FINDINGS_MAX 1000 /* the rest goes untold */

static size_t write_place(char *text, size_t size, const struct place *place) {
  size_t len = place->above != NULL ? write_place(text, size, place->above) : 0;
  size_t room = len < size ? size - len : 0;
  char *at = text + len;
  int more = place->key == NULL ? snprintf(at, room, "[%zu]", place->index)
                                : snprintf(at, room, "%s%s", len > 0 ? "." : "", place->key);
  if (more < 0) return len;
  return (size_t)more < room ? len + (size_t)more : size - 1;
}

static void add(struct findings *findings, dhcpha_severity severity, const char *text) {
  if (severity == DHCPHA_SEVERITY_ERROR) findings->errors++;
  if (findings->count == FINDINGS_MAX) return;
  void *list = findings->list;
  struct finding *finding =
      arena_append(&findings->arena, &list, &findings->count, sizeof *finding);
  findings->list = list;
  if (finding == NULL) return;
  finding->severity = severity;
  finding->text = arena_copy(&findings->arena, text, strlen(text));
  if (finding->text == NULL) finding->text = "out of memory";
}

void findings_add(struct findings *findings, dhcpha_severity severity, const struct place *place,
                  const char *format, ...) {
  char text[TEXT_MAX];
  size_t len = place != NULL ? write_place(text, sizeof text - 2, place) : 0;
  if (len > 0) len += (size_t)snprintf(text + len, sizeof text - len, ": ");
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text + len, sizeof text - len, format, arguments);
  va_end(arguments);
  add(findings, severity, text);
}

void findings_add_messages(struct findings *findings, const struct place *place,
                           const dhcpha_messages *messages) {
  char text[TEXT_MAX];
  for (size_t i = 0; i < dhcpha_messages_get_count(messages); i++) {
    /* The library's text names its own place first: `[0].peers[1].url: ...`. */
    const char *told = dhcpha_messages_get_text(messages, i);
    const char *within = dhcpha_messages_get_place(messages, i);
    size_t len = write_place(text, sizeof text - 1, place);
    const char *between = within[0] == '\0' ? ": " : within[0] == '[' ? "" : ".";
    snprintf(text + len, sizeof text - len, "%s%s", between, told);
    add(findings, dhcpha_messages_get_severity(messages, i), text);
  }
}

const char *severity_name(dhcpha_severity severity) {
  return severity == DHCPHA_SEVERITY_ERROR ? "ERROR" : "WARNING";
}

void findings_free(struct findings *findings) {
  arena_free(&findings->arena);
  memset(findings, 0, sizeof *findings);
}
