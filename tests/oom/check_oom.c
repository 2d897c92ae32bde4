/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * Runs every scenario again and again, failing the nth allocation for n = 1, 2, 3, ... until a run
 * needs no more; and once more for each with a whole row of failures.  What such a run does need
 * not match what the scenario says.  But it must end, in good order: nothing leaked, no outcome
 * taken twice, no query left parked, and some time after the last failure the DHCP service is on
 * where it is on without failures.
 *
 * OOM_RUNS_MAX in the environment limits the runs of one scenario: n then grows in larger steps.
 * OOM_SHOW=1 shows what appeared in the runs that went wrong.
 */
#include "scenarios/scenario.h"

#include "support/failing_allocator.h"
#include "support/network.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCENARIOS TEST_SOURCE_DIR "/tests/scenarios"
#define FILES_MAX 256
#define RUNS_MAX 600          /* of one scenario, by default */
#define ROW_OF_FAILURES 25    /* allocations that fail one after another */
#define RESTS 5               /* times the world runs on without failures ... */
#define REST_MS 60000         /* ... for so long */

/* What the world looks like some time after the end of a scenario. */
typedef struct aftermath {
  failing_allocator *counts;
  bool service[WORLD_SERVERS_MAX];
  dhcpha_state state[WORLD_SERVERS_MAX];
  size_t parked;
  text wrongs;
  text rewritten; /* what appeared */
} aftermath;

static void look_at_the_end(world *w, void *user_data) {
  aftermath *a = user_data;
  a->counts->fail_from = 0;
  for (int i = 0; i < RESTS; i++) { /* an administrator repeats what found no memory */
    for (size_t k = 0; k < w->server_count; k++)
      if (w->servers[k]->hub != NULL) {
        network_command(w->servers[k], "{\"command\":\"ha-continue\"}");
        network_command(w->servers[k], "{\"command\":\"dhcp-enable\"}");
      }
    world_run_until(w, w->now_ms + REST_MS);
  }
  for (size_t i = 0; i < w->server_count; i++) {
    const world_server *server = w->servers[i];
    a->service[i] = server->service;
    a->state[i] = server->state;
    a->parked += server->parked_count;
    if (server->hub != NULL && server->service != dhcpha_hub_get_service(server->hub))
      world_wrong(w, "%s: its host was told that the service is %s", server->name,
                  server->service ? "on" : "off");
  }
  text_add(&a->wrongs, text_of(&w->wrongs));
}

static void run(const char *script, failing_allocator *counts, aftermath *a) {
  dhcpha_allocator hooks = failing_allocator_hooks(counts);
  memset(a, 0, sizeof *a);
  a->counts = counts;
  scenario_run(script, &hooks, look_at_the_end, a, &a->rewritten);
}

static void forget(aftermath *a) {
  text_free(&a->wrongs);
  text_free(&a->rewritten);
}

static bool compare(const char *name, uint64_t n, uint64_t row, const aftermath *good,
                    const aftermath *a) {
  text what = {0};
  if (a->counts->live != 0) text_format(&what, "%lld blocks leaked\n", (long long)a->counts->live);
  if (a->parked != 0) text_format(&what, "%zu queries are still parked\n", a->parked);
  text_add(&what, text_of(&a->wrongs));
  for (size_t i = 0; i < WORLD_SERVERS_MAX; i++)
    if (good->service[i] && !a->service[i])
      text_format(&what, "server%zu: the service stays off, in state %s instead of %s\n", i + 1,
                  dhcpha_state_get_name(a->state[i]), dhcpha_state_get_name(good->state[i]));
  if (what.len != 0)
    printf("%s, allocation %llu and %llu more fail:\n%s", name, (unsigned long long)n,
           (unsigned long long)(row - 1), text_of(&what));
  bool right = what.len == 0;
  if (!right && getenv("OOM_SHOW") != NULL) fputs(text_of(&a->rewritten), stdout);
  text_free(&what);
  return right;
}

static unsigned long runs_max(void) {
  const char *value = getenv("OOM_RUNS_MAX");
  return value == NULL ? RUNS_MAX : strtoul(value, NULL, 10);
}

/* The number of runs; 0 when one went wrong. */
static unsigned long run_all(const char *name, const char *script, uint64_t *requests) {
  failing_allocator counts = {0};
  aftermath good;
  unsigned long runs = 0;
  run(script, &counts, &good);
  *requests = counts.requests;
  bool right = compare(name, 0, 1, &good, &good);
  uint64_t step = runs_max() == 0 ? 1 : 1 + *requests * 2 / runs_max();
  for (uint64_t row = 1; row <= ROW_OF_FAILURES; row += ROW_OF_FAILURES - 1) {
    bool reached = true;
    for (uint64_t n = 1 + (row > 1 ? step / 2 : 0); reached; n += step) {
      aftermath a;
      memset(&counts, 0, sizeof counts);
      counts.fail_from = n;
      counts.fail_count = row;
      run(script, &counts, &a);
      reached = counts.failed != 0;
      right &= compare(name, n, row, &good, &a);
      forget(&a);
      runs++;
    }
  }
  forget(&good);
  return right ? runs : 0;
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t find_scenarios(char *names[FILES_MAX]) {
  size_t count = 0;
  DIR *folder = opendir(SCENARIOS);
  if (folder == NULL) return 0;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL && count < FILES_MAX;) {
    size_t len = strlen(entry->d_name);
    if (len > 4 && strcmp(entry->d_name + len - 4, ".txt") == 0)
      names[count++] = must_copy(entry->d_name, len);
  }
  closedir(folder);
  qsort(names, count, sizeof names[0], by_name);
  return count;
}

/* With names on the command line only these scenarios. */
int main(int argc, char **argv) {
  char *names[FILES_MAX];
  size_t count = find_scenarios(names);
  bool good = count != 0;
  unsigned long total = 0;
  for (size_t i = 0; i < count; i++) {
    bool asked = argc == 1;
    for (int k = 1; k < argc; k++) asked |= strcmp(argv[k], names[i]) == 0;
    text path = {0}, script = {0};
    text_format(&path, "%s/%s", SCENARIOS, names[i]);
    if (asked && text_read_file(&script, text_of(&path))) {
      uint64_t requests;
      unsigned long runs = run_all(names[i], text_of(&script), &requests);
      printf("%s: %lu runs, %llu allocations without failures\n", names[i], runs,
             (unsigned long long)requests);
      fflush(stdout);
      good &= runs != 0;
      total += runs;
    }
    text_free(&path);
    text_free(&script);
    free(names[i]);
  }
  printf("%lu runs\n", total);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
