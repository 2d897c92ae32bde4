/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * network: commands on their way between servers, and from the administrator.
 */
#ifndef TESTS_SUPPORT_NETWORK_H
#define TESTS_SUPPORT_NETWORK_H

#include "support/world.h"

#define NETWORK_COMMAND_SIZE 48

/* One command, from the moment it is sent until the last party has forgotten it. */
struct exchange {
  exchange *next; /* of those received and not answered */
  world *world;
  unsigned references;
  uint64_t number;
  world_server *from; /* NULL: the administrator */
  world_server *to;
  unsigned from_life, to_life;
  uint64_t id; /* in the hub that sent it */
  size_t listener; /* of the receiver: the relationship that it was sent to */
  char command[NETWORK_COMMAND_SIZE];
  text json;
  int64_t deadline_ms;
  bool over; /* its sender has been told an outcome */
};

/* A hub asks for a command to be sent. */
void network_send(world_server *from, const dhcpha_action *action);
/* A hub, or a liar, answers. */
void network_answer(world_server *from, uint64_t number, int http_status, const char *json,
                    size_t len);
/* The administrator sends a command right to a server.  The answer appears in the trace. */
void network_command(world_server *to, const char *json);
/* A server died: what it was to answer breaks off. */
void network_break_off(world_server *s);
void network_forget_all(world *w);
/* The member "command" of a request, "?" when there is none. */
void network_command_name(const char *json, size_t len, char name[NETWORK_COMMAND_SIZE]);

#endif
