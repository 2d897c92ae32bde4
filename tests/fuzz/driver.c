/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* driver: runs a fuzz target over files, or over its whole corpus, without libFuzzer. */
#define _POSIX_C_SOURCE 200809L /* scandir() */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <string.h>

#define PATH_SIZE 4096

static void run_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
    perror(path);
    exit(1);
  }
  long len = ftell(file);
  rewind(file);
  /* A block of exactly this length: reading past it is noticed. */
  uint8_t *data = malloc(len > 0 ? (size_t)len : 1);
  if (len < 0 || data == NULL || fread(data, 1, (size_t)len, file) != (size_t)len) {
    perror(path);
    exit(1);
  }
  fclose(file);
  printf("%s\n", path);
  fflush(stdout);
  LLVMFuzzerTestOneInput(data, (size_t)len);
  free(data);
}

static int no_dot(const struct dirent *entry) {
  return entry->d_name[0] != '.';
}

static void run_folder(const char *folder) {
  struct dirent **entries;
  int count = scandir(folder, &entries, no_dot, alphasort);
  if (count <= 0) {
    fprintf(stderr, "%s: no inputs\n", folder);
    exit(1);
  }
  for (int i = 0; i < count; i++) {
    char path[PATH_SIZE + sizeof entries[0]->d_name];
    snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
    run_file(path);
    free(entries[i]);
  }
  free(entries);
}

/* tests/fuzz/fuzz_json reads corpus/json. */
static void run_corpus(const char *program) {
  const char *name = strrchr(program, '/');
  name = name == NULL ? program : name + 1;
  const char *target = strstr(name, "fuzz_");
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s/tests/fuzz/corpus/%s", TEST_SOURCE_DIR,
           target == NULL ? name : target + strlen("fuzz_"));
  run_folder(path);
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) run_file(argv[i]);
  if (argc < 2) run_corpus(argv[0]);
  return 0;
}
