/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* dhcpha-dhcpd: a DHCPv4 or DHCPv6 server with High Availability. */
#include <config.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hash.h"
#include "log.h"
#include "server.h"

#define EXIT_USAGE 2
#define ENDPOINTS_MAX 16
#define CONFIG_SIZE_MAX (16 << 20)

static const char usage[] =
    "usage: dhcpha-dhcpd [-4 | -6] -c FILE [-t] [-d] [-f ADDRESS:PORT ...] [-V]\n"
    "  -4, -6           speak DHCPv4, or DHCPv6; without, what the configuration is for\n"
    "  -c FILE          the configuration, as Kea writes it\n"
    "  -t               check the configuration, say what is wrong with it, and end\n"
    "  -f ADDRESS:PORT  take queries here, in place of the configuration's interfaces;\n"
    "                   DHCPv6: [ADDRESS]:PORT\n"
    "  -d               log each query\n"
    "  -V               say which version this is\n";

struct command_line {
  const char *file;
  uint8_t family; /* 0: not said */
  bool test;
  struct interface endpoints[ENDPOINTS_MAX];
  uint8_t families[ENDPOINTS_MAX];
  size_t endpoint_count;
};

static void add_endpoint(struct command_line *line, const char *text) {
  struct interface *endpoint = &line->endpoints[line->endpoint_count];
  uint8_t family = strchr(text, '[') != NULL || strchr(text, ':') != strrchr(text, ':') ? 6 : 4;
  if (line->endpoint_count < ENDPOINTS_MAX) {
    *endpoint = (struct interface){ .name = "", .port = family == 4 ? 67 : 547 };
    if (endpoint_parse(family, text, &endpoint->address, &endpoint->port)) {
      line->families[line->endpoint_count++] = family;
      return;
    }
  }
  fprintf(stderr, "dhcpha-dhcpd: -f %s: an address and a port are expected, at most %d times\n",
          text, ENDPOINTS_MAX);
  exit(EXIT_USAGE);
}

/* Exits where there is nothing more to do. */
static void read_command_line(int argc, char **argv, struct command_line *line) {
  for (int letter; (letter = getopt(argc, argv, "46c:tdf:V")) != -1;) {
    switch (letter) {
    case '4': line->family = 4; break;
    case '6': line->family = 6; break;
    case 'c': line->file = optarg; break;
    case 't': line->test = true; break;
    case 'd': log_set_level(DHCPHA_LEVEL_DEBUG); break;
    case 'f': add_endpoint(line, optarg); break;
    case 'V':
      puts("dhcpha-dhcpd " PACKAGE_VERSION);
      exit(EXIT_SUCCESS);
    default:
      fputs(usage, stderr);
      exit(EXIT_USAGE);
    }
  }
  if (line->file != NULL && optind == argc) return;
  fputs(usage, stderr);
  exit(EXIT_USAGE);
}

/* The addresses of -f must be of the family that is served. */
static bool suits(const struct command_line *line, const struct config *config) {
  for (size_t i = 0; i < line->endpoint_count; i++)
    if (line->families[i] != config->family) {
      fprintf(stderr, "dhcpha-dhcpd: -f: an IPv%u address is expected\n", config->family);
      return false;
    }
  return true;
}

/* The whole file, to be given to free(); NULL: errno says why. */
static char *read_file(const char *name, size_t *len) {
  FILE *file = fopen(name, "rb");
  if (file == NULL) return NULL;
  char *text = malloc(CONFIG_SIZE_MAX);
  *len = text != NULL ? fread(text, 1, CONFIG_SIZE_MAX, file) : 0;
  bool fine = text != NULL && !ferror(file) && *len < CONFIG_SIZE_MAX;
  if (fine) errno = 0;
  else if (errno == 0) errno = EFBIG;
  fclose(file);
  if (fine) return text;
  free(text);
  return NULL;
}

static struct config *read_config(const struct command_line *line) {
  size_t len = 0;
  char *text = read_file(line->file, &len);
  if (text == NULL) {
    fprintf(stderr, "dhcpha-dhcpd: %s: %s\n", line->file, strerror(errno));
    return NULL;
  }
  struct findings findings = { .count = 0 };
  struct config *config = config_read(line->family, text, len, true, &findings);
  for (size_t i = 0; i < findings.count; i++) {
    const struct finding *finding = &findings.list[i];
    if (line->test)
      fprintf(stderr, "%s %s\n", severity_name(finding->severity), finding->text);
    else
      log_line(finding->severity == DHCPHA_SEVERITY_ERROR ? DHCPHA_LEVEL_ERROR
                                                          : DHCPHA_LEVEL_WARNING,
               "config", "%s", finding->text);
  }
  findings_free(&findings);
  free(text);
  return config;
}

static struct config *reread_config(void *user_data) { return read_config(user_data); }

int main(int argc, char **argv) {
  struct command_line line = { .file = NULL };
  read_command_line(argc, argv, &line);
  hash_seed();
  signal(SIGPIPE, SIG_IGN);
  struct config *config = read_config(&line);
  if (config == NULL) return EXIT_FAILURE;
  line.family = config->family; /* also when it is read again */
  if (line.test) {
    config_free(config);
    return EXIT_SUCCESS;
  }
  if (!suits(&line, config)) {
    config_free(config);
    return EXIT_USAGE;
  }
  static struct server server;
  int code = EXIT_FAILURE;
  if (server_open(&server, config, line.endpoints, line.endpoint_count)) {
    puts("ready");
    fflush(stdout);
    log_line(DHCPHA_LEVEL_INFO, "started", "version " PACKAGE_VERSION ", process %d",
             (int)getpid());
    server.reread = reread_config;
    server.reread_data = &line;
    server_run(&server);
    if (!server.failed) code = EXIT_SUCCESS;
  }
  server_close(&server);
  if (code == EXIT_SUCCESS) log_line(DHCPHA_LEVEL_INFO, "stopped", "good bye");
  return code;
}
