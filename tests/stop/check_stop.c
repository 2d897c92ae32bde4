/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * Runs every scenario again and again, and stops in each run the server whose event is the nth: in
 * good order, at a moment nobody chose.  What follows need not match what the scenario says.  But
 * no query is left parked, no command without an answer, no DHCP service off that High
 * Availability had switched off, nothing leaks, and a partner that was synchronized from is told
 * of the end wherever it can be reached (support/world.c checks the rest).
 *
 * STOP_RUNS_MAX in the environment limits the runs of one scenario.
 */
#include "scenarios/scenario.h"

#include "support/failing_allocator.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCENARIOS TEST_SOURCE_DIR "/tests/scenarios"
#define RUNS_MAX 60 /* of one scenario, by default */

typedef struct stopped_run {
  unsigned stop_at;
  unsigned pulls; /* of the whole run */
  text wrongs;
  text rewritten;
} stopped_run;

static void prepare(world *w, void *user_data) {
  w->stop_at = ((const stopped_run *)user_data)->stop_at;
}

static void look_at_the_end(world *w, void *user_data) {
  stopped_run *r = user_data;
  r->pulls = w->pulls;
  text_add(&r->wrongs, text_of(&w->wrongs));
}

static bool run(const char *name, const char *script, stopped_run *r) {
  failing_allocator counts = {0};
  dhcpha_allocator hooks = failing_allocator_hooks(&counts);
  scenario_run_from(script, &hooks, prepare, look_at_the_end, r, &r->rewritten);
  bool right = counts.live == 0 && r->wrongs.len == 0;
  if (!right)
    printf("%s, stopped at event %u: %lld blocks leaked\n%s", name, r->stop_at,
           (long long)counts.live, text_of(&r->wrongs));
  if (!right && getenv("STOP_SHOW") != NULL) fputs(text_of(&r->rewritten), stdout);
  text_free(&r->wrongs);
  text_free(&r->rewritten);
  return right;
}

static unsigned runs_max(void) {
  const char *value = getenv("STOP_RUNS_MAX");
  return value == NULL ? RUNS_MAX : (unsigned)strtoul(value, NULL, 10);
}

/* The number of runs; 0 when one went wrong. */
static unsigned run_all(const char *name, const char *script) {
  stopped_run whole = {0};
  bool right = run(name, script, &whole);
  unsigned runs = 1, step = 1 + whole.pulls / (runs_max() == 0 ? 1 : runs_max());
  for (unsigned n = 1; n <= whole.pulls; n += step, runs++) {
    stopped_run r = {.stop_at = n};
    right &= run(name, script, &r);
  }
  return right ? runs : 0;
}

/* With names on the command line only these scenarios. */
int main(int argc, char **argv) {
  bool good = true;
  unsigned total = 0;
  DIR *folder = opendir(SCENARIOS);
  for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
    const char *name = entry->d_name;
    size_t len = strlen(name);
    bool asked = argc == 1;
    for (int k = 1; k < argc; k++) asked |= strcmp(argv[k], name) == 0;
    text path = {0}, script = {0};
    text_format(&path, "%s/%s", SCENARIOS, name);
    if (asked && len > 4 && strcmp(name + len - 4, ".txt") == 0 &&
        text_read_file(&script, text_of(&path))) {
      unsigned runs = run_all(name, text_of(&script));
      good &= runs != 0;
      total += runs;
    }
    text_free(&path);
    text_free(&script);
  }
  if (folder != NULL) closedir(folder);
  printf("%u runs\n", total);
  return good && total != 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
