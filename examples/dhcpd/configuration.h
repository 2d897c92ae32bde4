/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * configuration: what Kea's file says, for a server of either family.
 */
#ifndef DHCPD_CONFIGURATION_H
#define DHCPD_CONFIGURATION_H

#include "findings.h"
#include "ip.h"

#define UNSET (-1) /* of the flags below: taken from above */

struct option {
  uint16_t code;
  bool always; /* also when the client does not ask for it */
  uint16_t len;
  const uint8_t *bytes;
};

/* What may be set for all subnets, and again for one. */
struct settings {
  uint32_t valid_lft, min_valid_lft, max_valid_lft; /* seconds; 0: unset */
  uint32_t renew_timer, rebind_timer;
  struct option *options;
  size_t option_count;
  /* DHCPv4 */
  int8_t match_client_id, authoritative;
  uint32_t next_server; /* siaddr */
  const char *server_hostname, *boot_file_name;
  /* DHCPv6 */
  uint32_t preferred_lft, min_preferred_lft, max_preferred_lft;
  int8_t rapid_commit;
};

struct classes {
  const char **names;
  size_t count; /* 0: for everyone */
};

/* A range of addresses, or of prefixes. */
struct pool_config {
  struct ip first, last; /* of the last prefix its first address */
  uint8_t type;          /* a #dhcpha_lease_type */
  uint8_t prefix_len;    /* of each prefix; the whole length for addresses */
  struct classes classes;
  struct option *options;
  size_t option_count;
};

struct subnet {
  uint32_t id;
  uint8_t family;
  struct ip prefix;
  uint8_t prefix_len;
  struct settings settings; /* complete: what is unset here is taken from the server's */
  struct pool_config *pools;
  size_t pool_count;
  struct classes classes;
  struct ip *relays;
  size_t relay_count;
  const char *interface;      /* NULL: any */
  const char *interface_id;   /* of a DHCPv6 relay; NULL: any */
  const char *ha_server_name; /* P1 1.12 */
};

struct interface {
  const char *name;  /* "" when only an address is given */
  struct ip address; /* none: the interface's first */
  uint16_t port;
};

/* Where administrators' commands are taken by HTTP. */
struct control_endpoint {
  dhcpha_address address;
  uint16_t port;
};

enum lease_database { LEASES_IN_SQLITE, LEASES_IN_MEMORY };

#define DUID_MIN 3 /* RFC 8415 11.1: a type and something behind it */
#define DUID_MAX 130

struct config {
  struct arena arena;
  uint8_t family;
  struct settings settings;
  struct interface *interfaces;
  size_t interface_count;
  struct subnet *subnets;
  size_t subnet_count;
  struct control_endpoint *controls;
  size_t control_count;
  enum lease_database lease_database;
  const char *lease_path;
  uint32_t decline_probation; /* seconds */
  uint8_t server_duid[DUID_MAX];
  size_t server_duid_len;     /* 0: it is made */
  dhcpha_config *ha;          /* NULL: no High Availability */
};

/* Read a configuration: the text of a FILE, or of a command.  FAMILY may be 0: the one that the
 * text is for.  NULL when it has errors. */
struct config *config_read(uint8_t family, const char *text, size_t len, bool file,
                           struct findings *findings);
void config_free(struct config *config);

uint32_t subnet_mask(const struct subnet *subnet); /* DHCPv4 */
bool subnet_contains(const struct subnet *subnet, struct ip address);
bool classes_allow(const struct classes *classes, const char *client_class);

/* "192.0.2.1:6767" or "[2001:db8::1]:1547"; false when it is none.  PORT stays as it is where the
 * text has none. */
bool endpoint_parse(uint8_t family, const char *text, struct ip *address, uint16_t *port);

#endif
