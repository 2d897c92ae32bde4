/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "base/json.h"

#include <setjmp.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#define YAJL_HEADER 16          /* before yajl's blocks: their size, for reallocating */

/* A list or map that is not complete. */
typedef struct frame {
  dhcpha_json_value *value;
  dhcpha_json_value *last; /* member or element */
  uint64_t keys_seen;      /* one bit a key: remember_key() */
  bool may_repeat;         /* a key met a bit already set */
} frame;

typedef struct reader {
  dhcpha_arena *arena;
  yajl_handle handle;
  dhcpha_json_value *root;
  dhcpha_json_value *named; /* a member whose key has been read, waiting for its value */
  frame stack[DHCPHA_JSON_DEPTH_MAX];
  size_t depth;
  size_t values;
  dhcpha_status status; /* why a callback stopped the parser */
  const char *why;
  bool at_end; /* all text has been given to yajl */
  /* The list whose elements are handed out, when reading one. */
  const char *map_key, *list_key;
  bool (*on_element)(const dhcpha_json_value *element, void *user_data);
  void *user_data;
  size_t streamed_depth; /* of that list in the stack, from 1; 0: not in one */
  dhcpha_arena_mark element_start;
  size_t values_before;
  bool yajl_grew; /* since element_start: what yajl then took may not be taken back */
  jmp_buf no_memory;
} reader;

/*
 * yajl's memory.  It comes from the arena and is never given back singly.  yajl does not check its
 * allocations, so a failed one leaves the parser by longjmp(); no memory is lost by that.
 */
static void *yajl_allocate(void *context, size_t bytes) {
  reader *r = context;
  size_t *block = NULL;
  if (bytes <= SIZE_MAX / 4) block = dhcpha_arena_allocate(r->arena, bytes + YAJL_HEADER);
  if (block == NULL) longjmp(r->no_memory, 1);
  r->yajl_grew = true;
  *block = bytes;
  return (char *)block + YAJL_HEADER;
}

static void *yajl_reallocate(void *context, void *memory, size_t bytes) {
  size_t old = memory == NULL ? 0 : *(size_t *)(void *)((char *)memory - YAJL_HEADER);
  if (bytes <= old) return memory;
  void *block = yajl_allocate(context, bytes);
  if (old != 0) memcpy(block, memory, old);
  return block;
}

static void yajl_release(void *context, void *memory) {
  (void)context;
  (void)memory;
}

static int stop(reader *r, dhcpha_status status, const char *why) {
  r->status = status;
  r->why = why;
  return 0;
}

static int out_of_memory(reader *r) {
  return r->arena->limited ? stop(r, DHCPHA_ERR_LIMIT, "too much memory is needed")
                           : stop(r, DHCPHA_ERR_NOMEM, "out of memory");
}

static bool key_is(const dhcpha_json_value *value, const char *key) {
  return value != NULL && value->key != NULL && value->key_len == strlen(key) &&
         memcmp(value->key, key, value->key_len) == 0;
}

/* The keys of most maps hit different bits, and then are known to differ. */
static void remember_key(frame *top, const dhcpha_json_value *member) {
  size_t len = member->key_len;
  unsigned sum = (unsigned)len * 7;
  if (len != 0)
    sum += (uint8_t)member->key[0] + (uint8_t)member->key[len - 1] * 5u +
           (uint8_t)member->key[len / 2] * 3u;
  uint64_t bit = UINT64_C(1) << (sum & 63);
  if (top->keys_seen & bit) top->may_repeat = true;
  top->keys_seen |= bit;
}

/* Building the tree. */

static dhcpha_json_value *new_value(reader *r) {
  dhcpha_json_value *value = dhcpha_arena_allocate(r->arena, sizeof *value);
  if (value == NULL)
    out_of_memory(r);
  else
    *value = (dhcpha_json_value){ .type = DHCPHA_JSON_NULL };
  return value;
}

static char *copy_text(reader *r, const char *text, size_t len) {
  char *copy = dhcpha_arena_allocate(r->arena, len + 1);
  if (copy == NULL) {
    out_of_memory(r);
    return NULL;
  }
  if (len != 0) memcpy(copy, text, len);
  copy[len] = '\0';
  return copy;
}

static bool is_element_next(const reader *r) {
  return r->streamed_depth != 0 && r->depth == r->streamed_depth;
}

