/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* config_options: the `option-data` lists of a configuration. */
#include "config_parts.h"
#include "options.h"

#include <string.h>

struct option_draft {
  uint32_t code;
  const char *name, *space, *data;
  int8_t csv, always;
};

static const struct key option_keys[] = {
  { .name = "code", .kind = KEY_UINT32, .offset = offsetof(struct option_draft, code), .low = 1,
    .high = UINT16_MAX - 1 },
  { .name = "name", .kind = KEY_STRING, .offset = offsetof(struct option_draft, name) },
  { .name = "space", .kind = KEY_STRING, .offset = offsetof(struct option_draft, space) },
  { .name = "data", .kind = KEY_STRING, .offset = offsetof(struct option_draft, data) },
  { .name = "csv-format", .kind = KEY_BOOL, .offset = offsetof(struct option_draft, csv) },
  { .name = "always-send", .kind = KEY_BOOL, .offset = offsetof(struct option_draft, always) },
  { .name = "never-send", .kind = KEY_UNSUPPORTED },
  { .name = "client-classes", .kind = KEY_UNSUPPORTED },
  { .name = "comment", .kind = KEY_QUIET },
  { .name = "user-context", .kind = KEY_QUIET },
  { .name = NULL },
};

struct option_target {
  struct option **options;
  size_t *count;
};

static const struct option_set *options_of(const struct reader *reader) {
  return family_of(reader) == 4 ? &options4 : &options6;
}

static const struct option_definition *definition_of(struct reader *reader,
                                                     const struct place *place,
                                                     const struct option_draft *draft) {
  const struct option_set *set = options_of(reader);
  const struct option_definition *definition = NULL;
  if (draft->name == NULL && draft->code == 0) {
    read_error(reader, place, "needs a \"name\" or a \"code\"");
  } else if (draft->name != NULL) {
    definition = option_by_name(set, draft->name);
    if (definition == NULL && draft->code == 0)
      read_error(reader, place, "no option is named \"%s\"; give its \"code\"", draft->name);
    else if (definition != NULL && draft->code != 0 && draft->code != definition->code)
      read_error(reader, place, "\"%s\" has the code %u, not %u", draft->name, definition->code,
                 draft->code);
  } else {
    definition = option_by_code(set, draft->code);
  }
  return definition;
}

static void read_option(struct reader *reader, const struct place *place, yajl_val value,
                        void *target) {
  struct option_draft draft = { .csv = UNSET };
  size_t errors = reader->findings->errors;
  read_map(reader, place, value, option_keys, &draft);
  if (reader->findings->errors > errors) return;
  const struct option_set *set = options_of(reader);
  if (draft.space != NULL && strcmp(draft.space, set->space) != 0) {
    read_warning(reader, place, "the option space \"%s\" is not supported; ignored", draft.space);
    return;
  }
  const struct option_definition *definition = definition_of(reader, place, &draft);
  if (reader->findings->errors > errors) return;
  uint16_t code = definition != NULL ? definition->code : (uint16_t)draft.code;
  if (option_is_reserved(set, code)) {
    read_error(reader, place, "option %u is set by the server itself", code);
    return;
  }
  enum option_type type =
      definition != NULL && draft.csv != 0 ? definition->type : OPTION_TYPE_HEX;
  const char *data = draft.data != NULL ? draft.data : "";
  uint8_t bytes[OPTION_DATA_MAX];
  size_t len;
  if (!option_encode(type, data, bytes, &len)) {
    read_error(reader, &(struct place){ place, "data", 0 }, "\"%s\" must be %s", data,
               option_type_text(type));
    return;
  }
  const struct option_target *to = target;
  void *list = *to->options;
  struct option *option = arena_append(reader->arena, &list, to->count, sizeof *option);
  *to->options = list;
  if (option == NULL) return;
  option->code = code;
  option->always = draft.always == 1;
  option->len = (uint16_t)len;
  option->bytes = (const uint8_t *)arena_copy(reader->arena, (const char *)bytes, len);
}

void read_options(struct reader *reader, const struct place *place, yajl_val value,
                   struct option **options, size_t *count) {
  struct option_target target = { options, count };
  read_list(reader, place, value, read_option, &target);
}
