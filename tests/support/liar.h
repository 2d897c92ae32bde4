/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * liar: a partner without a hub, whose answers are given literally.
 * Of the answers to one command each is used once, the last one for ever.  In an answer "@now"
 * stands for the date-time of the moment.
 */
#ifndef TESTS_SUPPORT_LIAR_H
#define TESTS_SUPPORT_LIAR_H

#include "support/network.h"

typedef struct liar liar;

/* The server gives no answer at all to what it has no answer for. */
void liar_make(world_server *s);
void liar_free(liar *l);
/* "silent" instead of an answer: none; "refuse": the connection is closed. */
/* What it answers where there is no script: as this Kea would. */
void liar_set_version(world_server *s, const char *version);
void liar_add_answer(world_server *s, const char *command, const char *answer);
void liar_forget_answers(world_server *s, const char *command);
void liar_received(world_server *s, exchange *x);

#endif
