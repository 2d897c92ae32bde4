/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * hub_commands: commands that come in, and answers to those that went out.
 * Floor: service.  Its functions are public ones of hub.h.
 */
#ifndef DHCPHA_SERVICE_HUB_COMMANDS_H
#define DHCPHA_SERVICE_HUB_COMMANDS_H

#include <dhcpha/hub.h>

#endif
