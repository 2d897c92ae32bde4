/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "tls.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRUST_ANCHOR, CERTIFICATE, KEY };

static const char *const keys[DHCPHA_TLS_FILES] = { "trust-anchor", "cert-file", "key-file" };

/* --- What the files hold ---------------------------------------------------------------------- */

static gnutls_datum_t get_datum(const dhcpha_pem *pem) {
  return (gnutls_datum_t){ (unsigned char *)pem->bytes, (unsigned)pem->len };
}

static int take_trust_anchor(dhcpha_tls_material *material) {
  gnutls_datum_t pem = get_datum(&material->pem[TRUST_ANCHOR]);
  int count =
    gnutls_certificate_set_x509_trust_mem(material->credentials, &pem, GNUTLS_X509_FMT_PEM);
  return count == 0 ? GNUTLS_E_NO_CERTIFICATE_FOUND : count < 0 ? count : 0;
}

static int check_certificate(const dhcpha_tls_material *material) {
  gnutls_datum_t pem = get_datum(&material->pem[CERTIFICATE]);
  gnutls_x509_crt_t *chain = NULL;
  unsigned count = 0;
  int error = gnutls_x509_crt_list_import2(&chain, &count, &pem, GNUTLS_X509_FMT_PEM, 0);
  if (error < 0) return error;
  for (unsigned i = 0; i < count; i++) gnutls_x509_crt_deinit(chain[i]);
  gnutls_free(chain);
  return 0;
}

/* Also whether it is the certificate's. */
static int take_key(dhcpha_tls_material *material) {
  gnutls_datum_t certificate = get_datum(&material->pem[CERTIFICATE]);
  gnutls_datum_t key = get_datum(&material->pem[KEY]);
  int error = gnutls_certificate_set_x509_key_mem2(material->credentials, &certificate, &key,
                                                   GNUTLS_X509_FMT_PEM, NULL, 0);
  return error < 0 ? error : 0;
}

static const struct {
  int error;
  const char *text;
} reasons[] = {
  { GNUTLS_E_BASE64_DECODING_ERROR, "is not in PEM" },
  { GNUTLS_E_BASE64_UNEXPECTED_HEADER_ERROR, "is not in PEM" },
  { GNUTLS_E_NO_CERTIFICATE_FOUND, "contains no certificate" },
  { GNUTLS_E_CERTIFICATE_KEY_MISMATCH, "is not the key of the certificate in cert-file" },
  { GNUTLS_E_DECRYPTION_FAILED, "is encrypted, which is not supported" },
};

static dhcpha_status refuse(int error, size_t file, const char *path, const char *whose,
                            char *text) {
  const char *reason = gnutls_strerror(error);
  if (error == GNUTLS_E_MEMORY_ERROR) return DHCPHA_ERR_NOMEM;
  for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
    if (reasons[i].error == error) reason = reasons[i].text;
  snprintf(text, DHCPHA_TLS_TEXT_SIZE, "%s '%.200s' of %.100s: %.150s", keys[file], path,
           whose, reason);
  return DHCPHA_ERR_CONFIG;
}

static dhcpha_status understand(dhcpha_tls_material *material, char *const *paths,
                                const char *whose, char *text) {
  int error = gnutls_certificate_allocate_credentials(&material->credentials);
  if (error < 0) return DHCPHA_ERR_NOMEM;
  if ((error = take_trust_anchor(material)) < 0)
    return refuse(error, TRUST_ANCHOR, paths[TRUST_ANCHOR], whose, text);
  if ((error = check_certificate(material)) < 0)
    return refuse(error, CERTIFICATE, paths[CERTIFICATE], whose, text);
  if ((error = take_key(material)) < 0) return refuse(error, KEY, paths[KEY], whose, text);
  return DHCPHA_OK;
}

static dhcpha_status load(char *const *paths, const char *whose, dhcpha_tls_material **result,
                          char *text) {
  char reason[128];
  dhcpha_status status = DHCPHA_OK;
  dhcpha_tls_material *material = calloc(1, sizeof *material);
  if (material == NULL) return DHCPHA_ERR_NOMEM;
  material->users = 1;
  for (size_t i = 0; i < DHCPHA_TLS_FILES && status == DHCPHA_OK; i++) {
    status = dhcpha_tls_file_read(paths[i], i == TRUST_ANCHOR, &material->pem[i], reason,
                                  sizeof reason);
    if (status == DHCPHA_ERR_CONFIG)
      snprintf(text, DHCPHA_TLS_TEXT_SIZE, "%s '%.200s' of %.100s: %.150s", keys[i], paths[i],
               whose, reason);
  }
  if (status == DHCPHA_OK) status = understand(material, paths, whose, text);
  if (status == DHCPHA_OK)
    *result = material;
  else
    dhcpha_tls_release(material);
  return status;
}

