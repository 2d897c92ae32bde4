/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "rules/messages.h"

#include "base/allocator.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FIRST_CAPACITY 8
#define SUMMARY_SIZE 96

typedef struct dhcpha_message {
  dhcpha_severity severity;
  char *place;
  char *text;
} dhcpha_message;

struct dhcpha_messages {
  dhcpha_allocator allocator;
  dhcpha_status status;
  size_t count;       /* in the list, the summing up not counted */
  size_t error_count; /* the first ones of the list */
  size_t capacity;
  dhcpha_message *list;
  size_t further_errors;
  size_t further_warnings;
  char summary[SUMMARY_SIZE];
};

dhcpha_place dhcpha_place_make(const char *format, ...) {
  dhcpha_place place;
  va_list arguments;
  va_start(arguments, format);
  if (vsnprintf(place.text, sizeof place.text, format, arguments) < 0) place.text[0] = '\0';
  va_end(arguments);
  return place;
}

dhcpha_messages *dhcpha_messages_new(const dhcpha_allocator *allocator) {
  dhcpha_messages *messages = dhcpha_allocate(allocator, 1, sizeof *messages);
  if (messages != NULL) messages->allocator = *allocator;
  return messages;
}

/* Room for the text with every byte shown as \xNN, and its end. */
static size_t shown_size(size_t len) {
  return 4 * len + 1;
}

static char *show(char *out, const char *text) {
  static const char digits[] = "0123456789abcdef";
  for (; *text != '\0'; text++) {
    unsigned char c = (unsigned char)*text;
    if (c >= 0x20 && c < 0x7f) {
      *out++ = (char)c;
      continue;
    }
    *out++ = '\\';
    *out++ = 'x';
    *out++ = digits[c >> 4];
    *out++ = digits[c & 15];
  }
  *out = '\0';
  return out;
}

/* "PLACE" and "PLACE: TEXT" in memory of their own. */
static bool compose(const dhcpha_allocator *allocator, dhcpha_message *message,
                    const char *place, const char *text) {
  message->place = dhcpha_allocate(allocator, shown_size(strlen(place)), 1);
  if (message->place == NULL) return false;
  show(message->place, place);
  size_t place_len = strlen(message->place);
  message->text = dhcpha_allocate(allocator, place_len + 2 + shown_size(strlen(text)), 1);
  if (message->text == NULL) {
    dhcpha_release(allocator, message->place);
    return false;
  }
  char *out = message->text;
  if (place_len != 0) {
    memcpy(out, message->place, place_len);
    memcpy(out + place_len, ": ", 2);
    out += place_len + 2;
  }
  show(out, text);
  return true;
}

static void drop(dhcpha_messages *messages, dhcpha_message *message) {
  dhcpha_release(&messages->allocator, message->place);
  dhcpha_release(&messages->allocator, message->text);
}

/* Whether the list takes one more; if not, it is counted as a further one. */
static bool make_room(dhcpha_messages *messages, dhcpha_severity severity) {
  if (messages->count < DHCPHA_MESSAGES_MAX) return true;
  if (severity == DHCPHA_SEVERITY_WARNING) {
    messages->further_warnings++;
    return false;
  }
  if (messages->error_count == messages->count) {
    messages->further_errors++;
    return false;
  }
  drop(messages, &messages->list[--messages->count]);
  messages->further_warnings++;
  return true;
}

static dhcpha_status insert(dhcpha_messages *messages, const dhcpha_message *message) {
  if (messages->count == messages->capacity) {
    size_t capacity = messages->capacity == 0 ? FIRST_CAPACITY : 2 * messages->capacity;
    dhcpha_message *list =
        dhcpha_reallocate(&messages->allocator, messages->list, capacity, sizeof *list);
    if (list == NULL) return DHCPHA_ERR_NOMEM;
    messages->list = list;
    messages->capacity = capacity;
  }
  size_t at = messages->count;
  if (message->severity == DHCPHA_SEVERITY_ERROR) at = messages->error_count++;
  memmove(&messages->list[at + 1], &messages->list[at],
          (messages->count - at) * sizeof messages->list[0]);
  messages->list[at] = *message;
  messages->count++;
  return DHCPHA_OK;
}

static dhcpha_status add_text(dhcpha_messages *messages, dhcpha_severity severity,
                              const char *place, const char *text) {
  bool fits = make_room(messages, severity);
  snprintf(messages->summary, sizeof messages->summary,
           "further messages left out: %zu errors, %zu warnings", messages->further_errors,
           messages->further_warnings);
  if (!fits) return DHCPHA_OK;
  dhcpha_message message = { severity, NULL, NULL };
  if (!compose(&messages->allocator, &message, place, text)) return DHCPHA_ERR_NOMEM;
  dhcpha_status status = insert(messages, &message);
  if (status != DHCPHA_OK) drop(messages, &message);
  return status;
}

dhcpha_status dhcpha_messages_add(dhcpha_messages *messages, dhcpha_severity severity,
                                  const char *place, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int len = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  char *text = len < 0 ? NULL : dhcpha_allocate(&messages->allocator, (size_t)len + 1, 1);
  if (text == NULL) {
    messages->status = DHCPHA_ERR_NOMEM;
    return DHCPHA_ERR_NOMEM;
  }
  va_start(arguments, format);
  vsnprintf(text, (size_t)len + 1, format, arguments);
  va_end(arguments);
  dhcpha_status status = add_text(messages, severity, place, text);
  dhcpha_release(&messages->allocator, text);
  if (status != DHCPHA_OK) messages->status = status;
  return status;
}

bool dhcpha_messages_has_error(const dhcpha_messages *messages) {
  return messages->error_count != 0 || messages->status != DHCPHA_OK;
}

dhcpha_status dhcpha_messages_get_status(const dhcpha_messages *messages) {
  return messages->status;
}

static bool has_summary(const dhcpha_messages *messages) {
  return messages->further_errors != 0 || messages->further_warnings != 0;
}

size_t dhcpha_messages_get_count(const dhcpha_messages *messages) {
  if (messages == NULL) return 0;
  return messages->count + (has_summary(messages) ? 1 : 0);
}

dhcpha_severity dhcpha_messages_get_severity(const dhcpha_messages *messages, size_t index) {
  if (messages == NULL) return DHCPHA_SEVERITY_WARNING;
  if (index < messages->count) return messages->list[index].severity;
  return index == messages->count && messages->further_errors != 0 ? DHCPHA_SEVERITY_ERROR
                                                                   : DHCPHA_SEVERITY_WARNING;
}

const char *dhcpha_messages_get_place(const dhcpha_messages *messages, size_t index) {
  if (index >= dhcpha_messages_get_count(messages)) return NULL;
  return index < messages->count ? messages->list[index].place : "";
}

const char *dhcpha_messages_get_text(const dhcpha_messages *messages, size_t index) {
  if (index >= dhcpha_messages_get_count(messages)) return NULL;
  return index < messages->count ? messages->list[index].text : messages->summary;
}

void dhcpha_messages_free(dhcpha_messages *messages) {
  if (messages == NULL) return;
  dhcpha_allocator allocator = messages->allocator;
  for (size_t i = 0; i < messages->count; i++) drop(messages, &messages->list[i]);
  dhcpha_release(&allocator, messages->list);
  dhcpha_release(&allocator, messages);
}
