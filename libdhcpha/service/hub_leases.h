/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * hub_leases: queries, the leases they change, and the host's store.
 * Floor: service.  Its functions are public ones of hub.h.
 */
#ifndef DHCPHA_SERVICE_HUB_LEASES_H
#define DHCPHA_SERVICE_HUB_LEASES_H

#include <dhcpha/hub.h>

#endif
