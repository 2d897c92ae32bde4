/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * reader: maps of the configuration, read by tables of their keys.
 * Every mistake is a finding at its place, and reading goes on.
 */
#ifndef DHCPD_READER_H
#define DHCPD_READER_H

#include "ip.h"
#include "json.h"

struct reader {
  struct findings *findings;
  struct arena *arena; /* of what is read */
  void *config;        /* for functions of KEY_READ */
};

enum key_kind {
  KEY_UINT32,     /* uint32_t, within low..high */
  KEY_BOOL,       /* int8_t: 0 or 1 */
  KEY_STRING,     /* const char * */
  KEY_IP4,        /* uint32_t, host order */
  KEY_READ,       /* by a function */
  KEY_QUIET,      /* allowed, of no effect that anyone would miss */
  KEY_UNSUPPORTED /* Kea's, but this server does without: the remark says so */
};

struct key {
  const char *name;
  enum key_kind kind;
  size_t offset; /* in the target */
  uint32_t low, high;
  void (*read)(struct reader *reader, const struct place *place, yajl_val value, void *target);
  const char *remark;
};

/* Read a map into TARGET; the table ends with a key without a name. */
void read_map(struct reader *reader, const struct place *place, yajl_val value,
              const struct key *keys, void *target);

/* Call READ for each element of a list. */
void read_list(struct reader *reader, const struct place *place, yajl_val value,
               void (*read)(struct reader *reader, const struct place *place, yajl_val value,
                            void *target),
               void *target);

void read_error(struct reader *reader, const struct place *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void read_warning(struct reader *reader, const struct place *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A string in the arena, or NULL after a finding. */
const char *read_string(struct reader *reader, const struct place *place, yajl_val value);
bool read_ip(struct reader *reader, const struct place *place, yajl_val value, uint8_t family,
             struct ip *address);

#endif
