/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * tally: how many exchanges were checked in which way, and why others were not.
 */
#ifndef TESTS_VECTORS_TALLY_H
#define TESTS_VECTORS_TALLY_H

#include "support/text.h"

typedef enum tally_way {
  TALLY_ANSWERED, /* (a) as the server: the request was answered as Kea answered it */
  TALLY_TAKEN_IN, /* (b) as the client: the answer was understood */
  TALLY_SENT      /* (c) as the sender: the same request was made */
} tally_way;

void tally_checked(tally_way way, const char *command);
void tally_left_out(tally_way way, const char *command, const char *reason);
size_t tally_count(tally_way way);
/* All rows, as the file that is compared with says them. */
void tally_write(text *out);

#endif
