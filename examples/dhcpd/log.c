/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#define TEXT_MAX 1024 /* what is longer is cut off */

static dhcpha_level lowest = DHCPHA_LEVEL_INFO;

void log_set_level(dhcpha_level level) { lowest = level; }

bool log_enabled(dhcpha_level level) { return level >= lowest; }

static const char *level_name(dhcpha_level level) {
  switch (level) {
  case DHCPHA_LEVEL_DEBUG: return "DEBUG";
  case DHCPHA_LEVEL_INFO: return "INFO";
  case DHCPHA_LEVEL_WARNING: return "WARNING";
  case DHCPHA_LEVEL_ERROR: break;
  }
  return "ERROR";
}

void log_line(dhcpha_level level, const char *message_id, const char *format, ...) {
  if (!log_enabled(level)) return;
  char text[TEXT_MAX];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  for (char *at = text; *at != '\0'; at++) /* texts may quote what came from the network */
    if ((unsigned char)*at < ' ' || *at == 0x7f) *at = '?';

  struct timespec now;
  struct tm parts;
  char stamp[32];
  clock_gettime(CLOCK_REALTIME, &now);
  gmtime_r(&now.tv_sec, &parts);
  strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &parts);
  fprintf(stderr, "%s.%03ldZ %s %s %s\n", stamp, now.tv_nsec / 1000000, level_name(level),
          message_id, text);
}