/* A value in its place: the named member, an element, or the root. */
static dhcpha_json_value *begin_value(reader *r, dhcpha_json_type type) {
  if (++r->values > DHCPHA_JSON_VALUES_MAX) {
    stop(r, DHCPHA_ERR_LIMIT, "too many values");
    return NULL;
  }
  if (is_element_next(r)) {
    r->element_start = dhcpha_arena_get_mark(r->arena);
    r->values_before = r->values - 1;
    r->yajl_grew = false;
  }
  dhcpha_json_value *value = r->named;
  r->named = NULL;
  if (value == NULL) value = new_value(r);
  if (value == NULL) return NULL;
  value->type = type;
  if (r->depth == 0) {
    r->root = value;
    return value;
  }
  frame *top = &r->stack[r->depth - 1];
  if (top->last == NULL)
    top->value->first = value;
  else
    top->last->next = value;
  top->last = value;
  top->value->count++;
  return value;
}

/* An element of the streamed list is handed out and forgotten. */
static int end_value(reader *r, const dhcpha_json_value *value) {
  if (!is_element_next(r)) return 1;
  if (!r->on_element(value, r->user_data))
    return stop(r, DHCPHA_ERR_LIMIT, "the reader of the list stopped");
  frame *top = &r->stack[r->depth - 1];
  top->last = top->value->first = NULL;
  if (!r->yajl_grew) dhcpha_arena_rewind(r->arena, r->element_start);
  r->values = r->values_before;
  return 1;
}

static int on_null(void *context) {
  dhcpha_json_value *value = begin_value(context, DHCPHA_JSON_NULL);
  return value == NULL ? 0 : end_value(context, value);
}

static int on_boolean(void *context, int boolean) {
  dhcpha_json_value *value = begin_value(context, DHCPHA_JSON_BOOLEAN);
  if (value == NULL) return 0;
  value->boolean = boolean != 0;
  return end_value(context, value);
}

/* false: not an integer, or one that does not fit. */
static bool read_integer(const char *text, size_t len, int64_t *integer) {
  size_t at = text[0] == '-';
  int64_t value = 0;
  for (; at < len; at++) {
    if (text[at] < '0' || text[at] > '9') return false;
    /* Built as a negative, of which there is one more. */
    if (__builtin_mul_overflow(value, 10, &value) ||
        __builtin_sub_overflow(value, text[at] - '0', &value))
      return false;
  }
  if (text[0] != '-' && value == INT64_MIN) return false;
  *integer = text[0] == '-' ? value : -value;
  return true;
}

static int on_number(void *context, const char *text, size_t len) {
  dhcpha_json_value *value = begin_value(context, DHCPHA_JSON_REAL);
  if (value == NULL) return 0;
  if (read_integer(text, len, &value->integer)) value->type = DHCPHA_JSON_INTEGER;
  value->text = copy_text(context, text, len);
  value->text_len = len;
  return value->text == NULL ? 0 : end_value(context, value);
}

static int on_string(void *context, const unsigned char *text, size_t len) {
  dhcpha_json_value *value = begin_value(context, DHCPHA_JSON_STRING);
  if (value == NULL) return 0;
  value->text = copy_text(context, (const char *)text, len);
  value->text_len = len;
  return value->text == NULL ? 0 : end_value(context, value);
}

static int on_key(void *context, const unsigned char *key, size_t len) {
  reader *r = context;
  r->named = new_value(r);
  if (r->named == NULL) return 0;
  r->named->key = copy_text(r, (const char *)key, len);
  r->named->key_len = len;
  if (r->named->key == NULL) return 0;
  remember_key(&r->stack[r->depth - 1], r->named);
  return 1;
}

static int on_start(reader *r, dhcpha_json_type type) {
  if (r->depth == DHCPHA_JSON_DEPTH_MAX) return stop(r, DHCPHA_ERR_LIMIT, "nested too deeply");
  dhcpha_json_value *value = begin_value(r, type);
  if (value == NULL) return 0;
  const dhcpha_json_value *parent = r->depth == 0 ? NULL : r->stack[r->depth - 1].value;
  r->stack[r->depth++] = (frame){ .value = value };
  if (r->on_element != NULL && r->streamed_depth == 0 && type == DHCPHA_JSON_LIST &&
      key_is(value, r->list_key) && key_is(parent, r->map_key))
    r->streamed_depth = r->depth;
  return 1;
}

static int on_start_map(void *context) {
  return on_start(context, DHCPHA_JSON_MAP);
}

static int on_start_list(void *context) {
  return on_start(context, DHCPHA_JSON_LIST);
}

