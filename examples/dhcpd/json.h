/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * json: text to yajl's tree and back, within limits.
 */
#ifndef DHCPD_JSON_H
#define DHCPD_JSON_H

#include <yajl/yajl_gen.h>
#include <yajl/yajl_tree.h>

#include "findings.h"

#define JSON_DEPTH_MAX 64 /* yajl frees its trees by recursion */

/* Read a text.  In a FILE comments (#, //, C's) and commas behind the last element are allowed,
 * as Kea allows them.  NULL: the findings say why. */
yajl_val json_read(const char *text, size_t len, bool file, struct findings *findings);

/* Write a value as it was read. */
void json_write(yajl_gen out, yajl_val value);

/* A value as text, to be given to free(); NULL: no memory. */
char *json_text(yajl_val value, size_t *len);

/* Members of a map; NULL when it is not there or not of this type. */
yajl_val json_member(yajl_val map, const char *key);
const char *json_string(yajl_val map, const char *key);

void json_put(yajl_gen out, const char *text); /* a string */
void json_put_len(yajl_gen out, const void *text, size_t len);

#endif
