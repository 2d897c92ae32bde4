/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * ha_commands: the arguments of each HA command, written and read.
 * Floor: rules.  Spec: P1 4.6 (written), 1.9, 4.8 and 5 (read).
 */
#ifndef DHCPHA_RULES_HA_COMMANDS_H
#define DHCPHA_RULES_HA_COMMANDS_H

#include "dhcp/lease.h"
#include "rules/command.h"

/* Who forbids the DHCP service, P2 3.3. */
#define DHCPHA_ORIGINS_OF_A_KIND 1000 /* what is behind them belongs to others */
enum {
  DHCPHA_ORIGIN_USER = 1,
  DHCPHA_ORIGIN_LOCAL = 1000, /* + the relationship's id: its own state */
  DHCPHA_ORIGIN_REMOTE = 2000 /* + the id in the sender's configuration */
};
/* What a relationship calls itself towards its partner.  From 3000 on Kea takes an origin for a
 * lost database, and refuses it: relationships far behind use numbers of the first ones. */
static inline int64_t dhcpha_origin_towards_partner(size_t relationship) {
  return DHCPHA_ORIGIN_REMOTE + (int64_t)(relationship % DHCPHA_ORIGINS_OF_A_KIND);
}

/* Of what is sent.  Each writes a whole command. */
void dhcpha_write_heartbeat(dhcpha_buffer *out, dhcpha_family family, const char *server_name);
void dhcpha_write_list_commands(dhcpha_buffer *out, dhcpha_family family);
void dhcpha_write_reset(dhcpha_buffer *out, dhcpha_family family, const char *server_name);
/* max_period_s 0: without a limit. */
void dhcpha_write_disable(dhcpha_buffer *out, dhcpha_family family, int64_t origin_id,
                          int64_t max_period_s);
void dhcpha_write_enable(dhcpha_buffer *out, dhcpha_family family, int64_t origin_id);
void dhcpha_write_sync_complete(dhcpha_buffer *out, dhcpha_family family, int64_t origin_id,
                                const char *server_name);
void dhcpha_write_get_page(dhcpha_buffer *out, dhcpha_family family, const char *from,
                           uint32_t limit);
void dhcpha_write_maintenance_notify(dhcpha_buffer *out, dhcpha_family family, bool cancel,
                                     const char *server_name, const char *state);
void dhcpha_write_lease4_update(dhcpha_buffer *out, const dhcpha_lease *lease);
void dhcpha_write_lease4_delete(dhcpha_buffer *out, const dhcpha_lease *lease);
void dhcpha_write_lease6_bulk(dhcpha_buffer *out, const dhcpha_lease *leases, size_t lease_count,
                              const dhcpha_lease *deleted, size_t deleted_count);
/* For a peer that does not know lease6-bulk-apply. */
void dhcpha_write_lease6_update(dhcpha_buffer *out, const dhcpha_lease *lease);
void dhcpha_write_lease6_delete(dhcpha_buffer *out, const dhcpha_lease *lease);

/* Of what is received.  Each returns NULL, or the text of an error with result 1, which may have
 * been written to `text`. */
typedef struct dhcpha_switch_arguments {
  int64_t origin;
  int64_t max_period_s; /* 0: none */
} dhcpha_switch_arguments;
const char *dhcpha_read_switch(const dhcpha_command *command, dhcpha_switch_arguments *arguments,
                               char text[DHCPHA_COMMAND_TEXT_SIZE]);

typedef struct dhcpha_page_arguments {
  dhcpha_address after;
  uint32_t limit;
} dhcpha_page_arguments;
const char *dhcpha_read_get_page(const dhcpha_command *command, dhcpha_family family,
                                 dhcpha_page_arguments *arguments,
                                 char text[DHCPHA_COMMAND_TEXT_SIZE]);

/* The optional `server-name` of any HA command; *name stays NULL where there is none. */
const char *dhcpha_read_server_name(const dhcpha_command *command, const char **name,
                                    size_t *len, char text[DHCPHA_COMMAND_TEXT_SIZE]);

/* P1 5.2. */
const char *dhcpha_read_sync(const dhcpha_command *command, int64_t *max_period_s,
                             char text[DHCPHA_COMMAND_TEXT_SIZE]);
/* P1 5.8: -1 where none is given. */
const char *dhcpha_read_sync_complete(const dhcpha_command *command, int64_t *origin,
                                      char text[DHCPHA_COMMAND_TEXT_SIZE]);
/* P1 5.3: the list, checked to hold strings only. */
const char *dhcpha_read_scopes(const dhcpha_command *command, const dhcpha_json_value **scopes,
                               char text[DHCPHA_COMMAND_TEXT_SIZE]);
/* P1 5.6. */
const char *dhcpha_read_maintenance_notify(const dhcpha_command *command, bool *cancel,
                                           const dhcpha_json_value **state,
                                           char text[DHCPHA_COMMAND_TEXT_SIZE]);

/* P1 1.9: what a listener with restrict-commands takes. */
bool dhcpha_command_is_peer_command(const dhcpha_command *command, dhcpha_family family);

#endif
