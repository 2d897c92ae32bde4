/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#define _POSIX_C_SOURCE 200809L /* fdopen() */

#include "rules/password_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opens without waiting, which a pipe without a writer would do. */
static FILE *open_regular(const char *path, const char **wrong) {
  struct stat facts;
  int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) {
    *wrong = strerror(errno);
    return NULL;
  }
  FILE *file = NULL;
  if (fstat(descriptor, &facts) != 0) *wrong = strerror(errno);
  else if (!S_ISREG(facts.st_mode)) *wrong = "not a regular file";
  else if ((file = fdopen(descriptor, "rb")) == NULL) *wrong = strerror(errno);
  if (file == NULL) close(descriptor);
  return file;
}

const char *dhcpha_password_file_read(const char *path, char line[DHCPHA_PASSWORD_FILE_MAX + 1]) {
  const char *wrong = NULL;
  FILE *file = open_regular(path, &wrong);
  if (file == NULL) return wrong;
  setvbuf(file, NULL, _IONBF, 0); /* no copy of the secret in a buffer */
  size_t len = fread(line, 1, DHCPHA_PASSWORD_FILE_MAX + 1, file);
  if (ferror(file)) wrong = strerror(errno);
  fclose(file);
  if (wrong != NULL) return wrong;
  const char *end = memchr(line, '\n', len);
  if (end != NULL) len = (size_t)(end - line);
  if (len > DHCPHA_PASSWORD_FILE_MAX) return "the first line is longer than 4096 bytes";
  if (memchr(line, '\0', len) != NULL) return "the first line contains a 0 byte";
  line[len] = '\0';
  return NULL;
}
