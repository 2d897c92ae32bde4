/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * update_send: the updates that are ready leave for one peer, as commands of its version.
 * Floor: procedures.  Spec: P2 4.2, 4.4.
 */
#ifndef DHCPHA_PROCEDURES_UPDATE_SEND_H
#define DHCPHA_PROCEDURES_UPDATE_SEND_H

#include "memory/service_memory.h"

#define DHCPHA_BULK_LEASES_MAX 64 /* in one command; of a larger exchange there are several */

/* Sends what may leave. */
void dhcpha_update_send(dhcpha_service *service, size_t peer);

#endif
