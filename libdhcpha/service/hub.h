/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * hub: all relationships of one server: its life, what stands around every
 * event, and time.  Its functions are public ones of hub.h.
 * Floor: service.  Spec: P2 8, 13.
 */
#ifndef DHCPHA_SERVICE_HUB_H
#define DHCPHA_SERVICE_HUB_H

#include "service/performer.h"
#include "service/service_commands.h"
#include "service/timetable.h"

#include <dhcpha/hub.h>

struct dhcpha_hub {
  dhcpha_context context;
  dhcpha_config *config;
  dhcpha_performer performer;
  dhcpha_services services;
  dhcpha_timetable timetable;
  bool started;
  bool stopped;
  bool announced;       /* the host has been told about the DHCP service once */
  bool service_enabled; /* as the host was told last */
  dhcpha_action *spare; /* to tell it again, whatever memory is left; NULL: to be set aside anew */
  int64_t retry_ms;     /* DHCPHA_NEVER: nothing was put off */
  dhcpha_buffer status;
};

/* Before an event: reads the clock. */
void dhcpha_hub_begin(dhcpha_hub *hub);
/* After it: performs what follows.  `service` is the one whose timers may have moved; NULL for
 * none. */
void dhcpha_hub_end(dhcpha_hub *hub, dhcpha_service *service);

#endif
