/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * hub_report: what a hub tells of itself.
 * Floor: service.  Its functions are public ones of hub.h.
 */
#ifndef DHCPHA_SERVICE_HUB_REPORT_H
#define DHCPHA_SERVICE_HUB_REPORT_H

#include <dhcpha/hub.h>

#endif
