/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * Runs the scenarios named on the command line.  With REWRITE=1 in the environment it writes what
 * appeared into their files; else it prints the difference, and fails.
 */
#include "scenarios/scenario.h"

#include "support/diff.h"
#include "support/failing_allocator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool rewrites(void) {
  const char *value = getenv("REWRITE");
  return value != NULL && strcmp(value, "1") == 0;
}

static bool run_file(const char *path) {
  text script = {0}, rewritten = {0}, diff = {0};
  failing_allocator counts = {0};
  dhcpha_allocator hooks = failing_allocator_hooks(&counts);
  if (!text_read_file(&script, path)) {
    fprintf(stderr, "%s: cannot be read\n", path);
    return false;
  }
  scenario_run(text_of(&script), &hooks, NULL, NULL, &rewritten);
  bool good = counts.live == 0 && strstr(text_of(&rewritten), "WRONG") == NULL;
  if (counts.live != 0)
    printf("%s: %lld blocks of memory were not released\n", path, (long long)counts.live);
  if (strcmp(text_of(&script), text_of(&rewritten)) != 0) {
    diff_append(&diff, path, text_of(&script), "what appeared", text_of(&rewritten));
    fputs(text_of(&diff), stdout);
    good = rewrites() && good && text_write_file(path, rewritten.data, rewritten.len);
  }
  text_free(&script);
  text_free(&rewritten);
  text_free(&diff);
  return good;
}

int main(int argc, char **argv) {
  bool good = argc > 1;
  for (int i = 1; i < argc; i++) good &= run_file(argv[i]);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
