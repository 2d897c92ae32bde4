/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * password_file: a password, or a user, kept in a file of its own.
 * Floor: rules.  Spec: P1 1.8.
 * The first line without its line feed counts.  Only a regular file is read, so
 * that no pipe or device blocks the caller.
 */
#ifndef DHCPHA_RULES_PASSWORD_FILE_H
#define DHCPHA_RULES_PASSWORD_FILE_H

#include <dhcpha/types.h>

#define DHCPHA_PASSWORD_FILE_MAX 4096 /* bytes of the first line */

/* NULL when it was read, else what is wrong; the line is ended by a 0 byte. */
const char *dhcpha_password_file_read(const char *path, char line[DHCPHA_PASSWORD_FILE_MAX + 1]);

#endif
