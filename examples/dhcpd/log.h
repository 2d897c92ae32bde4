/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * log: one line for each event, on stderr: time, level, message id, text.
 */
#ifndef DHCPD_LOG_H
#define DHCPD_LOG_H

#include <dhcpha/action.h>

/* Lines below this level are not written; DHCPHA_LEVEL_INFO at first. */
void log_set_level(dhcpha_level level);
bool log_enabled(dhcpha_level level);

void log_line(dhcpha_level level, const char *message_id, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
