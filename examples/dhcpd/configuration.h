/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * configuration: the configuration of the DHCPv4 server, as Kea writes it.
 */
#ifndef DHCPD_CONFIGURATION_H
#define DHCPD_CONFIGURATION_H

#include "findings.h"

#define UNSET (-1) /* of the flags below: taken from above */

struct option {
  uint8_t code;
  bool always; /* also when the client does not ask for it */
  uint16_t len;
  const uint8_t *bytes;
};

/* What may be set for all subnets, and again for one. */
struct settings {
  uint32_t valid_lft, min_valid_lft, max_valid_lft; /* seconds; 0: unset */
  uint32_t renew_timer, rebind_timer;
  int8_t match_client_id, authoritative;
  uint32_t next_server; /* siaddr */
  const char *server_hostname, *boot_file_name;
  struct option *options;
  size_t option_count;
};

struct classes {
  const char **names;
  size_t count; /* 0: for everyone */
};

struct pool_config {
  uint32_t first, last;
  struct classes classes;
  struct option *options;
  size_t option_count;
};

struct subnet {
  uint32_t id;
  uint32_t prefix;
  uint8_t prefix_len;
  struct settings settings; /* complete: what is unset here is taken from the server's */
  struct pool_config *pools;
  size_t pool_count;
  struct classes classes;
  uint32_t *relays;
  size_t relay_count;
  const char *interface;      /* NULL: any */
  const char *ha_server_name; /* P1 1.12 */
};

struct interface {
  const char *name;  /* "" when only an address is given */
  uint32_t address;  /* 0: the interface's first */
  uint16_t port;
};

/* Where administrators' commands are taken by HTTP. */
struct control_endpoint {
  dhcpha_address address;
  uint16_t port;
};

enum lease_database { LEASES_IN_SQLITE, LEASES_IN_MEMORY };

struct config {
  struct arena arena;
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
  dhcpha_config *ha;          /* NULL: no High Availability */
};

#define LEASE_PATH_DEFAULT "/var/lib/dhcpha/leases4.sqlite"

/* Read a configuration: the text of a FILE, or of a command.  NULL when it has errors. */
struct config *config_read(const char *text, size_t len, bool file, struct findings *findings);
void config_free(struct config *config);

uint32_t subnet_mask(const struct subnet *subnet);
bool subnet_contains(const struct subnet *subnet, uint32_t address);
bool classes_allow(const struct classes *classes, const char *client_class);

/* "192.0.2.1:6767"; false when it is none.  PORT stays as it is where the text has none. */
bool endpoint4_parse(const char *text, uint32_t *address, uint16_t *port);

#endif
