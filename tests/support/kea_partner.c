/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "support/kea_partner.h"

#include <stdlib.h>
#include <string.h>

#define HA                                                                                     \
  "\"dhcp-disable\",\"dhcp-enable\",\"ha-heartbeat\",\"ha-maintenance-notify\",\"ha-reset\"," \
  "\"ha-sync-complete-notify\",\"lease4-del\",\"lease4-get-page\",\"lease4-update\","      \
  "\"lease6-bulk-apply\",\"list-commands\",\"status-get\""

/* What tells the versions apart in the lists that were recorded. */
static const struct {
  double version;
  const char *commands;
} lists[] = {
    {2.2, HA ",\"libreload\""},
    {2.4, HA ",\"config-hash-get\",\"lease4-write\",\"libreload\""},
    {2.6, HA ",\"config-hash-get\",\"lease4-write\""},
    {3.0, HA ",\"config-hash-get\",\"lease4-write\",\"subnet4-select-test\""},
    {3.3, HA ",\"config-hash-get\",\"kea-lfc-start\",\"lease4-write\",\"subnet4-select-test\""},
};

void kea_partner_list_commands(const char *name, text *answer) {
  double version = strtod(name, NULL);
  for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
    if (lists[i].version >= version - 0.01 && lists[i].version <= version + 0.01)
      text_format(answer, "[{\"result\":0,\"arguments\":[%s]}]", lists[i].commands);
}

static bool says(const exchange *x, const char *part) {
  return strstr(text_of(&((exchange *)x)->json), part) != NULL;
}

static void result(text *answer, int code, const char *said) {
  text_format(answer, "[{\"result\":%d,\"text\":\"%s\"}]", code, said);
}

/* P1 4.8. */
static void update(double version, const exchange *x, text *answer) {
  if (version < 2.65 && says(x, "\"state\":3"))
    result(answer, 1, "Invalid state value: 3, supported values are: 0 (default), 1 (declined) and "
                      "2 (expired-reclaimed)");
  else
    result(answer, 0, "IPv4 lease updated.");
}

/* P1 5.6. */
static void maintenance(double version, const exchange *x, text *answer) {
  if (!says(x, "\"cancel\":true"))
    result(answer, 0, "Server is in-maintenance state.");
  else if (version < 2.65)
    result(answer, 0, "Server maintenance canceled.");
  else
    text_add(answer, "[{\"result\":0,\"text\":\"Server maintenance canceled.\",\"arguments\":"
                     "{\"state\":\"hot-standby\"}}]");
}

void kea_partner_answer(const char *version, const exchange *x, text *answer) {
  double number = strtod(version, NULL);
  if (strcmp(x->command, "list-commands") == 0) kea_partner_list_commands(version, answer);
  else if (strcmp(x->command, "lease4-update") == 0) update(number, x, answer);
  else if (strcmp(x->command, "lease6-bulk-apply") == 0) update(number, x, answer);
  else if (strcmp(x->command, "ha-maintenance-notify") == 0) maintenance(number, x, answer);
  else if (strcmp(x->command, "lease4-get-page") == 0)
    text_add(answer, "[{\"result\":3,\"text\":\"0 IPv4 lease(s) found.\",\"arguments\":"
                     "{\"count\":0,\"leases\":[]}}]");
  else if (strcmp(x->command, "lease6-get-page") == 0)
    text_add(answer, "[{\"result\":3,\"text\":\"0 IPv6 lease(s) found.\",\"arguments\":"
                     "{\"count\":0,\"leases\":[]}}]");
  else if (strcmp(x->command, "ha-heartbeat") != 0) result(answer, 0, "ok");
}
