/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "duid.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "lease_json.h"

#define PATH_MAX_LEN 1024
#define UUID_LEN 16

static void set(struct config *config, uint8_t type, uint8_t htype, const uint8_t *bytes,
                size_t len) {
  uint8_t *duid = config->server_duid;
  size_t at = 0;
  duid[at++] = 0;
  duid[at++] = type;
  if (htype != 0) {
    duid[at++] = 0;
    duid[at++] = htype;
  }
  memcpy(duid + at, bytes, len);
  config->server_duid_len = at + len;
}

/* DUID-LL of the first interface that has a hardware address. */
static bool from_hardware(struct config *config) {
  struct ifaddrs *all = NULL;
  bool found = false;
  if (getifaddrs(&all) != 0) return false;
  for (const struct ifaddrs *at = all; at != NULL && !found; at = at->ifa_next) {
    if (at->ifa_addr == NULL || at->ifa_addr->sa_family != AF_PACKET ||
        (at->ifa_flags & IFF_LOOPBACK) != 0)
      continue;
    struct sockaddr_ll hardware;
    memcpy(&hardware, at->ifa_addr, sizeof hardware);
    found = hardware.sll_halen == 6;
    if (found) set(config, 3, 1, hardware.sll_addr, hardware.sll_halen);
  }
  freeifaddrs(all);
  return found;
}

/* DUID-UUID (RFC 6355). */
static bool from_chance(struct config *config) {
  uint8_t uuid[UUID_LEN];
  if (getrandom(uuid, sizeof uuid, 0) != (ssize_t)sizeof uuid) return false;
  uuid[6] = (uint8_t)((uuid[6] & 0x0f) | 0x40); /* version 4 (RFC 4122 4.4) */
  uuid[8] = (uint8_t)((uuid[8] & 0x3f) | 0x80);
  set(config, 4, 0, uuid, sizeof uuid);
  return true;
}

static bool read_file(struct config *config, const char *path) {
  char line[3 * DUID_MAX + 2] = "";
  FILE *file = fopen(path, "r");
  if (file == NULL) return false;
  if (fgets(line, sizeof line, file) == NULL) line[0] = '\0';
  fclose(file);
  line[strcspn(line, "\n")] = '\0';
  errno = EINVAL;
  return hex_parse(line, config->server_duid, DUID_MAX, &config->server_duid_len) &&
         config->server_duid_len >= DUID_MIN;
}

static bool write_file(const struct config *config, const char *path) {
  FILE *file = fopen(path, "wx");
  if (file == NULL) return false;
  for (size_t i = 0; i < config->server_duid_len; i++)
    fprintf(file, "%s%02x", i > 0 ? ":" : "", config->server_duid[i]);
  fputc('\n', file);
  bool fine = fflush(file) == 0 && !ferror(file);
  return fclose(file) == 0 && fine;
}

bool duid_make(struct config *config, const char *path, char *text, size_t text_size) {
  char name[PATH_MAX_LEN];
  if (config->server_duid_len > 0) return true;
  if (path == NULL) return from_hardware(config) || from_chance(config);
  int len = snprintf(name, sizeof name, "%s.duid", path);
  errno = ENAMETOOLONG;
  if (len > 0 && (size_t)len < sizeof name &&
      (read_file(config, name) ||
       (errno == ENOENT && from_chance(config) && write_file(config, name))))
    return true;
  config->server_duid_len = 0;
  snprintf(text, text_size, "%s.duid: %s", path, strerror(errno));
  return false;
}