dhcpha_tls_material *dhcpha_tls_hold(const dhcpha_tls *tls) {
  tls->now->users++;
  return tls->now;
}

void dhcpha_tls_release(dhcpha_tls_material *material) {
  if (material == NULL || --material->users > 0) return;
  if (material->credentials != NULL) gnutls_certificate_free_credentials(material->credentials);
  for (size_t i = 0; i < DHCPHA_TLS_FILES; i++) dhcpha_pem_free(&material->pem[i]);
  free(material);
}

/* --- The list --------------------------------------------------------------------------------- */

static void free_tls(dhcpha_tls *tls) {
  for (size_t i = 0; i < DHCPHA_TLS_FILES; i++) free(tls->paths[i]);
  free(tls->whose);
  dhcpha_tls_release(tls->now);
  free(tls);
}

static char *copy(const char *text) {
  size_t size = strlen(text) + 1;
  char *copied = malloc(size);
  return copied != NULL ? memcpy(copied, text, size) : NULL;
}

static dhcpha_status new_tls(const char *const *paths, const char *whose, dhcpha_tls **result,
                             char *text) {
  dhcpha_tls *tls = calloc(1, sizeof *tls);
  if (tls == NULL) return DHCPHA_ERR_NOMEM;
  bool copied = (tls->whose = copy(whose)) != NULL;
  for (size_t i = 0; i < DHCPHA_TLS_FILES; i++)
    if ((tls->paths[i] = copy(paths[i])) == NULL) copied = false;
  dhcpha_status status =
    copied ? load(tls->paths, tls->whose, &tls->now, text) : DHCPHA_ERR_NOMEM;
  if (status == DHCPHA_OK)
    *result = tls;
  else
    free_tls(tls);
  return status;
}

static bool has_paths(const dhcpha_tls *tls, const char *const *paths) {
  for (size_t i = 0; i < DHCPHA_TLS_FILES; i++)
    if (strcmp(tls->paths[i], paths[i]) != 0) return false;
  return true;
}

dhcpha_status dhcpha_tls_find(dhcpha_tls_list *list, const char *const paths[DHCPHA_TLS_FILES],
                              const char *whose, dhcpha_tls **result,
                              char text[DHCPHA_TLS_TEXT_SIZE]) {
  for (dhcpha_tls *tls = list->first; tls != NULL; tls = tls->next) {
    if (!has_paths(tls, paths)) continue;
    *result = tls;
    return DHCPHA_OK;
  }
  dhcpha_status status = new_tls(paths, whose, result, text);
  if (status != DHCPHA_OK) return status;
  (*result)->next = list->first;
  list->first = *result;
  return DHCPHA_OK;
}

dhcpha_status dhcpha_tls_check(const char *const paths[DHCPHA_TLS_FILES], const char *whose,
                               char text[DHCPHA_TLS_TEXT_SIZE]) {
  dhcpha_tls *tls;
  dhcpha_status status = new_tls(paths, whose, &tls, text);
  if (status == DHCPHA_OK) free_tls(tls);
  return status;
}

dhcpha_status dhcpha_tls_reload(dhcpha_tls_list *list, char text[DHCPHA_TLS_TEXT_SIZE]) {
  dhcpha_status first = DHCPHA_OK;
  char unsaid[DHCPHA_TLS_TEXT_SIZE];
  for (dhcpha_tls *tls = list->first; tls != NULL; tls = tls->next) {
    dhcpha_tls_material *loaded;
    dhcpha_status status =
      load(tls->paths, tls->whose, &loaded, first == DHCPHA_OK ? text : unsaid);
    if (first == DHCPHA_OK) first = status;
    if (status != DHCPHA_OK) continue;
    dhcpha_tls_release(tls->now);
    tls->now = loaded;
  }
  return first;
}

void dhcpha_tls_list_free(dhcpha_tls_list *list) {
  while (list->first != NULL) {
    dhcpha_tls *tls = list->first;
    list->first = tls->next;
    free_tls(tls);
  }
}
