/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "options6.h"

#include "options.h"

static const struct option_definition definitions[] = {
  { OPTION6_PREFERENCE, "preference", OPTION_TYPE_UINT8 },
  { 21, "sip-server-dns", OPTION_TYPE_NAMES },
  { 22, "sip-server-addr", OPTION_TYPE_IP6_LIST },
  { OPTION6_DNS_SERVERS, "dns-servers", OPTION_TYPE_IP6_LIST },
  { OPTION6_DOMAIN_SEARCH, "domain-search", OPTION_TYPE_NAMES },
  { 27, "nis-servers", OPTION_TYPE_IP6_LIST },
  { 28, "nisp-servers", OPTION_TYPE_IP6_LIST },
  { 29, "nis-domain-name", OPTION_TYPE_NAMES },
  { 30, "nisp-domain-name", OPTION_TYPE_NAMES },
  { 31, "sntp-servers", OPTION_TYPE_IP6_LIST },
  { OPTION6_REFRESH_TIME, "information-refresh-time", OPTION_TYPE_UINT32 },
  { 33, "bcmcs-server-dns", OPTION_TYPE_NAMES },
  { 34, "bcmcs-server-addr", OPTION_TYPE_IP6_LIST },
  { 41, "new-posix-timezone", OPTION_TYPE_STRING },
  { 42, "new-tzdb-timezone", OPTION_TYPE_STRING },
  { 51, "v6-lost", OPTION_TYPE_NAMES },
  { 52, "capwap-ac-v6", OPTION_TYPE_IP6_LIST },
  { 59, "bootfile-url", OPTION_TYPE_STRING },
  { 64, "dslite-aftr-name", OPTION_TYPE_NAMES },
  { 82, "solmax-rt", OPTION_TYPE_UINT32 },
  { 83, "inf-max-rt", OPTION_TYPE_UINT32 },
  { 103, "v6-captive-portal", OPTION_TYPE_STRING },
  { 0, NULL, OPTION_TYPE_EMPTY },
};

static const uint16_t reserved[] = {
  OPTION6_CLIENT_ID, OPTION6_SERVER_ID, OPTION6_IA_NA, OPTION6_IA_TA, OPTION6_IA_ADDRESS,
  OPTION6_REQUEST, OPTION6_ELAPSED_TIME, OPTION6_RELAY_MESSAGE, OPTION6_AUTHENTICATION,
  OPTION6_UNICAST, OPTION6_STATUS, OPTION6_RAPID_COMMIT, OPTION6_INTERFACE_ID,
  OPTION6_RECONFIGURE_MESSAGE, OPTION6_RECONFIGURE_ACCEPT, OPTION6_IA_PD, OPTION6_IA_PREFIX,
  OPTION6_CLIENT_NAME, OPTION6_RELAY_PORT, 0,
};

const struct option_set options6 = { "dhcp6", definitions, reserved, 65534 };
