/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * status: the table of status codes and their texts (dhcpha_strerror).
 * Floor: base.
 */
#ifndef DHCPHA_BASE_STATUS_H
#define DHCPHA_BASE_STATUS_H

#include <dhcpha/types.h>

#endif
