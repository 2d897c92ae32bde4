/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * hub_stop: an end in good order, and what the next hub takes over.
 * Floor: service.  Spec: P2 3.5, 3.6.  Its functions are public ones of hub.h.
 */
#ifndef DHCPHA_SERVICE_HUB_STOP_H
#define DHCPHA_SERVICE_HUB_STOP_H

#include <dhcpha/hub.h>

#endif
