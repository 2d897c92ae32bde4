/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "vectors/compare.h"

#include <string.h>

static bool differ(text *why, const dhcpha_json_value *at, const char *how) {
  text_format(why, "%s%s", at == NULL || at->key == NULL ? "" : at->key, how);
  return false;
}

typedef struct rule {
  bool values;       /* not only the types */
  const char *extra; /* members that may be too much, with spaces between */
} rule;

static bool compare_trees(const dhcpha_json_value *wanted, const dhcpha_json_value *got,
                          const rule *how, text *why);

static bool may_be_extra(const rule *how, const char *key) {
  size_t len = strlen(key);
  for (const char *p = how->extra; (p = strstr(p, key)) != NULL; p += len)
    if ((p == how->extra || p[-1] == ' ') && (p[len] == ' ' || p[len] == '\0')) return true;
  return false;
}

static bool compare_maps(const dhcpha_json_value *wanted, const dhcpha_json_value *got,
                         const rule *how, text *why) {
  for (const dhcpha_json_value *v = wanted->first; v != NULL; v = v->next) {
    const dhcpha_json_value *other = dhcpha_json_get(got, v->key);
    if (other == NULL) return differ(why, v, " is missing");
    if (!compare_trees(v, other, how, why)) return false;
  }
  for (const dhcpha_json_value *v = got->first; v != NULL; v = v->next)
    if (dhcpha_json_get(wanted, v->key) == NULL && !may_be_extra(how, v->key))
      return differ(why, v, " is too much");
  return true;
}

static bool compare_lists(const dhcpha_json_value *wanted, const dhcpha_json_value *got,
                          const rule *how, text *why) {
  const dhcpha_json_value *a = wanted->first, *b = got->first;
  for (; a != NULL && b != NULL; a = a->next, b = b->next)
    if (!compare_trees(a, b, how, why)) return false;
  if (how->values && a != b) return differ(why, wanted, " has another length");
  return true;
}

static bool compare_trees(const dhcpha_json_value *wanted, const dhcpha_json_value *got,
                          const rule *how, text *why) {
  if (wanted->type != got->type) return differ(why, wanted, " has another type");
  switch (wanted->type) {
    case DHCPHA_JSON_MAP: return compare_maps(wanted, got, how, why);
    case DHCPHA_JSON_LIST: return compare_lists(wanted, got, how, why);
    case DHCPHA_JSON_BOOLEAN:
      if (how->values && wanted->boolean != got->boolean) return differ(why, wanted, " is otherwise");
      return true;
    case DHCPHA_JSON_NULL: return true;
    default:
      if (how->values && (wanted->text_len != got->text_len ||
                     memcmp(wanted->text, got->text, wanted->text_len) != 0)) {
        text_format(why, "%s is %.*s, not %.*s", wanted->key == NULL ? "" : wanted->key,
                    (int)got->text_len, got->text, (int)wanted->text_len, wanted->text);
        return false;
      }
      return true;
  }
}

bool compare_values(const dhcpha_json_value *wanted, const dhcpha_json_value *got, text *why) {
  return compare_trees(wanted, got, &(rule){true, ""}, why);
}

bool compare_requests(const dhcpha_json_value *wanted, const dhcpha_json_value *got,
                      const char *extra, text *why) {
  return compare_trees(wanted, got, &(rule){true, extra}, why);
}

bool compare_shapes(const dhcpha_json_value *wanted, const dhcpha_json_value *got,
                    const char *extra, text *why) {
  return compare_trees(wanted, got, &(rule){false, extra}, why);
}

static bool entry_has(const dhcpha_json_value *list, int64_t result) {
  for (const dhcpha_json_value *v = list->first; v != NULL; v = v->next) {
    const dhcpha_json_value *found = dhcpha_json_get(v, "result");
    if (dhcpha_json_is(found, DHCPHA_JSON_INTEGER) && found->integer == result) return true;
  }
  return false;
}

verdict compare_classify(const dhcpha_json_value *body) {
  const dhcpha_json_value *answer = dhcpha_json_is(body, DHCPHA_JSON_LIST) ? body->first : NULL;
  const dhcpha_json_value *result = dhcpha_json_get(answer, "result");
  if (!dhcpha_json_is(result, DHCPHA_JSON_INTEGER)) return VERDICT_ERROR;
  switch (result->integer) {
    case 0: return VERDICT_SUCCESS;
    case 2: return VERDICT_UNSUPPORTED;
    case 4: return VERDICT_CONFLICT;
    case 3: break;
    default: return VERDICT_ERROR;
  }
  const dhcpha_json_value *failed =
      dhcpha_json_get(dhcpha_json_get(answer, "arguments"), "failed-leases");
  if (!dhcpha_json_is(failed, DHCPHA_JSON_LIST)) return VERDICT_SUCCESS;
  if (entry_has(failed, 1)) return VERDICT_ERROR;
  return entry_has(failed, 4) ? VERDICT_CONFLICT : VERDICT_SUCCESS;
}
