/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "tls_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HASH_DIGITS 8

static dhcpha_status refuse(char *reason, size_t reason_size, const char *why) {
  snprintf(reason, reason_size, "%s", why);
  return DHCPHA_ERR_CONFIG;
}

void dhcpha_pem_free(dhcpha_pem *pem) {
  if (pem->bytes != NULL) explicit_bzero(pem->bytes, pem->len);
  free(pem->bytes);
  *pem = (dhcpha_pem){ NULL, 0 };
}

/* Without realloc(), which leaves a copy behind. */
static bool make_room(dhcpha_pem *pem, size_t more) {
  char *larger = malloc(pem->len + more + 1);
  if (larger == NULL) return false;
  if (pem->len > 0) memcpy(larger, pem->bytes, pem->len);
  larger[pem->len] = '\0';
  size_t len = pem->len;
  dhcpha_pem_free(pem);
  *pem = (dhcpha_pem){ larger, len };
  return true;
}

static dhcpha_status append(int fd, size_t size, dhcpha_pem *pem, char *reason,
                            size_t reason_size) {
  if (!make_room(pem, size + 1)) return DHCPHA_ERR_NOMEM;
  for (size_t left = size; left > 0;) {
    ssize_t got = read(fd, pem->bytes + pem->len, left);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return refuse(reason, reason_size, strerror(errno));
    if (got == 0) break;
    pem->len += (size_t)got;
    left -= (size_t)got;
  }
  pem->bytes[pem->len++] = '\n'; /* Another file may follow. */
  pem->bytes[pem->len] = '\0';
  return DHCPHA_OK;
}

/* Opened without waiting, which a pipe without a writer would do. */
static dhcpha_status append_file(int folder, const char *name, dhcpha_pem *pem, char *reason,
                                 size_t reason_size) {
  struct stat facts;
  dhcpha_status status;
  int fd = openat(folder, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return refuse(reason, reason_size, strerror(errno));
  if (fstat(fd, &facts) != 0)
    status = refuse(reason, reason_size, strerror(errno));
  else if (!S_ISREG(facts.st_mode))
    status = refuse(reason, reason_size, "is not a regular file");
  else if ((size_t)facts.st_size > DHCPHA_PEM_BYTES_MAX - pem->len)
    status = refuse(reason, reason_size, "is longer than 1 MiB");
  else
    status = append(fd, (size_t)facts.st_size, pem, reason, reason_size);
  close(fd);
  return status;
}

static bool is_hash_name(const char *name) {
  return strspn(name, "0123456789abcdef") == HASH_DIGITS && name[HASH_DIGITS] == '.' &&
         name[HASH_DIGITS + 1] != '\0' &&
         name[HASH_DIGITS + 1 + strspn(name + HASH_DIGITS + 1, "0123456789")] == '\0';
}

static dhcpha_status append_folder(const char *path, dhcpha_pem *pem, char *reason,
                                   size_t reason_size) {
  dhcpha_status status = DHCPHA_OK;
  struct dirent *entry;
  DIR *folder = opendir(path);
  if (folder == NULL) return refuse(reason, reason_size, strerror(errno));
  while (status == DHCPHA_OK && (entry = readdir(folder)) != NULL)
    if (is_hash_name(entry->d_name))
      status = append_file(dirfd(folder), entry->d_name, pem, reason, reason_size);
  closedir(folder);
  if (status == DHCPHA_OK && pem->len == 0)
    return refuse(reason, reason_size,
                  "no file in this folder is named by hash, as \"openssl rehash\" does it");
  return status;
}

dhcpha_status dhcpha_tls_file_read(const char *path, bool may_be_folder, dhcpha_pem *pem,
                                   char *reason, size_t reason_size) {
  struct stat facts;
  if (may_be_folder && stat(path, &facts) == 0 && S_ISDIR(facts.st_mode))
    return append_folder(path, pem, reason, reason_size);
  return append_file(AT_FDCWD, path, pem, reason, reason_size);
}
