/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * tls_files: a PEM file, or a folder of them, read into memory.
 * Of a folder the files named by hash count, as `openssl rehash` names them.
 */
#ifndef DHCPHA_HTTP_TLS_FILES_H
#define DHCPHA_HTTP_TLS_FILES_H

#include <dhcpha/types.h>

#define DHCPHA_PEM_BYTES_MAX ((size_t)1 << 20) /* Of a file, and of a folder. */

/* Bytes in PEM. */
typedef struct dhcpha_pem {
  char *bytes; /* An end follows. */
  size_t len;
} dhcpha_pem;

/* DHCPHA_ERR_CONFIG: it cannot be read, and the reason tells why. */
dhcpha_status dhcpha_tls_file_read(const char *path, bool may_be_folder, dhcpha_pem *pem,
                                   char *reason, size_t reason_size);
/* Nothing of it stays in memory. */
void dhcpha_pem_free(dhcpha_pem *pem);

#endif
