/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * recording: reads the packed Kea traffic, see README.md.
 */
#ifndef TESTS_VECTORS_RECORDING_H
#define TESTS_VECTORS_RECORDING_H

#include "support/text.h"

#include "base/json.h"

#define RECORDING_NAME_SIZE 64
#define RECORDING_SERVERS_MAX 4

typedef struct recorded_exchange {
  size_t number; /* in its scenario */
  int64_t t_ms;
  const char *from, *to;
  const dhcpha_json_value *request; /* a body: has "json", "raw" or "base64" */
  const dhcpha_json_value *answer;  /* the same; NULL: there was none */
  char command[RECORDING_NAME_SIZE]; /* "" when it is none */
  bool unix_socket, unusual;
  int status;
  bool used; /* by the replay */
} recorded_exchange;

typedef struct recorded_event {
  int64_t t_ms;
  const char *kind;
  const char *text;
} recorded_event;

typedef struct recorded_server {
  const char *name;
  const char *version;
  const dhcpha_json_value *config;
  const dhcpha_json_value *subnets;
} recorded_server;

typedef struct recorded_scenario {
  const char *name;
  const char *mode;
  int64_t start; /* seconds */
  recorded_server servers[RECORDING_SERVERS_MAX];
  size_t server_count;
  recorded_exchange *exchanges;
  size_t exchange_count;
  recorded_event *events;
  size_t event_count;
} recorded_scenario;

typedef struct recording {
  dhcpha_allocator allocator;
  dhcpha_arena arena;
  const dhcpha_json_value **bodies;
  size_t body_count;
  recorded_scenario *scenarios;
  size_t scenario_count;
} recording;

/* Ends the program when the file is not as it must be. */
void recording_read(recording *r, const char *path);
void recording_free(recording *r);

/* The bytes of a body, as they were sent at this moment. */
void recording_body(const recorded_scenario *s, int64_t t_ms, const dhcpha_json_value *body,
                    text *out);
/* A tree as compact JSON. */
void recording_write(const dhcpha_json_value *value, text *out);
/* The answer map of a body, or NULL; and its result, or -1. */
const dhcpha_json_value *recording_answer(const dhcpha_json_value *body);
int64_t recording_result(const dhcpha_json_value *answer);

#endif
