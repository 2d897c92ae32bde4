/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * hub: all relationships of one server: routes commands, queries, leases; the
 * queue; the callbacks.  Its functions are the public ones of hub.h.
 * Floor: service.  Spec: P2 8, 13.
 */
#ifndef DHCPHA_SERVICE_HUB_H
#define DHCPHA_SERVICE_HUB_H

#include <dhcpha/hub.h>

#endif
