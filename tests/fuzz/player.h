/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * player: plays an input to a started hub, line by line.
 *
 * The first line chooses the hub: the family (4 or 6), the mode's first letter (h, l or p) and
 * this server's number (1, 2, or 3 for a backup): "4h1"; an s behind it: it knows its subnet, and
 * takes the commands of peers only.  Then each line is an event:
 *   > JSON   a command comes in
 *   < JSON   the oldest command in flight is answered
 *   !        the oldest command in flight fails
 *   + N      N milliseconds pass (at most an hour), and what is due is done
 *   ? HEX    a query comes in, these bytes being the packet
 *   # HEX    the same, and the host commits a lease for it
 *   ~        the store fails from now on, or works again
 *   =        the store answers at the end of the next line from now on, or at once again
 * Any other line is a whole event of the kind the target prefers.
 */
#ifndef TESTS_FUZZ_PLAYER_H
#define TESTS_FUZZ_PLAYER_H

#include "fuzz/fuzz.h"

/* Plays; `usual` is the event of a line that begins with none of the marks: '>' or '<'. */
void fuzz_play_hub(fuzz_run *run, char usual, const uint8_t *data, size_t len);

#endif
