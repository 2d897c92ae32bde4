/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * diff: what differs between two texts, line by line, in the unified format.
 */
#ifndef TESTS_SUPPORT_DIFF_H
#define TESTS_SUPPORT_DIFF_H

#include "support/text.h"

/* Appends nothing when the texts are equal. */
void diff_append(text *out, const char *old_name, const char *old_text, const char *new_name,
                 const char *new_text);

#endif
