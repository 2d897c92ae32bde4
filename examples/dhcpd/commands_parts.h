/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * commands_parts: what the files of the commands share.
 */
#ifndef DHCPD_COMMANDS_PARTS_H
#define DHCPD_COMMANDS_PARTS_H

#include "commands.h"
#include "json.h"

/* Result codes (P1 4.5). */
#define RESULT_SUCCESS 0
#define RESULT_ERROR 1
#define RESULT_UNSUPPORTED 2
#define RESULT_EMPTY 3
#define RESULT_CONFLICT 4

/* A command being answered: OUT is within the answer's map. */
struct command {
  struct server *server;
  yajl_val arguments; /* NULL when there are none */
  yajl_gen out;
};

/* The end of every answer. */
void command_result(struct command *command, int result, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* lease4- or lease6-, as the configuration's family is. */
void command_lease_get(struct command *command);
void command_lease_get_all(struct command *command);
void command_lease_get_by_hw_address(struct command *command);
void command_lease_get_by_client_id(struct command *command);
void command_lease_get_by_hostname(struct command *command);
void command_lease_add(struct command *command);
void command_lease_del(struct command *command);

#endif
