/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* A stranger's program: it sees only what was installed. */
#include <dhcpha/dhcpha.h>

#include <stdio.h>
#include <string.h>

static const char pair[] =
    "[{\"mode\": \"hot-standby\", \"this-server-name\": \"server1\", \"peers\": ["
    "{\"name\": \"server1\", \"url\": \"http://127.0.0.1:8001/\", \"role\": \"primary\"},"
    "{\"name\": \"server2\", \"url\": \"http://127.0.0.1:8002/\", \"role\": \"standby\"}]}]";

int main(void) {
  dhcpha_config *config;
  dhcpha_hub *hub;
  if (dhcpha_config_parse(DHCPHA_DHCP4, pair, strlen(pair), NULL, &config, NULL) != DHCPHA_OK)
    return 1;
  if (dhcpha_hub_new(config, NULL, NULL, &hub) != DHCPHA_OK) return 1;
  dhcpha_config_free(config);
  if (dhcpha_hub_start(hub) != DHCPHA_OK) return 1;
  printf("%s\n", dhcpha_state_get_name(dhcpha_hub_get_state(hub, 0)));
  dhcpha_hub_free(hub);
  return 0;
}
