/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "support/liar.h"

#include "base/http_date.h"

#include "support/kea_partner.h"

#include <stdlib.h>
#include <string.h>

typedef struct scripted_answer {
  struct scripted_answer *next;
  char command[NETWORK_COMMAND_SIZE];
  char *answer;
} scripted_answer;

struct liar {
  scripted_answer *answers; /* in the order they were added */
  char version[8];          /* the Kea it pretends to be; "": none */
};

void liar_make(world_server *s) {
  world_kill(s, false);
  s->life++;
  s->liar = must_allocate(sizeof *s->liar);
}

void liar_set_version(world_server *s, const char *version) {
  strncpy(s->liar->version, version, sizeof s->liar->version - 1);
}

static void forget(scripted_answer *a) {
  free(a->answer);
  free(a);
}

void liar_free(liar *l) {
  if (l == NULL) return;
  while (l->answers != NULL) {
    scripted_answer *a = l->answers;
    l->answers = a->next;
    forget(a);
  }
  free(l);
}

void liar_add_answer(world_server *s, const char *command, const char *answer) {
  scripted_answer *a = must_allocate(sizeof *a);
  strncpy(a->command, command, sizeof a->command - 1);
  a->answer = must_copy(answer, strlen(answer));
  scripted_answer **last = &s->liar->answers;
  while (*last != NULL) last = &(*last)->next;
  *last = a;
}

void liar_forget_answers(world_server *s, const char *command) {
  for (scripted_answer **p = &s->liar->answers; *p != NULL;) {
    scripted_answer *a = *p;
    if (strcmp(a->command, command) != 0) {
      p = &a->next;
      continue;
    }
    *p = a->next;
    forget(a);
  }
}

static scripted_answer *find(scripted_answer *from, const char *command) {
  while (from != NULL && strcmp(from->command, command) != 0) from = from->next;
  return from;
}

static void remove_answer(liar *l, scripted_answer *used) {
  scripted_answer **p = &l->answers;
  while (*p != used) p = &(*p)->next;
  *p = used->next;
  forget(used);
}

static void fill_in(const world_server *s, const char *answer, text *out) {
  char date[DHCPHA_HTTP_DATE_SIZE];
  dhcpha_http_date_format(world_time(s).utc_ms / 1000, date);
  const char *mark;
  for (; (mark = strstr(answer, "@now")) != NULL; answer = mark + 4) {
    text_append(out, answer, (size_t)(mark - answer));
    text_add(out, date);
  }
  text_add(out, answer);
}

/* As Kea of its version would; who is no Kea in particular does not tell what it is. */
static void answer_by_version(world_server *s, exchange *x) {
  text answer = {0};
  if (s->liar->version[0] != '\0')
    kea_partner_answer(s->liar->version, x, &answer);
  else if (strcmp(x->command, "list-commands") == 0)
    text_add(&answer, "[{\"result\":2,\"text\":\"'list-commands' command not supported.\"}]");
  if (answer.len != 0) network_answer(s, x->number, 200, text_of(&answer), answer.len);
  text_free(&answer);
}

void liar_received(world_server *s, exchange *x) {
  scripted_answer *a = find(s->liar->answers, x->command);
  if (a == NULL) {
    answer_by_version(s, x);
    return;
  }
  if (strcmp(a->answer, "silent") == 0) return;
  if (strcmp(a->answer, "refuse") == 0) {
    network_break_off(s);
  } else {
    text filled = {0};
    fill_in(s, a->answer, &filled);
    network_answer(s, x->number, 200, text_of(&filled), filled.len);
    text_free(&filled);
  }
  if (find(a->next, x->command) != NULL) remove_answer(s->liar, a);
}
