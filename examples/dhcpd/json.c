/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

static void wrong_at(struct findings *findings, const char *text, size_t at, const char *what) {
  size_t line = 1, column = 1;
  for (size_t i = 0; i < at; i++) {
    column = text[i] == '\n' ? 1 : column + 1;
    if (text[i] == '\n') line++;
  }
  findings_add(findings, DHCPHA_SEVERITY_ERROR, NULL, "line %zu, column %zu: %s", line, column,
               what);
}

/* Where the string, comment or single character at AT ends. */
static size_t token_end(const char *text, size_t len, size_t at) {
  const char *end = NULL;
  if (text[at] == '"') {
    for (at++; at < len && text[at] != '"'; at++)
      if (text[at] == '\\') at++;
    return at < len ? at + 1 : len;
  }
  if (text[at] == '#' || (text[at] == '/' && at + 1 < len && text[at + 1] == '/')) {
    end = memchr(text + at, '\n', len - at);
    return end != NULL ? (size_t)(end - text) : len;
  }
  if (text[at] == '/' && at + 1 < len && text[at + 1] == '*') {
    for (size_t i = at + 2; i + 1 < len; i++)
      if (text[i] == '*' && text[i + 1] == '/') return i + 2;
    return len;
  }
  return at + 1;
}

static bool is_comment(const char *text, size_t at, size_t end) {
  return text[at] == '#' || (text[at] == '/' && end > at + 1);
}

/* Put spaces in place of comments and of commas before a closing bracket; lines stay. */
static void blank(char *text, size_t len) {
  size_t comma = SIZE_MAX;
  bool value = false; /* whether the last token was, or ended, a value */
  for (size_t at = 0, end; at < len; at = end) {
    end = token_end(text, len, at);
    if (is_comment(text, at, end)) {
      for (size_t i = at; i < end; i++)
        if (text[i] != '\n') text[i] = ' ';
    } else if (text[at] == ',') {
      comma = value ? at : SIZE_MAX;
      value = false;
    } else if (strchr(" \t\r\n", text[at]) == NULL || text[at] == '\0') {
      if ((text[at] == ']' || text[at] == '}') && comma != SIZE_MAX) text[comma] = ' ';
      comma = SIZE_MAX;
      value = text[at] != '[' && text[at] != '{';
    }
  }
}

static bool depth_is_fine(const char *text, size_t len, struct findings *findings) {
  size_t depth = 0;
  for (size_t at = 0, end; at < len; at = end) {
    end = token_end(text, len, at);
    if ((text[at] == ']' || text[at] == '}') && depth > 0) depth--;
    if ((text[at] == '[' || text[at] == '{') && ++depth > JSON_DEPTH_MAX) {
      wrong_at(findings, text, at, "nested too deeply");
      return false;
    }
  }
  return true;
}

/* yajl's tree parser does not say where it stopped, so this comes first. */
static bool is_well_formed(const char *text, size_t len, struct findings *findings) {
  yajl_handle parser = yajl_alloc(NULL, NULL, NULL);
  if (parser == NULL) return false;
  const unsigned char *bytes = (const unsigned char *)text;
  yajl_status status = yajl_parse(parser, bytes, len);
  bool ended = status == yajl_status_ok;
  if (ended) status = yajl_complete_parse(parser);
  if (status != yajl_status_ok) {
    size_t at = ended ? len : yajl_get_bytes_consumed(parser);
    unsigned char *what = yajl_get_error(parser, 0, bytes, len);
    if (what != NULL) what[strcspn((char *)what, "\n")] = '\0';
    wrong_at(findings, text, at < len ? at : len, what != NULL ? (char *)what : "not JSON");
    yajl_free_error(parser, what);
  }
  yajl_free(parser);
  return status == yajl_status_ok;
}

yajl_val json_read(const char *text, size_t len, bool file, struct findings *findings) {
  char *copy = malloc(len + 1); /* with an end for yajl's tree parser */
  if (copy == NULL) return NULL;
  memcpy(copy, text, len);
  copy[len] = '\0';
  yajl_val tree = NULL;
  if (memchr(copy, '\0', len) != NULL) {
    wrong_at(findings, copy, strlen(copy), "a 0 byte");
  } else {
    if (file) blank(copy, len);
    if (depth_is_fine(copy, len, findings) && is_well_formed(copy, len, findings))
      tree = yajl_tree_parse(copy, NULL, 0);
  }
  free(copy);
  if (tree == NULL && findings->errors == 0)
    findings_add(findings, DHCPHA_SEVERITY_ERROR, NULL, "there is nothing, or no memory for it");
  return tree;
}

void json_put_len(yajl_gen out, const void *text, size_t len) { yajl_gen_string(out, text, len); }

void json_put(yajl_gen out, const char *text) { json_put_len(out, text, strlen(text)); }

void json_write(yajl_gen out, yajl_val value) {
  switch (value->type) {
  case yajl_t_string: json_put(out, value->u.string); break;
  case yajl_t_number: yajl_gen_number(out, value->u.number.r, strlen(value->u.number.r)); break;
  case yajl_t_object:
    yajl_gen_map_open(out);
    for (size_t i = 0; i < value->u.object.len; i++) {
      json_put(out, value->u.object.keys[i]);
      json_write(out, value->u.object.values[i]);
    }
    yajl_gen_map_close(out);
    break;
  case yajl_t_array:
    yajl_gen_array_open(out);
    for (size_t i = 0; i < value->u.array.len; i++) json_write(out, value->u.array.values[i]);
    yajl_gen_array_close(out);
    break;
  case yajl_t_true:
  case yajl_t_false: yajl_gen_bool(out, value->type == yajl_t_true); break;
  default: yajl_gen_null(out);
  }
}

char *json_text(yajl_val value, size_t *len) {
  yajl_gen out = yajl_gen_alloc(NULL);
  if (out == NULL) return NULL;
  const unsigned char *text = NULL;
  json_write(out, value);
  char *copy = NULL;
  if (yajl_gen_get_buf(out, &text, len) == yajl_gen_status_ok) copy = malloc(*len + 1);
  if (copy != NULL) {
    memcpy(copy, text, *len);
    copy[*len] = '\0';
  }
  yajl_gen_free(out);
  return copy;
}

yajl_val json_member(yajl_val map, const char *key) {
  const char *path[] = { key, NULL };
  return YAJL_IS_OBJECT(map) ? yajl_tree_get(map, path, yajl_t_any) : NULL;
}

const char *json_string(yajl_val map, const char *key) {
  return YAJL_GET_STRING(json_member(map, key));
}
