/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * commands: those commands that the hub leaves to the server it runs in.
 */
#ifndef DHCPD_COMMANDS_H
#define DHCPD_COMMANDS_H

#include "server.h"

/* Answer the command with this id of the transport's. */
void commands_answer(struct server *server, uint64_t id, const char *json, size_t json_len);

/* Answer that it could not be taken in. */
void commands_refuse(struct server *server, uint64_t id, const char *why);

#endif