/* The value of a list or map is complete; repeated keys are looked for when there may be any. */
static int on_end(void *context) {
  reader *r = context;
  frame *top = &r->stack[r->depth - 1];
  if (top->may_repeat && !dhcpha_json_drop_repeated(r->arena, top->value))
    return out_of_memory(r);
  if (r->depth == r->streamed_depth) r->streamed_depth = 0;
  r->depth--;
  return end_value(r, top->value);
}

static const yajl_callbacks callbacks = {
  .yajl_null = on_null,
  .yajl_boolean = on_boolean,
  .yajl_number = on_number,
  .yajl_string = on_string,
  .yajl_start_map = on_start_map,
  .yajl_map_key = on_key,
  .yajl_end_map = on_end,
  .yajl_start_array = on_start_list,
  .yajl_end_array = on_end,
};

/* Reading. */

static void say(dhcpha_json_error *error, dhcpha_status status, size_t offset, const char *text) {
  size_t len = strcspn(text, "\n");
  if (error == NULL) return;
  if (len >= sizeof error->text) len = sizeof error->text - 1;
  error->status = status;
  error->offset = offset;
  memcpy(error->text, text, len);
  error->text[len] = '\0';
}

/* Nothing here lives across the longjmp() but *r. */
static yajl_status parse(reader *r, const char *text, size_t len) {
  yajl_alloc_funcs memory = { yajl_allocate, yajl_reallocate, yajl_release, r };
  if (setjmp(r->no_memory) != 0) {
    out_of_memory(r);
    return yajl_status_client_canceled;
  }
  r->handle = yajl_alloc(&callbacks, &memory, r);
  yajl_config(r->handle, yajl_dont_validate_strings, 1);
  yajl_status status = yajl_parse(r->handle, (const unsigned char *)text, len);
  if (status != yajl_status_ok) return status;
  r->at_end = true;
  return yajl_complete_parse(r->handle);
}

static void explain(reader *r, yajl_status status, dhcpha_json_error *error, size_t offset) {
  if (status != yajl_status_error) {
    say(error, r->status, offset, r->why);
    return;
  }
  /* The text of yajl needs memory too. */
  if (setjmp(r->no_memory) != 0) {
    say(error, DHCPHA_ERR_MALFORMED, offset, "not JSON");
    return;
  }
  say(error, DHCPHA_ERR_MALFORMED, offset,
      (const char *)yajl_get_error(r->handle, 0, NULL, 0));
}

static const dhcpha_json_value *read_text(reader *r, const char *text, size_t len,
                                          dhcpha_json_error *error) {
  const char *given = text;
  size_t given_len = len;
  if (dhcpha_json_has_unicode_escape(text, len)) {
    bool too_large = false;
    size_t at;
    char *copy = dhcpha_arena_allocate(r->arena, len);
    if (copy == NULL) {
      out_of_memory(r);
      say(error, r->status, 0, r->why);
      return NULL;
    }
    given_len = dhcpha_json_undo_escapes(text, len, copy, SIZE_MAX, &at, &too_large);
    given = copy;
    if (too_large) {
      say(error, DHCPHA_ERR_MALFORMED, at, "\\u escapes above \\u00ff are not supported");
      return NULL;
    }
  }
  yajl_status status = parse(r, given, given_len);
  if (status == yajl_status_ok) return r->root;
  size_t offset = len;
  if (!r->at_end && r->handle != NULL) {
    bool ignored = false;
    offset = yajl_get_bytes_consumed(r->handle);
    if (given != text) dhcpha_json_undo_escapes(text, len, NULL, offset, &offset, &ignored);
  }
  explain(r, status, error, offset);
  return NULL;
}

const dhcpha_json_value *
dhcpha_json_read_list(dhcpha_arena *arena, const char *text, size_t len, const char *map_key,
                      const char *list_key,
                      bool (*on_element)(const dhcpha_json_value *element, void *user_data),
                      void *user_data, dhcpha_json_error *error) {
  reader r = { .arena = arena,
               .map_key = map_key,
               .list_key = list_key,
               .on_element = on_element,
               .user_data = user_data,
               .status = DHCPHA_ERR_MALFORMED,
               .why = "" };
  return read_text(&r, text, len, error);
}

const dhcpha_json_value *dhcpha_json_read(dhcpha_arena *arena, const char *text, size_t len,
                                          dhcpha_json_error *error) {
  return dhcpha_json_read_list(arena, text, len, NULL, NULL, NULL, NULL, error);
}
