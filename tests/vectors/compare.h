/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * compare: two JSON trees, by value or by shape; the order of a map's members does not matter.
 */
#ifndef TESTS_VECTORS_COMPARE_H
#define TESTS_VECTORS_COMPARE_H

#include "support/text.h"

#include "base/json.h"

/* The same value?  Else the first difference is appended to `why`. */
bool compare_values(const dhcpha_json_value *wanted, const dhcpha_json_value *got, text *why);
/* The same value, but for members, named with spaces between, that may be too much? */
bool compare_requests(const dhcpha_json_value *wanted, const dhcpha_json_value *got,
                      const char *extra, text *why);
/* The same members and types, of lists as far as both go?  The named members may be too much. */
bool compare_shapes(const dhcpha_json_value *wanted, const dhcpha_json_value *got,
                    const char *extra, text *why);

/* How an answer is to be understood: P1 4.5, written down a second time. */
typedef enum verdict {
  VERDICT_SUCCESS,
  VERDICT_UNSUPPORTED,
  VERDICT_CONFLICT,
  VERDICT_ERROR
} verdict;
verdict compare_classify(const dhcpha_json_value *body);

#endif
