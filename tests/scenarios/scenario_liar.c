/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "scenarios/scenario.h"

#include "support/liar.h"

#include <string.h>

void scenario_liar(scenario *s, const scenario_line *line) {
  world_server *server = scenario_server_at(s, line, 0);
  if (server != NULL) liar_make(server);
}

void scenario_partner(scenario *s, const scenario_line *line) {
  world_server *server = scenario_server_at(s, line, 0);
  const char *version = scenario_option(line, "version");
  if (server == NULL || version == NULL) return;
  if (server->liar == NULL) liar_make(server);
  liar_set_version(server, version);
}

/* "state=ready" stands for a heartbeat's answer that tells so. */
static void heartbeat_answer(const scenario_line *line, text *bytes) {
  const char *state = scenario_option(line, "state"), *date = scenario_option(line, "date");
  const char *scopes = scenario_option(line, "scopes"), *unsent = scenario_option(line, "unsent");
  if (state == NULL) return;
  text_format(bytes,
              "[{\"result\":0,\"arguments\":{\"state\":\"%s\",\"date-time\":\"%s\","
              "\"scopes\":[%s%s%s],\"unsent-update-count\":%s}}]",
              state, date == NULL ? "@now" : date, scopes == NULL ? "" : "\"",
              scopes == NULL ? "" : scopes, scopes == NULL ? "" : "\"",
              unsent == NULL ? "0" : unsent);
}

void scenario_answer(scenario *s, const scenario_line *line) {
  static const char busy[] = "[{\"result\":4,\"text\":\"ResourceBusy: IP address could not be "
                             "updated.\"}]"; /* P1 4.8 */
  world_server *server = scenario_server_at(s, line, 0);
  if (server == NULL || server->liar == NULL || line->word_count < 2) return;
  if (!scenario_word(line, "also")) liar_forget_answers(server, line->words[1]);
  text bytes = {0};
  for (size_t i = 2; i < line->word_count; i++)
    if (strcmp(line->words[i], "also") != 0)
      text_add(&bytes, strcmp(line->words[i], "ok") == 0     ? "[{\"result\":0,\"text\":\"ok\"}]"
                       : strcmp(line->words[i], "busy") == 0 ? busy
                                                             : line->words[i]);
  heartbeat_answer(line, &bytes);
  if (line->json != NULL) text_add(&bytes, line->json);
  liar_add_answer(server, line->words[1], text_of(&bytes));
  text_free(&bytes);
}
