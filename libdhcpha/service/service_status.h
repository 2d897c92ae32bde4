/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * service_status: explain, and the status-get argument.
 * Floor: service.  Spec: P1 5.9.
 */
#ifndef DHCPHA_SERVICE_SERVICE_STATUS_H
#define DHCPHA_SERVICE_SERVICE_STATUS_H

#include "service/service.h"

#include <dhcpha/report.h>

/* One entry of the `high-availability` list. */
void dhcpha_service_write_status(const dhcpha_service *service, dhcpha_mode mode,
                                 dhcpha_status_form form, dhcpha_buffer *out);
void dhcpha_service_explain(dhcpha_service *service, dhcpha_explanation *explanation);

#endif
