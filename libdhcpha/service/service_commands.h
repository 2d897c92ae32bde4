/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * service_commands: a command's name to its handler, one table.
 * Floor: service.  Spec: P1 5, P2 7.
 */
#ifndef DHCPHA_SERVICE_SERVICE_COMMANDS_H
#define DHCPHA_SERVICE_SERVICE_COMMANDS_H

#include "service/service.h"

/* All services of a hub: some commands concern one, some all. */
typedef struct dhcpha_services {
  dhcpha_context *context;
  const dhcpha_config *config;
  dhcpha_service *list;
  size_t count;
  dhcpha_service *touched; /* by the last command: its timers may have moved */
} dhcpha_services;

/* Carries a command out.  The answer is sent at once or later; FOREIGN, with it untouched, when
 * the command is none of ours.  `through`: the relationship whose listener took it; any number
 * from services->count on: none's. */
dhcpha_status dhcpha_service_command(dhcpha_services *services, const dhcpha_command *command,
                                     size_t through, dhcpha_action *answer);
/* The index-th command of a family; NULL past the last. */
const char *dhcpha_service_command_name(dhcpha_family family, size_t index);
/* A partner answered about maintenance: the administrator's answer, or the next relationship. */
void dhcpha_service_command_continue(dhcpha_services *services, dhcpha_service *service,
                                     const dhcpha_exchange *exchange);

#endif
